/*
 * After the call of mo_store.c: the batch stands in the database, its replies
 * go on their way. Who was changed by somebody else meanwhile is understood again.
 * Runs in glasd. A batch that was not stored: mo_refused.c.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "store/pg.h"

/* {2,5}: places of citizens whose texts must be understood again. */
static void
mo_stored_stale(struct mo_batch *b, const char *array)
{
	char *end;

	while (*array != '\0') {
		long place = strtol(array, &end, 10);

		if (end == array)
			array++;
		else
			array = end;
		if (place > 0 && (unsigned long)place <= b->citizen_count)
			b->citizens[place - 1].stale = true;
	}
}

/* None of the segments that told of it is answered by itself any more. */
static void
mo_stored_tells(const struct mo_batch *b, const struct mo_text *t,
    struct outbox_reply *o)
{
	struct away *away = b->mo->gateway->away;
	const struct mo_group *g = t->role == MO_LAST ?
	    &b->groups[t->group - 1] : NULL;

	away_tells(away, o, t->item.identity);
	for (unsigned int n = 0; g != NULL && n < g->count; n++)
		away_tells(away, o, g->segments[n].item.identity);
}

/* Its danger was told from the words alone while the call took its time. */
static const struct away_reply *
mo_stored_said(const struct mo_batch *b, const struct mo_reply *r)
{
	return (away_reply_of(b->mo->gateway->away, r->cause->item.identity,
	    r->kind));
}

static void
mo_stored_reply(const struct mo_batch *b, const struct mo_reply *r,
    const struct mo_citizen *c)
{
	const struct gateway *g = b->mo->gateway;
	struct outbox_reply *o;

	if (strcmp(r->state, "queued") == 0)
		outbox_left(g->outbox, true);
	if (strcmp(r->state, "inflight") != 0 || r->away)
		return;
	o = outbox_reply_new(r->id, r->cause->via, c->msisdn, r->text);
	o->priority = outbox_priority(r->kind);
	o->must_arrive = outbox_must_arrive(r->kind);
	o->expires_at = mo_reply_expires(r);
	o->kind = r->kind;
	memcpy(o->cause, r->cause->item.identity, sizeof o->cause);
	if (r->cause->report)
		memcpy(o->reference, r->cause->reference, sizeof o->reference);
	o->said = mo_stored_said(b, r) != NULL;
	if (r->kind == REPLY_EMERGENCY)
		mo_stored_tells(b, r->cause, o);
	outbox_put(g->outbox, o);
}

/* The row becomes that of what was said, whose result it gets; without a number
 * of the outbox that cannot be. */
static bool
mo_stored_settles(struct mo_batch *b, struct mo_reply *r)
{
	struct away *away = b->mo->gateway->away;
	const struct away_reply *said = mo_stored_said(b, r);

	if (said == NULL || said->mt < 0 || r->kind != REPLY_EMERGENCY ||
	    r->away || strcmp(r->state, "inflight") != 0 ||
	    !away_stored(away, r->cause->item.identity))
		return (false);
	mo_reply_unplan(b, r);
	return (true);
}

/* Danger was told of a text that was here before, whose row may wait to be
 * sent. */
static bool
mo_stored_seen(const struct mo_batch *b)
{
	const struct mo_text *t;
	bool seen = false;

	TAILQ_FOREACH(t, &b->texts, entry) {
		if (t->role == MO_SEEN && away_stored(b->mo->gateway->away,
		    t->item.identity))
			seen = true;
	}
	return (seen);
}

static void
mo_stored_hand_over(struct mo_batch *b)
{
	bool settle = mo_stored_seen(b);

	for (unsigned int n = 0; n < b->citizen_count; n++) {
		const struct mo_citizen *c = &b->citizens[n];

		if (!c->stale && strcmp(mo_citizen_stop(c), "stop") == 0)
			outbox_stop(b->mo->gateway->outbox, c->msisdn);
	}
	for (unsigned int n = 0; n < b->reply_count; n++) {
		struct mo_reply *r = &b->replies[n];
		const struct mo_citizen *c = &b->citizens[r->cause->citizen];

		if (c->stale)
			continue;
		if (mo_stored_settles(b, r))
			settle = true;
		else
			mo_stored_reply(b, r, c);
		r->planned = false;
	}
	if (settle)
		database_settle(b->mo->gateway->database);
}

static void
mo_stored_count(struct mo *mo, const struct mo_text *t)
{
	mo->counts.seen += t->role == MO_SEEN;
	if (t->id == 0)
		return;
	mo->counts.stored++;
	mo->counts.stored_after_us += clock_mono_us() - t->taken_at;
}

static void
mo_stored_log(const struct mo_batch *b, const struct mo_text *t)
{
	int64_t now = clock_mono_us();

	log_info("mo=%lld link=%s intent=%s reference=%s replies=%u "
	    "delays=%lld/%lld/%lld ms", (long long)t->id, t->item.link,
	    intent_name(t->reading.intent), t->reference, t->replies,
	    (long long)(b->context_us - t->taken_at) / 1000,
	    (long long)(b->store_us - b->context_us) / 1000,
	    (long long)(now - b->store_us) / 1000);
}

/* From the last on: in the queue they are in order. */
static void
mo_stored_again(struct mo_batch *b)
{
	struct mo_text *t, *before;

	for (t = TAILQ_LAST(&b->texts, mo_texts); t != NULL; t = before) {
		before = TAILQ_PREV(t, mo_texts, entry);
		if (!b->citizens[t->citizen].stale)
			continue;
		TAILQ_REMOVE(&b->texts, t, entry);
		mo_text_reset(t);
		mo_wait_first(b->mo, t);
	}
}

static void
mo_stored_end(struct mo_batch *b)
{
	struct mo_text *t;

	while ((t = TAILQ_FIRST(&b->texts)) != NULL) {
		TAILQ_REMOVE(&b->texts, t, entry);
		mo_stored_count(b->mo, t);
		if (t->id != 0)
			mo_stored_log(b, t);
		mo_text_end(b->mo, t, true);
	}
	mo_batch_free(b);
}

void
mo_stored(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct mo *mo = b->mo;

	if (!pg_ok(r) || pg_rows(r) != 1) {
		mo_refused(b, r);
		return;
	}
	mo_moved(mo);
	rewound_called(mo->gateway->rewound);
	mo_stored_stale(b, pg_text(r, 0, 0));
	mo_stored_hand_over(b);
	mo_groups_opened(b);
	for (unsigned int n = 0; n < b->citizen_count; n++) {
		if (!b->citizens[n].stale)
			mo_said_keep(mo, &b->citizens[n]);
	}
	mo_batch_leave(b);
	mo_stored_again(b);
	mo_stored_end(b);
	reserve_fill(database_reserve(mo->gateway->database));
	mo_pump(mo);
}
