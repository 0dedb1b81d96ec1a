/*
 * Names of places with one slip of the thumb. Runs in glasd and glasctl for
 * places.c; owns nothing. Short words are not looked at: they are too near to one
 * another.
 */
#include "text/places_private.h"
#include "text/slip.h"

#define PLACES_TYPO_MIN 6	/* letters */
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
	const struct fold_word *w = &s->folded->words[word];

	if (word == 0 || w->digits || w->len < PLACES_TYPO_MIN ||
	    (s->marks[word] & PLACES_TAKEN) != 0)
		return (false);
	return ((s->marks[word - 1] & (PLACES_AT | PLACES_VILLAGE)) != 0 ||
	    (w->capital && !s->folded->shouted));
}

void
places_typo_spots(struct places_search *s)
{
	size_t tried = 0;

	s->count = 0;
	for (size_t i = 1; i < s->folded->count && tried < PLACES_TYPOS; i++) {
		struct places_spot *t = &s->spots[s->count];

		if (!places_may_be_typo(s, i))
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
