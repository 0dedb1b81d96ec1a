/*
 * Which place a text names. Runs in glasd and glasctl; owns nothing: the tables
 * are of places_table.c. A text that names nothing, or too much, has no place:
 * that is no failure, a person will ask.
 */
#include <string.h>

#include "lib/mem.h"
#include "text/lexicon.h"
#include "text/places_private.h"

#define PLACES_SPOTS_MAX 32	/* names looked at in one text */
#define PLACES_MANY 8		/* places of one name */
#define PLACES_TYPOS 2		/* words of a text that may be mistyped ones */

/* A name in a text. */
struct places_spot {
	size_t		 word, words;
	bool		 guess;		/* by skeleton, or: */
	bool		 typo;		/* with a letter wrong */
	uint32_t	 values[PLACES_MANY];
	size_t		 count;
	bool		 municipality;	/* one of the values names one */
};

struct places_search {
	const struct places *places;
	const struct folded *folded;
	uint8_t		*marks;
	struct places_spot spots[PLACES_SPOTS_MAX];
	size_t		 count;
	size_t		 named[PLACES_SPOTS_MAX]; /* municipalities */
	size_t		 named_count;
};

static const struct places_entry *
places_entry(const struct places_search *s, uint32_t value)
{
	return (&s->places->entries[value >> PLACES_SAID_BITS]);
}

static bool
places_is_municipality(const struct places_search *s, uint32_t value)
{
	return (*places_entry(s, value)->place.settlement == '\0');
}

/* Keeps the longest names that begin at the word. */
static void
places_found(void *arg, uint32_t value, size_t word, size_t words)
{
	struct places_spot *spot = arg;

	if (words > spot->words) {
		*spot = (struct places_spot){ .word = word, .words = words,
			.guess = spot->guess, .typo = spot->typo };
	}
	if (words == spot->words && spot->count < PLACES_MANY)
		spot->values[spot->count++] = value;
}

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

	if (!t->guess && places_stands_alone(s, t))
		return (true);
	if (t->typo)
		return (places_is_municipality(s, value) || (!e->common &&
		    (s->marks[t->word - 1] & PLACES_VILLAGE) != 0));

	if ((value & PLACES_SAID_SHORT) != 0)
		return (cue || (capital && named) ||
		    (places_is_municipality(s, value) && last));
	if (e->common)
		return ((before & PLACES_VILLAGE) != 0 || (cue && capital) ||
		    (named && (cue || capital || last)));
	if (t->guess)
		return (cue || named || (capital && t->word > 0));
	if ((value & PLACES_SAID_INFLECTED) != 0 && t->words == 1 &&
	    places_letters(s, t) <= PLACES_SHORT + 1)
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

static bool
places_spot(struct places_search *s, size_t word, const struct folded *skeleton)
{
	struct places_spot *t = &s->spots[s->count];

	*t = (struct places_spot){ .words = 0 };
	lexicon_match(s->places->exact, s->folded, word, places_found, t);
	if (t->count == 0)
		lexicon_match_glued(s->places->exact, s->folded, word,
		    places_found, t);
	if (t->count == 0 && (s->marks[word] & PLACES_TAKEN) == 0) {
		t->guess = true;
		lexicon_match(s->places->skeletons, skeleton, word,
		    places_found, t);
	}
	for (size_t i = 0; i < t->count; i++) {
		if (places_is_municipality(s, t->values[i]))
			t->municipality = true;
	}
	return (t->count > 0);
}

static void
places_spots(struct places_search *s)
{
	struct folded skeleton;
	size_t word = 0;

	fold_skeleton(&skeleton, s->folded);
	while (word < s->folded->count && s->count < PLACES_SPOTS_MAX) {
		if (places_spot(s, word, &skeleton))
			word += s->spots[s->count++].words;
		else
			word++;
	}
	fold_clear(&skeleton);
}

/* Keeps what places_typos() finds at the word of the spot. */
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

/* Where nothing is named as it is written. */
static void
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

/* Of several municipalities the only one that something is said to be in: the
 * others are where it came from, or goes. */
static const struct places_entry *
places_only_within(const struct places_search *s)
{
	const struct places_entry *one = NULL, *e;

	for (size_t i = 0; i < s->count; i++) {
		const struct places_spot *t = &s->spots[i];

		if (!t->municipality || t->count == 0 ||
		    (places_marks_before(s, t) & PLACES_AT) == 0)
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
			e = &s->places->entries[places_entry(s,
			    s->spots[i].values[n])->municipality];
			if ((one != NULL && e != one) ||
			    *e->place.settlement != '\0')
				return (NULL);
			one = e;
		}
	}
	return (one);
}

const char *
place_text(const struct place *p, char out[PLACE_TEXT_MAX])
{
	snprintf(out, PLACE_TEXT_MAX, "%s%s%s", p->municipality,
	    *p->settlement != '\0' ? "/" : "", p->settlement);
	return (out);
}

const struct place *
places_named(const struct places *p, const char *text)
{
	char name[PLACE_TEXT_MAX];

	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(place_text(&p->entries[i].place, name), text) == 0)
			return (&p->entries[i].place);
	}
	return (NULL);
}

static void
places_trace(const struct places_search *s, const struct places_entry *e,
    const struct places_spot *t, struct buf *trace)
{
	const struct fold_word *w;
	char name[PLACE_TEXT_MAX];

	if (e == NULL) {
		if (s->named_count > 1)
			buf_add_str(trace, "place: two municipalities\n");
		else
			buf_add_str(trace, "place: not sure which\n");
		return;
	}
	buf_printf(trace, "place %s", place_text(&e->place, name));
	if (t != NULL) {
		w = &s->folded->words[t->word];
		buf_printf(trace, ": word %zu '%.*s'%s", t->word + 1,
		    (int)(w->len < 24 ? w->len : 24), s->folded->text + w->at,
		    t->typo ? ", with a letter wrong" :
		    t->guess ? ", as it sounds" : "");
	}
	buf_add(trace, "\n", 1);
}

static const struct places_entry *
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

/* Whether anything is named. */
static bool
places_any(const struct places_search *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->spots[i].count > 0)
			return (true);
	}
	return (s->named_count > 0);
}

const struct place *
places_find(const struct places *p, const struct folded *f,
    uint8_t *marks, struct buf *trace)
{
	struct places_search s = { .places = p, .folded = f, .marks = marks };
	const struct places_entry *e;
	const struct places_spot *t = NULL;
	size_t named;

	places_spots(&s);
	named = s.count;
	e = places_decide(&s, &t);
	if (e == NULL && !places_any(&s)) {
		places_typo_spots(&s);
		e = places_decide(&s, &t);
	}
	if (named + s.count == 0)
		return (NULL);
	places_trace(&s, e, t, trace);
	return (e != NULL ? &e->place : NULL);
}

bool
places_has(const struct places *p, const struct folded *f)
{
	struct places_spot spot = { .words = 0 };

	lexicon_match(p->exact, f, 0, places_found, &spot);
	return (spot.count > 0);
}

static bool
places_spot_is(const struct places_search *s, const struct places_entry *e)
{
	for (size_t i = 0; i < s->spots[0].count; i++) {
		const struct places_entry *named = places_entry(s,
		    s->spots[0].values[i]);

		if (named == e || named == &s->places->entries[e->municipality])
			return (true);
	}
	return (false);
}

void
places_mark(const struct places *p, const struct folded *f,
    const struct place *place, uint8_t *marks)
{
	struct places_search s = { .places = p, .folded = f, .marks = marks };
	/* The place is the first member of its entry. */
	const struct places_entry *e = (const void *)place;
	struct folded skeleton;
	size_t word = 0, words;

	fold_skeleton(&skeleton, f);
	while (word < f->count) {
		words = 1;
		if (places_spot(&s, word, &skeleton)) {
			words = s.spots[0].words;
			for (size_t i = 0; places_spot_is(&s, e) && i < words;
			    i++)
				marks[word + i] |= PLACES_NAMED;
		}
		word += words;
	}
	fold_clear(&skeleton);
}
