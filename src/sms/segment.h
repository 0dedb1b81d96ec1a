/*
 * From a text to the segments of SMS-SUBMIT. Done here and nowhere else. Pure.
 */
#ifndef GLAS_SEGMENT_H
#define GLAS_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "sms/alphabet.h"

#define SEGMENTS_MAX 10

struct segment {
	uint8_t	 udh[6];	/* 05 00 03 ref max seq, or nothing */
	size_t	 udh_len;
	uint8_t	 ud[320];	/* UTF-16BE, for GSM-7 too */
	size_t	 ud_len;
	unsigned int units;	/* septets or UCS-2 units, without the header */
};

struct segments {
	enum encoding	 encoding;
	unsigned int	 count;
	unsigned int	 units;		/* of all, without headers */
	struct segment	 segment[SEGMENTS_MAX];
};

/* Cuts valid UTF-8 into segments: GSM-7 when all characters are in the
 * alphabet, else UCS-2. An extension character or a surrogate pair is never
 * cut. `ref` is the concatenation reference. -1 when more than `max` segments
 * would be needed (at most SEGMENTS_MAX). */
int	 segment_text(const char *text, uint8_t ref, unsigned int max,
	    struct segments *) __attribute__((warn_unused_result));

/* Only counts: *units and *encoding may be NULL. Returns segments, any number;
 * an empty text is one. */
unsigned int segment_count(const char *text, enum encoding *encoding,
	    unsigned int *units);

/* Shortens text in place at a word (inside one, between characters, when more
 * than half would be lost otherwise) so that it and `tail` ("..." or a way to
 * ask for more) fit into `max` segments; appends tail. The buffer must hold
 * strlen(text) + strlen(tail) + 1. Does nothing to a text that fits; where not
 * even the tail fits, the tail is what remains. */
void	 segment_cut(char *text, const char *tail, unsigned int max);

#endif
