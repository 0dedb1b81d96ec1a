/*
 * The gateway's connection to PostgreSQL: what happens when it comes, when it
 * goes, and what is told to it regularly.
 */
#ifndef GLAS_DATABASE_H
#define GLAS_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct database;
struct gateway;
struct pg_pipe;
struct pg_result;
struct reserve;

/* What is asked of the database all the time, and may fail by itself. */
enum database_work {
	DATABASE_TEXTS,		/* to store them */
	DATABASE_RESULTS,	/* of replies and reports */
	DATABASE_CLAIMS,	/* of replies that people wrote */
	DATABASE_WORKS
};

struct database	*database_new(struct gateway *);
void		 database_start(struct database *);
void		 database_free(struct database *);
/* Writes again what stands in the spool: it may be gone. */
void		 database_keep(struct database *);

/* Connected, greeted, what the log knows is told: batches may run. */
bool		 database_ready(const struct database *);
/* For two seconds no answer, or no connection, or only errors while texts
 * wait to be stored. */
bool		 database_away(const struct database *);
struct pg_pipe	*database_pipe(struct database *);
struct reserve	*database_reserve(struct database *);
/* The stock for answers while it is away. */
struct reserve	*database_reserve_away(struct database *);
/* What the log held when it came (back) is stored. */
bool		 database_caught_up(struct database *);
/* A call failed, for no fault of its contents: greets the database again when
 * it is not what it was. May call back everything that is outstanding. */
void		 database_failed(struct database *, enum database_work,
		    const struct pg_result *);
/* One did what it was to do. */
void		 database_worked(struct database *, enum database_work);
/* What is wrong in words; *sqlstate is "" when it is that no server answers.
 * NULL while all is well. */
const char	*database_trouble(const struct database *,
		    const char **sqlstate);
/* It answers, and is not one for this gateway: what is to be done is in the words
 * of its trouble. */
bool		 database_refused(const struct database *);
/* How far its clock is ahead of that of this machine, us; 0: as far as is known
 * it is not. */
int64_t		 database_ahead_us(const struct database *);
/* Another glasd lives under the name of this one, which stays away. */
bool		 database_name_taken(const struct database *);
/* "up", "connecting", "away", "refuses: why". */
const char	*database_words(const struct database *);
/* A link changed its state: tell the database soon. */
void		 database_links_changed(struct database *);
/* Segments handed to the network today, over all kinds of messages; adds. */
int		 database_spent(const struct database *);
/* Rows of danger that was told from the words alone become those of what was
 * said. */
void		 database_settle(struct database *);
void		 database_spend(struct database *, int segments);
/* The texts by the hour, as they were counted last; NULL: not yet. */
json_t		*database_hours(const struct database *);

#endif
