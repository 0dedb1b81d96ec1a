/*
 * What is replied to a text that answers what was asked. Runs in glasd and
 * glasctl; owns nothing. Forms are in answer_form.c, whether something is solved
 * in answer_solved.c.
 */
#include <stdio.h>
#include <string.h>

#include "text/answer_private.h"

void
answer_place(struct answering *a)
{
	const struct place *p = a->reading->place;
	const char *reference = a->conversation->asked.reference;
	char where[PLACE_TEXT_MAX], said[PLACE_TEXT_MAX];
	enum lang lang = LANG_SR_LATN;
	const struct answer_field fields[] = {
		{ "REF", reference },
		{ "PLACE", said },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};

	answer_follow(a, reference);
	answer_act(a, ACT_PLACE, reference, place_text(p, where));
	(void)answer_text(a, "PLACEOK", &lang);
	answer_place_name(p, lang, said);
	answer_say(a, REPLY_RECEIPT, "PLACEOK", fields);
}

static void
answer_group(struct answering *a)
{
	static const char *const groups[] = { "roma", "elderly", "woman",
		"private" };
	long n = a->reading->number;

	if (n >= 1 && n <= (long)(sizeof groups / sizeof *groups))
		answer_act(a, ACT_GROUP, "", groups[n - 1]);
	answer_say(a, REPLY_SERVICE, "THANKS", NULL);
}

static void
answer_step(struct answering *a)
{
	bool agreed = a->reading->consent == CHOICE_YES;
	char reference[sizeof a->answer->belongs];

	/* What else they say with it is for who works on the case. */
	if (!agreed && a->reading->words > ANSWER_PLACE_WORDS) {
		snprintf(reference, sizeof reference, "%.*s",
		    (int)strcspn(a->conversation->dialog.about, "/"),
		    a->conversation->dialog.about);
		answer_follow(a, reference);
	}
	answer_act(a, ACT_STEP, a->conversation->dialog.about,
	    agreed ? "yes" : "no");
	answer_say(a, REPLY_SERVICE, agreed ? "STEP_YES" : "STEP_NO", NULL);
}

/* The database knows the question by its report. */
static void
answer_question(struct answering *a)
{
	const char *reference = a->conversation->dialog.about;
	const struct answer_field fields[] = {
		{ "REF", reference },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};

	answer_follow(a, reference);
	answer_say(a, REPLY_RECEIPT, "ADDED", fields);
}

/* To the question that was open, which it closes. */
void
answer_answer(struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;

	if (ask == DIALOG_FIELD) {
		answer_field_of_form(a);
		return;
	}
	if (ask == DIALOG_SOLVED) {
		answer_solved(a);
		return;
	}
	if (ask == DIALOG_PLACE)
		answer_place(a);
	else if (ask == DIALOG_GROUP)
		answer_group(a);
	else if (ask == DIALOG_STEP && a->reading->consent != CHOICE_NONE)
		answer_step(a);
	else if (ask == DIALOG_QUESTION && !a->reading->ends)
		answer_question(a);
	else
		answer_say(a, REPLY_SERVICE, "CLOSED", NULL);
	if (a->conversation->dialog.ask == ask)
		dialog_end(&a->conversation->dialog);
}
