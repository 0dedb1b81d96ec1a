/*
 * Second step of the MT path: which link gets which segment next. Runs in
 * glasd in each pass of the loop. A modem has one segment in flight, so that a
 * crash leaves at most one of unknown outcome; links without a radio take
 * several. The intent goes into the record of this pass.
 */
#include <string.h>

#include <event2/event.h>

#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/mem.h"

/* Danger that was refused waits for its next attempt. */
static struct mt_reply *
mt_pick_due(struct mt *mt, const struct mt_replies *waiting)
{
	struct mt_reply *r;

	TAILQ_FOREACH(r, waiting, entry) {
		int64_t wait = r->due_ms - clock_mono_ms();

		if (wait <= 0)
			break;
		mt_after(mt, wait);
	}
	return (r);
}

/* The next reply that may go, taken to `flying`; NULL when there is none. */
static struct mt_reply *
mt_pick_reply(struct mt *mt, struct mt_link *ml, bool danger)
{
	struct mt_reply *r = NULL;
	int n;

	for (n = 0; n < (danger ? 1 : MT_PRIORITIES) && r == NULL; n++)
		r = mt_pick_due(mt, &ml->waiting[n]);
	if (r == NULL)
		return (NULL);
	TAILQ_REMOVE(&ml->waiting[n - 1], r, entry);
	ml->waiting_count--;
	ml->still_ms = clock_mono_ms();
	TAILQ_INSERT_TAIL(&ml->flying, r, entry);
	if (!mt_segment(r)) {
		mt_settle(mt, r, -1, MT_FAILED, MT_MR_NONE, MT_CAUSE_TOO_LONG);
		return (mt_pick_reply(mt, ml, danger));
	}
	if (r->row->expires_at != 0 &&
	    r->row->expires_at < clock_wall_us()) {
		mt_settle(mt, r, -1, MT_EXPIRED, MT_MR_NONE, MT_CAUSE_NONE);
		return (mt_pick_reply(mt, ml, danger));
	}
	if (r->row->day_ends_at != 0 &&
	    r->row->day_ends_at <= clock_wall_us()) {
		mt_reply_back(mt, r, MT_CAUSE_NIGHT);
		return (mt_pick_reply(mt, ml, danger));
	}
	if (r->next == r->segments->count) {
		mt_settle(mt, r, -1, MT_ACCEPTED, MT_MR_NONE, MT_CAUSE_NONE);
		return (mt_pick_reply(mt, ml, danger));
	}
	return (r);
}

/* One that has segments left; NULL when there is none. */
static struct mt_reply *
mt_pick_begun(const struct mt_link *ml, bool danger)
{
	struct mt_reply *r;

	TAILQ_FOREACH(r, &ml->flying, entry) {
		if (r->worst == MT_ACCEPTED &&
		    r->next < r->segments->count &&
		    (!danger || mt_is_danger(r)))
			break;
	}
	return (r);
}

/* Danger waits for no rest of a longer reply; else what is begun goes on before
 * another begins. There are several of those when the disk has refused a record.
 * While the link rests danger alone does not wait: it is the one text that
 * tries. */
static struct mt_reply *
mt_pick_next(struct mt *mt, struct mt_link *ml, bool danger)
{
	struct mt_reply *r = mt_pick_begun(ml, true);

	if (r == NULL)
		r = mt_pick_reply(mt, ml, true);
	if (r == NULL && !danger)
		r = mt_pick_begun(ml, false);
	if (r == NULL && !danger)
		r = mt_pick_reply(mt, ml, false);
	return (r);
}

/* Should the database lose this reply, with the text that it answers, the log
 * has the words, once, and the reference that the person was told. */
static void
mt_pick_said(const struct mt_reply *r, struct item *item)
{
	static const uint8_t nothing[SEAL_TOKEN_LEN];

	item->reply_kind = (uint8_t)r->row->kind;
	if (r->next != 0 || r->row->away ||
	    memcmp(r->row->cause, nothing, sizeof nothing) == 0)
		return;
	memcpy(item->reference, r->row->reference, sizeof item->reference);
	item->ud = (const uint8_t *)r->row->text;
	item->ud_len = strlen(r->row->text);
}

static void
mt_pick_segment(struct mt *mt, struct mt_reply *r)
{
	struct item item = { .type = ITEM_INTENT, .at = clock_wall_us(),
		.mt = r->row->id, .segment = (uint8_t)(r->next + 1),
		.mr = MT_MR_NONE, .away = r->row->away };

	outbox_answers(r->row, item.identity);
	mt_pick_said(r, &item);
	journal_add(mt->gateway->journal, &item);
	if (mt->handing_count == mt->handing_room) {
		mt->handing_room = mt->handing_room * 2 + 16;
		mt->handing = xreallocarray(mt->handing, mt->handing_room,
		    sizeof *mt->handing);
	}
	mt->handing[mt->handing_count++] = (struct mt_handing){
		.reply = r, .segment = r->next };
	mt_segment_next(r, r->next + 1);
	r->outstanding++;
	if (r->link->outstanding++ == 0)
		r->link->heard_ms = clock_mono_ms();
}

/* True when the rate of the link lets another segment go now, as danger goes in
 * any case. */
static bool
mt_pick_rate(struct mt *mt, const struct mt_link *ml)
{
	int64_t wait;

	if (link_config(ml->link)->rate == 0)
		return (true);
	wait = ml->next_ms - clock_mono_ms();
	if (wait > 0)
		mt_after(mt, wait);
	return (wait <= 0);
}

static void
mt_pick_paced(struct mt_link *ml)
{
	int rate = link_config(ml->link)->rate;

	if (rate != 0)
		ml->next_ms = clock_mono_ms() + 60000 / rate;
}

static void
mt_pick_link(struct mt *mt, struct mt_link *ml)
{
	unsigned int window =
	    (unsigned int)link_config(ml->link)->submit_window;
	struct mt_reply *r;

	/* Its intents would keep the log for ever. */
	if (ml->outstanding != 0 &&
	    clock_mono_ms() - ml->heard_ms > MT_ANSWER_MS)
		link_hangup(ml->link, "does not say what became of a text");
	if (mt_rest_is_due(ml))
		window = 1;
	while (link_ready(ml->link) && ml->outstanding < window &&
	    (ml->waiting_count != 0 || !TAILQ_EMPTY(&ml->flying)) &&
	    (r = mt_pick_next(mt, ml, mt_rests(mt, ml) ||
	    !mt_pick_rate(mt, ml))) != NULL) {
		mt_pick_segment(mt, r);
		mt_pick_paced(ml);
	}
}

void
mt_pick(struct mt *mt)
{
	struct outbox *outbox = mt->gateway->outbox;
	struct mt_link *ml;

	mt_collect(mt);
	mt_failover(mt);
	TAILQ_FOREACH(ml, &mt->links, entry)
		mt_pick_link(mt, ml);
	if (outbox_has_left(outbox) && mt_load_may(mt) &&
	    outbox_room(outbox, false) > outbox_count(outbox))
		mt_load(mt, true);
}
