/*
 * After the call of mo_store.c: replies go on their way. Runs in glasd. What the
 * database refuses for its contents is halved until the bad text stands alone,
 * which goes to quarantine with its SQLSTATE. Likewise, when a row is locked,
 * until the text that needs it waits apart from others; but where a batch of
 * nothing is not let in either, somebody holds a whole table, and there is
 * nothing to look for. What the database refuses for reasons of its own is tried
 * again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo_private.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/quarantine.h"

#define MO_LOCKED "55P03" /* lock_not_available */

static const char mo_quarantine_statement[] =
    "select glas_gw.quarantine($1, $2, $3, $4, $5, $6, $7)";

/* A text is where it belongs. */
static void
mo_text_end(struct mo *mo, struct mo_text *t, bool stored)
{
	if (t->record != 0)
		journal_done(mo->gateway->journal, t->record);
	if (t->released != 0)
		mo_released_end(mo, t, stored);
	if (t->due_group != 0 && --mo->due_running == 0 && mo->due_more)
		mo_groups_due(mo);
	away_forget(mo->gateway->away, t->item.identity);
	mo_text_free(t);
}

static void
mo_quarantined(void *arg, const struct pg_result *r)
{
	struct mo_text *t = arg;
	struct mo *mo = t->mo;

	mo->aside_count--;
	if (pg_ok(r)) {
		log_warn("quarantine=%s link=%s", pg_text(r, 0, 0),
		    t->item.link);
		mo->counts.quarantined++;
		mo_moved(mo);
		mo_text_end(mo, t, false);
		return;
	}
	/* The database is away, or refuses even that: it comes round again. */
	TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
	mo->waiting_count++;
	mo_rest(mo);
	database_failed(mo->gateway->database, DATABASE_TEXTS, r);
}

void
mo_quarantine(struct mo *mo, struct mo_text *t, const char *reason)
{
	struct pg_params p = { 0 };
	struct buf answered = { 0 }, sealed = { 0 };

	t->mo = mo;
	mo->aside_count++;
	away_save(mo->gateway->away, t->item.identity, &answered);
	quarantine_close(mo->gateway->keys, &t->item, &answered, &sealed);
	pg_param_text(&p, mo->gateway->config->gateway.name);
	pg_param_text(&p, t->item.link);
	pg_param_int(&p, PG_TIMESTAMPTZ, t->item.at);
	/* Who is nobody is not the same nobody each time. */
	if (t->item.kind == MSISDN_NONE)
		pg_param_null(&p, PG_BYTEA);
	else
		pg_param_bytes(&p, t->token, SEAL_TOKEN_LEN);
	pg_param_bytes(&p, t->item.identity, SEAL_TOKEN_LEN);
	pg_param_text(&p, reason);
	pg_param_bytes(&p, sealed.data, sealed.len);
	pg_pipe_send(database_pipe(mo->gateway->database),
	    mo_quarantine_statement, &p, mo_quarantined, t);
	pg_params_clear(&p);
	buf_clear(&answered);
	buf_clear(&sealed);
}

/* Errors that come from what is in the texts, by class of SQLSTATE: data
 * exception, constraint violation, program limit. */
static bool
mo_store_refused(const char *sqlstate)
{
	return (strncmp(sqlstate, "22", 2) == 0 ||
	    strncmp(sqlstate, "23", 2) == 0 ||
	    strncmp(sqlstate, "54", 2) == 0);
}

/* Somebody has locked a row that a text of the batch needs: a lock that was
 * not got, a deadlock, a statement that took too long. */
static bool
mo_store_locked(const char *sqlstate)
{
	return (strcmp(sqlstate, MO_LOCKED) == 0 ||
	    strcmp(sqlstate, "40P01") == 0 || strcmp(sqlstate, "57014") == 0);
}

static void
mo_store_halve(struct mo_batch *b, const char *sqlstate)
{
	struct mo *mo = b->mo;
	struct mo_batch *half = xcalloc(1, sizeof *half);
	char reason[64];

	mo_batch_reset(b);
	TAILQ_REMOVE(&mo->running, b, entry);
	mo->running_count--;
	half->mo = mo;
	TAILQ_INIT(&half->texts);
	if (b->text_count == 1) {
		struct mo_text *t = TAILQ_FIRST(&b->texts);

		TAILQ_REMOVE(&b->texts, t, entry);
		snprintf(reason, sizeof reason, "the database refused it: %s",
		    sqlstate);
		if (mo_store_locked(sqlstate))
			mo_block(mo, t);
		else
			mo_quarantine(mo, t, reason);
		mo_batch_free(b);
		free(half);
		return;
	}
	while (half->text_count < b->text_count) {
		struct mo_text *t = TAILQ_LAST(&b->texts, mo_texts);

		TAILQ_REMOVE(&b->texts, t, entry);
		TAILQ_INSERT_HEAD(&half->texts, t, entry);
		half->text_count++;
		b->text_count--;
	}
	TAILQ_INSERT_HEAD(&mo->halves, half, entry);
	if (b->text_count != 0)
		TAILQ_INSERT_HEAD(&mo->halves, b, entry);
	else
		mo_batch_free(b);
}

/* {2,5}: places of citizens whose texts must be understood again. */
static void
mo_store_stale(struct mo_batch *b, const char *array)
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

static void
mo_store_reply(const struct gateway *g, const struct mo_reply *r,
    const struct mo_citizen *c)
{
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
	o->said = away_said(g->away, r->cause->item.identity, r->kind);
	outbox_put(g->outbox, o);
}

static void
mo_store_hand_over(struct mo_batch *b)
{
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
		mo_store_reply(b->mo->gateway, r, c);
		r->planned = false;
	}
}

static void
mo_store_count(struct mo *mo, const struct mo_text *t)
{
	mo->counts.seen += t->role == MO_SEEN;
	if (t->id == 0)
		return;
	mo->counts.stored++;
	mo->counts.stored_after_us += clock_mono_us() - t->taken_at;
}

static void
mo_store_log(const struct mo_batch *b, const struct mo_text *t)
{
	int64_t now = clock_mono_us();

	log_info("mo=%lld link=%s intent=%s reference=%s replies=%u "
	    "delays=%lld/%lld/%lld ms", (long long)t->id, t->item.link,
	    intent_name(t->reading.intent), t->reference, t->replies,
	    (long long)(b->context_us - t->taken_at) / 1000,
	    (long long)(b->store_us - b->context_us) / 1000,
	    (long long)(now - b->store_us) / 1000);
}

static void
mo_store_again(struct mo_batch *b, const struct pg_result *r)
{
	struct database *database = b->mo->gateway->database;
	struct mo_text *t;

	if (database_away(database)) {
		TAILQ_FOREACH(t, &b->texts, entry)
			mo_late(b->mo, t);
	}
	mo_batch_retry(b, pg_error(r));
	database_failed(database, DATABASE_TEXTS, r);
}

static void
mo_store_asked(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct mo *mo = b->mo;

	if (pg_ok(r))
		mo_store_halve(b, MO_LOCKED);
	else
		mo_store_again(b, r);
	mo_pump(mo);
}

/* Whether it is a row or a table: a batch of nothing needs no row. */
static void
mo_store_ask(struct mo_batch *b)
{
	struct mo_batch nothing = { .mo = b->mo };

	TAILQ_INIT(&nothing.texts);
	mo_store_send(&nothing, mo_store_asked, b);
}

static void
mo_store_failed(struct mo_batch *b, const struct pg_result *r)
{
	struct mo *mo = b->mo;
	struct mo_text *t;

	TAILQ_FOREACH(t, &b->texts, entry)
		t->in_doubt = strcmp(pg_sqlstate(r), "08006") == 0;
	if (mo_store_locked(pg_sqlstate(r)))
		mo_store_ask(b);
	else if (mo_store_refused(pg_sqlstate(r)))
		mo_store_halve(b, pg_sqlstate(r));
	else
		mo_store_again(b, r);
	mo_pump(mo);
}

void
mo_stored(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct mo *mo = b->mo;
	struct mo_text *t, *next;

	if (!pg_ok(r) || pg_rows(r) != 1) {
		mo_store_failed(b, r);
		return;
	}
	mo_moved(mo);
	rewound_called(mo->gateway->rewound);
	mo_store_stale(b, pg_text(r, 0, 0));
	mo_store_hand_over(b);
	mo_concat_opened(b);
	for (unsigned int n = 0; n < b->citizen_count; n++) {
		if (!b->citizens[n].stale)
			mo_said_keep(mo, &b->citizens[n]);
	}
	TAILQ_REMOVE(&mo->running, b, entry);
	mo->running_count--;
	for (t = TAILQ_LAST(&b->texts, mo_texts); t != NULL; t = next) {
		next = TAILQ_PREV(t, mo_texts, entry);
		if (b->citizens[t->citizen].stale) {
			TAILQ_REMOVE(&b->texts, t, entry);
			mo_text_reset(t);
			TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
			mo->waiting_count++;
			continue;
		}
		mo_store_count(mo, t);
		if (t->id != 0)
			mo_store_log(b, t);
	}
	while ((t = TAILQ_FIRST(&b->texts)) != NULL) {
		TAILQ_REMOVE(&b->texts, t, entry);
		mo_text_end(mo, t, true);
	}
	mo_batch_free(b);
	reserve_fill(database_reserve(mo->gateway->database));
	mo_pump(mo);
}
