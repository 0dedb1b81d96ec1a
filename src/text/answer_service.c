/*
 * Answers about the service itself and about rights: topics, who is competent,
 * help, language, STOP and START, erasure; and what those on duty say. Runs in
 * glasd and glasctl.
 */
#include <stdio.h>
#include <string.h>

#include "text/answer_private.h"

#define ANSWER_ERASE_TRIES 3
#define ANSWER_HOURS 24		/* octets of a number */

/* The list, for a number that is not in it. */
static void
answer_no_topic(struct answering *a)
{
	const char *list = answer_text(a, "TOPICS", NULL);
	const struct answer_field fields[] = {
		{ "N", a->reading->argument },
		{ "TOPICS", list != NULL ? list : "" },
		{ NULL, NULL },
	};

	answer_ask(a, DIALOG_TOPIC, "", 0);
	answer_say(a, REPLY_RIGHTS, answer_key(a, "NO_TOPIC", "TOPICS"),
	    fields);
}

/* A text whose date has passed is not sent: a wrong right is worse than none. */
static void
answer_valid(struct answering *a, enum reply_kind kind, const char *key)
{
	if (content_text_expired(a->content, key, a->conversation->lang,
	    a->conversation->cyrillic, a->given->now))
		key = "EXPIRED";
	answer_say(a, kind, key, NULL);
}

bool
answer_is_right(const char *key)
{
	return (strncmp(key, "RIGHTS_", strlen("RIGHTS_")) == 0);
}

void
answer_rights(struct answering *a)
{
	char key[48] = "TOPICS";

	if (*a->reading->code == '\0' && *a->reading->argument != '\0') {
		answer_no_topic(a);
		return;
	}
	if (*a->reading->code != '\0')
		snprintf(key, sizeof key, "RIGHTS_%s", a->reading->code);
	else
		answer_ask(a, DIALOG_TOPIC, "", 0);
	answer_valid(a, REPLY_RIGHTS, key);
	/* Whoever chose from the list by digit may choose again. */
	if (a->reading->number >= 0 &&
	    a->conversation->dialog.ask == DIALOG_NOTHING)
		answer_ask(a, DIALOG_TOPIC, "", 0);
}

/* Which authority a category is for; without one, that of the network. */
void
answer_body(struct answering *a)
{
	int i = content_find_category(a->content, a->reading->code);
	const char *key = i != CONTENT_NONE ?
	    a->content->categories[i].body : "";

	answer_valid(a, REPLY_RIGHTS, answer_key(a, key, "BODY"));
}

void
answer_help(struct answering *a)
{
	answer_say(a, REPLY_SERVICE, "HELP", NULL);
}

void
answer_who(struct answering *a)
{
	a->conversation->told_who = true;
	answer_say(a, REPLY_SERVICE, "WHO", NULL);
}

void
answer_more(struct answering *a)
{
	struct dialog *d = &a->conversation->dialog;
	char key[DIALOG_ABOUT_MAX];

	if (!dialog_asks(d, DIALOG_MORE, answer_came_at(a))) {
		a->reading->intent = INTENT_HELP;
		answer_help(a);
		return;
	}
	snprintf(key, sizeof key, "%.*s", (int)strcspn(d->about, "/"),
	    d->about);
	d->until = 0;	/* until there is more */
	/* Long texts with fields: what is open now. */
	if (strncmp(key, "VOTE_", strlen("VOTE_")) == 0)
		answer_vote_how(a, key);
	else if (strcmp(key, "EVENT_WHICH") == 0)
		answer_attend_which(a);
	else
		answer_valid(a, REPLY_SERVICE, key);
	if (d->until != 0)
		return;
	/* With the last of a right the list is open as with the whole. */
	if (answer_is_right(key))
		answer_ask(a, DIALOG_TOPIC, "", 0);
	else
		dialog_end(d);
}

void
answer_stop_all(struct answering *a)
{
	if (a->conversation->stopped) {
		a->answer->silent = "stopped already";
		return;
	}
	a->conversation->stopped = true;
	answer_say(a, REPLY_SERVICE, "STOPOK", NULL);
}

void
answer_stop(struct answering *a)
{
	if (*a->reading->code != '\0') {
		const struct answer_field fields[] = {
			{ "LIST", a->reading->code }, { NULL, NULL } };

		answer_act(a, ACT_LEAVE, a->reading->code, "");
		answer_say(a, REPLY_SERVICE, "LEFT", fields);
		return;
	}
	answer_stop_all(a);
}

void
answer_start(struct answering *a)
{
	a->conversation->stopped = false;
	answer_say(a, REPLY_SERVICE, "STARTOK", NULL);
}

/* What is said to a code that is not the one, or to none. */
static const char *
answer_erase_key(const struct answering *a)
{
	if (*a->reading->code == '\0')
		return ("ERASE");
	return (answer_key(a, a->conversation->erase.at < ANSWER_ERASE_TRIES ?
	    "ERASE_WRONG" : "ERASE_SHUT", "ERASE"));
}

/* A code is good for so many hours; shut is for not less than so many. */
static void
answer_erase_hours(const struct answering *a, const char *key,
    char out[ANSWER_HOURS])
{
	long within = a->content->settings[CONTENT_DIALOG_WITHIN];

	if (strcmp(key, "ERASE_SHUT") == 0 || within < 3600)
		within += 3599;
	snprintf(out, ANSWER_HOURS, "%ld", within / 3600);
}

/* Asked for with a code that goes to the number itself: whoever only pretends
 * to write from it cannot read it, and has three guesses in the hours that a
 * question stays open, whatever else is asked meanwhile. */
void
answer_erase(struct answering *a)
{
	struct dialog *e = &a->conversation->erase;
	bool asked = dialog_asks(e, DIALOG_ERASE, answer_came_at(a));
	char hours[ANSWER_HOURS];
	const char *key;
	struct answer_field fields[] = { { "CODE", a->given->code },
		{ "HOURS", hours }, { NULL, NULL } };

	if (asked && e->at >= ANSWER_ERASE_TRIES) {
		a->answer->silent = "too many wrong codes for an erasure";
		return;
	}
	if (asked && strcmp(e->about, a->reading->code) == 0) {
		answer_act(a, ACT_ERASE, "", "");
		answer_say(a, REPLY_SERVICE, "ERASED", NULL);
		dialog_end(e);
		dialog_end(&a->conversation->dialog);
		return;
	}
	/* The same code again, or guesses would add up. */
	if (asked) {
		e->at += *a->reading->code != '\0';
		fields[0].value = e->about;
	} else {
		dialog_begin(e, DIALOG_ERASE, a->given->code, 0,
		    answer_until(a));
	}
	a->conversation->dialog = *e;
	key = answer_erase_key(a);
	answer_erase_hours(a, key, hours);
	answer_say(a, REPLY_SERVICE, key, fields);
}

/* The same code, while it may be guessed. */
void
answer_erase_again(struct answering *a)
{
	const struct dialog *e = &a->conversation->erase;
	char hours[ANSWER_HOURS];
	const struct answer_field fields[] = { { "CODE", e->about },
		{ "HOURS", hours }, { NULL, NULL } };

	if (e->at >= ANSWER_ERASE_TRIES)
		return;
	answer_erase_hours(a, "ERASE", hours);
	answer_say(a, REPLY_SERVICE, "ERASE", fields);
}

void
answer_language(struct answering *a)
{
	enum lang lang = lang_find(a->reading->code);

	if (*a->reading->code == '\0' || lang == LANG_COUNT) {
		answer_ask(a, DIALOG_LANGUAGE, "", 0);
		answer_say(a, REPLY_SERVICE, "LANGASK", NULL);
		return;
	}
	a->conversation->lang = lang;
	a->conversation->lang_chosen = true;
	a->conversation->cyrillic = lang == LANG_SR_CYRL;
	/* Serbian as long as no speaker has reviewed the Romani texts. */
	if (lang == LANG_ROM && (content_text(a->content, "LANGOK", lang,
	    false, &lang) == NULL || lang != LANG_ROM))
		answer_say(a, REPLY_SERVICE, "LANG_LATER", NULL);
	else
		answer_say(a, REPLY_SERVICE, "LANGOK", NULL);
	(void)answer_again(a);
}

void
answer_unclear(struct answering *a)
{
	if (!a->reading->worth_answer || a->reading->thanks) {
		a->answer->silent = "nothing that wants an answer";
	} else if (a->conversation->dialog.ask == DIALOG_STEP) {
		answer_say(a, REPLY_SERVICE, answer_key(a, "STEP_HOW",
		    "UNCLEAR"), NULL);
	} else if (a->again && answer_again(a)) {
		return;
	} else if (a->conversation->stopped) {
		a->answer->silent = "the person said STOP";
	} else if (!answer_passed(a, a->conversation->unclear_at,
	    CONTENT_UNCLEAR_EVERY)) {
		a->answer->silent = "told today that it was not understood";
	} else {
		a->conversation->unclear_at = a->given->now;
		answer_say(a, REPLY_UNCLEAR, "UNCLEAR", NULL);
	}
}

/* Only the database knows who is on duty, and whether a code is good: it
 * answers (sql/code/68_duty.sql). */
void
answer_duty(struct answering *a)
{
	answer_act(a, ACT_DUTY, a->reading->code, "");
	a->answer->silent = "the database answers it";
}

void
answer_take(struct answering *a)
{
	answer_act(a, ACT_TAKE, a->reading->code, "");
	a->answer->silent = "the database answers it";
}
