/*
 * Digits that stand for letters: pol1cija, v0da, leb4ne. Runs in glasd and
 * glasctl for reading.c; owns nothing. One digit between letters is one when
 * what comes of it is a word that somebody knows and what stands before it is
 * none: PRIJAVA1VRANJE is a command with its number.
 */
#include <string.h>

#include "text/lexicon.h"
#include "text/places.h"
#include "text/reading_private.h"

#define DIGITS_WORD_MAX 32	/* letters of the whole word */

/* By the look of the digit, or the sound of its name. */
static const char *const digits_letters[] = {
	"o", "il", "z", "ez", "ac", "s", "sb", "t", "b", "g"
};

static void
digits_known(void *arg, uint32_t value, size_t word, size_t words)
{
	bool *known = arg;

	(void)value;
	(void)word;
	(void)words;
	*known = true;
}

static bool
digits_is_keyword(const struct content *c, const struct folded *f, size_t word)
{
	bool known = false;

	lexicon_match(c->lexicon, f, word, digits_known, &known);
	return (known);
}

/* Letters, a digit and letters with nothing between. */
static bool
digits_stand_in(const struct folded *f, size_t i)
{
	const struct fold_word *w = &f->words[i];

	return (i + 2 < f->count && !w[0].digits && w[1].digits &&
	    w[1].len == 1 && !w[2].digits && w[0].to == w[1].from &&
	    w[1].to == w[2].from &&
	    w[0].len + w[2].len < DIGITS_WORD_MAX);
}

/* Whether it is a word with that letter; `word` has room for it at `at`. */
static bool
digits_is_word(const struct content *c, char *word, size_t len, size_t at,
    char letter)
{
	struct folded one;
	bool is;

	word[at] = letter;
	fold_make(&one, word, len);
	is = digits_is_keyword(c, &one, 0) || places_has(c->places, &one);
	fold_clear(&one);
	return (is);
}

/* Makes the third of three words all of them where a letter makes it one. */
static bool
digits_join(const struct content *c, struct folded *f, size_t i)
{
	struct fold_word *w = &f->words[i];
	size_t at = w[0].len, len = at + 1 + w[2].len;
	const char *letter = digits_letters[f->text[w[1].at] - '0'];
	char word[DIGITS_WORD_MAX + 1];

	memcpy(word, f->text + w[0].at, at);
	memcpy(word + at + 1, f->text + w[2].at, w[2].len);
	while (*letter != '\0' && !digits_is_word(c, word, len, at, *letter))
		letter++;
	if (*letter == '\0')
		return (false);
	memcpy(f->text + w[0].at, word, len);
	w[0].len = (uint32_t)len;
	w[0].to = w[2].to;
	w[0].stop = w[2].stop;
	w[2] = w[0];
	return (true);
}

void
digits_read(const struct content *c, struct folded *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		if (digits_stand_in(f, i) && (f->words[i].len == 1 ||
		    !digits_is_keyword(c, f, i)) && digits_join(c, f, i))
			i++;
		else
			f->words[kept++] = f->words[i];
	}
	f->count = kept;
}
