/*
 * Places of a form. Runs in glasd and glasctl. Where a form has one, it is read
 * as the reading of a whole text finds it, but that a word of a choice is not
 * guessed to be a name. Where it has several, from and to, each is looked for
 * behind its label, and what is named without one is for them in their order.
 */
#include <stdlib.h>
#include <string.h>

#include "text/form_private.h"

#define FORM_PLACE_WORDS 12	/* in which one is named */

/* Words that are read as if they were all. */
struct form_part {
	size_t		 from;
	struct folded	 words;		/* owns nothing */
};

static struct form_part
form_part(const struct former *r, size_t from, size_t to)
{
	struct form_part part = { .from = from, .words = r->folded };

	part.words.words += from;
	part.words.count = to - from;
	return (part);
}

/* What the words mean elsewhere, for places_find(). */
struct form_marking {
	const struct content *content;
	uint8_t		*marks;
};

static void
form_mark_found(void *arg, uint32_t value, size_t word, size_t words)
{
	struct form_marking *m = arg;
	const struct keyword *k = &m->content->keywords[value];
	uint8_t mark = PLACES_TAKEN;

	if (k->kind == KEYWORD_PART || k->kind == KEYWORD_CONCEPT ||
	    (k->first && word != 0))
		return;
	if (k->kind == KEYWORD_SIGN && k->code == SIGN_AT)
		mark |= PLACES_AT;
	if (k->kind == KEYWORD_SIGN && k->code == SIGN_VILLAGE)
		mark |= PLACES_VILLAGE;
	for (size_t i = word; i < word + words; i++)
		m->marks[i] |= mark;
}

static uint8_t *
form_marks(const struct former *r)
{
	struct form_marking m = { .content = r->content,
		.marks = xcalloc(r->folded.count, 1) };

	for (size_t i = 0; i < r->folded.count; i++) {
		if (!r->folded.words[i].digits) {
			lexicon_match(r->content->lexicon, &r->folded, i,
			    form_mark_found, &m);
			lexicon_match_glued(r->content->lexicon, &r->folded, i,
			    form_mark_found, &m);
		}
		if (r->words[i].taken)
			m.marks[i] |= PLACES_TAKEN;
	}
	return (m.marks);
}

/* The words of a place, and those before it that say where it is. */
static void
form_take_place(struct former *r, const struct form_part *part,
    const struct place *p, uint8_t *marks)
{
	places_mark(r->content->places, &part->words, p, marks + part->from);
	for (size_t i = part->from; i < part->from + part->words.count; i++) {
		if ((marks[i] & PLACES_NAMED) == 0)
			continue;
		r->words[i].taken = true;
		for (size_t n = i; n-- > 0 && !r->words[n].taken &&
		    (marks[n] & (PLACES_AT | PLACES_VILLAGE)) != 0;)
			r->words[n].taken = true;
	}
}

/* The name of several villages is kept as text until one knows which. */
static void
form_place_among(struct former *r, int field, size_t label,
    const struct form_part *part, const struct place *among, uint8_t *marks)
{
	const struct place *called[PLACES_CALLED_MAX];
	size_t word = part->from, end = part->from + part->words.count;
	size_t words = 0;

	if (places_called(r->content->places, among->settlement, called) == 0)
		return;
	places_mark(r->content->places, &part->words, among,
	    marks + part->from);
	while (word < end && (marks[word] & PLACES_NAMED) == 0)
		word++;
	while (word + words < end &&
	    (marks[word + words] & PLACES_NAMED) != 0)
		words++;
	if (words == 0)
		return;
	form_set_wrong(r, field, word, words, label);
	if (r->out->wrong == field)
		r->out->among = among;
}

/* One of the villages that were listed: its number at the beginning, or a yes to
 * the only one; NULL. */
static const struct place *
form_village_chosen(struct former *r, const struct place *const *called,
    size_t count)
{
	const struct folded *f = &r->folded;
	long n = form_number_said((const char *)r->text.data);
	size_t words = f->count;

	if (count == 1 && r->given->agrees)
		n = 1;
	if (n < 0 && f->words[0].digits && (f->count == 1 ||
	    r->words[1].label == FORM_NO_FIELD)) {
		n = f->words[0].len == 1 ? f->text[f->words[0].at] - '0' : -1;
		words = 1;
	}
	if (n < 1 || n > (long)count)
		return (NULL);
	form_take(r, 0, words);
	return (called[n - 1]);
}

/* Of the villages that were listed the one that is meant: by the answer, or by
 * where it is, which is `said`. Else that. */
static const struct place *
form_village(struct former *r, const struct place *said)
{
	const struct place *called[PLACES_CALLED_MAX], *chosen;
	const char *name = r->given->village;
	size_t count = name != NULL ?
	    places_called(r->content->places, name, called) : 0;

	for (size_t i = 0; said != NULL && i < count; i++) {
		if (*said->settlement == '\0' &&
		    strcmp(said->municipality, called[i]->municipality) == 0)
			return (called[i]);
	}
	chosen = said == NULL && count > 0 && r->folded.count > 0 ?
	    form_village_chosen(r, called, count) : NULL;
	return (chosen != NULL ? chosen : said);
}

static const struct place *
form_find(const struct former *r, const struct form_part *part,
    uint8_t *marks, const struct place **among)
{
	struct buf trace = { 0 };
	const struct place *p = places_find(r->content->places, &part->words,
	    form_asks(r, FORM_PLACE), marks + part->from, &trace, among);

	buf_clear(&trace);
	return (p);
}

static void
form_place(struct former *r, const struct form_part *part, int field,
    size_t label, const struct place *p, const struct place *among,
    uint8_t *marks)
{
	char value[PLACE_TEXT_MAX];

	if (field == FORM_NO_FIELD)
		return;
	if (p != NULL) {
		form_set(r, field, place_text(p, value), 0, 0, label);
		form_take_place(r, part, p, marks);
	} else if (among != NULL) {
		form_place_among(r, field, label, part, among, marks);
	}
}

/* The first word from here on whose label stands open; count: none does. */
static size_t
form_place_label(const struct former *r, size_t word)
{
	while (word < r->folded.count && !form_label_open(r, word, FORM_PLACE))
		word++;
	return (word);
}

/* One place in all that is said. */
static void
form_place_alone(struct former *r, uint8_t *marks)
{
	size_t none = r->folded.count, label = form_place_label(r, 0);
	struct form_part all = form_part(r, 0, none);
	const struct place *among, *p = form_find(r, &all, marks, &among);
	int field = label < none ? r->words[label].label :
	    form_field_for(r, 0, none, FORM_PLACE, &label);

	if (field == r->given->asked && field != FORM_NO_FIELD)
		p = form_village(r, p);
	form_place(r, &all, field, label, p, among, marks);
}

/* The place that words begin with: as many of them as name one, so that what
 * stands behind the name of another is for the next. */
static void
form_place_first(struct former *r, size_t from, size_t to, size_t label,
    uint8_t *marks)
{
	struct form_part part = form_part(r, from, to);
	const struct place *p, *found = NULL, *other, *among = NULL;
	size_t most = to - from, none = r->folded.count;
	size_t words = 0;

	for (size_t n = 1; n <= most && n <= FORM_PLACE_WORDS; n++) {
		part.words.count = n;
		p = form_find(r, &part, marks, &other);
		if (p == NULL && found != NULL)
			break;
		if (p == NULL && other == NULL)
			continue;
		words = n;
		found = p;
		among = other;
	}
	part.words.count = words;
	form_place(r, &part, label < none ? r->words[label].label :
	    form_field_for(r, 0, none, FORM_PLACE, &label), label, found,
	    among, marks);
}

/* Where the words of a label end: at the next one. */
static size_t
form_part_end(const struct former *r, size_t label)
{
	size_t word = form_label_end(r, label);

	while (word < r->folded.count && r->words[word].label == FORM_NO_FIELD)
		word++;
	return (word);
}

static void
form_places_labelled(struct former *r, uint8_t *marks)
{
	size_t label, end, from;

	for (label = form_place_label(r, 0); label < r->folded.count;
	    label = form_place_label(r, end)) {
		from = form_label_end(r, label);
		end = form_part_end(r, label);
		form_place_first(r, from, end, label, marks);
	}
}

/* Where the words end that may name one place and no other: at a comma or the
 * like, before a label, what has been understood, or "to". */
static size_t
form_piece_end(const struct former *r, size_t word, const uint8_t *marks)
{
	size_t end = word + 1;

	while (end < r->folded.count && end - word < FORM_PLACE_WORDS &&
	    !r->folded.words[end - 1].stop && !r->words[end].taken &&
	    r->words[end].label == FORM_NO_FIELD &&
	    (marks[end] & PLACES_AT) == 0)
		end++;
	return (end);
}

/* What stands behind the label of one of them is for no other. */
static void
form_places_in_order(struct former *r, uint8_t *marks)
{
	size_t word = 0, end, none = r->folded.count;
	int label;

	while (word < none) {
		label = r->words[word].label;
		if (label != FORM_NO_FIELD &&
		    r->form->fields[label].type == FORM_PLACE) {
			word = form_part_end(r, word);
			continue;
		}
		if (label != FORM_NO_FIELD || r->words[word].taken) {
			word++;
			continue;
		}
		end = form_piece_end(r, word, marks);
		form_place_first(r, word, end, none, marks);
		while (word < end && !r->words[word].taken)
			word++;
		while (word < end && r->words[word].taken)
			word++;
	}
}

/* How many fields are for places, or only those that have none yet. */
static size_t
form_place_fields(const struct former *r, bool only_free)
{
	size_t count = 0;

	for (int i = 0; i < (int)r->form->field_count; i++)
		count += r->form->fields[i].type == FORM_PLACE &&
		    (!only_free || form_is_free(r, i));
	return (count);
}

void
form_places(struct former *r)
{
	uint8_t *marks = form_marks(r);
	bool labelled = form_place_label(r, 0) < r->folded.count;

	if (form_place_fields(r, false) > 1 && (labelled ||
	    (form_place_fields(r, true) > 1 && !form_asks(r, FORM_PLACE)))) {
		form_places_labelled(r, marks);
		form_places_in_order(r, marks);
	} else {
		form_place_alone(r, marks);
	}
	free(marks);
}
