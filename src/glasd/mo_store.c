/*
 * Last step of the MO path: one call stores the batch in one transaction. Runs
 * in glasd. What the database refuses for its contents is halved until the bad
 * text stands alone, which goes to quarantine with its SQLSTATE. Likewise, when
 * a row is locked, until the text that needs it waits apart from others; but
 * where a batch of nothing is not let in either, somebody holds a whole table,
 * and there is nothing to look for. What the database refuses for reasons of
 * its own is tried again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

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

#define MO_EXPIRES_US (INT64_C(86400) * 1000000) /* of an automatic reply */
#define MO_LOCKED "55P03" /* lock_not_available */
#define MO_ASSUMED (-1)	/* version of who is taken for new */

static const char mo_store_statement[] =
    "select glas_gw.mo_store($1,"
    " $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
    " $16, $17, $18, $19,"
    " $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33,"
    " $34, $35, $36,"
    " $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48,"
    " $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61,"
    " $62, $63, $64, $65, $66, $67, $68,"
    " $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80,"
    " $81, $82, $83, $84, $85)";

static const char mo_quarantine_statement[] =
    "select glas_gw.quarantine($1, $2, $3, $4, $5)";

/*
 * Parameters. Each macro fills one array of the call from one kind of rows, in
 * the order of the arguments of glas_gw.mo_store().
 */

#define EACH_CITIZEN(p, type, c, item)                                \
	do {                                                          \
		pg_array(p, type);                                    \
		for (unsigned int i_ = 0; i_ < b->citizen_count;      \
		    i_++) {                                           \
			const struct mo_citizen *c = &b->citizens[i_]; \
			item;                                         \
		}                                                     \
	} while (0)

#define EACH_TEXT(p, type, t, when, item)                 \
	do {                                              \
		const struct mo_text *t;                  \
                                                          \
		pg_array(p, type);                        \
		TAILQ_FOREACH(t, &b->texts, entry) {      \
			if (when)                         \
				item;                     \
		}                                         \
	} while (0)

#define EACH_REPLY(p, type, r, item)                                  \
	do {                                                          \
		pg_array(p, type);                                    \
		for (unsigned int i_ = 0; i_ < b->reply_count;        \
		    i_++) {                                           \
			const struct mo_reply *r = &b->replies[i_];   \
			item;                                         \
		}                                                     \
	} while (0)

#define EACH_ACT(p, type, a, item)                                    \
	do {                                                          \
		pg_array(p, type);                                    \
		for (unsigned int i_ = 0; i_ < b->act_count; i_++) {  \
			const struct mo_act *a = &b->acts[i_];        \
			item;                                         \
		}                                                     \
	} while (0)

/* Places in arrays of SQL begin at 1. */
#define PLACE(n) ((int64_t)(n) + 1)

static void
mo_item_time(struct pg_params *p, int64_t at)
{
	if (at == 0)
		pg_item_null(p);
	else
		pg_item_int(p, at);
}

static void
mo_item_text(struct pg_params *p, const char *s)
{
	if (s == NULL || s[0] == '\0')
		pg_item_null(p);
	else
		pg_item_text(p, s);
}

/* A new citizen's number, sealed; nothing for machines. */
static void
mo_item_copy_of(struct pg_params *p, const struct mo_batch *b,
    const struct mo_citizen *c)
{
	uint8_t sealed[SEAL_MSISDN_LEN];

	if (c->has_copy || c->kind != MSISDN_PERSON) {
		pg_item_null(p);
		return;
	}
	seal_msisdn(b->mo->gateway->keys, c->token, c->msisdn, sealed);
	pg_item_bytes(p, sealed, sizeof sealed);
}

static void
mo_item_version(struct pg_params *p, const struct mo_citizen *c)
{
	if (c->known || c->assumed)
		pg_item_int(p, c->known ? c->version : MO_ASSUMED);
	else
		pg_item_null(p);
}

static const char *
mo_citizen_stop(const struct mo_citizen *c)
{
	if (c->conv.stopped == c->was_stopped)
		return ("");
	return (c->conv.stopped ? "stop" : "start");
}

static void
mo_item_dialog(struct pg_params *p, const struct dialog *d)
{
	char line[DIALOG_LINE_MAX];

	dialog_print(d, line);
	pg_item_text(p, line);
}

static void
mo_store_citizens(struct pg_params *p, const struct mo_batch *b)
{
	EACH_CITIZEN(p, PG_BYTEA, c,
	    pg_item_bytes(p, c->token, SEAL_TOKEN_LEN));
	EACH_CITIZEN(p, PG_INT4, c, mo_item_version(p, c));
	EACH_CITIZEN(p, PG_BYTEA, c, mo_item_copy_of(p, b, c));
	EACH_CITIZEN(p, PG_TEXT, c, mo_item_text(p, c->link));
	EACH_CITIZEN(p, PG_TEXT, c, pg_item_text(p, lang_name(c->conv.lang)));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.lang_chosen));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.cyrillic));
	EACH_CITIZEN(p, PG_FLOAT4, c,
	    pg_item_float(p, (float)c->hour_level));
	EACH_CITIZEN(p, PG_FLOAT4, c,
	    pg_item_float(p, (float)c->day_level));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c, pg_item_int(p, c->level_at));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    mo_item_time(p, c->conv.unclear_at));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    mo_item_time(p, c->conv.emergency_at));
	EACH_CITIZEN(p, PG_BYTEA, c,
	    pg_item_bytes(p, c->optout, SEAL_TOKEN_LEN));
	EACH_CITIZEN(p, PG_TEXT, c, pg_item_text(p, mo_citizen_stop(c)));
	EACH_CITIZEN(p, PG_TEXT, c, mo_item_dialog(p, &c->conv.dialog));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    mo_item_time(p, c->conv.dialog.until));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.told_who));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.asked_group));
}

static void
mo_store_identities(struct pg_params *p, const struct mo_batch *b)
{
	EACH_TEXT(p, PG_INT4, t, t->due_group == 0,
	    pg_item_int(p, PLACE(t->citizen)));
	EACH_TEXT(p, PG_BYTEA, t, t->due_group == 0,
	    pg_item_bytes(p, t->item.identity, SEAL_TOKEN_LEN));
	EACH_TEXT(p, PG_INT8, t, t->due_group == 0,
	    t->id != 0 ? pg_item_int(p, t->id) : pg_item_null(p));
	EACH_TEXT(p, PG_BOOL, t, t->due_group == 0,
	    pg_item_int(p, t->role == MO_SEEN));
}

static void
mo_item_original(struct pg_params *p, const struct mo_batch *b,
    const struct mo_text *t)
{
	size_t len = t->original.len + SEAL_OVERHEAD;
	uint8_t *sealed = xmalloc(len);

	seal_close(b->mo->gateway->keys, &t->id, sizeof t->id,
	    t->original.data, t->original.len, sealed);
	pg_item_bytes(p, sealed, len);
	free(sealed);
}

static const char *
mo_text_trace(const struct mo_text *t)
{
	return (t->reading.trace.len != 0 ?
	    (const char *)t->reading.trace.data : "");
}

static const char *
mo_text_channel(const struct mo_text *t)
{
	return (t->item.type == ITEM_CALL ? "call" : "sms");
}

static const char *
mo_text_municipality(const struct mo_text *t)
{
	return (t->reading.place != NULL ? t->reading.place->municipality :
	    "");
}

static const char *
mo_text_settlement(const struct mo_text *t)
{
	return (t->reading.place != NULL ? t->reading.place->settlement : "");
}

static void
mo_store_texts(struct pg_params *p, const struct mo_batch *b)
{
	EACH_TEXT(p, PG_INT4, t, t->id != 0,
	    pg_item_int(p, PLACE(t->citizen)));
	EACH_TEXT(p, PG_INT8, t, t->id != 0, pg_item_int(p, t->id));
	EACH_TEXT(p, PG_TIMESTAMPTZ, t, t->id != 0,
	    pg_item_int(p, t->item.at));
	EACH_TEXT(p, PG_TIMESTAMPTZ, t, t->id != 0,
	    mo_item_time(p, t->item.scts));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0, pg_item_text(p, t->item.link));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, mo_text_channel(t)));
	EACH_TEXT(p, PG_INT4, t, t->id != 0, pg_item_int(p, t->segments));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, lang_name(t->reading.lang)));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, intent_name(t->reading.intent)));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, t->reading.code));
	EACH_TEXT(p, PG_INT4, t, t->id != 0,
	    pg_item_int(p, t->reading.confidence));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0, pg_item_text(p, t->text));
	EACH_TEXT(p, PG_BYTEA, t, t->id != 0, mo_item_original(p, b, t));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0, mo_item_text(p, t->reference));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, t->silent != NULL ? t->silent : ""));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, t->note != NULL ? t->note : ""));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, mo_text_trace(t)));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, mo_text_municipality(t)));
	EACH_TEXT(p, PG_TEXT, t, t->id != 0,
	    pg_item_text(p, mo_text_settlement(t)));
	EACH_TEXT(p, PG_BOOL, t, t->id != 0, pg_item_int(p, t->test));
}

static bool
mo_text_urgent(const struct mo_batch *b, const struct mo_text *t)
{
	const struct category *category =
	    content_category(b->mo->gateway->content, t->reading.code);

	return (t->reading.emergency != EMERGENCY_NONE ||
	    (category != NULL && category->urgent));
}

/* The better guess, where the category was left open. */
static const char *
mo_text_first(const struct mo_text *t)
{
	return (t->reading.code[0] == '\0' ? t->reading.guess : "");
}

static void
mo_store_reports(struct pg_params *p, const struct mo_batch *b)
{
	EACH_TEXT(p, PG_INT4, t, t->report,
	    pg_item_int(p, PLACE(t->citizen)));
	EACH_TEXT(p, PG_TEXT, t, t->report, pg_item_text(p, t->reference));
	EACH_TEXT(p, PG_INT8, t, t->report, pg_item_int(p, t->id));
	EACH_TEXT(p, PG_TIMESTAMPTZ, t, t->report,
	    pg_item_int(p, t->item.at));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, t->reading.code));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, mo_text_first(t)));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, t->reading.second));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, t->reading.actor));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, mo_text_municipality(t)));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, mo_text_settlement(t)));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, lang_name(t->reading.lang)));
	EACH_TEXT(p, PG_TEXT, t, t->report,
	    pg_item_text(p, mo_text_channel(t)));
	EACH_TEXT(p, PG_BOOL, t, t->report,
	    pg_item_int(p, mo_text_urgent(b, t)));
	EACH_TEXT(p, PG_BOOL, t, t->report, pg_item_int(p, t->test));
}

static void
mo_store_acts(struct pg_params *p, const struct mo_batch *b)
{
	EACH_ACT(p, PG_INT4, a, pg_item_int(p, PLACE(a->cause->citizen)));
	EACH_ACT(p, PG_INT8, a, pg_item_int(p, a->cause->id));
	EACH_ACT(p, PG_TEXT, a, pg_item_text(p, act_kind_name(a->kind)));
	EACH_ACT(p, PG_TEXT, a, pg_item_text(p, a->key));
	EACH_ACT(p, PG_TEXT, a, pg_item_text(p, a->value));
}

static void
mo_store_replies(struct pg_params *p, const struct mo_batch *b)
{
	EACH_REPLY(p, PG_INT4, r, pg_item_int(p, PLACE(r->cause->citizen)));
	EACH_REPLY(p, PG_INT8, r, pg_item_int(p, r->id));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, reply_kind_name(r->kind)));
	EACH_REPLY(p, PG_INT4, r, pg_item_int(p, outbox_priority(r->kind)));
	EACH_REPLY(p, PG_INT8, r, pg_item_int(p, r->cause->id));
	EACH_REPLY(p, PG_TEXT, r, mo_item_text(p, r->cause->reference));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->text));
	EACH_REPLY(p, PG_TEXT, r,
	    pg_item_text(p, encoding_name(r->encoding)));
	EACH_REPLY(p, PG_INT4, r, pg_item_int(p, r->segments));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->state));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->reason));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->cause->item.link));
	EACH_REPLY(p, PG_TIMESTAMPTZ, r, pg_item_int(p, MO_EXPIRES_US +
	    (r->overdue ? clock_wall_us() : r->cause->item.at)));
}

static void
mo_item_segment(struct pg_params *p, const struct mo_batch *b,
    const struct mo_text *t)
{
	struct buf plain = { 0 };
	uint8_t *sealed;

	record_put(&plain, &t->item);
	sealed = xmalloc(plain.len + SEAL_OVERHEAD);
	seal_close(b->mo->gateway->keys, t->token, SEAL_TOKEN_LEN,
	    plain.data, plain.len, sealed);
	pg_item_bytes(p, sealed, plain.len + SEAL_OVERHEAD);
	free(sealed);
	buf_clear(&plain);
}

static void
mo_store_segments(struct pg_params *p, const struct mo_batch *b)
{
#define STORED (t->group != 0 && t->due_group == 0)
	EACH_TEXT(p, PG_INT4, t, STORED, pg_item_int(p, PLACE(t->citizen)));
	EACH_TEXT(p, PG_INT8, t, STORED,
	    pg_item_int(p, b->groups[t->group - 1].id));
	EACH_TEXT(p, PG_INT4, t, STORED,
	    pg_item_int(p, b->groups[t->group - 1].ref));
	EACH_TEXT(p, PG_INT4, t, STORED, pg_item_int(p, t->udh.max));
	EACH_TEXT(p, PG_INT4, t, STORED, pg_item_int(p, t->udh.seq));
	EACH_TEXT(p, PG_TIMESTAMPTZ, t, STORED, pg_item_int(p, t->item.at));
	EACH_TEXT(p, PG_BYTEA, t, STORED, mo_item_segment(p, b, t));
#undef STORED
	EACH_TEXT(p, PG_INT4, t, t->role == MO_LAST,
	    pg_item_int(p, PLACE(t->citizen)));
	EACH_TEXT(p, PG_INT8, t, t->role == MO_LAST,
	    pg_item_int(p, b->groups[t->group - 1].id));
	EACH_TEXT(p, PG_INT8, t, t->role == MO_LAST, pg_item_int(p, t->id));
}

static void
mo_store_send(const struct mo_batch *b, pg_done done, void *arg)
{
	struct gateway *g = b->mo->gateway;
	struct pg_params p = { 0 };

	pg_param_text(&p, g->config->gateway.name);
	mo_store_citizens(&p, b);
	mo_store_identities(&p, b);
	mo_store_texts(&p, b);
	mo_store_reports(&p, b);
	mo_store_replies(&p, b);
	mo_store_segments(&p, b);
	mo_store_acts(&p, b);
	pg_pipe_send(database_pipe(g->database), mo_store_statement, &p, done,
	    arg);
	pg_params_clear(&p);
}

/*
 * After the call.
 */

/* A text is where it belongs. */
static void
mo_text_end(struct mo *mo, struct mo_text *t)
{
	if (t->record != 0)
		journal_done(mo->gateway->journal, t->record);
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
		mo_moved(mo);
		mo_text_end(mo, t);
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
	struct buf plain = { 0 };
	uint8_t *sealed;

	t->mo = mo;
	mo->aside_count++;
	record_put(&plain, &t->item);
	sealed = xmalloc(plain.len + SEAL_OVERHEAD);
	seal_close(mo->gateway->keys, t->item.identity, SEAL_TOKEN_LEN,
	    plain.data, plain.len, sealed);
	pg_param_text(&p, mo->gateway->config->gateway.name);
	pg_param_text(&p, t->item.link);
	pg_param_bytes(&p, t->item.identity, SEAL_TOKEN_LEN);
	pg_param_text(&p, reason);
	pg_param_bytes(&p, sealed, plain.len + SEAL_OVERHEAD);
	pg_pipe_send(database_pipe(mo->gateway->database),
	    mo_quarantine_statement, &p, mo_quarantined, t);
	pg_params_clear(&p);
	buf_clear(&plain);
	free(sealed);
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
	o = outbox_reply_new(r->id, r->cause->item.link, c->msisdn, r->text);
	o->priority = outbox_priority(r->kind);
	o->must_arrive = outbox_must_arrive(r->kind);
	o->expires_at = r->cause->item.at + MO_EXPIRES_US;
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

static void
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
		if (t->id != 0)
			mo_store_log(b, t);
	}
	while ((t = TAILQ_FIRST(&b->texts)) != NULL) {
		TAILQ_REMOVE(&b->texts, t, entry);
		mo_text_end(mo, t);
	}
	mo_batch_free(b);
	reserve_fill(database_reserve(mo->gateway->database));
	mo_pump(mo);
}

void
mo_store(struct mo_batch *b)
{
	struct mo_text *t;

	b->store_us = clock_mono_us();
	TAILQ_FOREACH(t, &b->texts, entry) {
		if (t->id != 0)
			mo_concat_original(b, t);
	}
	mo_store_send(b, mo_stored, b);
}
