/*
 * The content in the database, as a pack: the one JSON object that pack.h
 * reads from and writes to a directory.
 */
#ifndef GLAS_STORE_CONTENT_H
#define GLAS_STORE_CONTENT_H

#include <jansson.h>

struct buf;
struct pg_client;

/* 1 when the database has content, 0 when not, -1 with the reason in
 * `problem`. */
int	 content_is_there(struct pg_client *, struct buf *problem)
	    __attribute__((warn_unused_result));

/* The pack, which the caller decrefs; NULL with the reason in `problem`. Asks
 * as the gateway may: needs no more rights than glas_gateway has. */
json_t	*content_fetch(struct pg_client *, struct buf *problem)
	    __attribute__((warn_unused_result));

/* Makes the content what the pack says, in one transaction; the gateways hear
 * of it. `changes` gets a line for each kind of row that changed, also for
 * none. -1 with the reason in `problem`: nothing changed then. */
int	 content_import(struct pg_client *, const json_t *pack,
	    struct buf *changes, struct buf *problem)
	    __attribute__((warn_unused_result));

#endif
