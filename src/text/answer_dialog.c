/*
 * What a text means after what was asked and said before. Runs in glasd and
 * glasctl; owns nothing. Whether it answers what is asked, and whether that
 * goes on being asked: a command leaves any question, and so does a new report.
 * What each question takes for an answer is in answer_question.c; what answers
 * nothing may belong to the case of a moment ago: answer_case.c.
 */
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/fold.h"

#define DIALOG_NO_WORDS 2	/* "no", "no thanks" */
#define DIALOG_LEFT_US (INT64_C(86400) * ANSWER_SECOND)
#define DIALOG_MISSED_WORDS 3	/* that are meant as one of a list */

/* Whether the octets say something in so many words that are no manners, or in a
 * number, and thank for nothing. */
static bool
dialog_part_says(const struct answering *a, const char *text, size_t len,
    unsigned int words)
{
	char *part = xstrndup(text, len);
	struct reading r;
	bool says;

	reading_make(&r, a->content, part, a->conversation->lang);
	says = !r.thanks && r.worth_answer && r.machine == MACHINE_NONE &&
	    (r.said >= words || r.number >= 0);
	reading_clear(&r);
	free(part);
	return (says);
}

/* "On Tuesday, thank you": more than thanks, which end it, or stand apart from
 * it. One word with a capital behind them is a name, as below a letter. */
static bool
dialog_says_besides(const struct answering *a)
{
	const char *text = a->given->text;
	const char *comma = strpbrk(text, ",.!\n"), *behind;
	bool name;

	if (a->reading->thanks_at > 0 &&
	    dialog_part_says(a, text, a->reading->thanks_at, 1))
		return (true);
	if (comma == NULL)
		return (false);
	behind = comma + 1 + strspn(comma + 1, " \n");
	name = strchr(behind, ' ') != NULL || *behind < 'a' || *behind > 'z';
	return (dialog_part_says(a, text, (size_t)(comma - text), 1) ||
	    dialog_part_says(a, behind, strlen(behind), name ? 2 : 1));
}

/* "Novo Selo, thanks": as an answer to where it was. */
static bool
dialog_says_where(const struct answering *a)
{
	struct reading where = { .lang = a->reading->lang };

	reading_where(&where, a->content, a->given->text);
	return (where.place != NULL || where.among != NULL);
}

/* "Still none, thanks": what they say is for the case of a moment ago, or is what
 * happened, as it is without the thanks. Neither yes nor no is. */
static void
dialog_hear_besides(struct answering *a)
{
	struct reading *r = a->reading;

	if (r->worth_answer || !r->thanks || r->machine != MACHINE_NONE ||
	    r->polite != CHOICE_NONE || !dialog_says_besides(a))
		return;
	r->worth_answer = true;
	if (a->conversation->dialog.ask != DIALOG_WHAT &&
	    !(answer_case_takes(a) && answer_case_goes_on(a)))
		r->worth_answer = false;
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
		return (dialog_says_where(a));
	if (ask == DIALOG_FIELD)
		return (answer_takes_value(a));
	if (ask == DIALOG_GROUP)
		return (answer_group_said(a) != 0);
	if (ask == DIALOG_SOLVED && r->solved != CHOICE_NONE)
		return (true);
	return (r->polite != CHOICE_NONE && (ask == DIALOG_ATTEND ||
	    ask == DIALOG_SOLVED || ask == DIALOG_VOTE));
}

/* Words that are waited for are not taken for a command on a guess: "the police
 * arrest everybody" is like a question about a right, and that for a debate like
 * how something stands, of who has no case. Who was asked by a person answers
 * "I have, how do I send it?"; who asks us what to do, and tells nothing, is
 * helped. */
static bool
dialog_waits_for_words(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;
	bool like = r->intent == INTENT_RIGHTS || r->intent == INTENT_BODY ||
	    r->intent == INTENT_LANG || (r->intent == INTENT_STATUS &&
	    *a->conversation->asked.reference == '\0');

	if (ask == DIALOG_WHAT || ask == DIALOG_FIELD)
		return (like && !r->asks);
	if (ask == DIALOG_DEBATE || ask == DIALOG_RUMOUR)
		return (like);
	return (ask == DIALOG_QUESTION && (like || r->intent == INTENT_HELP));
}

static void
dialog_doubt(struct answering *a)
{
	struct reading *r = a->reading;

	if (r->guessed && r->words > DIALOG_NO_WORDS &&
	    dialog_waits_for_words(a))
		r->command = false;
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

/* Whatever is told next is what happened, the rumour, or what is to be asked. */
static bool
dialog_waits_for_story(const struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;

	return (ask == DIALOG_WHAT || ask == DIALOG_RUMOUR ||
	    ask == DIALOG_DEBATE);
}

/* "I do not know" begins as a no does, and is none. "Maybe they close the school"
 * tells something. */
static bool
dialog_does_not_know(const struct answering *a)
{
	static const char *const words[] = { "ne znam", "neznam", "ne znaem",
		"mozda", "nuk e di", "nuk di", "se di", "ndoshta",
		"na dzanav", "na djanav", "i dont know", "i do not know",
		"dont know", "maybe", "moze bi" };
	const struct reading *r = a->reading;
	struct folded f;
	bool is = false;

	if (r->words > DIALOG_MISSED_WORDS || answer_tells(r) ||
	    r->place != NULL || r->emergency != EMERGENCY_NONE)
		return (false);
	fold_make(&f, a->given->text, strlen(a->given->text));
	for (size_t i = 0; i < sizeof words / sizeof *words && !is; i++) {
		size_t len = strlen(words[i]);

		is = strncmp(f.text, words[i], len) == 0 &&
		    (f.text[len] == '\0' || (f.text[len] == ' ' &&
		    !dialog_waits_for_story(a)));
	}
	fold_clear(&f);
	return (is);
}

/* Whether it may be an answer. Who does not know has told nothing. */
static bool
dialog_is_heard(const struct answering *a)
{
	const struct reading *r = a->reading;

	if ((!r->worth_answer && !dialog_is_polite(a)) ||
	    (dialog_waits_for_story(a) && dialog_does_not_know(a)))
		return (false);
	return (!r->command || answer_is_listed(a));
}

/* Who does not know yet is not asked again. */
static bool
dialog_is_undecided(const struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;

	return ((ask == DIALOG_ATTEND || ask == DIALOG_SOLVED) &&
	    dialog_does_not_know(a));
}

/* That is asked once more of who does not know, and of who names a place alone,
 * which is half of what happened and no rumour. */
static bool
dialog_is_unknown(const struct answering *a)
{
	const struct dialog *d = &a->conversation->dialog;
	const struct reading *r = a->reading;
	bool of_place = r->intent == INTENT_REPORT && r->bare && !r->command;

	return (d->at == 0 && dialog_waits_for_story(a) &&
	    (dialog_does_not_know(a) ||
	    (of_place && d->ask != DIALOG_WHAT)));
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
	return (r->number >= 0 || village || dialog_does_not_know(a) ||
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

/* "I do not know" is none, and neither is "no. 3" of a list, nor what that has in
 * so many words. */
static bool
dialog_is_no(const struct answering *a)
{
	const struct dialog *d = &a->conversation->dialog;
	bool number = dialog_is_list(d) &&
	    strpbrk(a->given->text, "0123456789") != NULL;

	return (a->reading->choice == CHOICE_NO && !number &&
	    !dialog_does_not_know(a) &&
	    (d->ask != DIALOG_GROUP || answer_group_said(a) == 0));
}

/* "End" and "no" close a question, and nothing else. */
static bool
dialog_closed(struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	/* "No lights here" is no answer but a report. */
	if (!r->ends && !dialog_is_undecided(a) && (!dialog_is_no(a) ||
	    (ask == DIALOG_ATTEND &&
	    !dialog_asks_which(&a->conversation->dialog)) ||
	    ask == DIALOG_STEP ||
	    ask == DIALOG_QUESTION ||
	    answer_takes_no_solved(a) || answer_takes_vote(a) ||
	    r->words > DIALOG_NO_WORDS || r->command ||
	    r->intent == INTENT_REPORT || r->place != NULL ||
	    r->emergency != EMERGENCY_NONE))
		return (false);
	/* More than a bare "no" is kept with the entry. */
	if (ask == DIALOG_FIELD && ((!r->ends && r->words > 1) ||
	    answer_takes_value(a)))
		return (false);
	dialog_end(&a->conversation->dialog);
	a->reading->intent = INTENT_ANSWER;
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

/* Not asked any more since then. Of a list it is remembered: a number that comes
 * later may be meant for it. */
void
answer_dialog_drop(struct answering *a, int64_t since)
{
	struct dialog *d = &a->conversation->dialog;

	if (dialog_is_list(d) && d->ask != DIALOG_VOTE) {
		a->left = *d;
		a->left.until = since;
	}
	dialog_end(d);
}

/* What was asked long ago is not asked any more. */
static void
dialog_expire(struct answering *a)
{
	struct conversation *c = a->conversation;
	int64_t came = answer_came_at(a);

	if (came >= c->dialog.until)
		answer_dialog_drop(a, c->dialog.until);
	if (came - a->left.until >= DIALOG_LEFT_US)
		dialog_end(&a->left);
	if (came >= c->erase.until)
		dialog_end(&c->erase);
}

/* A number where nothing is asked any more is meant for the list that was left
 * or forgotten last, and is no vote: that list is sent once more. */
static bool
dialog_comes_back(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;
	struct reading *r = a->reading;

	if (d->ask != DIALOG_NOTHING || a->left.ask == DIALOG_NOTHING ||
	    r->intent != INTENT_VOTE || r->command || r->number < 0)
		return (false);
	dialog_begin(d, a->left.ask, a->left.about, 0, answer_until(a));
	r->intent = INTENT_UNCLASSIFIED;
	a->again = true;
	return (true);
}

/* What was listed was chosen from, also by the word for it. */
static bool
dialog_is_chosen(const struct answering *a)
{
	const struct reading *r = a->reading;
	enum dialog_ask ask = a->conversation->dialog.ask;

	return ((ask == DIALOG_TOPIC && r->intent == INTENT_RIGHTS) ||
	    (ask == DIALOG_LANGUAGE && r->intent == INTENT_LANG));
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
	if (dialog_is_unknown(a)) {
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
	    answer_case_takes(a) && (answer_case_told_twice(a) ||
	    answer_case_goes_on(a) || answer_case_corrected(a) ||
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

/* A helper speaks of somebody, which answers nothing that was asked; the same told
 * again is of their case. */
static bool
dialog_is_of_another(struct answering *a)
{
	if (!answer_is_helped(a) || answer_helped(a))
		return (false);
	if (answer_case_told_twice(a) &&
	    answer_helped_is(a, a->conversation->asked.text))
		answer_case_add(a);
	return (true);
}

/* What is asked is done with, or left. */
static void
dialog_finish(struct answering *a)
{
	if (dialog_stays(a))
		return;
	if (dialog_is_chosen(a))
		dialog_end(&a->conversation->dialog);
	else
		answer_dialog_drop(a, answer_came_at(a));
}

void
answer_dialog(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;
	struct reading *r = a->reading;
	enum intent before;
	bool where;

	dialog_expire(a);
	if (a->given->told)
		return;
	answer_vote_spelled(a);
	if (r->intent == INTENT_ADD)
		r->place = answer_case_where(a);
	where = dialog_is_where(a);
	if (dialog_is_of_another(a))
		return;
	dialog_leave(a);
	dialog_doubt(a);
	dialog_hear_besides(a);
	before = r->intent;
	if (d->ask != DIALOG_NOTHING && d->ask != DIALOG_MORE &&
	    dialog_closed(a))
		return;
	if (dialog_is_heard(a))
		answer_to_question(a);
	if (dialog_comes_back(a) || dialog_misses(a))
		return;
	if (r->intent == before && dialog_is_more(a))
		answer_case_add(a);
	r->nearby = where &&
	    (r->intent == INTENT_ANSWER || r->intent == INTENT_ADD);
	dialog_finish(a);
}

void
answer_dialog_left(struct answering *a)
{
	if (a->conversation->dialog.ask == DIALOG_NOTHING &&
	    a->reading->intent != INTENT_ERASE)
		a->conversation->dialog = a->left;
}
