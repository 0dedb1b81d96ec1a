/*
 * Second step of the MO path: one call fetches what is known of the
 * originators of a batch, and, when the batch has segments of long texts, a
 * second one in the same flight what is here of those. Who writes alone and has
 * not been met is taken for somebody new without asking: mo_store() knows
 * better, and then they are asked about. Runs in glasd.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "glasd/rekey.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "store/config.h"
#include "store/pg.h"
#include "text/reference.h"

#define MO_LATE_US (INT64_C(86400) * 1000000) /* late segments are added */

enum {	/* columns of glas_gw.mo_context() */
	CONTEXT_N,
	CONTEXT_SEEN,
	CONTEXT_STOPPED,
	CONTEXT_VERSION,
	CONTEXT_LANG,
	CONTEXT_LANG_CHOSEN,
	CONTEXT_CYRILLIC,
	CONTEXT_HOUR,
	CONTEXT_DAY,
	CONTEXT_LEVEL_AT,
	CONTEXT_UNCLEAR_AT,
	CONTEXT_EMERGENCY_AT,
	CONTEXT_COPY,
	CONTEXT_DIALOG,
	CONTEXT_DIALOG_UNTIL,
	CONTEXT_TOLD_WHO,
	CONTEXT_ASKED_GROUP,
	CONTEXT_HELPER,
	CONTEXT_TESTER,
	CONTEXT_LAST_AT,
	CONTEXT_ASKED,
	CONTEXT_STATUS,
	CONTEXT_STATUS_AT,
	CONTEXT_REPORTED_AT,
	CONTEXT_CATEGORY,
	CONTEXT_MUNICIPALITY,
	CONTEXT_SETTLEMENT,
	CONTEXT_TEXT,
	CONTEXT_SILENCE,
	CONTEXT_BLOCK_DUE,
	CONTEXT_ERASE,
	CONTEXT_ERASE_UNTIL,
	CONTEXT_INVITED,
	CONTEXT_TOLD_AT
};

static const char mo_context_statement[] =
    "select n, seen, stopped, version, lang, lang_chosen, cyrillic,"
    " hour_level, day_level, level_at, unclear_at, emergency_at, has_copy,"
    " dialog, dialog_until, told_who, asked_group, helper, tester, last_at,"
    " asked, status, status_at, reported_at, category, municipality,"
    " settlement, text, silence, block_due, erase, erase_until, invited,"
    " told_at"
    " from glas_gw.mo_context($1, $2, $3, $4)";

static const char mo_groups_statement[] =
    "select n, grp, message, reference, seq, sealed"
    " from glas_gw.mo_groups($1, $2, $3, $4)";

static bool
mo_context_takes(const char *digits, size_t len,
    char reference[REFERENCE_MAX + 1])
{
	if (!reference_sound(digits, len))
		return (false);
	memcpy(reference, digits, len);
	reference[len] = '\0';
	return (true);
}

/* The first number of a text that can be a reference, as intent_reference()
 * finds it: digits alone, or over spaces and dashes. ASCII digits only, in
 * UTF-16BE or UTF-8. */
static void
mo_context_named(const struct item *item, char reference[REFERENCE_MAX + 1])
{
	size_t step = item->alphabet == ITEM_TEXT ? 1 : 2, len = 0, run = 0;
	char digits[REFERENCE_MAX];

	reference[0] = '\0';
	for (size_t n = step - 1; n < item->ud_len + step; n += step) {
		int c = n < item->ud_len &&
		    (step == 1 || item->ud[n - 1] == 0) ? item->ud[n] : '\n';

		if (isdigit(c) && len < sizeof digits) {
			digits[len++] = (char)c;
			continue;
		}
		if (mo_context_takes(digits + run, len - run, reference))
			return;
		run = len;
		if (len != 0 && (c == ' ' || c == '-'))
			continue;
		if (mo_context_takes(digits, len, reference))
			return;
		len = run = 0;
	}
}

static unsigned int
mo_citizen_add(struct mo_batch *b, const struct mo_text *t)
{
	struct mo_citizen *c;

	for (unsigned int n = 0; n < b->citizen_count; n++) {
		if (memcmp(b->citizens[n].token, t->token,
		    SEAL_TOKEN_LEN) == 0)
			return (n);
	}
	c = &b->citizens[b->citizen_count];
	memcpy(c->token, t->token, SEAL_TOKEN_LEN);
	memcpy(c->optout, t->optout, SEAL_TOKEN_LEN);
	memcpy(c->msisdn, t->item.msisdn, sizeof c->msisdn);
	c->kind = t->item.kind;
	return (b->citizen_count++);
}

static void
mo_context_none(struct mo *mo, struct mo_citizen *c)
{
	const struct config *config = mo->gateway->config;

	c->conv = (struct conversation){ .lang = LANG_UND };
	c->hour_level = config->limits.replies_per_hour;
	c->day_level = config->limits.replies_per_day;
	c->level_at = clock_wall_us();
	mo_said_recall(mo, c);
}

/* Numbers with spaces between, the next event first. */
static void
mo_context_invited(struct conversation *conv, const char *numbers)
{
	char *end;

	for (size_t i = 0; i < CONVERSATION_INVITED_MAX; i++) {
		conv->invited[i] = strtol(numbers, &end, 10);
		numbers = end;
	}
}

/* What was said and asked before. */
static void
mo_context_talk(struct conversation *conv, const struct pg_result *r, int row)
{
	conv->lang = lang_find(pg_text(r, row, CONTEXT_LANG));
	if (conv->lang == LANG_COUNT)
		conv->lang = LANG_UND;
	conv->lang_chosen = pg_bool(r, row, CONTEXT_LANG_CHOSEN);
	conv->cyrillic = pg_bool(r, row, CONTEXT_CYRILLIC);
	conv->unclear_at = pg_time(r, row, CONTEXT_UNCLEAR_AT);
	conv->emergency_at = pg_time(r, row, CONTEXT_EMERGENCY_AT);
	dialog_scan(&conv->dialog, pg_text(r, row, CONTEXT_DIALOG),
	    pg_time(r, row, CONTEXT_DIALOG_UNTIL));
	dialog_scan(&conv->erase, pg_text(r, row, CONTEXT_ERASE),
	    pg_time(r, row, CONTEXT_ERASE_UNTIL));
	conv->told_who = pg_bool(r, row, CONTEXT_TOLD_WHO);
	conv->asked_group = pg_bool(r, row, CONTEXT_ASKED_GROUP);
	conv->helper = pg_bool(r, row, CONTEXT_HELPER);
	conv->tester = pg_bool(r, row, CONTEXT_TESTER);
	conv->last_at = pg_time(r, row, CONTEXT_LAST_AT);
	mo_context_invited(conv, pg_text(r, row, CONTEXT_INVITED));
}

/* What one row says of the citizen; the first row of each counts. */
static void
mo_context_row(struct mo *mo, struct mo_citizen *c, const struct pg_result *r,
    int row)
{
	mo_context_none(mo, c);
	c->conv.stopped = c->was_stopped = pg_bool(r, row, CONTEXT_STOPPED);
	c->silence = silence_find(pg_text(r, row, CONTEXT_SILENCE));
	c->block_due = pg_bool(r, row, CONTEXT_BLOCK_DUE);
	if (pg_null(r, row, CONTEXT_VERSION)) {
		mo_erased_recall(mo, c);
		return;
	}
	c->known = true;
	c->version = (int)pg_int(r, row, CONTEXT_VERSION);
	c->has_copy = pg_bool(r, row, CONTEXT_COPY);
	mo_context_talk(&c->conv, r, row);
	c->hour_level = pg_float(r, row, CONTEXT_HOUR);
	c->day_level = pg_float(r, row, CONTEXT_DAY);
	c->level_at = pg_time(r, row, CONTEXT_LEVEL_AT);
}

/* The case that a text may mean differs from text to text. */
static void
mo_context_case(struct mo_text *t, const struct pg_result *r, int row)
{
	struct conversation_case *c = &t->asked;

	*c = (struct conversation_case){ .reference = "" };
	if (pg_null(r, row, CONTEXT_ASKED))
		return;
	snprintf(c->reference, sizeof c->reference, "%s",
	    pg_text(r, row, CONTEXT_ASKED));
	snprintf(c->status, sizeof c->status, "%s",
	    pg_text(r, row, CONTEXT_STATUS));
	c->since = pg_time(r, row, CONTEXT_STATUS_AT);
	c->reported_at = pg_time(r, row, CONTEXT_REPORTED_AT);
	c->told_at = pg_time(r, row, CONTEXT_TOLD_AT);
	snprintf(c->category, sizeof c->category, "%s",
	    pg_text(r, row, CONTEXT_CATEGORY));
	snprintf(c->municipality, sizeof c->municipality, "%s",
	    pg_text(r, row, CONTEXT_MUNICIPALITY));
	snprintf(c->settlement, sizeof c->settlement, "%s",
	    pg_text(r, row, CONTEXT_SETTLEMENT));
	free(t->asked_text);
	t->asked_text = pg_null(r, row, CONTEXT_TEXT) ? NULL :
	    xstrdup(pg_text(r, row, CONTEXT_TEXT));
	c->text = t->asked_text;
}

static void
mo_context_failed(struct mo_batch *b, const struct pg_result *r)
{
	if (!b->failed)
		snprintf(b->why, sizeof b->why, "%s %s", pg_sqlstate(r),
		    pg_error(r));
	b->failed = true;
}

static void
mo_context_got(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct gateway *g = b->mo->gateway;
	struct mo_text *t;
	int row = 0;

	if (b->failed || !pg_ok(r) || pg_rows(r) != (int)b->text_count) {
		mo_context_failed(b, r);
		if (!b->has_segments)
			mo_refused_context(b);
		database_failed(g->database, DATABASE_TEXTS, r);
		return;
	}
	TAILQ_FOREACH(t, &b->texts, entry) {
		unsigned int before = b->citizen_count;

		/* One person's secrets must not go to another. */
		if (pg_int(r, row, CONTEXT_N) != row + 1)
			panic("mo_context() gives its rows out of order");
		t->citizen = mo_citizen_add(b, t);
		if (b->citizen_count != before)
			mo_context_row(b->mo, &b->citizens[t->citizen], r,
			    row);
		t->role = pg_bool(r, row, CONTEXT_SEEN) ? MO_SEEN : MO_WHOLE;
		t->in_doubt = false;
		mo_context_case(t, r, row);
		row++;
	}
	if (!b->has_segments)
		mo_concat_join(b);
}

/* Comes after mo_context_got(): the connection keeps the order. */
static void
mo_groups_got(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct database *database = b->mo->gateway->database;

	if (b->failed || !pg_ok(r)) {
		mo_context_failed(b, r);
		mo_refused_context(b);
		database_failed(database, DATABASE_TEXTS, r);
		return;
	}
	mo_concat_known(b, r);
	mo_concat_join(b);
}

static void
mo_groups_fetch(struct mo_batch *b)
{
	struct pg_params p = { 0 };
	struct mo_text *t;

	pg_array(&p, PG_BYTEA);
	TAILQ_FOREACH(t, &b->texts, entry) {
		if (mo_concat_asks(b, t))
			pg_item_bytes(&p, t->token, SEAL_TOKEN_LEN);
	}
	pg_array(&p, PG_INT4);
	TAILQ_FOREACH(t, &b->texts, entry) {
		if (mo_concat_asks(b, t))
			pg_item_int(&p, mo_concat_ref(&t->udh));
	}
	pg_array(&p, PG_INT4);
	TAILQ_FOREACH(t, &b->texts, entry) {
		if (mo_concat_asks(b, t))
			pg_item_int(&p, t->udh.max);
	}
	pg_param_int(&p, PG_INTERVAL, MO_LATE_US);
	pg_pipe_send(database_pipe(b->mo->gateway->database),
	    mo_groups_statement, &p, mo_groups_got, b);
	pg_params_clear(&p);
}

static void
mo_context_ask(struct mo_batch *b)
{
	struct pg_params p = { 0 };
	struct mo_text *t;

	pg_array(&p, PG_BYTEA);
	TAILQ_FOREACH(t, &b->texts, entry) {
		mo_met(b->mo, t->token);
		pg_item_bytes(&p, t->token, SEAL_TOKEN_LEN);
	}
	pg_array(&p, PG_BYTEA);
	TAILQ_FOREACH(t, &b->texts, entry)
		pg_item_bytes(&p, t->optout, SEAL_TOKEN_LEN);
	pg_array(&p, PG_BYTEA);
	TAILQ_FOREACH(t, &b->texts, entry)
		pg_item_bytes(&p, t->item.identity, SEAL_TOKEN_LEN);
	pg_array(&p, PG_TEXT);
	TAILQ_FOREACH(t, &b->texts, entry) {
		mo_context_named(&t->item, t->named);
		pg_item_text(&p, t->named);
	}
	pg_pipe_send(database_pipe(b->mo->gateway->database),
	    mo_context_statement, &p, mo_context_got, b);
	pg_params_clear(&p);
}

/* Comes before mo_context_got(), which gives the batch up. */
static void
mo_met_got(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;

	if (pg_ok(r))
		return;
	b->failed = true;
	snprintf(b->why, sizeof b->why, "%s %s", pg_sqlstate(r), pg_error(r));
}

/* While keys are replaced, everybody has the new token before they are looked
 * for: nobody is two people. */
static void
mo_context_met(struct mo_batch *b)
{
	const struct item *items[MO_BATCH_MAX];
	struct mo_text *t;
	size_t n = 0;

	TAILQ_FOREACH(t, &b->texts, entry)
		items[n++] = &t->item;
	rekey_met(b->mo->gateway, items, n, mo_met_got, b);
}

/* Whether nothing is asked: not of what may be stored already. */
static bool
mo_context_assumes(const struct mo_batch *b)
{
	const struct mo_text *t = TAILQ_FIRST(&b->texts);

	return (!seal_keys_two(b->mo->gateway->keys) &&
	    b->text_count == 1 && !t->udh.concat && t->due_group == 0 &&
	    !t->in_doubt && !t->away && !mo_met(b->mo, t->token));
}

static void
mo_context_assume(struct mo_batch *b)
{
	struct mo_text *t = TAILQ_FIRST(&b->texts);
	struct mo_citizen *c;

	t->citizen = mo_citizen_add(b, t);
	c = &b->citizens[t->citizen];
	mo_context_none(b->mo, c);
	mo_erased_recall(b->mo, c);
	c->assumed = true;
	mo_concat_join(b);
}

void
mo_context_fetch(struct mo_batch *b)
{
	struct mo_text *t;

	b->context_us = clock_mono_us();
	b->store_us = 0;
	b->failed = false;
	b->has_segments = false;
	b->citizens = xcalloc(b->text_count, sizeof *b->citizens);
	if (mo_context_assumes(b)) {
		mo_context_assume(b);
		return;
	}
	TAILQ_FOREACH(t, &b->texts, entry)
		b->has_segments = b->has_segments || t->udh.concat;
	if (seal_keys_two(b->mo->gateway->keys))
		mo_context_met(b);
	mo_context_ask(b);
	if (b->has_segments)
		mo_groups_fetch(b);
}
