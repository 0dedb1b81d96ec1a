/*
 * The gateway's connection to PostgreSQL: what happens when it comes, when it
 * goes, and what is told to it regularly.
 */
#ifndef GLAS_DATABASE_H
#define GLAS_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

struct database;
struct gateway;
struct pg_pipe;
struct pg_result;
struct reserve;

struct database	*database_new(struct gateway *);
void		 database_start(struct database *);
void		 database_free(struct database *);

/* Connected, greeted, what the log knows is told: batches may run. */
bool		 database_ready(const struct database *);
/* No answer for two seconds, or no connection for as long. */
bool		 database_away(const struct database *);
struct pg_pipe	*database_pipe(struct database *);
struct reserve	*database_reserve(struct database *);
/* The stock for answers while it is away. */
struct reserve	*database_reserve_away(struct database *);
/* A call failed, for no fault of its contents: greets the database again when
 * it is not what it was. May call back everything that is outstanding. */
void		 database_failed(struct database *, const struct pg_result *);
/* "up", "connecting", "away", "refuses: why". */
const char	*database_words(const struct database *);
/* A link changed its state: tell the database soon. */
void		 database_links_changed(struct database *);
/* Segments handed to the network today, over all kinds of messages; adds. */
int		 database_spent(const struct database *);
void		 database_spend(struct database *, int segments);

#endif
