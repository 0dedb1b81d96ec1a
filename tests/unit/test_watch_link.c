/* What is wrong with a link, by what is seen of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "glasd/alerts.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/link_recent.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

static int64_t now_ms;

int64_t	 __wrap_clock_mono_ms(void);

int64_t
__wrap_clock_mono_ms(void)
{
	return (now_ms);
}

/* In its place link_credit.c would bring the links with it. */
char *
link_credit_words(const struct link_credit *credit)
{
	return (credit->known ? xstrdup("85.50 RSD") : NULL);
}

/* Today is 2024-10-04. */
int
link_credit_valid_left(const struct link_credit *credit)
{
	return (credit->valid_until - 20000);
}

static const struct link_credit no_credit = { .days_left = -1 };
static const struct link_view well = { .name = "mts", .kind = "modem",
	.state = "ready", .detail = "", .operator_name = "", .fell_last = "",
	.breach = "", .sandbox = true, .credit = &no_credit };

/* "name: text", one behind another. */
static void
assert_wrong(const struct link_view *v, const char *expected)
{
	struct alerts *a = alerts_new();
	struct buf told = { 0 };
	json_t *list, *o;
	size_t n;

	alerts_begin(a);
	watch_link(a, v);
	alerts_end(a);
	list = alerts_list(a);
	json_array_foreach (list, n, o) {
		assert_string_equal(json_string_value(json_object_get(o,
		    "link")), "mts");
		assert_true(json_string_length(json_object_get(o,
		    "remedy")) > 10);
		buf_printf(&told, "%s%s: %s", n != 0 ? "; " : "",
		    json_string_value(json_object_get(o, "name")),
		    json_string_value(json_object_get(o, "text")));
	}
	assert_string_equal(buf_str(&told), expected);
	buf_clear(&told);
	json_decref(list);
	alerts_free(a);
}

static void
assert_remedy(const char *said, const char *words)
{
	struct link_view v = well;
	struct alerts *a = alerts_new();
	json_t *list;

	v.state = "down";
	v.detail = said;
	alerts_begin(a);
	watch_link(a, &v);
	alerts_end(a);
	list = alerts_list(a);
	assert_non_null(strstr(json_string_value(json_object_get(
	    json_array_get(list, 0), "remedy")), words));
	json_decref(list);
	alerts_free(a);
}

static void
what_to_do_is_about_what_it_said(void **unused)
{
	(void)unused;
	assert_remedy("no-device", "put the modem in");
	assert_remedy("no-sim", "put a SIM in");
	assert_remedy("device-in-use", "ModemManager");
	assert_remedy("registration-denied", "activated, paid");
	assert_remedy("deaf", "antenna and network");
	assert_remedy("something else", "cable, SIM and antenna");
	assert_remedy("network-refuses", "whether the SIM may send");
	assert_remedy("peer-refuses", "send-success");
}

static void
state(const char *said, const char *detail, const char *expected)
{
	struct link_view v = well;

	v.state = said;
	v.detail = detail;
	assert_wrong(&v, expected);
}

static void
it_says_how_it_is(void **unused)
{
	(void)unused;
	state("ready", "", "");
	state("listing", "slot 3", "");
	state("down", "no-sim", "link-down: no-sim");
	state("down", "", "link-down: down");
	state("searching", "", "link-searching: searching");
	state("searching", "registration-denied",
	    "link-searching: registration-denied");
	state("paused", "deaf", "link-paused: nothing is sent by it");
	state("ready", "deaf", "link-trouble: deaf");
	state("ready", "unsandboxed", "");
}

static void
to_start_takes_two_minutes(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.state = "starting";
	v.starting_ms = 119999;
	assert_wrong(&v, "");
	v.starting_ms = 120000;
	assert_wrong(&v, "link-starting: it takes more than two minutes to "
	    "start");
}

/* Else each attempt would end it, and the next one begin it. */
static void
one_that_fell_and_starts_again_is_still_down(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.state = "starting";
	v.fell = v.fell_last = "unplugged";
	v.starting_ms = 500000;
	assert_wrong(&v, "link-down: unplugged");
}

static void
again_and_again_is_five_times(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.fell_last = "hangs";
	v.falls = 4;
	assert_wrong(&v, "");
	v.falls = 5;
	assert_wrong(&v, "link-restarts: it was ready and went down 5 times "
	    "within an hour, last: hangs");
}

static void
one_breach_is_enough(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.breaches = 1;
	v.breach = "originator";
	assert_wrong(&v, "link-violations: it broke the link protocol within "
	    "the last hour, last: originator");
}

static void
what_it_refuses_is_told(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.refused = 3;
	assert_wrong(&v, "");
	v.refusals = 1;
	v.refusal = "too long";
	assert_wrong(&v, "link-refuses: it refused what was brought to it "
	    "within the last hour, last: too long");
}

static void
things_that_run_out(void **unused)
{
	struct link_credit credit = { .known = true, .low = true,
		.days_left = 2, .unread = 2 };
	struct link_view v = well;

	(void)unused;
	v.sim_size = 30;
	v.sim_used = 20;
	assert_wrong(&v, "");
	v.sim_used = 21;
	assert_wrong(&v, "sim-nearly-full: 21 of the 30 slots of its SIM are "
	    "in use");
	v.sim_used = 0;
	v.credit = &credit;
	assert_wrong(&v, "credit-low: the credit is 85.50 RSD: about 2 days");
	credit.days_left = -1;
	assert_wrong(&v, "credit-low: the credit is 85.50 RSD");
	credit.low = false;
	credit.valid_unread = 2;
	assert_wrong(&v, "");
	credit.valid_unread = 3;
	assert_wrong(&v, "validity-unread: no day in its last answers about "
	    "how long its SIM is valid");
	credit.valid_unread = 0;
	credit.unread = 3;
	assert_wrong(&v, "credit-unread: no amount in its last answers about "
	    "the credit");
	credit.unread = 0;
	credit.unanswered = 2;
	assert_wrong(&v, "");
	credit.unanswered = 3;
	assert_wrong(&v, "credit-unread: its last questions about the credit "
	    "were not answered");
	v.credit = &no_credit;
	v.full = true;
	assert_wrong(&v, "daily-limit: the segments of the day of this link "
	    "are spent: its replies are held");
	v.sandbox = false;
	v.full = false;
	assert_wrong(&v, "link-unsandboxed: the link could not lock itself "
	    "in");
}

static void
a_sim_that_ends_soon(void **unused)
{
	struct link_credit credit = { .days_left = -1, .valid_until = 20014,
		.valid_days = 14 };
	struct link_view v = well;

	(void)unused;
	v.credit = &credit;
	assert_wrong(&v, "");
	credit.valid_until = 20013;
	assert_wrong(&v, "sim-expires: its SIM is valid until 2024-10-17: 13 "
	    "days");
	credit.valid_until = 20001;
	assert_wrong(&v, "sim-expires: its SIM is valid until 2024-10-05: 1 "
	    "day");
	credit.valid_until = 19999;
	assert_wrong(&v, "sim-expires: its SIM was valid until 2024-10-03");
}

static void
what_waits_is_stuck_after_a_quarter_of_an_hour(void **unused)
{
	struct link_view v = well;

	(void)unused;
	v.waiting = 3;
	v.still_ms = 899999;
	assert_wrong(&v, "");
	v.still_ms = 900000;
	assert_wrong(&v, "outbox-stuck: 3 texts wait for it, and none has "
	    "gone for a quarter of an hour");
}

static void
what_happened_is_remembered_for_an_hour(void **unused)
{
	struct link_recent recent = { .next = 0 };

	(void)unused;
	now_ms = 5000;
	assert_int_equal(link_recent_count(&recent), 0);
	link_recent_note(&recent);
	now_ms += 1800000;
	link_recent_note(&recent);
	assert_int_equal(link_recent_count(&recent), 2);
	now_ms += 1799999;
	assert_int_equal(link_recent_count(&recent), 2);
	now_ms += 1;
	assert_int_equal(link_recent_count(&recent), 1);
	for (int n = 0; n < 100; n++)
		link_recent_note(&recent);
	assert_int_equal(link_recent_count(&recent), LINK_RECENT_MAX);
	now_ms += 3600000;
	assert_int_equal(link_recent_count(&recent), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_how_it_is),
		cmocka_unit_test(what_to_do_is_about_what_it_said),
		cmocka_unit_test(to_start_takes_two_minutes),
		cmocka_unit_test(one_that_fell_and_starts_again_is_still_down),
		cmocka_unit_test(again_and_again_is_five_times),
		cmocka_unit_test(one_breach_is_enough),
		cmocka_unit_test(what_it_refuses_is_told),
		cmocka_unit_test(things_that_run_out),
		cmocka_unit_test(a_sim_that_ends_soon),
		cmocka_unit_test(
		    what_waits_is_stuck_after_a_quarter_of_an_hour),
		cmocka_unit_test(what_happened_is_remembered_for_an_hour),
	};

	log_init("test_watch_link", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
