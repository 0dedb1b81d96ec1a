/*
 * What one durable commit and one round trip cost on a database, the units in
 * which benchmarks tell latencies.
 *
 * usage: bare_commit CONNINFO COUNT
 *
 * Prints a line `commit MICROSECONDS` or `trip MICROSECONDS` for each of
 * COUNT, in turn. Works in a table of its own, which it drops.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

#define COMMIT_PAUSE_US	20000	/* as between texts of load_link */

static int64_t
commit_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

static void
commit_do(PGconn *conn, PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		errx(1, "%s", PQerrorMessage(conn));
	PQclear(res);
}

static void
commit_time(PGconn *conn, const char *what, const char *prepared)
{
	int64_t began;

	usleep(COMMIT_PAUSE_US);
	began = commit_now();
	commit_do(conn, PQexecPrepared(conn, prepared, 0, NULL, NULL, NULL,
	    0));
	printf("%s %lld\n", what, (long long)(commit_now() - began));
}

int
main(int argc, char **argv)
{
	PGconn *conn;

	if (argc != 3)
		errx(1, "usage: bare_commit CONNINFO COUNT");
	conn = PQconnectdb(argv[1]);
	if (PQstatus(conn) != CONNECTION_OK)
		errx(1, "%s", PQerrorMessage(conn));
	commit_do(conn, PQexec(conn, "create table public.bare_commit (at "
	    "timestamptz primary key default clock_timestamp())"));
	commit_do(conn, PQprepare(conn, "commit",
	    "insert into public.bare_commit default values", 0, NULL));
	commit_do(conn, PQprepare(conn, "trip", "select 1", 0, NULL));
	for (long n = strtol(argv[2], NULL, 10); n > 0; n--) {
		commit_time(conn, "commit", "commit");
		commit_time(conn, "trip", "trip");
	}
	commit_do(conn, PQexec(conn, "drop table public.bare_commit"));
	PQfinish(conn);
	return (0);
}
