/* From a text to segments, and what it costs. */
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
#include "sms/segment.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static void
repeat(struct buf *b, const char *s, unsigned int n)
{
	while (n-- > 0)
		buf_add_str(b, s);
}

/* The segments read as a phone reads them. */
static void
join_like_a_phone(struct buf *out, const struct segments *s)
{
	struct concat_segment segment[SEGMENTS_MAX];
	struct udh udh;

	for (unsigned int i = 0; i < s->count; i++) {
		const struct segment *from = &s->segment[i];

		udh_read(&udh, from->udh, from->udh_len);
		assert_true(udh.sound);
		assert_int_equal(udh.concat, s->count > 1);
		segment[i] = (struct concat_segment){ .seq = udh.seq,
		    .ucs2 = s->encoding == ENCODING_UCS2,
		    .ud = from->ud, .len = from->ud_len };
	}
	concat_join(out, segment, s->count, s->count);
}

/* Asserts all that is true of every text, and returns its segments. */
static unsigned int
check(const char *text, struct segments *s)
{
	unsigned int units = 0, total, count, room;
	enum encoding encoding;
	struct buf back = { 0 };

	count = segment_count(text, &encoding, &total);
	assert_true(count >= 1);
	if (segment_text(text, 0x5a, SEGMENTS_MAX, s) == -1) {
		assert_true(count > SEGMENTS_MAX);
		return (count);
	}
	assert_int_equal(s->count, count);
	assert_int_equal(s->encoding, encoding);
	assert_int_equal(s->units, total);
	room = encoding == ENCODING_GSM7 ? (count == 1 ? 160 : 153) :
	    (count == 1 ? 70 : 67);
	for (unsigned int i = 0; i < count; i++) {
		const struct segment *one = &s->segment[i];
		const uint8_t udh[6] = { 5, 0, 3, 0x5a, (uint8_t)count,
			(uint8_t)(i + 1) };

		units += one->units;
		assert_true(one->units <= room);
		assert_true(one->units + 2 > room || i + 1 == count);
		assert_true(one->ud_len % 2 == 0 && one->ud_len <= 320);
		assert_int_equal(one->udh_len, count > 1 ? 6 : 0);
		if (count > 1)
			assert_memory_equal(one->udh, udh, 6);
	}
	assert_int_equal(units, total);
	join_like_a_phone(&back, s);
	assert_string_equal(buf_str(&back), text);
	buf_clear(&back);
	return (count);
}

static void
lengths_around_each_limit_cost_what_they_must(void **state)
{
	static const struct {
		const char	*character;
		unsigned int	 units, alone, part;
	} kinds[] = {
		{ "a", 1, 160, 153 }, { "@", 1, 160, 153 },
		{ "é", 1, 160, 153 }, { "Δ", 1, 160, 153 },
		{ "\n", 1, 160, 153 }, { "€", 2, 80, 76 },
		{ "~", 2, 80, 76 }, { "š", 1, 70, 67 }, { "Ж", 1, 70, 67 },
		{ "ë", 1, 70, 67 }, { "ç", 1, 70, 67 }, { "Ç", 1, 70, 67 },
		{ "’", 1, 70, 67 }, { "😀", 2, 35, 33 },
	};
	struct segments s;

	(void)state;
	for (size_t k = 0; k < LENGTH(kinds); k++) {
		for (unsigned int n = 0; n <= 11 * kinds[k].part; n++) {
			struct buf text = { 0 };
			unsigned int wanted = n <= kinds[k].alone ? 1 :
			    (n + kinds[k].part - 1) / kinds[k].part;

			repeat(&text, kinds[k].character, n);
			assert_int_equal(check(buf_str(&text), &s), wanted);
			if (wanted <= SEGMENTS_MAX)
				assert_int_equal(s.units, n * kinds[k].units);
			buf_clear(&text);
		}
	}
}

static void
the_exact_boundaries(void **state)
{
	static const struct {
		const char	*character;
		unsigned int	 n, segments, last;
	} cases[] = {
		{ "a", 160, 1, 160 }, { "a", 161, 2, 8 }, { "a", 306, 2, 153 },
		{ "a", 307, 3, 1 }, { "a", 459, 3, 153 }, { "a", 460, 4, 1 },
		{ "ж", 70, 1, 70 }, { "ж", 71, 2, 4 }, { "ж", 134, 2, 67 },
		{ "ж", 135, 3, 1 }, { "ж", 201, 3, 67 }, { "ж", 202, 4, 1 },
	};
	struct segments s;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct buf text = { 0 };

		repeat(&text, cases[i].character, cases[i].n);
		assert_int_equal(check(buf_str(&text), &s), cases[i].segments);
		assert_int_equal(s.segment[s.count - 1].units, cases[i].last);
		buf_clear(&text);
	}
}

static void
an_escape_is_never_cut(void **state)
{
	struct segments s;

	(void)state;
	for (unsigned int before = 150; before < 156; before++) {
		struct buf text = { 0 };

		repeat(&text, "a", before);
		repeat(&text, "€", 1);
		repeat(&text, "b", 20);
		assert_int_equal(check(buf_str(&text), &s), 2);
		assert_int_equal(s.segment[0].units,
		    before == 152 ? 152 : 153);
		buf_clear(&text);
	}
}

static void
a_surrogate_pair_is_never_cut(void **state)
{
	struct segments s;

	(void)state;
	for (unsigned int before = 60; before < 70; before++) {
		struct buf text = { 0 };

		repeat(&text, "ж", before);
		repeat(&text, "😀", 1);
		repeat(&text, "ш", 20);
		assert_int_equal(check(buf_str(&text), &s), 2);
		assert_int_equal(s.segment[0].units, before == 66 ? 66 : 67);
		buf_clear(&text);
	}
}

static void
one_letter_turns_the_whole_text_into_ucs2(void **state)
{
	enum encoding encoding;
	unsigned int units;

	(void)state;
	assert_int_equal(segment_count("", &encoding, &units), 1);
	assert_int_equal(encoding, ENCODING_GSM7);
	assert_int_equal(units, 0);
	assert_int_equal(segment_count("Primljeno [1] 5€", &encoding, &units),
	    1);
	assert_int_equal(encoding, ENCODING_GSM7);
	assert_int_equal(units, 19);
	assert_int_equal(segment_count("Prijava nije stigla, pišite ponovo "
	    "kada budete mogli na isti broj.", &encoding, &units), 1);
	assert_int_equal(encoding, ENCODING_UCS2);
	assert_int_equal(units, 66);
	assert_int_equal(segment_count("a", NULL, NULL), 1);
}

static void
samples_of_all_languages_come_back(void **state)
{
	static const char *const texts[] = {
		"", "Hvala. Prijava 123456 je primljena. U opasnosti 192.",
		"Хвала. Пријава 123456 је примљена. У опасности 192, 193, 194.",
		"Faleminderit. Raporti 123456 u pranua. Në rrezik 192 ose 112.",
		"Najis tuke. O phenipe 123456 si lilo. Čhib thaj čačipe.",
		"Благодаря. Сигналът 123456 е приет. При опасност 112, ъщюя.",
		"~ {[|]} \\ ^ € ~~ and more of it ~", "~ ж ~~ ш ~~~ ",
		"line\nline\rline\r\n", "👨‍👩‍👧‍👦🇷🇸",
	};
	struct segments s;
	struct buf big = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		check(texts[i], &s);
		buf_reset(&big);
		repeat(&big, texts[i], 5);
		check(buf_str(&big), &s);
	}
	buf_clear(&big);
}

static void
random_texts_come_back(void **state)
{
	static const char *const some[] = {
		"a", " ", "€", "~", "š", "😀", "\n", "@", "ж", "Ω",
	};
	struct segments s;

	(void)state;
	srandom(1);
	for (int round = 0; round < 3000; round++) {
		struct buf text = { 0 };
		unsigned int kinds = round % 2 != 0 ? 4 : LENGTH(some);

		for (long n = random() % 400; n > 0; n--)
			repeat(&text, some[(unsigned int)random() % kinds], 1);
		check(buf_str(&text), &s);
		buf_clear(&text);
	}
}

static void
more_segments_than_wanted_are_refused(void **state)
{
	struct buf text = { 0 };
	struct segments s;

	(void)state;
	repeat(&text, "a", 10 * 153);
	assert_int_equal(segment_text(buf_str(&text), 1, SEGMENTS_MAX, &s), 0);
	assert_int_equal(segment_text(buf_str(&text), 1, 9, &s), -1);
	repeat(&text, "a", 1);
	assert_int_equal(segment_text(buf_str(&text), 1, SEGMENTS_MAX, &s),
	    -1);
	assert_int_equal(segment_text(buf_str(&text), 1, 200, &s), -1);
	assert_int_equal(segment_count(buf_str(&text), NULL, NULL), 11);
	assert_int_equal(segment_text("", 1, 1, &s), 0);
	assert_int_equal(s.segment[0].ud_len + s.segment[0].udh_len, 0);
	buf_clear(&text);
}

static void
expect_cut(const char *text, const char *tail, unsigned int max,
    const char *wanted)
{
	char *copy = xmalloc(strlen(text) + strlen(tail) + 1);

	strcpy(copy, text);
	segment_cut(copy, tail, max);
	assert_string_equal(copy, wanted);
	free(copy);
}

static void
a_text_that_fits_is_not_cut(void **state)
{
	struct buf text = { 0 };

	(void)state;
	expect_cut("", "...", 1, "");
	expect_cut("kratko", "...", 1, "kratko");
	repeat(&text, "a", 160);
	expect_cut(buf_str(&text), "...", 1, buf_str(&text));
	buf_reset(&text);
	repeat(&text, "ж", 201);
	expect_cut(buf_str(&text), "...", 3, buf_str(&text));
	buf_clear(&text);
}

static void
a_long_text_is_cut_at_a_word(void **state)
{
	struct buf text = { 0 }, wanted = { 0 };

	(void)state;
	repeat(&text, "rec ", 41);		/* 164 */
	repeat(&wanted, "rec ", 39);
	wanted.len--;				/* 155, 3 more fit */
	buf_add_str(&wanted, "...");
	expect_cut(buf_str(&text), "...", 1, buf_str(&wanted));
	buf_reset(&text);
	buf_reset(&wanted);
	repeat(&text, "реч  ", 20);		/* 100, two spaces */
	repeat(&wanted, "реч  ", 13);
	wanted.len -= 2;			/* 63 */
	buf_add_str(&wanted, " INFO");
	expect_cut(buf_str(&text), " INFO", 1, buf_str(&wanted));
	buf_clear(&text);
	buf_clear(&wanted);
}

static void
a_word_longer_than_all_is_cut_between_characters(void **state)
{
	struct buf text = { 0 }, wanted = { 0 };

	(void)state;
	buf_add_str(&text, "ok ");
	repeat(&text, "ж", 100);
	buf_add_str(&wanted, "ok ");
	repeat(&wanted, "ж", 64);
	buf_add_str(&wanted, "...");
	expect_cut(buf_str(&text), "...", 1, buf_str(&wanted));
	buf_reset(&text);
	buf_reset(&wanted);
	repeat(&text, "😀", 40);
	repeat(&wanted, "😀", 33);
	buf_add_str(&wanted, "...");
	expect_cut(buf_str(&text), "...", 1, buf_str(&wanted));
	buf_clear(&text);
	buf_clear(&wanted);
}

static void
cutting_off_the_costly_letter_makes_room(void **state)
{
	struct buf text = { 0 }, wanted = { 0 };

	(void)state;
	repeat(&text, "rec ", 35);		/* 140 */
	buf_add_str(&wanted, buf_str(&text));
	wanted.len--;
	buf_add_str(&wanted, "...");
	buf_add_str(&text, "šta je to");
	expect_cut(buf_str(&text), "...", 1, buf_str(&wanted));
	buf_clear(&text);
	buf_clear(&wanted);
}

static void
where_nothing_fits_the_tail_remains(void **state)
{
	(void)state;
	expect_cut("abc", "...", 0, "...");
}

static void
what_was_cut_fits_and_is_the_start_of_the_text(void **state)
{
	static const char *const some[] = {
		"a", " ", "€", "word", "š", "😀", "\n", ". ", "ж", "long-er ",
	};

	(void)state;
	srandom(2);
	for (int round = 0; round < 2000; round++) {
		unsigned int max = 1 + (unsigned int)random() % 3;
		unsigned int kinds = round % 2 != 0 ? 4 : LENGTH(some);
		struct buf text = { 0 };
		char *copy;
		size_t len;

		for (long n = random() % 600; n > 0; n--)
			repeat(&text, some[(unsigned int)random() % kinds], 1);
		copy = xmalloc(text.len + 9);
		strcpy(copy, buf_str(&text));
		segment_cut(copy, " (INFO)", max);
		len = strlen(copy);
		assert_true(segment_count(copy, NULL, NULL) <= max);
		assert_true(utf8_valid(copy, len));
		if (strcmp(copy, buf_str(&text)) != 0) {
			assert_string_equal(copy + len - 7, " (INFO)");
			assert_memory_equal(copy, text.data, len - 7);
		}
		free(copy);
		buf_clear(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    lengths_around_each_limit_cost_what_they_must),
		cmocka_unit_test(the_exact_boundaries),
		cmocka_unit_test(an_escape_is_never_cut),
		cmocka_unit_test(a_surrogate_pair_is_never_cut),
		cmocka_unit_test(one_letter_turns_the_whole_text_into_ucs2),
		cmocka_unit_test(samples_of_all_languages_come_back),
		cmocka_unit_test(random_texts_come_back),
		cmocka_unit_test(more_segments_than_wanted_are_refused),
		cmocka_unit_test(a_text_that_fits_is_not_cut),
		cmocka_unit_test(a_long_text_is_cut_at_a_word),
		cmocka_unit_test(
		    a_word_longer_than_all_is_cut_between_characters),
		cmocka_unit_test(cutting_off_the_costly_letter_makes_room),
		cmocka_unit_test(where_nothing_fits_the_tail_remains),
		cmocka_unit_test(
		    what_was_cut_fits_and_is_the_start_of_the_text),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
