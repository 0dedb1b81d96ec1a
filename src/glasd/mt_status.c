/*
 * Last step of the MT path: what became of each segment goes into the log
 * first and from there, in order, to the database; status reports likewise.
 * Runs in glasd. A result that is in the log is never asked for again: a crash
 * between the log and the database sends nothing twice.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/cause.h"
#include "sms/link_msg.h"
#include "store/config.h"
#include "store/pg.h"

#define MILLISECOND_US	INT64_C(1000)
#define SECOND_US	INT64_C(1000000)
#define MT_RETRY_US	(30 * SECOND_US)
#define MT_HOLD_US	(300 * SECOND_US)
#define MT_AGAIN_US	(5 * SECOND_US)
#define MT_REPORT_WINDOW_US (INT64_C(2) * 86400 * SECOND_US)

static const char mt_result_statement[] =
    "select glas_gw.mt_result($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
    " $12, $13, $14)";

static const char mt_report_statement[] =
    "select glas_gw.mt_report($1, $2, $3, $4, $5, $6, $7)";

/*
 * A segment is settled.
 */

static int64_t
mt_backoff(enum cause_class class, int attempts)
{
	int64_t wait = (class == CAUSE_TRY_AGAIN ? MT_RETRY_US : MT_HOLD_US)
	    << (attempts > MT_ATTEMPTS_MAX ? MT_ATTEMPTS_MAX : attempts - 1);

	return (wait + (int64_t)seal_random_below(
	    (uint32_t)(wait / SECOND_US)) * SECOND_US / 4);
}

/* What a refusal means for the reply, by the class of its cause. */
static enum mt_state
mt_refused(const struct mt_reply *r, int64_t now, int64_t *due_at)
{
	enum cause_class class = r->cause == MT_CAUSE_PLAIN ?
	    CAUSE_TRY_AGAIN : cause_of_cms(r->cause);
	bool rests = r->link != NULL && mt_rest_is_due(r->link);

	/* While its link takes nothing, an attempt says nothing of the reply. */
	if (r->cause == MT_CAUSE_TOO_LONG ||
	    (!rests && r->row->attempts >= MT_ATTEMPTS_MAX))
		return (MT_FAILED);
	switch (class) {
	case CAUSE_TRY_AGAIN:
	case CAUSE_CREDIT:
	case CAUSE_SIM:
		*due_at = now + (rests ?
		    link_config(r->link->link)->rest_ms * MILLISECOND_US :
		    mt_backoff(class, r->row->attempts));
		return (MT_QUEUED);
	case CAUSE_RECIPIENT:
	case CAUSE_MESSAGE:
		break;
	}
	return (MT_FAILED);
}

/* The state of the whole reply, when nothing of it is outstanding. */
static enum mt_state
mt_final(const struct mt_reply *r, int64_t now, int64_t *due_at)
{
	switch (r->worst) {
	case MT_UNKNOWN:
		if (!r->row->must_arrive || r->row->attempts >= 2)
			return (MT_UNKNOWN);
		*due_at = now + MT_AGAIN_US;
		return (MT_QUEUED);
	case MT_FAILED:
		return (mt_refused(r, now, due_at));
	case MT_MORE:
	case MT_QUEUED:
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

void
mt_settle(struct mt *mt, struct mt_reply *r, int segment,
    enum mt_state state, int32_t mr, int32_t cause)
{
	struct item item = { .type = ITEM_RESULT, .at = clock_wall_us(),
		.mt = r->row->id, .segment = (uint8_t)(segment + 1), .mr = mr,
		.cause = cause, .attempts = r->row->attempts,
		.away = r->row->away, .state = MT_MORE };
	bool last;

	if (segment >= 0)
		item.intent = mt_intent_take(r, segment);
	if (r->row->away)
		memcpy(item.identity, r->row->cause, sizeof item.identity);
	if (r->link != NULL)
		strncpy(item.link, link_name(r->link->link),
		    sizeof item.link - 1);
	mt_worsen(r, state, cause);
	last = r->outstanding == 0 && (segment < 0 ||
	    r->worst != MT_ACCEPTED || r->next == r->segments->count);
	if (last)
		item.state = (uint8_t)mt_final(r, item.at, &item.due_at);
	if (item.due_at != 0)
		mt_after(mt, (item.due_at - item.at) / 1000 + 200);
	journal_keep(mt->gateway->journal, &item);
	if (item.away && item.state == MT_ACCEPTED)
		away_took(mt->gateway->away, &item);
	log_info("mt=%lld segment=%d link=%s state=%s cause=%d",
	    (long long)r->row->id, segment + 1, item.link,
	    mt_state_name((enum mt_state)item.state), (int)cause);
	if (last)
		mt_reply_end(mt, r);
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

void
mt_status_report(struct mt *mt, struct link *l, const json_t *msg)
{
	struct item item = { .type = ITEM_REPORT, .at = clock_wall_us() };

	strncpy(item.link, link_name(l), sizeof item.link - 1);
	item.kind = msisdn_normalise(link_msg_str(msg, "recipient"), "",
	    mt->gateway->config->gateway.country, item.msisdn);
	item.mr = (int32_t)(link_msg_int(msg, "mr") & 0xff);
	item.cause = (int32_t)(link_msg_int(msg, "status") & 0xff);
	journal_add(mt->gateway->journal, &item);
}

/*
 * Out of the log, into the database.
 */

bool
mt_intent_open(struct mt *mt, uint64_t record)
{
	return (record > mt->restored);
}

static void
mt_outcome_done(const struct mt *mt, const struct mt_outcome *o)
{
	struct journal *journal = mt->gateway->journal;

	journal_done(journal, o->record);
	if (o->item.intent > mt->restored)
		journal_done(journal, o->item.intent);
}

bool
mt_outcomes_room(const struct mt *mt)
{
	return (mt->outcome_count < MT_OUTCOMES_MAX);
}

static void
mt_outcome_add(struct mt *mt, struct mt_outcomes *list,
    const struct mt_outcome *outcome)
{
	struct mt_outcome *o = xmemdup(outcome, sizeof *outcome);

	o->item.udh = o->item.ud = NULL;
	o->item.udh_len = o->item.ud_len = 0;
	TAILQ_INSERT_TAIL(list, o, entry);
	mt->outcome_count++;
}

void
mt_result_take(struct mt *mt, const struct item *item, uint64_t record)
{
	struct mt_outcome o = { .item = *item, .record = record };

	/* Sent while the database was away, under no id of its: the row says
	 * unknown. */
	if (item->mt < 0)
		mt_outcome_done(mt, &o);
	else
		mt_outcome_add(mt, &mt->results, &o);
}

void
mt_report_take(struct mt *mt, const struct item *item, uint64_t record)
{
	struct mt_outcome o = { .item = *item, .record = record };

	mt_outcome_add(mt, &mt->reports, &o);
}

static void
mt_outcomes_done(struct mt *mt, struct mt_outcomes *list)
{
	struct mt_outcome *o;

	while ((o = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, o, entry);
		mt_outcome_done(mt, o);
		mt->outcome_count--;
		free(o);
	}
}

static void
mt_outcomes_back(struct mt_outcomes *sent, struct mt_outcomes *list)
{
	TAILQ_CONCAT(sent, list, entry);
	TAILQ_CONCAT(list, sent, entry);
}

/* A statement that fails for what is in it would fail for ever. */
static bool
mt_outcomes_hopeless(const struct pg_result *r)
{
	return (strncmp(pg_sqlstate(r), "22", 2) == 0 ||
	    strncmp(pg_sqlstate(r), "23", 2) == 0);
}

/* One that is refused alone is given up; among others, these go one by one
 * until it is found. */
static void
mt_outcomes_refused(struct mt *mt, const struct pg_result *r,
    struct mt_outcomes *sent, struct mt_outcomes *list)
{
	struct mt_outcome *o = TAILQ_FIRST(sent);

	mt->a_call = 1;
	if (TAILQ_NEXT(o, entry) != NULL) {
		mt_outcomes_back(sent, list);
		return;
	}
	log_error("mt=%lld its outcome was refused: %s %s",
	    (long long)o->item.mt, pg_sqlstate(r), pg_error(r));
	mt_outcomes_done(mt, sent);
}

static void
mt_outcomes_got(struct mt *mt, const struct pg_result *r,
    struct mt_outcomes *sent, struct mt_outcomes *list)
{
	if (pg_ok(r)) {
		database_worked(mt->gateway->database, DATABASE_RESULTS);
		mt_outcomes_done(mt, sent);
		if (mt->a_call < MT_RESULTS_MAX)
			mt->a_call++;
	} else if (mt_outcomes_hopeless(r)) {
		mt_outcomes_refused(mt, r, sent, list);
	} else {
		mt_outcomes_back(sent, list);
		mt->rest_ms = clock_mono_ms() + MT_REST_MS;
		database_failed(mt->gateway->database, DATABASE_RESULTS, r);
	}
}

static void
mt_results_got(void *arg, const struct pg_result *r)
{
	struct mt *mt = arg;

	if (pg_ok(r))
		rewound_called(mt->gateway->rewound);
	mt_outcomes_got(mt, r, &mt->results_sent, &mt->results);
}

static void
mt_reports_got(void *arg, const struct pg_result *r)
{
	struct mt *mt = arg;

	mt_outcomes_got(mt, r, &mt->reports_sent, &mt->reports);
}

static const char *
mt_reason(const struct item *item)
{
	switch ((enum mt_cause)item->cause) {
	case MT_CAUSE_NONE:
		return (item->state == MT_UNKNOWN ||
		    item->state == MT_QUEUED ?
		    "outcome of the last attempt is unknown" : "");
	case MT_CAUSE_PLAIN:
		return ("the modem said only ERROR");
	case MT_CAUSE_NO_NUMBER:
		return ("the number cannot be opened with these keys");
	case MT_CAUSE_STOPPED:
		return ("the person said STOP");
	case MT_CAUSE_TOO_LONG:
		return ("too long for any number of segments");
	case MT_CAUSE_LINK_GONE:
		return ("its link is not in the configuration");
	case MT_CAUSE_SPENT:
		return ("the segments of the day are spent");
	case MT_CAUSE_SILENCED:
		return ("the person is silenced");
	case MT_CAUSE_BLOCKED:
		return ("the number is blocked");
	case MT_CAUSE_PREFIX:
		return ("numbers of this kind are not written to: see "
		    "answer-prefixes");
	case MT_CAUSE_SAID:
		return ("answered while the database was away");
	}
	return (cause_words(item->cause));
}

/* Its row is made together with the text it answers. */
static bool
mt_result_early(const struct mt *mt, const struct mt_outcome *o)
{
	const struct gateway *g = mt->gateway;

	if (o->item.away && away_find(g->away, o->item.identity) != NULL)
		return (true);
	return (rewound_owes(g->rewound, o->record));
}

/* Moves what one call takes: no reply twice, or its rows would race. */
static void
mt_results_choose(struct mt *mt)
{
	struct mt_outcome *o, *seen;
	unsigned int n = 0;

	while ((o = TAILQ_FIRST(&mt->results)) != NULL &&
	    n++ < mt->a_call) {
		if (mt_result_early(mt, o))
			return;
		TAILQ_FOREACH(seen, &mt->results_sent, entry) {
			if (seen->item.mt == o->item.mt &&
			    seen->item.state != MT_MORE)
				return;
		}
		TAILQ_REMOVE(&mt->results, o, entry);
		TAILQ_INSERT_TAIL(&mt->results_sent, o, entry);
	}
}

#define EACH(p, list, type, o, when, item)         \
	do {                                       \
		const struct mt_outcome *o;        \
                                                   \
		pg_array(p, type);                 \
		TAILQ_FOREACH(o, list, entry) {    \
			if (when)                  \
				item;              \
		}                                  \
	} while (0)

static void
mt_item_due(struct pg_params *p, int64_t due_at)
{
	if (due_at == 0)
		pg_item_null(p);
	else
		pg_item_int(p, due_at);
}

static void
mt_results_send(struct mt *mt)
{
	struct mt_outcomes *list = &mt->results_sent;
	struct pg_params p = { 0 };

	pg_param_text(&p, mt->gateway->config->gateway.name);
	pg_param_int(&p, PG_DATE, clock_wall_us() / (86400 * SECOND_US));
#define FINAL (o->item.state != MT_MORE)
	EACH(&p, list, PG_INT8, o, FINAL, pg_item_int(&p, o->item.mt));
	EACH(&p, list, PG_INT4, o, FINAL,
	    pg_item_int(&p, o->item.attempts));
	EACH(&p, list, PG_TEXT, o, FINAL, pg_item_text(&p,
	    mt_state_name((enum mt_state)o->item.state)));
	EACH(&p, list, PG_TEXT, o, FINAL,
	    pg_item_text(&p, mt_reason(&o->item)));
	EACH(&p, list, PG_INT4, o, FINAL, o->item.cause > 0 ?
	    pg_item_int(&p, o->item.cause) : pg_item_null(&p));
	EACH(&p, list, PG_TIMESTAMPTZ, o, FINAL,
	    pg_item_int(&p, o->item.at));
	EACH(&p, list, PG_TIMESTAMPTZ, o, FINAL,
	    mt_item_due(&p, o->item.due_at));
#undef FINAL
#define TAKEN (o->item.mr != MT_MR_NONE)
	EACH(&p, list, PG_INT8, o, TAKEN, pg_item_int(&p, o->item.mt));
	EACH(&p, list, PG_INT4, o, TAKEN,
	    pg_item_int(&p, o->item.segment));
	EACH(&p, list, PG_TEXT, o, TAKEN, pg_item_text(&p, o->item.link));
	EACH(&p, list, PG_INT4, o, TAKEN, pg_item_int(&p, o->item.mr));
	EACH(&p, list, PG_TIMESTAMPTZ, o, TAKEN,
	    pg_item_int(&p, o->item.at));
#undef TAKEN
	pg_pipe_send(database_pipe(mt->gateway->database),
	    mt_result_statement, &p, mt_results_got, mt);
	pg_params_clear(&p);
}

static const char *
mt_report_word(int status)
{
	switch (cause_of_status(status)) {
	case REPORT_DELIVERED:
		return ("delivered");
	case REPORT_PENDING:
		return ("pending");
	case REPORT_FAILED:
		break;
	}
	return ("failed");
}

static void
mt_item_recipient(struct mt *mt, struct pg_params *p, const struct item *item)
{
	uint8_t token[SEAL_TOKEN_LEN];

	seal_token(mt->gateway->keys, SEAL_TOKEN, item->msisdn,
	    strlen(item->msisdn), token);
	pg_item_bytes(p, token, sizeof token);
}

static void
mt_reports_choose(struct mt *mt)
{
	struct mt_outcome *o;

	for (unsigned int n = 0; n < mt->a_call &&
	    (o = TAILQ_FIRST(&mt->reports)) != NULL; n++) {
		TAILQ_REMOVE(&mt->reports, o, entry);
		TAILQ_INSERT_TAIL(&mt->reports_sent, o, entry);
	}
}

static void
mt_reports_send(struct mt *mt)
{
	struct mt_outcomes *list = &mt->reports_sent;
	struct pg_params p = { 0 };

	EACH(&p, list, PG_TEXT, o, true, pg_item_text(&p, o->item.link));
	EACH(&p, list, PG_INT4, o, true, pg_item_int(&p, o->item.mr));
	EACH(&p, list, PG_BYTEA, o, true,
	    mt_item_recipient(mt, &p, &o->item));
	EACH(&p, list, PG_INT4, o, true, pg_item_int(&p, o->item.cause));
	EACH(&p, list, PG_TEXT, o, true,
	    pg_item_text(&p, mt_report_word(o->item.cause)));
	EACH(&p, list, PG_TIMESTAMPTZ, o, true,
	    pg_item_int(&p, o->item.at));
	pg_param_int(&p, PG_INTERVAL, MT_REPORT_WINDOW_US);
	pg_pipe_send(database_pipe(mt->gateway->database),
	    mt_report_statement, &p, mt_reports_got, mt);
	pg_params_clear(&p);
}

void
mt_status_flush(struct mt *mt)
{
	if (!database_ready(mt->gateway->database) ||
	    clock_mono_ms() < mt->rest_ms)
		return;
	if (TAILQ_EMPTY(&mt->results_sent)) {
		mt_results_choose(mt);
		if (!TAILQ_EMPTY(&mt->results_sent))
			mt_results_send(mt);
	}
	/* A report may be of a segment whose result is still on its way. */
	if (TAILQ_EMPTY(&mt->reports_sent) && !TAILQ_EMPTY(&mt->reports) &&
	    TAILQ_EMPTY(&mt->results)) {
		mt_reports_choose(mt);
		mt_reports_send(mt);
	}
}
