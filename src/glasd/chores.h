/*
 * What the database does by itself when it is told to: that takes as long as it
 * takes, and no text waits for it.
 */
#ifndef GLAS_CHORES_H
#define GLAS_CHORES_H

#include <jansson.h>

struct chores;
struct gateway;

struct chores	*chores_new(struct gateway *);
void		 chores_free(struct chores *);
void		 chores_start(struct chores *);
/* The gateway's own connection is well: what is due is begun. Each second. */
void		 chores_tick(struct chores *);
/* It is lost: so is this one, perhaps without knowing it. */
void		 chores_drop(struct chores *);

/* The texts by the hour, as glas_gw.hours() told them last; NULL: not yet. */
json_t		*chores_hours(const struct chores *);

#endif
