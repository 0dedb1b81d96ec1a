/* The ladder of recovery of a link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "glasd/link_ladder.h"
#include "lib/clock.h"

static int64_t now_ms;

int64_t	 __wrap_clock_mono_ms(void);

int64_t
__wrap_clock_mono_ms(void)
{
	return (now_ms);
}

static void
fall(struct link_ladder *ladder, const char *state, const char *detail,
    bool busy)
{
	const struct link_fall fell = { .state = state, .detail = detail,
		.busy = busy, .up_ms = 1000 };

	now_ms += 60000;
	ladder_said(ladder, state, detail);
	ladder_fell(ladder, &fell);
}

/* What the next start is told, as one string. */
static const char *
told(struct link_ladder *ladder)
{
	static char words[80];
	json_t *settings = json_object(), *value;
	const char *key;

	ladder_settings(ladder, settings);
	words[0] = '\0';
	json_object_foreach (settings, key, value) {
		strcat(words, key);
		strcat(words, "=");
		strcat(words, json_string_value(value));
		strcat(words, " ");
	}
	json_decref(settings);
	return (words);
}

static void
what_is_missing_is_waited_for(void **state)
{
	static const char *const details[] = { "unplugged", "no-device",
		"no-modem-of-this-imei", "device-in-use", "no-sim",
		"pin-refused", "reset" };
	struct link_ladder ladder;

	(void)state;
	ladder_init(&ladder);
	for (int n = 0; n < 10; n++) {
		for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
			fall(&ladder, "down", details[i], true);
			assert_string_equal(told(&ladder), "");
		}
		fall(&ladder, "ready", "", false);
		assert_string_equal(told(&ladder), "");
	}
}

static void
the_third_hang_in_short_order_is_reset_and_each_further_one(void **state)
{
	struct link_ladder ladder;

	(void)state;
	now_ms = 0;
	ladder_init(&ladder);
	fall(&ladder, "ready", "", true);
	assert_string_equal(told(&ladder), "");
	fall(&ladder, "down", "no-answer", false);
	assert_string_equal(told(&ladder), "");
	fall(&ladder, "starting", "", true);
	assert_string_equal(told(&ladder), "reset=yes ");
	fall(&ladder, "down", "reset", true);
	assert_string_equal(told(&ladder), "");
	fall(&ladder, "down", "init-failed", true);
	assert_string_equal(told(&ladder), "reset=yes ");
	now_ms += 3600000;
	fall(&ladder, "ready", "", true);
	assert_string_equal(told(&ladder), "");
}

static void
a_text_that_kills_is_found_slot_by_slot(void **state)
{
	struct link_ladder ladder;

	(void)state;
	ladder_init(&ladder);
	fall(&ladder, "listing", "", true);
	assert_string_equal(told(&ladder), "one-by-one=yes ");
	fall(&ladder, "listing", "slot 17", true);
	assert_string_equal(told(&ladder), "one-by-one=yes raw-slot=17 ");
	/* It did not come as far as its store. */
	fall(&ladder, "down", "no-modem", false);
	assert_string_equal(told(&ladder), "one-by-one=yes raw-slot=17 ");
	ladder_said(&ladder, "listing", "raw");
	fall(&ladder, "listing", "raw", true);
	assert_string_equal(told(&ladder), "one-by-one=yes ");
	fall(&ladder, "listing", "slot 18", true);
	assert_string_equal(told(&ladder), "one-by-one=yes raw-slot=18 ");
	/* None of these was the modem's fault. */
	fall(&ladder, "listing", "slot 19", true);
	assert_string_equal(told(&ladder), "one-by-one=yes raw-slot=19 ");
	ladder_said(&ladder, "ready", "");
	assert_string_equal(told(&ladder), "");
}

static void
a_deaf_one_is_reset_and_deaf_until_it_hears(void **state)
{
	struct link_ladder ladder;

	(void)state;
	ladder_init(&ladder);
	fall(&ladder, "down", "deaf", false);
	assert_string_equal(told(&ladder), "reset=yes deaf=yes ");
	fall(&ladder, "down", "reset", false);
	assert_string_equal(told(&ladder), "deaf=yes ");
	ladder_said(&ladder, "ready", "deaf");
	assert_string_equal(told(&ladder), "deaf=yes ");
	ladder_said(&ladder, "ready", "");
	assert_string_equal(told(&ladder), "");
}

static void
the_wait_doubles_up_to_its_bound_and_begins_anew(void **state)
{
	const struct link_fall steady = { .state = "ready", .detail = "",
		.up_ms = 61000 };
	struct link_ladder ladder;

	(void)state;
	ladder_init(&ladder);
	assert_int_equal(ladder_wait(&ladder, 3000), 500);
	assert_int_equal(ladder_wait(&ladder, 3000), 1000);
	assert_int_equal(ladder_wait(&ladder, 3000), 2000);
	assert_int_equal(ladder_wait(&ladder, 3000), 3000);
	assert_int_equal(ladder_wait(&ladder, 3000), 3000);
	fall(&ladder, "ready", "", false);
	assert_int_equal(ladder_wait(&ladder, 3000), 3000);
	ladder_fell(&ladder, &steady);
	assert_int_equal(ladder_wait(&ladder, 3000), 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_waited_for),
		cmocka_unit_test(
		    the_third_hang_in_short_order_is_reset_and_each_further_one),
		cmocka_unit_test(a_text_that_kills_is_found_slot_by_slot),
		cmocka_unit_test(a_deaf_one_is_reset_and_deaf_until_it_hears),
		cmocka_unit_test(
		    the_wait_doubles_up_to_its_bound_and_begins_anew),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
