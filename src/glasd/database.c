/*
 * The gateway and its database. Runs in glasd; owns the connection, the stock
 * of reserved ids and, through vocabulary.c, the content in use. When the
 * connection comes: key set and schema are checked, replies from before the
 * start are sorted, content is loaded; then batches run. When it counts as
 * away is in database_watch.c, what it is told regularly in
 * database_upkeep.c and, where that takes long, in chores.c. A database that is
 * not ours, or of another version, or in which another glasd has our name, is
 * refused in words and asked again every now and then.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/alerts.h"
#include "glasd/away.h"
#include "glasd/chores.h"
#include "glasd/database_private.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/rekey.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/unanswered.h"
#include "glasd/vocabulary.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/schema.h"

#define DATABASE_TICK_MS	1000
#define DATABASE_DROP_MS	35000	/* longer than any statement may run */
#define DATABASE_DAY_US		(INT64_C(86400) * 1000000)

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
	return (d->spent_day == clock_wall_us() / DATABASE_DAY_US ?
	    d->spent : 0);
}

void
database_spend(struct database *d, int segments)
{
	int spent = database_spent(d) + segments;

	/* What is taken back may have been spent yesterday. */
	d->spent = spent > 0 ? spent : 0;
	d->spent_day = clock_wall_us() / DATABASE_DAY_US;
}

bool
database_name_taken(const struct database *d)
{
	return (d->name_taken);
}

static void
database_refuse(struct database *d, char *why)
{
	if (d->refusal == NULL || strcmp(d->refusal, why) != 0)
		log_error("database=refused %s", why);
	free(d->refusal);
	d->refusal = why;
	d->name_taken = false;
	d->state = DATABASE_REFUSED;
}

/*
 * Greeting: version of the schema, key set and lease, replies from before.
 */

static void
database_settled(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	if (!pg_ok(r))
		pg_pipe_refused(d->pipe, r);
}

void
database_settle(struct database *d)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, d->gateway->config->gateway.name);
	if (away_said_params(d->gateway->away, &p))
		pg_pipe_send(d->pipe,
		    "select glas_gw.mt_said($1, $2, $3, $4, $5, $6)", &p,
		    database_settled, d);
	pg_params_clear(&p);
}

static void
database_go(struct database *d)
{
	struct gateway *g = d->gateway;

	vocabulary_need(d->vocabulary);
	d->state = DATABASE_READY;
	d->links_changed = true;
	free(d->refusal);
	d->refusal = NULL;
	d->name_taken = false;
	log_notice("database=up");
	/* Danger may have been told while it was greeted, for which its row is
	 * queued by now. */
	database_settle(d);
	database_back(d);
	reserve_fill(d->reserve);
	mt_load(g->mt, true);
	mo_pump(g->mo);
}

static void
database_recovered(void *arg, const struct pg_result *r)
{
	struct database *d = arg;
	int queued = 0;

	if (!pg_ok(r)) {
		pg_pipe_refused(d->pipe, r);
		return;
	}
	for (int row = 0; row < pg_rows(r); row++)
		queued += strcmp(pg_text(r, row, 1), "queued") == 0;
	log_notice("outbox=recovered queued=%d unknown=%d", queued,
	    pg_rows(r) - queued);
	mt_recovered(d->gateway->mt);
	database_go(d);
}

static void
database_recover(void *arg)
{
	struct database *d = arg;
	struct pg_params p = { 0 };

	links_spent_ask(d->gateway->links);
	unanswered_ask(d->gateway->unanswered);
	/* A call whose answer was lost may have stored danger that was told from
	 * the words alone meanwhile. */
	database_settle(d);
	away_greeted(d->gateway->away);
	pg_param_text(&p, d->gateway->config->gateway.name);
	mt_recover_params(d->gateway->mt, &p);
	pg_pipe_send(d->pipe,
	    "select id, state from glas_gw.mt_recover($1, $2, $3, $4)", &p,
	    database_recovered, d);
	pg_params_clear(&p);
}

static void	 database_greet(struct database *);

static void
database_greeted(void *arg, const struct pg_result *r)
{
	struct database *d = arg;
	int spent;

	if (!pg_ok(r) || pg_rows(r) != 1) {
		/* A lost connection is told of by `down`; instead of a server
		 * that only reads, or is full, there may be another. */
		if (pg_passes(pg_sqlstate(r)))
			pg_pipe_refused(d->pipe, r);
		else
			database_refuse(d, xasprintf("%s: does glasctl init "
			    "know this user?", pg_error(r)));
		return;
	}
	if (pg_text(r, 0, 0)[0] != '\0') {
		/* Nothing is under way: other keys may be taken. */
		if (rekey_reload(d->gateway))
			database_greet(d);
		else
			database_refuse(d, xstrdup(pg_text(r, 0, 0)));
		return;
	}
	alerts_recall(watch_alerts(d->gateway->watch), pg_text(r, 0, 3));
	spent = (int)pg_int(r, 0, 2);
	if (spent > database_spent(d))
		database_spend(d, spent - database_spent(d));
	vocabulary_check(d->vocabulary, pg_text(r, 0, 1));
	rewound_greet(d->gateway->rewound, database_recover, d);
}

static void
database_greet(struct database *d)
{
	uint8_t id[SEAL_KEYSET_LEN];
	char hex[2 * SEAL_KEYSET_LEN + 1];
	struct pg_params p = { 0 };

	seal_keys_public_id(d->gateway->keys, id);
	hex_encode(hex, id, sizeof id);
	pg_param_text(&p, d->gateway->config->gateway.name);
	pg_param_text(&p, PACKAGE_VERSION);
	pg_param_text(&p, hex);
	pg_param_int(&p, PG_INTERVAL, DATABASE_LEASE_US);
	pg_param_text(&p, d->instance);
	pg_pipe_send(d->pipe,
	    "select problem, content_version, segments_today, alerts"
	    " from glas_gw.connect($1, $2, $3, $4, $5)", &p, database_greeted, d);
	pg_params_clear(&p);
}

/* A session of this gateway that lost its line may still be at work: what it
 * commits after database_recover() nobody would know of. It is ended first. */
static void
database_alone_got(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	for (int row = 0; pg_ok(r) && row < pg_rows(r); row++) {
		if (!pg_bool(r, row, 0)) {
			pg_pipe_drop(d->pipe, "an earlier session of this "
			    "gateway does not end");
			return;
		}
	}
	if (pg_ok(r))
		database_greet(d);
	else
		pg_pipe_refused(d->pipe, r);
}

static void
database_alone(struct database *d)
{
	pg_pipe_send(d->pipe,
	    "select pg_catalog.pg_terminate_backend(pid, 5000)"
	    " from pg_catalog.pg_stat_activity"
	    " where datname = pg_catalog.current_database()"
	    " and usename = current_user"
	    " and application_name = current_setting('application_name')"
	    " and pid <> pg_catalog.pg_backend_pid()", NULL,
	    database_alone_got, d);
}

/* Sessions of another glasd that was given the same name are at work for other
 * people: they are left alone, and this one stays away while it lives. */
static void
database_name_got(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	if (!pg_ok(r) || pg_rows(r) != 1) {
		pg_pipe_refused(d->pipe, r);
	} else if (pg_bool(r, 0, 0)) {
		database_refuse(d, xasprintf("another glasd has the name %s",
		    d->gateway->config->gateway.name));
		d->name_taken = true;
	} else {
		database_alone(d);
	}
}

static void
database_name(struct database *d)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, d->gateway->config->gateway.name);
	pg_param_text(&p, d->instance);
	pg_pipe_send(d->pipe, "select glas_gw.name_wanted($1, $2)", &p,
	    database_name_got, d);
	pg_params_clear(&p);
}

static void
database_schema_got(void *arg, const struct pg_result *r)
{
	struct database *d = arg;
	int version = pg_ok(r) && pg_rows(r) == 1 ? (int)pg_int(r, 0, 0) : 0;

	if (pg_passes(pg_sqlstate(r))) {
		pg_pipe_refused(d->pipe, r);
		return;
	}
	if (version == 0)
		database_refuse(d, xasprintf("there is no Glas in this "
		    "database that this user may use: run glasctl init"));
	else if (version != SCHEMA_VERSION)
		database_refuse(d, xasprintf("the schema has version %d, this "
		    "program needs %d: %s", version, SCHEMA_VERSION,
		    version < SCHEMA_VERSION ? "run glasctl migrate" :
		    "install the newer Glas"));
	else
		database_name(d);
}

static void
database_up(void *arg)
{
	struct database *d = arg;

	d->state = DATABASE_GREETING;
	pg_pipe_send(d->pipe, "select glas_gw.schema_version()", NULL,
	    database_schema_got, d);
}

static void
database_down(void *arg, const char *sqlstate, const char *why)
{
	struct database *d = arg;

	database_lost(d, sqlstate, why);
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
	database_watch(d);
	if (d->behind != 0 && database_caught_up(d))
		mt_load(d->gateway->mt, true);
	/* What fails for texts may go well for the rest. */
	if (d->state == DATABASE_READY && !database_silent(d))
		database_upkeep(d);
	else if (d->state == DATABASE_REFUSED && d->ticks % 10 == 0)
		database_up(d);
}

static void
database_instance(struct database *d)
{
	const char *dir = d->gateway->config->gateway.spool_dir;

	if (instance_make(dir, d->instance) == -1)
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
