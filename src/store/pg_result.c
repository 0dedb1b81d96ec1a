/*
 * Reading results. Runs in glasd and glasctl; called by whoever sent a
 * statement. A row or column that is not there is a bug: libpq answers with a
 * warning and null, and null reads as "", 0 or false.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "store/pg_private.h"

#define PG_LOST "08006" /* connection_failure */

bool
pg_result_well(const PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	return (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

void
pg_no_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

bool
pg_ok(const struct pg_result *r)
{
	return (pg_result_well(r->res));
}

const char *
pg_sqlstate(const struct pg_result *r)
{
	const char *state;

	if (r->sqlstate != NULL)
		return (r->sqlstate);
	if (pg_ok(r))
		return ("");
	/* What libpq itself says ("server closed the connection") has none. */
	state = PQresultErrorField(r->res, PG_DIAG_SQLSTATE);
	return (state != NULL ? state : PG_LOST);
}

const char *
pg_error(const struct pg_result *r)
{
	const char *primary;

	if (pg_ok(r))
		return ("");
	primary = PQresultErrorField(r->res, PG_DIAG_MESSAGE_PRIMARY);
	return (primary != NULL ? primary : "the connection was lost");
}

bool
pg_passes(const char *sqlstate)
{
	/* Connection, only reads, resources, a lock, an operator's hand. */
	static const char *const classes[] = { "08", "25", "53", "55", "57" };

	for (size_t n = 0; n < sizeof classes / sizeof classes[0]; n++) {
		if (strncmp(sqlstate, classes[n], 2) == 0)
			return (true);
	}
	return (false);
}

int
pg_rows(const struct pg_result *r)
{
	return (PQntuples(r->res));
}

bool
pg_null(const struct pg_result *r, int row, int column)
{
	return (PQgetisnull(r->res, row, column) != 0);
}

const char *
pg_text(const struct pg_result *r, int row, int column)
{
	const char *value = PQgetvalue(r->res, row, column);

	return (value != NULL ? value : "");
}

int64_t
pg_int(const struct pg_result *r, int row, int column)
{
	return (strtoll(pg_text(r, row, column), NULL, 10));
}

double
pg_float(const struct pg_result *r, int row, int column)
{
	return (strtod(pg_text(r, row, column), NULL));
}

bool
pg_bool(const struct pg_result *r, int row, int column)
{
	return (pg_text(r, row, column)[0] == 't');
}

/* "2026-11-23 20:37:00.25+00": RFC 3339 but for the zone, whose minutes are
 * left out when they are 0, and the fraction, which clock_parse() drops. */
static int64_t
pg_time_iso(const char *s)
{
	const char *dot = strchr(s, '.');
	char text[64];
	int64_t us;
	int offset_min;
	size_t len = strlen(s);

	if (len < 4 || len > sizeof text - 4)
		return (0);
	memcpy(text, s, len + 1);
	if (text[len - 3] == '+' || text[len - 3] == '-')
		memcpy(text + len, ":00", 4);
	if (clock_parse(text, &us, &offset_min) == -1)
		return (0);
	if (dot != NULL)
		us += (int64_t)(strtod(dot, NULL) * 1e6 + 0.5);
	return (us);
}

int64_t
pg_time(const struct pg_result *r, int row, int column)
{
	const char *s = pg_text(r, row, column);
	double seconds;

	if (strchr(s, ':') != NULL)
		return (pg_time_iso(s));
	seconds = strtod(s, NULL);
	/* "infinity" is a timestamp too. */
	if (!(seconds >= 0 && seconds < 1e12))
		return (0);
	return ((int64_t)(seconds * 1e6 + 0.5));
}

void
pg_bytes(const struct pg_result *r, int row, int column, struct buf *out)
{
	unsigned char *octets;
	size_t len;

	if (pg_null(r, row, column))
		return;
	octets = PQunescapeBytea(
	    (const unsigned char *)pg_text(r, row, column), &len);
	if (octets == NULL)
		return;
	buf_add(out, octets, len);
	PQfreemem(octets);
}

void
pg_result_free(struct pg_result *r)
{
	if (r == NULL)
		return;
	PQclear(r->res);
	free(r);
}
