/*
 * Long texts that waited long enough for what is missing, or take the place of
 * others: who sends only beginnings keeps five of them, and nobody else's are
 * touched before there are a thousand. Runs in glasd; such a text waits in the
 * queue of mo.c like one from the log, and mo_concat.c closes it.
 */
#include <stdlib.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "store/pg.h"

#define MO_QUIET_US (INT64_C(600) * 1000000) /* for missing segments */
#define MO_OPEN_OWN 5		/* long texts that one sender leaves open */
#define MO_OPEN_ALL 1000	/* and all together */
#define MO_DUE_LIMIT 20		/* groups closed at once */

enum {	/* columns of glas_gw.mo_groups_due() */
	DUE_ID,
	DUE_TOKEN,
	DUE_MAX,
	DUE_CROWDED,
	DUE_SEQ,
	DUE_SEALED
};

/* To look for these costs a call: when there may be some that are too many. */
void
mo_groups_opened(const struct mo_batch *b)
{
	struct mo *mo = b->mo;

	for (unsigned int n = 0; n < b->group_count; n++) {
		const struct mo_group *g = &b->groups[n];

		mo->opened += g->id <= 0 && g->message == 0;
	}
	if (mo->opened >= MO_OPEN_OWN)
		mo_groups_due(mo);
}

static void
mo_groups_take(struct mo *mo, const struct pg_result *r, int first, int last)
{
	struct buf sealed = { 0 }, token = { 0 }, items = { 0 };
	struct mo_text *t = NULL;

	for (int row = first; row < last; row++) {
		struct item item;
		uint8_t *octets;

		buf_reset(&sealed);
		buf_reset(&token);
		pg_bytes(r, row, DUE_TOKEN, &token);
		pg_bytes(r, row, DUE_SEALED, &sealed);
		octets = mo_concat_open(mo, token.data, NULL, &sealed, &item);
		if (octets == NULL)
			continue;
		record_put(&items, &item);
		if (t == NULL) {
			t = mo_text_new(&item, 0);
			mo_text_tokens(mo, t);
		}
		free(octets);
	}
	if (t != NULL) {
		t->due_group = pg_int(r, first, DUE_ID);
		t->due_crowded = pg_bool(r, first, DUE_CROWDED);
		t->due_items = items;
		TAILQ_INSERT_TAIL(&mo->waiting, t, entry);
		mo->waiting_count++;
		mo->due_running++;
	} else {
		buf_clear(&items);
	}
	buf_clear(&sealed);
	buf_clear(&token);
}

static void
mo_groups_got(void *arg, const struct pg_result *r)
{
	struct mo *mo = arg;
	int first = 0, groups = 0;

	mo->due_running--;
	if (!pg_ok(r))
		return;
	for (int row = 1; row <= pg_rows(r); row++) {
		if (row == pg_rows(r) ||
		    pg_int(r, row, DUE_ID) != pg_int(r, first, DUE_ID)) {
			mo_groups_take(mo, r, first, row);
			first = row;
			groups++;
		}
	}
	mo->due_more = groups == MO_DUE_LIMIT;
	mo_pump(mo);
}

void
mo_groups_due(struct mo *mo)
{
	struct pg_params p = { 0 };

	if (mo->due_running != 0 || !database_ready(mo->gateway->database))
		return;
	mo->due_running = 1;
	mo->opened = 0;
	pg_param_int(&p, PG_INTERVAL, MO_QUIET_US);
	pg_param_int(&p, PG_INT4, MO_OPEN_OWN);
	pg_param_int(&p, PG_INT4, MO_OPEN_ALL);
	pg_param_int(&p, PG_INT4, MO_DUE_LIMIT);
	pg_pipe_send(database_pipe(mo->gateway->database),
	    "select grp, token, max, crowded, seq, sealed"
	    " from glas_gw.mo_groups_due($1, $2, $3, $4)", &p, mo_groups_got, mo);
	pg_params_clear(&p);
}
