/*
 * Any octets as a text on its way through libgammu: src/modem/modem_alter.c.
 * The first octet says how long a header is, or how much room there is.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lib/mem.h"
#include "modem/modem_alter.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static unsigned int
fuzz_unit(const uint8_t *octets, size_t unit)
{
	return ((unsigned int)octets[2 * unit] << 8 | octets[2 * unit + 1]);
}

/* What is sent comes back, but for "~" where there was no room. */
static void
fuzz_prepare(const uint8_t *text, size_t len)
{
	uint8_t sent[2 * ALTER_UNITS_MAX + 4] = { 0 };
	uint8_t back[2 * ALTER_UNITS_MAX];
	size_t octets = alter_prepare(sent, text, len);

	if (octets == 0)
		return;
	assert(octets >= len && octets <= 2 * ALTER_UNITS_MAX);
	assert(alter_restore(back, sent, len / 2) == len);
	for (size_t i = 0; i < len / 2; i++) {
		unsigned int unit = fuzz_unit(back, i);

		assert(unit == fuzz_unit(text, i) ||
		    (unit == 0x02dc && fuzz_unit(text, i) == '~'));
	}
}

/* What came is as long as the modem has said, whatever stands there; libgammu
 * ends it. */
static void
fuzz_restore(const uint8_t *text, size_t len)
{
	size_t units = len / 2 < ALTER_UNITS_MAX ? len / 2 : ALTER_UNITS_MAX;
	uint8_t *from = xcalloc(1, 2 * (2 * units + 1));
	uint8_t *to = xmalloc(2 * units + 1);

	if (len != 0)
		memcpy(from, text, len < 4 * units ? len : 4 * units);
	assert(alter_restore(to, from, units) == 2 * units);
	free(to);
	free(from);
}

static void
fuzz_utf8(const uint8_t *text, size_t len, size_t size)
{
	char *to = xmalloc(size);
	json_t *valid;

	alter_utf8(to, size, text, len / 2);
	assert(strlen(to) < size);
	valid = json_string(to);	/* takes UTF-8 alone */
	assert(valid != NULL);
	json_decref(valid);
	free(to);
}

/* As octets, a header and the text never outgrow a TPDU. */
static void
fuzz_fits(const uint8_t *text, size_t len, size_t udh_len)
{
	if (alter_fits(true, text, len, udh_len))
		assert(len + udh_len <= 140);
	if (alter_fits(false, text, len, udh_len))
		assert(len / 2 <= 160 && udh_len <= 140);
}

static void
fuzz_validity(const uint8_t *octets, size_t len)
{
	int minutes = 0, value, next;

	memcpy(&minutes, octets, len < sizeof minutes ? len : sizeof minutes);
	minutes &= 0x3fffffff;
	value = alter_validity(minutes);
	next = alter_validity(minutes + 1);
	assert(value >= 0 && next >= value && next <= 255);
}

static void
fuzz_ton(const uint8_t *octets, size_t len)
{
	char *number = xstrndup((const char *)octets, len);
	const char *ton = alter_ton(number);

	assert(strcmp(ton, "international") != 0 || number[0] == '+');
	free(number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	uint8_t *copy;

	if (len == 0)
		return (0);
	/* Of its own size, so that reading past the end is seen. */
	copy = xmalloc(len);
	memcpy(copy, octets + 1, len - 1);
	fuzz_prepare(copy, len - 1);
	fuzz_restore(copy, len - 1);
	fuzz_utf8(copy, len - 1, octets[0] + 1u);
	fuzz_fits(copy, len - 1, octets[0]);
	fuzz_validity(copy, len - 1);
	fuzz_ton(copy, len - 1);
	free(copy);
	return (0);
}
