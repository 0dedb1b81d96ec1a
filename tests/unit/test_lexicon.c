/* Patterns over folded words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "text/lexicon.h"

#define VALUES 32

struct found {
	unsigned int	 times[VALUES];
	size_t		 word[VALUES];
	size_t		 words[VALUES];
};

static void
remember(void *arg, uint32_t value, size_t word, size_t words)
{
	struct found *found = arg;

	assert_true(value < VALUES);
	found->times[value]++;
	found->word[value] = word;
	found->words[value] = words;
}

static void
match_all(const struct lexicon *x, const char *text, struct found *found)
{
	struct folded f;

	memset(found, 0, sizeof *found);
	fold_make(&f, text, strlen(text));
	for (size_t i = 0; i < f.count; i++)
		lexicon_match(x, &f, i, remember, found);
	fold_clear(&f);
}

static struct lexicon *
lexicon_of(const char *const *patterns, size_t n)
{
	struct lexicon *x = lexicon_new();

	for (size_t i = 0; i < n; i++)
		assert_int_equal(lexicon_add(x, patterns[i], (uint32_t)i), 0);
	lexicon_pack(x);
	return (x);
}

static void
words_match_whole_unless_they_have_a_star(void **state)
{
	static const char *const patterns[] = { "voda", "vod*" };
	struct lexicon *x = lexicon_of(patterns, 2);
	struct found found;

	(void)state;
	match_all(x, "vode", &found);
	assert_int_equal(found.times[0], 0);
	assert_int_equal(found.times[1], 1);
	match_all(x, "nema voda", &found);
	assert_int_equal(found.times[0], 1);
	assert_int_equal(found.word[0], 1);
	assert_int_equal(found.times[1], 1);
	match_all(x, "vod", &found);
	assert_int_equal(found.times[1], 1);
	match_all(x, "vo zavoda", &found);
	assert_int_equal(found.times[0] + found.times[1], 0);
	lexicon_free(x);
}

static void
phrases_match_words_side_by_side(void **state)
{
	static const char *const patterns[] = { "nema vode", "vojsk* njiv*",
		"vojsk*", "lezec* polic* na putu" };
	struct lexicon *x = lexicon_of(patterns, 4);
	struct found found;

	(void)state;
	match_all(x, "opet nema vode", &found);
	assert_int_equal(found.word[0], 1);
	assert_int_equal(found.words[0], 2);
	match_all(x, "nema vise vode", &found);
	assert_int_equal(found.times[0], 0);
	match_all(x, "vojska njive", &found);
	assert_int_equal(found.words[1], 2);
	assert_int_equal(found.words[2], 1);
	match_all(x, "lezeci policajac na putu", &found);
	assert_int_equal(found.words[3], 4);
	match_all(x, "nema", &found);
	assert_int_equal(found.times[0], 0);
	lexicon_free(x);
}

static void
one_pattern_may_have_several_values(void **state)
{
	struct lexicon *x = lexicon_new();
	struct found found;

	(void)state;
	assert_int_equal(lexicon_add(x, "rusce", 1), 0);
	assert_int_equal(lexicon_add(x, "rusce", 2), 0);
	assert_int_equal(lexicon_add(x, "rusce", 2), 0);
	lexicon_pack(x);
	match_all(x, "rusce", &found);
	assert_int_equal(found.times[1], 1);
	assert_int_equal(found.times[2], 1);
	lexicon_free(x);
}

static void
patterns_that_make_no_sense_are_refused(void **state)
{
	static const char *const wrong[] = { "", "*", " ", "a ", " a", "a  b",
		"a*b", "a * b", "a**", "a b c d e f g h i" };
	struct lexicon *x = lexicon_new();
	char longest[LEXICON_PATTERN_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(lexicon_add(x, wrong[i], 0), -1);
	memset(longest, 'a', sizeof longest);
	longest[LEXICON_PATTERN_MAX + 1] = '\0';
	assert_int_equal(lexicon_add(x, longest, 0), -1);
	longest[LEXICON_PATTERN_MAX] = '\0';
	assert_int_equal(lexicon_add(x, longest, 0), 0);
	lexicon_free(x);
}

static void
an_empty_lexicon_finds_nothing(void **state)
{
	struct lexicon *x = lexicon_new();
	struct found found, none = { .times = { 0 } };

	(void)state;
	match_all(x, "bilo sta", &found);
	assert_memory_equal(&found, &none, sizeof none);
	lexicon_free(x);
	lexicon_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_match_whole_unless_they_have_a_star),
		cmocka_unit_test(phrases_match_words_side_by_side),
		cmocka_unit_test(one_pattern_may_have_several_values),
		cmocka_unit_test(patterns_that_make_no_sense_are_refused),
		cmocka_unit_test(an_empty_lexicon_finds_nothing),
	};

	return (cmocka_run_group_tests_name("lexicon", tests, NULL, NULL));
}
