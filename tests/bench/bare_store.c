/*
 * The least that a program does to store texts, to measure glasd against:
 * rows that glasd has made are inserted again, each with a statement of its
 * own, through libpq's pipeline. The rows are in memory when the clock starts.
 *
 * usage: bare_store CONNINFO FILE BATCH TABLE...
 *
 * FILE: what COPY TO gave, a line for each text: the columns of a row of the
 * first TABLE, then those of the second, and so on. BATCH texts are one
 * transaction. Prints texts and microseconds.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

#define BARE_TABLES	8
#define BARE_COLUMNS	128
#define BARE_BYTEA	17	/* pg_type.dat */
#define BARE_AHEAD	2	/* transactions in flight */

struct bare_table {
	const char	*name;
	int		 columns;
	int		 formats[BARE_COLUMNS];
};

/* One text: the values of all its rows. */
struct bare_text {
	const char	*values[BARE_COLUMNS];
	int		 lengths[BARE_COLUMNS];
};

static struct {
	PGconn		*conn;
	struct bare_table tables[BARE_TABLES];
	int		 table_count, columns;
	struct bare_text *texts;
	size_t		 text_count;
} bare;

static int64_t
bare_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

static void
bare_check(PGresult *res, ExecStatusType status)
{
	if (PQresultStatus(res) != status)
		errx(1, "%s", PQerrorMessage(bare.conn));
	PQclear(res);
}

/*
 * Tables.
 */

static void
bare_statement(const struct bare_table *t, char *to, size_t size)
{
	size_t len = (size_t)snprintf(to, size, "insert into %s values (",
	    t->name);

	for (int n = 0; n < t->columns; n++)
		len += (size_t)snprintf(to + len, size - len, "%s$%d",
		    n == 0 ? "" : ", ", n + 1);
	snprintf(to + len, size - len, ")");
}

static void
bare_prepare(struct bare_table *t)
{
	char statement[2048];
	PGresult *res;

	snprintf(statement, sizeof statement, "select * from %s limit 0",
	    t->name);
	res = PQexec(bare.conn, statement);
	t->columns = PQnfields(res);
	if (bare.columns + t->columns > BARE_COLUMNS)
		errx(1, "%s: too many columns", t->name);
	bare_check(res, PGRES_TUPLES_OK);
	bare_statement(t, statement, sizeof statement);
	bare_check(PQprepare(bare.conn, t->name, statement, 0, NULL),
	    PGRES_COMMAND_OK);
	res = PQdescribePrepared(bare.conn, t->name);
	for (int n = 0; n < t->columns; n++)
		t->formats[n] = PQparamtype(res, n) == BARE_BYTEA;
	bare_check(res, PGRES_COMMAND_OK);
	bare.columns += t->columns;
}

/*
 * Rows.
 */

static int
bare_digit(char c)
{
	return (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

/* `\\x4e6f` to octets, in place. */
static int
bare_octets(char *value)
{
	char *to = value, *from = value + 3;

	for (; from[0] != '\0'; from += 2)
		*to++ = (char)(bare_digit(from[0]) << 4 | bare_digit(from[1]));
	return ((int)(to - value));
}

static char
bare_escaped(char c)
{
	return (c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
}

/* What COPY has escaped, in place. */
static void
bare_unescape(char *value)
{
	char *to = value;

	for (const char *from = value; *from != '\0'; from++)
		*to++ = *from == '\\' ? bare_escaped(*++from) : *from;
	*to = '\0';
}

static void
bare_value(struct bare_text *text, int column, int format, char *value)
{
	if (strcmp(value, "\\N") == 0)
		return;
	text->values[column] = value;
	if (format == 1)
		text->lengths[column] = bare_octets(value);
	else
		bare_unescape(value);
}

static void
bare_read_line(struct bare_text *text, char *line)
{
	int column = 0;

	for (int n = 0; n < bare.table_count; n++) {
		for (int c = 0; c < bare.tables[n].columns; c++) {
			char *value = strsep(&line, "\t");

			if (value == NULL)
				errx(1, "a line has too few columns");
			bare_value(text, column++, bare.tables[n].formats[c],
			    value);
		}
	}
}

static void
bare_read(const char *file)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t room = 0, texts = 0;
	ssize_t len;

	if (f == NULL)
		err(1, "%s", file);
	while ((len = getline(&line, &room, f)) > 0) {
		line[len - 1] = '\0';
		if (bare.text_count == texts) {
			texts = texts * 2 + 1024;
			bare.texts = reallocarray(bare.texts, texts,
			    sizeof *bare.texts);
			if (bare.texts == NULL)
				err(1, "texts");
		}
		bare.texts[bare.text_count] = (struct bare_text){ 0 };
		bare_read_line(&bare.texts[bare.text_count++], line);
		line = NULL;	/* it holds the values */
		room = 0;
	}
	fclose(f);
}

/*
 * Storing.
 */

static void
bare_send(const struct bare_text *text)
{
	int column = 0;

	for (int n = 0; n < bare.table_count; n++) {
		const struct bare_table *t = &bare.tables[n];

		if (PQsendQueryPrepared(bare.conn, t->name, t->columns,
		    text->values + column, text->lengths + column, t->formats,
		    1) == 0)
			errx(1, "%s", PQerrorMessage(bare.conn));
		column += t->columns;
	}
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

	if (argc < 5 || argc > 4 + BARE_TABLES)
		errx(1, "usage: bare_store CONNINFO FILE BATCH TABLE...");
	bare.conn = PQconnectdb(argv[1]);
	if (PQstatus(bare.conn) != CONNECTION_OK)
		errx(1, "%s", PQerrorMessage(bare.conn));
	for (int n = 4; n < argc; n++) {
		bare.tables[bare.table_count].name = argv[n];
		bare_prepare(&bare.tables[bare.table_count++]);
	}
	bare_read(argv[2]);
	if (PQenterPipelineMode(bare.conn) == 0)
		errx(1, "%s", PQerrorMessage(bare.conn));
	began = bare_now();
	bare_store(strtoul(argv[3], NULL, 10));
	printf("%zu %lld\n", bare.text_count,
	    (long long)(bare_now() - began));
	PQfinish(bare.conn);
	return (0);
}
