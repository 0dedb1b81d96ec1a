/*
 * A day that stands in a text in digits, and the day that people have. Pure.
 */
#ifndef GLAS_DAY_H
#define GLAS_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* At *at, which moves behind it: 31.12.2026, 31. 12. 26, 31/12/2026, 31-12-2026
 * or 2026-12-31. `day` is counted from 1970-01-01. */
bool		 day_read(const char **at, int *day)
		    __attribute__((warn_unused_result));

/* What clocks in Serbia show at a moment, in microseconds of a 1970 of theirs:
 * as `at time zone 'Europe/Belgrade'` in sql. */
int64_t		 day_local_us(int64_t wall_us);

#endif
