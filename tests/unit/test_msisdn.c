/* Originators, and who may be answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sms/msisdn.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static void
expect(const char *originator, const char *ton, enum msisdn_kind kind,
    const char *wanted)
{
	char out[MSISDN_MAX];

	memset(out, 'x', sizeof out);
	assert_int_equal(msisdn_normalise(originator, ton, "381", out), kind);
	assert_string_equal(out, wanted);
}

static void
all_spellings_of_a_number_are_one(void **state)
{
	static const struct {
		const char	*originator, *ton;
	} cases[] = {
		{ "+381601234567", "international" }, { "+381601234567", "" },
		{ "381601234567", "international" }, { "381601234567", "" },
		{ "381601234567", "national" },
		{ "00381601234567", "" }, { "00381601234567", "international" },
		{ "0601234567", "" }, { "0601234567", "national" },
		{ "0601234567", "international" },
		{ "601234567", "" }, { "601234567", "national" },
		{ "+381 (0) 60 123-45-67", "" }, { "+381(0)601234567", "" },
		{ "+3810601234567", "" }, { "003810601234567", "" },
		{ "060/123-4567", "" }, { "060 123 45 67", "" },
		{ "060.123.4567", "" }, { " +381601234567 ", "" },
		{ "tel:+381601234567", "" }, { "TEL:0601234567", "" },
		{ "tel:+381-60-123-4567", "international" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(cases[i].originator, cases[i].ton, MSISDN_PERSON,
		    "+381601234567");
}

static void
numbers_from_here_and_from_abroad_are_persons(void **state)
{
	static const struct {
		const char	*originator, *ton, *wanted;
	} cases[] = {
		{ "06012345", "", "" },
		{ "060123456", "", "+38160123456" },
		{ "60123456", "", "+38160123456" },
		{ "0671234567", "", "+381671234567" },
		{ "06771234567", "", "+3816771234567" },
		{ "6771234567", "", "+3816771234567" },
		{ "017123456", "", "+38117123456" },
		{ "17123456", "national", "+38117123456" },
		{ "+38344123456", "", "+38344123456" },
		{ "38344123456", "international", "+38344123456" },
		{ "38344123456", "", "+38344123456" },
		{ "+359881234567", "", "+359881234567" },
		{ "+38970123456", "", "+38970123456" },
		{ "+41791234567", "", "+41791234567" },
		{ "0041791234567", "", "+41791234567" },
		{ "+491511234567", "", "+491511234567" },
		{ "+12025550123", "", "+12025550123" },
		{ "123456789012345", "", "+123456789012345" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		if (cases[i].wanted[0] == '\0')
			expect(cases[i].originator, cases[i].ton, MSISDN_NONE,
			    cases[i].originator);
		else
			expect(cases[i].originator, cases[i].ton,
			    MSISDN_PERSON, cases[i].wanted);
	}
}

static void
another_country_can_be_home(void **state)
{
	char out[MSISDN_MAX];

	(void)state;
	assert_int_equal(msisdn_normalise("044123456", "", "383", out),
	    MSISDN_PERSON);
	assert_string_equal(out, "+38344123456");
	assert_int_equal(msisdn_normalise("+383 (0) 44 123 456", "", "383",
	    out), MSISDN_PERSON);
	assert_string_equal(out, "+38344123456");
	assert_int_equal(msisdn_normalise("0601234567", "", "3810000000000000",
	    out), MSISDN_NONE);
}

static void
services_are_short(void **state)
{
	(void)state;
	expect("303", "", MSISDN_SHORT, "303");
	expect("3030", "national", MSISDN_SHORT, "3030");
	expect("+3030", "international", MSISDN_SHORT, "3030");
	expect("100100", "", MSISDN_SHORT, "100100");
	expect("0800", "", MSISDN_SHORT, "0800");
	expect("12", "", MSISDN_NONE, "12");
	expect("1001001", "", MSISDN_NONE, "1001001");
}

static void
letters_make_a_machine(void **state)
{
	(void)state;
	expect("MTS", "alphanumeric", MSISDN_ALPHA, "MTS");
	expect("MTS", "", MSISDN_ALPHA, "MTS");
	expect("0601234567", "alphanumeric", MSISDN_ALPHA, "0601234567");
	expect("3030", "alphanumeric", MSISDN_ALPHA, "3030");
	expect("+381601234567x", "international", MSISDN_ALPHA,
	    "+381601234567x");
	expect("064-MTS-123", "", MSISDN_ALPHA, "064-MTS-123");
	expect("tel:0601234567", "alphanumeric", MSISDN_ALPHA,
	    "tel:0601234567");
	expect("tel:MTS", "", MSISDN_ALPHA, "tel:MTS");
	expect("Поште", "alphanumeric", MSISDN_ALPHA, "?????");
	expect("0\xff\xfe", "", MSISDN_ALPHA, "0??");
	expect("٠٦٠١٢٣٤٥٦٧", "", MSISDN_ALPHA, "??????????");
	expect("A\x1b[31m\x07\nB\x7f", "alphanumeric", MSISDN_ALPHA, "A[31mB");
	expect("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "alphanumeric", MSISDN_ALPHA,
	    "ABCDEFGHIJKLMNOPQRSTUVW");
}

static void
what_is_absurd_is_nobody(void **state)
{
	static const struct {
		const char	*originator, *out;
	} cases[] = {
		{ "", "" }, { "+", "+" }, { "0", "0" }, { "00", "00" },
		{ "   ", "   " }, { "\x1b", "" }, { "-", "-" },
		{ "*100#", "*100#" }, { "#0601234567", "#0601234567" },
		{ "0601234567*1", "0601234567*1" },
		{ "060+1234567", "060+1234567" },
		{ "++381601234567", "++381601234567" },
		{ "060,1234567", "060,1234567" },
		{ "2345678", "2345678" }, { "23456789", "23456789" },
		{ "234567890", "234567890" }, { "+1234567", "+1234567" },
		{ "0001601234567", "0001601234567" },
		{ "0012345", "0012345" }, { "01234567", "01234567" },
		{ "+1234567890123456", "+1234567890123456" },
		{ "06012345678901234", "06012345678901234" },
		{ "00000000000", "00000000000" },
		{ "0123456789012345678901234567890123456789",
		    "01234567890123456789012" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(cases[i].originator, "", MSISDN_NONE, cases[i].out);
	expect("\x1b\x07", "alphanumeric", MSISDN_NONE, "");
	expect("1712345", "national", MSISDN_NONE, "1712345");
}

static void
whatever_comes_in_printable_ascii_comes_out(void **state)
{
	static const char *const tons[] = {
		"", "international", "national", "alphanumeric", "?",
	};
	static const char likely[] = "0123456789+() -./00381";
	char in[64], out[MSISDN_MAX];

	(void)state;
	srandom(1);
	for (int round = 0; round < 200000; round++) {
		long n = random() % 60;
		enum msisdn_kind kind;

		for (long i = 0; i < n; i++)
			in[i] = (char)(round % 3 == 0 ? random() % 255 + 1 :
			    likely[(size_t)random() % (sizeof likely - 1)]);
		in[n] = '\0';
		kind = msisdn_normalise(in, tons[random() % 5], "381", out);
		assert_true(strlen(out) < MSISDN_MAX);
		for (char *p = out; *p != '\0'; p++)
			assert_in_range(*p, ' ', '~');
		if (kind == MSISDN_PERSON) {
			assert_int_equal(out[0], '+');
			assert_int_equal(strspn(out + 1, "0123456789"),
			    strlen(out) - 1);
			assert_in_range(strlen(out), 10, 16);
			assert_int_not_equal(out[1], '0');
			assert_true(strncmp(out, "+3810", 5) != 0);
			assert_int_equal(msisdn_normalise(out, "", "381", in),
			    MSISDN_PERSON);
			assert_string_equal(in, out);
		}
		if (kind == MSISDN_SHORT)
			assert_in_range(strlen(out), 3, 6);
	}
}

static void
persons_may_be_answered_where_the_list_says(void **state)
{
	static const struct {
		const char	*msisdn, *prefixes;
		bool		 yes;
	} cases[] = {
		{ "+381601234567", "+", true }, { "+41791234567", "+", true },
		{ "+381601234567", "", false }, { "+381601234567", " ", false },
		{ "+381601234567", "+3816", true },
		{ "+381601234567", "+38344,+3816", true },
		{ "+381601234567", " +38344 , +3816 ,", true },
		{ "+381601234567", ",,", false },
		{ "+381601234567", "+38344", false },
		{ "+38117123456", "+3816", false },
		{ "+38344123456", "+3816,+38344", true },
		{ "+38349123456", "+3816,+38344", false },
		{ "+381601234567", "+3816012345678", false },
		{ "+381601234567", "3816", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_int_equal(msisdn_answerable(cases[i].msisdn,
		    cases[i].prefixes), cases[i].yes);
}

static void
costly_free_and_unsound_numbers_are_never_answered(void **state)
{
	static const char *const never[] = {
		"", "+", "3030", "MTS", "381601234567", "0601234567",
		"+381781234567", "+38190012345", "+38190112345",
		"+38190612345", "+38190912345", "+381800123456",
		"+12345678", "+1234567890123456", "+0601234567",
		"+38160123x567", "+381601234567 ", "+381 601234567",
		"*100#", "+*100#12345", "+381700123456",
		/* Free, shared, personal, relief, premium of the world. */
		"+80012345678", "+80812345678", "+87812345678",
		"+88812345678", "+97912345678", "+99112345678",
		/* Inmarsat, Iridium, Globalstar, Thuraya, networks. */
		"+870773123456", "+881612345678", "+881812345678",
		"+88216123456", "+883130123456", "+882161234567",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(never); i++) {
		assert_false(msisdn_answerable(never[i], "+"));
		assert_false(msisdn_answerable(never[i], "+381,+1,+"));
		assert_false(msisdn_answerable(never[i], never[i]));
	}
}

static void
who_is_near_is_answered_by_default(void **state)
{
	static const struct {
		const char	*msisdn;
		bool		 yes;
	} cases[] = {
		{ "+381641234567", true }, { "+381677123456", true },
		{ "+38344123456", true }, { "+38349123456", true },
		{ "+38970123456", true }, { "+359881234567", true },
		{ "+355691234567", true }, { "+38267123456", true },
		{ "+38761123456", true }, { "+385911234567", true },
		{ "+38641123456", true }, { "+36301234567", true },
		{ "+40721234567", true }, { "+436641234567", true },
		{ "+4915112345678", true }, { "+4917012345678", true },
		{ "+41791234567", true },
		/* Their premium numbers, and those of offices. */
		{ "+38390012345", false }, { "+38950012345", false },
		{ "+359901234567", false }, { "+355900123456", false },
		{ "+38290123456", false }, { "+387901234567", false },
		{ "+385601234567", false }, { "+385611234567", false },
		{ "+38690123456", false }, { "+36901234567", false },
		{ "+40900123456", false }, { "+43900123456", false },
		{ "+43930123456", false }, { "+49900123456", false },
		{ "+491801234567", false }, { "+41900123456", false },
		{ "+38117123456", false }, { "+3832812345678", false },
		/* Far away. */
		{ "+12025550123", false }, { "+18765550123", false },
		{ "+447700900123", false }, { "+79161234567", false },
		{ "+2348012345678", false }, { "+6421123456", false },
		{ "+37499123456", false }, { "+38050123456", false },
	};
	const char *home = msisdn_home_prefixes("381");

	(void)state;
	assert_non_null(home);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		if (msisdn_answerable(cases[i].msisdn, home) != cases[i].yes)
			fail_msg("%s", cases[i].msisdn);
	}
	assert_null(msisdn_home_prefixes("359"));
	assert_null(msisdn_home_prefixes(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_spellings_of_a_number_are_one),
		cmocka_unit_test(
		    numbers_from_here_and_from_abroad_are_persons),
		cmocka_unit_test(another_country_can_be_home),
		cmocka_unit_test(services_are_short),
		cmocka_unit_test(letters_make_a_machine),
		cmocka_unit_test(what_is_absurd_is_nobody),
		cmocka_unit_test(whatever_comes_in_printable_ascii_comes_out),
		cmocka_unit_test(persons_may_be_answered_where_the_list_says),
		cmocka_unit_test(who_is_near_is_answered_by_default),
		cmocka_unit_test(
		    costly_free_and_unsound_numbers_are_never_answered),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
