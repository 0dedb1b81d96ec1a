/*
 * Days in digits, used by credit.c, and which day it is, used by answer*.c and
 * form_date.c; pure. Where the year does not come first, the day does, as it is
 * written from Serbia to Bulgaria. What is no day of the calendar of this or the
 * next century is none.
 */
#include <string.h>

#include "text/day.h"

#define DAY_YEAR_MIN	2000
#define DAY_YEAR_MAX	2199
#define DAY_DIGITS_MAX	4
#define DAY_US		(INT64_C(86400) * 1000000)
#define DAY_HOUR_US	(INT64_C(3600) * 1000000)
#define DAY_YEAR_US	(INT64_C(31556952) * 1000000)	/* a mean one */

/* Three numbers with one kind of separator between them. */
struct day_numbers {
	int		 value[3];
	size_t		 digits[3];
};

static bool
day_number(const char **at, int *value, size_t *digits)
{
	*digits = strspn(*at, "0123456789");
	if (*digits == 0 || *digits > DAY_DIGITS_MAX)
		return (false);
	*value = 0;
	for (size_t n = 0; n < *digits; n++)
		*value = 10 * *value + *(*at)++ - '0';
	return (true);
}

static bool
day_numbers(const char **at, struct day_numbers *numbers)
{
	char separator = '\0';

	for (int n = 0; n < 3; n++) {
		if (n == 1)
			separator = **at;
		if (n != 0 && (separator == '\0' ||
		    strchr("./-", separator) == NULL ||
		    *(*at)++ != separator))
			return (false);
		if (n != 0 && separator == '.')
			*at += strspn(*at, " ");
		if (!day_number(at, &numbers->value[n], &numbers->digits[n]))
			return (false);
	}
	return (true);
}

static bool
day_is_leap(int year)
{
	return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static int
day_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	return (days[month - 1] + (month == 2 && day_is_leap(year)));
}

static bool
day_count(int year, int month, int mday, int *day)
{
	if (year < DAY_YEAR_MIN || year > DAY_YEAR_MAX || month < 1 ||
	    month > 12 || mday < 1 || mday > day_in_month(year, month))
		return (false);
	*day = mday - 1;
	while (--month > 0)
		*day += day_in_month(year, month);
	while (--year >= 1970)
		*day += day_is_leap(year) ? 366 : 365;
	return (true);
}

bool
day_read(const char **at, int *day)
{
	const char *p = *at;
	struct day_numbers n;
	bool sound;

	if (!day_numbers(&p, &n))
		return (false);
	if (n.digits[0] == 4)
		sound = n.digits[1] == 2 && n.digits[2] == 2 &&
		    day_count(n.value[0], n.value[1], n.value[2], day);
	else
		sound = n.digits[0] <= 2 && n.digits[1] <= 2 &&
		    (n.digits[2] == 4 || n.digits[2] == 2) &&
		    day_count(n.value[2] + (n.digits[2] == 2 ? 2000 : 0),
			n.value[1], n.value[0], day);
	if (sound)
		*at = p;
	return (sound);
}

/* The last Sunday of a month of 31 days, 1:00 UTC: clocks are changed. */
static int64_t
day_of_change(int year, int month)
{
	int day = 0;

	if (!day_count(year, month, 31, &day))
		return (0);
	/* 1970 began on a Thursday. */
	return ((day - (day + 4) % 7) * DAY_US + DAY_HOUR_US);
}

/* Directive 2000/84/EC, which Serbia follows. A mean year may be the wrong one
 * in the days about New Year, which are in no summer. */
static bool
day_is_in_summer(int64_t wall_us)
{
	int year = 1970 + (int)(wall_us / DAY_YEAR_US);

	return (wall_us >= day_of_change(year, 3) &&
	    wall_us < day_of_change(year, 10));
}

int64_t
day_local_us(int64_t wall_us)
{
	return (wall_us + (day_is_in_summer(wall_us) ? 2 : 1) * DAY_HOUR_US);
}
