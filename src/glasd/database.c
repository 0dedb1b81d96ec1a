/*
 * The gateway and its database. Runs in glasd; owns the connection, the stock
 * of reserved ids and, through vocabulary.c, the content in use. When the
 * connection comes: key set and schema are checked, replies from before the
 * start are sorted, content is loaded; then batches run. When it goes, does
 * not answer for two seconds, or has nothing but errors for what waits to be
 * stored, away.c takes over. A database that is not ours, or of another
 * version, is refused in words and asked again every now and then.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/vocabulary.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/schema.h"

#define DATABASE_TICK_MS	1000
#define DATABASE_AWAY_MS	2000	/* no answer for so long */
#define DATABASE_DROP_MS	35000	/* longer than any statement may run */
#define DATABASE_LEASE_US	(INT64_C(60) * 1000000)
#define DATABASE_DAY_US		(INT64_C(86400) * 1000000)
#define DATABASE_KEEP_US	(40 * DATABASE_DAY_US)	/* identities */
#define DATABASE_PRUNED		200	/* rows at once: others wait */

enum database_state {
	DATABASE_DOWN,
	DATABASE_GREETING,	/* connected; the first calls are under way */
	DATABASE_READY,
	DATABASE_REFUSED	/* connected to one that is not for us */
};

/* What a kind of work has met since it last went well. */
struct database_trouble {
	char		 sqlstate[6];
	char		*why;		/* NULL: nothing */
	int64_t		 since;		/* clock_mono_ms */
};

struct database {
	struct gateway		*gateway;
	struct pg_pipe		*pipe;
	struct reserve		*reserve;
	struct reserve		*reserve_away;
	enum database_state	 state;
	char			*refusal;
	struct database_trouble	 down;		/* why it went down last */
	struct database_trouble	 works[DATABASE_WORKS];
	bool			 away;
	int64_t			 down_at;	/* clock_mono_ms */
	int64_t			 drop_ms;	/* without an answer */
	struct event		*tick;
	unsigned int		 ticks;
	uint64_t		 behind;	/* record: see _caught_up() */
	bool			 links_changed;
	struct vocabulary	*vocabulary;
	int			 spent;
	int64_t			 spent_day;
};

static void	 database_alive(struct database *);

bool
database_ready(const struct database *d)
{
	return (d->state == DATABASE_READY);
}

bool
database_away(const struct database *d)
{
	return (d->away);
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

const char *
database_words(const struct database *d)
{
	switch (d->state) {
	case DATABASE_DOWN:
		return (d->away ? "away" : "connecting");
	case DATABASE_GREETING:
		return ("connecting");
	case DATABASE_REFUSED:
		return (d->refusal);
	case DATABASE_READY:
		break;
	}
	return (d->away ? "away" : "up");
}

bool
database_caught_up(struct database *d)
{
	const struct gateway *g = d->gateway;

	if (d->behind != 0 && journal_position(g->journal) >= d->behind &&
	    !mo_owes(g->mo, d->behind))
		d->behind = 0;
	return (d->behind == 0);
}

static void
database_trouble_set(struct database_trouble *t, const char *sqlstate,
    const char *why)
{
	if (t->why == NULL)
		t->since = clock_mono_ms();
	free(t->why);
	t->why = xstrdup(why);
	snprintf(t->sqlstate, sizeof t->sqlstate, "%s", sqlstate);
}

static void
database_trouble_clear(struct database_trouble *t)
{
	free(t->why);
	*t = (struct database_trouble){ .why = NULL };
}

/* Whether that work has met with errors alone for so long that more than one
 * attempt was made. */
static bool
database_fails(const struct database *d, enum database_work work)
{
	const struct database_trouble *t = &d->works[work];

	if (d->state != DATABASE_READY || t->why == NULL)
		return (false);
	return ((work == DATABASE_TEXTS ? mo_waits_ms(d->gateway->mo) :
	    clock_mono_ms() - t->since) >= DATABASE_AWAY_MS);
}

const char *
database_trouble(const struct database *d, const char **sqlstate)
{
	const struct database_trouble *t = &d->down;

	*sqlstate = "";
	if (d->state == DATABASE_REFUSED)
		return (d->refusal);
	if (d->state == DATABASE_READY) {
		for (t = d->works; t < d->works + DATABASE_WORKS; t++) {
			if (database_fails(d,
			    (enum database_work)(t - d->works)))
				break;
		}
		if (t == d->works + DATABASE_WORKS)
			return (d->away ? "it does not answer" : NULL);
	}
	*sqlstate = t->sqlstate;
	return (t->why != NULL ? t->why : "not connected yet");
}

void
database_links_changed(struct database *d)
{
	if (d != NULL)
		d->links_changed = true;
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
	d->spent = database_spent(d) + segments;
	d->spent_day = clock_wall_us() / DATABASE_DAY_US;
}

static void
database_refuse(struct database *d, char *why)
{
	if (d->refusal == NULL || strcmp(d->refusal, why) != 0)
		log_error("database=refused %s", why);
	free(d->refusal);
	d->refusal = why;
	d->state = DATABASE_REFUSED;
}

/*
 * Greeting: version of the schema, key set and lease, replies from before.
 */

static void
database_go(struct database *d)
{
	struct gateway *g = d->gateway;

	vocabulary_need(d->vocabulary);
	d->state = DATABASE_READY;
	d->away = false;
	d->links_changed = true;
	free(d->refusal);
	d->refusal = NULL;
	log_notice("database=up");
	d->behind = journal_newest(g->journal);
	reserve_fill(d->reserve);
	reserve_renew(d->reserve_away);
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

/* A call whose answer was lost may have stored danger that was told from the
 * words alone meanwhile. */
static void
database_settled(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	if (!pg_ok(r))
		pg_pipe_refused(d->pipe, r);
}

static void
database_settle(struct database *d)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, d->gateway->config->gateway.name);
	if (away_said_params(d->gateway->away, &p))
		pg_pipe_send(d->pipe, "select glas_gw.mt_said($1, $2)", &p,
		    database_settled, d);
	pg_params_clear(&p);
}

static void
database_recover(void *arg)
{
	struct database *d = arg;
	struct pg_params p = { 0 };

	database_settle(d);
	pg_param_text(&p, d->gateway->config->gateway.name);
	mt_recover_params(d->gateway->mt, &p);
	pg_pipe_send(d->pipe,
	    "select id, state from glas_gw.mt_recover($1, $2, $3)", &p,
	    database_recovered, d);
	pg_params_clear(&p);
}

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
		database_refuse(d, xstrdup(pg_text(r, 0, 0)));
		return;
	}
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
	pg_pipe_send(d->pipe,
	    "select problem, content_version, segments_today"
	    " from glas_gw.connect($1, $2, $3, $4)", &p, database_greeted, d);
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
		database_alone(d);
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

	if (d->state != DATABASE_DOWN || d->down.why == NULL ||
	    strcmp(d->down.why, why) != 0)
		log_warn("database=down %s", why);
	database_trouble_set(&d->down, sqlstate, why);
	/* One that comes and goes without being of use is away all the time;
	 * and one that was away is not there for being lost. */
	if (d->state == DATABASE_READY)
		d->down_at = clock_mono_ms() -
		    (d->away ? DATABASE_AWAY_MS : 0);
	d->state = DATABASE_DOWN;
}

/* Statements that do not fit any more, or may not be run: it was changed, or is
 * another one. */
static bool
database_changed(const char *sqlstate)
{
	static const char *const classes[] = { "0A", "25", "26", "42" };

	for (size_t n = 0; n < sizeof classes / sizeof classes[0]; n++) {
		if (strncmp(sqlstate, classes[n], 2) == 0)
			return (true);
	}
	return (false);
}

void
database_failed(struct database *d, enum database_work work,
    const struct pg_result *r)
{
	struct database_trouble *t = &d->works[work];

	/* Of a lost connection `down` tells. */
	if (strcmp(pg_sqlstate(r), "08006") == 0)
		return;
	if (strcmp(t->sqlstate, pg_sqlstate(r)) != 0)
		log_warn("database=failing sqlstate=%s %s", pg_sqlstate(r),
		    pg_error(r));
	database_trouble_set(t, pg_sqlstate(r), pg_error(r));
	if (database_changed(pg_sqlstate(r)))
		pg_pipe_refused(d->pipe, r);
}

void
database_worked(struct database *d, enum database_work work)
{
	database_trouble_clear(&d->works[work]);
}

static void
database_notified(void *arg)
{
	struct database *d = arg;

	mt_load(d->gateway->mt, true);
	database_alive(d);
	/* Somebody may have let go of what was held. */
	if (rewound_since(d->gateway->rewound) != 0)
		rewound_remember(d->gateway->rewound);
}

/*
 * Regular calls.
 */

static void
database_alive_got(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	if (!pg_ok(r) || pg_rows(r) != 1)
		return;
	pg_pipe_good(d->pipe);
	vocabulary_check(d->vocabulary, pg_text(r, 0, 0));
}

static void
database_alive(struct database *d)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, d->gateway->config->gateway.name);
	pg_param_int(&p, PG_INTERVAL, DATABASE_LEASE_US);
	pg_param_text(&p, vocabulary_used(d->vocabulary));
	pg_pipe_send(d->pipe, "select glas_gw.alive($1, $2, $3)", &p,
	    database_alive_got, d);
	pg_params_clear(&p);
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
	struct pg_params p = { 0 };

	if (room <= 0)
		return;
	pg_param_int(&p, PG_INT4, room);
	pg_pipe_send(d->pipe, "select glas_gw.mt_release($1)", &p,
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

/* A little at a time: what it deletes in a minute is more than comes. */
static void
database_prune(struct database *d)
{
	static char what[] = "prune";
	struct pg_params p = { 0 };

	pg_param_int(&p, PG_INTERVAL, DATABASE_KEEP_US);
	pg_param_int(&p, PG_INT4, DATABASE_PRUNED);
	pg_pipe_send(d->pipe, "select glas_gw.prune($1, $2)", &p,
	    database_said, what);
	pg_params_clear(&p);
}

static void
database_links_item(struct pg_params *p, int value)
{
	if (value == 0)
		pg_item_null(p);
	else
		pg_item_int(p, value);
}

static void
database_links_time(struct pg_params *p, int64_t at)
{
	if (at == 0)
		pg_item_null(p);
	else
		pg_item_int(p, at);
}

#define EACH_LINK(p, type, item)                   \
	do {                                       \
		pg_array(p, type);                 \
		for (size_t i_ = 0; i_ < n; i_++) { \
			const struct link_view *v = &view[i_]; \
			item;                      \
		}                                  \
	} while (0)

static void
database_links_put(struct database *d)
{
	static char what[] = "links";
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
	EACH_LINK(&p, PG_INT4, database_links_item(&p, v->signal_dbm));
	EACH_LINK(&p, PG_TEXT, pg_item_text(&p, v->operator_name));
	EACH_LINK(&p, PG_INT4, database_links_item(&p, v->sim_used));
	EACH_LINK(&p, PG_INT4, database_links_item(&p, v->sim_size));
	EACH_LINK(&p, PG_TIMESTAMPTZ, database_links_time(&p, v->seen_at));
	EACH_LINK(&p, PG_INT4, pg_item_int(&p, v->received));
	EACH_LINK(&p, PG_INT4, pg_item_int(&p, v->sent));
	pg_pipe_send(d->pipe,
	    "select glas_gw.links_put($1, $2, $3, $4, $5, $6, $7, $8, $9,"
	    " $10, $11, $12)", &p, database_said, what);
	pg_params_clear(&p);
	free(view);
}

/* Things that are due every so many seconds. */
static void
database_upkeep(struct database *d)
{
	struct gateway *g = d->gateway;

	rewound_tick(g->rewound);
	if (d->links_changed || d->ticks % 30 == 0)
		database_links_put(d);
	if (d->ticks % 10 == 0) {
		database_alive(d);
		rewound_remember(g->rewound);
		reserve_fill(d->reserve);
		/* Not while it is drawn upon: its file would give out again
		 * what is told after it was written. */
		if (!d->away)
			reserve_fill(d->reserve_away);
	}
	if (d->ticks % 30 == 5) {
		mt_load(g->mt, false);
		mo_groups_due(g->mo);
		database_orphans(d);
		database_release(d);
	}
	if (d->ticks % 60 == 15)
		database_prune(d);
	vocabulary_free_old(d->vocabulary);
}

static bool
database_silent(const struct database *d)
{
	return ((d->state == DATABASE_READY ? pg_pipe_waiting_ms(d->pipe) :
	    clock_mono_ms() - d->down_at) >= DATABASE_AWAY_MS);
}

static void
database_watch(struct database *d)
{
	bool away;

	if (pg_pipe_waiting_ms(d->pipe) >= d->drop_ms)
		pg_pipe_drop(d->pipe, "no answer");
	if (mo_count(d->gateway->mo) == 0)
		database_worked(d, DATABASE_TEXTS);
	away = database_silent(d) || database_fails(d, DATABASE_TEXTS);
	if (away == d->away)
		return;
	d->away = away;
	log_notice("database=%s", away ? "away" : "back");
	if (away) {
		vocabulary_need(d->vocabulary);
		away_begin(d->gateway->away);
	} else {
		d->behind = journal_newest(d->gateway->journal);
		reserve_renew(d->reserve_away);
	}
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
	d->vocabulary = vocabulary_new(g, d->pipe);
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
}

void
database_free(struct database *d)
{
	if (d == NULL)
		return;
	pg_pipe_free(d->pipe);
	reserve_free(d->reserve);
	reserve_free(d->reserve_away);
	event_free(d->tick);
	vocabulary_free(d->vocabulary);
	free(d->refusal);
	database_trouble_clear(&d->down);
	for (int work = 0; work < DATABASE_WORKS; work++)
		database_trouble_clear(&d->works[work]);
	free(d);
}
