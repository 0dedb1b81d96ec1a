/*
 * A net below the others: a reply that the database has in flight here, and that
 * nobody here has. None should be; it would stand there until the next start.
 * Runs in glasd, called by database_upkeep.c; owns what it missed last.
 *
 * Calls of one connection are answered in order. What a call before this one put
 * in flight is in some list when this one is answered, unless a claim is halfway;
 * what one behind it does is not seen. What is missed twice, and has no result in
 * the log, is in nobody's hands: its outcome is not known.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "store/config.h"
#include "store/pg.h"

#define MT_LOOK_MS 60000

enum {	/* columns of glas_gw.mt_inflight() */
	LOST_ID,
	LOST_ATTEMPTS,
	LOST_REPEATS
};

static bool
mt_lost_has(const struct mt_settled *s, int64_t id, int attempts)
{
	for (size_t n = 0; n < s->count; n++) {
		if (s->one[n].id == id && s->one[n].attempts >= attempts)
			return (true);
	}
	return (false);
}

/* As what a link had in hand when it died. */
static void
mt_lost_give(const struct mt *mt, const struct pg_result *r, int row)
{
	struct item item = { .type = ITEM_RESULT, .at = clock_wall_us(),
		.mt = pg_int(r, row, LOST_ID), .mr = MT_MR_NONE,
		.attempts = (int32_t)pg_int(r, row, LOST_ATTEMPTS),
		.cause = MT_CAUSE_NONE,
		.state = pg_bool(r, row, LOST_REPEATS) ? MT_QUEUED :
		    MT_UNKNOWN };

	log_error("mt=%lld attempt=%d is in flight and in nobody's hands: its "
	    "outcome is taken for unknown", (long long)item.mt,
	    (int)item.attempts);
	journal_keep(mt->gateway->journal, &item);
}

/* Whatever attempt is in hand, none is made beside it. */
static void
mt_lost_sort(struct mt *mt, const struct pg_result *r)
{
	struct mt_settled here = { 0 }, missed = { 0 };

	mt_collect(mt);
	mt_recover_here(mt, &here);
	for (int row = 0; row < pg_rows(r); row++) {
		int64_t id = pg_int(r, row, LOST_ID);
		int attempts = (int)pg_int(r, row, LOST_ATTEMPTS);

		if (mt_lost_has(&here, id, INT32_MIN))
			continue;
		if (mt_lost_has(&mt->missed, id, attempts))
			mt_lost_give(mt, r, row);
		else
			mt_settled_add(&missed, id, attempts);
	}
	free(here.one);
	free(mt->missed.one);
	mt->missed = missed;
}

static void
mt_lost_got(void *arg, const struct pg_result *r)
{
	struct mt *mt = arg;
	const struct journal *journal = mt->gateway->journal;

	mt->looking = false;
	/* Results that nobody has read are many then, or a row is on its way. */
	if (pg_ok(r) && !mt->claiming &&
	    journal_position(journal) >= journal_newest(journal))
		mt_lost_sort(mt, r);
}

void
mt_look(struct mt *mt)
{
	struct pg_params p = { 0 };

	if (mt->looking || mt->claiming || mt->gateway->stopping ||
	    clock_mono_ms() < mt->look_ms)
		return;
	mt->look_ms = clock_mono_ms() +
	    clock_limit_ms("GLAS_MT_LOOK_MS", MT_LOOK_MS);
	mt->looking = true;
	pg_param_text(&p, mt->gateway->config->gateway.name);
	pg_pipe_send(database_pipe(mt->gateway->database),
	    "select id, attempts, repeats from glas_gw.mt_inflight($1)", &p,
	    mt_lost_got, mt);
	pg_params_clear(&p);
}
