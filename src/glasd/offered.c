/*
 * Which texts links have offered. Runs in glasd, for away.c: a text that is
 * offered again may be stored and answered, and only the database knows. The
 * last 65,536 are kept, and no link has more than a thousand without an ack. Who
 * is forgotten counts as new.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/offered.h"
#include "lib/mem.h"

#define OFFERED_SETS 8192
#define OFFERED_WAYS 8
#define OFFERED_AGAIN UINT64_C(1)	/* the lowest bit of what is kept */

struct offered {
	uint64_t	 sets[OFFERED_SETS][OFFERED_WAYS]; /* newest first */
};

struct offered *
offered_new(void)
{
	return (xcalloc(1, sizeof(struct offered)));
}

void
offered_free(struct offered *o)
{
	free(o);
}

/* An identity is keyed: nobody chooses its place. */
static uint64_t
offered_key(const uint8_t identity[SEAL_TOKEN_LEN])
{
	uint64_t key;

	memcpy(&key, identity, sizeof key);
	return (key | OFFERED_AGAIN);
}

static size_t
offered_set(uint64_t key)
{
	return ((size_t)(key >> 1) % OFFERED_SETS);
}

void
offered_note(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	uint64_t key = offered_key(identity);
	uint64_t *set = o->sets[offered_set(key)];

	for (int n = 0; n < OFFERED_WAYS; n++) {
		if ((set[n] | OFFERED_AGAIN) == key) {
			set[n] = key;
			return;
		}
	}
	memmove(set + 1, set, (OFFERED_WAYS - 1) * sizeof *set);
	set[0] = key & ~OFFERED_AGAIN;
}

bool
offered_again(const struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	uint64_t key = offered_key(identity);
	const uint64_t *set = o->sets[offered_set(key)];

	for (int n = 0; n < OFFERED_WAYS; n++) {
		if (set[n] == key)
			return (true);
	}
	return (false);
}
