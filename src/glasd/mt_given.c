/*
 * Danger that was refused, or found no link for long, and was given back to the
 * database to be sent again: should that go away before it is, it is told from
 * here. Runs in glasd; owns a copy of each such reply until it is claimed, or
 * told, or an hour has gone by: others may have sent it by then, or it was
 * called off.
 */
#include <stdlib.h>

#include "glasd/away.h"
#include "glasd/gateway.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/mem.h"

#define MT_GIVEN_MAX	200
#define MT_GIVEN_MS	3600000

struct mt_given {
	TAILQ_ENTRY(mt_given) entry;
	struct outbox_reply *row;
	int64_t		 at_ms;		/* clock_mono_ms */
};

static void
mt_given_drop(struct mt *mt, struct mt_given *g)
{
	TAILQ_REMOVE(&mt->given, g, entry);
	mt->given_count--;
	outbox_reply_free(g->row);
	free(g);
}

void
mt_given_keep(struct mt *mt, struct outbox_reply *row)
{
	struct mt_given *g = xcalloc(1, sizeof *g);

	g->row = row;
	g->at_ms = clock_mono_ms();
	TAILQ_INSERT_TAIL(&mt->given, g, entry);
	if (++mt->given_count > MT_GIVEN_MAX)
		mt_given_drop(mt, TAILQ_FIRST(&mt->given));
}

void
mt_given_claimed(struct mt *mt, int64_t id)
{
	struct mt_given *g;

	TAILQ_FOREACH(g, &mt->given, entry) {
		if (g->row->id != id)
			continue;
		mt_given_drop(mt, g);
		return;
	}
}

void
mt_given_tell(struct mt *mt)
{
	struct mt_given *g;

	while ((g = TAILQ_FIRST(&mt->given)) != NULL) {
		if (clock_mono_ms() - g->at_ms < MT_GIVEN_MS)
			away_tell(mt->gateway->away, g->row);
		mt_given_drop(mt, g);
	}
}

void
mt_given_forget(struct mt *mt)
{
	struct mt_given *g;

	while ((g = TAILQ_FIRST(&mt->given)) != NULL)
		mt_given_drop(mt, g);
}
