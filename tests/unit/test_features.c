/* What weights see of a text, by the pack that is shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/features.h"
#include "text/reading_private.h"

#include "shipped.h"

struct seen {
	struct buf	 texts;		/* one a line */
	size_t		 count;
	size_t		 words;		/* of the text */
};

static void
see(void *arg, const struct feature *f)
{
	struct seen *seen = arg;
	size_t from = seen->texts.len;

	feature_text(f, &seen->texts);
	assert_true(f->hash == feature_hash(
	    (const char *)seen->texts.data + from, seen->texts.len - from));
	assert_true(f->word + f->words <= seen->words);
	buf_add(&seen->texts, "\n", 1);
	seen->count++;
}

static void
look_at(const char *text, struct seen *seen)
{
	struct reading reading;
	struct reader r;

	*seen = (struct seen){ .count = 0 };
	reader_begin(&r, &reading, content, text, LANG_UND);
	seen->words = r.folded.count;
	features_each(&r, see, seen);
	reader_end(&r);
	reading_clear(&reading);
	buf_str(&seen->texts);
}

static bool
has(const struct seen *seen, const char *feature)
{
	char *line = xasprintf("\n%s\n", feature);
	bool found = strstr((const char *)seen->texts.data, line) != NULL ||
	    strncmp((const char *)seen->texts.data, line + 1,
	    strlen(line + 1)) == 0;

	free(line);
	return (found);
}

static void
words_beginnings_and_pairs_are_features(void **state)
{
	struct seen seen;

	(void)state;
	look_at("Pendrekom, по глави", &seen);
	assert_true(has(&seen, "pendrekom"));
	assert_true(has(&seen, "^pendrekom"));
	assert_true(has(&seen, "pendr*"));
	assert_true(has(&seen, "*om"));
	assert_true(has(&seen, "po glavi"));
	assert_true(has(&seen, "pendr* po"));
	assert_false(has(&seen, "^po"));
	assert_false(has(&seen, "glavi*"));
	buf_clear(&seen.texts);
}

static void
numbers_and_places_are_classes(void **state)
{
	struct seen seen;

	(void)state;
	look_at("u Bujanovcu 2000 evra, 12345678 puta", &seen);
	assert_true(has(&seen, "@"));
	assert_true(has(&seen, "u @"));
	assert_true(has(&seen, "@ ####"));
	assert_true(has(&seen, "######"));
	assert_false(has(&seen, "bujanovcu"));
	assert_false(has(&seen, "bujan*"));
	assert_false(has(&seen, "2000"));
	buf_clear(&seen.texts);
}

static void
what_the_keyword_reader_found_is_a_feature(void **state)
{
	struct seen seen;

	(void)state;
	look_at("juce nema svetla u Vranju?", &seen);
	assert_true(has(&seen, "=category LIGHT"));
	assert_true(has(&seen, "=best LIGHT"));
	assert_true(has(&seen, "=place municipality"));
	assert_true(has(&seen, "=language sr-Latn"));
	assert_true(has(&seen, "=mark question"));
	assert_false(has(&seen, "=mark shouted"));
	assert_false(has(&seen, "=sign past"));
	buf_clear(&seen.texts);
}

static void
concepts_stand_alone_and_in_pairs(void **state)
{
	struct seen seen;

	(void)state;
	look_at("pandur mi slomio rebro", &seen);
	assert_true(has(&seen, "=police"));
	assert_true(has(&seen, "=wound"));
	assert_true(has(&seen, "=police =wound"));
	assert_false(has(&seen, "=wound =police"));
	buf_clear(&seen.texts);
}

static void
an_empty_text_has_few_and_an_endless_one_not_too_many(void **state)
{
	struct buf text = { 0 };
	struct seen seen;

	(void)state;
	look_at("", &seen);
	assert_true(seen.count < 10);
	buf_clear(&seen.texts);
	for (int i = 0; i < 20000; i++)
		buf_add_str(&text, "policija gori voda u Lebanu a1 ");
	look_at(buf_str(&text), &seen);
	assert_true(seen.count < 20 * FEATURES_WORDS_MAX);
	buf_clear(&seen.texts);
	buf_reset(&text);
	for (int i = 0; i < 20000; i++)
		buf_add_str(&text, "ab");
	look_at(buf_str(&text), &seen);
	assert_true(has(&seen, "ababa*"));
	assert_true(seen.texts.len < 1000);
	buf_clear(&seen.texts);
	buf_clear(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_beginnings_and_pairs_are_features),
		cmocka_unit_test(numbers_and_places_are_classes),
		cmocka_unit_test(what_the_keyword_reader_found_is_a_feature),
		cmocka_unit_test(concepts_stand_alone_and_in_pairs),
		cmocka_unit_test(
		    an_empty_text_has_few_and_an_endless_one_not_too_many),
	};

	return (cmocka_run_group_tests_name("features", tests, shipped_load,
	    shipped_unload));
}
