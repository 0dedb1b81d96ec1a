/*
 * Last step of the MT path: results and status reports out of the log, in
 * order, into the database. Runs in glasd; owns those that are on their way. A
 * call that fails is made again; an outcome that the database refuses for what
 * is in it is given up alone.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "glasd/rekey.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/cause.h"
#include "store/config.h"
#include "store/pg.h"

#define MT_DAY_US	(INT64_C(86400) * 1000000)
#define MT_REPORT_WINDOW_US (2 * MT_DAY_US)
#define MT_REPORTS_HELD	100	/* for what their link has in hand: the log is
				   not to stand still for a storm of them */

static const char mt_result_statement[] =
    "select glas_gw.mt_result($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
    " $12, $13, $14, $15)";

static const char mt_report_statement[] =
    "select glas_gw.mt_report($1, $2, $3, $4, $5, $6, $7, $8, $9,"
    " $10)";

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
		return ("it was refused without a cause");
	case MT_CAUSE_NO_NUMBER:
		return ("the number cannot be opened with these keys");
	case MT_CAUSE_STOPPED:
		return ("the person said STOP");
	case MT_CAUSE_TOO_LONG:
		return ("too long for any number of segments");
	case MT_CAUSE_LINK_GONE:
		return ("its link is not in the configuration");
	case MT_CAUSE_LINK_SPENT:
		return ("the segments of its link are spent");
	case MT_CAUSE_LINK_AWAY:
		return ("its link could not send");
	case MT_CAUSE_NIGHT:
		return ("waits for the morning");
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

static unsigned int
mt_outcomes_taken_of(const struct mt_outcomes *list, int64_t id,
    const char *link)
{
	const struct mt_outcome *o;
	unsigned int taken = 0;

	TAILQ_FOREACH(o, list, entry) {
		if (o->item.mt == id && o->item.mr != MT_MR_NONE &&
		    strcmp(o->item.link, link) == 0)
			taken |= 1u << (o->item.segment - 1);
	}
	return (taken);
}

unsigned int
mt_outcomes_taken(const struct mt *mt, int64_t id, const char *link)
{
	return (mt_outcomes_taken_of(&mt->results, id, link) |
	    mt_outcomes_taken_of(&mt->results_sent, id, link) |
	    mt_outcomes_taken_of(&mt->results_early, id, link));
}

/* Its row is made together with the text it answers, which others need not wait
 * for: somebody may have locked what that needs. */
static bool
mt_result_early(const struct mt *mt, const struct mt_outcome *o)
{
	return (o->item.away && away_waits(mt->gateway->away, &o->item));
}

static void
mt_outcome_move(struct mt_outcome *o, struct mt_outcomes *from,
    struct mt_outcomes *to)
{
	TAILQ_REMOVE(from, o, entry);
	TAILQ_INSERT_TAIL(to, o, entry);
}

/* Those whose row is there by now go first. */
static void
mt_results_ripen(struct mt *mt)
{
	struct mt_outcomes ripe = TAILQ_HEAD_INITIALIZER(ripe);
	struct mt_outcome *o, *next;

	for (o = TAILQ_FIRST(&mt->results_early); o != NULL; o = next) {
		next = TAILQ_NEXT(o, entry);
		if (!mt_result_early(mt, o))
			mt_outcome_move(o, &mt->results_early, &ripe);
	}
	mt_outcomes_back(&ripe, &mt->results);
}

/* Moves what one call takes: no reply twice, or its rows would race. */
static void
mt_results_choose(struct mt *mt)
{
	struct mt_outcome *o, *seen;
	unsigned int n = 0;

	mt_results_ripen(mt);
	while ((o = TAILQ_FIRST(&mt->results)) != NULL && n < mt->a_call) {
		if (rewound_owes(mt->gateway->rewound, o->record))
			return;
		if (mt_result_early(mt, o)) {
			mt_outcome_move(o, &mt->results, &mt->results_early);
			continue;
		}
		TAILQ_FOREACH(seen, &mt->results_sent, entry) {
			if (seen->item.mt == o->item.mt &&
			    seen->item.state != MT_MORE)
				return;
		}
		mt_outcome_move(o, &mt->results, &mt->results_sent);
		n++;
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
mt_results_send(struct mt *mt)
{
	struct mt_outcomes *list = &mt->results_sent;
	struct pg_params p = { 0 };

	pg_param_text(&p, mt->gateway->config->gateway.name);
	pg_param_int(&p, PG_DATE, clock_wall_us() / MT_DAY_US);
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
	    pg_item_int_or_null(&p, o->item.due_at));
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
	EACH(&p, list, PG_TEXT, o, o->item.state != MT_MORE,
	    pg_item_text(&p, o->item.link));
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

static uint64_t
mt_outcomes_oldest(const struct mt_outcomes *list, uint64_t oldest)
{
	const struct mt_outcome *o;

	TAILQ_FOREACH(o, list, entry) {
		if (o->record < oldest)
			oldest = o->record;
	}
	return (oldest);
}

static bool
mt_report_meets(const struct mt_outcomes *results, const struct item *report)
{
	const struct mt_outcome *o;

	TAILQ_FOREACH(o, results, entry) {
		if ((report->mt != 0 ? o->item.mt == report->mt :
		    o->item.mr == report->mr) &&
		    strcmp(o->item.link, report->link) == 0)
			return (true);
	}
	return (false);
}

/* Whether its link may have yet to say that it submitted that segment. */
static bool
mt_report_overtakes(const struct mt *mt, const struct item *report)
{
	const struct mt_link *ml;
	const struct mt_reply *r;

	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (strcmp(link_name(ml->link), report->link) != 0)
			continue;
		TAILQ_FOREACH(r, &ml->flying, entry) {
			if (r->outstanding != 0 && (report->mt != 0 ?
			    r->row->id == report->mt :
			    strcmp(r->row->recipient, report->msisdn) == 0))
				return (true);
		}
	}
	return (false);
}

/* It may be of a segment whose result is on its way, which can fail; or is of
 * one whose result comes behind it, or waits for its row. */
static bool
mt_report_early(const struct mt *mt, struct mt_outcome *report,
    uint64_t oldest, unsigned int *held)
{
	const struct journal *journal = mt->gateway->journal;

	if (*held < MT_REPORTS_HELD &&
	    mt_report_overtakes(mt, &report->item)) {
		report->behind = journal_newest(journal) + 1;
		++*held;
	}
	return (report->record >= oldest ||
	    journal_position(journal) < report->behind ||
	    mt_report_meets(&mt->results, &report->item) ||
	    mt_report_meets(&mt->results_sent, &report->item) ||
	    mt_report_meets(&mt->results_early, &report->item));
}

static void
mt_reports_choose(struct mt *mt)
{
	uint64_t oldest = mt_outcomes_oldest(&mt->results_sent,
	    mt_outcomes_oldest(&mt->results, UINT64_MAX));
	struct mt_outcome *o, *next;
	unsigned int n = 0, held = 0;

	for (o = TAILQ_FIRST(&mt->reports); o != NULL && n < mt->a_call;
	    o = next) {
		next = TAILQ_NEXT(o, entry);
		if (mt_report_early(mt, o, oldest, &held))
			continue;
		mt_outcome_move(o, &mt->reports, &mt->reports_sent);
		n++;
	}
}

static void
mt_reports_met_got(void *arg, const struct pg_result *r)
{
	(void)arg;
	if (!pg_ok(r) && strcmp(pg_sqlstate(r), "08006") != 0)
		log_warn("reports: %s %s", pg_sqlstate(r), pg_error(r));
}

/* While keys are replaced, who is reported of may have the old token still. */
static void
mt_reports_met(struct mt *mt)
{
	const struct item **items = xcalloc(mt->a_call, sizeof *items);
	struct mt_outcome *o;
	size_t n = 0;

	TAILQ_FOREACH(o, &mt->reports_sent, entry)
		items[n++] = &o->item;
	rekey_met(mt->gateway, items, n, mt_reports_met_got, NULL);
	free(items);
}

static void
mt_reports_send(struct mt *mt)
{
	struct mt_outcomes *list = &mt->reports_sent;
	struct pg_params p = { 0 };

	if (seal_keys_two(mt->gateway->keys))
		mt_reports_met(mt);
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
	EACH(&p, list, PG_INT8, o, true, pg_item_int(&p, o->item.mt));
	pg_param_text(&p, mt->gateway->config->gateway.name);
	EACH(&p, list, PG_TIMESTAMPTZ, o, true,
	    pg_item_int_or_null(&p, o->item.scts));
	pg_pipe_send(database_pipe(mt->gateway->database),
	    mt_report_statement, &p, mt_reports_got, mt);
	pg_params_clear(&p);
}

void
mt_outcomes_flush(struct mt *mt)
{
	if (!database_ready(mt->gateway->database) ||
	    clock_mono_ms() < mt->rest_ms)
		return;
	if (TAILQ_EMPTY(&mt->results_sent)) {
		mt_results_choose(mt);
		if (!TAILQ_EMPTY(&mt->results_sent))
			mt_results_send(mt);
	}
	if (TAILQ_EMPTY(&mt->reports_sent) && !TAILQ_EMPTY(&mt->reports)) {
		mt_reports_choose(mt);
		if (!TAILQ_EMPTY(&mt->reports_sent))
			mt_reports_send(mt);
	}
}
