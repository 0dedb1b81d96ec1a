/*
 * Undoing what libgammu does to texts. Runs in glas-modem; pure.
 */
#include <string.h>

#include "modem/modem_alter.h"

#define ALTER_UD_OCTETS	140	/* TP-UD, header included */

static unsigned int
alter_unit(const uint8_t *octets, size_t unit)
{
	return ((unsigned int)octets[2 * unit] << 8 | octets[2 * unit + 1]);
}

static size_t
alter_put(uint8_t *to, size_t octets, unsigned int unit)
{
	to[octets] = (uint8_t)(unit >> 8);
	to[octets + 1] = (uint8_t)unit;
	return (octets + 2);
}

size_t
alter_restore(uint8_t *to, const uint8_t *from, size_t units)
{
	size_t octets = 0;

	for (size_t in = 0; octets < 2 * units; in++) {
		unsigned int unit = alter_unit(from, in);

		if (unit == '~' && alter_unit(from, in + 1) == '~')
			in++;
		else if (unit == '~')
			unit = 1;
		octets = alter_put(to, octets, unit);
	}
	return (octets);
}

size_t
alter_prepare(uint8_t *to, const uint8_t *from, size_t len)
{
	size_t units = len / 2, spare, octets = 0;

	if (len % 2 != 0 || units > ALTER_UNITS_MAX)
		return (0);
	spare = ALTER_UNITS_MAX - units;
	for (size_t i = 0; i < units; i++) {
		unsigned int unit = alter_unit(from, i);

		if (unit == 0)
			return (0);
		if (unit == '~' && spare == 0)
			unit = 0x02dc;
		if (unit == '~') {
			spare--;
			octets = alter_put(to, octets, unit);
		}
		octets = alter_put(to, octets, unit);
	}
	return (octets);
}

/* Those of the extension table (3GPP TS 23.038, 6.2.1.1) take two septets. */
static size_t
alter_septets(unsigned int unit)
{
	if (unit == 0x20ac || unit == 0x0c)
		return (2);
	return (unit < 0x80 && strchr("^{}\\[~]|", (int)unit) != NULL ? 2 : 1);
}

bool
alter_fits(bool ucs2, const uint8_t *utf16, size_t len, size_t udh_len)
{
	size_t septets = 0;

	if (udh_len > ALTER_UD_OCTETS)
		return (false);
	if (ucs2)
		return (len <= ALTER_UD_OCTETS - udh_len);
	for (size_t i = 0; i < len / 2; i++)
		septets += alter_septets(alter_unit(utf16, i));
	return (septets <= (ALTER_UD_OCTETS - udh_len) * 8 / 7);
}

/* Octets of UTF-8 of one code point. */
static size_t
alter_octets(uint8_t octets[4], unsigned int c)
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i > 0; i--) {
		octets[i - 1] = (uint8_t)(n == 1 ? c : 0x80 | (c & 0x3f));
		c >>= 6;
	}
	if (n > 1)
		octets[0] = (uint8_t)(octets[0] & 0x3f) | lead[n];
	return (n);
}

void
alter_utf8(char *to, size_t size, const uint8_t *from, size_t units)
{
	size_t len = 0;

	for (size_t i = 0; i < units; i++) {
		unsigned int c = alter_unit(from, i), low;
		uint8_t octets[4];
		size_t n;

		low = (c & 0xfc00) == 0xd800 && i + 1 < units ?
		    alter_unit(from, i + 1) : 0;
		if ((low & 0xfc00) == 0xdc00) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			i++;
		} else if ((c & 0xf800) == 0xd800 || c == 0) {
			c = 0xfffd;
		}
		n = alter_octets(octets, c);
		if (len + n >= size)
			break;
		memcpy(to + len, octets, n);
		len += n;
	}
	to[len] = '\0';
}

int
alter_validity(int minutes)
{
	const int hour = 60, day = 24 * hour, week = 7 * day;
	int value;

	if (minutes <= 12 * hour)
		value = (minutes + 4) / 5 - 1;
	else if (minutes <= day)
		value = 143 + (minutes - 12 * hour + 29) / 30;
	else if (minutes <= 30 * day)
		value = 166 + (minutes + day - 1) / day;
	else if (minutes <= 63 * week)
		value = 192 + (minutes + week - 1) / week;
	else
		value = 255;
	return (value < 0 ? 0 : value);
}

const char *
alter_ton(const char *number)
{
	const char *digits = number[0] == '+' ? number + 1 : number;

	if (digits[strspn(digits, "0123456789*#abc")] != '\0')
		return ("alphanumeric");
	return (number[0] == '+' ? "international" : "");
}
