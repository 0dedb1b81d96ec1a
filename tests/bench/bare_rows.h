/*
 * Rows to insert, for the programs that Glas is measured against.
 */
#ifndef GLAS_BARE_ROWS_H
#define GLAS_BARE_ROWS_H

#include <stddef.h>

#include <libpq-fe.h>

#define BARE_TABLES	8
#define BARE_COLUMNS	128

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

struct bare {
	PGconn		*conn;
	struct bare_table tables[BARE_TABLES];
	int		 table_count, columns;
	struct bare_text *texts;
	size_t		 text_count;
};

extern struct bare bare;

/* Connects, prepares a statement for each table, reads the rows, and enters
 * pipeline mode; ends the program where it cannot. */
void	 bare_init(const char *conninfo, const char *file, char **tables,
	    int count);
/* Queues the statements of one text. */
void	 bare_send(const struct bare_text *);
void	 bare_check(PGresult *, ExecStatusType);

#endif
