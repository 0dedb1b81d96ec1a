/*
 * How many replies a person gets: two token buckets, of an hour and of a day,
 * refilled by time. Runs in glasd, in memory; the levels are the citizen's, and
 * are stored with them.
 */
#include "glasd/mo_private.h"
#include "store/config.h"

#define HOUR_US (INT64_C(3600) * 1000000)

static double
mo_limits_level(double level, int per_period, int64_t passed, int64_t period)
{
	if (per_period == 0)
		return (1);
	if (passed > 0)
		level += (double)per_period * (double)passed / (double)period;
	return (level < per_period ? level : per_period);
}

/* Who reports for others writes more than others. */
static int
mo_limits_hour(const struct mo_citizen *c, const struct config *config)
{
	return (c->conv.helper ? config->limits.helper_replies_per_hour :
	    config->limits.replies_per_hour);
}

static int
mo_limits_day(const struct mo_citizen *c, const struct config *config)
{
	return (c->conv.helper ? config->limits.helper_replies_per_day :
	    config->limits.replies_per_day);
}

void
mo_limits_refill(struct mo_citizen *c, const struct config *config, int64_t now)
{
	int64_t passed = now - c->level_at;

	c->hour_level = mo_limits_level(c->hour_level, mo_limits_hour(c, config),
	    passed, HOUR_US);
	c->day_level = mo_limits_level(c->day_level, mo_limits_day(c, config),
	    passed, 24 * HOUR_US);
	c->level_at = now;
}

/* answer_make() answers danger once an hour at most. */
bool
mo_limits_spend(struct mo_citizen *c, const struct config *config, bool danger)
{
	bool left = c->hour_level >= 1 && c->day_level >= 1;

	if (!left && !danger)
		return (false);
	if (mo_limits_hour(c, config) != 0)
		c->hour_level -= c->hour_level >= 1 ? 1 : c->hour_level;
	if (mo_limits_day(c, config) != 0)
		c->day_level -= c->day_level >= 1 ? 1 : c->day_level;
	return (true);
}
