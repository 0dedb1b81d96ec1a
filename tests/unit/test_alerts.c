/* The list of alerts: since when, and what others are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "glasd/alerts.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

#define START_US (INT64_C(1795831200) * 1000000)	/* 2026-11-28T02:00Z */

static int64_t now_s;

int64_t	 __wrap_clock_mono_ms(void);
int64_t	 __wrap_clock_wall_us(void);

int64_t
__wrap_clock_mono_ms(void)
{
	return (7000000 + now_s * 1000);
}

int64_t
__wrap_clock_wall_us(void)
{
	return (START_US + now_s * 1000000);
}

/* A look that finds these, each a name with a link, up to -1. */
static void
look(struct alerts *a, ...)
{
	va_list ap;
	int alert;

	alerts_begin(a);
	va_start(ap, a);
	while ((alert = va_arg(ap, int)) != -1)
		alerts_put(a, (enum alert)alert, va_arg(ap, const char *),
		    "it is so", "do this");
	va_end(ap);
	alerts_end(a);
}

/* name/link/since, one behind another. */
static void
assert_array(json_t *array, const char *expected)
{
	struct buf told = { 0 };
	json_t *o;
	size_t n;

	json_array_foreach (array, n, o)
		buf_printf(&told, "%s%s/%s/%s", n != 0 ? " " : "",
		    json_string_value(json_object_get(o, "name")),
		    json_string_value(json_object_get(o, "link")),
		    json_string_value(json_object_get(o, "since")) + 11);
	assert_string_equal(buf_str(&told), expected);
	buf_clear(&told);
	json_decref(array);
}

static int
setup(void **state)
{
	now_s = 0;
	*state = alerts_new();
	return (0);
}

static int
teardown(void **state)
{
	alerts_free(*state);
	return (0);
}

static void
it_keeps_the_time_while_it_lasts(void **state)
{
	struct alerts *a = *state;

	assert_array(alerts_list(a), "");
	look(a, ALERT_SPOOL_GROWS, "", -1);
	now_s = 60;
	look(a, ALERT_SPOOL_GROWS, "", ALERT_LINK_DOWN, "mts", -1);
	now_s = 90;
	look(a, ALERT_LINK_DOWN, "a1", ALERT_SPOOL_GROWS, "",
	    ALERT_LINK_DOWN, "mts", -1);
	assert_array(alerts_list(a), "link-down/mts/02:01:00Z "
	    "link-down/a1/02:01:30Z spool-grows//02:00:00Z");
	look(a, ALERT_LINK_DOWN, "a1", -1);
	now_s = 120;
	look(a, ALERT_LINK_DOWN, "mts", ALERT_LINK_DOWN, "a1", -1);
	assert_array(alerts_list(a), "link-down/a1/02:01:30Z "
	    "link-down/mts/02:02:00Z");
}

static void
what_it_says_is_the_newest(void **state)
{
	struct alerts *a = *state;
	json_t *list;

	look(a, ALERT_LINK_DOWN, "mts", -1);
	now_s = 5;
	alerts_begin(a);
	alerts_put(a, ALERT_LINK_DOWN, "mts", "no\x1b[1m \xff sim", "go");
	alerts_end(a);
	list = alerts_list(a);
	assert_string_equal(json_string_value(json_object_get(
	    json_array_get(list, 0), "text")), "no\\u{001B}[1m \xef\xbf\xbd sim");
	assert_string_equal(json_string_value(json_object_get(
	    json_array_get(list, 0), "remedy")), "go");
	assert_array(list, "link-down/mts/02:00:00Z");
}

static void
a_beginning_and_an_end_are_told_at_once(void **state)
{
	struct alerts *a = *state;

	assert_false(alerts_changed(a));
	look(a, ALERT_NO_LINK, "", -1);
	assert_true(alerts_changed(a));
	assert_false(alerts_changed(a));
	look(a, ALERT_NO_LINK, "", -1);
	assert_false(alerts_changed(a));
	look(a, -1);
	assert_true(alerts_changed(a));
	assert_array(alerts_list(a), "");
}

#define KNOWN "[{\"name\":\"link-down\",\"link\":\"mts\"," \
	"\"since\":\"2026-11-27T12:00:00Z\"}," \
	"{\"name\":\"spool-grows\",\"link\":\"\"," \
	"\"since\":\"2026-11-29T12:00:00Z\"}]"

static void
a_start_does_not_end_it(void **state)
{
	struct alerts *a = *state;

	now_s = 10;
	look(a, ALERT_LINK_DOWN, "mts", ALERT_SPOOL_GROWS, "", -1);
	alerts_recall(a, KNOWN);
	assert_array(alerts_list(a),
	    "link-down/mts/12:00:00Z spool-grows//02:00:10Z");
}

static void
also_when_it_is_found_later(void **state)
{
	struct alerts *a = *state;

	alerts_recall(a, KNOWN);
	now_s = 599;
	look(a, ALERT_LINK_DOWN, "mts", ALERT_LINK_DOWN, "a1", -1);
	assert_array(alerts_list(a),
	    "link-down/mts/12:00:00Z link-down/a1/02:09:59Z");
}

static void
but_not_for_ever(void **state)
{
	struct alerts *a = *state;

	alerts_recall(a, KNOWN);
	now_s = 600;
	look(a, ALERT_LINK_DOWN, "mts", -1);
	assert_array(alerts_list(a), "link-down/mts/02:10:00Z");
}

/* What the database has by then is what this process told it. */
static void
only_the_first_connection_counts(void **state)
{
	struct alerts *a = *state;

	alerts_recall(a, "[]");
	look(a, ALERT_LINK_DOWN, "mts", -1);
	alerts_recall(a, KNOWN);
	assert_array(alerts_list(a), "link-down/mts/02:00:00Z");
}

static void
what_the_database_says_may_be_anything(void **state)
{
	static const char *const said[] = { "", "null", "{}", "[1,[],{}]",
		"[{\"name\":1,\"link\":\"mts\"}]", "[" };

	(void)state;
	for (size_t n = 0; n < sizeof said / sizeof said[0]; n++) {
		struct alerts *a = alerts_new();

		look(a, ALERT_LINK_DOWN, "mts", -1);
		alerts_recall(a, said[n]);
		alerts_others(a, said[n]);
		assert_array(alerts_own(a), "link-down/mts/02:00:00Z");
		json_decref(alerts_list(a));
		alerts_free(a);
	}
}

static void
what_the_database_found_is_among_them(void **state)
{
	struct alerts *a = *state;
	static const char rewound[] = "[{\"name\":\"quarantine\",\"link\":\"\","
	    "\"since\":\"2026-11-28T01:00:00Z\"},{\"name\":"
	    "\"database-rewound\",\"link\":\"\",\"since\":"
	    "\"2026-11-28T01:30:00Z\"}]";

	look(a, ALERT_DATABASE_REWOUND, "", ALERT_LINK_DOWN, "mts", -1);
	alerts_others(a, rewound);
	assert_array(alerts_list(a), "link-down/mts/02:00:00Z "
	    "database-rewound//02:00:00Z quarantine//01:00:00Z");
	/* It is not told what it knows. */
	assert_array(alerts_own(a), "link-down/mts/02:00:00Z");
	look(a, -1);
	assert_array(alerts_list(a), "quarantine//01:00:00Z "
	    "database-rewound//01:30:00Z");
	/* Two gateways may be lost. */
	alerts_others(a, "[{\"name\":\"gateway-lost\",\"link\":\"\","
	    "\"since\":\"2026-11-28T01:00:00Z\"},{\"name\":\"gateway-lost\","
	    "\"link\":\"\",\"since\":\"2026-11-28T01:30:00Z\"}]");
	assert_array(alerts_list(a),
	    "gateway-lost//01:00:00Z gateway-lost//01:30:00Z");
	alerts_others(a, rewound);
	/* What is no answer is no end of trouble. */
	alerts_others(a, "");
	assert_array(alerts_list(a), "quarantine//01:00:00Z "
	    "database-rewound//01:30:00Z");
	alerts_others(a, "[]");
	assert_array(alerts_list(a), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(it_keeps_the_time_while_it_lasts),
		TEST(what_it_says_is_the_newest),
		TEST(a_beginning_and_an_end_are_told_at_once),
		TEST(a_start_does_not_end_it),
		TEST(also_when_it_is_found_later),
		TEST(but_not_for_ever),
		TEST(only_the_first_connection_counts),
		TEST(what_the_database_says_may_be_anything),
		TEST(what_the_database_found_is_among_them),
	};

	log_init("test_alerts", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
