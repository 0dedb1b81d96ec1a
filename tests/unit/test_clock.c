/* Times as text, and the clocks. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"

#define SECOND INT64_C(1000000)

static void
times_with_a_zone_are_read(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 seconds;
		int		 offset_min;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0, 0 },
		{ "2026-11-23T20:37:00Z", 1795466220, 0 },
		{ "2026-11-23t20:37:00z", 1795466220, 0 },
		{ "2026-11-23 20:37:00Z", 1795466220, 0 },
		{ "2026-11-23T21:37:00+01:00", 1795466220, 60 },
		{ "2026-11-23T22:37:00+02:00", 1795466220, 120 },
		{ "2026-11-23T14:52:00-05:45", 1795466220, -345 },
		{ "2026-11-23T20:37:00.5Z", 1795466220, 0 },
		{ "2026-11-23T21:37:00.123456789+01:00", 1795466220, 60 },
		{ "2024-02-29T00:00:00Z", 1709164800, 0 },
		{ "2000-02-29T23:59:59Z", 951868799, 0 },
		{ "2016-12-31T23:59:60Z", 1483228800, 0 },
		{ "2038-01-19T03:14:08Z", INT64_C(2147483648), 0 },
		{ "9999-12-31T23:59:59Z", INT64_C(253402300799), 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t us = -1;
		int offset = -1;

		assert_int_equal(clock_parse(cases[i].text, &us, &offset), 0);
		assert_int_equal(us, cases[i].seconds * SECOND);
		assert_int_equal(offset, cases[i].offset_min);
	}
}

static void
what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "now", "2026-11-23", "2026-11-23T20:37:00",
		"2026-11-23T20:37Z", "2026-11-23T20:37:00 Z",
		"2026-11-23T20:37:00+0100", "2026-11-23T20:37:00+1:00",
		"2026-11-23T20:37:00+24:00", "2026-11-23T20:37:00+01:60",
		"2026-11-23T20:37:00+ 1:00", "2026-11-23T20:37:00+-1:00",
		"2026-11-23T20:37:00Zx", "2026-11-23T20:37:00.Z",
		"2026-11-23T20:37:00+01:00x", "2026-11-23T20:37:00*01:00",
		" 2026-11-23T20:37:00Z", "+2026-11-23T20:37:00Z",
		"2026-1-23T20:37:00Z", "2026-11-3T20:37:00Z",
		"2026-11-23T2:37:00Z", "2026- 1-23T20:37:00Z",
		"2026-+1-23T20:37:00Z", "20261-11-23T20:37:00Z",
		"2026-00-23T20:37:00Z", "2026-13-23T20:37:00Z",
		"2026-11-00T20:37:00Z", "2026-11-31T20:37:00Z",
		"2026-02-29T20:37:00Z", "2100-02-29T20:37:00Z",
		"2026-11-23T24:00:00Z", "2026-11-23T20:60:00Z",
		"2026-11-23T20:37:61Z", "1969-12-31T23:59:59Z",
		"2026-11-23_20:37:00Z", "2026/11/23T20:37:00Z",
	};
	int64_t us;
	int offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(clock_parse(bad[i], &us, &offset), -1);
}

static void
times_are_written_in_utc_and_come_back(void **state)
{
	int64_t us = 0, back;
	char text[32];
	int offset;

	(void)state;
	setenv("TZ", "Europe/Belgrade", 1);
	tzset();
	clock_format(1795466220 * SECOND + 999999, text, sizeof text);
	assert_string_equal(text, "2026-11-23T20:37:00Z");
	for (; us < INT64_C(250000000000) * SECOND; us += 86399 * 997 * SECOND) {
		clock_format(us, text, sizeof text);
		assert_int_equal(clock_parse(text, &back, &offset), 0);
		assert_int_equal(back, us);
		assert_int_equal(offset, 0);
	}
}

static void
a_time_beyond_all_years_is_written_as_the_first(void **state)
{
	char text[32];

	(void)state;
	clock_format(INT64_MAX, text, 21);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
}

static void
the_monotonic_clock_goes_on(void **state)
{
	int64_t before = clock_mono_us(), ms = clock_mono_ms();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_mono_us();

		assert_true(now >= before);
		before = now;
	}
	assert_true(clock_mono_ms() >= ms);
}

static void
the_wall_clock_follows_the_offset_in_test_builds_alone(void **state)
{
	char path[] = "/tmp/glas-clock.XXXXXX";
	int fd = mkstemp(path);
	int64_t ahead;

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(dprintf(fd, "86400\n"), 6);
	close(fd);
	setenv("GLAS_CLOCK_OFFSET", path, 1);
	ahead = clock_wall_us() - (int64_t)time(NULL) * SECOND;
	unlink(path);
#ifdef GLAS_TEST_CLOCK
	assert_in_range(ahead, 86390 * SECOND, 86410 * SECOND);
#else
	assert_true(ahead > -10 * SECOND && ahead < 10 * SECOND);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_wall_clock_follows_the_offset_in_test_builds_alone),
		cmocka_unit_test(times_with_a_zone_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(times_are_written_in_utc_and_come_back),
		cmocka_unit_test(
		    a_time_beyond_all_years_is_written_as_the_first),
		cmocka_unit_test(the_monotonic_clock_goes_on),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
