/*
 * What learnt weights see of a text: features, each with the word that it is
 * of. One that has a name in the weights is written as it is here:
 *
 *	pendrek			a word
 *	pendr*, *om		how one begins, how it ends
 *	nema vode, nema svetl*	two words side by side
 *	^prijava		the first word
 *	=wound, =police =wound	a concept, two of them anywhere
 *	=category POL_FORCE	what the keyword reader found
 *
 * A number is # for each digit, a word that names a place is @. Pure.
 */
#ifndef GLAS_FEATURES_H
#define GLAS_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct reader;

struct feature_piece {
	const char	*s;
	uint8_t		 len;
	char		 before;	/* '^', '*', '=' or NUL */
	bool		 open;		/* `*` behind it */
};

#define FEATURE_PIECES 2

struct feature {
	uint64_t	 hash;		/* feature_hash() of its text */
	uint32_t	 word;		/* the first that it is of, below
					   FEATURES_WORDS_MAX */
	uint8_t		 words;		/* 0: it is of the text as a whole */
	uint8_t		 count;		/* pieces, one space between */
	struct feature_piece pieces[FEATURE_PIECES];
};

/* Calls `found` for each feature of a text that has been read up to its place;
 * some more than once. Takes time linear in the text; words behind the first
 * FEATURES_WORDS_MAX have none. */
#define FEATURES_WORDS_MAX 256
void	 features_each(const struct reader *,
	    void (*found)(void *arg, const struct feature *), void *arg);

/* Appends a feature as it is written. */
void	 feature_text(const struct feature *, struct buf *);
/* What feature.hash is, from the text. */
uint64_t feature_hash(const char *text, size_t len);

#endif
