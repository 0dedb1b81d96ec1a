/*
 * Rows that glasd has made, in memory, and statements that insert them: what
 * bare_store and bare_http share. The file is what COPY TO gave, a line for
 * each text: the columns of a row of the first table, then those of the
 * second, and so on.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare_rows.h"

#define BARE_BYTEA	17	/* pg_type.dat */

struct bare bare;

void
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

void
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

void
bare_init(const char *conninfo, const char *file, char **tables, int count)
{
	if (count > BARE_TABLES)
		errx(1, "too many tables");
	bare.conn = PQconnectdb(conninfo);
	if (PQstatus(bare.conn) != CONNECTION_OK)
		errx(1, "%s", PQerrorMessage(bare.conn));
	for (int n = 0; n < count; n++) {
		bare.tables[bare.table_count].name = tables[n];
		bare_prepare(&bare.tables[bare.table_count++]);
	}
	bare_read(file);
	if (PQenterPipelineMode(bare.conn) == 0)
		errx(1, "%s", PQerrorMessage(bare.conn));
}
