/* Why a text was refused, and what became of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "sms/cause.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static void
each_cause_asks_for_what_helps(void **state)
{
	static const struct {
		int			 cms;
		enum cause_class	 class;
	} cases[] = {
		{ 1, CAUSE_RECIPIENT }, { 30, CAUSE_RECIPIENT },
		{ 195, CAUSE_RECIPIENT }, { 196, CAUSE_RECIPIENT },
		{ 8, CAUSE_CREDIT }, { 10, CAUSE_CREDIT },
		{ 21, CAUSE_CREDIT }, { 29, CAUSE_CREDIT },
		{ 50, CAUSE_CREDIT }, { 193, CAUSE_CREDIT },
		{ 22, CAUSE_TRY_AGAIN }, { 38, CAUSE_TRY_AGAIN },
		{ 41, CAUSE_TRY_AGAIN }, { 42, CAUSE_TRY_AGAIN },
		{ 47, CAUSE_TRY_AGAIN }, { 192, CAUSE_TRY_AGAIN },
		{ 194, CAUSE_TRY_AGAIN }, { 331, CAUSE_TRY_AGAIN },
		{ 332, CAUSE_TRY_AGAIN }, { 500, CAUSE_TRY_AGAIN },
		{ 69, CAUSE_SIM }, { 208, CAUSE_SIM }, { 300, CAUSE_SIM },
		{ 310, CAUSE_SIM }, { 311, CAUSE_SIM }, { 313, CAUSE_SIM },
		{ 315, CAUSE_SIM }, { 322, CAUSE_SIM }, { 330, CAUSE_SIM },
		{ 81, CAUSE_MESSAGE }, { 96, CAUSE_MESSAGE },
		{ 144, CAUSE_MESSAGE }, { 197, CAUSE_MESSAGE },
		{ 304, CAUSE_MESSAGE }, { 230, CAUSE_MESSAGE },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_int_equal(cause_of_cms(cases[i].cms), cases[i].class);
}

static void
a_cause_that_nobody_names_is_tried_again(void **state)
{
	static const int unnamed[] = {
		INT_MIN, -1, 0, 2, 100, 131, 260, 299, 350, 499, 501, 511,
		512, 520, 532, 533, 10000, INT_MAX,
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(unnamed); i++)
		assert_int_equal(cause_of_cms(unnamed[i]), CAUSE_TRY_AGAIN);
}

static void
each_cause_has_short_words(void **state)
{
	(void)state;
	for (int cms = -2; cms < 600; cms++) {
		const char *words = cause_words(cms);

		assert_in_range(strlen(words), 4, 40);
		for (; *words != '\0'; words++)
			assert_true(isprint((unsigned char)*words));
	}
	assert_string_equal(cause_words(331), "no network");
	assert_string_equal(cause_words(9999), "unknown cause");
}

static void
a_status_report_says_delivered_pending_or_failed(void **state)
{
	(void)state;
	for (int status = -5; status < 300; status++) {
		enum report_outcome wanted = REPORT_FAILED;

		if (status >= 0 && status < 32)
			wanted = REPORT_DELIVERED;
		else if (status < 64 || status > 255)
			wanted = REPORT_PENDING;
		assert_int_equal(cause_of_status(status), wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cause_asks_for_what_helps),
		cmocka_unit_test(a_cause_that_nobody_names_is_tried_again),
		cmocka_unit_test(each_cause_has_short_words),
		cmocka_unit_test(
		    a_status_report_says_delivered_pending_or_failed),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
