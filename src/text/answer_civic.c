/*
 * Answers to those who take part: votes, invitations, rumours, news of a place.
 * Runs in glasd and glasctl. What is open stands in the content, as the
 * database last gave it; a vote for nothing is told what there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/form.h"

#define CIVIC_WORDS 3	/* "my vote is", "I vote for" */
#define CIVIC_POLL_DIGITS 3	/* more is no number of a poll */

/* When the text came: one that came in time may be read late. */
static bool
civic_poll_open(const struct answering *a, const struct content_poll *p)
{
	return (a->given->at / ANSWER_SECOND < p->closes_at);
}

/* The poll that is open, when there is one; the number of those that are. */
static size_t
civic_polls(const struct answering *a, const struct content_poll **last)
{
	size_t open = 0;

	for (size_t i = 0; i < a->content->poll_count; i++) {
		if (!civic_poll_open(a, &a->content->polls[i]))
			continue;
		*last = &a->content->polls[i];
		open++;
	}
	return (open);
}

static const struct content_poll *
civic_poll_numbered(const struct answering *a, long number)
{
	for (size_t i = 0; i < a->content->poll_count; i++) {
		if (a->content->polls[i].number == number &&
		    civic_poll_open(a, &a->content->polls[i]))
			return (&a->content->polls[i]);
	}
	return (NULL);
}

/* From 1 on; 0 when what was written is none of them. */
static long
civic_option(const struct content_poll *p, const char *code)
{
	long n;

	if (p->yes_no && strcmp(code, "YES") == 0)
		return (1);
	if (p->yes_no && strcmp(code, "NO") == 0)
		return (2);
	n = strtol(code, NULL, 10);
	return (n >= 1 && n <= (long)p->option_count ? n : 0);
}

/* From 1 on: the option that a text of few words ends with, or all of it from
 * the word `from` on is, where it answers a list; 0: none. */
static long
civic_option_named(const struct content_poll *p, const struct folded *said,
    bool answers, size_t from)
{
	struct folded option;
	long found = 0;

	for (size_t i = 0; i < p->option_count && found == 0; i++) {
		fold_make(&option, p->options[i], strlen(p->options[i]));
		if (option.count > 0 && (answers ?
		    option.count + from == said->count :
		    option.count < said->count &&
		    said->count <= option.count + CIVIC_WORDS) &&
		    strcmp(said->text + said->words[said->count -
		    option.count].at, option.text) == 0)
			found = (long)i + 1;
		fold_clear(&option);
	}
	return (found);
}

/* "8 no": the poll whose number stands before what is said, or NULL. */
static const struct content_poll *
civic_poll_before(const struct answering *a, const struct folded *said)
{
	return (said->count > 1 && said->words[0].digits &&
	    said->words[0].len <= CIVIC_POLL_DIGITS ?
	    civic_poll_numbered(a, strtol(said->text + said->words[0].at,
	    NULL, 10)) : NULL);
}

/* The same in all polls that are open, or in `*p` where one is meant; 0 also
 * where it is an option of several. */
static long
civic_named(const struct answering *a, const struct content_poll **p,
    bool answers)
{
	const struct content_poll *only = *p, *poll, *before;
	struct folded said;
	long option, found = 0;
	size_t times = 0;

	fold_make(&said, a->given->text, strlen(a->given->text));
	before = answers ? civic_poll_before(a, &said) : NULL;
	if (before != NULL)
		only = before;
	for (size_t i = 0; i < a->content->poll_count; i++) {
		poll = &a->content->polls[i];
		if (!civic_poll_open(a, poll) || (only != NULL && only != poll))
			continue;
		option = civic_option_named(poll, &said, answers,
		    before != NULL);
		if (option == 0)
			continue;
		times++;
		found = option;
		*p = poll;
	}
	fold_clear(&said);
	if (times == 1)
		return (found);
	*p = only;
	return (0);
}

static const struct content_poll *
civic_poll_asked(const struct answering *a)
{
	return (civic_poll_numbered(a,
	    strtol(a->conversation->dialog.about, NULL, 10)));
}

bool
answer_vote_named(const struct answering *a, char code[32])
{
	const struct content_poll *p = civic_poll_asked(a);
	long option = civic_named(a, &p, true);

	if (option != 0)
		snprintf(code, 32, "%ld %ld", p->number, option);
	return (option != 0);
}

void
answer_vote_spelled(struct answering *a)
{
	struct reading *r = a->reading;
	struct answer_given given = *a->given;
	struct answering behind = *a;
	const struct content_poll *p = NULL;
	long option;

	if (!r->votes || r->intent == INTENT_VOTE ||
	    r->emergency != EMERGENCY_NONE)
		return;
	given.text += strcspn(given.text, " \n");
	behind.given = &given;
	option = civic_named(&behind, &p, true);
	if (option == 0)
		return;
	snprintf(r->argument, sizeof r->argument, "%ld %ld", p->number,
	    option);
	r->intent = INTENT_VOTE;
	r->code = r->argument;
	r->command = true;
}

size_t
answer_vote_choices(const struct answering *a, long *poll)
{
	const struct content_poll *asked = civic_poll_asked(a), *p;
	size_t count = 0;

	for (size_t i = 0; i < a->content->poll_count; i++) {
		p = &a->content->polls[i];
		if (!p->yes_no || !civic_poll_open(a, p) ||
		    (asked != NULL && asked != p))
			continue;
		*poll = p->number;
		count++;
	}
	return (count);
}

/* "1 most, 2 put": what one can vote for; with several polls "2 1 da". */
static void
civic_list(const struct answering *a, const struct content_poll *p, bool all,
    struct buf *out)
{
	buf_printf(out, "%s%s:", out->len > 0 ? " " : "",
	    content_poll_title(p, a->conversation->lang));
	for (size_t i = 0; i < p->option_count; i++) {
		buf_printf(out, "%s ", i > 0 ? "," : "");
		if (all)
			buf_printf(out, "%ld ", p->number);
		buf_printf(out, "%zu %s", i + 1, p->options[i]);
	}
	buf_add_str(out, ".");
}

/* What a person has asked stays open, and a number that is no answer to it is
 * none to a list either: what is listed is said with the word for it. */
static bool
civic_is_asked_by_person(const struct dialog *d)
{
	return (d->ask == DIALOG_STEP || d->ask == DIALOG_QUESTION);
}

/* `not_open` is the number of a poll that somebody voted in, or "". */
static void
civic_vote_how(struct answering *a, const struct content_poll *only,
    const char *key, const char *not_open)
{
	struct buf options = { 0 };
	char example[32] = "1", poll[24] = "";
	const struct content_poll *last;
	bool several = only == NULL || civic_polls(a, &last) > 1;
	struct answer_field fields[] = { { "N", example },
		{ "OPTIONS", NULL }, { "POLL", not_open }, { NULL, NULL } };
	struct dialog *d = &a->conversation->dialog;

	/* What waited for a vote that counts gives way to this list. */
	if (d->ask != DIALOG_VOTE && d->ask != DIALOG_MORE &&
	    !civic_is_asked_by_person(d))
		dialog_end(d);
	for (size_t i = 0; i < a->content->poll_count; i++) {
		const struct content_poll *p = &a->content->polls[i];

		if (!civic_poll_open(a, p) || (only != NULL && only != p))
			continue;
		civic_list(a, p, several, &options);
		if (several)
			snprintf(example, sizeof example, "%ld 1", p->number);
	}
	fields[1].value = buf_str(&options);
	answer_say(a, REPLY_SERVICE, answer_key(a, key, "VOTE_HOW"), fields);
	buf_clear(&options);
	if (d->ask != DIALOG_NOTHING)
		return;
	if (only != NULL)
		snprintf(poll, sizeof poll, "%ld", only->number);
	answer_ask(a, DIALOG_VOTE, poll, 0);
}

void
answer_vote_how(struct answering *a, const char *key)
{
	civic_vote_how(a, NULL, key, "");
}

/* Of the poll that is asked about, or all when it is no longer open. */
void
answer_vote_again(struct answering *a)
{
	const struct content_poll *last;

	if (civic_polls(a, &last) > 0)
		civic_vote_how(a, civic_poll_asked(a), "VOTE_ASK", "");
}

static void
civic_vote_take(struct answering *a, const struct content_poll *p, long option)
{
	char poll[24], n[24], date[16];
	const struct answer_field fields[] = {
		{ "OPTION", p->options[option - 1] },
		{ "DATE", date },
		{ NULL, NULL },
	};

	snprintf(poll, sizeof poll, "%ld", p->number);
	snprintf(n, sizeof n, "%ld", option);
	answer_last_day(p, date);
	answer_act(a, ACT_VOTE, poll, n);
	answer_say(a, REPLY_SERVICE, "VOTE_OK", fields);
}

/* "GLAS dva", "GLAS 7 dva": behind the word for it, and the poll. */
static long
civic_said(const struct answering *a, const struct content_poll *p,
    const char *poll)
{
	const char *said = strchr(a->given->text, ' ');
	long n;

	if (said == NULL)
		return (0);
	said += strspn(said, " ");
	if (strncmp(said, poll, strlen(poll)) == 0)
		said += strlen(poll);
	n = strpbrk(said, "0123456789") == NULL ? form_number_said(said) : 0;
	return (n >= 1 && n <= (long)p->option_count ? n : 0);
}

/* What somebody votes for. */
struct civic_ballot {
	const struct content_poll *poll;	/* NULL: may be any */
	char		 number[CIVIC_POLL_DIGITS + 1]; /* as written */
	const char	*option;
};

/* One number is an option where one poll is open, and else the poll; two are
 * both. */
static struct civic_ballot
civic_ballot(const struct answering *a)
{
	const char *code = a->reading->code;
	size_t len = strcspn(code, " ");
	struct civic_ballot b = { .option = code };
	bool several = civic_polls(a, &b.poll) > 1;

	if (code[len] == '\0' && !several)
		return (b);
	b.poll = civic_poll_numbered(a, strtol(code, NULL, 10));
	if (len <= CIVIC_POLL_DIGITS && (code[len] != '\0' || b.poll != NULL))
		snprintf(b.number, sizeof b.number, "%.*s", (int)len, code);
	if (code[len] != '\0')
		b.option = code + len + 1;
	else if (b.poll != NULL)
		b.option = "";
	return (b);
}

/* A word for a vote alone, or with the poll, asks what there is. */
static const char *
civic_vote_key(const struct answering *a, const struct civic_ballot *b)
{
	if (b->poll == NULL && *b->number != '\0')
		return ("VOTE_NOT_OPEN");
	return (a->reading->command && a->reading->words ==
	    (*b->number != '\0' && *b->option == '\0' ? 2 : 1) ?
	    "VOTE_ASK" : "VOTE_HOW");
}

static void
civic_vote(struct answering *a)
{
	const struct content_poll *p = NULL;
	struct civic_ballot b;
	long option;

	if (civic_polls(a, &p) == 0) {
		answer_say(a, REPLY_SERVICE, "VOTE_CLOSED", NULL);
		return;
	}
	b = civic_ballot(a);
	p = b.poll;
	option = p != NULL ? civic_option(p, b.option) : 0;
	/* "I do not vote for it" is no vote. */
	if (option == 0 && strcmp(b.option, "NO") != 0)
		option = civic_named(a, &p, false);
	if (option == 0 && p != NULL)
		option = civic_said(a, p, b.number);
	if (option == 0)
		civic_vote_how(a, p, civic_vote_key(a, &b),
		    p == NULL ? b.number : "");
	else
		civic_vote_take(a, p, option);
}

/* STOP behind a vote holds, too, and closes what was asked. */
void
answer_vote(struct answering *a)
{
	const struct content_poll *p;
	unsigned int count;

	if (!a->reading->leaves || civic_polls(a, &p) > 0)
		civic_vote(a);
	if (!a->reading->leaves)
		return;
	count = a->answer->count;
	dialog_end(&a->conversation->dialog);
	answer_stop_all(a);
	if (count > 0 && a->answer->count > count)
		answer_join(a);
}

/* When it is to come. */
static const struct content_event *
civic_event_numbered(const struct answering *a, long number)
{
	const struct content_event *e;

	for (size_t i = 0; i < a->content->event_count; i++) {
		e = &a->content->events[i];
		if (e->number == number &&
		    e->starts_at > a->given->now / ANSWER_SECOND)
			return (e);
	}
	return (NULL);
}

/* Those that the person was invited to, or all where there is none: who only
 * heard of one may come, too, but has to say to which. The number of them. */
static size_t
civic_events(const struct answering *a, bool *invited,
    const struct content_event *events[CONVERSATION_INVITED_MAX])
{
	const struct content_event *e;
	size_t count = 0;

	for (size_t i = 0; i < CONVERSATION_INVITED_MAX; i++) {
		e = civic_event_numbered(a, a->conversation->invited[i]);
		if (e != NULL)
			events[count++] = e;
	}
	*invited = count > 0;
	for (size_t i = 0; !*invited && i < a->content->event_count &&
	    count < CONVERSATION_INVITED_MAX; i++) {
		e = civic_event_numbered(a, a->content->events[i].number);
		if (e != NULL)
			events[count++] = e;
	}
	return (count);
}

/* The one that is named by its number; for a yes or no, what was asked; for a
 * word, also with a number that is of none, the only one that they were invited
 * to. NULL: it has to be asked. */
static const struct content_event *
civic_event(const struct answering *a)
{
	const struct content_event *events[CONVERSATION_INVITED_MAX];
	const struct dialog *d = &a->conversation->dialog;
	const struct reading *r = a->reading;
	const struct content_event *e = NULL;
	bool invited;

	if (*r->argument != '\0')
		e = civic_event_numbered(a, strtol(r->argument, NULL, 10));
	if (e != NULL)
		return (e);
	if (!r->command && dialog_asks(d, DIALOG_ATTEND, answer_came_at(a)))
		return (civic_event_numbered(a, strtol(d->about, NULL, 10)));
	return (civic_events(a, &invited, events) == 1 && invited ?
	    events[0] : NULL);
}

long
answer_event_listed(const struct answering *a, long at)
{
	const struct content_event *events[CONVERSATION_INVITED_MAX];
	bool invited;
	size_t count = civic_events(a, &invited, events);

	return (at >= 1 && at <= (long)count ? events[at - 1]->number : 0);
}

static void
civic_event_list(const struct answering *a, const struct content_event *e,
    struct buf *out)
{
	char date[16];

	answer_date(e->starts_at * ANSWER_SECOND, date);
	buf_printf(out, "%s%ld %s, %s", out->len > 0 ? " " : "", e->number,
	    content_event_title(e, a->conversation->lang), date);
}

void
answer_attend_which(struct answering *a)
{
	const struct content_event *events[CONVERSATION_INVITED_MAX];
	struct buf options = { 0 };
	bool invited;
	size_t count = civic_events(a, &invited, events);
	char example[24];
	struct answer_field fields[] = { { "N", example },
		{ "OPTIONS", NULL }, { NULL, NULL } };

	if (count == 0 || answer_text(a, "EVENT_WHICH", NULL) == NULL) {
		answer_say(a, REPLY_SERVICE, "NO_EVENT", NULL);
		return;
	}
	snprintf(example, sizeof example, "%ld", events[0]->number);
	for (size_t i = 0; i < count; i++)
		civic_event_list(a, events[i], &options);
	fields[1].value = buf_str(&options);
	answer_say(a, REPLY_SERVICE, "EVENT_WHICH", fields);
	buf_clear(&options);
}

/* The number alone will do. */
static void
civic_ask_which(struct answering *a, bool coming)
{
	const struct content_event *events[CONVERSATION_INVITED_MAX];
	bool invited;

	if (a->conversation->dialog.ask == DIALOG_NOTHING &&
	    civic_events(a, &invited, events) > 0)
		answer_ask(a, DIALOG_ATTEND, coming ? "yes" : "no", 0);
}

/* As with a vote: what is asked waits while they say that they come, and gives
 * way to the question to what. */
static void
civic_attend_leaves(struct answering *a, const struct content_event *e)
{
	struct dialog *d = &a->conversation->dialog;

	if (d->ask == DIALOG_ATTEND || d->ask == DIALOG_VOTE ||
	    d->ask == DIALOG_MORE || (e == NULL &&
	    !civic_is_asked_by_person(d)))
		dialog_end(d);
}

void
answer_attend(struct answering *a)
{
	const struct content_event *e = civic_event(a);
	bool coming = strcmp(a->reading->code, "NO") != 0;
	char event[24], date[16];
	struct answer_field fields[] = { { "EVENT", NULL }, { "VENUE", NULL },
		{ "DATE", date }, { NULL, NULL } };

	civic_attend_leaves(a, e);
	if (e == NULL) {
		answer_attend_which(a);
		civic_ask_which(a, coming);
		return;
	}
	fields[0].value = content_event_title(e, a->conversation->lang);
	fields[1].value = e->venue;
	snprintf(event, sizeof event, "%ld", e->number);
	answer_date(e->starts_at * ANSWER_SECOND, date);
	answer_act(a, ACT_ATTEND, event, coming ? "yes" : "no");
	answer_say(a, REPLY_SERVICE, coming ? "COMING" : "NOT_COMING", fields);
}

void
answer_rumour(struct answering *a)
{
	if (a->reading->bare) {
		answer_ask(a, DIALOG_RUMOUR, "", 0);
		answer_say(a, REPLY_SERVICE, answer_key(a, "RUMOUR_HOW",
		    "HELP"), NULL);
		return;
	}
	answer_act(a, ACT_RUMOUR, "", "");
	answer_say(a, REPLY_SERVICE, "RUMOUR", NULL);
}

void
answer_subscribe(struct answering *a)
{
	const struct answer_field fields[] = { { "LIST", a->reading->code },
		{ NULL, NULL } };

	if (*a->reading->code == '\0') {
		answer_say(a, REPLY_SERVICE, "LIST_HOW", NULL);
		return;
	}
	answer_act(a, ACT_SUBSCRIBE, a->reading->code, "");
	answer_say(a, REPLY_SERVICE, "LIST_OK", fields);
}
