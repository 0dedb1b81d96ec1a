/*
 * What the database is told and asked regularly while it answers: that this
 * gateway lives, how its links are, what may go out again. Runs in glasd, for
 * database.c, each second. A call that fails is made again when it is next due.
 * What takes longer is in chores.c.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/alerts.h"
#include "glasd/chores.h"
#include "glasd/database_private.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/rekey.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/unanswered.h"
#include "glasd/vocabulary.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

#define DATABASE_RENEW_TICKS	5	/* three times a lease */

void
database_links_changed(struct database *d)
{
	if (d != NULL)
		d->links_changed = true;
}

static void
database_alive_got(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	/* Of another time: it begins anew. */
	if (strcmp(pg_sqlstate(r), "57P01") == 0) {
		pg_pipe_refused(d->pipe, r);
		return;
	}
	if (!pg_ok(r) || pg_rows(r) != 1)
		return;
	pg_pipe_good(d->pipe);
	d->ahead_us = pg_time(r, 0, 2) - clock_wall_us();
	vocabulary_check(d->vocabulary, pg_text(r, 0, 0));
	alerts_others(watch_alerts(d->gateway->watch), pg_text(r, 0, 1));
}

/* Extends the lease of this gateway, asks for new content, and says what is
 * wrong here; `look`: asks what is wrong there. */
static void
database_alive(struct database *d, bool look)
{
	json_t *alerts = alerts_own(watch_alerts(d->gateway->watch));
	char *words = json_dumps(alerts, JSON_COMPACT);
	struct pg_params p = { 0 };

	d->notified = false;
	pg_param_text(&p, d->gateway->config->gateway.name);
	pg_param_int(&p, PG_INTERVAL, DATABASE_LEASE_US);
	pg_param_text(&p, vocabulary_used(d->vocabulary));
	pg_param_text(&p, words != NULL ? words : "[]");
	pg_param_int(&p, PG_BOOL, look);
	pg_pipe_send(d->pipe, "select content_version, others, glas_gw.clock()"
	    " from glas_gw.alive($1, $2, $3, $4::jsonb, $5)", &p,
	    database_alive_got, d);
	pg_params_clear(&p);
	free(words);
	json_decref(alerts);
}

static void
database_said(void *arg, const struct pg_result *r)
{
	const char *what = arg;

	if (!pg_ok(r) && strcmp(pg_sqlstate(r), "08006") != 0)
		log_warn("%s: %s %s", what, pg_sqlstate(r), pg_error(r));
}

static void
database_released(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	if (pg_ok(r) && pg_rows(r) == 1 && pg_int(r, 0, 0) > 0)
		mt_load(d->gateway->mt, true);
}

/* A new day, or a higher limit, has room for what was held. */
static void
database_release(struct database *d)
{
	int cap = d->gateway->config->limits.segments_per_day;
	int room = cap != 0 ? cap - database_spent(d) : INT32_MAX;
	struct links *links = d->gateway->links;
	struct pg_params p = { 0 };

	if (room <= 0)
		return;
	pg_param_int(&p, PG_INT4, room);
	pg_array(&p, PG_TEXT);
	for (struct link *l = links_next(links, NULL); l != NULL;
	    l = links_next(links, l))
		pg_item_text(&p, link_name(l));
	pg_array(&p, PG_INT4);
	for (struct link *l = links_next(links, NULL); l != NULL;
	    l = links_next(links, l))
		pg_item_int(&p, link_left(l));
	pg_pipe_send(d->pipe, "select glas_gw.mt_release($1, $2, $3)", &p,
	    database_released, d);
	pg_params_clear(&p);
}

static void
database_orphans(struct database *d)
{
	static char what[] = "orphans";

	pg_pipe_send(d->pipe, "select glas_gw.mt_orphans()", NULL,
	    database_said, what);
}

#define EACH_LINK(p, type, item)                   \
	do {                                       \
		pg_array(p, type);                 \
		for (size_t i_ = 0; i_ < n; i_++) { \
			const struct link_view *v = &view[i_]; \
			item;                      \
		}                                  \
	} while (0)

/* Which gateway has a link of that name, or NULL. */
static const char *
database_link_holder(const struct pg_result *r, const char *name)
{
	for (int row = 0; row < pg_rows(r); row++) {
		if (strcmp(pg_text(r, row, 0), name) == 0)
			return (pg_text(r, row, 1));
	}
	return (NULL);
}

static void
database_links_got(void *arg, const struct pg_result *r)
{
	static char what[] = "links";
	struct database *d = arg;
	struct links *links = d->gateway->links;

	if (!pg_ok(r)) {
		database_said(what, r);
		return;
	}
	for (struct link *l = links_next(links, NULL); l != NULL;
	    l = links_next(links, l))
		link_hold(l, database_link_holder(r, link_name(l)));
	d->links_held = pg_rows(r) > 0;
}

void
database_links_put(struct database *d)
{
	struct links *links = d->gateway->links;
	size_t n = 0, room = d->gateway->config->link_count;
	struct link_view *view = xcalloc(room, sizeof *view);
	struct pg_params p = { 0 };

	d->links_changed = false;
	for (struct link *l = links_next(links, NULL); l != NULL && n < room;
	    l = links_next(links, l))
		link_view(l, &view[n++], true);
	pg_param_text(&p, d->gateway->config->gateway.name);
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->name));
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->kind));
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->state));
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->detail));
	EACH_LINK(&p, PG_INT4, pg_item_int_or_null(&p, v->signal_dbm));
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->operator_name));
	EACH_LINK(&p, PG_INT4, pg_item_int_or_null(&p, v->sim_used));
	EACH_LINK(&p, PG_INT4, pg_item_int_or_null(&p, v->sim_size));
	EACH_LINK(&p, PG_TIMESTAMPTZ, pg_item_int_or_null(&p, v->seen_at));
	EACH_LINK(&p, PG_INT4, pg_item_int(&p, v->received));
	EACH_LINK(&p, PG_INT4, pg_item_int(&p, v->sent));
	EACH_LINK(&p, PG_INT4, pg_item_int(&p, v->failover_min));
	EACH_LINK(&p, PG_BOOL, pg_item_int(&p, v->sends));
	pg_pipe_send(d->pipe,
	    "select link, holder from glas_gw.links_put($1, $2, $3, $4, $5, $6,"
	    " $7, $8, $9, $10, $11, $12, $13, $14)", &p, database_links_got, d);
	pg_params_clear(&p);
	free(view);
}

void
database_upkeep(struct database *d)
{
	struct gateway *g = d->gateway;

	rewound_tick(g->rewound);
	rekey_tick(g->rekey);
	if (d->links_changed || d->ticks %
	    (d->links_held ? DATABASE_RENEW_TICKS : 30) == 0)
		database_links_put(d);
	/* The whole list, and each reply of people notifies. */
	if (d->notified || d->ticks % 10 == 0)
		unanswered_ask(g->unanswered);
	if (alerts_changed(watch_alerts(g->watch)) || d->notified ||
	    d->ticks % DATABASE_RENEW_TICKS == 0)
		database_alive(d, d->ticks % 10 == 0);
	if (d->ticks % 10 == 0) {
		rewound_remember(g->rewound);
		reserve_fill(d->reserve);
		links_credit_put(g->links);
		/* Not while it is drawn upon: its file would give out again
		 * what is told after it was written. */
		if (!d->away)
			reserve_fill(d->reserve_away);
	}
	if (d->ticks % 30 == 5) {
		mo_groups_due(g->mo);
		mo_released_fetch(g->mo);
		database_release(d);
	}
	/* What another gateway leaves when it dies is taken over soon. */
	if (d->ticks % DATABASE_RENEW_TICKS == 3) {
		database_orphans(d);
		mt_load(g->mt, false);
	}
	mt_look(g->mt);
	chores_tick(d->chores);
	vocabulary_free_old(d->vocabulary);
}
