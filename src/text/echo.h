/*
 * Our own words, coming back: a machine at the other end answers us with what
 * we wrote, or is one of ours. Pure.
 */
#ifndef GLAS_ECHO_H
#define GLAS_ECHO_H

#include <stdbool.h>

struct content;
struct echo;
struct folded;

/* What the reply texts of a content sound like; it must outlive them. */
struct echo	*echo_new(struct content *);
void		 echo_free(struct echo *);
/* True when the whole text is one of them, or several one behind the other,
 * whatever stands in the place of a field, or a long beginning of one. Who
 * quotes us in a sentence of their own says more than we did: false. */
bool		 echo_is(const struct echo *, const struct folded *);

#endif
