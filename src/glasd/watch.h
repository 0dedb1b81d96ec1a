/*
 * Looks each second at all parts of the gateway for what is wrong.
 */
#ifndef GLAS_WATCH_H
#define GLAS_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct alerts;
struct gateway;
struct link_view;
struct watch;

struct watch	*watch_new(struct gateway *);
void		 watch_free(struct watch *);

/* Looks now: who is answered next is told nothing that is over. */
void		 watch_look(struct watch *);
/* What it found last. */
struct alerts	*watch_alerts(struct watch *);

/* Pieces of what is set aside of the log, as it was seen last; whether the keys
 * are on the disk of the spool. */
size_t		 watch_set_aside(const struct watch *);
bool		 watch_keys_with_spool(const struct watch *);

/* watch_link.c: puts what is wrong with one link. */
void		 watch_link(struct alerts *, const struct link_view *);

#endif
