/* Learning weights from labelled texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/learn.h"

#include "shipped.h"

static json_t *pack;		/* the shipped one, without weights */
static struct content *untaught;

static struct content *
content_with(json_t *entries)
{
	struct buf problems = { 0 };
	struct content *c;

	json_object_set_new(pack, "weights", json_pack("{s:s, s:O}", "note",
	    "", "entries", entries));
	c = content_new(json_copy(pack), &problems);
	assert_non_null(c);
	assert_int_equal(problems.len, 0);
	return (c);
}

static int
load(void **state)
{
	json_t *none = json_array();

	(void)state;
	pack = shipped_pack();
	if (pack == NULL)
		return (-1);
	untaught = content_with(none);
	json_decref(none);
	return (0);
}

static int
unload(void **state)
{
	(void)state;
	content_free(untaught);
	json_decref(pack);
	return (0);
}

/* Words that no keyword knows. */
static const struct {
	const char	*text;
	enum intent	 intent;
	const char	*code;
	bool		 danger;
} lessons[] = {
	{ "brzak zvrkasto", INTENT_REPORT, "WATER", false },
	{ "opet zvrkasto danima", INTENT_REPORT, "WATER", false },
	{ "zvrkasto kod nas", INTENT_REPORT, "WATER", false },
	{ "plavkasto zvrkasto", INTENT_REPORT, "WATER", false },
	{ "mumlav gronj", INTENT_REPORT, "VIOL", true },
	{ "gronj na trgu", INTENT_REPORT, "VIOL", true },
	{ "opet gronj", INTENT_REPORT, "VIOL", true },
	{ "gronj kod nas", INTENT_REPORT, "VIOL", true },
	{ "bla truc", INTENT_UNCLASSIFIED, "", false },
	{ "truc truc", INTENT_UNCLASSIFIED, "", false },
	{ "na truc", INTENT_UNCLASSIFIED, "", false },
	{ "truc kod", INTENT_UNCLASSIFIED, "", false },
};

#define LESSONS (sizeof lessons / sizeof *lessons)

static struct learn *
taught(void)
{
	struct learn *l = learn_new(untaught);

	for (size_t round = 0; round < 5; round++) {
		for (size_t i = 0; i < LESSONS; i++) {
			const struct learn_text t = {
				.text = lessons[i].text,
				.labels = { { lessons[i].intent,
				    lessons[i].code } },
				.label_count = 1, .importance = 1,
				.danger = lessons[i].danger ? LEARN_DANGER :
				    LEARN_SAFE,
				.lang = LANG_SR_LATN };

			learn_add(l, &t);
		}
	}
	return (l);
}

static void
what_was_taught_is_read(void **state)
{
	struct learn *l = taught();
	json_t *entries = learn_weights(l, 0, 0);
	struct content *c = content_with(entries);
	struct reading r;

	(void)state;
	for (size_t i = 0; i < LESSONS; i++) {
		reading_make(&r, c, lessons[i].text, LANG_UND);
		assert_int_equal(r.intent, lessons[i].intent);
		if (r.intent == INTENT_REPORT)
			assert_string_equal(r.guess, lessons[i].code);
		assert_int_equal(r.emergency != EMERGENCY_NONE,
		    lessons[i].danger);
		reading_clear(&r);
	}
	reading_make(&r, c, "jutros zvrkasto", LANG_UND);
	assert_string_equal(r.guess, "WATER");
	reading_clear(&r);
	content_free(c);
	json_decref(entries);
	learn_free(l);
}

static void
the_same_lessons_give_the_same_weights(void **state)
{
	struct learn *a = taught(), *b = taught();
	json_t *x = learn_weights(a, 0, 0), *y = learn_weights(b, 0, 0);

	(void)state;
	assert_true(json_equal(x, y));
	json_decref(y);
	y = learn_weights(a, 0, 0);
	assert_true(json_equal(x, y));
	json_decref(x);
	json_decref(y);
	learn_free(a);
	learn_free(b);
}

static const json_t *
features_of(const json_t *entries, const char *cls)
{
	const json_t *e;
	size_t i;

	json_array_foreach(entries, i, e) {
		if (strcmp(json_string_value(json_object_get(e, "class")),
		    cls) == 0)
			return (json_object_get(e, "features"));
	}
	return (NULL);
}

static void
features_are_sorted_and_few(void **state)
{
	struct learn *l = taught();
	json_t *entries = learn_weights(l, 0, 0), *item;
	const json_t *list = features_of(entries, "report WATER");
	const char *before = "";
	size_t i;

	(void)state;
	assert_non_null(list);
	json_array_foreach(list, i, item) {
		assert_true(strcmp(before, json_string_value(item)) < 0);
		before = json_string_value(item);
	}
	assert_true(i > 0 && i < 40);
	json_decref(entries);
	learn_free(l);
}

static void
a_fold_is_not_learnt_from(void **state)
{
	struct learn *l = learn_new(untaught);
	struct learn_text t = { .label_count = 1, .importance = 1,
		.labels = { { INTENT_HELP, "" } }, .danger = LEARN_NOT_SAID };
	json_t *entries;
	char *text;

	(void)state;
	for (int i = 0; i < 40; i++) {
		text = xstrdup(i % 2 == 0 ? "zvrkasto" : "gronj");
		t.text = text;
		t.labels[0].intent = i % 2 == 0 ? INTENT_HELP : INTENT_STOP;
		learn_add(l, &t);
		free(text);
	}
	entries = learn_weights(l, 0, 0);
	text = json_dumps(entries, 0);
	assert_non_null(strstr(text, "zvrkasto"));
	free(text);
	json_decref(entries);
	entries = learn_weights(l, 0, 2);
	text = json_dumps(entries, 0);
	assert_null(strstr(text, "zvrkasto"));
	free(text);
	json_decref(entries);
	learn_free(l);
}

static void
nothing_is_learnt_from_nothing(void **state)
{
	struct learn *l = learn_new(untaught);
	json_t *entries = learn_weights(l, 0, 0);

	(void)state;
	assert_int_equal(json_array_size(entries), 0);
	json_decref(entries);
	learn_free(l);
	learn_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_taught_is_read),
		cmocka_unit_test(the_same_lessons_give_the_same_weights),
		cmocka_unit_test(features_are_sorted_and_few),
		cmocka_unit_test(a_fold_is_not_learnt_from),
		cmocka_unit_test(nothing_is_learnt_from_nothing),
	};

	return (cmocka_run_group_tests_name("learn", tests, load, unload));
}
