/* From one script to another, and the names of languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"
#include "text/lang.h"
#include "text/script.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define ZWJ "\xe2\x80\x8d"

struct pair {
	const char	*in, *out;
};

static void
expect_gsm7(const struct pair *cases, size_t n, bool keep)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = { 0 };

		script_to_gsm7(&b, cases[i].in, strlen(cases[i].in), keep);
		assert_string_equal(buf_str(&b), cases[i].out);
		buf_clear(&b);
	}
}

static void
serbian_cyrillic_becomes_latin_letter_by_letter(void **state)
{
	static const struct pair cases[] = {
		{ "абвгдђежзијклљмнњопрстћуфхцчџш",
		    "abvgddjezzijklljmnnjoprstcufhccdzs" },
		{ "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ",
		    "ABVGDDJEZZIJKLLJMNNJOPRSTCUFHCCDZS" },
		{ "Љубица и Његош, Џеп", "Ljubica i Njegos, Dzep" },
		{ "ЉУБИЦА И ЊЕГОШ, ЏЕП", "LJUBICA I NJEGOS, DZEP" },
		{ "КОЊ, кОЊ, Њ. Љ", "KONJ, kONJ, Nj. Lj" },
		{ "Њ1 АЊ1", "Nj1 ANJ1" },
		{ "Полицајац ме је ударио.", "Policajac me je udario." },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
the_neighbours_letters_become_latin(void **state)
{
	static const struct pair cases[] = {
		{ "ѓорѓи ќе ѕвезда ѝ", "djordji ce dzvezda i" },
		{ "ЃОРЃИ Ќе Ѕвезда ЅВЕЗДА Ѝ", "DJORDJI Ce Dzvezda DZVEZDA I" },
		{ "къща щъркел юли яйце ьо", "kasta starkel juli jajce jo" },
		{ "Щъркел ЩЪРКЕЛ Юлия ЮЛИЯ Я", "Starkel STARKEL Julija JULIJA "
		    "Ja" },
		{ "Ǆ ǅ ǆ Ǉ ǈ ǉ Ǌ ǋ ǌ", "DZ Dz dz LJ Lj lj NJ Nj nj" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
replies_lose_what_makes_them_costly(void **state)
{
	static const struct pair cases[] = {
		{ "čćžšđ ČĆŽŠ", "cczsdj CCZS" },
		{ "Đorđe ĐORĐE Đ, ĐAK", "Djordje DJORDJE Dj, DJAK" },
		{ "Ðorðe ÐORÐE", "Djordje DJORDJE" },
		{ "džep DŽEP Džep", "dzep DZEP Dzep" },
		{ "ǆep ǄEP ǅep ǈubav ǊEGOŠ", "dzep DZEP Dzep Ljubav NJEGOS" },
		{ "Ђорђе ЂОРЂЕ Љубав ЉУБАВ", "Djordje DJORDJE Ljubav LJUBAV" },
		{ "është çka ËSHTË ÇKA", "eshte cka ESHTE CKA" },
		{ "Щъркел юли яйце ЩЪРКЕЛ", "Starkel juli jajce STARKEL" },
		{ "ѓ ќ ѕ ѝ", "dj c dz i" },
		{ "rromano čhib, ř ś ź ʒ θ q ǎ", "rromano chib, r s z z th q "
		    "a" },
		{ "łŁ œŒ ı ŋ ß ẞ", "lL oeOe i n ß SS" },
		{ "c\xcc\x8c" "a\xcc\x8c к\xcc\x81", "ca c" },
		{ "e\xcc\x88 c\xcc\xa7", "e c" },
		{ "", "" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
letters_of_the_alphabet_stay(void **state)
{
	static const struct pair cases[] = {
		{ "éèàùìòäöüñßåøæÉÄÖÜÑÅØÆ", "éèàùìòäöüñßåøæÉÄÖÜÑÅØÆ" },
		{ "£$¥¤§¿¡ ΔΦΓΛΩΠΨΣΘΞ", "£$¥¤§¿¡ ΔΦΓΛΩΠΨΣΘΞ" },
		{ "{[~]}\\|^€ @\r\n", "{[~]}\\|^€ @\r\n" },
		{ "e\xcc\x81 u\xcc\x88 n\xcc\x83", "é ü ñ" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
signs_of_word_processors_are_folded(void **state)
{
	static const struct pair cases[] = {
		{ "„a“ “b” «c» »d« ‟e‟", "\"a\" \"b\" \"c\" \"d\" \"e\"" },
		{ "‘a’ ‚b‛ ‹c› s’ka `x´", "'a' 'b' 'c' s'ka 'x'" },
		{ "a – b — c ‑ d − e • f", "a - b - c - d - e - f" },
		{ "dalje…", "dalje..." },
		{ "a\xc2\xa0" "b\xe2\x80\xaf" "c\td", "a b c d" },
		{ "№ 5 ½ ™ ﬁ Ａ ² ×", "No 5 1/2 TM fi A 2 x" },
		{ "a\xe2\x80\xa8" "b", "a\nb" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
what_is_seen_as_one_character_is_one_question_mark(void **state)
{
	static const struct pair cases[] = {
		{ "😀", "?" }, { "a😀b", "a?b" }, { "😀😀", "??" },
		{ "👨" ZWJ "👩" ZWJ "👧" ZWJ "👦!", "?!" },
		{ "👍🏽", "?" }, { "☎\xef\xb8\x8f.", "?." },
		{ "🇷🇸🇦🇱", "??" }, { "1\xef\xb8\x8f\xe2\x83\xa3", "1" },
		{ "中文", "??" }, { "ﷺ", "?" }, { "\xff\xfe", "??" },
		{ "a\xe2\x80\x8b\xe2\x80\xae\xef\xbb\xbf" "b", "ab" },
		{ "\x01" "a\x1b[1m\x7f", "a[1m" },
		{ "\xcc\x81" "a", "a" }, { "q\xcc\x8c\xcc\x81", "q" },
		{ "a" ZWJ "b", "ab" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), false);
}

static void
letters_are_kept_for_those_who_asked_for_them(void **state)
{
	static const struct pair cases[] = {
		{ "Љубав „и“ мир – увек…", "Љубав \"и\" мир - увек..." },
		{ "Čaj, žar, đak, ëç’s", "Čaj, žar, đak, ëç's" },
		{ "c\xcc\x8c 😀\xc2\xa0" "x", "č 😀 x" },
		{ "щъркел", "щъркел" },
	};

	(void)state;
	expect_gsm7(cases, LENGTH(cases), true);
}

static void
whatever_comes_in_the_alphabet_comes_out(void **state)
{
	struct buf in = { 0 }, out = { 0 }, again = { 0 };
	const char *p, *end;

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		buf_reset(&in);
		buf_reset(&out);
		buf_reset(&again);
		for (long n = random() % 12; n > 0; n--)
			utf8_put(&in, (uint32_t)random() % (round % 3 == 0 ?
			    0x20000 : round % 3 == 1 ? 0x600 : 0x3000));
		script_to_gsm7(&out, (char *)in.data, in.len, false);
		assert_true(utf8_valid((char *)out.data, out.len));
		p = buf_str(&out);
		for (end = p + out.len; p < end;)
			assert_int_not_equal(alphabet_septets(
			    utf8_next(&p, end)), 0);
		script_to_gsm7(&again, (char *)out.data, out.len, false);
		assert_string_equal(buf_str(&again), buf_str(&out));
	}
	script_to_gsm7(&out, NULL, 0, false);
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&again);
}

static void
languages_have_names(void **state)
{
	static const char *const names[] = {
		"und", "sr-Latn", "sr-Cyrl", "sq", "rom", "bg", "en", "mix",
	};

	(void)state;
	assert_int_equal(LENGTH(names), LANG_COUNT);
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		assert_string_equal(lang_name(lang), names[lang]);
		assert_int_equal(lang_find(names[lang]), lang);
	}
	assert_int_equal(lang_find("sr"), LANG_COUNT);
	assert_int_equal(lang_find(""), LANG_COUNT);
	assert_int_equal(lang_find("SQ"), LANG_COUNT);
	assert_string_equal(lang_name(LANG_COUNT), "und");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    serbian_cyrillic_becomes_latin_letter_by_letter),
		cmocka_unit_test(the_neighbours_letters_become_latin),
		cmocka_unit_test(replies_lose_what_makes_them_costly),
		cmocka_unit_test(letters_of_the_alphabet_stay),
		cmocka_unit_test(signs_of_word_processors_are_folded),
		cmocka_unit_test(
		    what_is_seen_as_one_character_is_one_question_mark),
		cmocka_unit_test(
		    letters_are_kept_for_those_who_asked_for_them),
		cmocka_unit_test(whatever_comes_in_the_alphabet_comes_out),
		cmocka_unit_test(languages_have_names),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
