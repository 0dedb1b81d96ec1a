/*
 * Submitting: one segment at a time out of a queue.
 */
#ifndef GLAS_MODEM_SUBMIT_H
#define GLAS_MODEM_SUBMIT_H

#include <stdbool.h>

#include <jansson.h>

/* Queues a `submit`; takes a reference of its own. */
void	 submit_take(json_t *);
/* Submits the first one of the queue; true when there was one. */
bool	 submit_step(void);

#endif
