/*
 * A telephone with the program SMSsync, as it brings texts and asks for some.
 */
#ifndef GLAS_WEB_SMSSYNC_H
#define GLAS_WEB_SMSSYNC_H

#include <jansson.h>

struct evhttp_request;

/* In glas.links, while nothing was heard of the telephone. */
#define SMSSYNC_AWAY	"phone-away"

void	 smssync_take(struct evhttp_request *, const json_t *fields);
/* A text from glasd; it waits until the telephone asks. */
void	 smssync_submit(const json_t *msg);

#endif
