/*
 * Time. Runs in all programs; nothing else calls time(2) or its kin.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "lib/clock.h"

#ifdef GLAS_TEST_CLOCK
static int64_t
clock_offset_us(void)
{
	static const char *path;
	static int looked;
	char text[32] = "";
	FILE *f;

	if (!looked) {
		path = getenv("GLAS_CLOCK_OFFSET");
		looked = 1;
	}
	if (path == NULL || (f = fopen(path, "re")) == NULL)
		return (0);
	if (fgets(text, sizeof text, f) == NULL)
		text[0] = '\0';
	fclose(f);
	return (strtoll(text, NULL, 10) * 1000000);
}

int64_t
clock_limit_ms(const char *name, int64_t ms)
{
	const char *other = getenv(name);

	return (other != NULL ? strtoll(other, NULL, 10) : ms);
}
#else
static int64_t
clock_offset_us(void)
{
	return (0);
}

int64_t
clock_limit_ms(const char *name, int64_t ms)
{
	(void)name;
	return (ms);
}
#endif

bool
clock_is_kept(void)
{
	struct timex state = { 0 };
	int is = adjtimex(&state);

	return (is != -1 && is != TIME_ERROR &&
	    (state.status & STA_UNSYNC) == 0);
}

int64_t
clock_wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000 +
	    clock_offset_us());
}

int64_t
clock_mono_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

int64_t
clock_mono_ms(void)
{
	return (clock_mono_us() / 1000);
}

void
clock_format(int64_t wall_us, char *buf, size_t size)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(buf, size, "1970-01-01T00:00:00Z");
}

/* True when s begins like the form: 0 a digit, + a sign, T the letter or a
 * space, the rest itself. */
static bool
clock_has_form(const char *s, const char *form)
{
	const char *any;

	for (; *form != '\0'; s++, form++) {
		any = *form == '0' ? "0123456789" : *form == '+' ? "+-" :
		    *form == 'T' ? "Tt " : NULL;
		if (*s == '\0' || (any != NULL ? strchr(any, *s) == NULL :
		    *s != *form))
			return (false);
	}
	return (true);
}

/* Reads the zone at s: Z or +hh:mm or -hh:mm, and nothing after it. */
static int
clock_parse_zone(const char *s, int *offset_min)
{
	int h, m;

	*offset_min = 0;
	if ((s[0] == 'Z' || s[0] == 'z') && s[1] == '\0')
		return (0);
	if (!clock_has_form(s, "+00:00") || s[6] != '\0' ||
	    sscanf(s + 1, "%2d:%2d", &h, &m) != 2 || h > 23 || m > 59)
		return (-1);
	*offset_min = (h * 60 + m) * (s[0] == '-' ? -1 : 1);
	return (0);
}

static int
clock_month_days(int year, int month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month == 2)
		return (leap ? 29 : 28);
	return (month == 4 || month == 6 || month == 9 || month == 11 ? 30 :
	    31);
}

int
clock_parse(const char *s, int64_t *wall_us, int *offset_min)
{
	struct tm tm = { .tm_isdst = 0 };

	if (!clock_has_form(s, "0000-00-00T00:00:00") ||
	    sscanf(s, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d", &tm.tm_year,
	    &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec) != 6)
		return (-1);
	if (tm.tm_year < 1970 || tm.tm_mon < 1 || tm.tm_mon > 12 ||
	    tm.tm_mday < 1 ||
	    tm.tm_mday > clock_month_days(tm.tm_year, tm.tm_mon) ||
	    tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return (-1);
	s += strlen("0000-00-00T00:00:00");
	if (clock_has_form(s, ".0"))
		s += 1 + strspn(s + 1, "0123456789");
	if (clock_parse_zone(s, offset_min) == -1)
		return (-1);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*wall_us = ((int64_t)timegm(&tm) - (int64_t)*offset_min * 60) * 1000000;
	return (0);
}
