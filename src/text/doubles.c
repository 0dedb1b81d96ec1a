/*
 * Words that nobody knows with a letter that came twice, or with two letters in
 * each other's place: vvoda, sturja. Runs in glasd and glasctl for reading.c;
 * owns nothing. What comes of it has to be a word that was learnt.
 */
#include <string.h>

#include "text/places.h"
#include "text/reading_private.h"

#define DOUBLES_MIN 5		/* letters; shorter words are too many */
#define DOUBLES_MAX 24

/* Leaves one of two letters that are the same, where that is a word. */
static bool
doubles_drop(const struct content *c, const char *word, size_t len,
    char out[DOUBLES_MAX])
{
	for (size_t i = 1; i < len; i++) {
		if (word[i] != word[i - 1])
			continue;
		memcpy(out, word, i);
		memcpy(out + i, word + i + 1, len - i - 1);
		if (known_learnt(c, out, len - 1))
			return (true);
	}
	return (false);
}

/* Turns two letters side by side, where that is a word. */
static bool
doubles_turn(const struct content *c, const char *word, size_t len,
    char out[DOUBLES_MAX])
{
	for (size_t i = 1; i + 1 < len; i++) {
		memcpy(out, word, len);
		out[i] = word[i + 1];
		out[i + 1] = word[i];
		if (known_learnt(c, out, len))
			return (true);
	}
	return (false);
}

/* Whether somebody knows the word as it is: asked last, it takes longest. */
static bool
doubles_is_right(const struct content *c, const struct folded *f, size_t i)
{
	return (known_keyword(c, f, i) || places_has(c->places, f, i));
}

static void
doubles_word(const struct content *c, struct folded *f, size_t i)
{
	struct fold_word *w = &f->words[i];
	char *word = f->text + w->at, right[DOUBLES_MAX];
	bool drop;

	if (w->digits || w->len < DOUBLES_MIN || w->len > DOUBLES_MAX ||
	    known_learnt(c, word, w->len))
		return;
	drop = doubles_drop(c, word, w->len, right);
	if ((!drop && !doubles_turn(c, word, w->len, right)) ||
	    doubles_is_right(c, f, i))
		return;
	if (drop)
		word[--w->len] = ' ';
	memcpy(word, right, w->len);
}

void
doubles_read(const struct content *c, struct folded *f)
{
	for (size_t i = 0; c->weights != NULL && i < f->count; i++)
		doubles_word(c, f, i);
}
