/*
 * Keys that are replaced while the gateway runs; the states are in
 * sql/code/77_rekey.sql.
 */
#ifndef GLAS_REKEY_H
#define GLAS_REKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "store/pg.h"

struct gateway;
struct item;
struct rekey;

struct rekey	*rekey_new(struct gateway *);
void		 rekey_free(struct rekey *);

/* The database wants other keys: reads the directory again. True: there are
 * others in it, and they are in use from now on. Only when no call is under
 * way. */
bool		 rekey_reload(struct gateway *);
/* Each second while the database answers: seals some of what is under the old
 * keys anew. */
void		 rekey_tick(struct rekey *);

/* Before anything else is asked about those that these items came from or go
 * to: who is there under the old token gets the new one. */
void		 rekey_met(struct gateway *, const struct item *const *items,
		    size_t count, pg_done, void *arg);

#endif
