/* Lines of JSON in and out of a buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/jsonl.h"

static void
lines_come_out_one_by_one_however_they_came_in(void **state)
{
	static const char line[] = "{\"n\":1}\n{\"n\":2}\r\n{\"n\":3}\n{\"n\":";
	struct buf in = { 0 };
	json_t *object;
	int got = 0;

	(void)state;
	assert_int_equal(jsonl_take(&in, &object), JSONL_NONE);
	for (size_t i = 0; i < sizeof line - 1; i++) {
		buf_add(&in, line + i, 1);
		if (jsonl_take(&in, &object) == JSONL_NONE) {
			assert_null(object);
			continue;
		}
		assert_int_equal(line[i], '\n');
		assert_int_equal(json_integer_value(
		    json_object_get(object, "n")), ++got);
		json_decref(object);
	}
	assert_int_equal(got, 3);
	assert_int_equal(in.len, 5);
	buf_clear(&in);
}

static void
what_is_no_object_is_bad_and_left_where_it_is(void **state)
{
	static const struct {
		const char	*line;
		size_t		 len;
	} bad[] = {
#define LINE(s) { s, sizeof s - 1 }
		LINE("\n"), LINE(" \n"), LINE("1\n"), LINE("[]\n"),
		LINE("null\n"), LINE("\"a\"\n"), LINE("{\n"), LINE("{}{}\n"),
		LINE("{} x\n"), LINE("{\"a\":1,\"a\":2}\n"),
		LINE("{\"a\":\"\xff\"}\n"), LINE("{\"a\":\"\xed\xa0\x80\"}\n"),
		LINE("{\"a\":\"\\ud800\"}\n"), LINE("{\"a\":\"\\u0000\"}\n"),
		LINE("{\"a\":\"\x01\"}\n"), LINE("{\"a\":\"\0\"}\n"),
		LINE("{}\0\n"), LINE("{'a':1}\n"), LINE("{\"a\":1e999}\n"),
		LINE("{\"a\":99999999999999999999}\n"),
#undef LINE
	};
	struct buf in = { 0 };
	json_t *object;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		buf_reset(&in);
		buf_add(&in, bad[i].line, bad[i].len);
		assert_int_equal(jsonl_take(&in, &object), JSONL_BAD);
		assert_null(object);
		assert_int_equal(in.len, bad[i].len);
		assert_memory_equal(in.data, bad[i].line, bad[i].len);
		assert_int_equal(jsonl_parse(bad[i].line, bad[i].len - 1,
		    &object), JSONL_BAD);
		assert_null(object);
	}
	buf_clear(&in);
}

/* {"a":"xxx"} of `len` octets. */
static void
add_line_of(struct buf *b, size_t len)
{
	buf_add_str(b, "{\"a\":\"");
	for (size_t i = 8; i < len; i++)
		buf_add_str(b, "x");
	buf_add_str(b, "\"}");
}

static void
a_line_is_bounded_with_and_without_its_end(void **state)
{
	struct buf in = { 0 };
	json_t *object;

	(void)state;
	add_line_of(&in, JSONL_MAX - 1);
	assert_int_equal(in.len, JSONL_MAX - 1);
	assert_int_equal(jsonl_take(&in, &object), JSONL_NONE);
	buf_add_str(&in, "\n");
	assert_int_equal(jsonl_take(&in, &object), JSONL_OBJECT);
	json_decref(object);
	assert_int_equal(in.len, 0);
	add_line_of(&in, JSONL_MAX);
	assert_int_equal(jsonl_take(&in, &object), JSONL_BAD);
	buf_add_str(&in, "\n");
	assert_int_equal(jsonl_take(&in, &object), JSONL_BAD);
	buf_clear(&in);
}

static void
deep_nesting_is_refused(void **state)
{
	struct buf in = { 0 };
	json_t *object;

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_add_str(&in, "{\"a\":");
	buf_add_str(&in, "\n");
	assert_int_equal(jsonl_take(&in, &object), JSONL_BAD);
	buf_clear(&in);
}

static void
what_is_added_can_be_taken(void **state)
{
	json_t *object = json_pack("{s:s, s:i}", "t", "mo\n\"\\č", "id", 7);
	struct buf b = { 0 };
	json_t *back;

	(void)state;
	assert_int_equal(jsonl_add(&b, object), 0);
	assert_int_equal(b.data[b.len - 1], '\n');
	assert_null(memchr(b.data, '\n', b.len - 1));
	assert_int_equal(jsonl_take(&b, &back), JSONL_OBJECT);
	assert_true(json_equal(object, back));
	json_decref(back);
	json_decref(object);
	buf_clear(&b);
}

static void
a_line_too_long_or_no_utf8_adds_nothing(void **state)
{
	json_t *object = json_object();
	struct buf text = { 0 }, b = { 0 };

	(void)state;
	buf_add_str(&b, "before");
	for (int i = 0; i < JSONL_MAX; i++)
		buf_add_str(&text, "x");
	json_object_set_new(object, "a", json_stringn((char *)text.data,
	    JSONL_MAX - 8));
	assert_int_equal(jsonl_add(&b, object), -1);
	assert_int_equal(b.len, 6);
	json_object_set_new(object, "a", json_stringn((char *)text.data,
	    JSONL_MAX - 9));
	assert_int_equal(jsonl_add(&b, object), 0);
	assert_int_equal(b.len, 6 + JSONL_MAX);
	b.len = 6;
	json_object_set_new(object, "a", json_stringn_nocheck("\xff", 1));
	assert_int_equal(jsonl_add(&b, object), -1);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "before", 6);
	json_decref(object);
	buf_clear(&text);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    lines_come_out_one_by_one_however_they_came_in),
		cmocka_unit_test(
		    what_is_no_object_is_bad_and_left_where_it_is),
		cmocka_unit_test(a_line_is_bounded_with_and_without_its_end),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(what_is_added_can_be_taken),
		cmocka_unit_test(a_line_too_long_or_no_utf8_adds_nothing),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
