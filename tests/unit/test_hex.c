/* Hexadecimal text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/hex.h"

static void
every_octet_comes_back(void **state)
{
	uint8_t octets[256], back[256];
	char text[513];

	(void)state;
	for (int i = 0; i < 256; i++)
		octets[i] = (uint8_t)i;
	hex_encode(text, octets, sizeof octets);
	assert_int_equal(strlen(text), 512);
	assert_int_equal(strspn(text, "0123456789abcdef"), 512);
	assert_int_equal(hex_decode(back, sizeof back, text), 256);
	assert_memory_equal(octets, back, sizeof octets);
}

static void
either_case_is_read(void **state)
{
	uint8_t back[4];

	(void)state;
	assert_int_equal(hex_decode(back, sizeof back, "aBcDeF09"), 4);
	assert_memory_equal(back, "\xab\xcd\xef\x09", 4);
}

static void
nothing_is_nothing(void **state)
{
	uint8_t back[1];
	char text[1] = "x";

	(void)state;
	hex_encode(text, "", 0);
	assert_string_equal(text, "");
	assert_int_equal(hex_decode(back, 0, ""), 0);
}

static void
what_is_not_hexadecimal_or_does_not_fit_is_refused(void **state)
{
	static const char *const bad[] = {
		"0", "000", "0g", "g0", " 00", "00 ", "0x00", "+1", "-1",
		"0\n", "\xc3\xa9", ":;", "@A", "`a", "/0",
	};
	uint8_t back[2];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(hex_decode(back, sizeof back, bad[i]), -1);
	assert_int_equal(hex_decode(back, 2, "010203"), -1);
	assert_int_equal(hex_decode(back, 0, "01"), -1);
	assert_int_equal(hex_decode(back, 2, "0102"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_octet_comes_back),
		cmocka_unit_test(either_case_is_read),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(
		    what_is_not_hexadecimal_or_does_not_fit_is_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
