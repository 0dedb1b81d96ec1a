/*
 * One connection to PostgreSQL in pipeline mode inside a libevent loop. Runs
 * in glasd. Owns the connection and the queue of units; a unit is one
 * statement and its sync, so each is a transaction of its own. On any failure
 * the connection is dropped, all units are called back with 08006, and it is
 * made again, for ever: to each server that the connection string names, then,
 * after a while, from the first one on.
 *
 * After the server has died libpq gives no PGRES_PIPELINE_SYNC any more:
 * nothing here ever loops until one comes.
 */
#include <sys/queue.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "store/pg_private.h"

#define PG_CONNECT_MS		10000
#define PG_CONNECT_NEXT_MS	3000	/* where others may be tried */
#define PG_BACKOFF_MIN_MS	250
#define PG_BACKOFF_MAX_MS	15000
#define PG_STATEMENTS_MAX	64

struct pg_unit {
	TAILQ_ENTRY(pg_unit) entry;
	pg_done		 done;
	void		*arg;
	int64_t		 sent_at;	/* clock_mono_ms */
	int		 prepares;	/* statement it prepares, or -1 */
	PGresult	*result;	/* the first error, else the last */
};
TAILQ_HEAD(pg_units, pg_unit);

enum pg_pipe_state {
	PG_PIPE_DOWN,
	PG_PIPE_CONNECTING,
	PG_PIPE_UP
};

struct pg_pipe {
	struct event_base	*base;
	char			*conninfo;
	struct pg_hosts		 hosts;
	size_t			 host;	  /* of these, in use */
	bool			 good;	  /* and was of use */
	struct buf		 refusals; /* of this round */
	char			*name;
	char			*listen;
	struct pg_pipe_events	 events;
	void			*arg;
	PGconn			*conn;
	int			 fd;	  /* its socket, or -1; ours to close */
	enum pg_pipe_state	 state;
	struct event		*readable;
	struct event		*writable;
	struct event		*timer;	  /* connect deadline, reconnect */
	struct event		*failing; /* calls back units of `failed` */
	struct pg_units		 units;
	struct pg_units		 failed;
	bool			 unsent;  /* the last of `units` was not */
	int64_t			 backoff_ms;
	const char		*statements[PG_STATEMENTS_MAX];
	bool			 prepared[PG_STATEMENTS_MAX];
	int			 statement_count;
};

static void	 pg_pipe_connect(struct pg_pipe *);
static void	 pg_pipe_poll(struct pg_pipe *);
static void	 pg_pipe_read(struct pg_pipe *);
static void	 pg_pipe_flush(struct pg_pipe *);

static void
pg_pipe_after(struct event *timer, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = (ms % 1000) * 1000 };

	evtimer_add(timer, &tv);
}

static void
pg_pipe_unwatch(struct pg_pipe *p)
{
	event_del(p->readable);
	event_del(p->writable);
	if (p->fd != -1)
		close(p->fd);
	p->fd = -1;
}

/* The socket of a connection can change while it is being made, and libpq
 * closes it whenever it is lost: what is watched is a descriptor of our own.
 * False: there is none left, and the connection is given up. */
static bool
pg_pipe_watch(struct pg_pipe *p, short what, event_callback_fn cb)
{
	int error;

	pg_pipe_unwatch(p);
	event_free(p->readable);
	event_free(p->writable);
	p->fd = fcntl(PQsocket(p->conn), F_DUPFD_CLOEXEC, 0);
	error = errno;
	p->readable = event_new(p->base, p->fd, EV_READ | EV_PERSIST, cb, p);
	p->writable = event_new(p->base, p->fd, EV_WRITE, cb, p);
	if (p->readable == NULL || p->writable == NULL)
		fatal("out of memory: no event for the database");
	if (p->fd == -1)
		pg_pipe_drop(p, strerror(error));
	else
		event_add(what == EV_READ ? p->readable : p->writable, NULL);
	return (p->conn != NULL);
}

static void
pg_unit_finish(struct pg_unit *u)
{
	struct pg_result r = { .res = u->result,
		.sqlstate = u->result != NULL ? NULL : "08006" };

	u->done(u->arg, &r);
	PQclear(u->result);
	free(u);
}

static void
pg_pipe_fail_units(evutil_socket_t fd, short what, void *arg)
{
	struct pg_pipe *p = arg;
	struct pg_units now = TAILQ_HEAD_INITIALIZER(now);
	struct pg_unit *u;

	(void)fd;
	(void)what;
	if (p->unsent)
		pg_pipe_drop(p, "a statement could not be sent");
	/* Callbacks may send again; what they add fails in the next pass. */
	TAILQ_CONCAT(&now, &p->failed, entry);
	while ((u = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, u, entry);
		PQclear(u->result);
		u->result = NULL;
		pg_unit_finish(u);
	}
}

static void
pg_pipe_close(struct pg_pipe *p)
{
	pg_pipe_unwatch(p);
	evtimer_del(p->timer);
	PQfinish(p->conn);
	p->conn = NULL;
	p->unsent = false;
	memset(p->prepared, 0, sizeof p->prepared);
	TAILQ_CONCAT(&p->failed, &p->units, entry);
}

/* True when there is a server that was not tried yet in this round. */
static bool
pg_pipe_has_next(const struct pg_pipe *p)
{
	return (!p->good && p->host + 1 < p->hosts.count);
}

static void
pg_pipe_end(struct pg_pipe *p, const char *sqlstate, const char *why)
{
	bool next = pg_pipe_has_next(p), up = p->state == PG_PIPE_UP;
	char state[6];

	if (p->state == PG_PIPE_DOWN)
		return;
	/* Both may be the connection's own. */
	buf_printf(&p->refusals, "%s%.*s", p->refusals.len != 0 ? "; " : "",
	    (int)strcspn(why, "\n"), why);
	snprintf(state, sizeof state, "%s", sqlstate);
	pg_pipe_close(p);
	p->state = PG_PIPE_DOWN;
	pg_pipe_fail_units(-1, 0, p);
	if (up || !next)
		p->events.down(p->arg, state, buf_str(&p->refusals));
	p->host = next ? p->host + 1 : 0;
	p->good = false;
	if (next) {
		pg_pipe_after(p->timer, 0);
		return;
	}
	buf_reset(&p->refusals);
	pg_pipe_after(p->timer, p->backoff_ms / 2 +
	    random() % (p->backoff_ms / 2 + 1));
	p->backoff_ms *= 2;
	if (p->backoff_ms > PG_BACKOFF_MAX_MS)
		p->backoff_ms = PG_BACKOFF_MAX_MS;
}

void
pg_pipe_drop(struct pg_pipe *p, const char *why)
{
	pg_pipe_end(p, "", why);
}

void
pg_pipe_refused(struct pg_pipe *p, const struct pg_result *r)
{
	pg_pipe_end(p, pg_sqlstate(r), pg_error(r));
}

/* What a server that lets nobody in says: "...: FATAL:  53300: sorry". */
static void
pg_pipe_connect_failed(struct pg_pipe *p)
{
	const char *why = PQerrorMessage(p->conn), *state = strstr(why, ":  ");
	char sqlstate[6] = "";

	if (state != NULL && strspn(state + 3, "0123456789ABCDEFGHIJKLMNOPQRS"
	    "TUVWXYZ") == sizeof sqlstate - 1)
		snprintf(sqlstate, sizeof sqlstate, "%s", state + 3);
	pg_pipe_end(p, sqlstate, why);
}

static void
pg_pipe_timer(evutil_socket_t fd, short what, void *arg)
{
	struct pg_pipe *p = arg;

	(void)fd;
	(void)what;
	if (p->state == PG_PIPE_DOWN)
		pg_pipe_connect(p);
	else if (p->state == PG_PIPE_CONNECTING)
		pg_pipe_drop(p, "no answer to the connection attempt");
}

static void
pg_pipe_connecting(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	pg_pipe_poll(arg);
}

static void
pg_pipe_ready(evutil_socket_t fd, short what, void *arg)
{
	struct pg_pipe *p = arg;

	(void)fd;
	if (what & EV_READ)
		pg_pipe_read(p);
	if (p->state == PG_PIPE_UP && (what & EV_WRITE))
		pg_pipe_flush(p);
}

/* What runs with every text is planned once, for a plan by the indexes that
 * suits a batch of any size: to plan a statement takes longer than to run it
 * for one text, and statistics of a table that was just filled mislead. A plan
 * that cannot do without what is off seems so dear that it would be compiled,
 * for a second. */
#define PG_PIPE_PLANS \
	" -c plan_cache_mode=force_generic_plan -c enable_seqscan=off" \
	" -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"

static void
pg_pipe_connect(struct pg_pipe *p)
{
	const char *const keys[] = { "dbname", "application_name",
		"client_encoding", "tcp_user_timeout", "keepalives_idle",
		"options", "host", "hostaddr", "port", NULL };
	const struct pg_host *h = &p->hosts.at[p->host];
	const char *const values[] = { p->conninfo, p->name, "UTF8", "10000",
		"10", "-c statement_timeout=30s -c lock_timeout=1s"
		" -c idle_in_transaction_session_timeout=30s"
		" -c timezone=UTC -c datestyle=ISO -c bytea_output=hex"
		" -c extra_float_digits=1" PG_PIPE_PLANS, h->host,
		h->hostaddr, h->port, NULL };

	p->state = PG_PIPE_CONNECTING;
	p->conn = PQconnectStartParams(keys, values, 1);
	if (p->conn == NULL)
		fatal("out of memory: no connection");
	if (PQstatus(p->conn) == CONNECTION_BAD) {
		pg_pipe_connect_failed(p);
		return;
	}
	PQsetNoticeReceiver(p->conn, pg_no_notice, NULL);
	PQsetErrorVerbosity(p->conn, PQERRORS_VERBOSE);
	pg_pipe_after(p->timer, p->hosts.count == 1 ? PG_CONNECT_MS :
	    PG_CONNECT_NEXT_MS);
	(void)pg_pipe_watch(p, EV_WRITE, pg_pipe_connecting);
}

static void
pg_pipe_listening(void *arg, const struct pg_result *r)
{
	struct pg_pipe *p = arg;

	/* Cancelled, or not allowed to: nothing that another connection may not
	 * mend. When this one is gone already, `down` has said so. */
	if (!pg_ok(r))
		pg_pipe_refused(p, r);
	else
		p->events.up(p->arg);
}

static struct pg_unit *
pg_unit_add(struct pg_pipe *p, pg_done done, void *arg)
{
	struct pg_unit *u = xcalloc(1, sizeof *u);

	u->done = done;
	u->arg = arg;
	u->sent_at = clock_mono_ms();
	u->prepares = -1;
	TAILQ_INSERT_TAIL(&p->units, u, entry);
	return (u);
}

static void
pg_pipe_connected(struct pg_pipe *p)
{
	evtimer_del(p->timer);
	if (PQsetnonblocking(p->conn, 1) == -1 ||
	    PQenterPipelineMode(p->conn) == 0) {
		pg_pipe_drop(p, PQerrorMessage(p->conn));
		return;
	}
	p->state = PG_PIPE_UP;
	if (!pg_pipe_watch(p, EV_READ, pg_pipe_ready))
		return;
	pg_unit_add(p, pg_pipe_listening, p);
	if (PQsendQueryParams(p->conn, p->listen, 0, NULL, NULL, NULL, NULL,
	    0) == 0 || PQpipelineSync(p->conn) == 0)
		pg_pipe_drop(p, PQerrorMessage(p->conn));
	else
		pg_pipe_flush(p);
}

static void
pg_pipe_poll(struct pg_pipe *p)
{
	switch (PQconnectPoll(p->conn)) {
	case PGRES_POLLING_READING:
		(void)pg_pipe_watch(p, EV_READ, pg_pipe_connecting);
		break;
	case PGRES_POLLING_WRITING:
		(void)pg_pipe_watch(p, EV_WRITE, pg_pipe_connecting);
		break;
	case PGRES_POLLING_OK:
		pg_pipe_connected(p);
		break;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		pg_pipe_connect_failed(p);
		break;
	}
}

static void
pg_pipe_flush(struct pg_pipe *p)
{
	switch (PQflush(p->conn)) {
	case 0:
		break;
	case 1:
		event_add(p->writable, NULL);
		break;
	default:
		pg_pipe_drop(p, PQerrorMessage(p->conn));
		break;
	}
}

/* One result of the oldest unit: its error if it has one, else the last. The
 * first is that of preparing the statement, which outlives a failure of what
 * follows. */
static void
pg_unit_take(struct pg_pipe *p, struct pg_unit *u, PGresult *res)
{
	if (u->prepares != -1 && !pg_result_well(res))
		p->prepared[u->prepares] = false;
	u->prepares = -1;
	if (u->result != NULL && !pg_result_well(u->result)) {
		PQclear(res);
		return;
	}
	PQclear(u->result);
	u->result = res;
}

static void
pg_unit_synced(struct pg_pipe *p, struct pg_unit *u)
{
	TAILQ_REMOVE(&p->units, u, entry);
	pg_unit_finish(u);
}

/* Takes one result; false when there is none to take now. Two NULLs in a row
 * mean that nothing is left. */
static bool
pg_pipe_take(struct pg_pipe *p, int *nulls)
{
	struct pg_unit *u = TAILQ_FIRST(&p->units);
	PGresult *res;

	if (PQisBusy(p->conn))
		return (false);
	res = PQgetResult(p->conn);
	if (res == NULL)
		return (++*nulls < 2);
	*nulls = 0;
	if (u == NULL) {
		PQclear(res);
		return (false);
	}
	if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
		PQclear(res);
		pg_unit_synced(p, u);
		return (p->state == PG_PIPE_UP);
	}
	pg_unit_take(p, u, res);
	return (true);
}

static void
pg_pipe_read(struct pg_pipe *p)
{
	PGnotify *notify;
	bool notified = false;
	int nulls = 0;

	if (PQconsumeInput(p->conn) == 0 ||
	    PQstatus(p->conn) == CONNECTION_BAD) {
		pg_pipe_drop(p, PQerrorMessage(p->conn));
		return;
	}
	while (pg_pipe_take(p, &nulls)) {
		if (PQstatus(p->conn) == CONNECTION_BAD)
			break;
	}
	if (p->state != PG_PIPE_UP)
		return;
	if (PQstatus(p->conn) == CONNECTION_BAD) {
		pg_pipe_drop(p, PQerrorMessage(p->conn));
		return;
	}
	while ((notify = PQnotifies(p->conn)) != NULL) {
		notified = true;
		PQfreemem(notify);
	}
	if (notified)
		p->events.notified(p->arg);
}

static int
pg_pipe_statement(struct pg_pipe *p, const char *statement)
{
	int n;

	for (n = 0; n < p->statement_count; n++) {
		if (p->statements[n] == statement)
			return (n);
	}
	if (n == PG_STATEMENTS_MAX)
		panic("more than %d statements", PG_STATEMENTS_MAX);
	p->statements[p->statement_count++] = statement;
	return (n);
}

static int
pg_pipe_put(struct pg_pipe *p, struct pg_unit *u, int n,
    const struct pg_params *params)
{
	struct pg_bound b;
	char name[16];

	snprintf(name, sizeof name, "s%d", n);
	pg_params_bind(params, &b);
	if (!p->prepared[n]) {
		if (PQsendPrepare(p->conn, name, p->statements[n], b.count,
		    b.types) == 0)
			return (-1);
		p->prepared[n] = true;
		u->prepares = n;
	}
	if (PQsendQueryPrepared(p->conn, name, b.count, b.values, b.lengths,
	    b.formats, 0) == 0 || PQpipelineSync(p->conn) == 0)
		return (-1);
	return (0);
}

void
pg_pipe_send(struct pg_pipe *p, const char *statement,
    const struct pg_params *params, pg_done done, void *arg)
{
	struct pg_unit *u = pg_unit_add(p, done, arg);

	if (p->state == PG_PIPE_UP &&
	    pg_pipe_put(p, u, pg_pipe_statement(p, statement), params) == 0) {
		/* A flush that fails is seen by the next read, not here: the
		 * caller must not be called back yet. */
		if (PQflush(p->conn) == 1)
			event_add(p->writable, NULL);
		return;
	}
	/* Units are called back in order: where one cannot be sent, none before
	 * it comes back either. */
	p->unsent = p->state == PG_PIPE_UP;
	if (!p->unsent) {
		TAILQ_REMOVE(&p->units, u, entry);
		TAILQ_INSERT_TAIL(&p->failed, u, entry);
	}
	event_active(p->failing, EV_TIMEOUT, 0);
}

struct pg_pipe *
pg_pipe_new(struct event_base *base, const char *conninfo,
    const char *channel, const struct pg_pipe_events *events, void *arg)
{
	struct pg_pipe *p = xcalloc(1, sizeof *p);

	p->base = base;
	p->conninfo = xstrdup(conninfo);
	pg_hosts_init(&p->hosts, conninfo);
	p->name = xstrdup(channel);
	p->listen = xasprintf("listen \"%s\"", channel);
	p->events = *events;
	p->arg = arg;
	p->fd = -1;
	p->backoff_ms = PG_BACKOFF_MIN_MS;
	TAILQ_INIT(&p->units);
	TAILQ_INIT(&p->failed);
	p->readable = event_new(base, -1, 0, pg_pipe_connecting, p);
	p->writable = event_new(base, -1, 0, pg_pipe_connecting, p);
	p->timer = evtimer_new(base, pg_pipe_timer, p);
	p->failing = evtimer_new(base, pg_pipe_fail_units, p);
	if (p->readable == NULL || p->writable == NULL || p->timer == NULL ||
	    p->failing == NULL)
		fatal("out of memory: no events for the database");
	return (p);
}

void
pg_pipe_free(struct pg_pipe *p)
{
	struct pg_unit *u;

	if (p == NULL)
		return;
	pg_pipe_close(p);
	while ((u = TAILQ_FIRST(&p->failed)) != NULL) {
		TAILQ_REMOVE(&p->failed, u, entry);
		PQclear(u->result);
		free(u);
	}
	event_free(p->readable);
	event_free(p->writable);
	event_free(p->timer);
	event_free(p->failing);
	free(p->conninfo);
	pg_hosts_clear(&p->hosts);
	buf_clear(&p->refusals);
	free(p->name);
	free(p->listen);
	free(p);
}

void
pg_pipe_start(struct pg_pipe *p)
{
	pg_pipe_connect(p);
}

void
pg_pipe_good(struct pg_pipe *p)
{
	p->backoff_ms = PG_BACKOFF_MIN_MS;
	p->good = true;
	buf_reset(&p->refusals);
}

int64_t
pg_pipe_waiting_ms(const struct pg_pipe *p)
{
	const struct pg_unit *u = TAILQ_FIRST(&p->units);

	return (u != NULL ? clock_mono_ms() - u->sent_at : 0);
}
