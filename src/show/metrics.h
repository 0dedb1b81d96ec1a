/* The state of a gateway in the text format of Prometheus, 0.0.4. Pure. */
#ifndef GLAS_METRICS_H
#define GLAS_METRICS_H

#include <jansson.h>

struct buf;

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Appends it. NULL: glasd does not answer, and that is all there is to say. */
void	 metrics_write(struct buf *, const json_t *status);

#endif
