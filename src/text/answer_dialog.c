/*
 * What a text means after what was asked and said before. Runs in glasd and
 * glasctl. One function for each question that can be open, found in a table;
 * a command leaves any of them, and so does a new report. What answers nothing
 * may belong to the case of a moment ago: answer_case.c. What is replied to an
 * answer is in answer_asked.c.
 */
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/fold.h"
#include "text/form.h"

#define DIALOG_NO_WORDS 2	/* "no", "no thanks" */
#define DIALOG_MISSED_WORDS 3	/* that are meant as one of a list */
#define DIALOG_DIGITS 3
#define DIALOG_MENU_MAX 999	/* what is more is the number of a report */
#define DIALOG_FOR "for/"	/* before a name, where a place may stand */

static void
dialog_answered(struct answering *a)
{
	a->reading->intent = INTENT_ANSWER;
}

void
answer_ask_what(struct answering *a)
{
	const struct place *p = a->reading->place;
	char about[PLACE_TEXT_MAX] = "";

	if (answer_is_helped(a))
		snprintf(about, sizeof about, DIALOG_FOR "%s",
		    a->reading->helped);
	else if (p != NULL)
		(void)place_text(p, about);
	answer_replace(about, ' ', '_');
	answer_ask(a, DIALOG_WHAT, about, 0);
}

const struct place *
answer_said_place(const struct answering *a)
{
	char about[DIALOG_ABOUT_MAX];

	snprintf(about, sizeof about, "%s", a->conversation->dialog.about);
	answer_replace(about, '_', ' ');
	return (places_named(a->content->places, about));
}

/* Who was named alone, before what happened was told. */
static void
dialog_said_name(struct answering *a)
{
	const char *about = a->conversation->dialog.about;

	if (strncmp(about, DIALOG_FOR, strlen(DIALOG_FOR)) != 0)
		return;
	snprintf(a->reading->helped, sizeof a->reading->helped, "%.31s",
	    about + strlen(DIALOG_FOR));
	answer_replace(a->reading->helped, '_', ' ');
}

/* Whatever is told then is what happened. */
static void
dialog_what(struct answering *a)
{
	struct reading *r = a->reading;

	dialog_said_name(a);
	if (r->intent == INTENT_UNCLASSIFIED && r->number < 0)
		r->intent = INTENT_REPORT;
	if (r->intent == INTENT_REPORT && r->place == NULL)
		r->place = answer_said_place(a);
}

/* A municipality alone may be the one of a village that was named before. */
static void
dialog_placed(struct answering *a)
{
	const char *before = a->conversation->asked.text;
	const struct place *p = a->reading->place, *village;

	if (*p->settlement == '\0' && before != NULL) {
		village = answer_case_village(a, before, p->municipality);
		if (village != NULL)
			a->reading->place = village;
	}
	dialog_answered(a);
}

/* "Vranje, and nobody takes the rubbish away": the place stands apart, the rest
 * is another report. */
static void
dialog_place_first(struct answering *a)
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

/* Which of those that were listed they come to, or not. */
static bool
dialog_asks_which(const struct dialog *d)
{
	return (d->ask == DIALOG_ATTEND && (*d->about < '0' ||
	    *d->about > '9'));
}

/* One of what was sent is to be chosen. */
static bool
dialog_is_list(const struct dialog *d)
{
	return (d->ask == DIALOG_GROUP || d->ask == DIALOG_TOPIC ||
	    d->ask == DIALOG_LANGUAGE || d->ask == DIALOG_VOTE ||
	    dialog_asks_which(d) || (d->ask == DIALOG_PLACE &&
	    strchr(d->about, '/') != NULL));
}

/* "Under number two" begins with a word for the state of a report. */
static bool
dialog_is_listed(const struct answering *a)
{
	return (dialog_is_list(&a->conversation->dialog) &&
	    form_number_said(a->given->text) >= 0);
}

/* What was meant with a list: "five" and "the third" are digits. */
static void
dialog_number(struct answering *a)
{
	if (a->reading->number < 0)
		a->reading->number = form_number_said(a->given->text);
}

/* Of the villages that were listed the one that is meant. What is none of them,
 * or their name again, is for the list once more; true: that was it. */
static bool
dialog_which(struct answering *a, const char *name)
{
	struct reading *r = a->reading;
	const struct place *said;

	if (*name == '\0')
		return (false);
	dialog_number(a);
	said = answer_which_said(a, name);
	if (said != NULL) {
		r->place = said;
		dialog_answered(a);
		return (true);
	}
	if ((r->number < 0 || r->number > DIALOG_MENU_MAX) &&
	    (r->among == NULL || strcmp(r->among->settlement, name) != 0))
		return (false);
	if (a->conversation->dialog.at == 0 || r->number >= 0)
		r->intent = INTENT_UNCLASSIFIED;
	return (true);
}

/* A place alone, or with the same thing told again, is the answer; what names
 * no place is kept with the case all the same. Another story is a case. */
static void
dialog_place(struct answering *a)
{
	const struct reading *r = a->reading;
	const struct conversation_case *c = &a->conversation->asked;
	const struct answer_where where = answer_where(a);
	bool theirs = strcmp(c->reference, where.reference) == 0;
	bool again = answer_tells(r) && strcmp(r->code, c->category) == 0;

	if (!theirs)
		return;
	if (answer_tells(r) && !again && !dialog_is_listed(a) &&
	    (r->words > ANSWER_PLACE_WORDS ||
	    r->emergency != EMERGENCY_NONE ||
	    r->confidence >= ANSWER_UNSURE)) {
		dialog_place_first(a);
		return;
	}
	if (!r->somewhere)
		reading_where(a->reading, a->content, a->given->text);
	if (dialog_which(a, where.name))
		return;
	if (r->place != NULL)
		dialog_placed(a);
	else if (r->among != NULL)
		dialog_answered(a);
	else if (r->intent == INTENT_UNCLASSIFIED || again)
		answer_case_add(a);
}

static void
dialog_group(struct answering *a)
{
	dialog_number(a);
	if (answer_group_said(a) != 0)
		dialog_answered(a);
}

static void
dialog_topic(struct answering *a)
{
	struct reading *r = a->reading;
	int topic;

	dialog_number(a);
	topic = content_topic_by_number(a->content, r->number);
	if (r->number < 0 || (topic == CONTENT_NONE &&
	    r->number > DIALOG_MENU_MAX))
		return;
	r->intent = INTENT_RIGHTS;
	if (topic != CONTENT_NONE)
		r->code = a->content->topics[topic].code;
	else
		snprintf(r->argument, sizeof r->argument, "%ld", r->number);
}

static void
dialog_language(struct answering *a)
{
	static const enum lang listed[] = { LANG_SR_LATN, LANG_SR_CYRL,
		LANG_SQ, LANG_ROM, LANG_BG, LANG_EN };
	long n;

	dialog_number(a);
	n = a->reading->number;
	if (n < 0 || n > DIALOG_MENU_MAX)
		return;
	a->reading->intent = INTENT_LANG;
	if (n >= 1 && n <= (long)(sizeof listed / sizeof *listed))
		a->reading->code = lang_name(listed[n - 1]);
}

/* The code of an erasure, which no other question makes another. */
static bool
dialog_is_code(const struct answering *a)
{
	const struct dialog *e = &a->conversation->erase;
	char code[DIALOG_ABOUT_MAX];

	snprintf(code, sizeof code, "%04ld", a->reading->number);
	return (dialog_asks(e, DIALOG_ERASE, answer_came_at(a)) &&
	    strcmp(code, e->about) == 0);
}

/* The code alone will do. */
static void
dialog_erase(struct answering *a)
{
	if (a->reading->number < 0)
		return;
	a->reading->intent = INTENT_ERASE;
	snprintf(a->reading->argument, sizeof a->reading->argument, "%04ld",
	    a->reading->number);
	a->reading->code = a->reading->argument;
}

/* "Of course, I come": the word for it behind another one. */
static void
dialog_attend_behind(struct answering *a)
{
	struct reading *r = a->reading, behind;
	const char *text = strchr(a->given->text, ' ');

	if (r->intent != INTENT_UNCLASSIFIED || text == NULL ||
	    r->words > DIALOG_MISSED_WORDS)
		return;
	reading_make(&behind, a->content, text, a->conversation->lang);
	if (behind.intent == INTENT_ATTEND) {
		r->intent = INTENT_ATTEND;
		r->code = strcmp(behind.code, "NO") == 0 ? "NO" : "YES";
	}
	reading_clear(&behind);
}

static void
dialog_attend(struct answering *a)
{
	struct reading *r = a->reading;
	const struct dialog *d = &a->conversation->dialog;
	long n;

	if (dialog_asks_which(d)) {
		dialog_number(a);
		n = answer_event_listed(a, form_order_said(a->given->text));
		if (n > 0)
			r->number = n;
		if (r->number < 0 || r->number > DIALOG_MENU_MAX)
			return;
		r->intent = INTENT_ATTEND;
		r->code = strcmp(d->about, "no") == 0 ? "NO" : "YES";
		snprintf(r->argument, sizeof r->argument, "%ld", r->number);
		return;
	}
	if (r->choice == CHOICE_NONE && r->consent != CHOICE_YES) {
		dialog_attend_behind(a);
		return;
	}
	r->intent = INTENT_ATTEND;
	r->code = r->choice == CHOICE_NO ? "NO" : "YES";
}

static void
dialog_field(struct answering *a)
{
	if (answer_is_of_form(a, answer_tells(a->reading)))
		dialog_answered(a);
}

static void
dialog_solved(struct answering *a)
{
	dialog_number(a);
	if (answer_is_of_solved(a))
		dialog_answered(a);
}

/* Only yes and no are words that are kept as consent. */
static void
dialog_step(struct answering *a)
{
	if (a->reading->consent != CHOICE_NONE)
		dialog_answered(a);
}

/* A story of something else in another municipality than that of the case. */
static bool
dialog_is_another(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	return (answer_tells(r) && r->confidence >= ANSWER_UNSURE &&
	    r->place != NULL && *c->municipality != '\0' &&
	    strcmp(c->reference, a->conversation->dialog.about) == 0 &&
	    strcmp(r->place->municipality, c->municipality) != 0 &&
	    strcmp(r->code, c->category) != 0);
}

/* Whatever they say, but what begins with the word for a report, what must not
 * wait for a person, and another story. */
static void
dialog_question(struct answering *a)
{
	if (!a->reading->told && a->reading->emergency == EMERGENCY_NONE &&
	    !dialog_is_another(a))
		dialog_answered(a);
}

/* What begins with the word for a report, or must not wait, is no answer to a
 * word that was sent alone. */
static bool
dialog_is_announced(const struct reading *r)
{
	return (!r->told && r->emergency == EMERGENCY_NONE && r->number < 0);
}

static void
dialog_debate(struct answering *a)
{
	struct reading *r = a->reading;

	if (!dialog_is_announced(r))
		return;
	r->intent = INTENT_REPORT;
	r->code = r->guess = "DEBATE";
	r->confidence = 100;
	r->bare = false;
}

/* Of what is delicate, and surely told: the police, violence. "Do not pass it on"
 * is no answer to who was beaten. */
static bool
dialog_is_delicate(const struct answering *a)
{
	const struct reading *r = a->reading;
	int i = content_find_category(a->content, r->code);

	return (answer_tells(r) && r->confidence >= ANSWER_UNSURE &&
	    i != CONTENT_NONE &&
	    !a->content->categories[i].category.named_in_reply);
}

static void
dialog_rumour(struct answering *a)
{
	if (!dialog_is_announced(a->reading) || dialog_is_delicate(a))
		return;
	a->reading->intent = INTENT_RUMOUR;
	a->reading->bare = false;
}

/* "4 1 yes": as it stands in a list of several polls. */
static bool
dialog_two_numbers(const struct answering *a, char out[32])
{
	struct folded f;
	bool two;

	fold_make(&f, a->given->text, strlen(a->given->text));
	two = f.count > 1 && f.count <= DIALOG_MISSED_WORDS &&
	    f.words[0].digits && f.words[0].len <= DIALOG_DIGITS &&
	    f.words[1].digits && f.words[1].len <= DIALOG_DIGITS;
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
dialog_votes_words(const struct answering *a, char vote[32])
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

/* A number of the list that was sent, or its words. */
static void
dialog_vote(struct answering *a)
{
	struct reading *r = a->reading;
	const char *poll = a->conversation->dialog.about;
	char vote[sizeof r->argument] = "";

	dialog_number(a);
	if ((r->number >= 0 || !dialog_votes_words(a, vote)) &&
	    (*poll != '\0' || !dialog_two_numbers(a, vote)) &&
	    r->number >= 0 && r->number <= DIALOG_MENU_MAX)
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
dialog_more(struct answering *a)
{
	if (answer_is_right(a->conversation->dialog.about))
		dialog_topic(a);
}

static void
dialog_nothing(struct answering *a)
{
	(void)a;
}

static void (*const dialog_answers[])(struct answering *) = {
	[DIALOG_NOTHING] = dialog_nothing,
	[DIALOG_WHAT] = dialog_what,
	[DIALOG_PLACE] = dialog_place,
	[DIALOG_GROUP] = dialog_group,
	[DIALOG_TOPIC] = dialog_topic,
	[DIALOG_LANGUAGE] = dialog_language,
	[DIALOG_ERASE] = dialog_erase,
	[DIALOG_ATTEND] = dialog_attend,
	[DIALOG_FIELD] = dialog_field,
	[DIALOG_SOLVED] = dialog_solved,
	[DIALOG_STEP] = dialog_step,
	[DIALOG_QUESTION] = dialog_question,
	[DIALOG_DEBATE] = dialog_debate,
	[DIALOG_RUMOUR] = dialog_rumour,
	[DIALOG_VOTE] = dialog_vote,
	[DIALOG_MORE] = dialog_more,
};

/* Whether the octets say something, and thank for nothing. */
static bool
dialog_part_says(const struct answering *a, const char *text, size_t len)
{
	char *part = xstrndup(text, len);
	struct reading r;
	bool says;

	reading_make(&r, a->content, part, a->conversation->lang);
	says = !r.thanks && r.worth_answer && r.words > 0 &&
	    r.machine == MACHINE_NONE;
	reading_clear(&r);
	free(part);
	return (says);
}

/* "On Tuesday, thank you": more than thanks, which stand apart from it. */
static bool
dialog_says_besides(const struct answering *a)
{
	const char *text = a->given->text;
	const char *comma = strpbrk(text, ",.!\n");

	return (comma != NULL &&
	    (dialog_part_says(a, text, (size_t)(comma - text)) ||
	    dialog_part_says(a, comma + 1, strlen(comma + 1))));
}

/* "No, thank you", "tense, thanks": an answer that thanks besides. */
static bool
dialog_is_polite(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	if (r->machine != MACHINE_NONE)
		return (false);
	if (ask == DIALOG_STEP)
		return (r->consent != CHOICE_NONE);
	if (!r->thanks)
		return (false);
	/* Thanks alone are none. */
	if (ask == DIALOG_QUESTION)
		return (r->polite != CHOICE_NONE ||
		    r->consent != CHOICE_NONE || dialog_says_besides(a));
	if (ask == DIALOG_PLACE)
		return (r->among != NULL);
	if (ask == DIALOG_FIELD)
		return (answer_takes_value(a));
	if (ask == DIALOG_GROUP)
		return (answer_group_said(a) != 0);
	return (r->polite != CHOICE_NONE && (ask == DIALOG_ATTEND ||
	    ask == DIALOG_SOLVED || ask == DIALOG_VOTE));
}

/* Whether it may be an answer. A question for a debate is like one about a
 * right or, of who has no case, how something stands. */
static bool
dialog_is_heard(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	if (!r->worth_answer && !dialog_is_polite(a))
		return (false);
	return (!r->command || dialog_is_listed(a) || (ask == DIALOG_DEBATE &&
	    (r->intent == INTENT_RIGHTS || (r->intent == INTENT_STATUS &&
	    *a->conversation->asked.reference == '\0')) &&
	    r->words > DIALOG_NO_WORDS));
}

/* Whether it was sent again, and a yes or no after that is what it is without:
 * a list stands in nobody's way, and of a place there is a case. */
static bool
dialog_is_missed_twice(const struct dialog *d)
{
	return (d->at > 0 && (d->ask == DIALOG_GROUP ||
	    d->ask == DIALOG_TOPIC || d->ask == DIALOG_LANGUAGE ||
	    d->ask == DIALOG_PLACE));
}

/* A bare yes or no, or a number, means what was asked, which it may not answer;
 * it is no vote in a poll. */
static bool
dialog_is_choice(const struct answering *a)
{
	const struct reading *r = a->reading;
	const struct dialog *d = &a->conversation->dialog;

	return (r->intent == INTENT_VOTE && !r->command &&
	    (r->choice != CHOICE_NONE || r->number >= 0) &&
	    d->ask != DIALOG_NOTHING && d->ask != DIALOG_VOTE &&
	    d->ask != DIALOG_MORE && !dialog_is_missed_twice(d));
}

/* Once. A code, a mark, a step and a field have another use for `at`. */
static bool
dialog_repeats(struct dialog *d)
{
	if (d->ask == DIALOG_ERASE || d->ask == DIALOG_SOLVED ||
	    d->ask == DIALOG_STEP || d->ask == DIALOG_FIELD)
		return (true);
	return (d->at++ == 0);
}

/* A vote that nothing says is one, nor a word for it. */
static bool
dialog_is_no_vote(const struct answering *a)
{
	const struct reading *r = a->reading;

	return (r->intent == INTENT_VOTE && !r->command &&
	    a->conversation->dialog.ask != DIALOG_VOTE);
}

/* A list that somebody answered with something that is not in it is sent once
 * more, one of villages when they begin to choose: a few words that may be more
 * of their case are not taken for that. */
static bool
dialog_is_missed(const struct answering *a)
{
	const struct dialog *d = &a->conversation->dialog;
	const struct reading *r = a->reading;
	bool village = d->ask == DIALOG_PLACE;

	if (!dialog_is_list(d) || d->at != 0 || !r->worth_answer ||
	    r->thanks || r->words > DIALOG_MISSED_WORDS)
		return (false);
	if (dialog_is_no_vote(a))
		return (true);
	if (r->intent != INTENT_UNCLASSIFIED ||
	    (village && r->number < 0 && r->among == NULL))
		return (false);
	return (r->number >= 0 || village ||
	    !answer_case_open(&a->conversation->asked) ||
	    !answer_case_goes_on(a));
}

/* Who asks what one can write, and who reads it, has left nothing. What a form
 * asks for is told from all else, and waits for more. Who votes meanwhile answers
 * with a number next, and not with another vote. */
static bool
dialog_waits(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	if (ask == DIALOG_MORE)
		return (false);
	return (r->intent == INTENT_WHO || (r->intent == INTENT_HELP &&
	    r->command) || (r->intent == INTENT_VOTE && r->command &&
	    !r->leaves && ask != DIALOG_VOTE) || (ask == DIALOG_FIELD &&
	    (r->intent == INTENT_STATUS || r->intent == INTENT_RIGHTS ||
	    r->intent == INTENT_BODY || r->intent == INTENT_RUMOUR)));
}

/* Nothing but yes or no, while nobody asked for a vote: who works on their case
 * may have asked them something. */
static bool
dialog_is_of_case(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	return (r->intent == INTENT_VOTE && !r->command && r->words == 1 &&
	    r->choice != CHOICE_NONE && ask != DIALOG_VOTE);
}

/* "I do not know" begins as a no does, and is none. */
static bool
dialog_is_undecided(const struct answering *a)
{
	static const char *const words[] = { "ne znam", "neznam", "ne znaem",
		"mozda", "nuk e di", "nuk di", "se di", "ndoshta",
		"na dzanav", "na djanav", "i dont know", "i do not know",
		"dont know", "maybe", "moze bi" };
	enum dialog_ask ask = a->conversation->dialog.ask;
	const struct reading *r = a->reading;
	struct folded f;
	bool is = false;

	if ((ask != DIALOG_ATTEND && ask != DIALOG_SOLVED) ||
	    r->words > DIALOG_MISSED_WORDS || answer_tells(r) ||
	    r->place != NULL || r->emergency != EMERGENCY_NONE)
		return (false);
	fold_make(&f, a->given->text, strlen(a->given->text));
	for (size_t i = 0; i < sizeof words / sizeof *words && !is; i++) {
		size_t len = strlen(words[i]);

		is = strncmp(f.text, words[i], len) == 0 &&
		    (f.text[len] == '\0' || f.text[len] == ' ');
	}
	fold_clear(&f);
	return (is);
}

/* "End" and "no" close a question, and nothing else. */
static bool
dialog_closed(struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;
	char vote[sizeof r->argument];

	/* "No lights here" is no answer but a report. */
	if (!r->ends && !dialog_is_undecided(a) && (r->choice != CHOICE_NO ||
	    (ask == DIALOG_ATTEND &&
	    !dialog_asks_which(&a->conversation->dialog)) ||
	    ask == DIALOG_STEP ||
	    ask == DIALOG_QUESTION ||
	    answer_takes_no_solved(a) || dialog_votes_words(a, vote) ||
	    r->words > DIALOG_NO_WORDS || r->command ||
	    r->intent == INTENT_REPORT || r->place != NULL ||
	    r->emergency != EMERGENCY_NONE))
		return (false);
	/* More than a bare "no" is kept with the entry. */
	if (ask == DIALOG_FIELD && ((!r->ends && r->words > 1) ||
	    answer_takes_value(a)))
		return (false);
	dialog_end(&a->conversation->dialog);
	dialog_answered(a);
	return (true);
}

/* Says where it was, and hardly more: by the police station nobody of them need
 * have done anything. What surely tells of them is a case of its own. */
static bool
dialog_is_where(const struct answering *a)
{
	const struct conversation_case *c = &a->conversation->asked;
	const struct reading *r = a->reading;

	if (r->command || r->words > ANSWER_PLACE_WORDS ||
	    (answer_tells(r) && strcmp(r->code, c->category) == 0))
		return (false);
	return (a->conversation->dialog.ask == DIALOG_PLACE ||
	    (r->place != NULL && *c->municipality == '\0'));
}

/* What was asked long ago is not asked any more. */
static void
dialog_expire(struct answering *a)
{
	struct conversation *c = a->conversation;

	if (answer_came_at(a) >= c->dialog.until)
		dialog_end(&c->dialog);
	if (answer_came_at(a) >= c->erase.until)
		dialog_end(&c->erase);
}

/* A vote of a word, and STOP behind it, is STOP where something else is asked. */
static void
dialog_leave(struct answering *a)
{
	struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	if (r->leaves && r->words == 2 && ask != DIALOG_NOTHING &&
	    ask != DIALOG_MORE && ask != DIALOG_VOTE) {
		r->leaves = false;
		r->intent = INTENT_STOP;
		r->code = "";
	}
}

/* Answers with what cannot be the answer: most are asked once more. */
static bool
dialog_misses(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;

	if (dialog_is_choice(a)) {
		a->reading->intent = INTENT_UNCLASSIFIED;
		a->again = dialog_repeats(d);
		return (true);
	}
	if (dialog_is_missed(a)) {
		d->at = 1;
		a->again = true;
		return (true);
	}
	return (false);
}

/* What answers nothing is more of the case of a moment ago. */
static bool
dialog_is_more(const struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;

	return (ask != DIALOG_WHAT && ask != DIALOG_DEBATE &&
	    answer_case_open(&a->conversation->asked) &&
	    (answer_case_told_twice(a) || answer_case_goes_on(a) ||
	    dialog_is_of_case(a)));
}

/* Whether what is asked goes on being asked. */
static bool
dialog_stays(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	/* It is asked again in that language. */
	if (r->intent == INTENT_LANG && *r->code != '\0' &&
	    ask != DIALOG_LANGUAGE)
		return (true);
	/* A question of a person waits while something else is asked for. */
	if ((ask == DIALOG_QUESTION && r->command) || dialog_waits(a))
		return (true);
	/* A step waits for its yes or no, whatever else is said of the case. */
	if (ask == DIALOG_STEP && r->intent != INTENT_STOP &&
	    r->intent != INTENT_ANSWER &&
	    (r->command || r->intent != INTENT_REPORT))
		return (true);
	/* Left by whatever else is said; DALJE, OBRISI and OCENA go on with
	 * theirs. */
	return (r->intent == INTENT_ANSWER || r->intent == INTENT_MORE ||
	    r->intent == INTENT_ERASE || r->intent == INTENT_ATTEND ||
	    r->intent == INTENT_RATE || !r->worth_answer);
}

void
answer_dialog(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;
	struct reading *r = a->reading;
	enum intent before;
	bool where;

	if (a->given->told)
		return;
	if (r->intent == INTENT_ADD)
		r->place = answer_case_where(a);
	dialog_expire(a);
	where = dialog_is_where(a);
	if (answer_is_helped(a) && !answer_helped(a)) {
		if (answer_case_told_twice(a) &&
		    answer_helped_is(a, a->conversation->asked.text))
			answer_case_add(a);
		return;
	}
	dialog_leave(a);
	before = r->intent;
	if (d->ask != DIALOG_NOTHING && d->ask != DIALOG_MORE &&
	    dialog_closed(a))
		return;
	if (dialog_is_heard(a))
		dialog_answers[dialog_is_code(a) ? DIALOG_ERASE : d->ask](a);
	if (dialog_misses(a))
		return;
	if (r->intent == before && dialog_is_more(a))
		answer_case_add(a);
	r->nearby = where &&
	    (r->intent == INTENT_ANSWER || r->intent == INTENT_ADD);
	if (!dialog_stays(a))
		dialog_end(d);
}
