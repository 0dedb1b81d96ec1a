/*
 * Of which texts the danger is told: it is not told again from the words alone,
 * should a link offer such a text once more; and to whom, which is once an hour.
 * Runs in glasd; what is kept of texts is in offered.c. A reply that the network
 * did not take has told nothing.
 */
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/gateway.h"
#include "glasd/mt.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"
#include "lib/clock.h"

void
away_note(struct away *away, const struct item *item)
{
	offered_note(away->offered, item->identity);
	if (item->offered_before)
		offered_renew(away->offered, item->identity_before,
		    item->identity);
}

/* The token is keyed: nobody chooses their place. */
static size_t
away_heard_place(const uint8_t token[SEAL_TOKEN_LEN])
{
	return ((size_t)(token[0] << 8 | token[1]) % AWAY_HEARD_MAX);
}

int64_t
away_heard_at(const struct away *away, const uint8_t token[SEAL_TOKEN_LEN])
{
	const struct away_heard *h = &away->heard[away_heard_place(token)];

	return (memcmp(h->token, token, SEAL_TOKEN_LEN) == 0 ? h->at : 0);
}

/* A clock that was ahead does not count; nor, for who is known, when that text
 * was offered `again`. */
static void
away_hears(struct away *away, const char *msisdn, int64_t at, bool again)
{
	uint8_t token[SEAL_TOKEN_LEN];
	struct away_heard *h;
	int64_t before;

	seal_token(away->gateway->keys, SEAL_TOKEN, msisdn, strlen(msisdn),
	    token);
	before = away_heard_at(away, token);
	if (before != 0 && (again || before > at) &&
	    before <= clock_wall_us())
		return;
	h = &away->heard[away_heard_place(token)];
	memcpy(h->token, token, sizeof token);
	h->at = at;
}

/* The log remembers more of what was told in an outage than is kept of what was
 * offered. */
void
away_hear(struct away *away, const struct item *item)
{
	const struct away_reply *r =
	    away_reply_of(away, item->identity, REPLY_EMERGENCY);

	if (offered_told(away->offered, item->identity) || (r != NULL &&
	    (r->told || r->state == AWAY_TRIED)))
		away_hears(away, item->msisdn, item->at,
		    offered_again(away->offered, item->identity));
}

void
away_tells(struct away *away, struct outbox_reply *r,
    const uint8_t identity[SEAL_TOKEN_LEN])
{
	buf_add(&r->tells, identity, SEAL_TOKEN_LEN);
	offered_tell(away->offered, identity, true);
	away_hears(away, r->recipient, clock_wall_us(), false);
}

void
away_refused(struct away *away, const struct outbox_reply *r)
{
	uint8_t token[SEAL_TOKEN_LEN];
	struct away_person *p;
	struct away_heard *h;

	if (r->tells.len == 0)
		return;
	seal_token(away->gateway->keys, SEAL_TOKEN, r->recipient,
	    strlen(r->recipient), token);
	h = &away->heard[away_heard_place(token)];
	if (memcmp(h->token, token, sizeof token) == 0)
		h->at = 0;
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
