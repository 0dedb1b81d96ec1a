/*
 * Names of places with one slip of the thumb. Runs in glasd and glasctl for
 * places.c; owns nothing. Short words are not looked at: they are too near to one
 * another.
 */
#include "text/places_private.h"
#include "text/slip.h"

#define PLACES_TYPOS 2		/* words of a text that are looked at */

/* Keeps what is found at the word of the spot. */
static void
places_mistyped(void *arg, uint32_t value, size_t word, size_t words)
{
	struct places_spot *spot = arg;

	for (size_t i = 0; i < spot->count; i++) {
		if (words == spot->words && spot->values[i] == value)
			return;
	}
	places_found(arg, value, spot->word + word, words);
}

/* Where a place may follow, or what is written like a name. */
static bool
places_may_be_typo(const struct places_search *s, size_t word)
{
	return (word > 0 &&
	    ((s->marks[word - 1] & (PLACES_AT | PLACES_VILLAGE)) != 0 ||
	    (s->folded->words[word].capital && !s->folded->shouted)));
}

/* A word that nobody knows, where people put a name without more words: as the
 * first or the last of what they say. */
static bool
places_is_strange(const struct places_search *s, size_t word)
{
	return ((s->marks[word] & PLACES_STRANGE) != 0 &&
	    (word == 0 || word + 1 == s->folded->count ||
	    s->folded->words[word].stop || s->folded->words[word - 1].stop));
}

static void
places_typo_look(struct places_search *s,
    bool (*may)(const struct places_search *, size_t))
{
	size_t tried = 0;

	s->count = 0;
	for (size_t i = 0; i < s->folded->count && tried < PLACES_TYPOS; i++) {
		const struct fold_word *w = &s->folded->words[i];
		struct places_spot *t = &s->spots[s->count];

		if (w->digits || w->len < PLACES_STRANGE_MIN ||
		    (s->marks[i] & PLACES_TAKEN) != 0 || !may(s, i))
			continue;
		tried++;
		*t = (struct places_spot){ .word = i, .guess = true,
			.typo = true };
		slip_match(s->places->exact, s->folded, i, places_mistyped, t);
		for (size_t n = 0; n < t->count; n++) {
			if (places_is_municipality(s, t->values[n]))
				t->municipality = true;
		}
		s->count += t->count > 0;
	}
}

void
places_typo_spots(struct places_search *s)
{
	places_typo_look(s, places_may_be_typo);
	if (s->count == 0)
		places_typo_look(s, places_is_strange);
}
