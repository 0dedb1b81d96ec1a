/*
 * What cannot be stored goes into quarantine, sealed, with what it was
 * answered. Runs in glasd, called by mo_batch and mo_refused; owns the text until the
 * database has it there. It goes on from mo_released when people say so.
 */

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "lib/log.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/quarantine.h"

static const char mo_quarantine_statement[] =
    "select glas_gw.quarantine($1, $2, $3, $4, $5, $6, $7)";

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
	mo_wait_first(mo, t);
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
