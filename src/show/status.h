/* What glasd says of its state, to be shown: glasctl status --json has it. Pure. */
#ifndef GLAS_SHOW_STATUS_H
#define GLAS_SHOW_STATUS_H

#include <stdint.h>

#include <jansson.h>

struct buf;

#define SHOW_TIME_MAX	32

/* A string of an object, "" when there is none; a number, 0. */
const char	*show_text(const json_t *object, const char *key);
long long	 show_number(const json_t *object, const char *key);
/* A time of an object in us; -1: there is none. */
int64_t		 show_time(const json_t *object, const char *key);

/* A span of seconds in the largest unit of which there are two: "3 h"; below
 * zero is 0. */
void		 show_span(int64_t seconds, char words[SHOW_TIME_MAX]);

/* What is not well and has no alert: "mts is starting, a1 is starting", of the
 * links that carry texts. */
void		 show_unready(struct buf *, const json_t *status);

#endif
