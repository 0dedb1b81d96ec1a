/*
 * Texts that are answered more than an hour after they came, since the database
 * was away, or glasd, or that were days under way. Runs in glasd, called by
 * mo_answer. Danger was told at
 * once, and is told now where it was not; of the rest each person hears once
 * in a catch-up, by day: that a report was taken or, where they have reported
 * nothing, the answer to what they asked last. A heap of answers to questions
 * of yesterday would help nobody.
 */

#include "glasd/away.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "lib/clock.h"

#define MO_OVERDUE_US (INT64_C(3600) * 1000000)

bool
mo_overdue(const struct mo_text *t)
{
	return (clock_wall_us() - item_written_at(&t->item) > MO_OVERDUE_US);
}

static bool
mo_overdue_newest(const struct mo_text *t)
{
	const struct mo_text *other = t;

	while ((other = TAILQ_NEXT(other, entry)) != NULL) {
		if (other->citizen == t->citizen)
			return (false);
	}
	return (true);
}

bool
mo_overdue_answers(const struct mo_batch *b, const struct mo_text *t,
    enum reply_kind kind)
{
	struct away *away = b->mo->gateway->away;
	bool receipt = kind == REPLY_RECEIPT && t->report;

	/* That something was added to a report is an answer, for those alone
	 * who heard of no report. */
	if (kind == REPLY_RECEIPT && !receipt && !item_is_old(&t->item) &&
	    away_confirmed(away, t->token))
		return (false);
	return ((receipt || mo_overdue_newest(t)) &&
	    away_first_overdue(away, t->token, t->item.identity, receipt));
}
