/*
 * What is replied to a text that answers what was asked. Runs in glasd and
 * glasctl; owns nothing. Forms are in answer_form.c, whether something is solved
 * in answer_solved.c.
 */
#include <stdio.h>
#include <string.h>

#include "text/answer_private.h"

#define ANSWER_GROUP_WORDS 4	/* "I am a woman" */
#define ANSWER_GROUP_LETTERS 3	/* fewer say nothing: "of" */

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
	/* The villages of before are not listed any more. */
	if (a->left.ask == DIALOG_PLACE)
		dialog_end(&a->left);
	(void)answer_text(a, "PLACEOK", &lang);
	answer_which_name(a, p, lang, said);
	answer_say(a, REPLY_RECEIPT, "PLACEOK", fields);
}

/* The place, or only the name of some villages: then the next question is which
 * of them. */
static void
answer_place_asked(struct answering *a)
{
	struct answer_where where = answer_where(a);

	dialog_end(&a->conversation->dialog);
	if (a->reading->place != NULL) {
		answer_place(a);
		return;
	}
	if (answer_text(a, "ASKWHICH", NULL) != NULL)
		snprintf(where.name, sizeof where.name, "%s",
		    a->reading->among->settlement);
	answer_follow(a, where.reference);
	answer_where_begin(a, where.reference, where.name);
	answer_where_ask(a, REPLY_RECEIPT, &where);
}

static const char *const answer_groups[] = { "roma", "elderly", "woman",
	"private" };

#define ANSWER_GROUPS ((int)(sizeof answer_groups / sizeof *answer_groups))

static bool
answer_group_has(const struct folded *said, const char *word, size_t len)
{
	for (size_t i = 0; i < said->count; i++) {
		const struct fold_word *w = &said->words[i];

		if (w->len >= ANSWER_GROUP_LETTERS && w->len == len &&
		    memcmp(said->text + w->at, word, len) == 0)
			return (true);
	}
	return (false);
}

/* One word is said, and others that say nothing. */
static bool
answer_group_is_all(const struct folded *said)
{
	size_t words = 0;

	for (size_t i = 0; i < said->count; i++)
		words += said->words[i].len >= ANSWER_GROUP_LETTERS;
	return (words == 1);
}

/* By the text that asks: "1 Roma, 2 over 65, 3 woman". What stands before the
 * first number, or is longer than one, is none. */
static int
answer_group_named(const struct folded *asked, const struct folded *said)
{
	int at = 0, found = 0;

	for (size_t i = 0; i < asked->count; i++) {
		const struct fold_word *w = &asked->words[i];
		const char *text = asked->text + w->at;

		if (w->digits && w->len == 1 && *text == '1' + at) {
			at++;
		} else if (at > 0 && answer_group_has(said, text, w->len)) {
			if (found != 0 && found != at)
				return (0);
			found = at;
		}
	}
	return (found);
}

int
answer_group_said(const struct answering *a)
{
	const struct reading *r = a->reading;
	const char *question = answer_text(a, "GROUP", NULL);
	struct folded asked, said;
	int n = 0;

	if (r->number >= 0)
		return (r->number <= ANSWER_GROUPS ? (int)r->number : 0);
	if (question == NULL || r->words > ANSWER_GROUP_WORDS ||
	    (r->emergency != EMERGENCY_NONE && !r->feared))
		return (0);
	fold_make(&asked, question, strlen(question));
	fold_make(&said, a->given->text, strlen(a->given->text));
	if (!r->feared || answer_group_is_all(&said))
		n = answer_group_named(&asked, &said);
	fold_clear(&said);
	fold_clear(&asked);
	return (n <= ANSWER_GROUPS ? n : 0);
}

void
answer_group_calm(struct answering *a)
{
	if (!a->reading->feared || !dialog_asks(&a->conversation->dialog,
	    DIALOG_GROUP, answer_came_at(a)) || answer_group_said(a) == 0)
		return;
	a->reading->emergency = EMERGENCY_NONE;
	a->reading->feared = a->reading->urgent = false;
}

static void
answer_group(struct answering *a)
{
	answer_act(a, ACT_GROUP, "", answer_groups[answer_group_said(a) - 1]);
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
	if (ask == DIALOG_PLACE) {
		answer_place_asked(a);
		return;
	}
	if (ask == DIALOG_GROUP)
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
