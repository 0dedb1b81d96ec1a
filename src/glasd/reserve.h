/*
 * References and ids reserved in the database beforehand, so that an answer
 * can name its report before that is stored.
 */
#ifndef GLAS_RESERVE_H
#define GLAS_RESERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all batches in flight together can need. */
#define RESERVE_ENOUGH		1000	/* references */
#define RESERVE_ENOUGH_IDS	4000	/* of each kind */

struct gateway;
struct reserve;

/* `file`: the stock is kept there for a start without the database; NULL: in
 * memory alone. */
struct reserve	*reserve_new(struct gateway *, const char *file);
void		 reserve_free(struct reserve *);
/* The log says that this was used: it is taken out of a stock from the file. */
void		 reserve_used(struct reserve *, const char *reference,
		    int64_t outbox);
/* The database is there: a stock that was drawn on is given up with its file,
 * before anything that was made from it can leave the log. */
void		 reserve_renew(struct reserve *);
/* Writes again what stands in its file. */
void		 reserve_keep(struct reserve *);
/* Fetches more when there is little; called when the database is up and after
 * each batch. */
void		 reserve_fill(struct reserve *);
/* Enough for the batches in flight and another. */
bool		 reserve_enough(const struct reserve *);

/* False when there is none. */
bool		 reserve_reference(struct reserve *, char reference[16]);
bool		 reserve_message(struct reserve *, int64_t *id);
bool		 reserve_outbox(struct reserve *, int64_t *id);
/* References left, for the status. */
size_t		 reserve_count(const struct reserve *);

#endif
