/*
 * What is put aside because it could not be stored as a text: an item, and what
 * was answered to it all the same, sealed under the key of replies, with its
 * identity as associated data.
 */
#ifndef GLAS_QUARANTINE_H
#define GLAS_QUARANTINE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/record.h"

/* What was opened: the items lead into the octets. */
struct quarantine {
	struct buf	 octets;
	struct item	 item;
	const uint8_t	*answered;	/* where the items of that begin */
};

/* Appends the item, sealed, with the items of what was answered. */
void	 quarantine_close(const struct seal_keys *, const struct item *,
	    const struct buf *answered, struct buf *sealed);

/* Opens what stands in the row with that identity. -1: sealed under other keys,
 * forged, of another row, or nothing that comes in. */
int	 quarantine_open(const struct seal_keys *, const struct buf *identity,
	    const struct buf *sealed, struct quarantine *)
	    __attribute__((warn_unused_result));
/* The next item of what was answered; false when there is none. */
bool	 quarantine_answered(struct quarantine *, struct item *);
/* Wipes. */
void	 quarantine_clear(struct quarantine *);

#endif
