/*
 * What the service manager is told (sd_notify(3)): that glasd is ready, that
 * its loop turns, that it is stopping. Silent where nobody listens.
 */
#ifndef GLAS_SERVICE_H
#define GLAS_SERVICE_H

struct gateway;
struct service;

/* NULL when no service manager has asked to be told. */
struct service	*service_new(struct gateway *);
void		 service_free(struct service *);

void		 service_ready(struct service *);
void		 service_stopping(struct service *);
/* A pass of the loop is done: the watchdog is fed when it is due. A loop that
 * hangs in a pass feeds it no more, and glasd is started again. */
void		 service_turned(struct service *);

#endif
