/* What texts become for matching: folding and skeletons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/fold.h"

static void
folds_to(const char *text, const char *wanted)
{
	struct folded f;

	fold_make(&f, text, strlen(text));
	assert_string_equal(f.text, wanted);
	assert_int_equal(f.len, strlen(wanted));
	fold_clear(&f);
}

static void
skeleton_is(const char *text, const char *wanted)
{
	struct folded f, skeleton;
	char of_text[FOLD_TEXT_SMALL];

	fold_make(&f, text, strlen(text));
	fold_skeleton(&skeleton, &f);
	assert_string_equal(skeleton.text, wanted);
	assert_int_equal(skeleton.count, f.count);
	assert_int_equal(fold_skeleton_text(of_text, f.text), skeleton.len);
	assert_string_equal(of_text, skeleton.text);
	fold_clear(&skeleton);
	fold_clear(&f);
}

static void
letters_lose_what_is_on_them(void **state)
{
	(void)state;
	folds_to("Čačak ĆUPRIJA šuma Žena", "cacak cuprija suma zena");
	folds_to("Đorđe, Medveđa; Ðura", "djordje medvedja djura");
	folds_to("Preshevë ÇKA Bilaç", "presheve cka bilac");
	folds_to("Ǆep ǈubav ǌiva", "dzep ljubav njiva");
}

static void
marks_that_stand_apart_count_as_one_letter(void **state)
{
	(void)state;
	folds_to("c\xcc\x8c" "a\xcc\x8d", "ca");
	/* Cyrillic i with breve is a letter of its own. */
	folds_to("\xd0\xb8\xcc\x86", "j");
	folds_to("\xd0\xb3\xcc\x81", "dj");
}

static void
cyrillic_is_written_as_it_is_heard(void **state)
{
	(void)state;
	folds_to("Љиљана Њива Џеп Ђак Ћуприја Шума",
	    "ljiljana njiva dzep djak cuprija suma");
	folds_to("няма улично осветление в общината",
	    "njama ulicno osvetlenie v obstinata");
	folds_to("ѓавол ќерка ѕвезда", "djavol cerka dzvezda");
}

static void
punctuation_is_space_and_apostrophes_are_nothing(void **state)
{
	(void)state;
	folds_to("  s'ka ujë... d’accord!!! ", "ska uje daccord");
	/* Albanian words of one letter. */
	folds_to("t’ju n'shpi", "t ju n shpi");
	folds_to("don't", "dont");
	folds_to("Bujanovac/Dobrosin,voda;nema", "bujanovac dobrosin voda nema");
	folds_to("", "");
	folds_to(" \n\t?!", "");
	folds_to("\xf0\x9f\x91\x8d" " ok", "ok");
}

static void
pictures_that_cry_for_help_are_a_word(void **state)
{
	struct folded f;

	(void)state;
	folds_to("\xf0\x9f\x86\x98", "sos");
	folds_to("\xf0\x9f\x9a\xa8\xf0\x9f\x9a\xa8", "sos sos");
	folds_to("gori\xf0\x9f\x86\x98" "kuca 5\xf0\x9f\x9a\xa8",
	    "gori sos kuca 5 sos");
	folds_to("hvala \xf0\x9f\x98\x80", "hvala");
	fold_make(&f, "a\xf0\x9f\x86\x98", 5);
	assert_int_equal(f.words[1].from, 1);
	assert_int_equal(f.words[1].to, 5);
	fold_clear(&f);
}

static void
invisible_characters_do_not_hide_words(void **state)
{
	(void)state;
	folds_to("go\xe2\x80\x8bri ku\xc2\xad\xc4\x87""a", "gori kuca");
}

static void
digits_are_words_of_their_own(void **state)
{
	struct folded f;

	(void)state;
	folds_to("PRAVO2", "pravo 2");
	folds_to("P2vranje 104-828", "p 2 vranje 104 828");
	folds_to("\xef\xbc\x93 \xd9\xa3 \xe2\x91\xa1 "	/* wide, Arabic, */
	    "1\xef\xbc\x90", "3 3 2 10");		/* in a circle */
	fold_make(&f, "u 12 h", 6);
	assert_false(f.words[0].digits);
	assert_true(f.words[1].digits);
	fold_clear(&f);
}

static void
a_word_of_two_scripts_is_read_in_that_of_most_letters(void **state)
{
	(void)state;
	folds_to("Мух\x6fвца", "muhovca");	/* Latin o */
	folds_to("p\xd0\xbe" "licija", "policija");	/* Cyrillic o */
	folds_to("\xd0\xa1TOP", "ctop");	/* Cyrillic S looks like C */
}

static void
words_know_how_they_stood(void **state)
{
	const char *text = "Selo Tulare, ГОРИ";
	struct folded f;

	(void)state;
	fold_make(&f, text, strlen(text));
	assert_int_equal(f.count, 3);
	assert_int_equal(f.latin, 2);
	assert_int_equal(f.cyrillic, 1);
	assert_true(f.words[0].capital);
	assert_false(f.words[0].stop);
	assert_true(f.words[1].stop);
	assert_true(f.words[2].cyrillic);
	assert_false(f.shouted);
	fold_clear(&f);
	fold_make(&f, "GORI 5!", 7);
	assert_true(f.shouted);
	fold_clear(&f);
}

static void
a_letter_of_another_script_is_no_letter_of_ours(void **state)
{
	(void)state;
	folds_to("αβ a", "\x7f\x7f a");
}

static void
spellings_of_one_name_share_a_skeleton(void **state)
{
	static const char *const same[][2] = {
		{ "Presheva", "Preševo" }, { "Medvegjë", "Medveđa" },
		{ "Konqul", "Končulj" }, { "Lluqan", "Lučane" },
		{ "Orahovica", "Oraovica" }, { "Bilaq", "Biljača" },
		{ "Норча", "Norqe" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		struct folded f, s;

		fold_make(&f, same[i][0], strlen(same[i][0]));
		fold_skeleton(&s, &f);
		skeleton_is(same[i][1], s.text);
		fold_clear(&s);
		fold_clear(&f);
	}
	skeleton_is("a jo u", "\x7f \x7f \x7f");
}

static void
any_octets_fold(void **state)
{
	char octets[512];
	struct folded f;

	(void)state;
	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (char)(i * 37);
	fold_make(&f, octets, sizeof octets);
	assert_int_equal(strlen(f.text), f.len);
	fold_clear(&f);
}

static void
long_texts_fold_like_short_ones(void **state)
{
	char *text = xmalloc(40001);
	struct folded f;

	(void)state;
	for (size_t i = 0; i < 40000; i += 4)
		memcpy(text + i, "a1b ", 4);
	fold_make(&f, text, 40000);
	assert_int_equal(f.count, 30000);
	assert_memory_equal(f.text, "a 1 b a 1 b ", 12);
	fold_clear(&f);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_lose_what_is_on_them),
		cmocka_unit_test(marks_that_stand_apart_count_as_one_letter),
		cmocka_unit_test(cyrillic_is_written_as_it_is_heard),
		cmocka_unit_test(
		    punctuation_is_space_and_apostrophes_are_nothing),
		cmocka_unit_test(pictures_that_cry_for_help_are_a_word),
		cmocka_unit_test(invisible_characters_do_not_hide_words),
		cmocka_unit_test(digits_are_words_of_their_own),
		cmocka_unit_test(
		    a_word_of_two_scripts_is_read_in_that_of_most_letters),
		cmocka_unit_test(words_know_how_they_stood),
		cmocka_unit_test(
		    a_letter_of_another_script_is_no_letter_of_ours),
		cmocka_unit_test(spellings_of_one_name_share_a_skeleton),
		cmocka_unit_test(any_octets_fold),
		cmocka_unit_test(long_texts_fold_like_short_ones),
	};

	return (cmocka_run_group_tests_name("fold", tests, NULL, NULL));
}
