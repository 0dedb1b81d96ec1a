/*
 * What a person wants, by a list of rules that are tried in order: the first
 * that holds decides. Runs in glasd and glasctl. Danger stands above every
 * command; what no rule knows is a report when it speaks of life in common,
 * else it waits for a person as unclassified.
 */
#include "text/echo.h"
#include "text/reading_private.h"

#define INTENT_PHRASE_WORDS 10	/* nor is a phrase in a long text */
#define INTENT_SHORT 3
#define INTENT_TAKE_WORDS 8	/* more are no answer to who woke them */
/* Shares of nothing that is meant for us, from which words of answering machines
 * are those of one, and words of adverts of an advert. */
#define INTENT_AUTO_FROM 0.4
#define INTENT_ADVERT_FROM 0.7

/* It is about something, be it little. */
static bool
intent_is_about(const struct reader *r)
{
	int second;

	return (r->folded.count >= INTENT_SHORT &&
	    category_best(r, &second) != CONTENT_NONE);
}

static bool
intent_all_digits(const struct reader *r)
{
	for (size_t i = 0; i < r->folded.count; i++) {
		if (!r->folded.words[i].digits)
			return (false);
	}
	return (r->folded.count > 0);
}

/* Rules. Each returns whether it holds and then has set all but the intent. */

static bool
intent_is_nothing(struct reader *r)
{
	if (r->folded.count > 0 || r->folded.question)
		return (false);
	r->out->worth_answer = false;
	reader_trace(r, "no words in it");
	return (true);
}

static bool
intent_is_question_mark(struct reader *r)
{
	return (r->folded.count == 0 && r->folded.question);
}

/* A machine must not be answered, or two of them never end. */
static bool
intent_by_machine(struct reader *r, enum machine machine, const char *what)
{
	r->out->machine = machine;
	r->out->worth_answer = false;
	reader_trace(r, "%s", what);
	return (true);
}

static bool
intent_is_echo(struct reader *r)
{
	return (echo_is(r->content->echo, &r->folded) &&
	    intent_by_machine(r, MACHINE_ECHO, "our own words"));
}

/* Who complains about an answering machine is a person. */
static bool
intent_is_auto(struct reader *r)
{
	return (r->signs[SIGN_AUTO] > 0 && !category_complains(r) &&
	    !reader_in_danger(r) && r->out->place == NULL &&
	    r->intents[INTENT_REPORT] == 0 &&
	    !intent_is_of_person(r, INTENT_AUTO_FROM) &&
	    intent_by_machine(r, MACHINE_AUTO, "an answering machine"));
}

static bool
intent_is_machine(struct reader *r)
{
	bool machine = r->signs[SIGN_MACHINE] > 0 &&
	    r->intents[INTENT_STATUS] == 0 && !reader_in_danger(r);

	if (r->signs[SIGN_ADVERT] > 1 || (r->signs[SIGN_ADVERT] > 0 &&
	    !category_complains(r) && r->out->place == NULL &&
	    r->intents[INTENT_REPORT] == 0))
		machine = true;
	if (!machine || intent_is_of_person(r, INTENT_ADVERT_FROM))
		return (false);
	r->out->worth_answer = false;
	reader_trace(r, "a machine or an advert");
	return (true);
}

/* What stands beside STOP and means no more than it. */
static bool
intent_goes_with_stop(const struct keyword *k)
{
	return ((k->kind == KEYWORD_INTENT && k->code == INTENT_STOP) ||
	    (k->kind == KEYWORD_SIGN && (k->code == SIGN_POLITE ||
	    k->code == SIGN_THANKS || k->code == SIGN_GREETING ||
	    k->code == SIGN_TEXTING)));
}

/* "Stop, please", and not "stop violence". */
static bool
intent_is_stop_alone(const struct reader *r)
{
	bool known = r->folded.count == 1;

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];

		if (h->word + h->words > 1 &&
		    intent_goes_with_stop(reader_keyword(r, h)))
			known = true;
	}
	return (known && r->folded.count < INTENT_SHORT);
}

/* "Enough", "end" or "break off" begin many a cry: more words must say it
 * twice, and nobody who may be in danger is silenced. Who gets texts of
 * somebody else has something to report. */
static bool
intent_is_stop(struct reader *r)
{
	bool first = r->intent_first[INTENT_STOP];

	if (first && intent_list_word(r))
		return (true);
	if (r->intents[INTENT_STOP] == 0 || category_complains(r) ||
	    intent_is_of_matter(r) ||
	    (intent_is_not_ours(r) && !(first &&
	    intent_is_borne_out(r, INTENT_STOP))) ||
	    intent_is_doubted(r, INTENT_STOP))
		return (false);
	if (r->out->place != NULL) {
		if (!first || r->folded.count > INTENT_SHORT)
			return (false);
		intent_list(r);
		return (true);
	}
	if (first)
		return (r->intents[INTENT_STOP] > 1 || intent_is_stop_alone(r));
	return (r->actor == CONTENT_NONE && r->signs[SIGN_TEXTING] > 0 &&
	    r->folded.count <= INTENT_PHRASE_WORDS);
}

static bool
intent_is_start(struct reader *r)
{
	if (r->intents[INTENT_START] == 0 || category_complains(r) ||
	    intent_is_doubted(r, INTENT_START))
		return (false);
	return (r->folded.count <= (r->intent_first[INTENT_START] ?
	    READER_COMMAND_WORDS : INTENT_PHRASE_WORDS));
}

/* Danger is reported, and what the word for a form begins by accident: "the
 * report of the doctor is wrong". answer_make() keeps the values all the same. */
static bool
intent_is_form(struct reader *r)
{
	if (r->form == CONTENT_NONE || category_danger(r) ||
	    r->cues[CUE_ALONE] > 0 ||
	    (r->folded.count > READER_COMMAND_WORDS &&
	    !intent_has_values(r) && intent_is_doubted(r, INTENT_FORM)))
		return (false);
	r->out->code = r->content->forms[r->form].code;
	return (true);
}

/* The word for right first, with a number or little else. */
static bool
intent_is_rights_command(struct reader *r)
{
	long number;

	if (!r->intent_first[INTENT_RIGHTS])
		return (false);
	number = intent_topic_number(r);
	if ((number < 0 && r->folded.count > INTENT_SHORT) ||
	    (r->folded.count >= INTENT_SHORT &&
	    intent_is_doubted(r, INTENT_RIGHTS)))
		return (false);
	intent_topic(r, number);
	return (true);
}

static bool
intent_is_rights(struct reader *r)
{
	bool first = r->intent_first[INTENT_RIGHTS];
	long number = first ? intent_topic_number(r) : -1;

	if (r->intents[INTENT_RIGHTS] == 0)
		return (false);
	if (category_danger(r) && r->folded.count > READER_COMMAND_WORDS)
		return (false);
	if (r->signs[SIGN_PAST] > 0 && r->out->place != NULL)
		return (false);
	intent_topic(r, number);
	return (true);
}

static bool
intent_is_danger(struct reader *r)
{
	return (category_danger(r) || r->cues[CUE_ALONE] > 0);
}

/* Nothing but a reference, or a word for status. */
static bool
intent_is_status(struct reader *r)
{
	bool alone = intent_all_digits(r), referred;

	if (!alone && r->intents[INTENT_STATUS] == 0)
		return (false);
	referred = intent_reference(r);
	if (alone && !referred)
		return (false);
	if (!alone && !referred && (intent_is_doubted(r, INTENT_STATUS) ||
	    ((category_complains(r) ||
	    r->folded.count > INTENT_PHRASE_WORDS) &&
	    (!r->intent_first[INTENT_STATUS] ||
	    r->folded.count > READER_COMMAND_WORDS))))
		return (false);
	intent_status_of(r);
	return (true);
}

/* "Vote 3 STOP", "3 STOP": a number before the last word, which is STOP. What
 * only closes a question is none. */
static bool
intent_leaves(const struct reader *r)
{
	const struct folded *f = &r->folded;
	bool stop = false;

	if (f->count < 2 || f->count > READER_COMMAND_WORDS ||
	    !f->words[f->count - 2].digits)
		return (false);
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (h->word + 1 != f->count)
			continue;
		if (k->kind == KEYWORD_SIGN && k->code == SIGN_END)
			return (false);
		stop |= k->kind == KEYWORD_INTENT && k->code == INTENT_STOP;
	}
	return (stop && (r->intents[INTENT_VOTE] > 0 ||
	    f->count == 2));
}

static bool
intent_is_vote_and_stop(struct reader *r)
{
	r->out->leaves = intent_leaves(r);
	if (r->out->leaves)
		intent_option(r);
	return (r->out->leaves);
}

static bool
intent_is_vote(struct reader *r)
{
	if (r->intents[INTENT_VOTE] == 0 || r->intent_first[INTENT_RUMOUR] ||
	    r->folded.count > READER_COMMAND_WORDS ||
	    intent_is_about(r) || intent_is_doubted(r, INTENT_VOTE))
		return (false);
	intent_option(r);
	return (true);
}

/* Yes or no, and nothing else: there is nothing that it answers but a vote. */
static bool
intent_is_option(struct reader *r)
{
	if (r->folded.count != 1 || r->options[OPTION_YES] +
	    r->options[OPTION_NO] == 0)
		return (false);
	intent_option(r);
	return (true);
}

static bool
intent_is_language(struct reader *r)
{
	if (r->intents[INTENT_LANG] == 0 || intent_is_about(r) ||
	    r->out->place != NULL || r->signs[SIGN_MATTER] > 0 ||
	    r->folded.count > READER_COMMAND_WORDS + 1 ||
	    intent_is_doubted(r, INTENT_LANG))
		return (false);
	if (r->language_asked != CONTENT_NONE)
		r->out->code = lang_name((enum lang)r->language_asked);
	return (true);
}

/* "Good day", or "good day, sir"; not "good day, violence". */
static bool
intent_is_help(struct reader *r)
{
	bool spoken = category_best_topic(r) != CONTENT_NONE;

	if (r->intents[INTENT_HELP] == 0 || category_complains(r) ||
	    r->out->place != NULL)
		return (false);
	if (!r->intent_first[INTENT_HELP] || r->intents[INTENT_HELP] != 1)
		return (!spoken);
	return (intent_words_behind(r, INTENT_HELP) <=
	    (spoken || r->actor != CONTENT_NONE ? 0 : 1));
}

/* "I want you to erase all that you have of me, please" is long and means it:
 * nothing is done before the code comes back. */
static bool
intent_is_erase(struct reader *r)
{
	if (r->intents[INTENT_ERASE] == 0 || r->out->place != NULL ||
	    (!r->intent_first[INTENT_ERASE] && r->options[OPTION_NO] > 0) ||
	    r->actor != CONTENT_NONE || r->signs[SIGN_MATTER] > 0 ||
	    intent_is_doubted(r, INTENT_ERASE) ||
	    r->folded.count > (category_complains(r) ? READER_COMMAND_WORDS :
	    INTENT_PHRASE_WORDS))
		return (false);
	intent_erase_code(r);
	return (true);
}

/* Nothing is said but that word, or those. */
static bool
intent_is_all(const struct reader *r, enum keyword_kind kind, int code)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (k->kind == kind && k->code == code &&
		    r->hits[i].words == r->folded.count)
			return (true);
	}
	return (false);
}

/* The word for it, with a number or without, announces what is added. */
static bool
intent_is_add(struct reader *r)
{
	size_t words = r->folded.count;

	if (!r->intent_first[INTENT_ADD])
		return (false);
	intent_added_to(r);
	while (words > 0 && r->folded.words[words - 1].digits)
		words--;
	r->out->bare = words == 1;
	return (true);
}

/* A question for a debate is a case of its own. */
static bool
intent_is_asked(struct reader *r)
{
	if (r->signs[SIGN_ASK] == 0)
		return (false);
	r->out->bare = intent_is_all(r, KEYWORD_SIGN, SIGN_ASK);
	if (r->out->bare)
		r->out->code = "DEBATE";
	return (r->out->bare || r->folded.count >= INTENT_SHORT);
}

/* "Still none" begins with a word for it, and tells something. */
static bool
intent_is_more(struct reader *r)
{
	return (r->intent_first[INTENT_MORE] &&
	    (intent_is_all(r, KEYWORD_INTENT, INTENT_MORE) ||
	    (r->folded.count < INTENT_SHORT && r->signs[SIGN_POLITE] > 0)));
}

static bool
intent_is_who(struct reader *r)
{
	return (r->intent_first[INTENT_WHO] &&
	    r->folded.count <= READER_COMMAND_WORDS &&
	    !category_complains(r) && !intent_is_doubted(r, INTENT_WHO));
}

static bool
intent_is_body(struct reader *r)
{
	int second, best = category_best(r, &second);

	if (!r->intent_first[INTENT_BODY] || intent_tells_story(r) ||
	    (r->folded.count >= INTENT_SHORT && reader_in_danger(r)))
		return (false);
	if (best != CONTENT_NONE)
		r->out->code = r->content->categories[best].category.code;
	return (true);
}

/* "I cannot" is an answer when it is all that is said: "I cannot go on" is a
 * cry. */
static bool
intent_is_attend(struct reader *r)
{
	bool unable = r->signs[SIGN_UNABLE] > 0 && r->folded.count -
	    intent_ends_with_number(r) < INTENT_SHORT;

	if ((!r->intent_first[INTENT_ATTEND] && !unable) ||
	    intent_is_about(r) || r->folded.count > READER_COMMAND_WORDS ||
	    intent_is_doubted(r, INTENT_ATTEND))
		return (false);
	r->out->code = unable || r->options[OPTION_NO] > 0 ? "NO" : "YES";
	intent_event(r);
	return (true);
}

/* The mark may be missing: then it is asked for. */
static bool
intent_is_rate(struct reader *r)
{
	if (!r->intent_first[INTENT_RATE] ||
	    r->folded.count > READER_COMMAND_WORDS)
		return (false);
	intent_mark(r);
	return (*r->out->code != '\0' || r->folded.count < INTENT_SHORT);
}

/* With a code, or it is said of the duty of others. */
static bool
intent_is_duty(struct reader *r)
{
	if (!r->intent_first[INTENT_DUTY] ||
	    r->folded.count > READER_COMMAND_WORDS)
		return (false);
	intent_duty_code(r);
	return (*r->out->code != '\0');
}

/* "OK, I take report 588335, on my way": with its number the words that mean
 * nothing else may stand anywhere. */
static bool
intent_is_take(struct reader *r)
{
	bool first = r->intent_first[INTENT_TAKE];
	bool surely = r->intents[INTENT_TAKE] > first;

	if ((!first && !surely) || r->folded.count > (surely ?
	    INTENT_TAKE_WORDS : READER_COMMAND_WORDS) ||
	    intent_is_denied(r, INTENT_TAKE))
		return (false);
	return (intent_reference(r) || (first && r->folded.count == 1));
}

static bool
intent_is_rumour(struct reader *r)
{
	if (!r->intent_first[INTENT_RUMOUR])
		return (false);
	r->out->bare = intent_is_all(r, KEYWORD_INTENT, INTENT_RUMOUR);
	return (r->out->bare || r->folded.count >= INTENT_SHORT);
}

static bool
intent_is_subscribe(struct reader *r)
{
	if (r->intent_first[INTENT_SUBSCRIBE] && intent_list_word(r))
		return (true);
	if (!r->intent_first[INTENT_SUBSCRIBE] || category_complains(r) ||
	    r->folded.count > READER_COMMAND_WORDS ||
	    intent_is_doubted(r, INTENT_SUBSCRIBE))
		return (false);
	intent_list(r);
	return (true);
}

static bool
intent_is_bare(struct reader *r)
{
	r->out->bare = r->intents[INTENT_REPORT] > 0 && intent_is_empty(r);
	return (r->out->bare);
}

/* It may answer a question. */
static bool
intent_is_place(struct reader *r)
{
	r->out->bare = intent_is_somewhere(r) && intent_is_empty(r);
	return (r->out->bare);
}

/* Whoever begins with the word for it reports. */
static bool
intent_is_told(struct reader *r)
{
	r->out->told = r->intent_first[INTENT_REPORT];
	return (r->out->told);
}

/* A word of the list of rights, and nothing else. */
static bool
intent_is_topic(struct reader *r)
{
	if (r->folded.count != 1 || r->intents[INTENT_REPORT] > 0 ||
	    r->out->place != NULL ||
	    category_best_topic(r) == CONTENT_NONE)
		return (false);
	intent_topic(r, -1);
	return (true);
}

/* One or two words that name a topic, or a question about one. */
static bool
intent_is_question(struct reader *r)
{
	int topic = category_best_topic(r);

	if (topic == CONTENT_NONE || r->out->place != NULL ||
	    r->intent_first[INTENT_REPORT] ||
	    (r->intents[INTENT_REPORT] > 0 && r->signs[SIGN_QUESTION] == 0))
		return (false);
	if (r->folded.count >= INTENT_SHORT &&
	    (r->signs[SIGN_QUESTION] == 0 || r->signs[SIGN_PAST] > 0))
		return (false);
	intent_topic(r, -1);
	return (true);
}

static bool
intent_is_manners(struct reader *r)
{
	if (r->signs[SIGN_THANKS] == 0 || r->out->place != NULL ||
	    r->actor != CONTENT_NONE || category_complains(r) ||
	    r->folded.count > READER_COMMAND_WORDS ||
	    (r->folded.count >= INTENT_SHORT && intent_is_of_person(r,
	    INTENT_AUTO_FROM)))
		return (false);
	r->out->worth_answer = false;
	reader_trace(r, "thanks alone");
	return (true);
}

/* What is left is a report when it is about something, or says so. */
static bool
intent_is_report(struct reader *r)
{
	int second;

	if (r->intents[INTENT_REPORT] > 0 ||
	    r->cues[CUE_ALONE] > 0)
		return (true);
	if (category_best(r, &second) != CONTENT_NONE)
		return (true);
	if (r->folded.count < INTENT_SHORT)
		return (r->out->place != NULL && r->actor != CONTENT_NONE);
	return (r->out->place != NULL || r->signs[SIGN_CIVIC] > 0 ||
	    r->actor != CONTENT_NONE);
}

static bool
intent_is_anything(struct reader *r)
{
	(void)r;
	return (true);
}

/* A rule that is certain stands above weights, where there are some; the others
 * are for keywords alone. */
static const struct intent_rule {
	bool		(*holds)(struct reader *);
	enum intent	 intent;
	bool		 certain; /* stands above weights */
	bool		 command; /* leaves whatever was asked */
	const char	*name;
} intent_rules[] = {
	{ intent_is_nothing, INTENT_UNCLASSIFIED, true, false, "nothing" },
	{ intent_is_question_mark, INTENT_HELP, true, true,
	    "a question mark" },
	{ intent_is_echo, INTENT_UNCLASSIFIED, true, false, "echo" },
	{ intent_is_auto, INTENT_UNCLASSIFIED, true, false, "machine" },
	{ intent_is_machine, INTENT_UNCLASSIFIED, true, false, "machine" },
	{ intent_is_erase, INTENT_ERASE, true, true, "erase" },
	{ intent_is_more, INTENT_MORE, true, true, "more" },
	{ intent_is_form, INTENT_FORM, true, true, "word of a form" },
	{ intent_is_rights_command, INTENT_RIGHTS, true, true,
	    "word for right" },
	{ intent_is_rights, INTENT_RIGHTS, false, true, "word for right" },
	{ intent_is_body, INTENT_BODY, true, true, "who is competent" },
	{ intent_is_danger, INTENT_REPORT, true, false, "danger" },
	{ intent_is_duty, INTENT_DUTY, true, true, "code for duty" },
	{ intent_is_add, INTENT_ADD, true, true, "adds to a case" },
	{ intent_is_take, INTENT_TAKE, true, true, "takes a report" },
	{ intent_is_asked, INTENT_REPORT, true, true,
	    "question for a debate" },
	{ intent_is_status, INTENT_STATUS, true, true, "status" },
	{ intent_is_stop, INTENT_STOP, true, true, "stop" },
	{ intent_is_start, INTENT_START, true, true, "start" },
	{ intent_is_vote_and_stop, INTENT_VOTE, true, true,
	    "vote and stop" },
	{ intent_is_vote, INTENT_VOTE, true, true, "vote" },
	{ intent_is_attend, INTENT_ATTEND, true, true, "comes or not" },
	{ intent_is_rate, INTENT_RATE, true, true, "rates it" },
	{ intent_is_subscribe, INTENT_SUBSCRIBE, true, true,
	    "news of a place" },
	{ intent_is_who, INTENT_WHO, true, true, "who are you" },
	{ intent_is_rumour, INTENT_RUMOUR, true, true, "is it true" },
	{ intent_is_option, INTENT_VOTE, true, false, "an option alone" },
	{ intent_is_language, INTENT_LANG, true, true, "language" },
	{ intent_is_help, INTENT_HELP, true, true, "help" },
	{ intent_is_bare, INTENT_REPORT, true, true,
	    "reports, but not what" },
	{ intent_is_place, INTENT_REPORT, true, false, "a place alone" },
	{ intent_is_told, INTENT_REPORT, true, false, "a word for report" },
	{ intent_is_topic, INTENT_RIGHTS, true, false, "a topic alone" },
	{ intent_is_question, INTENT_RIGHTS, false, false,
	    "question about a topic" },
	{ intent_is_manners, INTENT_UNCLASSIFIED, true, false, "manners" },
	{ intent_is_report, INTENT_REPORT, false, false,
	    "speaks of something" },
	{ intent_is_anything, INTENT_UNCLASSIFIED, false, false,
	    "no rule knows it" },
};

#define INTENT_RULES (sizeof intent_rules / sizeof *intent_rules)

static void
intent_find_rule(struct reader *r)
{
	const struct intent_rule *rule = intent_rules;

	for (; rule < intent_rules + INTENT_RULES; rule++) {
		if ((rule->certain || !r->weighing.done) && rule->holds(r))
			break;
	}
	if (rule == intent_rules + INTENT_RULES) {
		intent_weigh(r);
		return;
	}
	r->out->intent = rule->intent;
	/* What was asked may be answered by a word like it. */
	r->out->command = rule->command && !r->mistyped;
	weigh_assume(r, rule->intent);
	reader_trace(r, "%s: %s", intent_name(rule->intent), rule->name);
}

void
intent_decide(struct reader *r)
{
	intent_find_rule(r);
	r->out->guessed = r->out->command &&
	    intent_words_behind(r, r->out->intent) == r->folded.count;
}
