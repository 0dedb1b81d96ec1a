/*
 * The blocking half of the PostgreSQL code. Runs in glasctl and in glasd -t;
 * owns one connection. A statement that cannot be sent or answered gives a
 * result that says so; nothing is tried again.
 */
#include <stdlib.h>
#include <string.h>

#include "store/pg_private.h"

struct pg_client {
	PGconn	*conn;
};

/* Without its last newline; libpq's own texts have several lines. */
static void
pg_client_problem(struct buf *problem, PGconn *conn)
{
	const char *s = PQerrorMessage(conn);
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == '\n')
		len--;
	buf_add(problem, s, len);
	/* One that was given, and is wrong, libpq names with its file. */
	if (PQconnectionNeedsPassword(conn))
		buf_add_str(problem, ": write HOST:PORT:DATABASE:USER:PASSWORD "
		    "into ~/.pgpass of who connects, mode 0600");
}

/* What stands before dbname is a default, what stands behind it is not to be
 * changed by the connection string. */
static const char *const pg_client_names[] = { "connect_timeout",
	"fallback_application_name", "dbname", "client_encoding", NULL };

struct pg_client *
pg_client_open(const char *conninfo, struct buf *problem)
{
	const char *const values[] = { "10", "glas", conninfo, "UTF8", NULL };
	struct pg_client *c = xcalloc(1, sizeof *c);
	PGresult *res;

	c->conn = PQconnectdbParams(pg_client_names, values, 1);
	if (PQstatus(c->conn) != CONNECTION_OK) {
		pg_client_problem(problem, c->conn);
		pg_client_close(c);
		return (NULL);
	}
	PQsetNoticeReceiver(c->conn, pg_no_notice, NULL);
	res = PQexec(c->conn, "set datestyle = 'ISO, YMD'; "
	    "set timezone = 'UTC'; set search_path = pg_catalog, pg_temp; "
	    "set standard_conforming_strings = on");
	PQclear(res);
	return (c);
}

/* Whether all that servers answered to the attempt passes: libpq hands out the
 * SQLSTATE of a connection only in place of its words, "FATAL:  53300". */
static bool
pg_client_refused_for_now(const char *conninfo)
{
	const char *const values[] = { "10", "glas", conninfo, "UTF8", NULL };
	PGconn *conn = PQconnectdbParams(pg_client_names, values, 1);
	const char *s;
	bool passes;

	PQsetErrorVerbosity(conn, PQERRORS_SQLSTATE);
	PQreset(conn);
	passes = !PQconnectionNeedsPassword(conn);
	for (s = PQerrorMessage(conn); (s = strstr(s, ":  ")) != NULL;) {
		s += strlen(":  ");
		passes = passes && pg_passes(s);
	}
	PQfinish(conn);
	return (passes);
}

/* libpq finds out that a port is none only when it goes there, and says of it
 * what it says of a server that does not answer. */
static bool
pg_client_ports_sound(const char *conninfo)
{
	char *ports = pg_conninfo_get(conninfo, "port"), *rest = ports;
	bool sound = true;
	char *end;

	for (char *port; sound && (port = strsep(&rest, ",")) != NULL;) {
		long n = strtol(port, &end, 10);

		end += strspn(end, " ");
		/* A gap in the list is the usual one. */
		sound = *port == '\0' ||
		    (end != port && *end == '\0' && n >= 1 && n <= 65535);
	}
	free(ports);
	return (sound);
}

bool
pg_client_away(const char *conninfo)
{
	const char *const values[] = { "10", "glas", conninfo, "UTF8", NULL };

	if (!pg_client_ports_sound(conninfo))
		return (false);
	switch (PQpingParams(pg_client_names, values, 1)) {
	case PQPING_REJECT:		/* starts, or ends */
	case PQPING_NO_RESPONSE:
		return (true);
	case PQPING_NO_ATTEMPT:		/* the connection string is wrong */
		return (false);
	case PQPING_OK:
		break;
	}
	return (pg_client_refused_for_now(conninfo));
}

void
pg_client_close(struct pg_client *c)
{
	if (c == NULL)
		return;
	PQfinish(c->conn);
	free(c);
}

static struct pg_result *
pg_client_result(PGresult *res)
{
	struct pg_result *r = xcalloc(1, sizeof *r);

	r->res = res;
	return (r);
}

struct pg_result *
pg_query(struct pg_client *c, const char *statement,
    const struct pg_params *params)
{
	struct pg_bound b;

	pg_params_bind(params, &b);
	return (pg_client_result(PQexecParams(c->conn, statement, b.count,
	    b.types, b.values, b.lengths, b.formats, 0)));
}

struct pg_result *
pg_script(struct pg_client *c, const char *script)
{
	return (pg_client_result(PQexec(c->conn, script)));
}

/* One keyword out of libpq's list (NULL: an empty one), NULL when it is not
 * set. */
static char *
pg_conninfo_pick(const PQconninfoOption *option, const char *keyword)
{
	for (; option != NULL && option->keyword != NULL; option++) {
		if (strcmp(option->keyword, keyword) == 0)
			return (option->val != NULL ? xstrdup(option->val) :
			    NULL);
	}
	return (NULL);
}

/* libpq looks a service up only for its defaults, and by the environment. */
static char *
pg_conninfo_by_service(const char *service, const char *keyword)
{
	const char *before = getenv("PGSERVICE");
	char *kept = before != NULL ? xstrdup(before) : NULL, *value;
	PQconninfoOption *options;

	setenv("PGSERVICE", service, 1);
	options = PQconndefaults();
	value = pg_conninfo_pick(options, keyword);
	PQconninfoFree(options);
	if (kept != NULL)
		setenv("PGSERVICE", kept, 1);
	else
		unsetenv("PGSERVICE");
	free(kept);
	return (value);
}

char *
pg_conninfo_get(const char *conninfo, const char *keyword)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	char *value = pg_conninfo_pick(options, keyword);
	char *service = pg_conninfo_pick(options, "service");

	if (value == NULL && service != NULL)
		value = pg_conninfo_by_service(service, keyword);
	free(service);
	PQconninfoFree(options);
	return (value);
}
