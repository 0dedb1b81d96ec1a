/*
 * What is asked and told when the connection to the database comes, in the order
 * of calls from the last function here to the first: whether it is Glas, of this
 * version; whether another glasd has our name; whether a session of ours is still
 * at work; whether the key set is that of the database; what went backwards;
 * what became of replies from before. Then it is ready. Runs in glasd, called by
 * database.c. One that is not for us is refused in words.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "glasd/alerts.h"
#include "glasd/away.h"
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
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/schema.h"

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

static void
database_settled(void *arg, const struct pg_result *r)
{
	struct database *d = arg;

	away_settled(d->gateway->away, pg_ok(r));
	if (!pg_ok(r))
		pg_pipe_refused(d->pipe, r);
}

static void
database_say(struct database *d, bool sorted)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, d->gateway->config->gateway.name);
	if (away_said_params(d->gateway->away, &p, sorted))
		pg_pipe_send(d->pipe,
		    "select glas_gw.mt_said($1, $2, $3, $4, $5, $6)", &p,
		    database_settled, d);
	pg_params_clear(&p);
}

void
database_settle(struct database *d)
{
	database_say(d, false);
}

static void
database_go(struct database *d)
{
	struct gateway *g = d->gateway;

	vocabulary_need(d->vocabulary);
	d->state = DATABASE_READY;
	free(d->refusal);
	d->refusal = NULL;
	d->name_taken = false;
	log_notice("database=up");
	database_back(d);
	reserve_fill(d->reserve);
	database_links_put(d);
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
	database_say(d, true);
	away_greeted(d->gateway->away);
	pg_param_text(&p, d->gateway->config->gateway.name);
	mt_recover_params(d->gateway->mt, &p);
	pg_pipe_send(d->pipe,
	    "select id, state from glas_gw.mt_recover($1, $2, $3, $4)", &p,
	    database_recovered, d);
	pg_params_clear(&p);
}

static void	 database_connect(struct database *);

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
			database_connect(d);
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
database_connect(struct database *d)
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
		database_connect(d);
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

void
database_greet(struct database *d)
{
	d->state = DATABASE_GREETING;
	pg_pipe_send(d->pipe, "select glas_gw.schema_version()", NULL,
	    database_schema_got, d);
}
