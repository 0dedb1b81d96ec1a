/*
 * The control socket of a running glasd, from the side of who asks.
 */
#ifndef GLAS_STORE_CONTROL_ASK_H
#define GLAS_STORE_CONTROL_ASK_H

#include <jansson.h>

struct buf;
struct config;

/* The longest path that a socket can have. */
#define CONTROL_PATH_MAX	107

/* A connection to who listens there, or -1 with errno: EAGAIN when somebody
 * does, and lets nobody in. */
int	 control_connect(const char *path)
	    __attribute__((warn_unused_result));

/* What the gateway that listens there answers; takes the request. NULL, with
 * the reason in `why`. The caller frees it. */
json_t	*control_ask(const struct config *, json_t *request, struct buf *why)
	    __attribute__((warn_unused_result));

#endif
