/*
 * A trie of patterns over folded words. In a pattern `*` at the end of a word
 * is any ending, also none; words stand next to each other in this order. Pure.
 */
#ifndef GLAS_LEXICON_H
#define GLAS_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"

#define LEXICON_PATTERN_MAX 96	/* octets */
#define LEXICON_WORDS_MAX 8	/* in a pattern */

struct lexicon;

struct lexicon	*lexicon_new(void);
void		 lexicon_free(struct lexicon *);

/* Adds a pattern, already folded, with a number of the caller's, below 2^31; the
 * same pair twice is one. -1 when the pattern is empty, too long, or has a `*`
 * elsewhere than at the end of a word, and when there are too many. */
int		 lexicon_add(struct lexicon *, const char *pattern,
		    uint32_t value) __attribute__((warn_unused_result));

/* Lays it out for reading; once, when all is added and before any is looked
 * for. */
void		 lexicon_pack(struct lexicon *);

/* A pattern that the words from `word` on begin with, which covers `words`. */
typedef void	 lexicon_found(void *arg, uint32_t value, size_t word,
		    size_t words);
/* Calls `found` for each of them. The time depends on the patterns, not on the
 * length of the text. */
void		 lexicon_match(const struct lexicon *, const struct folded *,
		    size_t word, lexicon_found *found, void *arg);
/* The same behind the n of an Albanian "in" that was written together with the
 * word: nshkolle, nbujanoc. Nothing for words that begin otherwise. */
void		 lexicon_match_glued(const struct lexicon *,
		    const struct folded *, size_t word, lexicon_found *found,
		    void *arg);

#endif
