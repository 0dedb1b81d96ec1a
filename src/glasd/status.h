/* The state of the gateway, for glasctl and for whoever serves the page. */
#ifndef GLAS_STATUS_H
#define GLAS_STATUS_H

#include <jansson.h>

struct gateway;
struct link;

/* {state, gateway, links, spool, texts, outbox, database, alerts}; the caller
 * decrefs. `state` is well, degraded or down. */
json_t	*status_make(struct gateway *);

/* Tells a link all of it, and the texts by the hour, in pieces that fit a line
 * of the link protocol: that of the gateway, one a link, one an alert, the
 * end. What does not fit is left out. */
void	 status_tell(struct gateway *, struct link *);

#endif
