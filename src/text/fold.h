/*
 * What a text is for matching: lower-case Latin letters without diacritics,
 * digits, and single spaces. Information is lost, so a folded text is never
 * shown, sent or stored. Pure.
 */
#ifndef GLAS_FOLD_H
#define GLAS_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOLD_OTHER '\x7f'	/* stands for a letter of no script of ours */

struct fold_word {
	uint32_t	 at;		/* offset in the folded text */
	uint32_t	 len;
	uint32_t	 from, to;	/* octets of the text, if that is in
					   NFC; else of its NFC */
	bool		 cyrillic;
	bool		 capital;	/* began with a capital letter */
	bool		 digits;	/* all of it */
	bool		 stop;		/* a sentence or clause ended after it */
};

#define FOLD_TEXT_SMALL 1024
#define FOLD_WORDS_SMALL 256

struct folded {
	char		*text;		/* a NUL behind it */
	size_t		 len;
	struct fold_word *words;
	size_t		 count;
	size_t		 latin;		/* words by script */
	size_t		 cyrillic;
	bool		 shouted;	/* no small letter in it */
	bool		 question;	/* has a question mark */
	char		 small_text[FOLD_TEXT_SMALL];
	struct fold_word small_words[FOLD_WORDS_SMALL];
};

/* Folds UTF-8. A word with letters of two scripts is read in that of its
 * majority; letters and digits are words of their own. Takes time and memory
 * linear in len. Give back with fold_clear(). The struct must not move. */
void	 fold_make(struct folded *, const char *utf8, size_t len);
void	 fold_clear(struct folded *);
/* The same of what is in NFC already. */
void	 fold_composed(struct folded *, const char *nfc, size_t len);

/* What a digit of any script is worth, or a digit in a circle; -1: none. */
int	 fold_digit(uint32_t c);

/* A key that spellings of one name share: sh and s, gj and dj, ll and l, q and
 * ch, doubled letters, final vowels, h and j. Word by word, as many words as
 * in `from`; a word of which nothing is left becomes FOLD_OTHER. */
void	 fold_skeleton(struct folded *, const struct folded *from);
/* The same of words that are folded, a space between. `out` has room for as
 * much; returns the length. */
size_t	 fold_skeleton_text(char *out, const char *folded);

#endif
