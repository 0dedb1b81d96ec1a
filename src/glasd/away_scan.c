/*
 * Texts of before an outage that are not answered yet: when the database is
 * found away they are read out of the log, and answered as those that come.
 * Runs in glasd, called by database_watch.c; again when there is room for what
 * found none.
 */
#include "glasd/away_private.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"
#include "lib/clock.h"

/* Of what may have been stored, and answered, only danger is answered. */
static void
away_waiting(void *arg, const struct item *item, bool in_doubt)
{
	away_take(arg, item, in_doubt);
	away_taken(arg, item->identity);
}

static void
away_scanned(void *arg, uint64_t record, const struct item *item)
{
	struct away *away = arg;

	away->record = record;
	away_take(away, item,
	    record <= journal_found(away->gateway->journal));
	away->record = UINT64_MAX;
}

/* Behind the first that finds no room again: of those nothing is missed but
 * their receipts. */
static void
away_scanned_again(void *arg, uint64_t record, const struct item *item)
{
	struct away *away = arg;

	if (away->missed == 0)
		away_scanned(arg, record, item);
}

/* What is answered up to there is not looked at again in this outage; the rest
 * comes through away_see(). */
static void
away_scan(struct away *away, journal_each *each)
{
	struct journal *j = away->gateway->journal;
	uint64_t after = journal_position(j);

	away->missed = 0;
	mo_each(away->gateway->mo, away_waiting, away);
	journal_scan(j, after > away->scanned ? after : away->scanned, each,
	    away);
	if (away->missed == 0)
		away->scanned = journal_newest(j);
	else if (away->missed <= journal_newest(j))
		away->scanned = away->missed - 1;
}

/* Its text is stored, the network refused its danger before the start, and the
 * database was to send it again: nobody here has it in hand. */
static void
away_take_untold(struct away *away, const struct item *item)
{
	struct away_answer *a;

	if (away->greeted || away_find(away, item->identity) != NULL ||
	    !offered_untold(away->offered, item->identity))
		return;
	away_take(away, item, true);
	a = away_lookup(&away->answers, item->identity);
	if (a == NULL)
		return;
	a->stored = true;
	away->stored++;
}

static void
away_scanned_stored(void *arg, uint64_t record, const struct item *item)
{
	struct away *away = arg;

	if (record > journal_position(away->gateway->journal) ||
	    item->type != ITEM_MO ||
	    clock_wall_us() - item->at > AWAY_HOUR_US)
		return;
	away_hear(away, item);
	away_take_untold(away, item);
}

/* Of what was stored before the start: who knows of danger, and who does not. */
static void
away_scan_stored(struct away *away)
{
	uint64_t newest = journal_newest(away->gateway->journal);

	journal_scan(away->gateway->journal, newest > OFFERED_RECORDS ?
	    newest - OFFERED_RECORDS : 0, away_scanned_stored, away);
}

void
away_begin(struct away *away)
{
	away_people_forget(away);
	away->outage++;
	if (!away->looked)
		away_scan_stored(away);
	away->looked = true;
	away_scan(away, away_scanned);
}

void
away_again(struct away *away)
{
	const struct outbox *o = away->gateway->outbox;

	if (away->missed != 0 &&
	    outbox_room(o, false) >= outbox_count(o))
		away_scan(away, away_scanned_again);
}
