/*
 * What answers each question that can be open: one function for each, found in
 * a table, which reads the text as the answer, or leaves it as it was read.
 * Runs in glasd and glasctl; owns nothing. When a text is asked whether it
 * answers at all, and what becomes of the question, is in answer_dialog.c; what
 * is replied to an answer in answer_asked.c.
 */
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/fold.h"
#include "text/form.h"

#define QUESTION_FEW_WORDS 3
#define QUESTION_DIGITS 3
#define QUESTION_CODE_DIGITS 4
#define QUESTION_MENU_MAX 999	/* what is more is the number of a report */
#define QUESTION_FOR "for/"	/* before a name, where a place may stand */

static void
question_answered(struct answering *a)
{
	a->reading->intent = INTENT_ANSWER;
}

void
answer_ask_what(struct answering *a)
{
	const struct place *p = a->reading->place;
	char about[PLACE_TEXT_MAX] = "";

	if (answer_is_helped(a))
		snprintf(about, sizeof about, QUESTION_FOR "%s",
		    a->reading->helped);
	else if (p != NULL)
		(void)place_text(p, about);
	else if (a->reading->among != NULL)
		snprintf(about, sizeof about, "/%s",
		    a->reading->among->settlement);
	answer_replace(about, ' ', '_');
	answer_ask(a, DIALOG_WHAT, about, 0);
}

const struct place *
answer_said_place(const struct answering *a, const struct place **among)
{
	const struct place *called[PLACES_CALLED_MAX];
	char about[DIALOG_ABOUT_MAX];

	snprintf(about, sizeof about, "%s", a->conversation->dialog.about);
	answer_replace(about, '_', ' ');
	*among = *about == '/' && places_called(a->content->places, about + 1,
	    called) > 0 ? called[0] : NULL;
	return (places_named(a->content->places, about));
}

/* Who was named alone, before what happened was told. */
static void
question_said_name(struct answering *a)
{
	const char *about = a->conversation->dialog.about;

	if (strncmp(about, QUESTION_FOR, strlen(QUESTION_FOR)) != 0)
		return;
	snprintf(a->reading->helped, sizeof a->reading->helped, "%.31s",
	    about + strlen(QUESTION_FOR));
	answer_replace(a->reading->helped, '_', ' ');
}

/* Where it happened, of which one half may have been said before and the other
 * now: the municipality, and a village that several have. */
static void
question_said_place(struct answering *a)
{
	struct reading *r = a->reading;
	const struct place *among, *said = answer_said_place(a, &among);
	const struct place *village = NULL;

	if (r->place == NULL && r->among == NULL) {
		r->place = said;
		r->among = among;
		return;
	}
	if (r->place == NULL && said != NULL)
		village = answer_case_village(a, a->given->text,
		    said->municipality);
	else if (r->place != NULL && *r->place->settlement == '\0' &&
	    among != NULL)
		village = answer_case_village(a, among->settlement,
		    r->place->municipality);
	if (village != NULL)
		r->place = village;
}

/* What was guessed to be a command is told of what it may be about. */
static void
question_reported(struct reading *r)
{
	r->intent = INTENT_REPORT;
	r->code = r->guess = r->about[0];
	r->second = r->about[1];
	r->confidence = ANSWER_UNSURE;
}

/* Whatever is told then is what happened. */
static void
question_what(struct answering *a)
{
	struct reading *r = a->reading;

	question_said_name(a);
	if (r->intent == INTENT_UNCLASSIFIED && r->number < 0)
		r->intent = INTENT_REPORT;
	if (r->guessed)
		question_reported(r);
	if (r->intent == INTENT_REPORT)
		question_said_place(a);
}

/* "Vranje, and nobody takes the rubbish away": the place stands apart, the rest
 * is another report. */
static void
question_place_first(struct answering *a)
{
	const char *text = a->given->text;
	char *beginning, where[PLACE_TEXT_MAX];
	struct reading r;
	struct folded f;
	size_t n = 0;

	fold_make(&f, text, strlen(text));
	while (n + 1 < f.count && !f.words[n].stop)
		n++;
	beginning = f.count > 0 ? xstrndup(text, f.words[n].to) : xstrdup("");
	fold_clear(&f);
	reading_make(&r, a->content, beginning, a->conversation->lang);
	if (r.intent == INTENT_REPORT && r.bare && r.place != NULL)
		answer_act(a, ACT_PLACE, answer_where(a).reference,
		    place_text(r.place, where));
	reading_clear(&r);
	free(beginning);
}

/* "Under number two" begins with a word for the state of a report. */
bool
answer_is_listed(const struct answering *a)
{
	return (dialog_is_list(&a->conversation->dialog) &&
	    form_number_said(a->given->text) >= 0);
}

/* What was meant with a list: "five" and "the third" are digits. */
static void
question_number(struct answering *a)
{
	if (a->reading->number < 0)
		a->reading->number = form_number_said(a->given->text);
}

/* Of the villages that were listed the one that is meant. What is none of them,
 * or their name again, is for the list once more; true: that was it. */
static bool
question_which(struct answering *a, const char *name)
{
	struct reading *r = a->reading;
	const struct place *said;

	if (*name == '\0')
		return (false);
	question_number(a);
	said = answer_which_said(a, name);
	if (said != NULL) {
		r->place = said;
		question_answered(a);
		return (true);
	}
	if ((r->number < 0 || r->number > QUESTION_MENU_MAX) &&
	    (r->among == NULL || strcmp(r->among->settlement, name) != 0))
		return (false);
	if (a->conversation->dialog.at == 0 || r->number >= 0)
		r->intent = INTENT_UNCLASSIFIED;
	return (true);
}

/* A place alone, or with the same thing told again, is the answer; what names
 * no place is kept with the case all the same. Another story is a case. */
static void
question_place(struct answering *a)
{
	const struct reading *r = a->reading;
	const struct conversation_case *c = &a->conversation->asked;
	const struct answer_where where = answer_where(a);
	bool theirs = strcmp(c->reference, where.reference) == 0;
	bool again = answer_tells(r) && strcmp(r->code, c->category) == 0;

	if (!theirs)
		return;
	if (answer_tells(r) && !again && !answer_is_listed(a) &&
	    (r->words > ANSWER_PLACE_WORDS ||
	    r->emergency != EMERGENCY_NONE ||
	    r->confidence >= ANSWER_UNSURE)) {
		question_place_first(a);
		return;
	}
	if (!r->somewhere)
		reading_where(a->reading, a->content, a->given->text);
	if (question_which(a, where.name))
		return;
	if (r->place != NULL)
		a->reading->place = answer_case_place(a);
	if (r->place != NULL || r->among != NULL)
		question_answered(a);
	else if (r->intent == INTENT_UNCLASSIFIED || again)
		answer_case_add(a);
}

static void
question_group(struct answering *a)
{
	question_number(a);
	if (answer_group_said(a) != 0)
		question_answered(a);
}

static void
question_topic(struct answering *a)
{
	struct reading *r = a->reading;
	int topic;

	question_number(a);
	topic = content_topic_by_number(a->content, r->number);
	if (r->number < 0 || (topic == CONTENT_NONE &&
	    r->number > QUESTION_MENU_MAX))
		return;
	r->intent = INTENT_RIGHTS;
	if (topic != CONTENT_NONE)
		r->code = a->content->topics[topic].code;
	else
		snprintf(r->argument, sizeof r->argument, "%ld", r->number);
}

static void
question_language(struct answering *a)
{
	static const enum lang listed[] = { LANG_SR_LATN, LANG_SR_CYRL,
		LANG_SQ, LANG_ROM, LANG_BG, LANG_EN };
	long n;

	question_number(a);
	n = a->reading->number;
	if (n < 0 || n > QUESTION_MENU_MAX)
		return;
	a->reading->intent = INTENT_LANG;
	if (n >= 1 && n <= (long)(sizeof listed / sizeof *listed))
		a->reading->code = lang_name(listed[n - 1]);
}

/* Four digits, and nothing else. */
static bool
question_has_four_digits(const struct answering *a)
{
	const char *text = a->given->text + strspn(a->given->text, " ");
	size_t digits = strspn(text, "0123456789");

	return (digits == QUESTION_CODE_DIGITS &&
	    text[digits + strspn(text + digits, " .!\n")] == '\0');
}

/* The code of an erasure, which no other question makes another; where nothing
 * is asked, four other digits are meant for it. */
static bool
question_is_code(const struct answering *a)
{
	const struct dialog *e = &a->conversation->erase;
	enum dialog_ask ask = a->conversation->dialog.ask;
	char code[DIALOG_ABOUT_MAX];

	if (!dialog_asks(e, DIALOG_ERASE, answer_came_at(a)))
		return (false);
	snprintf(code, sizeof code, "%04ld", a->reading->number);
	return (strcmp(code, e->about) == 0 || (question_has_four_digits(a) &&
	    (ask == DIALOG_NOTHING || ask == DIALOG_MORE)));
}

/* The code alone will do. */
static void
question_erase(struct answering *a)
{
	if (a->reading->number < 0)
		return;
	a->reading->intent = INTENT_ERASE;
	snprintf(a->reading->argument, sizeof a->reading->argument, "%04ld",
	    a->reading->number);
	a->reading->code = a->reading->argument;
}

/* Where it stands in the list; yes is the only one. */
static void
question_event(struct answering *a)
{
	struct reading *r = a->reading;
	long n = answer_event_listed(a, form_order_said(a->given->text));

	if (n == 0 && r->number < 0 && (r->choice == CHOICE_YES ||
	    r->consent == CHOICE_YES) && answer_event_listed(a, 2) == 0)
		n = answer_event_listed(a, 1);
	if (n > 0)
		r->number = n;
}

/* "Of course, I come": the word for it behind another one. */
static void
question_attend_behind(struct answering *a)
{
	struct reading *r = a->reading, behind;
	const char *text = strchr(a->given->text, ' ');

	if (r->intent != INTENT_UNCLASSIFIED || text == NULL ||
	    r->words > QUESTION_FEW_WORDS)
		return;
	reading_make(&behind, a->content, text, a->conversation->lang);
	if (behind.intent == INTENT_ATTEND) {
		r->intent = INTENT_ATTEND;
		r->code = strcmp(behind.code, "NO") == 0 ? "NO" : "YES";
	}
	reading_clear(&behind);
}

static void
question_attend(struct answering *a)
{
	struct reading *r = a->reading;
	const struct dialog *d = &a->conversation->dialog;

	if (dialog_asks_which(d)) {
		question_number(a);
		question_event(a);
		if (r->number < 0 || r->number > QUESTION_MENU_MAX)
			return;
		r->intent = INTENT_ATTEND;
		r->code = strcmp(d->about, "no") == 0 ? "NO" : "YES";
		snprintf(r->argument, sizeof r->argument, "%ld", r->number);
		return;
	}
	if (r->choice == CHOICE_NONE && r->consent != CHOICE_YES) {
		question_attend_behind(a);
		return;
	}
	r->intent = INTENT_ATTEND;
	r->code = r->choice == CHOICE_NO ? "NO" : "YES";
}

static void
question_field(struct answering *a)
{
	if (answer_is_of_form(a, answer_tells(a->reading)))
		question_answered(a);
}

/* A story of something else in another municipality than that of the case. */
static bool
question_is_another(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	return (answer_tells(r) && r->confidence >= ANSWER_UNSURE &&
	    r->place != NULL && *c->municipality != '\0' &&
	    strcmp(c->reference, a->conversation->dialog.about) == 0 &&
	    strcmp(r->place->municipality, c->municipality) != 0 &&
	    strcmp(r->code, c->category) != 0);
}

static void
question_solved(struct answering *a)
{
	question_number(a);
	if (answer_is_of_solved(a) && !question_is_another(a))
		question_answered(a);
}

/* Only yes and no are words that are kept as consent. */
static void
question_step(struct answering *a)
{
	if (a->reading->consent != CHOICE_NONE)
		question_answered(a);
}

/* Whatever they say, but what begins with the word for a report, what must not
 * wait for a person, and another story. A few words that only sound of danger
 * ("it is a metre deep") are an answer, which somebody is woken for. */
static void
question_question(struct answering *a)
{
	const struct reading *r = a->reading;
	bool danger = r->emergency != EMERGENCY_NONE && (!r->feared ||
	    r->words > ANSWER_PLACE_WORDS || answer_tells(r));

	if (!r->told && !danger && !question_is_another(a))
		question_answered(a);
}

/* What begins with the word for a report, or must not wait, is no answer to a
 * word that was sent alone, and neither is a yes or the name of a place. */
static bool
question_is_announced(const struct reading *r)
{
	return (!r->told && r->emergency == EMERGENCY_NONE && r->number < 0 &&
	    !r->bare && (r->words > 1 || r->choice == CHOICE_NONE));
}

static void
question_debate(struct answering *a)
{
	struct reading *r = a->reading;

	if (!question_is_announced(r))
		return;
	r->intent = INTENT_REPORT;
	r->code = r->guess = "DEBATE";
	r->confidence = 100;
	r->bare = r->urgent = false;
}

/* Of what is delicate, and surely told: the police, violence. "Do not pass it on"
 * is no answer to who was beaten. */
static bool
question_is_delicate(const struct answering *a)
{
	const struct reading *r = a->reading;
	int i = content_find_category(a->content, r->code);

	return (answer_tells(r) && r->confidence >= ANSWER_UNSURE &&
	    i != CONTENT_NONE &&
	    !a->content->categories[i].category.named_in_reply);
}

static void
question_rumour(struct answering *a)
{
	if (!question_is_announced(a->reading) || question_is_delicate(a))
		return;
	a->reading->intent = INTENT_RUMOUR;
	a->reading->bare = false;
}

/* "4 1 yes": as it stands in a list of several polls. */
static bool
question_two_numbers(const struct answering *a, char out[32])
{
	struct folded f;
	bool two;

	fold_make(&f, a->given->text, strlen(a->given->text));
	two = f.count > 1 && f.count <= QUESTION_FEW_WORDS &&
	    f.words[0].digits && f.words[0].len <= QUESTION_DIGITS &&
	    f.words[1].digits && f.words[1].len <= QUESTION_DIGITS;
	if (two)
		snprintf(out, 32, "%.*s %.*s", (int)f.words[0].len,
		    f.text + f.words[0].at, (int)f.words[1].len,
		    f.text + f.words[1].at);
	fold_clear(&f);
	return (two);
}

/* A bare yes or no, with or without a thank-you, where polls ask for it, or the
 * name of an option: the vote, "" where several polls ask. */
static bool
question_votes_words(const struct answering *a, char vote[32])
{
	const struct reading *r = a->reading;
	bool yes = r->choice == CHOICE_YES || r->polite == CHOICE_YES;
	size_t polls;
	long poll;

	*vote = '\0';
	if (a->conversation->dialog.ask != DIALOG_VOTE)
		return (false);
	if (r->polite == CHOICE_NONE &&
	    (r->words != 1 || r->choice == CHOICE_NONE))
		return (r->emergency == EMERGENCY_NONE &&
		    answer_vote_named(a, vote));
	polls = answer_vote_choices(a, &poll);
	if (polls == 1)
		snprintf(vote, 32, "%ld %s", poll, yes ? "YES" : "NO");
	return (polls > 0);
}

bool
answer_takes_vote(const struct answering *a)
{
	char vote[sizeof a->reading->argument];

	return (question_votes_words(a, vote));
}

/* A number of the list that was sent, or its words. */
static void
question_vote(struct answering *a)
{
	struct reading *r = a->reading;
	const char *poll = a->conversation->dialog.about;
	char vote[sizeof r->argument] = "";

	question_number(a);
	if ((r->number >= 0 || !question_votes_words(a, vote)) &&
	    (*poll != '\0' || !question_two_numbers(a, vote)) &&
	    r->number >= 0 && r->number <= QUESTION_MENU_MAX)
		snprintf(vote, sizeof vote, "%.15s%s%ld", poll,
		    *poll != '\0' ? " " : "", r->number);
	if (*vote == '\0')
		return;
	snprintf(r->argument, sizeof r->argument, "%s", vote);
	r->intent = INTENT_VOTE;
	r->code = r->argument;
}

/* A right that was chosen from the list, and is not yet told to its end. */
static void
question_more(struct answering *a)
{
	if (answer_is_right(a->conversation->dialog.about))
		question_topic(a);
}

static void
question_nothing(struct answering *a)
{
	(void)a;
}

static void (*const question_answers[])(struct answering *) = {
	[DIALOG_NOTHING] = question_nothing,
	[DIALOG_WHAT] = question_what,
	[DIALOG_PLACE] = question_place,
	[DIALOG_GROUP] = question_group,
	[DIALOG_TOPIC] = question_topic,
	[DIALOG_LANGUAGE] = question_language,
	[DIALOG_ERASE] = question_erase,
	[DIALOG_ATTEND] = question_attend,
	[DIALOG_FIELD] = question_field,
	[DIALOG_SOLVED] = question_solved,
	[DIALOG_STEP] = question_step,
	[DIALOG_QUESTION] = question_question,
	[DIALOG_DEBATE] = question_debate,
	[DIALOG_RUMOUR] = question_rumour,
	[DIALOG_VOTE] = question_vote,
	[DIALOG_MORE] = question_more,
};

void
answer_to_question(struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;

	question_answers[question_is_code(a) ? DIALOG_ERASE : ask](a);
}
