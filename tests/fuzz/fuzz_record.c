/*
 * Any octets as the payload of a log record. Goes through src/store/record.c:
 * what can be read is written and read again and stays what it was.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/record.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
fuzz_octets_equal(const uint8_t *a, size_t a_len, const uint8_t *b,
    size_t b_len)
{
	return (a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0));
}

static void
fuzz_comes_back(const struct item *item)
{
	struct buf b = { 0 };
	struct item again;
	const uint8_t *p;

	record_put(&b, item);
	p = b.data;
	assert(record_next(&p, b.data + b.len, &again) == 1);
	assert(p == b.data + b.len);
	assert(again.type == item->type && again.mt == item->mt &&
	    again.at == item->at && again.scts == item->scts &&
	    again.intent == item->intent && again.cause == item->cause &&
	    again.attempts == item->attempts &&
	    again.mr == item->mr && again.due_at == item->due_at &&
	    again.away == item->away && again.kind == item->kind);
	assert(again.offered_before == item->offered_before &&
	    memcmp(again.identity_before, item->identity_before,
	    sizeof again.identity_before) == 0);
	assert(strcmp(again.link, item->link) == 0 &&
	    strcmp(again.msisdn, item->msisdn) == 0 &&
	    strcmp(again.reference, item->reference) == 0);
	assert(fuzz_octets_equal(again.udh, again.udh_len, item->udh,
	    item->udh_len));
	assert(fuzz_octets_equal(again.ud, again.ud_len, item->ud,
	    item->ud_len));
	buf_clear(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	const uint8_t *p = octets, *end = octets + len, *before = octets;
	struct item item;

	while (record_next(&p, end, &item) == 1) {
		assert(p > before && p <= end);
		before = p;
		/* A string may not hold what ends it. */
		if (memchr(octets, '\0', len) == NULL)
			fuzz_comes_back(&item);
	}
	return (0);
}
