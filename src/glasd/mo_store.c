/*
 * Last call of the MO path: it stores the batch in one transaction. Runs in
 * glasd. What becomes of it: mo_stored.c.
 */
#include <stdlib.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "glasd/outbox.h"
#include "lib/clock.h"
#include "store/config.h"
#include "store/pg.h"

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
    " $81, $82, $83, $84, $85, $86, $87, $88)";

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

/* Texts that a link has offered, those that are stored, those that are reports;
 * segments of long texts, and the last of each. */
#define EACH_OFFERED(p, type, t, item) \
	EACH_TEXT(p, type, t, t->due_group == 0, item)
#define EACH_MESSAGE(p, type, t, item) \
	EACH_TEXT(p, type, t, t->id != 0, item)
#define EACH_REPORT(p, type, t, item) \
	EACH_TEXT(p, type, t, t->report, item)
#define EACH_SEGMENT(p, type, t, item) \
	EACH_TEXT(p, type, t, t->group != 0 && t->due_group == 0, item)
#define EACH_CLOSED(p, type, t, item) \
	EACH_TEXT(p, type, t, t->role == MO_LAST, item)

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

/* Each time: a key that has come, or another one, is for everybody who writes
 * from then on. */
static void
mo_item_recall_of(struct pg_params *p, const struct mo_batch *b,
    const struct mo_citizen *c)
{
	const uint8_t *key = b->mo->gateway->recall;
	uint8_t sealed[SEAL_RECALL_LEN];

	if (key == NULL || c->kind != MSISDN_PERSON) {
		pg_item_null(p);
		return;
	}
	seal_recall_close(key, c->msisdn, sealed);
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

const char *
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
	    pg_item_int_or_null(p, c->conv.unclear_at));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    pg_item_int_or_null(p, c->conv.emergency_at));
	EACH_CITIZEN(p, PG_BYTEA, c,
	    pg_item_bytes(p, c->optout, SEAL_TOKEN_LEN));
	EACH_CITIZEN(p, PG_TEXT, c, pg_item_text(p, mo_citizen_stop(c)));
	EACH_CITIZEN(p, PG_TEXT, c, mo_item_dialog(p, &c->conv.dialog));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    pg_item_int_or_null(p, c->conv.dialog.until));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.told_who));
	EACH_CITIZEN(p, PG_BOOL, c, pg_item_int(p, c->conv.asked_group));
}

static void
mo_store_identities(struct pg_params *p, const struct mo_batch *b)
{
	EACH_OFFERED(p, PG_INT4, t, pg_item_int(p, PLACE(t->citizen)));
	EACH_OFFERED(p, PG_BYTEA, t,
	    pg_item_bytes(p, t->item.identity, SEAL_TOKEN_LEN));
	EACH_OFFERED(p, PG_INT8, t,
	    t->id != 0 ? pg_item_int(p, t->id) : pg_item_null(p));
	EACH_OFFERED(p, PG_BOOL, t, pg_item_int(p, t->role == MO_SEEN));
}

/* For the row that `ad` tells. */
static void
mo_item_sealed(struct pg_params *p, const struct mo_batch *b, const void *ad,
    size_t ad_len, const struct buf *plain)
{
	uint8_t *sealed = xmalloc(plain->len + SEAL_OVERHEAD);

	seal_close(b->mo->gateway->keys, ad, ad_len, plain->data, plain->len,
	    sealed);
	pg_item_bytes(p, sealed, plain->len + SEAL_OVERHEAD);
	free(sealed);
}

static const char *
mo_text_trace(const struct mo_text *t)
{
	return (t->reading.trace.len != 0 ?
	    (const char *)t->reading.trace.data : "");
}

/* What was taken for a reference or an option may be of a number. */
static const char *
mo_text_code(const struct mo_text *t)
{
	return (mask_hides(&t->mask, t->reading.code) ? "" : t->reading.code);
}

static const char *
mo_text_channel(const struct mo_text *t)
{
	if (t->item.chosen[0] != '\0')
		return ("ussd");
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
	EACH_MESSAGE(p, PG_INT4, t, pg_item_int(p, PLACE(t->citizen)));
	EACH_MESSAGE(p, PG_INT8, t, pg_item_int(p, t->id));
	EACH_MESSAGE(p, PG_TIMESTAMPTZ, t, pg_item_int(p, t->item.at));
	EACH_MESSAGE(p, PG_TIMESTAMPTZ, t,
	    pg_item_int_or_null(p, t->item.scts));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, t->item.link));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, mo_text_channel(t)));
	EACH_MESSAGE(p, PG_INT4, t, pg_item_int(p, t->segments));
	EACH_MESSAGE(p, PG_TEXT, t,
	    pg_item_text(p, lang_name(t->reading.lang)));
	EACH_MESSAGE(p, PG_TEXT, t,
	    pg_item_text(p, intent_name(t->reading.intent)));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, mo_text_code(t)));
	EACH_MESSAGE(p, PG_INT4, t, pg_item_int(p, t->reading.confidence));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, t->text));
	EACH_MESSAGE(p, PG_BYTEA, t,
	    mo_item_sealed(p, b, &t->id, sizeof t->id, &t->original));
	EACH_MESSAGE(p, PG_TEXT, t, mo_item_text(p, t->reference));
	EACH_MESSAGE(p, PG_TEXT, t,
	    pg_item_text(p, t->silent != NULL ? t->silent : ""));
	EACH_MESSAGE(p, PG_TEXT, t,
	    pg_item_text(p, t->note != NULL ? t->note : ""));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, mo_text_trace(t)));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, mo_text_municipality(t)));
	EACH_MESSAGE(p, PG_TEXT, t, pg_item_text(p, mo_text_settlement(t)));
	EACH_MESSAGE(p, PG_BOOL, t, pg_item_int(p, t->test));
}

static bool
mo_text_urgent(const struct mo_batch *b, const struct mo_text *t)
{
	const struct category *category =
	    content_category(b->mo->gateway->content, t->reading.code);

	return (t->reading.emergency != EMERGENCY_NONE || t->reading.urgent ||
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
	EACH_REPORT(p, PG_INT4, t, pg_item_int(p, PLACE(t->citizen)));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, t->reference));
	EACH_REPORT(p, PG_INT8, t, pg_item_int(p, t->id));
	EACH_REPORT(p, PG_TIMESTAMPTZ, t, pg_item_int(p, t->item.at));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, t->reading.code));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, mo_text_first(t)));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, t->reading.second));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, t->reading.actor));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, mo_text_municipality(t)));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, mo_text_settlement(t)));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, lang_name(t->reading.lang)));
	EACH_REPORT(p, PG_TEXT, t, pg_item_text(p, mo_text_channel(t)));
	EACH_REPORT(p, PG_BOOL, t, pg_item_int(p, mo_text_urgent(b, t)));
	EACH_REPORT(p, PG_BOOL, t, pg_item_int(p, t->test));
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
	EACH_REPLY(p, PG_INT8, r, r->cause->id != 0 ?
	    pg_item_int(p, r->cause->id) : pg_item_null(p));
	EACH_REPLY(p, PG_TEXT, r, mo_item_text(p, r->cause->reference));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->text));
	EACH_REPLY(p, PG_TEXT, r,
	    pg_item_text(p, encoding_name(r->encoding)));
	EACH_REPLY(p, PG_INT4, r, pg_item_int(p, r->segments));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->state));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->reason));
	EACH_REPLY(p, PG_TEXT, r, pg_item_text(p, r->cause->via));
	EACH_REPLY(p, PG_TIMESTAMPTZ, r, pg_item_int(p, mo_reply_expires(r)));
}

static void
mo_store_recall(struct pg_params *p, const struct mo_batch *b)
{
	EACH_CITIZEN(p, PG_BYTEA, c, mo_item_recall_of(p, b, c));
}

static void
mo_item_segment(struct pg_params *p, const struct mo_batch *b,
    const struct mo_text *t)
{
	struct buf plain = { 0 };

	record_put(&plain, &t->item);
	mo_item_sealed(p, b, t->token, SEAL_TOKEN_LEN, &plain);
	buf_clear(&plain);
}

static void
mo_store_segments(struct pg_params *p, const struct mo_batch *b)
{
	EACH_SEGMENT(p, PG_INT4, t, pg_item_int(p, PLACE(t->citizen)));
	EACH_SEGMENT(p, PG_INT8, t, pg_item_int(p, b->groups[t->group - 1].id));
	EACH_SEGMENT(p, PG_INT4, t,
	    pg_item_int(p, b->groups[t->group - 1].ref));
	EACH_SEGMENT(p, PG_INT4, t, pg_item_int(p, t->udh.max));
	EACH_SEGMENT(p, PG_INT4, t, pg_item_int(p, t->udh.seq));
	EACH_SEGMENT(p, PG_TIMESTAMPTZ, t, pg_item_int(p, t->item.at));
	EACH_SEGMENT(p, PG_BYTEA, t, mo_item_segment(p, b, t));
	EACH_CLOSED(p, PG_INT4, t, pg_item_int(p, PLACE(t->citizen)));
	EACH_CLOSED(p, PG_INT8, t, pg_item_int(p, b->groups[t->group - 1].id));
	EACH_CLOSED(p, PG_INT8, t, pg_item_int(p, t->id));
}

static void
mo_store_erase(struct pg_params *p, const struct mo_batch *b)
{
	EACH_CITIZEN(p, PG_TEXT, c, mo_item_dialog(p, &c->conv.erase));
	EACH_CITIZEN(p, PG_TIMESTAMPTZ, c,
	    pg_item_int_or_null(p, c->conv.erase.until));
}

void
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
	mo_store_recall(&p, b);
	mo_store_erase(&p, b);
	pg_pipe_send(database_pipe(g->database), mo_store_statement, &p, done,
	    arg);
	pg_params_clear(&p);
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
