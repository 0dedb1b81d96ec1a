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

/* Leaves one of two letters that are the same. */
static bool
doubles_drop(const struct content *c, char *word, size_t *len)
{
	char tried[DOUBLES_MAX];

	for (size_t i = 1; i < *len; i++) {
		if (word[i] != word[i - 1])
			continue;
		memcpy(tried, word, i);
		memcpy(tried + i, word + i + 1, *len - i - 1);
		if (known_learnt(c, tried, *len - 1)) {
			memcpy(word, tried, --*len);
			return (true);
		}
	}
	return (false);
}

static void
doubles_swap(char *word, size_t i)
{
	char c = word[i];

	word[i] = word[i + 1];
	word[i + 1] = c;
}

static void
doubles_turn(const struct content *c, char *word, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++) {
		doubles_swap(word, i);
		if (known_learnt(c, word, len))
			return;
		doubles_swap(word, i);
	}
}

void
doubles_read(const struct content *c, struct folded *f)
{
	for (size_t i = 0; c->weights != NULL && i < f->count; i++) {
		struct fold_word *w = &f->words[i];
		char *word = f->text + w->at;
		size_t len = w->len;

		if (w->digits || len < DOUBLES_MIN || len > DOUBLES_MAX ||
		    known_learnt(c, word, len) || known_keyword(c, f, i) ||
		    places_has(c->places, f, i))
			continue;
		if (doubles_drop(c, word, &len))
			word[len] = ' ';
		else
			doubles_turn(c, word, len);
		w->len = (uint32_t)len;
	}
}
