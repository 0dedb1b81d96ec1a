/*
 * The gateway and its database. Runs in glasd; owns the connection, the stock
 * of reserved ids and, through vocabulary.c, the content in use. What comes
 * first on a connection is in database_greet.c, when it counts as away in
 * database_watch.c, what it is told regularly in database_upkeep.c and, where
 * that takes long, in chores.c. A database that was refused is asked again
 * every now and then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/chores.h"
#include "glasd/database_private.h"
#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/vocabulary.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

#define DATABASE_TICK_MS	1000
#define DATABASE_DROP_MS	35000	/* longer than any statement may run */

bool
database_ready(const struct database *d)
{
	return (d->state == DATABASE_READY);
}

struct pg_pipe *
database_pipe(struct database *d)
{
	return (d->pipe);
}

struct reserve *
database_reserve(struct database *d)
{
	return (d->reserve);
}

struct reserve *
database_reserve_away(struct database *d)
{
	return (d->reserve_away);
}

int
database_spent(const struct database *d)
{
	return (spent_on(&d->spent, clock_wall_us() / SPENT_DAY_US));
}

void
database_spend(struct database *d, int segments)
{
	spent_add(&d->spent, clock_wall_us() / SPENT_DAY_US, segments);
}

bool
database_name_taken(const struct database *d)
{
	return (d->name_taken);
}

static void
database_up(void *arg)
{
	database_greet(arg);
}

static void
database_down(void *arg, const char *sqlstate, const char *why)
{
	struct database *d = arg;

	database_lost(d, sqlstate, why);
	rewound_lost(d->gateway->rewound);
	d->name_taken = false;
	d->state = DATABASE_DOWN;
	chores_drop(d->chores);
}

static void
database_notified(void *arg)
{
	struct database *d = arg;

	mt_load(d->gateway->mt, true);
	mo_released_fetch(d->gateway->mo);
	d->notified = true;
	/* Somebody may have let go of what was held. */
	if (rewound_since(d->gateway->rewound) != 0)
		rewound_remember(d->gateway->rewound);
}

static void
database_ticked(evutil_socket_t fd, short what, void *arg)
{
	struct database *d = arg;

	(void)fd;
	(void)what;
	d->ticks++;
	/* A disk that was full at the first start: the next one must be known,
	 * or the name is taken, by nobody who lives. */
	if (!d->instance_kept && d->ticks % 10 == 0)
		d->instance_kept = instance_keep(
		    d->gateway->config->gateway.spool_dir, d->instance) == 0;
	database_watch(d);
	if (d->behind != 0 && database_caught_up(d))
		mt_load(d->gateway->mt, true);
	/* What fails for texts may go well for the rest. */
	if (d->state == DATABASE_READY && !database_silent(d))
		database_upkeep(d);
	else if (d->state == DATABASE_REFUSED && d->ticks % 10 == 0)
		database_greet(d);
}

static void
database_instance(struct database *d)
{
	const char *dir = d->gateway->config->gateway.spool_dir;

	d->instance_kept = instance_make(dir, d->instance) == 0;
	if (!d->instance_kept)
		log_warn("%s/instance cannot be written: %s", dir,
		    strerror(errno));
}

void
database_keep(struct database *d)
{
	const char *dir = d->gateway->config->gateway.spool_dir;

	if (instance_keep(dir, d->instance) == -1)
		log_warn("%s/instance cannot be written: %s", dir,
		    strerror(errno));
	reserve_keep(d->reserve_away);
	vocabulary_lost(d->vocabulary);
}

struct database *
database_new(struct gateway *g)
{
	static const struct pg_pipe_events events = { .up = database_up,
		.down = database_down, .notified = database_notified };
	struct database *d = xcalloc(1, sizeof *d);
	struct timeval tv = { .tv_sec = DATABASE_TICK_MS / 1000 };
	char *channel = xasprintf("glas_%s", g->config->gateway.name), *file;

	d->gateway = g;
	d->drop_ms = clock_limit_ms("GLAS_DATABASE_DROP_MS", DATABASE_DROP_MS);
	d->pipe = pg_pipe_new(g->base, g->config->gateway.database, channel,
	    &events, d);
	d->chores = chores_new(g);
	d->vocabulary = vocabulary_new(g, d->pipe);
	database_instance(d);
	free(channel);
	file = xasprintf("%s/reserved.json", g->config->gateway.spool_dir);
	d->reserve = reserve_new(g, NULL);
	d->reserve_away = reserve_new(g, file);
	free(file);
	d->tick = event_new(g->base, -1, EV_PERSIST, database_ticked, d);
	if (d->tick == NULL)
		fatal("out of memory: no timer for the database");
	evtimer_add(d->tick, &tv);
	return (d);
}

void
database_start(struct database *d)
{
	d->down_at = clock_mono_ms();
	pg_pipe_start(d->pipe);
	chores_start(d->chores);
}

json_t *
database_hours(const struct database *d)
{
	return (chores_hours(d->chores));
}

void
database_free(struct database *d)
{
	if (d == NULL)
		return;
	pg_pipe_free(d->pipe);
	chores_free(d->chores);
	reserve_free(d->reserve);
	reserve_free(d->reserve_away);
	event_free(d->tick);
	vocabulary_free(d->vocabulary);
	free(d->refusal);
	database_watch_clear(d);
	free(d);
}
