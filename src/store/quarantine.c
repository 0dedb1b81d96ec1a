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
    struct buf *sealed)
{
	struct buf plain = { 0 };
	uint8_t *octets;

	record_put(&plain, item);
	octets = xmalloc(plain.len + SEAL_OVERHEAD);
	seal_close(keys, item->identity, sizeof item->identity, plain.data,
	    plain.len, octets);
	buf_add(sealed, octets, plain.len + SEAL_OVERHEAD);
	seal_wipe(plain.data, plain.len);
	buf_clear(&plain);
	free(octets);
}

static bool
quarantine_sound(const struct item *item, const struct buf *identity)
{
	return ((item->type == ITEM_MO || item->type == ITEM_RAW ||
	    item->type == ITEM_CALL) &&
	    memcmp(item->identity, identity->data, SEAL_TOKEN_LEN) == 0);
}

uint8_t *
quarantine_open(const struct seal_keys *keys, const struct buf *identity,
    const struct buf *sealed, struct item *item)
{
	uint8_t *plain;
	const uint8_t *p;
	int len;

	if (identity->len != SEAL_TOKEN_LEN || sealed->len < SEAL_OVERHEAD)
		return (NULL);
	plain = xmalloc(sealed->len);
	len = seal_open(keys, identity->data, identity->len, sealed->data,
	    sealed->len, plain);
	p = plain;
	if (len != -1 && record_next(&p, plain + len, item) == 1 &&
	    quarantine_sound(item, identity))
		return (plain);
	free(plain);
	return (NULL);
}
