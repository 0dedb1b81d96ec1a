/*
 * Who has had all erased is somebody new, but not with new limits: the levels of
 * the last of them are kept by their old token, in memory alone. Runs in glasd.
 */
#include <string.h>

#include "glasd/mo_private.h"

static struct mo_erased *
mo_erased_find(struct mo *mo, const uint8_t *token)
{
	for (unsigned int n = 0; n < MO_ERASED_MAX; n++) {
		if (mo->erased[n].level_at != 0 &&
		    memcmp(mo->erased[n].token, token, SEAL_TOKEN_LEN) == 0)
			return (&mo->erased[n]);
	}
	return (NULL);
}

void
mo_erased_note(struct mo *mo, const struct mo_citizen *c)
{
	struct mo_erased *e = mo_erased_find(mo, c->token);

	if (e == NULL)
		e = &mo->erased[mo->erased_next++ % MO_ERASED_MAX];
	memcpy(e->token, c->token, SEAL_TOKEN_LEN);
	e->hour_level = c->hour_level;
	e->day_level = c->day_level;
	e->level_at = c->level_at;
}

void
mo_erased_recall(struct mo *mo, struct mo_citizen *c)
{
	const struct mo_erased *e = mo_erased_find(mo, c->token);

	if (e == NULL)
		return;
	c->hour_level = e->hour_level;
	c->day_level = e->day_level;
	c->level_at = e->level_at;
	c->conv.told_who = true;
}
