/*
 * Words with one slip of the thumb. Pure.
 */
#ifndef GLAS_SLIP_H
#define GLAS_SLIP_H

#include <stddef.h>

#include "text/lexicon.h"

/* Calls `found`, with word 0, for each pattern that the words from `word` on
 * would begin with but for one slip in the first of them; for some more than
 * once. The first letter is believed. Takes some microseconds. */
void	slip_match(const struct lexicon *, const struct folded *, size_t word,
	    lexicon_found *found, void *arg);

#endif
