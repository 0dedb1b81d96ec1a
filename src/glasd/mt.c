/*
 * The path of a text to a person, in order of its files:
 *
 *   mt_recover   what was in flight before the start is sorted
 *   mt_load      out of the outbox: claimed, in flight, ours
 *   mt.c         (here) waiting in memory, a queue a link and priority
 *   mt_failover  by another link, where its own cannot send
 *   mt_pick      which link gets what next; the intent goes into the log
 *   mt_segment   the text is cut into segments
 *   mt_submit    the intent is durable: handed to the link
 *   mt_status    what became of it: into the log
 *   mt_given     what is sent again, should the database not do it
 *   mt_lost      what nobody has, though the database says so
 *   mt_outcome   from the log to the database
 *
 * Runs in glasd. Automatic replies come straight from mo_store, already
 * claimed. A reply is in the database as `inflight` and in the log as an
 * intent before a link sees it; a link that dies in between leaves it
 * `unknown`, never `queued`.
 */
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

static const char *const mt_state_names[] = {
	[MT_MORE] = "inflight",
	[MT_QUEUED] = "queued",
	[MT_INFLIGHT] = "inflight",
	[MT_UNKNOWN] = "unknown",
	[MT_ACCEPTED] = "accepted",
	[MT_FAILED] = "failed",
	[MT_EXPIRED] = "expired",
	[MT_SUPPRESSED] = "suppressed",
};

const char *
mt_state_name(enum mt_state state)
{
	return (mt_state_names[state]);
}

bool
mt_is_unsent(enum mt_state state)
{
	return (state == MT_QUEUED || state == MT_FAILED ||
	    state == MT_EXPIRED);
}

/* Where the outcome is unknown, an attempt may have been the last. */
bool
mt_goes_again(const struct item *item)
{
	return (item->type == ITEM_RESULT && item->state == MT_MORE &&
	    item->due_at != 0 && item->cause != MT_CAUSE_NONE);
}

static void
mt_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mt *mt = arg;

	(void)fd;
	(void)what;
	mt_load(mt, false);
}

struct mt *
mt_new(struct gateway *g)
{
	struct mt *mt = xcalloc(1, sizeof *mt);

	mt->gateway = g;
	mt->a_call = MT_RESULTS_MAX;
	TAILQ_INIT(&mt->links);
	TAILQ_INIT(&mt->results);
	TAILQ_INIT(&mt->results_sent);
	TAILQ_INIT(&mt->results_early);
	TAILQ_INIT(&mt->reports);
	TAILQ_INIT(&mt->reports_sent);
	TAILQ_INIT(&mt->given);
	mt->timer = evtimer_new(g->base, mt_timer, mt);
	if (mt->timer == NULL)
		fatal("out of memory: no timer for replies");
	return (mt);
}

static void
mt_reply_free(struct mt *mt, struct mt_reply *r)
{
	outbox_settled(mt->gateway->outbox);
	outbox_reply_free(r->row);
	free(r->segments);
	free(r);
}

static void
mt_replies_free(struct mt *mt, struct mt_replies *replies)
{
	struct mt_reply *r;

	while ((r = TAILQ_FIRST(replies)) != NULL) {
		TAILQ_REMOVE(replies, r, entry);
		mt_reply_free(mt, r);
	}
}

static void
mt_link_free(struct mt *mt, struct mt_link *ml)
{
	for (int n = 0; n < MT_PRIORITIES; n++)
		mt_replies_free(mt, &ml->waiting[n]);
	mt_replies_free(mt, &ml->flying);
	TAILQ_REMOVE(&mt->links, ml, entry);
	free(ml);
}

static void
mt_outcomes_free(struct mt_outcomes *list)
{
	struct mt_outcome *o;

	while ((o = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, o, entry);
		free(o);
	}
}

/* What was said while the database was away is in the log alone. */
static void
mt_forget_replies(struct mt *mt, struct mt_replies *replies)
{
	struct mt_reply *r, *next;

	for (r = TAILQ_FIRST(replies); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		if (r->row->away)
			continue;
		away_untold(mt->gateway->away, r->row);
		mt_reply_spend(mt, r, -1);
		mt_reply_end(mt, r);
	}
}

void
mt_forget(struct mt *mt)
{
	struct mt_link *ml;

	mt_collect(mt);
	TAILQ_FOREACH(ml, &mt->links, entry) {
		for (int n = 0; n < MT_PRIORITIES; n++)
			mt_forget_replies(mt, &ml->waiting[n]);
	}
	mt_given_forget(mt);
	mt_outcomes_free(&mt->results);
	mt_outcomes_free(&mt->results_early);
	mt_outcomes_free(&mt->reports);
	mt->outcome_count = 0;
	/* Intents of before are settled as after a start. */
	mt->restored = journal_newest(mt->gateway->journal);
}

void
mt_free(struct mt *mt)
{
	struct mt_link *ml;

	if (mt == NULL)
		return;
	while ((ml = TAILQ_FIRST(&mt->links)) != NULL)
		mt_link_free(mt, ml);
	mt_given_forget(mt);
	mt_outcomes_free(&mt->results);
	mt_outcomes_free(&mt->results_sent);
	mt_outcomes_free(&mt->results_early);
	mt_outcomes_free(&mt->reports);
	mt_outcomes_free(&mt->reports_sent);
	event_free(mt->timer);
	free(mt->handing);
	free(mt->known);
	free(mt->missed.one);
	free(mt);
}

void
mt_after(struct mt *mt, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = (ms % 1000) * 1000 };

	if (evtimer_pending(mt->timer, NULL) &&
	    mt->timer_ms <= clock_mono_ms() + ms)
		return;
	mt->timer_ms = clock_mono_ms() + ms;
	evtimer_add(mt->timer, &tv);
}

struct mt_link *
mt_link_of(struct mt *mt, struct link *l)
{
	struct mt_link *ml;

	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (ml->link == l)
			return (ml);
	}
	ml = xcalloc(1, sizeof *ml);
	ml->link = l;
	ml->able_ms = clock_mono_ms();
	for (int n = 0; n < MT_PRIORITIES; n++)
		TAILQ_INIT(&ml->waiting[n]);
	TAILQ_INIT(&ml->flying);
	TAILQ_INSERT_TAIL(&mt->links, ml, entry);
	return (ml);
}

uint64_t
mt_results(const struct mt *mt, enum mt_state state)
{
	return (mt->came_to[state]);
}

unsigned int
mt_link_waiting(struct mt *mt, struct link *l)
{
	return (mt_link_of(mt, l)->waiting_count);
}

int64_t
mt_link_still_ms(struct mt *mt, struct link *l)
{
	const struct mt_link *ml = mt_link_of(mt, l);

	return (ml->waiting_count != 0 ? clock_mono_ms() - ml->still_ms : 0);
}

size_t
mt_inflight(const struct mt *mt)
{
	const struct mt_link *ml;
	size_t n = 0;

	TAILQ_FOREACH(ml, &mt->links, entry)
		n += ml->outstanding;
	return (n);
}

bool
mt_is_danger(const struct mt_reply *r)
{
	return (r->row->priority <= 0);
}

/* Priorities of the database may be any number. */
static int
mt_reply_queue(const struct mt_reply *r)
{
	if (r->row->priority < 0)
		return (0);
	return (r->row->priority < MT_PRIORITIES ? r->row->priority :
	    MT_PRIORITIES - 1);
}

/* To the queue of that link. */
static void
mt_reply_wait(struct mt_reply *r, struct mt_link *ml)
{
	r->link = ml;
	if (ml->waiting_count++ == 0)
		ml->still_ms = clock_mono_ms();
	TAILQ_INSERT_TAIL(&ml->waiting[mt_reply_queue(r)], r, entry);
}

/* Off the list that it is on. */
static void
mt_reply_take_off(struct mt_reply *r)
{
	if (r->link != NULL && r->segments != NULL) {
		TAILQ_REMOVE(&r->link->flying, r, entry);
	} else if (r->link != NULL) {
		TAILQ_REMOVE(&r->link->waiting[mt_reply_queue(r)], r, entry);
		r->link->waiting_count--;
	}
}

void
mt_reply_anew(struct mt_reply *r, struct mt_link *ml)
{
	mt_reply_take_off(r);
	free(r->segments);
	r->segments = NULL;
	r->next = 0;
	r->worst = MT_ACCEPTED;
	r->cause = MT_CAUSE_NONE;
	mt_reply_wait(r, ml);
}

/* None of its segments was taken from the other number. */
void
mt_reply_move(struct mt *mt, struct mt_reply *r, struct mt_link *to)
{
	log_info("mt=%lld link=%s by=%s", (long long)r->row->id,
	    link_name(r->link->link), link_name(to->link));
	mt_reply_spend(mt, r, -1);
	r->row->taken = 0;
	r->due_ms = 0;
	mt_reply_anew(r, to);
	mt_reply_spend(mt, r, 1);
}

bool
mt_is_alone(const struct mt *mt, const struct mt_reply *r)
{
	const struct database *d = mt->gateway->database;

	return (r->row->id < 0 || !database_ready(d) || database_away(d));
}

static void
mt_take(struct mt *mt, struct outbox_reply *row)
{
	struct mt_reply *r = xcalloc(1, sizeof *r);
	struct link *l = links_find(mt->gateway->links, row->link);

	r->row = row;
	r->worst = MT_ACCEPTED;
	if (row->said) {
		mt_settle(mt, r, -1, MT_SUPPRESSED, MT_MR_NONE, MT_CAUSE_SAID);
		return;
	}
	if (l == NULL)
		l = links_next(mt->gateway->links, NULL);
	if (l == NULL) {
		mt_settle(mt, r, -1, MT_QUEUED, MT_MR_NONE, MT_CAUSE_LINK_GONE);
		return;
	}
	mt_reply_wait(r, mt_link_of(mt, l));
}

/* What is being handed over goes on: half a text is worse than one too many. */
static void
mt_withdraw(struct mt *mt, struct mt_replies *replies, const char *msisdn)
{
	struct mt_reply *r, *next;

	for (r = TAILQ_FIRST(replies); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		if (r->row->unasked && strcmp(r->row->recipient, msisdn) == 0)
			mt_settle(mt, r, -1, MT_SUPPRESSED, -1,
			    MT_CAUSE_STOPPED);
	}
}

void
mt_collect(struct mt *mt)
{
	struct outbox *outbox = mt->gateway->outbox;
	struct outbox_reply *row;
	struct mt_link *ml;
	char msisdn[MSISDN_MAX];

	while ((row = outbox_next(outbox)) != NULL)
		mt_take(mt, row);
	while (outbox_next_stop(outbox, msisdn)) {
		TAILQ_FOREACH(ml, &mt->links, entry) {
			for (int n = 0; n < MT_PRIORITIES; n++)
				mt_withdraw(mt, &ml->waiting[n], msisdn);
		}
	}
}

void
mt_reply_end(struct mt *mt, struct mt_reply *r)
{
	mt_reply_take_off(r);
	mt_reply_free(mt, r);
}

void
mt_reply_give(struct mt *mt, struct mt_reply *r)
{
	mt_reply_take_off(r);
	mt_given_keep(mt, r->row);
	r->row = NULL;
	mt_reply_free(mt, r);
}

/* One that no link has yet counts for that of its row. */
void
mt_reply_spend(struct mt *mt, const struct mt_reply *r, int sign)
{
	const struct outbox_reply *row = r->row;
	int segments = sign * ((int)segment_count(row->text, NULL, NULL) -
	    __builtin_popcount(row->taken));

	database_spend(mt->gateway->database, segments);
	links_spend(mt->gateway->links, r->link != NULL ?
	    link_name(r->link->link) : row->link, segments);
	/* There is room again for what found none. */
	if (segments < 0)
		mt->spent_day = 0;
}

void
mt_reply_back(struct mt *mt, struct mt_reply *r, enum mt_cause cause)
{
	mt_settle(mt, r, -1, MT_QUEUED, MT_MR_NONE, cause);
}

/*
 * Events of links.
 */

void
mt_link_ready(struct mt *mt, struct link *l)
{
	if (link_ready(l))
		mt_load(mt, true);
}

void
mt_link_down(struct mt *mt, struct link *l)
{
	struct mt_link *ml = mt_link_of(mt, l);
	struct mt_reply *r, *next;

	for (r = TAILQ_FIRST(&ml->flying); r != NULL; r = next) {
		/* The last one settles the whole reply: it is gone then. */
		unsigned int left = r->outstanding;

		next = TAILQ_NEXT(r, entry);
		for (int n = 0; left != 0 && n < SEGMENTS_MAX; n++) {
			if (r->intent[n] == 0)
				continue;
			left--;
			mt_settle(mt, r, n, MT_UNKNOWN, MT_MR_NONE,
			    MT_CAUSE_NONE);
		}
	}
}

/* Who takes what waits for a link that is gone; NULL: nobody. */
static struct mt_link *
mt_link_heir(struct mt *mt, struct link *gone)
{
	struct link *l = NULL;

	do
		l = links_next(mt->gateway->links, l);
	while (l != NULL && (l == gone || !link_sends(l)));
	return (l != NULL ? mt_link_of(mt, l) : NULL);
}

/* The database gives it to one, if it can. */
static void
mt_link_leave(struct mt *mt, struct mt_replies *replies, struct mt_link *heir)
{
	struct mt_reply *r;

	while ((r = TAILQ_FIRST(replies)) != NULL) {
		if (heir != NULL && mt_is_alone(mt, r))
			mt_reply_move(mt, r, heir);
		else
			mt_reply_back(mt, r, MT_CAUSE_LINK_GONE);
	}
}

/* What is on its way is between two segments: the link went down before. */
void
mt_link_gone(struct mt *mt, struct link *l)
{
	struct mt_link *ml = mt_link_of(mt, l), *heir = mt_link_heir(mt, l);

	for (int n = 0; n < MT_PRIORITIES; n++)
		mt_link_leave(mt, &ml->waiting[n], heir);
	mt_link_leave(mt, &ml->flying, heir);
	mt_link_free(mt, ml);
}
