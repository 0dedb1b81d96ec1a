/*
 * Names of places with one slip of the thumb: a letter left out, one too many,
 * another one, or two in each other's place. Runs in glasd and glasctl for
 * places.c; owns nothing. The first letter is believed, and short words are not
 * looked at: they are too near to one another.
 */
#include <string.h>

#include "text/lexicon.h"
#include "text/places_private.h"

#define PLACES_TYPO_MIN 6	/* letters */
#define PLACES_TYPO_MAX 24
#define PLACES_TYPO_WORDS 3	/* of a name */
#define PLACES_TYPOS 2		/* words of a text that are looked at */

/* A few words of a text, the first of them changed again and again. */
struct places_slip {
	const struct places *places;
	struct folded	 folded;
	char		 text[PLACES_TYPO_MAX * (PLACES_TYPO_WORDS + 1)];
	struct fold_word words[PLACES_TYPO_WORDS];
	void		(*found)(void *, uint32_t, size_t, size_t);
	void		*arg;
};

static void
places_slip_try(struct places_slip *s, size_t len)
{
	s->words[0].len = (uint32_t)len;
	lexicon_match(s->places->exact, &s->folded, 0, s->found, s->arg);
}

/* Words of a text stand anywhere in its octets. */
static void
places_slip_begin(struct places_slip *s, const struct folded *f, size_t word)
{
	size_t at = PLACES_TYPO_MAX + 1;

	s->folded.text = s->text;
	s->folded.words = s->words;
	s->folded.count = 1;
	s->words[0].at = 0;
	for (size_t i = 1; i < PLACES_TYPO_WORDS && word + i < f->count; i++) {
		const struct fold_word *w = &f->words[word + i];

		if (w->len > PLACES_TYPO_MAX)
			break;
		memcpy(s->text + at, f->text + w->at, w->len);
		s->words[i].at = (uint32_t)at;
		s->words[i].len = w->len;
		s->folded.count++;
		at += w->len;
	}
}

/* Nothing, or another letter, in place of the one at i. */
static void
places_slip_replace(struct places_slip *s, const char *word, size_t len,
    size_t i)
{
	memcpy(s->text, word, i);
	memcpy(s->text + i, word + i + 1, len - i - 1);
	places_slip_try(s, len - 1);
	memcpy(s->text, word, len);
	for (s->text[i] = 'a'; s->text[i] <= 'z'; s->text[i]++) {
		if (s->text[i] != word[i])
			places_slip_try(s, len);
	}
}

/* A letter put in before i. */
static void
places_slip_insert(struct places_slip *s, const char *word, size_t len,
    size_t i)
{
	memcpy(s->text, word, i);
	memcpy(s->text + i + 1, word + i, len - i);
	for (s->text[i] = 'a'; s->text[i] <= 'z'; s->text[i]++)
		places_slip_try(s, len + 1);
}

static void
places_slip_swap(struct places_slip *s, const char *word, size_t len, size_t i)
{
	if (word[i] == word[i + 1])
		return;
	memcpy(s->text, word, len);
	s->text[i] = word[i + 1];
	s->text[i + 1] = word[i];
	places_slip_try(s, len);
}

/* Calls `found`, with word 0, for each name that the words from `word` on are
 * one slip away from; for some more than once. Takes some microseconds. */
static void
places_typos(const struct places *p, const struct folded *f, size_t word,
    void (*found)(void *, uint32_t, size_t, size_t), void *arg)
{
	const char *text = f->text + f->words[word].at;
	size_t len = f->words[word].len;
	struct places_slip s;

	if (len < PLACES_TYPO_MIN || len >= PLACES_TYPO_MAX)
		return;
	s.places = p;
	s.found = found;
	s.arg = arg;
	places_slip_begin(&s, f, word);
	for (size_t i = 1; i < len; i++) {
		places_slip_replace(&s, text, len, i);
		places_slip_insert(&s, text, len, i);
		if (i + 1 < len)
			places_slip_swap(&s, text, len, i);
	}
	places_slip_insert(&s, text, len, len);
}

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

	if (word == 0 || w->digits || (s->marks[word] & PLACES_TAKEN) != 0)
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
		places_typos(s->places, s->folded, i, places_mistyped, t);
		for (size_t n = 0; n < t->count; n++) {
			if (places_is_municipality(s, t->values[n]))
				t->municipality = true;
		}
		s->count += t->count > 0;
	}
}
