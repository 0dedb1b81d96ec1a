/*
 * What is masked and what stays: a corpus of texts as people write them, and
 * what must hold for each. Beside it the marks, and who is asked for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "shipped.h"
#include "text/content.h"
#include "text/mask.h"

#define LEAST 200	/* texts that must go, and that must stay */

static char *
masked(const char *text)
{
	struct mask mask = { .open = content_open_numbers(content) };
	char *out = mask_copy(text, &mask);

	mask_clear(&mask);
	return (out);
}

/* Line feeds in the corpus are written "\n". */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++, to++) {
		*to = *s;
		if (s[0] == '\\' && s[1] == 'n') {
			*to = '\n';
			s++;
		}
	}
	*to = '\0';
}

/* lang, text, and what becomes of it. */
static int
check_line(char *line, unsigned int at, bool goes)
{
	char *text = strchr(line, '\t'), *want, *got, *again;
	int wrong = 0;

	assert_non_null(text);
	*text++ = '\0';
	want = goes ? strchr(text, '\t') : NULL;
	if (want != NULL)
		*want++ = '\0';
	unescape(text);
	if (want != NULL)
		unescape(want);
	got = masked(text);
	again = masked(got);
	if (strcmp(got, goes ? want : text) != 0) {
		print_error("line %u: %s\n\tbecomes %s\n", at, text, got);
		wrong = 1;
	}
	if (strcmp(got, again) != 0) {
		print_error("line %u: %s\n\tthen %s\n", at, got, again);
		wrong = 1;
	}
	free(got);
	free(again);
	return (wrong);
}

static void
check_file(const char *name, bool goes)
{
	char *path = shipped_path(name);
	FILE *f = fopen(path, "re");
	unsigned int at = 0, count = 0;
	char *line = NULL;
	size_t room = 0;
	int wrong = 0;

	assert_non_null(f);
	while (getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (at++ == 0)
			continue;
		wrong += check_line(line, at, goes);
		count++;
	}
	assert_int_equal(wrong, 0);
	assert_true(count >= LEAST);
	free(line);
	free(path);
	fclose(f);
}

static void
what_must_go_goes(void **state)
{
	(void)state;
	check_file("tests/corpus/mask_go.tsv", true);
}

static void
what_must_stay_stays(void **state)
{
	(void)state;
	check_file("tests/corpus/mask_stay.tsv", false);
}

/* Nothing of a number is left beside a word but its mark. */
static int
check_beside(const char *before, const char *behind)
{
	char *text = xasprintf("%s %s", before, behind), *got = masked(text);
	const char *p = got;
	int wrong = 0;

	while (*p != '\0') {
		size_t mark = mask_mark(p, strlen(p));

		wrong = wrong || (mark == 0 && *p >= '0' && *p <= '9');
		p += mark != 0 ? mark : 1;
	}
	if (wrong != 0)
		print_error("%s\n\tbecomes %s\n", text, got);
	free(text);
	free(got);
	return (wrong);
}

static int
check_words(char *line)
{
	static const char stops[] = "\t\n ,.;:!?()[]{}\"'/\\-+*=<>#&%_|~`^"
	    "0123456789";
	static const char *const numbers[] = { "064 123 4567",
		"064/123-4567", "64 1234567", "+381 17 421 123" };
	char *save = NULL;
	int wrong = 0;

	for (char *word = strtok_r(line, stops, &save); word != NULL;
	    word = strtok_r(NULL, stops, &save)) {
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
			wrong += check_beside(word, numbers[i]) +
			    check_beside(numbers[i], word);
	}
	return (wrong);
}

static void
a_number_goes_whatever_word_stands_beside_it(void **state)
{
	static const char *const names[] = { "names", "texts", "danger",
		"heldout", "mask_go", "mask_stay" };
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *name = xasprintf("tests/corpus/%s.tsv", names[i]);
		char *path = shipped_path(name), *line = NULL;
		FILE *f = fopen(path, "re");
		size_t room = 0;

		assert_non_null(f);
		while (getline(&line, &room, f) > 0)
			wrong += check_words(line);
		fclose(f);
		free(line);
		free(path);
		free(name);
	}
	assert_int_equal(wrong, 0);
}

static void
a_mask_knows_the_number_in_another_text(void **state)
{
	struct mask mask = { .open = NULL };
	char *a = mask_copy("064 123 4567 i 065/111-222", &mask);
	char *b = mask_copy("opet +381651112 22", &mask);

	(void)state;
	assert_string_equal(a, "[broj 1] i [broj 2]");
	assert_string_equal(b, "opet [broj 2]");
	free(a);
	free(b);
	mask_clear(&mask);
}

static void
a_part_of_a_number_is_known(void **state)
{
	struct mask mask = { .open = NULL };
	char *a = mask_copy("GLAS 064/123-4567", &mask);

	(void)state;
	assert_true(mask_hides(&mask, "064 123"));
	assert_true(mask_hides(&mask, "1234567"));
	assert_false(mask_hides(&mask, "123455"));
	assert_false(mask_hides(&mask, "064"));
	assert_false(mask_hides(&mask, "LIGHT"));
	assert_false(mask_hides(&mask, ""));
	free(a);
	mask_clear(&mask);
	assert_false(mask_hides(&mask, "1234567"));
}

static void
the_numbers_that_our_texts_tell_stay(void **state)
{
	struct mask all = { .open = NULL };
	char *closed = mask_copy("zvao sam 011 2068 100", &all);
	char *open = masked("zvao sam 011/2068-100 i 011 2068 101");

	(void)state;
	assert_string_equal(closed, "zvao sam [broj 1]");
	assert_string_equal(open, "zvao sam 011/2068-100 i [broj 1]");
	free(closed);
	free(open);
	mask_clear(&all);
}

static void
a_mark_is_told_from_what_looks_like_one(void **state)
{
	(void)state;
	assert_int_equal(mask_mark("[broj 1] x", 10), 8);
	assert_int_equal(mask_mark("[broj 12]", 9), 9);
	assert_int_equal(mask_mark("[JMBG]", 6), 6);
	assert_int_equal(mask_mark("[broj ]", 7), 0);
	assert_int_equal(mask_mark("[broj 1", 7), 0);
	assert_int_equal(mask_mark("[broj 0641234567]", 17), 0);
	assert_int_equal(mask_mark("[JMB", 4), 0);
	assert_int_equal(mask_mark("", 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_must_go_goes),
		cmocka_unit_test(what_must_stay_stays),
		cmocka_unit_test(a_number_goes_whatever_word_stands_beside_it),
		cmocka_unit_test(a_mask_knows_the_number_in_another_text),
		cmocka_unit_test(a_part_of_a_number_is_known),
		cmocka_unit_test(the_numbers_that_our_texts_tell_stay),
		cmocka_unit_test(a_mark_is_told_from_what_looks_like_one),
	};

	return (cmocka_run_group_tests(tests, shipped_load, shipped_unload));
}
