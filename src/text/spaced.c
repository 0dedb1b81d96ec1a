/*
 * Words that somebody has written letter by letter: N E M A  V O D E. Runs in
 * glasd and glasctl for reading.c; owns nothing. Where so many letters stand
 * alone none of them is a word; what parts these is more than what parts their
 * letters.
 */
#include <string.h>

#include "text/reading_private.h"

#define SPACED_MIN 4		/* letters that stand alone, one behind the other */

/* One of Cyrillic takes two octets, and may be two letters here. */
static bool
spaced_is_letter(const struct fold_word *w)
{
	return (!w->digits && (w->len == 1 ||
	    (w->cyrillic && w->to - w->from == 2)));
}

/* How many stand alone from there on. */
static size_t
spaced_letters(const struct folded *f, size_t i)
{
	size_t letters = 0;

	while (i + letters < f->count &&
	    spaced_is_letter(&f->words[i + letters]))
		letters++;
	return (letters);
}

/* How many words from there on, of so many letters, are one: what stands between
 * them is one octet. The first becomes all of them. */
static size_t
spaced_join(struct folded *f, size_t i, size_t letters)
{
	struct fold_word *w = &f->words[i];
	size_t words = 1, end;

	while (words < letters && w[words].from == w[words - 1].to + 1) {
		memmove(f->text + w->at + w->len, f->text + w[words].at,
		    w[words].len);
		w->len += w[words++].len;
	}
	end = w[words - 1].at + w[words - 1].len;
	memset(f->text + w->at + w->len, ' ', end - w->at - w->len);
	w->to = w[words - 1].to;
	w->stop = w[words - 1].stop;
	return (words);
}

void
spaced_read(struct folded *f)
{
	size_t kept = 0, i = 0, letters, end, words;

	while (i < f->count) {
		letters = spaced_letters(f, i);
		end = i + letters;
		if (letters < SPACED_MIN)
			end += letters == 0;
		for (; i < end; i += words) {
			words = letters < SPACED_MIN ? 1 :
			    spaced_join(f, i, end - i);
			f->words[kept++] = f->words[i];
		}
	}
	f->count = kept;
}
