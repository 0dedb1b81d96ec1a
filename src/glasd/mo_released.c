/*
 * Beside the MO path: what people let out of quarantine goes along it once
 * more, as a text that came late. Runs in glasd; called when the database may
 * have something, and by mo_stored.c when a text of it is where it belongs.
 * Until the database has heard that, the row stays released and is fetched
 * again: the identity keeps a text from being stored twice.
 */
#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/quarantine.h"

#define MO_RELEASED_LIMIT 20	/* at once */

enum {	/* columns of glas_gw.quarantine_released() */
	RELEASED_ID,
	RELEASED_IDENTITY,
	RELEASED_SEALED
};

static const char mo_released_statement[] =
    "select id, identity, sealed from glas_gw.quarantine_released($1, $2)";

/* One that is under way less: the last of them asks for others. */
static void
mo_released_less(struct mo *mo)
{
	if (--mo->released_running == 0 && mo->released_more)
		mo_released_fetch(mo);
}

static void
mo_released_told(void *arg, const struct pg_result *r)
{
	struct mo *mo = arg;

	/* It comes again, and is seen to be here; but not at once. */
	if (!pg_ok(r))
		mo->released_more = false;
	mo_released_less(mo);
}

void
mo_released_end(struct mo *mo, const struct mo_text *t, bool stored)
{
	struct pg_params p = { 0 };

	if (!stored) {
		mo_released_less(mo);
		return;
	}
	pg_param_text(&p, mo->gateway->config->gateway.name);
	pg_param_int(&p, PG_INT8, t->released);
	pg_pipe_send(database_pipe(mo->gateway->database),
	    "select glas_gw.quarantine_stored($1, $2)", &p, mo_released_told,
	    mo);
	pg_params_clear(&p);
}

static void
mo_released_back(struct mo *mo, int64_t id)
{
	struct pg_params p = { 0 };

	mo->released_running++;
	pg_param_text(&p, mo->gateway->config->gateway.name);
	pg_param_int(&p, PG_INT8, id);
	pg_param_text(&p, "it cannot be opened with the keys of the gateway");
	pg_pipe_send(database_pipe(mo->gateway->database),
	    "select glas_gw.quarantine_returned($1, $2, $3)", &p,
	    mo_released_told, mo);
	pg_params_clear(&p);
}

static void
mo_released_take(struct mo *mo, int64_t id, struct quarantine *q)
{
	struct mo_text *t = mo_text_new(&q->item, 0);
	struct item answered;

	while (quarantine_answered(q, &answered))
		away_saved(mo->gateway->away, &answered);
	away_taken(mo->gateway->away, q->item.identity);
	mo_text_tokens(mo, t);
	t->in_doubt = true;
	t->released = id;
	TAILQ_INSERT_TAIL(&mo->waiting, t, entry);
	mo->waiting_count++;
	mo->released_running++;
}

static void
mo_released_row(struct mo *mo, const struct pg_result *r, int row)
{
	int64_t id = pg_int(r, row, RELEASED_ID);
	struct buf identity = { 0 }, sealed = { 0 };
	struct quarantine q;

	pg_bytes(r, row, RELEASED_IDENTITY, &identity);
	pg_bytes(r, row, RELEASED_SEALED, &sealed);
	if (quarantine_open(mo->gateway->keys, &identity, &sealed, &q) == 0) {
		mo_released_take(mo, id, &q);
		quarantine_clear(&q);
	} else {
		mo_released_back(mo, id);
	}
	buf_clear(&identity);
	buf_clear(&sealed);
}

static void
mo_released_got(void *arg, const struct pg_result *r)
{
	struct mo *mo = arg;

	mo->released_more = pg_ok(r) && pg_rows(r) == MO_RELEASED_LIMIT;
	for (int row = 0; pg_ok(r) && row < pg_rows(r); row++)
		mo_released_row(mo, r, row);
	mo_released_less(mo);
	mo_pump(mo);
}

void
mo_released_fetch(struct mo *mo)
{
	struct pg_params p = { 0 };

	/* It may have come after those under way were asked for. */
	if (mo->released_running != 0) {
		mo->released_more = true;
		return;
	}
	if (!database_ready(mo->gateway->database))
		return;
	mo->released_running = 1;
	pg_param_text(&p, mo->gateway->config->gateway.name);
	pg_param_int(&p, PG_INT4, MO_RELEASED_LIMIT);
	pg_pipe_send(database_pipe(mo->gateway->database),
	    mo_released_statement, &p, mo_released_got, mo);
	pg_params_clear(&p);
}
