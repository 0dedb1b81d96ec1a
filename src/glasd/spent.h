/*
 * Segments that were spent in a day of UTC, as in glas_data.spend. Pure.
 */
#ifndef GLAS_SPENT_H
#define GLAS_SPENT_H

#include <stdint.h>

#define SPENT_DAY_US (INT64_C(86400) * 1000000) /* a day is a time by that */

/* All zeros: nothing. The day before the last is kept for a clock that is set
 * back: nobody may spend that one twice. */
struct spent {
	struct spent_day {
		int64_t	 day;
		int	 segments;
	}		 last, before;
};

int		 spent_on(const struct spent *, int64_t day);
/* Below zero what is taken back, which may have been spent on another day. */
void		 spent_add(struct spent *, int64_t day, int segments);

#endif
