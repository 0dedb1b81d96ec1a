/*
 * Sealing of what is put aside. Runs in glasd, which puts it there and takes it
 * back, and in glasctl, which shows it; owns nothing. What does not open is an
 * answer, not a failure.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/quarantine.h"

void
quarantine_close(const struct seal_keys *keys, const struct item *item,
    const struct buf *answered, struct buf *sealed)
{
	struct buf plain = { 0 };
	uint8_t *octets;

	record_put(&plain, item);
	if (answered->len != 0)
		buf_add(&plain, answered->data, answered->len);
	octets = xmalloc(plain.len + SEAL_OVERHEAD);
	seal_close(keys, item->identity, sizeof item->identity, plain.data,
	    plain.len, octets);
	buf_add(sealed, octets, plain.len + SEAL_OVERHEAD);
	seal_wipe(plain.data, plain.len);
	buf_clear(&plain);
	free(octets);
}

/* Into q->octets; what has authenticated may still be of another row. */
static int
quarantine_unseal(const struct seal_keys *keys, const struct buf *identity,
    const struct buf *sealed, struct quarantine *q)
{
	uint8_t *plain;
	int len;

	if (identity->len != SEAL_TOKEN_LEN || sealed->len < SEAL_OVERHEAD)
		return (-1);
	plain = xmalloc(sealed->len);
	len = seal_open(keys, identity->data, identity->len, sealed->data,
	    sealed->len, plain);
	if (len != -1) {
		buf_add(&q->octets, plain, (size_t)len);
		seal_wipe(plain, (size_t)len);
	}
	free(plain);
	return (len == -1 ? -1 : 0);
}

static bool
quarantine_sound(const struct item *item, const struct buf *identity)
{
	return ((item->type == ITEM_MO || item->type == ITEM_RAW ||
	    item->type == ITEM_CALL) &&
	    memcmp(item->identity, identity->data, SEAL_TOKEN_LEN) == 0);
}

int
quarantine_open(const struct seal_keys *keys, const struct buf *identity,
    const struct buf *sealed, struct quarantine *q)
{
	*q = (struct quarantine){ .answered = NULL };
	if (quarantine_unseal(keys, identity, sealed, q) == 0) {
		q->answered = q->octets.data;
		if (record_next(&q->answered, q->octets.data + q->octets.len,
		    &q->item) == 1 && quarantine_sound(&q->item, identity))
			return (0);
	}
	quarantine_clear(q);
	return (-1);
}

bool
quarantine_answered(struct quarantine *q, struct item *item)
{
	return (record_next(&q->answered, q->octets.data + q->octets.len,
	    item) == 1 && item->type == ITEM_ANSWERED);
}

void
quarantine_clear(struct quarantine *q)
{
	if (q->octets.data != NULL)
		seal_wipe(q->octets.data, q->octets.len);
	buf_clear(&q->octets);
}
