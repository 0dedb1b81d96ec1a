/*
 * Fourth step of the MT path: the intents of this pass are durable, the
 * segments are handed to their links; or the disk refused, and they go back.
 * Runs in glasd, called after each journal_sync().
 */
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/hex.h"

#define MINUTE_US (INT64_C(60) * 1000000)

static int
mt_submit_validity(const struct outbox_reply *row)
{
	int64_t left = (row->expires_at - clock_wall_us()) / MINUTE_US;

	if (row->expires_at == 0 || left > MT_VALIDITY_MAX)
		return (MT_VALIDITY_MAX);
	return (left > MT_VALIDITY_MIN ? (int)left : MT_VALIDITY_MIN);
}

/* HTTP carries whole texts: it goes with the first segment. */
static const char *
mt_submit_text(const struct mt_handing *h)
{
	const struct mt_reply *r = h->reply;

	return (h->segment == 0 &&
	    link_config(r->link->link)->kind == LINK_WEB ? r->row->text :
	    NULL);
}

static void
mt_submit_segment(struct mt *mt, const struct mt_handing *h)
{
	struct mt_reply *r = h->reply;
	struct segment *s = &r->segments->segment[h->segment];
	char udh[2 * sizeof s->udh + 1], ud[2 * sizeof s->ud + 1];

	r->intent[h->segment] = journal_newest(mt->gateway->journal);
	hex_encode(udh, s->udh, s->udh_len);
	hex_encode(ud, s->ud, s->ud_len);
	link_send(r->link->link, json_pack(
	    "{s:s, s:I, s:i, s:s, s:s, s:s, s:s, s:b, s:i, s:s*}",
	    "t", "submit", "mt", (json_int_t)r->row->id,
	    "segment", (int)h->segment + 1, "recipient", r->row->recipient,
	    "encoding", encoding_name(r->segments->encoding),
	    "udh", udh, "ud", ud,
	    "want_report", link_config(r->link->link)->report,
	    "validity", mt_submit_validity(r->row),
	    "text", mt_submit_text(h)));
}

/* Nothing of this pass was written: as if it had not been picked. */
static void
mt_submit_back(const struct mt_handing *h)
{
	struct mt_reply *r = h->reply;

	r->next = h->segment;
	r->outstanding--;
	r->link->outstanding--;
}

/* After a crash a receipt or danger text of whose first attempt nothing is known
 * goes out once more, whether the log has the intent or not: it need not wait
 * for the disk. But it waits for the results before it: else one crash could
 * repeat two. */
static bool
mt_submit_is_repeatable(const struct mt_handing *h)
{
	const struct outbox_reply *row = h->reply->row;

	return (row->must_arrive && row->attempts == 1 && !row->away);
}

void
mt_submit_repeatable(struct mt *mt)
{
	unsigned int left = 0;

	if (mt->result_fresh)
		return;
	for (unsigned int n = 0; n < mt->handing_count; n++) {
		if (mt_submit_is_repeatable(&mt->handing[n]))
			mt_submit_segment(mt, &mt->handing[n]);
		else
			mt->handing[left++] = mt->handing[n];
	}
	mt->handing_count = left;
}

void
mt_submit(struct mt *mt, bool durable)
{
	unsigned int n = mt->handing_count;

	while (!durable && n-- > 0)
		mt_submit_back(&mt->handing[n]);
	for (n = 0; durable && n < mt->handing_count; n++)
		mt_submit_segment(mt, &mt->handing[n]);
	mt->handing_count = 0;
	if (durable)
		mt->result_fresh = false;
}
