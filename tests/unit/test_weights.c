/* The table of weights, and what a reading makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/features.h"
#include "text/weights.h"

#include "shipped.h"

static json_t *pack;	/* the shipped one */

static int
load(void **state)
{
	(void)state;
	pack = shipped_pack();
	return (pack != NULL ? 0 : -1);
}

static int
unload(void **state)
{
	(void)state;
	json_decref(pack);
	return (0);
}

/* The shipped pack with these entries as its weights. */
static struct content *
content_with(const char *entries, unsigned int *problems)
{
	json_t *copy = json_copy(pack), *list = json_loads(entries, 0, NULL);
	struct buf found = { 0 };
	struct content *c;

	assert_non_null(list);
	json_object_set_new(copy, "weights", json_pack("{s:s, s:o}", "note",
	    "", "entries", list));
	c = content_new(copy, &found);
	assert_non_null(c);
	*problems = 0;
	for (size_t i = 0; i < found.len; i++)
		*problems += found.data[i] == '\n';
	buf_clear(&found);
	return (c);
}

static const char small[] = "["
    "{\"class\": \"report WATER\", \"bias\": 0, \"features\": "
    "[\"cesma 60, =water 5\", \"suva cesma 40\"]},"
    "{\"class\": \"report ROAD\", \"bias\": 3, \"features\": "
    "[\"asfalt* 50\", \"cesma -20\"]},"
    "{\"class\": \"rights DV\", \"bias\": -40, \"features\": "
    "[\"kuca 90\"]},"
    "{\"class\": \"unclassified\", \"bias\": 20, \"features\": []},"
    "{\"class\": \"danger yes\", \"bias\": -30, \"features\": "
    "[\"krvi 90\"]},"
    "{\"class\": \"danger no\", \"bias\": 30, \"features\": []}]";

static int
value_of(const struct weights *w, const char *feature, uint8_t cls)
{
	struct weights_of of = weights_find(w, feature_hash(feature,
	    strlen(feature)));

	for (uint32_t i = 0; i < of.count; i++) {
		if (weights_at(w, of.first + i)->cls == cls)
			return (weights_at(w, of.first + i)->value);
	}
	return (0);
}

static void
each_feature_speaks_for_its_classes(void **state)
{
	unsigned int problems;
	struct content *c = content_with(small, &problems);
	const struct weights *w = c->weights;
	const struct weights_class *classes;
	size_t count;

	(void)state;
	assert_int_equal(problems, 0);
	classes = weights_classes(w, &count);
	assert_int_equal(count, 6);
	assert_int_equal(weights_count(w), 7);
	assert_int_equal(value_of(w, "cesma", 0), 60);
	assert_int_equal(value_of(w, "cesma", 1), -20);
	assert_int_equal(value_of(w, "suva cesma", 0), 40);
	assert_int_equal(value_of(w, "cesme", 0), 0);
	assert_int_equal(classes[1].bias, 3);
	assert_int_equal(classes[2].intent, INTENT_RIGHTS);
	content_free(c);
}

#define MANY 3000

/* More than the first tables have slots for; each speaks for two classes. */
static void
each_of_many_features_is_found_and_no_other(void **state)
{
	struct buf entries = { 0 };
	unsigned int problems;
	struct content *c;
	char word[16];

	(void)state;
	for (int cls = 0; cls < 2; cls++) {
		buf_printf(&entries, "%s{\"class\": \"%s\", \"bias\": 0, "
		    "\"features\": [\"", cls == 0 ? "[" : "\"]},",
		    cls == 0 ? "help" : "stop");
		for (int i = 0; i < MANY; i++)
			buf_printf(&entries, "%sw%d %d", i > 0 ? ", " : "", i,
			    i % 50 + 1 + cls);
	}
	buf_add_str(&entries, "\"]}]");
	c = content_with(buf_str(&entries), &problems);
	assert_int_equal(problems, 0);
	assert_int_equal(weights_count(c->weights), 2 * MANY);
	for (int i = 0; i < 2 * MANY; i++) {
		snprintf(word, sizeof word, "w%d", i);
		for (uint8_t cls = 0; cls < 2; cls++)
			assert_int_equal(value_of(c->weights, word, cls),
			    i < MANY ? i % 50 + 1 + cls : 0);
	}
	content_free(c);
	buf_clear(&entries);
}

static void
what_cannot_be_used_is_told_and_left_out(void **state)
{
	static const char *const wrong[] = {
		"[{\"class\": \"report NONE\", \"bias\": 0, "
		"\"features\": []}]",
		"[{\"class\": \"report\", \"bias\": 0, \"features\": []}]",
		"[{\"class\": \"danger maybe\", \"bias\": 0, "
		"\"features\": []}]",
		"[{\"class\": \"language tlh\", \"bias\": 0, "
		"\"features\": []}]",
		"[{\"class\": \"help\", \"bias\": 0, \"features\": [\"a\"]}]",
		"[{\"class\": \"help\", \"bias\": 0, "
		"\"features\": [\"a 0\"]}]",
		"[{\"class\": \"help\", \"bias\": 0, "
		"\"features\": [\"a 128\"]}]",
		"[{\"class\": \"help\", \"bias\": 0, "
		"\"features\": [\"a 1x\"]}]",
		"[{\"class\": \"help\", \"bias\": 0, \"features\": 7}]",
	};
	unsigned int problems;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct content *c = content_with(wrong[i], &problems);

		if (problems != 1)
			print_error("%s\n", wrong[i]);
		assert_int_equal(problems, 1);
		content_free(c);
	}
}

static void
read_with(const struct content *c, const char *text, struct reading *r)
{
	reading_make(r, c, text, LANG_UND);
	if (r->confidence < 0 || r->confidence > 100)
		print_error("%s: %d\n", text, r->confidence);
	assert_in_range(r->confidence, 0, 100);
}

static void
the_likeliest_is_read_and_the_words_that_spoke_are_named(void **state)
{
	unsigned int problems;
	struct content *c = content_with(small, &problems);
	struct reading r;

	(void)state;
	read_with(c, "suva cesma nedelju", &r);
	assert_int_equal(r.intent, INTENT_REPORT);
	assert_string_equal(r.code, "WATER");
	assert_string_equal(r.guess, "WATER");
	assert_string_equal(r.second, "ROAD");
	assert_int_equal(r.emergency, EMERGENCY_NONE);
	assert_non_null(strstr((const char *)r.trace.data,
	    "word 2 'cesma' speaks for WATER"));
	assert_non_null(strstr((const char *)r.trace.data, "'suva cesma'"));
	reading_clear(&r);
	read_with(c, "asfalt krvi asfaltiran", &r);
	assert_int_equal(r.emergency, EMERGENCY_EMERG);
	reading_clear(&r);
	content_free(c);
}

static void
a_category_that_is_not_sure_enough_is_left_open(void **state)
{
	static const char even[] = "["
	    "{\"class\": \"report WATER\", \"bias\": 1, \"features\": []},"
	    "{\"class\": \"report ROAD\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report LIGHT\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report DOGS\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report WASTE\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report THEFT\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report OTHER\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report MUNI\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report VIOL\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report TRAF\", \"bias\": 0, \"features\": []},"
	    "{\"class\": \"report FRAUD\", \"bias\": 0, \"features\": []}]";
	unsigned int problems;
	struct content *c = content_with(even, &problems);
	struct reading r;

	(void)state;
	read_with(c, "jedan dva tri cetiri pet", &r);
	assert_int_equal(r.intent, INTENT_REPORT);
	assert_string_equal(r.code, "");
	assert_string_equal(r.guess, "WATER");
	assert_true(*r.second != '\0');
	reading_clear(&r);
	content_free(c);
}

static void
without_weights_keywords_decide(void **state)
{
	unsigned int problems;
	struct content *c = content_with("[]", &problems);
	struct reading r;

	(void)state;
	assert_int_equal(problems, 0);
	assert_null(c->weights);
	read_with(c, "nema vode u Lebanu", &r);
	assert_string_equal(r.code, "WATER");
	assert_string_equal(r.guess, "WATER");
	reading_clear(&r);
	content_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_feature_speaks_for_its_classes),
		cmocka_unit_test(each_of_many_features_is_found_and_no_other),
		cmocka_unit_test(what_cannot_be_used_is_told_and_left_out),
		cmocka_unit_test(
		    the_likeliest_is_read_and_the_words_that_spoke_are_named),
		cmocka_unit_test(
		    a_category_that_is_not_sure_enough_is_left_open),
		cmocka_unit_test(without_weights_keywords_decide),
	};

	return (cmocka_run_group_tests_name("weights", tests, load, unload));
}
