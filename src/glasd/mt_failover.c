/*
 * What becomes of replies whose link cannot send: it is down, paused, has no
 * network, or rests. Runs in glasd, called by mt_pick in each pass, and by
 * mt_load for what the database has. Danger goes through another link at once,
 * the rest after `failover-after` minutes, invitations never; `failover` says
 * which links give and take, since another SIM pays. What finds no other link
 * by then, or within an hour, is given back, so that the outbox says queued and
 * not in flight. Danger alone does not wait either for a link that does not say
 * for long what became of a text.
 *
 * Only a reply of which nothing is outstanding moves: no segment is handed over
 * twice. One that was partly sent goes as a whole, since no phone joins the
 * segments of two numbers.
 */
#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"

bool
mt_stranded(struct mt *mt, const struct mt_link *ml)
{
	return (!link_ready(ml->link) || !link_sends(ml->link) ||
	    mt_rests(mt, ml));
}

bool
mt_stranded_long(const struct mt_link *ml)
{
	return (clock_mono_ms() - ml->able_ms >=
	    INT64_C(60000) * link_config(ml->link)->failover_min);
}

/* Whoever writes is not answered hours later as if nothing had been: the
 * database knows who hears what then, and when (glas_data.mt_late()). Who has
 * the name of this link has what belongs to it. */
static bool
mt_failover_is_late(const struct mt_link *ml)
{
	return (link_is_held(ml->link) || mt_stranded_long(ml) ||
	    clock_mono_ms() - ml->able_ms >=
	    clock_limit_ms("GLAS_MT_LATE_MS", MT_LATE_MS));
}

/* A text in a bad network may take as long; a modem that hangs takes longer. */
static bool
mt_hangs(const struct mt_link *ml)
{
	return (ml->outstanding != 0 && clock_mono_ms() - ml->heard_ms >=
	    clock_limit_ms("GLAS_MT_HANGS_MS", MT_HANGS_MS));
}

/* The one that has least to do, and may spend: danger may in any case. */
static struct mt_link *
mt_failover_other(struct mt *mt, const struct mt_link *from, bool danger)
{
	struct mt_link *ml, *best = NULL;

	if (!link_config(from->link)->failover)
		return (NULL);
	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (ml != from && link_config(ml->link)->failover &&
		    (danger ? !mt_hangs(ml) : !link_full(ml->link)) &&
		    !mt_stranded(mt, ml) && (best == NULL ||
		    ml->waiting_count < best->waiting_count))
			best = ml;
	}
	return (best);
}

/* Danger tries by a link that only rests. */
static bool
mt_failover_tries(const struct mt_reply *r)
{
	return (mt_is_danger(r) && link_ready(r->link->link) &&
	    link_sends(r->link->link));
}

/* One that the database does not know yet, or never will under this number,
 * cannot be given back to it. */
static bool
mt_failover_is_ours(const struct mt *mt, const struct mt_reply *r)
{
	return (r->row->id < 0 || (r->row->away &&
	    away_find(mt->gateway->away, r->row->cause) != NULL));
}

static void
mt_failover_reply(struct mt *mt, struct mt_reply *r, bool is_long)
{
	bool danger = mt_is_danger(r);
	struct mt_link *to = NULL;

	if (r->outstanding != 0)
		return;
	if (!r->row->stays && (is_long || danger))
		to = mt_failover_other(mt, r->link, danger);
	if (to != NULL)
		mt_reply_move(mt, r, to);
	else if (mt_failover_is_late(r->link) && !mt_failover_tries(r) &&
	    !mt_failover_is_ours(mt, r) &&
	    database_ready(mt->gateway->database))
		mt_reply_back(mt, r, MT_CAUSE_LINK_AWAY);
}

static void
mt_failover_replies(struct mt *mt, struct mt_replies *replies, bool is_long)
{
	struct mt_reply *r, *next;

	for (r = TAILQ_FIRST(replies); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		mt_failover_reply(mt, r, is_long);
	}
}

/* While nothing can be done, nothing is gone through. */
static bool
mt_failover_may(struct mt *mt, const struct mt_link *ml)
{
	if (ml->waiting_count == 0 && TAILQ_EMPTY(&ml->flying))
		return (false);
	return ((mt_failover_is_late(ml) &&
	    database_ready(mt->gateway->database)) ||
	    mt_failover_other(mt, ml, true) != NULL);
}

static void
mt_failover_link(struct mt *mt, struct mt_link *ml)
{
	bool is_long = mt_stranded_long(ml), is_late = mt_failover_is_late(ml);

	if (!mt_failover_may(mt, ml))
		return;
	mt_failover_replies(mt, &ml->flying, is_long);
	for (int n = 0; n < MT_PRIORITIES && (n == 0 || is_late); n++)
		mt_failover_replies(mt, &ml->waiting[n], is_long);
}

static void
mt_failover_danger(struct mt *mt, struct mt_link *ml)
{
	struct mt_link *to = mt_failover_other(mt, ml, true);
	struct mt_reply *r, *next;

	for (r = TAILQ_FIRST(&ml->waiting[0]); to != NULL && r != NULL;
	    r = next) {
		next = TAILQ_NEXT(r, entry);
		if (!r->row->stays)
			mt_reply_move(mt, r, to);
	}
}

void
mt_failover(struct mt *mt)
{
	struct mt_link *ml;

	if (mt->gateway->stopping)
		return;
	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (mt_stranded(mt, ml)) {
			mt_failover_link(mt, ml);
			continue;
		}
		if (mt_hangs(ml))
			mt_failover_danger(mt, ml);
		if (!mt_rest_is_due(ml))
			ml->able_ms = clock_mono_ms();
	}
}
