/*
 * Any octets as user data headers and as the segments that they belong to. Goes
 * through src/sms/concat.c and alphabet.c. Input: one segment after the other,
 * each two octets (length of header, length of text) and what they say.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/concat.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define FUZZ_SEGMENTS 300

static void
fuzz_header(struct udh *u, const uint8_t *octets, size_t len)
{
	/* A copy of its own size, so that reading beyond it is noticed. */
	uint8_t *copy = xmemdup(octets, len);

	udh_read(u, copy, len);
	free(copy);
	assert(u->locking <= 13 && u->single <= 13);
	assert(u->sound || (!u->concat && !u->port && !u->other));
	assert(u->sound || (u->locking == 0 && u->single == 0));
	if (u->concat)
		assert(u->max >= 2 && u->seq >= 1 && u->seq <= u->max);
	else
		assert(u->max == 0 && u->seq == 0 && u->ref == 0);
	assert(u->wide ? u->concat : u->ref <= 255);
}

static size_t
fuzz_take(const uint8_t **p, size_t *left, size_t want)
{
	size_t len = want < *left ? want : *left;

	*p += len;
	*left -= len;
	return (len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t left)
{
	struct concat_segment segment[FUZZ_SEGMENTS];
	struct buf out = { 0 };
	size_t n = 0, octets = 0;
	unsigned int max = 0;
	struct udh u;

	while (left > 2 && n < FUZZ_SEGMENTS) {
		size_t header = p[0], text = p[1];
		const uint8_t *at;

		fuzz_take(&p, &left, 2);
		at = p;
		header = fuzz_take(&p, &left, header);
		fuzz_header(&u, at, header);
		at = p;
		text = fuzz_take(&p, &left, text);
		segment[n++] = (struct concat_segment){ .seq = u.seq,
			.ucs2 = header % 2 == 0, .locking = u.locking,
			.single = u.single, .ud = at, .len = text };
		octets += text;
		if (u.max > max)
			max = u.max;
	}
	concat_join(&out, segment, n, max);
	assert(utf8_valid((char *)out.data, out.len));
	/* Three octets of UTF-8 for a unit, and a gap before each segment. */
	assert(out.len <= octets * 3 / 2 + (n + 1) * 5 + n);
	for (size_t i = 0; i < out.len; i++)
		assert(out.data[i] != '\0');
	buf_clear(&out);
	return (0);
}
