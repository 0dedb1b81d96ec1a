/*
 * A day that stands in a text in digits. Pure.
 */
#ifndef GLAS_DAY_H
#define GLAS_DAY_H

#include <stdbool.h>

/* At *at, which moves behind it: 31.12.2026, 31. 12. 26, 31/12/2026, 31-12-2026
 * or 2026-12-31. `day` is counted from 1970-01-01. */
bool		 day_read(const char **at, int *day)
		    __attribute__((warn_unused_result));

#endif
