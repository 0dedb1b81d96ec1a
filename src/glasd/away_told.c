/*
 * Of which texts the danger is told: it is not told again from the words alone,
 * should a link offer such a text once more. Runs in glasd; what is kept is in
 * offered.c. A reply that the network did not take has told nothing.
 */
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/gateway.h"
#include "glasd/mt.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"

void
away_note(struct away *away, const struct item *item)
{
	offered_note(away->offered, item->identity);
	if (item->offered_before)
		offered_renew(away->offered, item->identity_before,
		    item->identity);
}

void
away_tells(struct away *away, struct outbox_reply *r,
    const uint8_t identity[SEAL_TOKEN_LEN])
{
	buf_add(&r->tells, identity, SEAL_TOKEN_LEN);
	offered_tell(away->offered, identity, true);
}

void
away_refused(struct away *away, const struct outbox_reply *r)
{
	uint8_t token[SEAL_TOKEN_LEN];
	struct away_person *p;

	if (away->person_count == 0 || r->tells.len == 0)
		return;
	seal_token(away->gateway->keys, SEAL_TOKEN, r->recipient,
	    strlen(r->recipient), token);
	p = away_lookup(&away->people, token);
	if (p != NULL)
		p->emergency_at = 0;
}

void
away_untold(struct away *away, const struct outbox_reply *r)
{
	away_refused(away, r);
	for (size_t at = 0; at < r->tells.len; at += SEAL_TOKEN_LEN)
		offered_tell(away->offered, r->tells.data + at, false);
}

/* What tells of danger names the text that it answers. mt_recover() sees to what
 * is in doubt. */
void
away_remember(struct away *away, const struct item *item)
{
	static const uint8_t nothing[SEAL_TOKEN_LEN];
	bool untold = item->type == ITEM_RESULT &&
	    (mt_is_unsent((enum mt_state)item->state) || mt_goes_again(item));

	if (item->type == ITEM_MO)
		away_note(away, item);
	else if ((item->type == ITEM_INTENT || untold) &&
	    item->reply_kind == REPLY_EMERGENCY &&
	    memcmp(item->identity, nothing, sizeof nothing) != 0)
		offered_tell(away->offered, item->identity, !untold);
}
