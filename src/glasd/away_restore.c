/*
 * What was answered without the database before a start: out of the log, or
 * with a text that was put aside. Runs in glasd; called once for each item at
 * the start, and by mo_released.c.
 */
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mt.h"
#include "glasd/reserve.h"
#include "lib/mem.h"

/* What the log says last counts. Where only some segments have a result, the
 * rest may have been sent or not; one that was refused was to go again. */
static void
away_mark_reply(struct away_reply *r, const struct item *item, bool settled)
{
	if (mt_goes_again(item))
		r->state = AWAY_WRITTEN;
	else
		r->state = settled ? AWAY_LIVE : AWAY_TRIED;
	if (item->type == ITEM_RESULT)
		r->attempts = item->attempts;
	if (item->type == ITEM_RESULT && item->mr != -1 && item->segment != 0) {
		if (strcmp(r->link, item->link) != 0)
			r->taken = 0;
		memcpy(r->link, item->link, sizeof r->link);
		r->taken |= 1u << (item->segment - 1);
	}
}

static void
away_mark(struct away *away, const struct item *item)
{
	struct away_answer *a = away_lookup(&away->answers, item->identity);
	bool settled = item->type == ITEM_RESULT && item->state != 0;

	if (settled && item->state == MT_ACCEPTED)
		away_took(away, item);
	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == item->mt)
			away_mark_reply(&a->replies[n], item, settled);
	}
}

static void
away_restore_reply(struct away *away, const struct item *item,
    enum away_state state)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	if (a->count == ANSWER_REPLIES_MAX)
		return;
	memcpy(a->reference, item->reference, sizeof a->reference);
	a->replies[a->count++] = (struct away_reply){ .mt = item->mt,
		.kind = (enum reply_kind)item->reply_kind, .state = state,
		.told = item->state == MT_ACCEPTED,
		.text = xstrndup((const char *)item->ud, item->ud_len) };
}

static void
away_restore_answer(struct away *away, const struct item *item)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	reserve_used(database_reserve_away(away->gateway->database),
	    item->reference, item->mt);
	away->past += !a->restored;
	a->restored = true;
	away_restore_reply(away, item, AWAY_WRITTEN);
}

void
away_saved(struct away *away, const struct item *item)
{
	const struct away_answer *a = away_find(away, item->identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == item->mt)
			return;
	}
	away_restore_reply(away, item, AWAY_SAVED);
}

void
away_restore(struct away *away, const struct item *item)
{
	if (item->type == ITEM_ANSWERED)
		away_restore_answer(away, item);
	else if (item->type == ITEM_INTENT || item->type == ITEM_RESULT)
		away_mark(away, item);
}
