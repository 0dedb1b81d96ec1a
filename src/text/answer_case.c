/*
 * Whether a text belongs to the case that its sender has: the same told again,
 * more of it, or another place. Runs in glasd and glasctl, called by
 * answer_dialog.c; changes no more than how the text was read.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/fold.h"
#include "text/similar.h"

#define CASE_SAME 0.75		/* share of words that two texts have */

bool
answer_case_open(const struct conversation_case *c)
{
	static const char *const open[] = { "new", "open", "referred",
		"answered" };

	for (size_t i = 0; *c->reference != '\0' &&
	    i < sizeof open / sizeof *open; i++) {
		if (strcmp(c->status, open[i]) == 0)
			return (true);
	}
	return (false);
}

/* A report of something: not only a name of a place, or some words. */
bool
answer_tells(const struct reading *r)
{
	return (r->intent == INTENT_REPORT && *r->code != '\0' &&
	    strcmp(r->code, "OTHER") != 0);
}

/* The village of a text in a municipality: several may have one of that name.
 * NULL: it names none there. */
const struct place *
answer_case_village(const struct answering *a, const char *text,
    const char *municipality)
{
	char *both = xasprintf("%s, %s", text, municipality);
	const struct place *p;
	struct reading r;

	reading_make(&r, a->content, both, a->conversation->lang);
	p = r.place;
	reading_clear(&r);
	free(both);
	return (p != NULL && *p->settlement != '\0' &&
	    strcmp(p->municipality, municipality) == 0 ? p : NULL);
}

/* A municipality alone may be the one of a village that was named before. */
const struct place *
answer_case_place(const struct answering *a)
{
	const char *before = a->conversation->asked.text;
	const struct place *p = a->reading->place, *village = NULL;

	if (*p->settlement == '\0' && before != NULL)
		village = answer_case_village(a, before, p->municipality);
	return (village != NULL ? village : p);
}

/* Where a text is about that names a place: one of which it is not sure which it
 * is may be in the municipality of the case. */
const struct place *
answer_case_where(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	if (r->place != NULL && *c->municipality == '\0')
		return (answer_case_place(a));
	if (r->place != NULL || !r->somewhere || *c->municipality == '\0')
		return (r->place);
	return (answer_case_village(a, a->given->text, c->municipality));
}

/* Who works on it wrote to them a while ago: what comes then answers that. */
static bool
case_is_told(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;

	return (c->told_at <= answer_came_at(a) &&
	    answer_came_within(a, c->told_at, CONTENT_SAME_WITHIN));
}

/* What was finished is opened by what tells something: not by thanks, or a text
 * for somebody else. */
bool
answer_case_takes(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	return (answer_case_open(c) || (case_is_told(a) &&
	    (r->intent != INTENT_UNCLASSIFIED || r->unsolved) &&
	    strcmp(c->status, "withdrawn") != 0));
}

void
answer_case_add(struct answering *a)
{
	a->reading->place = answer_case_where(a);
	a->reading->intent = INTENT_ADD;
	a->reading->code = "";
	/* A place alone is added, and asks nothing, as DOPUNA alone does. */
	a->reading->bare = false;
}

/* One word, which is also the name of one village: "solved" is like that. */
static bool
case_is_word(const struct answering *a)
{
	const struct place *called[PLACES_CALLED_MAX];
	const struct reading *r = a->reading;

	return (r->said == 1 && r->place == NULL && r->among != NULL &&
	    places_called(a->content->places, r->among->settlement,
	    called) == 1);
}

/* Another place is named than that of the case, or one that may be. */
static bool
case_elsewhere(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;
	const struct place *p;

	if (*c->municipality == '\0' || !r->somewhere || case_is_word(a))
		return (false);
	p = answer_case_where(a);
	return (p == NULL || strcmp(p->municipality, c->municipality) != 0 ||
	    (*p->settlement != '\0' && *c->settlement != '\0' &&
	    strcmp(p->settlement, c->settlement) != 0));
}

/* The same told twice is one report with two texts: of water that is missing in
 * the next village nobody has told before. */
bool
answer_case_told_twice(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;

	return (a->reading->intent == INTENT_REPORT && c->text != NULL &&
	    answer_case_open(c) &&
	    answer_came_within(a, c->reported_at, CONTENT_SAME_WITHIN) &&
	    strcmp(a->reading->code, c->category) == 0 &&
	    !case_elsewhere(a) &&
	    similar(a->given->text, c->text) >= CASE_SAME);
}

/* Goes on with what was said a moment ago, or answers what they were written: no
 * story of its own, or the same, and no other place. What is hardly a story is
 * one when it comes days after the other. */
bool
answer_case_goes_on(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;
	bool soon = answer_came_within(a, a->conversation->last_at,
	    CONTENT_FOLLOWUP_WITHIN), told = case_is_told(a);

	if ((!soon && !told) || r->command || !r->worth_answer ||
	    case_elsewhere(a))
		return (false);
	if (r->intent == INTENT_UNCLASSIFIED ||
	    (r->intent == INTENT_HELP && soon))
		return (true);
	if (r->intent != INTENT_REPORT || r->emergency != EMERGENCY_NONE)
		return (false);
	if ((told && r->unsolved) ||
	    (r->place == NULL && strcmp(r->code, c->category) == 0))
		return (true);
	if (told && !answer_tells(r) && r->words <= ANSWER_PLACE_WORDS)
		return (true);
	return (soon && (!answer_tells(r) || r->confidence < ANSWER_UNSURE));
}

/* "No, Vranje": the place that was just noted is another one. Without a stop
 * between them, it is Albanian for "in Vranje". */
bool
answer_case_corrected(const struct answering *a)
{
	const struct reading *r = a->reading;
	struct folded f;
	bool apart;

	if (r->intent != INTENT_REPORT || r->place == NULL ||
	    answer_tells(r) || r->choice != CHOICE_NO ||
	    r->words > ANSWER_PLACE_WORDS || !answer_came_within(a,
	    a->conversation->last_at, CONTENT_FOLLOWUP_WITHIN))
		return (false);
	fold_make(&f, a->given->text, strlen(a->given->text));
	apart = f.count > 1 && f.words[0].stop;
	fold_clear(&f);
	return (apart);
}
