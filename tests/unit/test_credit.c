/* What operators answer about the credit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/credit.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static void
an_amount_beside_a_currency_is_read(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 hundredths;
		const char	*currency;
	} cases[] = {
		{ "Stanje: 123,45 RSD ceka", 12345, "RSD" },
		{ "Stanje na racunu je 250 din.", 25000, "RSD" },
		{ "Стање рачуна: 1.234,50 динара", 123450, "RSD" },
		{ "Kredit 1,234.50din, vazi do 31.12.2026.", 123450, "RSD" },
		{ "Imate 12 345,6 din", 1234560, "RSD" },
		{ "1.234 din", 123400, "RSD" },
		{ "0,5 EUR", 50, "EUR" }, { "0.005 EUR", 0, "EUR" },
		{ "\xe2\x82\xac" "7.90 left", 790, "EUR" },
		{ "7.90\xe2\x82\xac", 790, "EUR" },
		{ "RSD: 88,00", 8800, "RSD" },
		{ "Dug: -12,50 din", -1250, "RSD" },
		{ "Kredia juaj është 150 Lekë", 15000, "ALL" },
		{ "Баланс: 3.20 лв.", 320, "BGN" },
		{ "Состојба 95 ден", 9500, "MKD" },
		{ "999999999 din", 99999999900, "RSD" },
		/* Not the first number, but the first that is money. */
		{ "25 SMS, 1024 MB, 10 min, 310,00 din", 31000, "RSD" },
		{ "Nova\nlinija\n40 din", 4000, "RSD" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct credit c;

		if (!credit_guess(cases[i].text, &c))
			fail_msg("not read: %s", cases[i].text);
		if (c.hundredths != cases[i].hundredths)
			fail_msg("%lld: %s", (long long)c.hundredths,
			    cases[i].text);
		assert_string_equal(c.currency, cases[i].currency);
	}
}

static void
what_is_no_amount_of_money_is_not_read(void **state)
{
	static const char *const texts[] = {
		"", " ", "Usluga nije dostupna", "din", "250", "250 poena",
		"31.12.2026 din", "12.50.30 din", "1.23.456 din",
		"1.234.567.890 din", "99999999999999999999999999 din",
		"1,2,3,4,5,6,7,8,9,10,11 din", "0641234567 din",
		"064 123 456 din", "+381641234567 din", "*100# din",
		"100*5 din", "5% din", "1,234,5678 din", "007 din",
		"12:30 din", "abc12 din", "1.234.50 din",
		"\x01\x02\x1b[31m100", "\xff\xfe 100 \xff", "- din",
		"100 dinosaurusa", "\x1b[2J", "100\xc2\xa0",
	};
	struct credit c = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		if (credit_guess(texts[i], &c))
			fail_msg("read as %lld: %s", (long long)c.hundredths,
			    texts[i]);
	}
	assert_int_equal(c.hundredths, 0);
}

static void
a_pattern_says_which_amount_is_meant(void **state)
{
	static const struct {
		const char	*pattern, *text;
		int64_t		 hundredths;
		const char	*currency;
	} cases[] = {
		{ "stanje*{amount}*din", "Bonus 500 din. Stanje: 12,30 din",
		    1230, "RSD" },
		{ "Stanje*{amount}", "STANJE racuna je 12", 1200, "" },
		{ "стање*{amount}", "Stanje: 9", 900, "" },
		{ "račun: {amount}", "Racun:5,00", 500, "" },
		{ "credit {amount}", "Credit   77 points", 7700, "" },
		{ "*{amount}*", "do 31.12.2026 ima 40 din", 4000, "RSD" },
		{ "{amount}*rest", "1 and 2 and the rest", 100, "" },
		{ "kredit*racun {amount}", "kredit racun x racun 3", 300, "" },
	};
	struct credit c;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_null(credit_pattern_check(cases[i].pattern));
		if (!credit_match(cases[i].text, cases[i].pattern, &c))
			fail_msg("no match: %s", cases[i].text);
		assert_int_equal(c.hundredths, cases[i].hundredths);
		assert_string_equal(c.currency, cases[i].currency);
	}
	assert_false(credit_match("Stanje: nema", "stanje*{amount}", &c));
	assert_false(credit_match("Saldo 12 din", "stanje*{amount}", &c));
	assert_false(credit_match("Stanje 12 din", NULL, &c));
	assert_false(credit_match("Stanje 12 kom", "stanje*{amount} din",
	    &c));
}

static void
the_day_until_which_a_sim_is_valid_is_read(void **state)
{
	static const struct {
		const char	*pattern, *text;
		int		 day;
	} cases[] = {
		{ "vazi do {date}", "Stanje 12 din, vazi do 01.01.1970", 0 },
		{ "vazi do {date}", "Stanje 12,50 din. Važi do 01.01.2000.", 10957 },
		{ "vazi do {date}", "Кредит 12 дин, важи до 31.12.2026.",
		    20818 },
		{ "vazi do {date}", "vazi do: 31.12.2026", 0 },
		{ "vazi do*{date}", "vazi do: 31. 12. 2026", 20818 },
		{ "skadon*{date}", "Skadon me 31/12/26", 20818 },
		{ "valid until {date}", "valid until 2026-12-31", 20818 },
		{ "valid until {date}", "Valid until 31-12-2026 23:59", 20818 },
		{ "istice*{date}", "istice 29.02.2028", 21243 },
		{ "istice*{date}", "istice 29.02.2027", 0 },
		{ "istice*{date}", "istice 41.12.2026", 0 },
		{ "istice*{date}", "istice 1.41.12.2026", 0 },
		{ "istice*{date}", "istice 31.13.2026", 0 },
		{ "istice*{date}", "istice 00.12.2026", 0 },
		{ "istice*{date}", "istice 31.12.2300", 0 },
		{ "istice*{date}", "istice 31.12.", 0 },
		{ "istice*{date}", "istice 31/12.2026", 0 },
		{ "istice*{date}", "istice 31.12.20260", 0 },
		{ "istice*{date}", "istice 2026-1-1", 0 },
		{ "istice*{date}", "istice 10.00, a to je 1.2.2026", 20485 },
		{ NULL, "vazi do 31.12.2026", 0 },
		{ "vazi do", "vazi do 31.12.2026", 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		int day = -1;
		bool read = credit_valid(cases[i].text, cases[i].pattern,
		    &day);

		if (read != (cases[i].day != 0) ||
		    day != (read ? cases[i].day : -1))
			fail_msg("%d: %s", day, cases[i].text);
	}
	assert_null(credit_valid_check("{date}"));
	assert_non_null(credit_valid_check("{amount}"));
	assert_non_null(credit_valid_check("{date} {date}"));
}

static void
a_pattern_without_one_amount_is_refused(void **state)
{
	(void)state;
	assert_non_null(credit_pattern_check(""));
	assert_non_null(credit_pattern_check("stanje*din"));
	assert_non_null(credit_pattern_check("{amount} {amount}"));
	assert_null(credit_pattern_check("{amount}"));
}

/* An answer is at most so long, and nobody says that it is a sane one. */
static void
hostile_answers_end_in_bounded_time(void **state)
{
	char *text = xcalloc(1, 70001);
	struct credit c;
	int day;

	(void)state;
	memset(text, '1', 70000);
	assert_false(credit_guess(text, &c));
	for (size_t i = 0; i < 70000; i++)
		text[i] = i % 2 == 0 ? '1' : ',';
	assert_false(credit_guess(text, &c));
	assert_false(credit_match(text, "1*1*1*1*1*1*{amount}*x", &c));
	memset(text, '*', 70000);
	assert_non_null(credit_pattern_check(text));
	srandom(7);
	for (int n = 0; n < 20000; n++) {
		static const char set[] = "0123456789 .,-+*#'din€eurДИН\n\x1b";
		size_t len = (size_t)random() % 40;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(n % 3 == 0 ? random() % 255 + 1 :
			    set[(size_t)random() % (sizeof set - 1)]);
		text[len] = '\0';
		if (credit_guess(text, &c))
			assert_true(c.hundredths > -100000000000 &&
			    c.hundredths < 100000000000);
		if (credit_valid(text, "*{date}", &day))
			assert_in_range(day, 10957, 84003);
		if (credit_match(text, "d*{amount} d", &c))
			assert_in_range(strlen(c.currency), 0, 3);
	}
	free(text);
}

static void
numbers_that_may_be_somebodys_are_covered(void **state)
{
	char *covered = credit_cover("SIM 89381030, broj 06 41 23 45 67, "
	    "stanje 12345,50 do 31.12.2026, +381641234567, 381 64 765-4321");

	(void)state;
	assert_string_equal(covered, "SIM ********, broj [broj 1], "
	    "stanje 12345,50 do 31.12.2026, [broj 1], [broj 2]");
	free(covered);
}

/* What is shipped is what glasd reads. */
static void
every_pattern_of_an_operator_is_sound(void **state)
{
	const char *srcdir = getenv("srcdir");
	char *path = xasprintf("%s/etc/operators.json",
	    srcdir != NULL ? srcdir : ".");
	json_t *list = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_t *entries = json_object_get(list, "entries"), *entry, *one;
	size_t n, m;

	(void)state;
	assert_true(json_array_size(entries) > 0);
	json_array_foreach(entries, n, entry) {
		assert_true(json_array_size(json_object_get(entry,
		    "names")) > 0);
		assert_true(json_is_string(json_object_get(entry, "checked")));
		json_array_foreach(json_object_get(entry, "names"), m, one)
			assert_true(json_is_string(one));
		json_array_foreach(json_object_get(entry, "patterns"), m, one)
			assert_null(credit_pattern_check(
			    json_string_value(one)));
		json_array_foreach(json_object_get(entry, "valid"), m, one)
			assert_null(credit_valid_check(
			    json_string_value(one)));
	}
	assert_true(json_array_size(json_object_get(list, "valid")) > 0);
	json_array_foreach(json_object_get(list, "valid"), m, one)
		assert_null(credit_valid_check(json_string_value(one)));
	json_decref(list);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_amount_beside_a_currency_is_read),
		cmocka_unit_test(what_is_no_amount_of_money_is_not_read),
		cmocka_unit_test(a_pattern_says_which_amount_is_meant),
		cmocka_unit_test(a_pattern_without_one_amount_is_refused),
		cmocka_unit_test(the_day_until_which_a_sim_is_valid_is_read),
		cmocka_unit_test(hostile_answers_end_in_bounded_time),
		cmocka_unit_test(numbers_that_may_be_somebodys_are_covered),
		cmocka_unit_test(every_pattern_of_an_operator_is_sound),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
