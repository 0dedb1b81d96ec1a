/*
 * Whether the database has gone backwards, and what is done then. Runs in
 * glasd, called by database.c; owns a file in the spool directory with what the
 * database said last. What the log says of replies is read by rewound_log.c.
 *
 * Each call of this gateway that changes something is counted in its row, in
 * the same transaction, and here when it is answered. A database that has
 * counted fewer than were answered has lost some: whether by a backup or by a
 * standby, on whatever server. One that has as many has lost nothing of ours,
 * on whatever server: it is nothing to hold anything for. The file lags behind
 * by seconds, which matters only when glasd and the server went down together;
 * then, on a server that is not the one of before, the texts that the log knows
 * to have been stored are looked up.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/rewound.h"
#include "glasd/rewound_log.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

enum {	/* of glas_data.known() */
	KNOWN_CALLS,		/* of this gateway */
	KNOWN_ALL_CALLS,	/* of all */
	KNOWN_MAX = 6		/* the rest is for glas_gw.rewind() */
};

enum {	/* columns of glas_gw.remember() */
	REMEMBER_KNOWN,
	REMEMBER_PLACE,
	REMEMBER_REWOUND_AT,
	REMEMBER_REREAD,
	REMEMBER_SERVER
};

static const char rewound_remember_statement[] =
    "select known, place, rewound_at, reread, server"
    " from glas_gw.remember($1, $2)";

struct rewound {
	struct gateway	*gateway;
	char		*file;
	int64_t		 known[KNOWN_MAX];
	bool		 knows;		/* there is something to compare with */
	char		 server[64];	/* system identifier and timeline */
	uint32_t	 log;		/* which one a place is of */
	bool		 exact;		/* nothing was answered that is not
					   known: since the start, or it was
					   stopped in order before */
	bool		 unsaved;
	int64_t		 since;		/* the outbox is held; 0: it is not */
	bool		 reading;	/* the log, again */
	bool		 asking;	/* said that it was read */
	struct rewound_log said;	/* since it went back */
	void		(*go)(void *arg);
	void		*arg;
};

/*
 * The file.
 */

static void
rewound_load(struct rewound *r)
{
	json_t *file = json_load_file(r->file, 0, NULL), *known, *value;
	const char *server =
	    json_string_value(json_object_get(file, "server"));
	size_t n;

	known = json_object_get(file, "known");
	json_array_foreach(known, n, value) {
		if (n < KNOWN_MAX)
			r->known[n] = json_integer_value(value);
	}
	r->knows = json_array_size(known) == KNOWN_MAX;
	if (server != NULL)
		snprintf(r->server, sizeof r->server, "%s", server);
	r->log = (uint32_t)json_integer_value(json_object_get(file, "log"));
	r->exact = json_is_true(json_object_get(file, "stopped"));
	if (r->log == 0)
		seal_random(&r->log, sizeof r->log);
	json_decref(file);
}

/* Not before the log was read again: a start in between finds it once more. */
static void
rewound_save(struct rewound *r, bool stopped)
{
	json_t *file, *known;

	if (!r->knows || !r->unsaved || r->reading)
		return;
	known = json_array();
	for (size_t n = 0; n < KNOWN_MAX; n++)
		json_array_append_new(known, json_integer(r->known[n]));
	file = json_pack("{s:o, s:s, s:I, s:b}", "known", known, "server",
	    r->server, "log", (json_int_t)r->log, "stopped", stopped);
	r->unsaved = jsonl_keep(r->file, file) == -1;
	if (r->unsaved)
		log_warn("%s cannot be written: %s", r->file, strerror(errno));
	json_decref(file);
}

struct rewound *
rewound_new(struct gateway *g)
{
	struct rewound *r = xcalloc(1, sizeof *r);

	r->gateway = g;
	r->file = xasprintf("%s/database.json", g->config->gateway.spool_dir);
	rewound_load(r);
	return (r);
}

void
rewound_free(struct rewound *r)
{
	if (r == NULL)
		return;
	r->unsaved = true;
	rewound_save(r, r->exact);
	rewound_log_clear(&r->said);
	free(r->file);
	free(r);
}

void
rewound_keep(struct rewound *r)
{
	r->unsaved = true;
	rewound_save(r, false);
}

void
rewound_lost(struct rewound *r)
{
	rewound_save(r, false);
}

const struct away_answer *
rewound_told(const struct rewound *r, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (rewound_log_told(&r->said, identity));
}

bool
rewound_owes(const struct rewound *r, uint64_t record)
{
	const struct gateway *g = r->gateway;

	return (r->reading && journal_again(g->journal, record) &&
	    mo_owes(g->mo, record));
}

/*
 * What the database says.
 */

/* {1,2,3} */
static bool
rewound_known_read(const char *array, int64_t known[KNOWN_MAX])
{
	size_t n = 0;
	char *end;

	while (*array != '\0' && n < KNOWN_MAX) {
		known[n] = strtoll(array, &end, 10);
		n += end != array;
		array = end != array ? end : array + 1;
	}
	return (n == KNOWN_MAX);
}

/* Of another log, or of none, it says nothing: all that is kept is read. */
static uint64_t
rewound_place_read(const struct rewound *r, const char *place)
{
	uint64_t stored = journal_stored(r->gateway->journal), record;
	uint32_t log;

	if (sscanf(place, "%" SCNx32 ":%" SCNu64, &log, &record) != 2 ||
	    log != r->log)
		return (0);
	return (record < stored ? record : stored);
}

static void
rewound_know(struct rewound *r, const struct pg_result *res)
{
	int64_t known[KNOWN_MAX];

	if (!rewound_known_read(pg_text(res, 0, REMEMBER_KNOWN), known))
		return;
	r->unsaved = r->unsaved || !r->knows ||
	    memcmp(known, r->known, sizeof known) != 0 ||
	    strcmp(r->server, pg_text(res, 0, REMEMBER_SERVER)) != 0;
	memcpy(r->known, known, sizeof r->known);
	snprintf(r->server, sizeof r->server, "%s",
	    pg_text(res, 0, REMEMBER_SERVER));
	r->knows = true;
	r->since = pg_time(res, 0, REMEMBER_REWOUND_AT);
	r->reading = r->reading || !pg_bool(res, 0, REMEMBER_REREAD);
}

void
rewound_called(struct rewound *r)
{
	r->known[KNOWN_CALLS]++;
	r->known[KNOWN_ALL_CALLS]++;
	r->unsaved = true;
}

static void
rewound_remembered(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	if (!pg_ok(res) || pg_rows(res) != 1)
		return;
	rewound_know(r, res);
	rewound_save(r, false);
}

static void
rewound_ask(struct rewound *r, const char *place, pg_done done)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, r->gateway->config->gateway.name);
	pg_param_text(&p, place);
	pg_pipe_send(database_pipe(r->gateway->database),
	    rewound_remember_statement, &p, done, r);
	pg_params_clear(&p);
}

/* While the log is read again, the next start is to begin there, too. */
void
rewound_remember(struct rewound *r)
{
	char place[48] = "";

	if (!r->reading)
		snprintf(place, sizeof place, "%" PRIx32 ":%" PRIu64, r->log,
		    journal_stored(r->gateway->journal));
	rewound_ask(r, place, rewound_remembered);
}

/*
 * Back it went.
 */

static void
rewound_went(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	if (!pg_ok(res) || pg_rows(res) != 1) {
		pg_pipe_refused(database_pipe(r->gateway->database), res);
		return;
	}
	rewound_know(r, res);
	r->exact = r->unsaved = true;
	rewound_save(r, false);
	r->go(r->arg);
}

static void
rewound_held(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	if (!pg_ok(res))
		pg_pipe_refused(database_pipe(r->gateway->database), res);
	else
		log_error("database=rewound held=%s remedy=\"see "
		    "glas.outbox, then glasctl resume outbox\"",
		    pg_text(res, 0, 0));
}

static void
rewound_back(struct rewound *r, uint64_t place)
{
	struct gateway *g = r->gateway;
	struct pg_params p = { 0 };

	r->reading = true;
	rewound_log_clear(&r->said);
	rewound_log_read(&r->said, g->journal, place);
	mo_forget(g->mo);
	mt_forget(g->mt);
	journal_rewind(g->journal, place);
	pg_param_text(&p, g->config->gateway.name);
	pg_array(&p, PG_INT8);
	for (size_t n = 0; n < KNOWN_MAX; n++)
		pg_item_int(&p, r->known[n]);
	pg_pipe_send(database_pipe(g->database),
	    "select glas_gw.rewind($1, $2)", &p, rewound_held, r);
	pg_params_clear(&p);
	rewound_ask(r, "", rewound_went);
}

/*
 * Greeting.
 */

struct rewound_texts {
	struct pg_params	 identities;
	uint64_t		 stored;	/* record */
};

static void
rewound_texts_add(void *arg, uint64_t record, const struct item *item)
{
	struct rewound_texts *t = arg;

	/* What was answered with the database was stored before. */
	if ((item->type != ITEM_MO || record > t->stored) &&
	    (item->type != ITEM_INTENT || item->ud_len == 0))
		return;
	pg_item_bytes(&t->identities, item->identity, SEAL_TOKEN_LEN);
}

static void
rewound_looked_up(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	if (!pg_ok(res))
		pg_pipe_refused(database_pipe(r->gateway->database), res);
	else if (pg_bool(res, 0, 0))
		rewound_back(r, rewound_place_read(r, pg_text(res, 0, 1)));
	else
		rewound_ask(r, "", rewound_went);
}

/* The last texts of which the log knows that they were stored: are they? */
static void
rewound_look_up(struct rewound *r, const char *place)
{
	struct journal *journal = r->gateway->journal;
	struct rewound_texts texts = { .stored = journal_stored(journal) };

	pg_array(&texts.identities, PG_BYTEA);
	journal_scan(journal, rewound_place_read(r, place), rewound_texts_add,
	    &texts);
	pg_param_text(&texts.identities, place);
	pg_pipe_send(database_pipe(r->gateway->database),
	    "select glas_gw.lacks($1), $2", &texts.identities,
	    rewound_looked_up, r);
	pg_params_clear(&texts.identities);
}

static void
rewound_greeted(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;
	const char *place;
	int64_t known[KNOWN_MAX] = { 0 };

	if (!pg_ok(res) || pg_rows(res) != 1 ||
	    !rewound_known_read(pg_text(res, 0, REMEMBER_KNOWN), known)) {
		pg_pipe_refused(database_pipe(r->gateway->database), res);
		return;
	}
	place = pg_text(res, 0, REMEMBER_PLACE);
	if (r->knows && (known[KNOWN_CALLS] < r->known[KNOWN_CALLS] ||
	    known[KNOWN_ALL_CALLS] < r->known[KNOWN_ALL_CALLS]))
		rewound_back(r, rewound_place_read(r, place));
	else if (r->knows && !r->exact &&
	    strcmp(r->server, pg_text(res, 0, REMEMBER_SERVER)) != 0)
		rewound_look_up(r, place);
	else
		rewound_went(r, res);
}

void
rewound_greet(struct rewound *r, void (*go)(void *arg), void *arg)
{
	r->go = go;
	r->arg = arg;
	rewound_ask(r, "", rewound_greeted);
}

/*
 * The end of it.
 */

static void
rewound_reread_got(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	r->asking = false;
	if (!pg_ok(res))
		return;
	log_notice("database=rewound log=read");
	r->reading = false;
	rewound_log_clear(&r->said);
	rewound_remember(r);
}

void
rewound_tick(struct rewound *r)
{
	struct pg_params p = { 0 };

	if (!r->reading || r->asking || !journal_reread(r->gateway->journal))
		return;
	r->asking = true;
	pg_param_text(&p, r->gateway->config->gateway.name);
	pg_array(&p, PG_INT8);
	rewound_log_unsettled(&r->said, &p);
	pg_pipe_send(database_pipe(r->gateway->database),
	    "select glas_gw.reread($1, $2)", &p, rewound_reread_got, r);
	pg_params_clear(&p);
}

int64_t
rewound_since(const struct rewound *r)
{
	return (r->since);
}

bool
rewound_reading(const struct rewound *r)
{
	return (r->reading);
}

static void
rewound_resumed(void *arg, const struct pg_result *res)
{
	struct rewound *r = arg;

	if (!pg_ok(res)) {
		log_warn("outbox=held %s %s", pg_sqlstate(res),
		    pg_error(res));
		return;
	}
	log_notice("outbox=resumed count=%s", pg_text(res, 0, 0));
	rewound_remember(r);
}

const char *
rewound_resume(struct rewound *r)
{
	if (!database_ready(r->gateway->database))
		return ("the database is away: see glasctl status");
	if (r->since == 0)
		return ("nothing is held for a database that went backwards");
	if (r->reading)
		return ("the log is still read again, and says what was sent: "
		    "try again when glasctl status says that it is done");
	pg_pipe_send(database_pipe(r->gateway->database),
	    "select glas_gw.resume_outbox()", NULL, rewound_resumed, r);
	return (NULL);
}
