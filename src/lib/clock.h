/*
 * The only clocks. Test builds (configure --enable-test-clock) add the offset,
 * in seconds, that stands in the file named by GLAS_CLOCK_OFFSET; tests give
 * glas.now() in the database the same offset.
 */
#ifndef GLAS_CLOCK_H
#define GLAS_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Wall clock, microseconds since 1970-01-01 UTC. May jump. */
int64_t	 clock_wall_us(void);
/* Whether the kernel knows of somebody who keeps the wall clock right, such as
 * a client of NTP. */
bool	 clock_is_kept(void);
/* Never jumps, never goes back; starts anywhere. For time-outs. */
int64_t	 clock_mono_ms(void);
int64_t	 clock_mono_us(void);

/* A limit in milliseconds; test builds take another from the environment
 * variable of that name. */
int64_t	 clock_limit_ms(const char *name, int64_t ms);

/* RFC 3339 in UTC, "2026-11-23T20:37:00Z"; size >= 32. */
void	 clock_format(int64_t wall_us, char *buf, size_t size);
/* RFC 3339 with an offset or Z, fractions allowed; -1 if it is none. */
int	 clock_parse(const char *s, int64_t *wall_us, int *offset_min)
	    __attribute__((warn_unused_result));

#endif
