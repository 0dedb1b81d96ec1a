/* The state of the gateway in one JSON object, for glasctl status. */
#ifndef GLAS_STATUS_H
#define GLAS_STATUS_H

#include <jansson.h>

struct gateway;

/* {state, gateway, links, spool, texts, outbox, database, alerts}; the caller
 * decrefs. `state` is well, degraded or down. */
json_t	*status_make(struct gateway *);

#endif
