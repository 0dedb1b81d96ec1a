/* Tests of src/glasd/spent.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "glasd/spent.h"

static void
each_day_has_its_own(void **state)
{
	struct spent s = { 0 };

	(void)state;
	assert_int_equal(spent_on(&s, 20000), 0);
	spent_add(&s, 20000, 3);
	spent_add(&s, 20000, 2);
	assert_int_equal(spent_on(&s, 20000), 5);
	assert_int_equal(spent_on(&s, 20001), 0);
	/* Of yesterday. */
	spent_add(&s, 20001, -2);
	assert_int_equal(spent_on(&s, 20001), 0);
}

static void
a_clock_that_is_set_back_spends_no_day_twice(void **state)
{
	struct spent s = { 0 };

	(void)state;
	spent_add(&s, 20000, 2);
	spent_add(&s, 20001, 1);
	assert_int_equal(spent_on(&s, 20000), 2);
	spent_add(&s, 20000, 1);
	assert_int_equal(spent_on(&s, 20000), 3);
	assert_int_equal(spent_on(&s, 20001), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_day_has_its_own),
		cmocka_unit_test(a_clock_that_is_set_back_spends_no_day_twice),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
