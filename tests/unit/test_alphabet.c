/* GSM 7-bit, its extension and the national tables. */
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

#include "utf16.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* The default alphabet in the order of its codes, without the escape. */
static const char basic[] =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà";

static const struct {
	uint8_t		 code;
	const char	*text;
} extension[] = {
	{ 0x0a, "\f" }, { 0x14, "^" }, { 0x28, "{" }, { 0x29, "}" },
	{ 0x2f, "\\" }, { 0x3c, "[" }, { 0x3d, "~" }, { 0x3e, "]" },
	{ 0x40, "|" }, { 0x65, "€" },
};

static uint32_t
first_of(const char *s)
{
	return (utf8_next(&s, s + strlen(s)));
}

/* What libgammu 1.42 makes of septets: the default tables, an escape that
 * begins no extension as U+00B9. */
static void
decode_like_libgammu(struct buf *utf16, const uint8_t *septets, size_t n)
{
	const char *p;

	for (size_t i = 0; i < n; i++) {
		size_t e = 0;

		if (septets[i] == 0x1b && i + 1 < n) {
			while (e < LENGTH(extension) &&
			    extension[e].code != septets[i + 1])
				e++;
			if (e < LENGTH(extension)) {
				utf16_add(utf16, extension[e].text,
				    strlen(extension[e].text));
				i++;
				continue;
			}
		}
		if (septets[i] == 0x1b) {
			utf16_add(utf16, "\xc2\xb9", 2);
			continue;
		}
		p = basic;
		for (int at = 0; at < septets[i] - (septets[i] > 0x1b); at++)
			utf8_next(&p, basic + sizeof basic - 1);
		e = (size_t)(p - basic);
		utf8_next(&p, basic + sizeof basic - 1);
		utf16_add(utf16, basic + e, (size_t)(p - basic) - e);
	}
}

/* Septets as they come from the modem, through libgammu. */
static void
decode(struct buf *text, const uint8_t *septets, size_t n, uint8_t locking,
    uint8_t single)
{
	struct buf utf16 = { 0 };

	decode_like_libgammu(&utf16, septets, n);
	alphabet_shift(text, utf16.data, utf16.len, locking, single);
	buf_clear(&utf16);
}

static void
expect_decoded(const uint8_t *septets, size_t n, uint8_t locking,
    uint8_t single, const char *text)
{
	struct buf b = { 0 };

	decode(&b, septets, n, locking, single);
	assert_string_equal(buf_str(&b), text);
	buf_clear(&b);
}

static void
every_character_of_the_alphabet_goes_round(void **state)
{
	const char *p = basic, *end = basic + sizeof basic - 1, *before;

	(void)state;
	for (uint8_t code = 0; code < 128; code++) {
		char text[5] = "";
		uint32_t c;

		if (code == 0x1b)
			continue;
		before = p;
		c = utf8_next(&p, end);
		memcpy(text, before, (size_t)(p - before));
		expect_decoded(&code, 1, 0, 0, text);
		assert_int_equal(alphabet_septets(c), c != 0xc7);
	}
	assert_ptr_equal(p, end);
	for (size_t i = 0; i < LENGTH(extension); i++) {
		uint8_t pair[2] = { 0x1b, extension[i].code };

		expect_decoded(pair, 2, 0, 0, extension[i].text);
		assert_int_equal(alphabet_septets(
		    first_of(extension[i].text)), 2);
	}
}

static void
no_other_character_is_in_the_alphabet(void **state)
{
	static const char *const not[] = {
		"č", "ć", "ž", "š", "đ", "Đ", "ë", "ç", "Ç", "ř", "а", "Ж",
		"„", "“", "”", "’", "–", "…", "`", "¹", "\xc2\xa0", "😀",
	};
	unsigned int one = 0, two = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(not); i++)
		assert_int_equal(alphabet_septets(first_of(not[i])), 0);
	for (uint32_t c = 0; c < 0x110000; c++) {
		one += alphabet_septets(c) == 1;
		two += alphabet_septets(c) == 2;
	}
	assert_int_equal(one, 126); /* 128 but the escape and Ç */
	assert_int_equal(two, 10);
	assert_int_equal(alphabet_septets(0x1b), 0);
	assert_int_equal(alphabet_septets(0), 0);
}

static void
escapes_before_nothing_known_follow_the_standard(void **state)
{
	static const struct {
		const char	*septets;
		size_t		 n;
		const char	*text;
	} cases[] = {
		{ "a\x1b", 2, "a " },
		{ "\x1b\x1b", 2, "  " },
		{ "\x1b\x1b\x65", 3, " €" },
		{ "\x1b" "b", 2, "b" },
		{ "\x1b\x0d", 2, "\r" },
		{ "\x1b\x00", 2, "@" },
		{ "a\x1b" "e\x1b", 4, "a€ " },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect_decoded((const uint8_t *)cases[i].septets, cases[i].n,
		    0, 0, cases[i].text);
}

static void
national_locking_tables_replace_the_alphabet(void **state)
{
	static const struct {
		uint8_t		 language;
		const char	*septets;
		size_t		 n;
		const char	*text;
	} cases[] = {
		{ 1, "\x04\x07\x0b\x0c\x1c\x1d\x40\x60" "Aa\x09\x10", 12,
		    "€ıĞğŞşİçAaÇΔ" },
		{ 2, "@\x00\x60", 3, "¡@¿" }, /* Spanish has none */
		{ 3, "\x04\x06\x07\x08\x09\x0b\x0c\x0e\x0f\x10\x12\x13\x14"
		    "\x15\x16\x17\x18\x19\x1a\x1c\x1d\x1e\x1f\x24\x40\x5b\x5c"
		    "\x5d\x5e\x60\x7b\x7c\x7d\x7e\x7f", 35,
		    "êúíóçÔôÁáΔªÇÀ∞^\\€Ó|ÂâÊÉºÍÃÕÚÜ~ãõ`üà" },
		{ 4, "\x01\x03\x22\x28\x29\x2c\x40\x60\x7b\x7f" "a0", 12,
		    "ংঅট)(,ব\xe0\xa7\x8e\xe0\xa7\x97ৱa0" },
		{ 5, "\x00\x0d\x0f\x24\x7f", 5, "ઁ\rએડ\xe0\xab\xb1" },
		{ 6, "\x04\x16\x3c\x3d\x45\x60\x7f", 7,
		    "आखऩपऱॐॿ" },
		{ 7, "\x24\x3d\x60\x7b", 4, "ಡಪ\xe0\xb3\x95\xe0\xb3\x96" },
		{ 8, "\x15\x48\x7f", 3, "കഴ൹" },
		{ 9, "\x15\x47\x7b", 3, "କଳ\xe0\xad\x97" },
		{ 10, "\x15\x60\x7f", 3, "ਕ\xe0\xa9\x91ੴ" },
		{ 11, "\x15\x3c\x7c\x7f", 4, "கன௰௹" },
		{ 12, "\x15\x7c\x7d", 3, "కౠౡ" },
		{ 13, "\x00\x05\x28\x29\x59\x7f" "z", 7,
		    "اپ)(ی\xd9\xb0z" },
		{ 14, "\x04\x40", 2, "è¡" },
		{ 255, "\x04\x40", 2, "è¡" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect_decoded((const uint8_t *)cases[i].septets, cases[i].n,
		    cases[i].language, 0, cases[i].text);
}

static void
national_single_tables_replace_the_extension(void **state)
{
	static const struct {
		uint8_t		 language;
		const char	*codes;
		const char	*text;
	} cases[] = {
		{ 0, "eb", "€b" },
		{ 1, "GISceigs<", "ĞİŞç€ığş[" },
		{ 2, "\tAIOUaioue>", "çÁÍÓÚáíóú€]" },
		{ 3, "\x05\t\x0b\x0c\x0e\x0f\x12\x13\x15\x16\x17\x18\x19\x1f"
		    "AIOU[\\aeiou{|\x7f", "êçÔôÁáΦΓΩΠΨΣΘÊÀÍÓÚÃÕÂ€íóúãõâ" },
		{ 4, "\x01\x04\x05\x11\x18\x19\x25\x34" "AZe",
		    "£¿\"=*০ৠ৺AZ€" },
		{ 5, "\x19\x1c\x25", "।૦૯" },
		{ 6, "\x19\x25\x26\x3a", "।९\xe0\xa5\x91ॱ" },
		{ 7, "\x1c\x26\x2a", "೦ೞ\xe0\xb3\xb2" },
		{ 8, "\x1c\x30\x34", "൦ൻൿ" },
		{ 9, "\x1c\x26\x2c", "୦\xe0\xad\x9cୱ" },
		{ 10, "\x1c\x23\x2d", "੦੭\xe0\xa9\xb5" },
		{ 11, "\x1c\x24\x25\x2e", "௦௮௯௺" },
		{ 12, "\x1c\x22\x23\x32" "e", "౦౬౭౿€" },
		{ 13, "\x1c\x33\x3f", "۰؟۔" },
		{ 14, "eG", "€G" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct buf septets = { 0 };

		for (const char *p = cases[i].codes; *p != '\0'; p++) {
			buf_add(&septets, "\x1b", 1);
			buf_add(&septets, p, 1);
		}
		expect_decoded(septets.data, septets.len, 0,
		    cases[i].language, cases[i].text);
		buf_clear(&septets);
	}
	/* What no single table knows is read by the locking table. */
	expect_decoded((const uint8_t *)"\x1b\x04", 2, 1, 1, "€");
}

static void
what_stands_around_a_character_does_not_change_it(void **state)
{
	struct buf whole = { 0 }, parts = { 0 };
	uint8_t septets[160];

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)random() % 161, len;
		uint8_t locking = (uint8_t)(random() % 15);
		uint8_t single = (uint8_t)(random() % 15);

		for (size_t i = 0; i < n; i++)
			septets[i] = random() % 4 == 0 ? 0x1b :
			    (uint8_t)(random() & 127);
		buf_reset(&whole);
		buf_reset(&parts);
		decode(&whole, septets, n, locking, single);
		for (size_t i = 0; i < n; i += len) {
			len = septets[i] == 0x1b && i + 1 < n &&
			    septets[i + 1] != 0x1b ? 2 : 1;
			decode(&parts, septets + i, len, locking, single);
		}
		assert_string_equal(buf_str(&whole), buf_str(&parts));
	}
	buf_clear(&whole);
	buf_clear(&parts);
}

static void
shift_leaves_alone_what_never_was_gsm7(void **state)
{
	struct buf b = { 0 };

	(void)state;
	alphabet_shift(&b, (const uint8_t *)"\x04\x16\0e\xd8\x3d\0\0\0", 9, 1, 1);
	assert_string_equal(buf_str(&b), "Жe\xef\xbf\xbd\xef\xbf\xbd");
	buf_reset(&b);
	alphabet_shift(&b, (const uint8_t *)"\0\xb9\x04\x16", 4, 0, 0);
	assert_string_equal(buf_str(&b), " Ж");
	buf_reset(&b);
	alphabet_shift(&b, NULL, 0, 1, 1);
	assert_string_equal(buf_str(&b), "");
	buf_clear(&b);
}

static void
encodings_have_names(void **state)
{
	(void)state;
	assert_string_equal(encoding_name(ENCODING_GSM7), "GSM7");
	assert_string_equal(encoding_name(ENCODING_UCS2), "UCS2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_of_the_alphabet_goes_round),
		cmocka_unit_test(no_other_character_is_in_the_alphabet),
		cmocka_unit_test(
		    escapes_before_nothing_known_follow_the_standard),
		cmocka_unit_test(
		    national_locking_tables_replace_the_alphabet),
		cmocka_unit_test(
		    national_single_tables_replace_the_extension),
		cmocka_unit_test(
		    what_stands_around_a_character_does_not_change_it),
		cmocka_unit_test(shift_leaves_alone_what_never_was_gsm7),
		cmocka_unit_test(encodings_have_names),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
