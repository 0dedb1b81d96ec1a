/* Which numbers can be references. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "text/reference.h"

static bool
sound(const char *digits)
{
	return (reference_sound(digits, strlen(digits)));
}

static void
the_last_digit_is_that_of_luhn(void **state)
{
	char digits[] = "12345?";
	int good = 0;

	(void)state;
	for (char d = '0'; d <= '9'; d++) {
		digits[5] = d;
		good += sound(digits);
	}
	assert_int_equal(good, 1);
	assert_true(sound("123455"));
	assert_true(sound("79927398713"));
}

static void
an_imei_ends_with_one_too(void **state)
{
	(void)state;
	assert_true(reference_luhn("356938035643809", 15));
	assert_true(reference_luhn("012345678901237", 15));
	assert_false(reference_luhn("356938035643808", 15));
	assert_false(reference_luhn("356983035643809", 15));
}

static void
two_digits_that_changed_places_are_noticed(void **state)
{
	(void)state;
	assert_true(sound("123455"));
	assert_false(sound("213455"));
	assert_false(sound("132455"));
	assert_false(sound("124355"));
	assert_false(sound("123545"));
}

static void
what_is_too_short_too_long_or_begins_with_zero_is_none(void **state)
{
	(void)state;
	assert_false(sound(""));
	assert_false(sound("12344"));
	assert_false(sound("012344"));
	assert_false(sound("000000"));
	assert_false(sound("1000000000000008"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_digit_is_that_of_luhn),
		cmocka_unit_test(an_imei_ends_with_one_too),
		cmocka_unit_test(two_digits_that_changed_places_are_noticed),
		cmocka_unit_test(
		    what_is_too_short_too_long_or_begins_with_zero_is_none),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
