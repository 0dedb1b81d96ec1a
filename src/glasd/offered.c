/*
 * Which texts links have offered, and whose danger was told. Runs in glasd, for
 * away.c: a text that is offered again may be stored and answered, and only the
 * database knows. The last 65,536 are kept, and no link has more than a thousand
 * without an ack. Who is forgotten counts as new.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/offered.h"
#include "lib/mem.h"

#define OFFERED_SETS 8192
#define OFFERED_WAYS 8
#define OFFERED_AGAIN UINT64_C(1)	/* the lowest bits of what is kept */
#define OFFERED_TOLD UINT64_C(2)
#define OFFERED_UNTOLD UINT64_C(4)
#define OFFERED_FLAGS (OFFERED_AGAIN | OFFERED_TOLD | OFFERED_UNTOLD)

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
	return (key & ~OFFERED_FLAGS);
}

static size_t
offered_set(uint64_t key)
{
	return ((size_t)(key >> 3) % OFFERED_SETS);
}

static uint64_t *
offered_find(struct offered *o, uint64_t key)
{
	uint64_t *set = o->sets[offered_set(key)];

	for (int n = 0; n < OFFERED_WAYS; n++) {
		if ((set[n] & ~OFFERED_FLAGS) == key)
			return (&set[n]);
	}
	return (NULL);
}

static void
offered_add(struct offered *o, uint64_t key, uint64_t flags)
{
	uint64_t *set = o->sets[offered_set(key)];

	memmove(set + 1, set, (OFFERED_WAYS - 1) * sizeof *set);
	set[0] = key | flags;
}

void
offered_note(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	uint64_t key = offered_key(identity), *known = offered_find(o, key);

	if (known != NULL)
		*known |= OFFERED_AGAIN;
	else
		offered_add(o, key, 0);
}

void
offered_renew(struct offered *o, const uint8_t before[SEAL_TOKEN_LEN],
    const uint8_t identity[SEAL_TOKEN_LEN])
{
	const uint64_t *known = offered_find(o, offered_key(before));
	uint64_t flags;

	if (known == NULL)
		return;
	flags = *known & OFFERED_FLAGS;
	offered_note(o, identity);
	*offered_find(o, offered_key(identity)) |= flags | OFFERED_AGAIN;
}

void
offered_tell(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN],
    bool told)
{
	uint64_t key = offered_key(identity), *known = offered_find(o, key);

	if (known != NULL)
		*known = (*known & ~(OFFERED_TOLD | OFFERED_UNTOLD)) |
		    (told ? OFFERED_TOLD : OFFERED_UNTOLD);
	else if (told)
		offered_add(o, key, OFFERED_TOLD);
}

static bool
offered_has(struct offered *o, const uint8_t *identity, uint64_t flag)
{
	const uint64_t *known = offered_find(o, offered_key(identity));

	return (known != NULL && (*known & flag) != 0);
}

bool
offered_again(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (offered_has(o, identity, OFFERED_AGAIN));
}

bool
offered_told(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (offered_has(o, identity, OFFERED_TOLD));
}

bool
offered_untold(struct offered *o, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (offered_has(o, identity, OFFERED_UNTOLD));
}
