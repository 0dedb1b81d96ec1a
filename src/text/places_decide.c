/*
 * Which of the places that a text names is meant. Runs in glasd and glasctl, for
 * places.c; owns nothing. A text that names nothing, or too much, has no place:
 * that is no failure, a person will ask.
 */
#include <string.h>

#include "text/places_private.h"

static uint8_t
places_marks_before(const struct places_search *s, const struct places_spot *t)
{
	uint8_t marks = 0;

	if (t->word > 0)
		marks |= s->marks[t->word - 1];
	if (t->word > 1)
		marks |= s->marks[t->word - 2] & PLACES_VILLAGE;
	if (t->word + t->words < s->folded->count)
		marks |= s->marks[t->word + t->words] & PLACES_VILLAGE;
	return (marks);
}

static bool
places_is_named(const struct places_search *s, size_t municipality)
{
	for (size_t i = 0; i < s->named_count; i++) {
		if (s->named[i] == municipality ||
		    s->places->entries[municipality].municipality ==
		    s->named[i])
			return (true);
	}
	return (false);
}

static size_t
places_letters(const struct places_search *s, const struct places_spot *t)
{
	const struct fold_word *first = &s->folded->words[t->word];
	const struct fold_word *last = &first[t->words - 1];

	return (last->at + last->len - first->at);
}

/* A sentence of its own before or behind all others: people write where they
 * are as they would on a letter. */
static bool
places_stands_alone(const struct places_search *s, const struct places_spot *t)
{
	const struct fold_word *words = s->folded->words;
	size_t end = t->word + t->words;

	if (end == s->folded->count)
		return (t->word > 0 && words[t->word - 1].stop);
	return (t->word == 0 && words[end - 1].stop);
}

/* All that was said, but for "in" and the like, and manners behind it. One word
 * that has another meaning may have that behind these, and where nobody asked
 * for a place. */
static bool
places_is_answer(const struct places_search *s, const struct places_spot *t)
{
	const struct fold_word *words = s->folded->words;

	if (!s->asked && (t->words == 1 ||
	    t->word + t->words != s->folded->count))
		return (false);
	for (size_t i = t->word + t->words; i < s->folded->count; i++) {
		if ((s->marks[i] & PLACES_EMPTY) == 0)
			return (false);
	}
	for (size_t i = 0; i < t->word; i++) {
		if ((s->marks[i] & (PLACES_AT | PLACES_VILLAGE |
		    PLACES_EMPTY)) == 0)
			return (false);
	}
	return (t->word == 0 || t->words > 1 ||
	    (words[t->word].capital && !s->folded->shouted));
}

/* A short name in another form is many a word: "quickly" is not of Brza. */
static bool
places_is_declined(const struct places_search *s, const struct places_spot *t,
    uint32_t value)
{
	return ((value & PLACES_SAID_INFLECTED) != 0 && t->words == 1 &&
	    places_letters(s, t) <= PLACES_SHORT + 1);
}

/* Whether this name, in this form, at this spot, can be that of the place. */
static bool
places_acceptable(const struct places_search *s, const struct places_spot *t,
    uint32_t value)
{
	const struct places_entry *e = places_entry(s, value);
	const struct fold_word *w = &s->folded->words[t->word];
	uint8_t before = places_marks_before(s, t);
	bool cue = (before & (PLACES_AT | PLACES_VILLAGE)) != 0;
	bool last = t->word + t->words == s->folded->count;
	bool capital = w->capital && !s->folded->shouted;
	bool named = !places_is_municipality(s, value) &&
	    places_is_named(s, e->municipality);
	bool declined = places_is_declined(s, t, value);

	if (!t->guess && ((places_stands_alone(s, t) && !declined) ||
	    places_is_answer(s, t)))
		return (true);
	if (t->typo)
		return (places_is_municipality(s, value) || (!e->common &&
		    t->word > 0 &&
		    (s->marks[t->word - 1] & PLACES_VILLAGE) != 0));

	if ((value & PLACES_SAID_SHORT) != 0)
		return (cue || (capital && named) ||
		    (places_is_municipality(s, value) && last));
	if (e->common)
		return ((before & PLACES_VILLAGE) != 0 || (cue && capital) ||
		    (named && (cue || capital || last)));
	if (t->guess)
		return (cue || named || (capital && t->word > 0));
	if (declined)
		return (cue || named || (capital && t->word > 0));
	return (true);
}

static void
places_drop(struct places_search *s, struct places_spot *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (places_acceptable(s, t, t->values[i]))
			t->values[kept++] = t->values[i];
	}
	t->count = kept;
	for (size_t i = 0; kept > 0 && i < t->words; i++)
		s->marks[t->word + i] |= PLACES_NAME;
}

static void
places_name_municipality(struct places_search *s, size_t municipality)
{
	for (size_t i = 0; i < s->named_count; i++) {
		if (s->named[i] == municipality)
			return;
	}
	if (s->named_count < PLACES_SPOTS_MAX)
		s->named[s->named_count++] = municipality;
}

/* Municipalities that the text names. Adjectives (the police of Vranje) count
 * when nothing else is there. */
static void
places_municipalities(struct places_search *s, bool adjectives)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct places_spot *t = &s->spots[i];

		for (size_t n = 0; n < t->count; n++) {
			if (!places_is_municipality(s, t->values[n]) ||
			    !places_acceptable(s, t, t->values[n]))
				continue;
			if (((t->values[n] & PLACES_SAID_STAR) != 0) ==
			    adjectives)
				places_name_municipality(s,
				    t->values[n] >> PLACES_SAID_BITS);
		}
	}
}

/* The settlement that a spot means: the only one, or the only one inside what
 * is named. `*inside` tells which. NULL when it may be several. */
static const struct places_entry *
places_settlement(const struct places_search *s, const struct places_spot *t,
    bool *inside)
{
	const struct places_entry *one = NULL, *e;
	size_t ones = 0, insiders = 0;

	for (size_t i = 0; i < t->count; i++) {
		e = places_entry(s, t->values[i]);
		if (*e->place.settlement == '\0' || e == one)
			continue;
		if (places_is_named(s, e->municipality)) {
			insiders++;
			one = e;
		} else if (insiders == 0) {
			ones++;
			one = e;
		}
	}
	*inside = insiders == 1;
	return (insiders == 1 || (insiders == 0 && ones == 1) ? one : NULL);
}

/* A word alone that has another meaning may be that: the border is far from the
 * village of that name. Many telephones begin a text with a capital. */
static bool
places_may_be_word(const struct places_search *s, const struct places_spot *t,
    const struct places_entry *e)
{
	return (e->common && t->words == 1 && (places_marks_before(s, t) &
	    (PLACES_AT | PLACES_VILLAGE)) == 0 && (t->word == 0 ||
	    !s->folded->words[t->word].capital || s->folded->shouted));
}

/* Best settlement of the text: one inside a named municipality, else, when no
 * municipality is named, the only one. */
static const struct places_entry *
places_best(const struct places_search *s, const struct places_spot **spot)
{
	const struct places_entry *best = NULL, *e;
	bool inside, best_inside = false, torn = false;

	for (size_t i = 0; i < s->count; i++) {
		const struct places_spot *t = &s->spots[i];

		e = places_settlement(s, t, &inside);
		if (e == NULL || (t->municipality && !inside))
			continue;
		if (!inside && places_may_be_word(s, t, e))
			continue;
		if (best == NULL || (inside && !best_inside) ||
		    (inside == best_inside && (*spot)->guess && !t->guess)) {
			best = e;
			best_inside = inside;
			*spot = t;
		} else if (!inside && !best_inside && !t->guess &&
		    e->municipality != best->municipality) {
			torn = true;
		}
	}
	if (best_inside)
		return (best);
	return (torn || s->named_count > 0 ? NULL : best);
}

/* In the languages of the gazetteer. */
static bool
places_is_and(const struct places_search *s, size_t word)
{
	static const char *const ands[] = { "i", "e", "a", "dhe", "edhe",
		"thaj", "aj", "and" };
	const struct fold_word *w = &s->folded->words[word];

	for (size_t i = 0; i < sizeof ands / sizeof *ands; i++) {
		if (strlen(ands[i]) == w->len &&
		    memcmp(s->folded->text + w->at, ands[i], w->len) == 0)
			return (true);
	}
	return (false);
}

/* "In Vranje and Presevo": both. */
static bool
places_goes_on(const struct places_search *s, const struct places_spot *t)
{
	const struct places_spot *before;

	if (t == s->spots)
		return (false);
	before = t - 1;
	return (before->municipality && before->count > 0 &&
	    before->word + before->words + 1 == t->word &&
	    places_is_and(s, t->word - 1));
}

/* Of several municipalities the only one that something is said to be in: the
 * others are where it came from, or goes. */
static const struct places_entry *
places_only_within(const struct places_search *s)
{
	const struct places_entry *one = NULL, *e;
	bool at = false;

	for (size_t i = 0; i < s->count; i++) {
		const struct places_spot *t = &s->spots[i];

		if (!t->municipality || t->count == 0)
			continue;
		at = (places_marks_before(s, t) & PLACES_AT) != 0 ||
		    (at && places_goes_on(s, t));
		if (!at)
			continue;
		e = &s->places->entries[places_entry(s,
		    t->values[0])->municipality];
		if (one != NULL && one != e)
			return (NULL);
		one = e;
	}
	return (one);
}

/* The one municipality that is named, or the inner one of two, or the only one
 * that is said to be where it is. */
static const struct places_entry *
places_only_municipality(const struct places_search *s)
{
	const struct places_entry *entries = s->places->entries;
	size_t a, b;

	if (s->named_count == 1)
		return (&entries[s->named[0]]);
	if (s->named_count != 2)
		return (places_only_within(s));
	a = s->named[0];
	b = s->named[1];
	if (entries[a].municipality == b)
		return (&entries[a]);
	return (entries[b].municipality == a ? &entries[b] :
	    places_only_within(s));
}

/* Where settlements that may be meant all lie in one municipality, that one. */
static const struct places_entry *
places_common_municipality(const struct places_search *s)
{
	const struct places_entry *one = NULL, *e;

	for (size_t i = 0; i < s->count; i++) {
		for (size_t n = 0; n < s->spots[i].count; n++) {
			e = places_entry(s, s->spots[i].values[n]);
			if (places_may_be_word(s, &s->spots[i], e))
				return (NULL);
			e = &s->places->entries[e->municipality];
			if ((one != NULL && e != one) ||
			    *e->place.settlement != '\0')
				return (NULL);
			one = e;
		}
	}
	return (one);
}

const struct places_entry *
places_decide(struct places_search *s, const struct places_spot **t)
{
	const struct places_entry *e;

	places_municipalities(s, false);
	for (size_t i = 0; i < s->count; i++)
		places_drop(s, &s->spots[i]);
	e = places_best(s, t);
	if (e == NULL && s->named_count == 0)
		places_municipalities(s, true);
	if (e != NULL)
		return (e);
	return (s->named_count == 0 ? places_common_municipality(s) :
	    places_only_municipality(s));
}

const struct place *
places_among(const struct places_search *s)
{
	const struct place *one = NULL, *p;

	for (size_t i = 0; i < s->count; i++) {
		for (size_t n = 0; n < s->spots[i].count; n++) {
			p = &places_entry(s, s->spots[i].values[n])->place;
			if (*p->settlement == '\0')
				continue;
			if (one != NULL &&
			    strcmp(p->settlement, one->settlement) != 0)
				return (NULL);
			one = p;
		}
	}
	return (one);
}
