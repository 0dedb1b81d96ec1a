/*
 * What is put aside because it could not be stored as a text: an item, sealed
 * under the key of replies, with its identity as associated data.
 */
#ifndef GLAS_QUARANTINE_H
#define GLAS_QUARANTINE_H

#include <stdint.h>

#include "store/record.h"

/* Appends the item, sealed. */
void	 quarantine_close(const struct seal_keys *, const struct item *,
	    struct buf *sealed);

/* Opens what stands in the row with that identity: the octets, which the item
 * leads into, are the caller's. NULL: sealed under other keys, forged, of
 * another row, or nothing that comes in. */
uint8_t	*quarantine_open(const struct seal_keys *, const struct buf *identity,
	    const struct buf *sealed, struct item *)
	    __attribute__((warn_unused_result));

#endif
