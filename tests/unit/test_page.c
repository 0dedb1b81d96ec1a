/* The page of the operator and the metrics, from what glasd may tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "show/chart.h"
#include "show/html.h"
#include "show/metrics.h"
#include "show/page.h"
#include "show/status.h"

#define HOSTILE "\"'><script>alert(1)</script>&\\\n"
#define HOURS	720

static unsigned int
occurs(struct buf *b, const char *words)
{
	unsigned int n = 0;

	for (const char *p = strstr(buf_str(b), words); p != NULL;
	    p = strstr(p + 1, words))
		n++;
	return (n);
}

static void
assert_says(struct buf *b, const char *words)
{
	if (occurs(b, words) == 0)
		print_error("no '%s' in %s\n", words, buf_str(b));
	assert_int_not_equal(occurs(b, words), 0);
}

/*
 * Words and numbers.
 */

static void
numbers_are_written_for_people(void **state)
{
	static const struct {
		int64_t		 n;
		const char	*count, *octets;
	} cases[] = { { 0, "0", "0 octets" }, { 999, "999", "999 octets" },
		{ 1000, "1,000", "1000 octets" },
		{ 1024, "1,024", "1.0 KiB" },
		{ 1204567, "1,204,567", "1.1 MiB" },
		{ INT64_C(5) << 40, "5,497,558,138,880", "5.0 TiB" } };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_reset(&b);
		html_count(&b, cases[i].n);
		assert_string_equal(buf_str(&b), cases[i].count);
		buf_reset(&b);
		html_octets(&b, cases[i].n);
		assert_string_equal(buf_str(&b), cases[i].octets);
	}
	buf_reset(&b);
	html_count(&b, -1204);
	assert_string_equal(buf_str(&b), "\xe2\x88\x92" "1,204");
	buf_clear(&b);
}

static void
spans_are_told_in_the_unit_of_which_there_are_two(void **state)
{
	static const struct {
		int64_t		 s;
		const char	*words;
	} cases[] = { { -5, "0 s" }, { 119, "119 s" }, { 120, "2 min" },
		{ 7199, "119 min" }, { 7200, "2 h" }, { 172799, "47 h" },
		{ 172800, "2 days" } };
	char words[SHOW_TIME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		show_span(cases[i].s, words);
		assert_string_equal(words, cases[i].words);
	}
}

/*
 * The page.
 */

static json_t *
state_of(const char *words)
{
	return (json_pack("{s:s, s:s, s:s, s:s, s:s, s:s,"
	    " s:[{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i,"
	    " s:{s:i, s:s, s:i}}], s:[{s:s, s:s, s:s, s:s, s:s, s:s}]}",
	    "state", words, "gateway", words, "version", words,
	    "database", words, "started_at", words, "at",
	    "2026-11-28T12:00:00Z", "links", "name", words, "kind", words,
	    "state", words, "detail", words, "operator", words,
	    "last_seen_at", "2026-11-28T11:59:00Z", "balance", words,
	    "signal_dbm", -71, "sim_used", 3, "sim_size", 20,
	    "valid_days_left", 40, "credit",
	    "hundredths", 5, "currency", words, "days_left", 1, "alerts",
	    "name", words, "link", words, "since", "2026-11-28T09:00:00Z",
	    "text", words, "remedy", words, "gateway", words));
}

static void
whatever_is_told_runs_nothing(void **state)
{
	json_t *status = state_of(HOSTILE);
	const struct page_facts facts = { .status = status };
	struct buf b = { 0 };

	(void)state;
	assert_non_null(status);
	page_write(&b, &facts);
	assert_int_equal(occurs(&b, "<script"), 0);
	assert_int_equal(occurs(&b, "\"'"), 0);
	/* Each of them is there: state and gateway twice. */
	assert_int_equal(occurs(&b, "&quot;&#39;&gt;&lt;script&gt;"), 16);
	buf_clear(&b);
	json_decref(status);
}

static void
times_are_told_from_when_the_state_was(void **state)
{
	json_t *status = state_of("well");
	const struct page_facts facts = { .status = status, .age_s = 60,
		.silent = true };
	struct buf b = { 0 };

	(void)state;
	page_write(&b, &facts);
	assert_says(&b, ">2 min</time> ago");
	assert_says(&b, "for <time datetime=\"2026-11-28T09:00:00Z\"");
	assert_says(&b, ">3 h</time>");
	assert_says(&b, "What follows is 60 s old");
	assert_says(&b, "about 1 day left");
	assert_says(&b, "40 days more");
	buf_clear(&b);
	json_decref(status);
}

static void
a_gateway_that_never_told_is_down(void **state)
{
	const struct page_facts facts = { .silent = true };
	struct buf b = { 0 };

	(void)state;
	page_write(&b, &facts);
	assert_says(&b, "glasd does not answer");
	assert_says(&b, "<span class=\"state bad\">down</span>");
	assert_int_equal(occurs(&b, "What is wrong"), 0);
	buf_clear(&b);
}

static void
page_of(struct buf *b, json_t *status)
{
	const struct page_facts facts = { .status = status };

	buf_reset(b);
	page_write(b, &facts);
	json_decref(status);
}

static void
what_is_not_ready_yet_is_named(void **state)
{
	struct buf b = { 0 };

	(void)state;
	page_of(&b, json_pack("{s:s, s:[], s:[{s:s, s:s, s:b},"
	    " {s:s, s:s, s:b}, {s:s, s:s, s:s, s:b}]}", "state", "degraded",
	    "alerts", "links", "name", "mts", "state", "starting", "up", 0,
	    "name", "a1", "state", "ready", "up", 1,
	    "name", "page", "kind", "status", "state", "starting", "up", 0));
	assert_says(&b, "Nothing so far: mts is starting.");
	page_of(&b, json_pack("{s:s, s:[], s:[]}", "state", "well", "alerts",
	    "links"));
	assert_says(&b, "Nothing is.");
	buf_clear(&b);
}

static void
texts_that_are_not_taken_are_not_said_to_be(void **state)
{
	struct buf b = { 0 };

	(void)state;
	page_of(&b, json_pack("{s:s, s:s}", "state", "degraded", "database",
	    "away"));
	assert_says(&b, "Texts are taken and kept.");
	page_of(&b, json_pack("{s:s, s:s}", "state", "down", "database",
	    "away"));
	assert_int_equal(occurs(&b, "Texts are taken"), 0);
	assert_says(&b, "<span class=\"state bad\">down</span>");
	buf_clear(&b);
}

/* In which third of the meter: the last is red. */
static void
a_sim_that_is_full_is_worse_than_one_that_fills(void **state)
{
	static const char *const meters[] = {
		"low=\"14\" high=\"18\" optimum=\"0\" value=\"16\"",
		"low=\"14\" high=\"18\" optimum=\"0\" value=\"20\"" };
	struct buf b = { 0 };

	(void)state;
	for (int n = 0; n < 2; n++) {
		page_of(&b, json_pack("{s:[{s:i, s:i}]}", "links", "sim_used",
		    16 + 4 * n, "sim_size", 20));
		assert_says(&b, meters[n]);
	}
	buf_clear(&b);
}

/*
 * Charts.
 */

static json_t *
hours_of(const char *first, int offset_min)
{
	json_t *received = json_array(), *sent = json_array();

	for (int n = 0; n < HOURS; n++) {
		json_array_append_new(received, json_integer(0));
		json_array_append_new(sent, json_integer(0));
	}
	return (json_pack("{s:s, s:s, s:i, s:o, s:o}", "at",
	    "2026-11-28T12:34:00Z", "first", first, "offset_min", offset_min,
	    "received", received, "sent", sent));
}

static void
hours_set(json_t *hours, int hour, int received, int sent)
{
	json_array_set_new(json_object_get(hours, "received"), (size_t)hour,
	    json_integer(received));
	json_array_set_new(json_object_get(hours, "sent"), (size_t)hour,
	    json_integer(sent));
}

static void
hours_are_drawn_where_they_are(void **state)
{
	/* The last is from 12:00 UTC on, 13:00 in Serbia, on November 28. */
	json_t *hours = hours_of("2026-10-29T13:00:00Z", 60);
	struct buf b = { 0 };

	(void)state;
	hours_set(hours, HOURS - 1, 11, 7);
	hours_set(hours, HOURS - 14, 1200, 0);	/* 00:00: it is the same day */
	hours_set(hours, HOURS - 15, 1, 0);	/* 23:00 */
	chart_write(&b, hours);
	assert_says(&b, "Today 1,211 received, 7 sent; yesterday 1 received");
	assert_says(&b, "<title>13:00: 11 received, 7 sent</title>");
	assert_says(&b, "<title>14:00: 0 received, 0 sent</title>");
	assert_says(&b, "<title>Sat 28 Nov: 1,211 received, 7 sent</title>");
	assert_says(&b, "<title>Fri 30 Oct: 0 received, 0 sent</title>");
	assert_int_equal(occurs(&b, "class=\"tip\""), 24 + 30);
	/* Three hours of the day have a bar. */
	assert_int_equal(occurs(&b, "<rect class=\"in\""), 3);
	assert_says(&b, "<span>2,000</span><span>1,000</span><span>0</span>");
	assert_says(&b, "28 Nov 13:34");
	buf_clear(&b);
	json_decref(hours);
}

static void
an_axis_ends_at_a_round_number(void **state)
{
	static const struct {
		int		 most;
		const char	*axis;
	} cases[] = { { 0, "<span>2</span><span>1</span>" },
		{ 2, "<span>2</span><span>1</span>" },
		{ 3, "<span>4</span><span>2</span>" },
		{ 10, "<span>10</span><span>5</span>" },
		{ 11, "<span>20</span><span>10</span>" },
		{ 2147483647, "<span>4,000,000,000</span>" } };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *hours = hours_of("2026-10-29T13:00:00Z", 60);

		hours_set(hours, HOURS - 1, 0, cases[i].most);
		buf_reset(&b);
		chart_write(&b, hours);
		assert_says(&b, cases[i].axis);
		json_decref(hours);
	}
	buf_clear(&b);
}

static void
what_are_no_hours_is_not_drawn(void **state)
{
	json_t *hours = hours_of("2026-10-29T13:00:00Z", 60);
	struct buf b = { 0 };

	(void)state;
	chart_write(&b, NULL);
	json_array_append_new(json_object_get(hours, "sent"), json_null());
	chart_write(&b, hours);
	json_array_remove(json_object_get(hours, "sent"), HOURS);
	json_object_set_new(hours, "first", json_string("yesterday"));
	chart_write(&b, hours);
	json_object_set_new(hours, "first",
	    json_string("2026-10-29T13:00:00Z"));
	json_object_set_new(hours, "at", json_null());
	chart_write(&b, hours);
	assert_int_equal(occurs(&b, "Not counted yet"), 4);
	assert_int_equal(occurs(&b, "<svg"), 0);
	/* Numbers that are none are nothing. */
	json_object_set_new(hours, "at", json_string("2026-11-28T12:34:00Z"));
	json_array_set_new(json_object_get(hours, "sent"), 3,
	    json_string("many"));
	hours_set(hours, 4, -7, -7);
	chart_write(&b, hours);
	assert_int_equal(occurs(&b, "<svg"), 2);
	assert_int_equal(occurs(&b, "<rect class=\"in\""), 0);
	buf_clear(&b);
	json_decref(hours);
}

/*
 * Metrics.
 */

static void
labels_are_escaped(void **state)
{
	json_t *status = state_of(HOSTILE);
	struct buf b = { 0 };

	(void)state;
	metrics_write(&b, status);
	assert_says(&b, "glas_link_signal_dbm{link=\"\\\"'><script>"
	    "alert(1)</script>&\\\\\\n\"} -71\n");
	assert_says(&b, "glas_link_credit_lasts_seconds{link=");
	assert_says(&b, "} 86400\n");
	assert_int_equal(occurs(&b, "\n\n"), 0);
	buf_clear(&b);
	json_decref(status);
}

static void
silence_is_a_metric(void **state)
{
	struct buf b = { 0 };

	(void)state;
	metrics_write(&b, NULL);
	assert_string_equal(buf_str(&b), "# HELP glas_up Whether glasd "
	    "answers.\n# TYPE glas_up gauge\nglas_up 0\n");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_for_people),
		cmocka_unit_test(
		    spans_are_told_in_the_unit_of_which_there_are_two),
		cmocka_unit_test(whatever_is_told_runs_nothing),
		cmocka_unit_test(times_are_told_from_when_the_state_was),
		cmocka_unit_test(a_gateway_that_never_told_is_down),
		cmocka_unit_test(what_is_not_ready_yet_is_named),
		cmocka_unit_test(texts_that_are_not_taken_are_not_said_to_be),
		cmocka_unit_test(a_sim_that_is_full_is_worse_than_one_that_fills),
		cmocka_unit_test(hours_are_drawn_where_they_are),
		cmocka_unit_test(an_axis_ends_at_a_round_number),
		cmocka_unit_test(what_are_no_hours_is_not_drawn),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(silence_is_a_metric),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
