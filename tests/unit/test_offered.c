/* Tests of src/glasd/offered.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "glasd/offered.h"

static void
identity_of(uint64_t n, uint8_t identity[SEAL_TOKEN_LEN])
{
	uint64_t spread = n * UINT64_C(0x9e3779b97f4a7c15);

	memset(identity, 0, SEAL_TOKEN_LEN);
	memcpy(identity, &spread, sizeof spread);
}

static void
what_was_noted_once_is_not_again(void **state)
{
	struct offered *o = offered_new();
	uint8_t identity[SEAL_TOKEN_LEN];

	(void)state;
	identity_of(1, identity);
	assert_false(offered_again(o, identity));
	offered_note(o, identity);
	assert_false(offered_again(o, identity));
	offered_note(o, identity);
	assert_true(offered_again(o, identity));
	offered_note(o, identity);
	assert_true(offered_again(o, identity));
	offered_free(o);
}

static void
what_was_told_is_known_whether_offered_or_not(void **state)
{
	struct offered *o = offered_new();
	uint8_t identity[SEAL_TOKEN_LEN];

	(void)state;
	for (uint64_t n = 1; n <= 3; n++) {
		identity_of(n, identity);
		assert_false(offered_told(o, identity));
		if (n != 1)
			offered_note(o, identity);
		if (n != 3)
			offered_tell(o, identity, true);
		assert_int_equal(offered_told(o, identity), n != 3);
		assert_false(offered_again(o, identity));
		offered_note(o, identity);
		assert_true(offered_again(o, identity));
		assert_int_equal(offered_told(o, identity), n != 3);
		assert_false(offered_untold(o, identity));
		offered_tell(o, identity, false);
		assert_false(offered_told(o, identity));
		assert_true(offered_untold(o, identity));
		assert_true(offered_again(o, identity));
	}
	offered_free(o);
}

static void
what_was_offered_under_other_keys_is_known_again(void **state)
{
	struct offered *o = offered_new();
	uint8_t before[SEAL_TOKEN_LEN], identity[SEAL_TOKEN_LEN];

	(void)state;
	for (uint64_t n = 1; n < 5; n++) {
		identity_of(2 * n, before);
		identity_of(2 * n + 1, identity);
		if (n != 1)
			offered_note(o, before);
		offered_tell(o, before, n == 3);
		offered_note(o, identity);
		offered_renew(o, before, identity);
		assert_int_equal(offered_again(o, identity), n != 1);
		assert_int_equal(offered_told(o, identity), n == 3);
	}
	offered_free(o);
}

static void
thousands_are_known_again(void **state)
{
	struct offered *o = offered_new();
	uint8_t identity[SEAL_TOKEN_LEN];

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		for (uint64_t n = 1; n <= 4000; n++) {
			identity_of(n, identity);
			assert_false(offered_again(o, identity));
			offered_note(o, identity);
		}
	}
	for (uint64_t n = 1; n <= 4000; n++) {
		identity_of(n, identity);
		assert_true(offered_again(o, identity));
	}
	offered_free(o);
}

static void
the_oldest_is_forgotten(void **state)
{
	struct offered *o = offered_new();
	uint8_t identity[SEAL_TOKEN_LEN];

	(void)state;
	for (uint64_t n = 1; n <= 500000; n++) {
		identity_of(n, identity);
		offered_note(o, identity);
	}
	identity_of(1, identity);
	offered_note(o, identity);
	assert_false(offered_again(o, identity));
	identity_of(499999, identity);
	offered_note(o, identity);
	assert_true(offered_again(o, identity));
	offered_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_noted_once_is_not_again),
		cmocka_unit_test(what_was_told_is_known_whether_offered_or_not),
		cmocka_unit_test(what_was_offered_under_other_keys_is_known_again),
		cmocka_unit_test(thousands_are_known_again),
		cmocka_unit_test(the_oldest_is_forgotten),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
