/*
 * What was spent in a day: of the gateway and of each link, against their caps.
 * Runs in glasd, for database.c and link_cap.c; owns nothing.
 */
#include "glasd/spent.h"

int
spent_on(const struct spent *s, int64_t day)
{
	if (s->last.day == day)
		return (s->last.segments);
	return (s->before.day == day ? s->before.segments : 0);
}

void
spent_add(struct spent *s, int64_t day, int segments)
{
	int sum = spent_on(s, day) + segments;

	if (s->last.day != day)
		s->before = s->last;
	s->last = (struct spent_day){ .day = day,
		.segments = sum > 0 ? sum : 0 };
}
