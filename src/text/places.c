/*
 * Which place a text names. Runs in glasd and glasctl; owns nothing: the tables
 * are of places_table.c. Names are found here, or with a letter wrong in
 * places_typo.c; which of them is meant is decided in places_decide.c.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/lexicon.h"
#include "text/places_private.h"

const struct places_entry *
places_entry(const struct places_search *s, uint32_t value)
{
	return (&s->places->entries[value >> PLACES_SAID_BITS]);
}

bool
places_is_municipality(const struct places_search *s, uint32_t value)
{
	return (*places_entry(s, value)->place.settlement == '\0');
}

/* Keeps the longest names that begin at the word. */
void
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
places_find(const struct places *p, const struct folded *f, bool asked,
    uint8_t *marks, struct buf *trace, const struct place **among)
{
	struct places_search s = { .places = p, .folded = f, .asked = asked,
		.marks = marks };
	const struct places_entry *e;
	const struct places_spot *t = NULL;
	size_t named;

	*among = NULL;
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
	if (e != NULL)
		return (&e->place);
	*among = places_among(&s);
	return (NULL);
}

static int
places_by_municipality(const void *a, const void *b)
{
	const struct place *const *x = a, *const *y = b;

	return (strcmp((*x)->municipality, (*y)->municipality));
}

/* Where it may be no place at all. */
static bool
places_is_doubted(const struct places_entry *e)
{
	return (e->common && strchr(e->place.settlement, ' ') == NULL);
}

size_t
places_called(const struct places *p, const char *settlement,
    const struct place *called[PLACES_CALLED_MAX])
{
	size_t count = 0;
	bool doubted = false;

	for (size_t i = 0; *settlement != '\0' && i < p->count; i++) {
		if (strcmp(p->entries[i].place.settlement, settlement) != 0)
			continue;
		if (count == PLACES_CALLED_MAX)
			return (0);
		called[count++] = &p->entries[i].place;
		doubted = places_is_doubted(&p->entries[i]);
	}
	/* The order of a gazetteer may be another when they answer. */
	qsort(called, count, sizeof *called, places_by_municipality);
	return (count > 1 || doubted ? count : 0);
}

bool
places_has(const struct places *p, const struct folded *f, size_t word)
{
	size_t from = word < PLACES_NAME_WORDS ? 0 :
	    word - PLACES_NAME_WORDS + 1;

	for (size_t i = from; i <= word; i++) {
		struct places_spot spot = { .word = i };

		lexicon_match(p->exact, f, i, places_found, &spot);
		if (spot.count > 0 && i + spot.words > word)
			return (true);
	}
	return (false);
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
