/*
 * User data headers and the joining of concatenated texts (3GPP TS 23.040,
 * 9.2.3.24). Pure. Absurd headers never harm: what is not a sound
 * concatenation is a single text.
 */
#ifndef GLAS_CONCAT_H
#define GLAS_CONCAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define CONCAT_SEGMENTS_MAX 255

struct udh {
	bool	 sound;		/* length octet and elements fit */
	bool	 concat;	/* max 2..255, seq 1..max */
	bool	 wide;		/* 16-bit reference */
	uint16_t ref;
	uint8_t	 max;
	uint8_t	 seq;
	uint8_t	 locking;	/* national language tables, 0 = none */
	uint8_t	 single;
	bool	 port;		/* application port addressing: not for people */
	bool	 other;		/* any other element */
};

/* `octets` begin with the length octet; len 0 is a sound, empty header. Of an
 * element that comes twice the last counts; a concatenation or language
 * element that makes no sense is passed over, as the standard has it. Of a
 * header that is not sound nothing is taken. */
void	 udh_read(struct udh *, const uint8_t *octets, size_t len);

struct concat_segment {
	uint8_t		 seq;
	bool		 ucs2;		/* else GSM-7 */
	uint8_t		 locking, single;
	const uint8_t	*ud;		/* UTF-16BE */
	size_t		 len;
};

/* Joins what is there, in any order, into UTF-8. Surrogate pairs and escapes
 * may be cut between neighbours. Gaps become "[...]". Of two segments with one
 * seq the first counts, those with seq 0 or beyond `max` do not. With a `max`
 * below 2 it is a single text: the first segment, whatever its seq. Of a
 * segment no more is taken than twice what one can hold. */
void	 concat_join(struct buf *, const struct concat_segment *, size_t n,
	    unsigned int max);

#endif
