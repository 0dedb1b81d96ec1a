/*
 * Records of the log that were read, in order, until the database has all that is
 * in them.
 */
#ifndef GLAS_JOURNAL_RING_H
#define GLAS_JOURNAL_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record; `number` ascends in the ring. */
struct journal_record {
	uint64_t	number;
	unsigned int	open;	/* items that are not done */
};

/* Zeroed memory is an empty one. */
struct journal_ring {
	struct journal_record	*at;
	size_t			 head, count, room;
};

void	 ring_clear(struct journal_ring *);
/* Forgets all records. */
void	 ring_reset(struct journal_ring *);
/* Adds a record that has no items yet. */
void	 ring_push(struct journal_ring *, uint64_t number);
/* One more item of it, which must be there, is open. */
void	 ring_open(struct journal_ring *, uint64_t number);
/* One of it is done. A record that is not there is passed over. */
void	 ring_done(struct journal_ring *, uint64_t number);
/* Forgets those at the beginning of which nothing is open. The number of the last
 * of them, or `before`. */
uint64_t ring_advance(struct journal_ring *, uint64_t before);
bool	 ring_is_empty(const struct journal_ring *);

#endif
