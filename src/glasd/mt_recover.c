/*
 * What the log knows of replies that the database has in flight, for
 * glas_gw.mt_recover(): at the start, and whenever the connection is a new one.
 * Runs in glasd, for database.c. A row that is in flight and of which nobody
 * here knows goes back into the queue.
 */
#include <stdlib.h>

#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mt_private.h"
#include "lib/mem.h"
#include "store/pg.h"

void
mt_restore(struct mt *mt, uint64_t record, const struct item *item)
{
	mt->restored = record;
	if (item->type != ITEM_INTENT && !mt_goes_again(item) &&
	    (item->type != ITEM_RESULT || item->state == MT_MORE))
		return;
	mt->known = xreallocarray(mt->known, mt->known_count + 1,
	    sizeof *mt->known);
	mt->known[mt->known_count] = (struct mt_known){ .id = item->mt,
		.place = mt->known_count,
		.settled = item->type == ITEM_RESULT,
		.refused = mt_goes_again(item),
		.attempts = item->attempts };
	mt->known_count++;
}

static int
mt_known_compare(const void *a, const void *b)
{
	const struct mt_known *x = a, *y = b;

	if (x->id != y->id)
		return (x->id < y->id ? -1 : 1);
	return (x->place < y->place ? -1 : 1);
}

void
mt_settled_add(struct mt_settled *s, int64_t id, int attempts)
{
	if (s->count == s->room) {
		s->room = s->room * 2 + 64;
		s->one = xreallocarray(s->one, s->room, sizeof *s->one);
	}
	s->one[s->count++] = (struct mt_settled_one){ .id = id,
		.attempts = attempts };
}

/* What the log said last of each reply counts: a result that is to come, or an
 * intent, after which it may have been sent. What was refused, and was to go
 * again, is in nobody's hands. */
static void
mt_recover_known(const struct mt *mt, struct mt_settled *settled,
    struct pg_params *p)
{
	for (size_t n = 0; n < mt->known_count; n++) {
		const struct mt_known *k = &mt->known[n];

		if ((n + 1 != mt->known_count && k[1].id == k->id) ||
		    k->refused)
			continue;
		if (k->settled)
			mt_settled_add(settled, k->id, k->attempts);
		else
			pg_item_int(p, k->id);
	}
}

static void
mt_recover_replies(const struct mt_replies *replies, struct mt_settled *s)
{
	const struct mt_reply *r;

	TAILQ_FOREACH(r, replies, entry)
		mt_settled_add(s, r->row->id, r->row->attempts);
}

static void
mt_recover_outcomes(const struct mt_outcomes *list, struct mt_settled *s)
{
	const struct mt_outcome *o;

	TAILQ_FOREACH(o, list, entry)
		mt_settled_add(s, o->item.mt, o->item.attempts);
}

/* Results that the log holds and nobody has read yet. */
static void
mt_recover_unread(void *arg, uint64_t record, const struct item *item)
{
	(void)record;
	if (item->type == ITEM_RESULT && item->state != MT_MORE)
		mt_settled_add(arg, item->mt, item->attempts);
}

void
mt_recover_here(const struct mt *mt, struct mt_settled *s)
{
	struct journal *journal = mt->gateway->journal;
	const struct mt_link *ml;
	uint64_t read = journal_position(journal);

	/* What was found at the start is known once; a connection that was
	 * lost before the log was read on finds it there. */
	if (!mt->recovered && read < mt->restored)
		read = mt->restored;
	TAILQ_FOREACH(ml, &mt->links, entry) {
		for (int n = 0; n < MT_PRIORITIES; n++)
			mt_recover_replies(&ml->waiting[n], s);
		mt_recover_replies(&ml->flying, s);
	}
	mt_recover_outcomes(&mt->results, s);
	mt_recover_outcomes(&mt->results_sent, s);
	mt_recover_outcomes(&mt->results_early, s);
	journal_scan(journal, read, mt_recover_unread, s);
}

void
mt_recover_params(const struct mt *mt, struct pg_params *p)
{
	struct mt_settled settled = { 0 };

	if (mt->known_count != 0)
		qsort(mt->known, mt->known_count, sizeof *mt->known,
		    mt_known_compare);
	pg_array(p, PG_INT8);
	mt_recover_known(mt, &settled, p);
	mt_recover_here(mt, &settled);
	pg_array(p, PG_INT8);
	for (size_t n = 0; n < settled.count; n++)
		pg_item_int(p, settled.one[n].id);
	pg_array(p, PG_INT4);
	for (size_t n = 0; n < settled.count; n++)
		pg_item_int(p, settled.one[n].attempts);
	free(settled.one);
}

void
mt_recovered(struct mt *mt)
{
	mt->recovered = true;
	free(mt->known);
	mt->known = NULL;
	mt->known_count = 0;
}
