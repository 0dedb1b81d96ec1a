/*
 * What became of each segment, as links say it, and what that means for the
 * reply: it is over, or is sent again later. Runs in glasd. Results go into the
 * log, as do status reports; mt_outcome.c reads them there. A result that is in
 * the log is never asked for again: a crash sends nothing twice.
 */
#include <string.h>

#include "glasd/away.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/seal.h"
#include "sms/cause.h"
#include "sms/link_msg.h"
#include "store/config.h"

#define MILLISECOND_US	INT64_C(1000)
#define SECOND_US	INT64_C(1000000)
#define MT_RETRY_MS	30000
#define MT_HOLD_US	(300 * SECOND_US)
#define MT_DOUBLED_MAX	6	/* times */
#define MT_WAIT_US	(3600 * SECOND_US) /* at most */
#define MT_GIVE_UP_US	(86400 * SECOND_US)
#define MT_AGAIN_US	(5 * SECOND_US)
/* Danger waits no longer, so it tries more often. glas_gw.mt_claim() knows that
 * nothing else can make it wait longer but a clock that was ahead. */
#define MT_DANGER_US	(600 * SECOND_US)
#define MT_DANGER_ATTEMPTS 20

/*
 * A segment is settled.
 */

/* From that attempt to the next. */
static int64_t
mt_wait(enum cause_class class, int attempt)
{
	int64_t wait = (class == CAUSE_TRY_AGAIN ? MILLISECOND_US *
	    clock_limit_ms("GLAS_MT_RETRY_MS", MT_RETRY_MS) : MT_HOLD_US)
	    << (attempt > MT_DOUBLED_MAX ? MT_DOUBLED_MAX : attempt - 1);

	return (wait < MT_WAIT_US ? wait : MT_WAIT_US);
}

static int64_t
mt_backoff(enum cause_class class, int attempt)
{
	int64_t wait = mt_wait(class, attempt);

	return (wait + (int64_t)seal_random_below(
	    (uint32_t)(wait / SECOND_US)) * SECOND_US / 4);
}

static int
mt_attempts(const struct mt_reply *r)
{
	return (r->row->attempts + r->again);
}

/* A trouble of the network or of the SIM may last for a day. Who wrote the reply
 * may have given it no end: it has as many attempts as fill a day. */
static bool
mt_gives_up(const struct mt_reply *r, enum cause_class class, int64_t due_at)
{
	int64_t waited = 0;

	if (mt_is_danger(r))
		return (mt_attempts(r) >= MT_DANGER_ATTEMPTS);
	if (r->row->expires_at != 0)
		return (due_at >= r->row->expires_at);
	for (int n = 1; n <= mt_attempts(r) && waited < MT_GIVE_UP_US; n++)
		waited += mt_wait(class, n);
	return (waited >= MT_GIVE_UP_US);
}

/* When it is tried again. */
static int64_t
mt_refused_until(const struct mt_reply *r, enum cause_class class,
    int64_t now)
{
	bool rests = r->link != NULL && mt_rest_is_due(r->link);
	int64_t wait = mt_backoff(class, mt_attempts(r));
	int64_t rest = rests ?
	    link_config(r->link->link)->rest_ms * MILLISECOND_US : 0;

	/* Danger tries also while its link rests. */
	if (rests && (!mt_is_danger(r) || wait > rest))
		wait = rest;
	if (mt_is_danger(r) && wait > MT_DANGER_US)
		wait = MT_DANGER_US;
	return (now + wait);
}

/* What a refusal means for the reply, by the class of its cause. */
static enum mt_state
mt_refused(const struct mt_reply *r, int64_t now, int64_t *due_at)
{
	enum cause_class class = r->cause == MT_CAUSE_PLAIN ?
	    CAUSE_TRY_AGAIN : cause_of_cms(r->cause);
	/* While its link takes nothing, an attempt says nothing of the reply. */
	bool proves = r->link == NULL ||
	    (!mt_rest_is_due(r->link) && !mt_rest_nobody(r->link));
	int64_t until;

	if (r->cause == MT_CAUSE_TOO_LONG || class == CAUSE_RECIPIENT ||
	    class == CAUSE_MESSAGE)
		return (MT_FAILED);
	until = mt_refused_until(r, class, now);
	if (proves && mt_gives_up(r, class, until))
		return (MT_FAILED);
	*due_at = until;
	return (MT_QUEUED);
}

/* The state of the whole reply, when nothing of it is outstanding. */
static enum mt_state
mt_final(const struct mt_reply *r, int64_t now, int64_t *due_at)
{
	switch (r->worst) {
	case MT_UNKNOWN:
		if (!r->row->must_arrive || mt_attempts(r) >= 2)
			return (MT_UNKNOWN);
		*due_at = now + MT_AGAIN_US;
		return (MT_QUEUED);
	case MT_FAILED:
		return (mt_refused(r, now, due_at));
	case MT_QUEUED:
		/* For the database it may be day a little longer. */
		if (r->cause == MT_CAUSE_NIGHT)
			*due_at = now + MT_HOLD_US;
		break;
	case MT_MORE:
	case MT_INFLIGHT:
	case MT_ACCEPTED:
	case MT_EXPIRED:
	case MT_SUPPRESSED:
		break;
	}
	return (r->worst);
}

/* accepted < unknown < anything else */
static void
mt_worsen(struct mt_reply *r, enum mt_state state, int32_t cause)
{
	if (state == MT_ACCEPTED ||
	    (state == MT_UNKNOWN && r->worst != MT_ACCEPTED))
		return;
	r->worst = state;
	r->cause = cause;
}

static uint64_t
mt_intent_take(struct mt_reply *r, int segment)
{
	uint64_t intent = r->intent[segment];

	r->intent[segment] = 0;
	r->outstanding--;
	r->link->outstanding--;
	r->link->heard_ms = clock_mono_ms();
	return (intent);
}

/* Danger does not wait for a database that sends it no second time. Receipts do,
 * and are answers of long ago by then. */
static bool
mt_keeps(const struct mt *mt, const struct mt_reply *r,
    const struct item *result)
{
	return (result->state == MT_QUEUED && result->due_at != 0 &&
	    mt_is_danger(r) && mt_is_alone(mt, r));
}

static void
mt_keep(struct mt *mt, struct mt_reply *r, const struct item *result)
{
	r->again++;
	r->due_ms = clock_mono_ms() + (result->due_at - result->at) / 1000;
	away_refused(mt->gateway->away, r->row);
	mt_reply_anew(r, r->link);
}

/* Nothing of it is outstanding, and its state is known. */
static void
mt_settled(struct mt *mt, struct mt_reply *r, enum mt_state state)
{
	if (state != MT_ACCEPTED && r->worst != MT_UNKNOWN)
		mt_reply_spend(mt, r, -1);
	if (mt_is_unsent(state))
		away_untold(mt->gateway->away, r->row);
	mt->came_to[state]++;
	if (state == MT_QUEUED && r->worst != MT_UNKNOWN &&
	    r->row->tells.len != 0)
		mt_reply_give(mt, r);
	else
		mt_reply_end(mt, r);
}

void
mt_settle(struct mt *mt, struct mt_reply *r, int segment,
    enum mt_state state, int32_t mr, int32_t cause)
{
	struct item item = { .type = ITEM_RESULT, .at = clock_wall_us(),
		.mt = r->row->id, .segment = (uint8_t)(segment + 1), .mr = mr,
		.cause = cause, .attempts = r->row->attempts,
		.reply_kind = (uint8_t)r->row->kind, .away = r->row->away,
		.state = MT_MORE };
	bool last, kept;

	if (segment >= 0)
		item.intent = mt_intent_take(r, segment);
	if (segment >= 0 && state == MT_ACCEPTED)
		r->row->taken |= 1u << segment;
	outbox_answers(r->row, item.identity);
	if (r->link != NULL)
		strncpy(item.link, link_name(r->link->link),
		    sizeof item.link - 1);
	mt_worsen(r, state, cause);
	last = r->outstanding == 0 && (segment < 0 ||
	    r->worst != MT_ACCEPTED || r->next == r->segments->count);
	if (last)
		item.state = (uint8_t)mt_final(r, item.at, &item.due_at);
	kept = mt_keeps(mt, r, &item);
	if (kept)
		item.state = MT_MORE;
	if (item.due_at != 0)
		mt_after(mt, (item.due_at - item.at) / 1000 + 200);
	journal_keep(mt->gateway->journal, &item);
	mt->result_fresh = mt->result_fresh || segment >= 0;
	if (item.away && item.state == MT_ACCEPTED)
		away_took(mt->gateway->away, &item);
	log_info("mt=%lld segment=%d link=%s state=%s cause=%d",
	    (long long)r->row->id, segment + 1, item.link,
	    mt_state_name((enum mt_state)item.state), (int)cause);
	if (kept)
		mt_keep(mt, r, &item);
	else if (last)
		mt_settled(mt, r, (enum mt_state)item.state);
}

/*
 * What links say.
 */

static enum mt_state
mt_outcome_state(const char *outcome)
{
	if (strcmp(outcome, "accepted") == 0)
		return (MT_ACCEPTED);
	if (strcmp(outcome, "refused") == 0)
		return (MT_FAILED);
	return (MT_UNKNOWN);
}

/* Its row in the database is wanted for a report, and to know which segments of
 * several need not be sent again. */
static int32_t
mt_message_mr(const struct mt_reply *r, const struct link *l,
    const json_t *msg)
{
	json_int_t mr = json_object_get(msg, "mr") != NULL ?
	    link_msg_int(msg, "mr") : -1;

	if (link_config(l)->report && mr >= 0 && mr <= 255)
		return ((int32_t)mr);
	return (r->segments->count > 1 ? MT_MR_UNTOLD : MT_MR_NONE);
}

static int32_t
mt_message_cause(const json_t *msg, enum mt_state state)
{
	json_int_t cause = link_msg_int(msg, "cause");

	if (state != MT_FAILED)
		return (MT_CAUSE_NONE);
	return (cause > 0 && cause < 1000 ? (int32_t)cause : MT_CAUSE_PLAIN);
}

int
mt_submitted(struct mt *mt, struct link *l, const json_t *msg)
{
	struct mt_link *ml = mt_link_of(mt, l);
	json_int_t id = link_msg_int(msg, "mt");
	json_int_t segment = link_msg_int(msg, "segment");
	enum mt_state state = mt_outcome_state(link_msg_str(msg, "outcome"));
	struct mt_reply *r;

	if (segment < 1 || segment > SEGMENTS_MAX)
		return (-1);
	TAILQ_FOREACH(r, &ml->flying, entry) {
		if (r->row->id == id && r->intent[segment - 1] != 0)
			break;
	}
	/* Said before, when the ack was lost: settled already. */
	if (r == NULL)
		return (0);
	if (state == MT_ACCEPTED) {
		link_count_sent(l);
		mt_rest_accepted(mt, ml);
	} else if (state == MT_FAILED) {
		mt_rest_refused(mt, r, mt_message_cause(msg, state));
	}
	mt_settle(mt, r, (int)segment - 1, state,
	    state == MT_ACCEPTED ? mt_message_mr(r, l, msg) : MT_MR_NONE,
	    mt_message_cause(msg, state));
	return (0);
}

int
mt_status_report(struct mt *mt, struct link *l, const json_t *msg)
{
	struct item item = { .type = ITEM_REPORT, .at = clock_wall_us() };
	json_int_t mr = link_msg_int(msg, "mr");
	json_int_t status = link_msg_int(msg, "status");
	const char *scts = link_msg_str(msg, "scts");
	int offset;

	if (json_object_get(msg, "mt") != NULL)
		item.mt = link_msg_int(msg, "mt");
	else if (json_object_get(msg, "mr") == NULL ||
	    json_object_get(msg, "recipient") == NULL)
		return (-1);
	/* Of no segment that ever was: the nearest octet is of another. */
	if (mr < 0 || mr > 255 || status < 0 || status > 255)
		return (0);
	strncpy(item.link, link_name(l), sizeof item.link - 1);
	item.kind = msisdn_normalise(link_msg_str(msg, "recipient"), "",
	    mt->gateway->config->gateway.country, item.msisdn);
	item.mr = (int32_t)mr;
	item.cause = (int32_t)status;
	/* Without it a report is of the newest that it may be of. */
	if (clock_parse(scts, &item.scts, &offset) == -1)
		item.scts = 0;
	journal_add(mt->gateway->journal, &item);
	return (0);
}
