/* UTF-8, UTF-16 and what may be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"

#include "utf16.h"

#define BAD "\xef\xbf\xbd"
#define LENGTH(a) (sizeof(a) / sizeof *(a))

typedef void (*turn_fn)(struct buf *, const char *, size_t);

static void
expect(turn_fn turn, const char *in, size_t len, const char *out)
{
	struct buf b = { 0 };

	turn(&b, in, len);
	assert_string_equal(buf_str(&b), out);
	assert_int_equal(b.len, strlen(out));
	assert_true(utf8_valid(buf_str(&b), b.len));
	buf_clear(&b);
}

static void
every_code_point_comes_back(void **state)
{
	struct buf b = { 0 }, wide = { 0 }, back = { 0 };

	(void)state;
	for (uint32_t c = 0; c <= 0x110000; c++) {
		bool scalar = c < 0xd800 || (c > 0xdfff && c < 0x110000);
		const char *p;

		buf_reset(&b);
		utf8_put(&b, c);
		p = (char *)b.data;
		assert_int_equal(utf8_next(&p, p + b.len),
		    scalar ? c : 0xfffd);
		assert_ptr_equal(p, (char *)b.data + b.len);
		assert_true(utf8_valid((char *)b.data, b.len));
		buf_reset(&wide);
		buf_reset(&back);
		utf16_add(&wide, (char *)b.data, b.len);
		assert_int_equal(wide.len, scalar && c > 0xffff ? 4 : 2);
		utf8_from_utf16be(&back, wide.data, wide.len);
		if (c == 0)
			assert_string_equal(buf_str(&back), BAD);
		else
			assert_string_equal(buf_str(&back), buf_str(&b));
	}
	buf_clear(&b);
	buf_clear(&wide);
	buf_clear(&back);
}

static void
octets_that_are_no_utf8_are_taken_alone(void **state)
{
	static const struct {
		const char	*in;
		size_t		 bad;	/* octets in front of "a" */
	} cases[] = {
		{ "\x80" "a", 1 }, { "\xbf\xbf" "a", 2 },
		{ "\xc0\x80" "a", 2 }, { "\xc1\xbf" "a", 2 },
		{ "\xc4" "a", 1 }, { "\xe0\x80\x80" "a", 3 },
		{ "\xe0\x9f\xbf" "a", 3 }, { "\xe2\x82" "a", 2 },
		{ "\xed\xa0\x80" "a", 3 }, { "\xed\xbf\xbf" "a", 3 },
		{ "\xf0\x80\x80\x80" "a", 4 }, { "\xf0\x8f\xbf\xbf" "a", 4 },
		{ "\xf0\x9f\x98" "a", 3 }, { "\xf4\x90\x80\x80" "a", 4 },
		{ "\xf5\x80\x80\x80" "a", 4 }, { "\xf8\x88\x80\x80\x80" "a", 5 },
		{ "\xfe\xff" "a", 2 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *p = cases[i].in, *end = p + strlen(p);

		assert_false(utf8_valid(p, strlen(p)));
		for (size_t n = 0; n < cases[i].bad; n++)
			assert_int_equal(utf8_next(&p, end), 0xfffd);
		assert_int_equal(utf8_next(&p, end), 'a');
		assert_ptr_equal(p, end);
	}
	assert_true(utf8_valid("a\0b", 3));
	assert_true(utf8_valid(NULL, 0));
	assert_false(utf8_valid("\xe2\x82\xac", 2));
}

static void
utf16_with_holes_becomes_text_that_a_database_takes(void **state)
{
	static const struct {
		const char	*in;
		size_t		 len;
		const char	*out;
	} cases[] = {
		{ "", 0, "" },
		{ "\0a\0b", 4, "ab" },
		{ "\0a\0b\0", 5, "ab" },
		{ "\x04\x16", 2, "Ж" },
		{ "\xd8\x3d\xde\x00", 4, "😀" },
		{ "\xdb\xff\xdf\xff", 4, "\xf4\x8f\xbf\xbf" },
		{ "\xd8\x3d", 2, BAD },
		{ "\xde\x00", 2, BAD },
		{ "\xd8\x3d\0a", 4, BAD "a" },
		{ "\xde\x00\xd8\x3d", 4, BAD BAD },
		{ "\xd8\x3d\xd8\x3d\xde\x00", 6, BAD "😀" },
		{ "\xd8\x3d\xde\x00\xde\x00", 6, "😀" BAD },
		{ "\xd8\x3d\xde", 3, BAD },
		{ "\0a\0\0\0b", 6, "a" BAD "b" },
		{ "\xfe\xff\xff\xff", 4, "\xef\xbb\xbf\xef\xbf\xbf" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		buf_reset(&b);
		utf8_from_utf16be(&b, (const uint8_t *)cases[i].in,
		    cases[i].len);
		assert_string_equal(buf_str(&b), cases[i].out);
	}
	utf8_from_utf16be(&b, NULL, 0);
	buf_clear(&b);
}

static void
text_goes_through_utf16_and_back(void **state)
{
	static const char *const texts[] = {
		"Policajac me je udario na pijaci, šta da radim? Đorđe",
		"Полицајац ме је ударио на пијаци. Љубица Њ. Џ.",
		"Policia nuk erdhi, s’ka rrymë. Çka të bëj?",
		"Kaj te džav? Me som bizo čhib, o rrom marda man.",
		"Полицията не дойде. Щъркел, юли, Йовка, ьо",
		"👨‍👩‍👧‍👦 🇷🇸 😀",
	};
	struct buf wide = { 0 }, back = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		buf_reset(&wide);
		buf_reset(&back);
		utf16_add(&wide, texts[i], strlen(texts[i]));
		utf8_from_utf16be(&back, wide.data, wide.len);
		assert_string_equal(buf_str(&back), texts[i]);
	}
	buf_clear(&wide);
	buf_clear(&back);
}

static void
ordinary_text_is_shown_as_it_is(void **state)
{
	static const char *const texts[] = {
		"", "Sve je OK.\nDva reda.", "ČčĆćŽžŠšĐđ ëç ЉЊЂЋЏ щъьюя",
		"a\xcc\x8c", "100 €, 20 °C, ½", "שלום عربي हिन्दी 中文",
		"😀👍🏽🇷🇸1️⃣☎️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🤷🏽‍♀️", BAD,
		"\\u{202E}", "\xc2\xa0",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		expect(utf8_visible, texts[i], strlen(texts[i]), texts[i]);
	expect(utf8_visible, NULL, 0, "");
}

static void
hidden_characters_are_made_visible(void **state)
{
	static const struct {
		uint32_t	 c;
		const char	*shown;
	} cases[] = {
		{ 0x0000, "\\u{0000}" }, { 0x0001, "\\u{0001}" },
		{ 0x0007, "\\u{0007}" }, { 0x0008, "\\u{0008}" },
		{ 0x000b, "\\u{000B}" }, { 0x001b, "\\u{001B}" },
		{ 0x007f, "\\u{007F}" }, { 0x0080, "\\u{0080}" },
		{ 0x009b, "\\u{009B}" }, { 0x009f, "\\u{009F}" },
		{ 0x00ad, "\\u{00AD}" }, { 0x061c, "\\u{061C}" },
		{ 0x180e, "\\u{180E}" }, { 0x200b, "\\u{200B}" },
		{ 0x200d, "\\u{200D}" }, { 0x200e, "\\u{200E}" },
		{ 0x200f, "\\u{200F}" }, { 0x2028, "\\u{2028}" },
		{ 0x2029, "\\u{2029}" }, { 0x202a, "\\u{202A}" },
		{ 0x202e, "\\u{202E}" }, { 0x2060, "\\u{2060}" },
		{ 0x2066, "\\u{2066}" }, { 0x2069, "\\u{2069}" },
		{ 0xe000, "\\u{E000}" }, { 0xf8ff, "\\u{F8FF}" },
		{ 0xfdd0, "\\u{FDD0}" }, { 0xfeff, "\\u{FEFF}" },
		{ 0xfff9, "\\u{FFF9}" }, { 0xfffe, "\\u{FFFE}" },
		{ 0xffff, "\\u{FFFF}" }, { 0x1ffff, "\\u{1FFFF}" },
		{ 0xe0001, "\\u{E0001}" }, { 0xe0041, "\\u{E0041}" },
		{ 0xe01ef, "\\u{E01EF}" }, { 0xf0000, "\\u{F0000}" },
		{ 0x10ffff, "\\u{10FFFF}" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char shown[32];

		buf_reset(&b);
		utf8_put(&b, 'a');
		utf8_put(&b, cases[i].c);
		utf8_put(&b, 'b');
		strcpy(shown, "a");
		strcat(shown, cases[i].shown);
		strcat(shown, "b");
		expect(utf8_visible, (char *)b.data, b.len, shown);
	}
	buf_clear(&b);
}

static void
a_joiner_outside_an_emoji_is_made_visible(void **state)
{
#define ZWJ "\xe2\x80\x8d"
	static const struct {
		const char	*in, *out;
	} cases[] = {
		{ "👨" ZWJ, "👨\\u{200D}" },
		{ ZWJ "👨", "\\u{200D}👨" },
		{ "👨" ZWJ "a", "👨\\u{200D}a" },
		{ "a" ZWJ "👨", "a\\u{200D}👨" },
		{ "👨" ZWJ ZWJ "👨", "👨\\u{200D}\\u{200D}👨" },
		{ "👨\u200c" ZWJ "👨", "👨\\u{200C}\\u{200D}👨" },
		{ "👨\xcc\x81" ZWJ "👨", "👨\xcc\x81" ZWJ "👨" },
	};
#undef ZWJ

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(utf8_visible, cases[i].in, strlen(cases[i].in),
		    cases[i].out);
}

static void
line_ends_become_one_kind_and_tabs_spaces(void **state)
{
	(void)state;
	expect(utf8_visible, "a\r\nb\rc\nd\fe\tf\r", 13, "a\nb\nc\nd\ne f\n");
	expect(utf8_visible, "\r\r\n\n", 4, "\n\n\n");
}

static void
what_was_made_visible_stays_as_it_is(void **state)
{
	struct buf in = { 0 }, once = { 0 }, twice = { 0 };

	(void)state;
	srandom(1);
	for (int i = 0; i < 2000; i++) {
		buf_reset(&in);
		buf_reset(&once);
		buf_reset(&twice);
		for (long n = random() % 40; n > 0; n--) {
			uint8_t octet = (uint8_t)random();

			buf_add(&in, &octet, 1);
		}
		utf8_visible(&once, (char *)in.data, in.len);
		utf8_visible(&twice, (char *)once.data, once.len);
		assert_string_equal(buf_str(&once), buf_str(&twice));
		assert_int_equal(strlen(buf_str(&once)), once.len);
	}
	buf_clear(&in);
	buf_clear(&once);
	buf_clear(&twice);
}

static void
letters_and_marks_are_composed(void **state)
{
	static const struct {
		const char	*in, *out;
	} cases[] = {
		{ "", "" },
		{ "abc", "abc" },
		{ "c\xcc\x8c", "č" },
		{ "C\xcc\x81", "Ć" },
		{ "Pis\xcc\x8c" "a, s\xcc\x8c", "Piša, š" },
		{ "и\xcc\x86", "й" },
		{ "к\xcc\x81", "ќ" },
		{ "e\xcc\x88 c\xcc\xa7", "ë ç" },
		{ "\xe2\x84\xab", "Å" },	/* the angstrom sign */
		{ "q\xcc\x8c", "q\xcc\x8c" },
		{ "a\xcc\x81\xcc\xa7", "á\xcc\xa7" },
		{ "\xe1\x84\x80\xe1\x85\xa1", "가" },	/* Hangul */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(utf8_nfc, cases[i].in, strlen(cases[i].in),
		    cases[i].out);
	expect(utf8_nfc, NULL, 0, "");
	expect(utf8_nfc, "c\xcc\x8c\xff\xcc\x8c", 6, "č" BAD "\xcc\x8c");
}

static void
a_mark_finds_its_letter_wherever_a_piece_ends(void **state)
{
	struct buf in = { 0 }, out = { 0 }, wanted = { 0 };

	(void)state;
	for (int before = 1000; before < 1040; before++) {
		buf_reset(&in);
		buf_reset(&out);
		buf_reset(&wanted);
		for (int i = 0; i < before; i++) {
			buf_add_str(&in, "x");
			buf_add_str(&wanted, "x");
		}
		buf_add_str(&in, "c\xcc\x8c");
		buf_add_str(&wanted, "č");
		utf8_nfc(&out, (char *)in.data, in.len);
		assert_string_equal(buf_str(&out), buf_str(&wanted));
	}
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&wanted);
}

static void
a_long_run_of_marks_is_taken(void **state)
{
	struct buf in = { 0 }, out = { 0 };

	(void)state;
	buf_add_str(&in, "a");
	for (int i = 0; i < 10000; i++)
		buf_add_str(&in, i % 2 != 0 ? "\xcc\x81" : "\xcc\xa7");
	utf8_nfc(&out, (char *)in.data, in.len);
	assert_true(utf8_valid((char *)out.data, out.len));
	assert_true(out.len <= in.len + 3);
	buf_clear(&in);
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(octets_that_are_no_utf8_are_taken_alone),
		cmocka_unit_test(
		    utf16_with_holes_becomes_text_that_a_database_takes),
		cmocka_unit_test(text_goes_through_utf16_and_back),
		cmocka_unit_test(ordinary_text_is_shown_as_it_is),
		cmocka_unit_test(hidden_characters_are_made_visible),
		cmocka_unit_test(a_joiner_outside_an_emoji_is_made_visible),
		cmocka_unit_test(line_ends_become_one_kind_and_tabs_spaces),
		cmocka_unit_test(what_was_made_visible_stays_as_it_is),
		cmocka_unit_test(letters_and_marks_are_composed),
		cmocka_unit_test(
		    a_mark_finds_its_letter_wherever_a_piece_ends),
		cmocka_unit_test(a_long_run_of_marks_is_taken),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
