/*
 * The schema in the database: which version it has, and how it is brought up
 * to date from the files of a directory: roles.sql, migrations/NNNN_NAME.sql
 * (once each, forward only), code/NN_NAME.sql (every time).
 */
#ifndef GLAS_SCHEMA_H
#define GLAS_SCHEMA_H

struct buf;
struct pg_client;

/* The highest migration; a test compares it with the files. */
#define SCHEMA_VERSION 55

/* Makes what is missing and brings the rest up to date, under a lock; what
 * fails leaves the database as the last whole migration left it. Returns how
 * many migrations were applied, -1 with the reason in `problem`. A database
 * that is newer than this program is refused. */
int	 schema_migrate(struct pg_client *, const char *sql_dir,
	    struct buf *problem) __attribute__((warn_unused_result));

#endif
