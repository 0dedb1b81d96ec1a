/* User data headers, and the joining of long texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/concat.h"

#include "utf16.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct udh
read_header(const char *octets, size_t len)
{
	struct udh u;

	memset(&u, 0xff, sizeof u);
	udh_read(&u, (const uint8_t *)octets, len);
	return (u);
}

#define HEADER(s) read_header(s, sizeof s - 1)

static void
expect_single(struct udh u)
{
	assert_false(u.concat);
	assert_int_equal(u.max, 0);
	assert_int_equal(u.seq, 0);
	assert_int_equal(u.ref, 0);
}

static void
no_header_is_a_sound_single_text(void **state)
{
	(void)state;
	assert_true(HEADER("").sound);
	expect_single(HEADER(""));
	assert_true(HEADER("\x00").sound);
	expect_single(HEADER("\x00"));
}

static void
references_of_8_and_16_bit_are_read(void **state)
{
	struct udh u = HEADER("\x05\x00\x03\xab\x03\x02");

	(void)state;
	assert_true(u.sound && u.concat && !u.wide && !u.port && !u.other);
	assert_int_equal(u.ref, 0xab);
	assert_int_equal(u.max, 3);
	assert_int_equal(u.seq, 2);
	u = HEADER("\x06\x08\x04\xab\xcd\xff\xff");
	assert_true(u.sound && u.concat && u.wide);
	assert_int_equal(u.ref, 0xabcd);
	assert_int_equal(u.max, 255);
	assert_int_equal(u.seq, 255);
	u = HEADER("\x05\x00\x03\x00\x02\x01");
	assert_true(u.concat);
	assert_int_equal(u.ref, 0);
}

static void
what_is_no_sound_concatenation_is_a_single_text(void **state)
{
	static const char bad[][6] = {
		"\x05\x00\x03\x01\x00\x00", "\x05\x00\x03\x01\x00\x01",
		"\x05\x00\x03\x01\x01\x01", "\x05\x00\x03\x01\x02\x00",
		"\x05\x00\x03\x01\x02\x03", "\x05\x00\x03\x01\xff\x00",
		"\x05\x08\x03\x01\x02\x01", "\x05\x70\x03\x01\x02\x01",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct udh u = read_header(bad[i], sizeof bad[i]);

		assert_true(u.sound);
		expect_single(u);
		assert_int_equal(u.other, i == LENGTH(bad) - 1);
	}
	expect_single(HEADER("\x06\x08\x04\x00\x01\x02\x00"));
	expect_single(HEADER("\x06\x08\x04\x00\x01\x02\x03"));
	expect_single(HEADER("\x06\x00\x04\x00\x01\x02\x01"));
}

static void
a_header_that_does_not_fit_gives_nothing(void **state)
{
	static const char good[] = "\x05\x00\x03\xab\x03\x02";
	char octets[256] = { 0 };

	(void)state;
	for (size_t len = 1; len < sizeof good + 3; len++) {
		struct udh u;

		memcpy(octets, good, sizeof good);
		u = read_header(octets, len);
		if (len == sizeof good - 1) {
			assert_true(u.sound);
			continue;
		}
		assert_false(u.sound || u.port || u.other);
		expect_single(u);
	}
	/* An element beyond the header, one cut short, one without length. */
	assert_false(HEADER("\x05\x00\x04\xab\x03\x02").sound);
	assert_false(HEADER("\x0a\x00\x03\xab\x03\x02\x24\x01\x01\x25\x01").
	    sound);
	expect_single(HEADER("\x0a\x00\x03\xab\x03\x02\x24\x01\x01\x25\x01"));
	assert_false(HEADER("\x06\x00\x03\xab\x03\x02\x24").sound);
	/* 140 octets are all that there is. */
	octets[0] = (char)139;
	octets[1] = 0x70;
	octets[2] = (char)137;
	assert_true(read_header(octets, 140).sound);
	octets[0] = (char)140;
	octets[2] = (char)138;
	assert_false(read_header(octets, 141).sound);
}

static void
languages_ports_and_others_are_told_apart(void **state)
{
	struct udh u;

	(void)state;
	u = HEADER("\x0b\x00\x03\x07\x02\x01\x24\x01\x01\x25\x01\x0d");
	assert_true(u.sound && u.concat && !u.other && !u.port);
	assert_int_equal(u.single, 1);
	assert_int_equal(u.locking, 13);
	u = HEADER("\x08\x24\x01\x0e\x25\x02\x01\x01\x00");
	assert_false(u.sound);
	u = HEADER("\x07\x24\x01\x0e\x25\x02\x01\x01");
	assert_true(u.sound);
	assert_int_equal(u.single + u.locking, 0);
	u = HEADER("\x06\x05\x04\x0b\x84\x23\xf0");
	assert_true(u.sound && u.port && !u.other);
	u = HEADER("\x04\x04\x02\xf0\xf1");
	assert_true(u.sound && u.port);
	u = HEADER("\x0b\x05\x04\x15\x8a\x15\x8a\x00\x03\x4a\x03\x01");
	assert_true(u.sound && u.port && u.concat);
	u = HEADER("\x03\x70\x01\x00");
	assert_true(u.sound && u.other && !u.port);
}

static void
the_last_of_two_elements_counts_if_it_makes_sense(void **state)
{
	struct udh u;

	(void)state;
	u = HEADER("\x0a\x00\x03\x01\x02\x01\x00\x03\x09\x04\x03");
	assert_int_equal(u.ref, 9);
	assert_int_equal(u.max, 4);
	u = HEADER("\x0b\x00\x03\x01\x02\x01\x08\x04\x01\x02\x05\x05");
	assert_true(u.wide);
	assert_int_equal(u.ref, 0x102);
	u = HEADER("\x0b\x08\x04\x01\x02\x05\x05\x00\x03\x01\x02\x03");
	assert_true(u.concat && u.wide);
	assert_int_equal(u.seq, 5);
}

static void
random_headers_never_break_the_promises(void **state)
{
	uint8_t octets[150];

	(void)state;
	srandom(1);
	for (int round = 0; round < 200000; round++) {
		size_t len = (size_t)random() % (round % 2 ? 20 : 150);
		struct udh u;

		for (size_t i = 0; i < len; i++)
			octets[i] = (uint8_t)(random() %
			    (round % 3 != 0 ? 10 : 256));
		if (len != 0 && round % 5 != 0)
			octets[0] = (uint8_t)(len - 1);
		udh_read(&u, octets, len);
		assert_true(u.locking <= 13 && u.single <= 13);
		assert_true(u.sound || !(u.concat || u.port || u.other));
		if (u.concat)
			assert_true(u.max >= 2 && u.seq >= 1 &&
			    u.seq <= u.max);
		else
			assert_int_equal(u.max + u.seq + u.ref, 0);
	}
}

/* Segments of a test, written as UTF-8 and kept as libgammu would give them. */
struct texts {
	struct concat_segment	 segment[300];
	struct buf		 ud[300];
	size_t			 n;
};

static void
add_units(struct texts *t, unsigned int seq, bool ucs2, const void *units,
    size_t len)
{
	buf_add(&t->ud[t->n], units, len);
	t->segment[t->n] = (struct concat_segment){ .seq = (uint8_t)seq,
	    .ucs2 = ucs2, .ud = t->ud[t->n].data, .len = len };
	t->n++;
}

static void
add_text(struct texts *t, unsigned int seq, bool ucs2, const char *utf8)
{
	struct buf b = { 0 };

	utf16_add(&b, utf8, strlen(utf8));
	add_units(t, seq, ucs2, b.data, b.len);
	buf_clear(&b);
}

/* Asserts what the segments join into, and forgets them. */
static void
expect_joined(struct texts *t, unsigned int max, const char *text)
{
	struct buf b = { 0 };

	concat_join(&b, t->segment, t->n, max);
	assert_string_equal(buf_str(&b), text);
	assert_true(utf8_valid((char *)b.data, b.len));
	buf_clear(&b);
	for (size_t i = 0; i < t->n; i++)
		buf_clear(&t->ud[i]);
	t->n = 0;
}

static void
six_parts_join_in_all_720_orders(void **state)
{
	static const char *const parts[] = {
		"Komšija ", "me je ", "udario 👊", " pa ", "policija ",
		"nije došla",
	};
	struct texts t = { .n = 0 };
	unsigned int order[6], orders = 0;

	(void)state;
	for (unsigned int code = 0; code < 6 * 6 * 6 * 6 * 6 * 6; code++) {
		unsigned int seen = 0, rest = code;

		for (int i = 0; i < 6; i++, rest /= 6) {
			order[i] = rest % 6;
			seen |= 1u << order[i];
		}
		if (seen != 63)
			continue;
		for (int i = 0; i < 6; i++)
			add_text(&t, order[i] + 1, true, parts[order[i]]);
		expect_joined(&t, 6, "Komšija me je udario 👊 pa policija "
		    "nije došla");
		orders++;
	}
	assert_int_equal(orders, 720);
}

static void
each_gap_is_shown_once(void **state)
{
	static const struct {
		const char	*have;
		const char	*text;
	} cases[] = {
		{ "123", "(1)(2)(3)" }, { "12", "(1)(2)[...]" },
		{ "13", "(1)[...](3)" }, { "23", "[...](2)(3)" },
		{ "1", "(1)[...]" }, { "2", "[...](2)[...]" },
		{ "3", "[...](3)" }, { "", "[...]" },
	};
	struct texts t = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		for (const char *p = cases[i].have; *p != '\0'; p++) {
			char part[4] = { '(', *p, ')', '\0' };

			add_text(&t, (unsigned int)(*p - '0'), false, part);
		}
		expect_joined(&t, 3, cases[i].text);
	}
}

static void
the_first_of_two_with_one_seq_counts(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_text(&t, 2, false, "b");
	add_text(&t, 1, false, "a");
	add_text(&t, 2, false, "other");
	add_text(&t, 1, true, "a");
	expect_joined(&t, 2, "ab");
}

static void
a_seq_out_of_range_does_not_count(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_text(&t, 0, false, "zero");
	add_text(&t, 3, false, "three");
	add_text(&t, 255, false, "last");
	add_text(&t, 1, false, "a");
	add_text(&t, 2, false, "b");
	expect_joined(&t, 2, "ab");
}

static void
a_single_text_needs_no_seq(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	for (unsigned int max = 0; max < 2; max++) {
		for (unsigned int seq = 0; seq < 3; seq++) {
			add_text(&t, seq, true, "zdravo");
			add_text(&t, 1, true, "more");
			expect_joined(&t, max, "zdravo");
		}
		expect_joined(&t, max, "");
	}
}

static void
as_many_parts_as_there_can_be_are_joined(void **state)
{
	struct buf all = { 0 };
	struct texts t = { .n = 0 };

	(void)state;
	for (unsigned int seq = 255; seq > 0; seq--)
		add_text(&t, seq, seq % 2 != 0, seq % 2 != 0 ? "ž" : "é");
	for (unsigned int seq = 1; seq <= 255; seq++)
		buf_add_str(&all, seq % 2 != 0 ? "ž" : "é");
	expect_joined(&t, 255, buf_str(&all));
	add_text(&t, 255, true, "z");
	expect_joined(&t, 1000, "[...]z");
	buf_clear(&all);
}

static void
a_pair_cut_between_neighbours_is_whole_again(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_units(&t, 2, true, "\xde\x00\0b", 4);
	add_units(&t, 1, true, "\0a\xd8\x3d", 4);
	expect_joined(&t, 2, "a😀b");
	/* But not over a gap, and not into another coding. */
	add_units(&t, 1, true, "\0a\xd8\x3d", 4);
	add_units(&t, 3, true, "\xde\x00\0b", 4);
	expect_joined(&t, 3, "a\xef\xbf\xbd[...]\xef\xbf\xbd" "b");
	add_units(&t, 1, true, "\xd8\x3d", 2);
	add_text(&t, 2, false, "x");
	expect_joined(&t, 2, "\xef\xbf\xbdx");
	/* An odd octet is no half of a unit. */
	add_units(&t, 1, true, "\0a\xd8", 3);
	add_units(&t, 2, true, "\0b", 2);
	expect_joined(&t, 2, "ab");
}

static void
an_escape_cut_between_neighbours_is_whole_again(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_text(&t, 1, false, "100 \xc2\xb9");
	add_text(&t, 2, false, "eur");
	expect_joined(&t, 2, "100 €ur");
	add_text(&t, 1, false, "x\xc2\xb9");
	expect_joined(&t, 1, "x ");
}

static void
tildes_stay_as_they_are(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_text(&t, 1, true, "a~~b~");
	expect_joined(&t, 1, "a~~b~");
	add_text(&t, 1, false, "a~~b~");
	expect_joined(&t, 1, "a~~b~");
}

static void
codings_and_languages_may_change_from_part_to_part(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_text(&t, 1, false, "è");
	add_text(&t, 2, true, "Ж");
	add_text(&t, 3, false, "è");
	t.segment[2].locking = 1;
	add_text(&t, 4, false, "è\xc2\xb9" "c");
	t.segment[3].single = 2;
	add_text(&t, 5, false, "\xc2\xb9" "c");
	t.segment[4].single = 1;
	expect_joined(&t, 5, "èЖ€ècç");
}

static void
a_segment_beyond_all_sizes_is_cut(void **state)
{
	struct texts t = { .n = 0 };
	struct buf big = { 0 }, out = { 0 };

	(void)state;
	for (int i = 0; i < 50000; i++)
		buf_add(&big, "\0x", 2);
	add_units(&t, 1, false, big.data, big.len);
	add_units(&t, 2, true, big.data, big.len);
	concat_join(&out, t.segment, t.n, 2);
	assert_int_equal(out.len, 640);
	buf_clear(&out);
	buf_clear(&big);
	buf_clear(&t.ud[0]);
	buf_clear(&t.ud[1]);
}

static void
empty_parts_and_nul_are_taken(void **state)
{
	struct texts t = { .n = 0 };

	(void)state;
	add_units(&t, 1, true, "", 0);
	add_units(&t, 2, true, "\0a\0\0\0b", 6);
	add_units(&t, 3, false, "", 0);
	expect_joined(&t, 3, "a\xef\xbf\xbd" "b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_header_is_a_sound_single_text),
		cmocka_unit_test(references_of_8_and_16_bit_are_read),
		cmocka_unit_test(
		    what_is_no_sound_concatenation_is_a_single_text),
		cmocka_unit_test(a_header_that_does_not_fit_gives_nothing),
		cmocka_unit_test(languages_ports_and_others_are_told_apart),
		cmocka_unit_test(
		    the_last_of_two_elements_counts_if_it_makes_sense),
		cmocka_unit_test(random_headers_never_break_the_promises),
		cmocka_unit_test(six_parts_join_in_all_720_orders),
		cmocka_unit_test(each_gap_is_shown_once),
		cmocka_unit_test(the_first_of_two_with_one_seq_counts),
		cmocka_unit_test(a_seq_out_of_range_does_not_count),
		cmocka_unit_test(a_single_text_needs_no_seq),
		cmocka_unit_test(as_many_parts_as_there_can_be_are_joined),
		cmocka_unit_test(a_pair_cut_between_neighbours_is_whole_again),
		cmocka_unit_test(
		    an_escape_cut_between_neighbours_is_whole_again),
		cmocka_unit_test(tildes_stay_as_they_are),
		cmocka_unit_test(
		    codings_and_languages_may_change_from_part_to_part),
		cmocka_unit_test(a_segment_beyond_all_sizes_is_cut),
		cmocka_unit_test(empty_parts_and_nul_are_taken),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
