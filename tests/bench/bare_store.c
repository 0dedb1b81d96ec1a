/*
 * The least that a program does to store texts, to measure glasd against:
 * rows that glasd has made are inserted again, each with a statement of its
 * own, through libpq's pipeline. The rows are in memory when the clock starts.
 *
 * usage: bare_store CONNINFO FILE BATCH TABLE...
 *
 * FILE: bare_rows.c. BATCH texts are one transaction. Prints texts and
 * microseconds.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bare_rows.h"

#define BARE_AHEAD	2	/* transactions in flight */

static int64_t
bare_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

/* Takes the results of one transaction. */
static void
bare_settle(void)
{
	PGresult *res;

	for (;;) {
		while ((res = PQgetResult(bare.conn)) == NULL)
			;
		if (PQresultStatus(res) == PGRES_PIPELINE_SYNC)
			break;
		bare_check(res, PGRES_COMMAND_OK);
	}
	PQclear(res);
}

static void
bare_store(size_t batch)
{
	int flying = 0;

	for (size_t n = 0; n < bare.text_count; n++) {
		bare_send(&bare.texts[n]);
		if ((n + 1) % batch != 0 && n + 1 != bare.text_count)
			continue;
		if (PQpipelineSync(bare.conn) == 0)
			errx(1, "%s", PQerrorMessage(bare.conn));
		if (++flying == BARE_AHEAD) {
			bare_settle();
			flying--;
		}
	}
	while (flying-- > 0)
		bare_settle();
}

int
main(int argc, char **argv)
{
	int64_t began;

	if (argc < 5)
		errx(1, "usage: bare_store CONNINFO FILE BATCH TABLE...");
	bare_init(argv[1], argv[2], argv + 4, argc - 4);
	began = bare_now();
	bare_store(strtoul(argv[3], NULL, 10));
	printf("%zu %lld\n", bare.text_count,
	    (long long)(bare_now() - began));
	PQfinish(bare.conn);
	return (0);
}
