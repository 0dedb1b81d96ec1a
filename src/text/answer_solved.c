/*
 * Answers to whether a report is solved, and the mark that people give. Runs in
 * glasd and glasctl. The question is asked by the database, once
 * (sql/code/67_solved.sql); a mark can be sent at any time.
 */
#include <stdio.h>
#include <string.h>

#include "text/answer_private.h"

#define SOLVED_ASKED 0		/* dialog.at: yes or no, or a mark at once */
#define SOLVED_MARK 1		/* a mark alone */
#define SOLVED_BEST 5
#define SOLVED_FEW_WORDS 2	/* "the light came": of whatever kind it is read */

/* "It is not mended, it is dark again": no, and what is the matter. */
static bool
solved_denied(const struct reading *r)
{
	return (r->unsolved && !r->told && r->emergency == EMERGENCY_NONE);
}

/* What it says to the question: a story that must not wait is none. */
static enum choice
solved_said(const struct reading *r)
{
	if (solved_denied(r))
		return (CHOICE_NO);
	if (r->solved != CHOICE_NONE && !r->told &&
	    r->emergency == EMERGENCY_NONE)
		return (r->solved);
	return (r->choice);
}

/* A kind that nobody is asked about whether it is solved: "no, and the police
 * beat me" is not for who has the street light. */
static bool
solved_is_delicate(const struct answering *a)
{
	int i = content_find_category(a->content, a->reading->code);

	return (i != CONTENT_NONE &&
	    !a->content->categories[i].category.named_in_reply);
}

/* In so many words it may be a report, whatever it begins with: of what is never
 * asked about, of another place than the case, or, for a yes, of anything else. */
static bool
solved_is_another(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	if (r->choice != CHOICE_NONE || !answer_tells(r))
		return (false);
	if (solved_is_delicate(a))
		return (true);
	if (solved_denied(r) ||
	    strcmp(c->reference, a->conversation->dialog.about) != 0)
		return (false);
	if (r->solved == CHOICE_YES && r->said > SOLVED_FEW_WORDS &&
	    strcmp(r->code, c->category) != 0)
		return (true);
	return (r->place != NULL && *c->municipality != '\0' &&
	    strcmp(r->place->municipality, c->municipality) != 0);
}

bool
answer_is_of_solved(const struct answering *a)
{
	const struct reading *r = a->reading;

	if (r->number >= 1 && r->number <= SOLVED_BEST)
		return (true);
	return (a->conversation->dialog.at == SOLVED_ASKED &&
	    solved_said(r) != CHOICE_NONE && !solved_is_another(a));
}

bool
answer_takes_no_solved(const struct answering *a)
{
	const struct dialog *d = &a->conversation->dialog;

	return (d->ask == DIALOG_SOLVED && d->at == SOLVED_ASKED);
}

static void
solved_mark(struct answering *a, const char *reference, const char *mark)
{
	struct dialog *d = &a->conversation->dialog;

	answer_act(a, ACT_RATING, reference, mark);
	if (d->at != SOLVED_ASKED)
		dialog_end(d);
	answer_say(a, REPLY_SERVICE, "RATED", NULL);
}

static void
solved_no(struct answering *a, const char *reference)
{
	const struct answer_field fields[] = {
		{ "REF", reference },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};

	answer_act(a, ACT_SOLVED, reference, "no");
	if (solved_denied(a->reading) || a->reading->choice != CHOICE_NO)
		answer_follow(a, reference);
	dialog_end(&a->conversation->dialog);
	/* In more words than a no has, what the matter is was just said. */
	if (a->reading->choice == CHOICE_NO)
		answer_say(a, REPLY_SERVICE, "SOLVED_NO", fields);
	else
		answer_say(a, REPLY_RECEIPT, "ADDED", fields);
}

static void
solved_ask_mark(struct answering *a, const char *reference)
{
	answer_ask(a, DIALOG_SOLVED, reference, SOLVED_MARK);
	answer_say(a, REPLY_SERVICE, "SOLVED_YES", NULL);
}

void
answer_solved_again(struct answering *a)
{
	const struct dialog *d = &a->conversation->dialog;
	const struct answer_field fields[] = { { "REF", d->about },
		{ NULL, NULL } };

	answer_say(a, REPLY_SERVICE, d->at == SOLVED_ASKED ? "SOLVED_ASK" :
	    "SOLVED_YES", fields);
}

void
answer_solved(struct answering *a)
{
	char reference[DIALOG_ABOUT_MAX], mark[24];

	memcpy(reference, a->conversation->dialog.about, sizeof reference);
	if (a->reading->number > 0) {
		snprintf(mark, sizeof mark, "%ld", a->reading->number);
		solved_mark(a, reference, mark);
	} else if (solved_said(a->reading) == CHOICE_NO) {
		solved_no(a, reference);
	} else {
		answer_act(a, ACT_SOLVED, reference, "yes");
		solved_ask_mark(a, reference);
	}
}

/* OCENA 4: of the report that was asked about, else of their newest. */
void
answer_rate(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;
	char reference[DIALOG_ABOUT_MAX];

	if (!dialog_asks(d, DIALOG_SOLVED, answer_came_at(a))) {
		dialog_begin(d, DIALOG_SOLVED,
		    a->conversation->asked.reference, SOLVED_MARK, 0);
	}
	memcpy(reference, d->about, sizeof reference);
	if (*reference == '\0') {
		dialog_end(d);
		answer_unclear(a);
	} else if (*a->reading->code == '\0') {
		solved_ask_mark(a, reference);
	} else {
		solved_mark(a, reference, a->reading->code);
	}
}
