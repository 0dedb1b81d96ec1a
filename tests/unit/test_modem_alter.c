/*
 * What libgammu does to texts is undone exactly: the tests alter texts as
 * libgammu 1.42 does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "modem/modem_alter.h"

#define UNITS_MAX 128

struct units {
	uint8_t	 octets[2 * 2 * UNITS_MAX + 4];
	size_t	 count;
};

static void
units_add(struct units *u, unsigned int unit)
{
	u->octets[2 * u->count] = (uint8_t)(unit >> 8);
	u->octets[2 * u->count + 1] = (uint8_t)unit;
	u->count++;
}

static unsigned int
units_at(const struct units *u, size_t i)
{
	return ((unsigned int)u->octets[2 * i] << 8 | u->octets[2 * i + 1]);
}

static struct units
units_of(const char *ascii)
{
	struct units u = { .count = 0 };

	for (; *ascii != '\0'; ascii++)
		units_add(&u, (unsigned char)*ascii);
	return (u);
}

/* On the way in: "~" is doubled, U+0001 becomes "~". */
static struct units
gammu_decoded(const struct units *air)
{
	struct units u = { .count = 0 };

	for (size_t i = 0; i < air->count; i++) {
		unsigned int unit = units_at(air, i);

		if (unit == '~')
			units_add(&u, '~');
		units_add(&u, unit == 1 ? '~' : unit);
	}
	return (u);
}

/* On the way out, from at most 70 units: two "~" become one, one becomes
 * U+0001. */
static struct units
gammu_encoded(const struct units *given)
{
	struct units u = { .count = 0 };
	size_t n = given->count < 70 ? given->count : 70;

	for (size_t i = 0; i < n; i++) {
		unsigned int unit = units_at(given, i);

		if (unit != '~') {
			units_add(&u, unit);
		} else if (i + 1 < n && units_at(given, i + 1) == '~') {
			units_add(&u, '~');
			i++;
		} else {
			units_add(&u, 1);
		}
	}
	return (u);
}

static void
assert_units(const struct units *a, const struct units *b)
{
	assert_int_equal(a->count, b->count);
	assert_memory_equal(a->octets, b->octets, 2 * a->count);
}

static void
received_ucs2_is_restored(void **state)
{
	static const char *const texts[] = { "", "a", "~", "~~", "a~b", "~a~",
		"a\001b", "\001", "\001a\001", "~~~~", "no tilde at all" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct units air = units_of(texts[i]);
		struct units decoded = gammu_decoded(&air);
		struct units got = { .count = air.count };

		assert_int_equal(alter_restore(got.octets, decoded.octets,
		    air.count), 2 * air.count);
		assert_units(&got, &air);
	}
}

static void
sent_ucs2_arrives_as_it_is(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t units = 1 + (size_t)(rand() % 70), tildes = 0, len;
		struct units text = { .count = 0 }, given, air;

		while (text.count < units) {
			bool tilde = rand() % 8 == 0 && units + tildes < 70;

			units_add(&text, tilde ? '~' : 0x400u +
			    (unsigned int)(rand() % 99));
			tildes += tilde;
		}
		len = alter_prepare(given.octets, text.octets,
		    2 * text.count);
		given.count = len / 2;
		air = gammu_encoded(&given);
		assert_units(&air, &text);
	}
}

static void
tildes_without_room_look_the_same(void **state)
{
	struct units text = { .count = 0 }, given, air;

	(void)state;
	while (text.count < 70)
		units_add(&text, text.count < 68 ? '~' : 0x448);
	given.count = alter_prepare(given.octets, text.octets, 140) / 2;
	air = gammu_encoded(&given);
	assert_int_equal(air.count, 70);
	for (size_t i = 0; i < 70; i++)
		assert_int_equal(units_at(&air, i), i < 68 ? 0x2dc : 0x448);
}

static void
what_cannot_be_sent_is_refused(void **state)
{
	uint8_t to[2 * ALTER_UNITS_MAX], from[200] = { 0 };

	(void)state;
	assert_int_equal(alter_prepare(to, from, 2), 0); /* U+0000 */
	memset(from, 4, sizeof from);
	assert_int_equal(alter_prepare(to, from, 3), 0);
	assert_int_equal(alter_prepare(to, from, 142), 0);
	assert_int_equal(alter_prepare(to, from, 140), 140);
}

static void
what_fits_is_known(void **state)
{
	struct units u = { .count = 0 };

	(void)state;
	while (u.count < 80)
		units_add(&u, 0x20ac);
	assert_true(alter_fits(false, u.octets, 2 * 80, 0));
	assert_false(alter_fits(false, u.octets, 2 * 80, 6));
	assert_true(alter_fits(false, u.octets, 2 * 76, 6));
	assert_false(alter_fits(false, u.octets, 2 * 77, 6));
	assert_true(alter_fits(true, u.octets, 140, 0));
	assert_false(alter_fits(true, u.octets, 142, 0));
	assert_true(alter_fits(true, u.octets, 134, 6));
	assert_false(alter_fits(true, u.octets, 136, 6));
	assert_true(alter_fits(true, u.octets, 0, 140));
	assert_false(alter_fits(true, u.octets, 0, 141));
	u = units_of("^{}\\[~]|");
	assert_true(alter_fits(false, u.octets, 16, 126));
	assert_false(alter_fits(false, u.octets, 16, 127));
}

static void
utf8_is_always_valid(void **state)
{
	static const struct {
		const char	*utf16;
		size_t		 units;
		size_t		 size;
		const char	*utf8;
	} cases[] = {
		{ "", 0, 8, "" },
		{ "\0+\0003", 2, 8, "+3" },
		{ "\004\110\001\141", 2, 8, "\xd1\x88\xc5\xa1" },
		{ "\x20\xac", 1, 8, "\xe2\x82\xac" },
		{ "\xd8\x3d\xdc\x4d", 2, 8, "\xf0\x9f\x91\x8d" },
		{ "\xd8\x3d\0a", 2, 8, "\xef\xbf\xbd" "a" },
		{ "\xdc\x4d", 1, 8, "\xef\xbf\xbd" },
		{ "\xd8\x3d", 1, 8, "\xef\xbf\xbd" },
		{ "\0\0\0b", 2, 8, "\xef\xbf\xbd" "b" },
		{ "\0a\0b\0c", 3, 3, "ab" },
		{ "\0a\x20\xac", 2, 4, "a" },
	};
	char to[16];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		alter_utf8(to, cases[i].size,
		    (const uint8_t *)cases[i].utf16, cases[i].units);
		assert_string_equal(to, cases[i].utf8);
	}
}

/* What an octet stands for, by TS 23.040, 9.2.3.12.1. */
static int
minutes_of(int vp)
{
	if (vp <= 143)
		return ((vp + 1) * 5);
	if (vp <= 167)
		return (12 * 60 + (vp - 143) * 30);
	if (vp <= 196)
		return ((vp - 166) * 24 * 60);
	return ((vp - 192) * 7 * 24 * 60);
}

static void
validity_is_the_next_longer_period(void **state)
{
	(void)state;
	for (int minutes = 1; minutes <= 63 * 7 * 24 * 60; minutes += 7) {
		int vp = alter_validity(minutes);

		assert_in_range(vp, 0, 255);
		assert_true(minutes_of(vp) >= minutes);
		assert_true(vp == 0 || minutes_of(vp - 1) < minutes);
	}
	assert_int_equal(alter_validity(0), 0);
	assert_int_equal(alter_validity(1440), 167);
	assert_int_equal(alter_validity(INT32_MAX), 255);
}

static void
type_of_number_is_seen_in_the_number(void **state)
{
	(void)state;
	assert_string_equal(alter_ton("+381641234567"), "international");
	assert_string_equal(alter_ton("0641234567"), "");
	assert_string_equal(alter_ton("*100#"), "");
	assert_string_equal(alter_ton("Banka"), "alphanumeric");
	assert_string_equal(alter_ton("+Banka"), "alphanumeric");
	assert_string_equal(alter_ton(""), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(received_ucs2_is_restored),
		cmocka_unit_test(sent_ucs2_arrives_as_it_is),
		cmocka_unit_test(tildes_without_room_look_the_same),
		cmocka_unit_test(what_cannot_be_sent_is_refused),
		cmocka_unit_test(what_fits_is_known),
		cmocka_unit_test(utf8_is_always_valid),
		cmocka_unit_test(validity_is_the_next_longer_period),
		cmocka_unit_test(type_of_number_is_seen_in_the_number),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
