/* Which day it is in Serbia. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "text/day.h"

static void
clocks_are_changed_on_the_last_sundays_of_march_and_october(void **state)
{
	static const struct {
		const char	*utc;
		const char	*local;
	} at[] = {
		{ "2026-12-09T23:30:00Z", "2026-12-10T00:30:00Z" },
		{ "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z" },
		{ "2027-01-01T12:00:00Z", "2027-01-01T13:00:00Z" },
		{ "2026-03-29T00:59:59Z", "2026-03-29T01:59:59Z" },
		{ "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z" },
		{ "2026-06-30T22:00:00Z", "2026-07-01T00:00:00Z" },
		{ "2026-10-25T00:59:59Z", "2026-10-25T02:59:59Z" },
		{ "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z" },
		{ "2024-03-31T01:00:00Z", "2024-03-31T03:00:00Z" },
		{ "2024-10-27T01:00:00Z", "2024-10-27T02:00:00Z" },
		{ "2028-03-26T01:00:00Z", "2028-03-26T03:00:00Z" },
		{ "2028-10-29T00:00:00Z", "2028-10-29T02:00:00Z" },
		{ "1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z" },
	};
	int64_t us;
	char local[32];
	int offset;

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		assert_int_equal(clock_parse(at[i].utc, &us, &offset), 0);
		clock_format(day_local_us(us), local, sizeof local);
		assert_string_equal(local, at[i].local);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    clocks_are_changed_on_the_last_sundays_of_march_and_october),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
