/*
 * Any octets as UTF-16BE from a modem, and on through all that is done to a
 * text before it is shown or sent: src/lib/utf8.c, src/text/script.c,
 * src/sms/alphabet.c and segment.c. The first octet chooses the languages.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"
#include "sms/segment.h"
#include "text/script.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

typedef void (*fuzz_turn)(struct buf *, const char *, size_t);

static void
fuzz_gsm7(struct buf *b, const char *s, size_t len)
{
	script_to_gsm7(b, s, len, false);
}

static void
fuzz_keep(struct buf *b, const char *s, size_t len)
{
	script_to_gsm7(b, s, len, true);
}

/* What was turned once and is turned again stays as it is, unless it is so long
 * that it may be normalised in pieces. */
static void
fuzz_turn_twice(fuzz_turn turn, const char *text, size_t len)
{
	struct buf once = { 0 }, twice = { 0 };

	turn(&once, text, len);
	assert(utf8_valid((char *)once.data, once.len));
	turn(&twice, (char *)once.data, once.len);
	if (len > 300)
		once.len = twice.len = 0;
	assert(once.len == twice.len);
	assert(once.len == 0 || memcmp(once.data, twice.data, once.len) == 0);
	buf_clear(&once);
	buf_clear(&twice);
}

static void
fuzz_segments(const char *text)
{
	unsigned int units = 0, sum = 0, count;
	enum encoding encoding;
	struct segments s;

	count = segment_count(text, &encoding, &units);
	assert(count >= 1);
	if (segment_text(text, 7, SEGMENTS_MAX, &s) == -1) {
		assert(count > SEGMENTS_MAX);
		return;
	}
	assert(s.count == count && s.encoding == encoding && s.units == units);
	for (unsigned int i = 0; i < count; i++) {
		assert(s.segment[i].ud_len <= sizeof s.segment[i].ud);
		assert(s.segment[i].units <= 160);
		sum += s.segment[i].units;
	}
	assert(sum == units);
}

static void
fuzz_cut(const char *text)
{
	static const char tail[] = " (INFO)";
	size_t len = strlen(text);
	char *copy = xmalloc(len + sizeof tail);

	for (unsigned int max = 1; max <= 3; max++) {
		memcpy(copy, text, len + 1);
		segment_cut(copy, tail, max);
		assert(segment_count(copy, NULL, NULL) <= max);
		assert(utf8_valid(copy, strlen(copy)));
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct buf text = { 0 }, shown = { 0 };
	const char *p, *end;
	size_t units = 0;

	if (len == 0)
		return (0);
	utf8_from_utf16be(&text, octets + 1, len - 1);
	assert(utf8_valid((char *)text.data, text.len));
	assert(text.len == 0 || memchr(text.data, '\0', text.len) == NULL);
	fuzz_turn_twice(utf8_visible, (char *)text.data, text.len);
	fuzz_turn_twice(utf8_visible, (const char *)octets, len);
	fuzz_turn_twice(utf8_nfc, (const char *)octets, len);
	fuzz_turn_twice(fuzz_gsm7, (const char *)octets, len);
	fuzz_turn_twice(fuzz_keep, (const char *)octets, len);

	p = buf_str(&text);
	for (end = p + text.len; p < end;)
		units += utf8_next(&p, end) >= 0x10000 ? 2 : 1;
	assert(units == (len - 1) / 2);
	alphabet_shift(&shown, octets + 1, len - 1, octets[0] & 15,
	    octets[0] >> 4);
	assert(utf8_valid((char *)shown.data, shown.len));

	buf_reset(&shown);
	script_to_gsm7(&shown, (char *)text.data, text.len, false);
	p = buf_str(&shown);
	for (end = p + shown.len; p < end;)
		assert(alphabet_septets(utf8_next(&p, end)) != 0);
	fuzz_segments(buf_str(&shown));
	fuzz_segments(buf_str(&text));
	fuzz_cut(buf_str(&text));
	buf_clear(&text);
	buf_clear(&shown);
	return (0);
}
