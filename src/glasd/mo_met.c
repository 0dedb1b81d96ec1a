/*
 * Whose texts came since the start. Runs in glasd. Kept in memory, for as many
 * as there is room: who is forgotten is asked about anew, which takes longer and
 * changes nothing else.
 */
#include <string.h>

#include "glasd/mo_private.h"

bool
mo_met(struct mo *mo, const uint8_t token[SEAL_TOKEN_LEN])
{
	uint64_t who, *met;

	/* The token is keyed: nobody chooses their place. */
	memcpy(&who, token, sizeof who);
	met = &mo->met[who % MO_MET_MAX];
	if (*met == who)
		return (true);
	*met = who;
	return (false);
}
