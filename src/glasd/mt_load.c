/*
 * First step of the MT path: queued replies are claimed from the outbox for
 * links that have room, their numbers opened, and who said STOP since is left
 * alone. Runs in glasd: after a notification, every five seconds, when the next
 * reply is due, and when a link or memory has room again.
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
#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/msisdn.h"
#include "store/config.h"
#include "store/pg.h"

#define MT_DAY_US (INT64_C(86400) * 1000000)

enum {	/* columns of glas_gw.mt_claim() */
	CLAIM_ID,
	CLAIM_LINK,
	CLAIM_TEXT,
	CLAIM_SEGMENTS,
	CLAIM_TOKEN,
	CLAIM_COPY,
	CLAIM_ATTEMPTS,
	CLAIM_EXPIRES_AT,
	CLAIM_PRIORITY,
	CLAIM_KIND,
	CLAIM_TAKEN,
	CLAIM_CAUSES,
	CLAIM_DAY_ENDS_AT
};

static const char mt_claim_statement[] =
    "select id, link, text, segments, token, reply_copy, attempts,"
    " expires_at, priority, kind, case when attempts > 1"
    " or kind = 'emergency' then glas_gw.mt_taken(id, link) end,"
    " case when kind = 'emergency' then glas_gw.mt_causes(id) end,"
    " day_ends_at"
    " from glas_gw.mt_claim($1, $2, $3, $4, $5, $6, $7)";

/* A claimed row on its way into memory. */
struct mt_claimed {
	struct outbox_reply *reply;	/* recipient "": it cannot be opened */
	int		 segments;
	bool		 notice;	/* to who looks after the gateway */
	bool		 danger;	/* tells of danger, in answer to: */
	struct buf	 causes;	/* identities, one behind the other */
};

struct mt_claim {
	struct mt	*mt;
	int		 count;
	struct mt_claimed row[];
};

static void	 mt_claim_send(struct mt *);

/* Opens the number; "" when these keys do not. */
static void
mt_claimed_number(const struct mt *mt, char msisdn[MSISDN_MAX],
    const struct pg_result *r, int row)
{
	struct buf token = { 0 }, copy = { 0 };

	pg_bytes(r, row, CLAIM_TOKEN, &token);
	pg_bytes(r, row, CLAIM_COPY, &copy);
	if (token.len != SEAL_TOKEN_LEN || copy.len != SEAL_MSISDN_LEN ||
	    seal_msisdn_open(mt->gateway->keys, token.data, copy.data,
	    msisdn) == -1)
		msisdn[0] = '\0';
	buf_clear(&token);
	buf_clear(&copy);
}

static void
mt_claimed_read(struct mt *mt, struct mt_claimed *c,
    const struct pg_result *r, int row)
{
	const char *kind = pg_text(r, row, CLAIM_KIND);
	char msisdn[MSISDN_MAX];

	mt_claimed_number(mt, msisdn, r, row);
	mt_given_claimed(mt, pg_int(r, row, CLAIM_ID));
	c->reply = outbox_reply_new(pg_int(r, row, CLAIM_ID),
	    pg_text(r, row, CLAIM_LINK), msisdn, pg_text(r, row, CLAIM_TEXT));
	c->segments = (int)pg_int(r, row, CLAIM_SEGMENTS);
	c->notice = strcmp(kind, "notice") == 0;
	c->danger = strcmp(kind, "emergency") == 0;
	pg_bytes(r, row, CLAIM_CAUSES, &c->causes);
	c->reply->stays = strcmp(kind, "event") == 0 ||
	    strcmp(kind, "broadcast") == 0;
	c->reply->unasked = c->reply->stays || strcmp(kind, "reply") == 0;
	c->reply->priority = (int)pg_int(r, row, CLAIM_PRIORITY);
	c->reply->must_arrive = strcmp(kind, "receipt") == 0 ||
	    strcmp(kind, "emergency") == 0;
	c->reply->attempts = (int)pg_int(r, row, CLAIM_ATTEMPTS);
	c->reply->expires_at = pg_time(r, row, CLAIM_EXPIRES_AT);
	c->reply->day_ends_at = pg_time(r, row, CLAIM_DAY_ENDS_AT);
	c->reply->taken = (unsigned int)pg_int(r, row, CLAIM_TAKEN) |
	    mt_outcomes_taken(mt, c->reply->id, c->reply->link);
}

/* A claimed row that is not sent: its state goes the way of all results. */
static void
mt_claimed_drop(struct mt *mt, struct mt_claimed *c,
    enum mt_state state, enum mt_cause cause)
{
	struct item item = { .type = ITEM_RESULT, .at = clock_wall_us(),
		.mt = c->reply->id, .attempts = c->reply->attempts,
		.state = (uint8_t)state, .mr = MT_MR_NONE, .cause = cause };

	journal_keep(mt->gateway->journal, &item);
	if (state != MT_QUEUED || c->causes.len == 0 ||
	    c->reply->recipient[0] == '\0') {
		outbox_reply_free(c->reply);
		return;
	}
	buf_add(&c->reply->tells, c->causes.data, c->causes.len);
	mt_given_keep(mt, c->reply);
}

/* The cap holds for what people write and for second attempts as well, but not
 * for danger. A reply that does not fit any more ends it for the day, or until
 * the cap is raised. */
static bool
mt_claimed_fits(struct mt *mt, const struct mt_claimed *c)
{
	const struct gateway *g = mt->gateway;
	int cap = g->config->limits.segments_per_day;

	if (cap == 0 || c->danger ||
	    database_spent(g->database) + c->segments <= cap)
		return (true);
	mt->spent_day = clock_wall_us() / MT_DAY_US;
	mt->spent_cap = cap;
	return (false);
}

/* That of its link does not hold for danger. */
static bool
mt_claimed_fits_link(struct mt *mt, const struct mt_claimed *c)
{
	struct link *l = links_find(mt->gateway->links, c->reply->link);

	if (l == NULL || c->danger || link_fits(l, c->segments))
		return (true);
	link_fill(l);
	return (false);
}

static bool
mt_spent(const struct mt *mt)
{
	const struct gateway *g = mt->gateway;
	int cap = g->config->limits.segments_per_day;

	return (cap != 0 && (database_spent(g->database) >= cap ||
	    (mt->spent_day == clock_wall_us() / MT_DAY_US &&
	    cap <= mt->spent_cap)));
}

/* Nobody is written to who would not be answered: what admins send costs the
 * same. */
static bool
mt_claimed_allowed(const struct mt *mt, const struct mt_claimed *c)
{
	return (c->notice || msisdn_answerable(c->reply->recipient,
	    mt->gateway->config->limits.answer_prefixes));
}

/* Why it is not sent, by a letter of glas_gw.stopped(), or by a STOP that the
 * database has not heard of yet. Whoever wrote their own number into glas.conf
 * hears of the gateway, whatever they texted to try it. */
static enum mt_cause
mt_claimed_stopped(const struct mt *mt, const struct mt_claimed *c, char letter)
{
	if (c->notice)
		return (MT_CAUSE_NONE);
	if (letter == 'b')
		return (MT_CAUSE_BLOCKED);
	if (letter == 's' && !c->danger)
		return (MT_CAUSE_SILENCED);
	if (c->reply->unasked && (letter == 'o' ||
	    away_stopped(mt->gateway->away, c->reply->recipient)))
		return (MT_CAUSE_STOPPED);
	return (MT_CAUSE_NONE);
}

/* What was told from the words alone, while the claim took its time: of a text
 * that was stored before, and offered again. What was said before a start is in
 * nobody's hands, and is to be sent again. */
static const struct away_reply *
mt_claimed_said(const struct mt *mt, const struct mt_claimed *c)
{
	const struct away_reply *said = NULL;

	for (size_t at = 0; said == NULL &&
	    at + SEAL_TOKEN_LEN <= c->causes.len; at += SEAL_TOKEN_LEN)
		said = away_reply_of(mt->gateway->away, c->causes.data + at,
		    REPLY_EMERGENCY);
	return (said != NULL && (said->mt == c->reply->id ||
	    said->state != AWAY_LIVE) ? NULL : said);
}

/* The row becomes that of what was said; without a number of the outbox that
 * cannot be. */
static void
mt_claimed_settle(struct mt *mt, struct mt_claimed *c,
    const struct away_reply *said)
{
	if (said->mt < 0) {
		mt_claimed_drop(mt, c, MT_SUPPRESSED, MT_CAUSE_SAID);
		return;
	}
	outbox_reply_free(c->reply);
	database_settle(mt->gateway->database);
}

static void
mt_claimed_take(struct mt *mt, struct mt_claimed *c)
{
	struct gateway *g = mt->gateway;
	int segments = c->segments - __builtin_popcount(c->reply->taken);

	for (size_t at = 0; at + SEAL_TOKEN_LEN <= c->causes.len;
	    at += SEAL_TOKEN_LEN)
		away_tells(g->away, c->reply, c->causes.data + at);
	links_spend(g->links, c->reply->link, segments);
	database_spend(g->database, segments);
	outbox_put(g->outbox, c->reply);
}

/* A letter for each row that was claimed. */
static void
mt_stopped_got(void *arg, const struct pg_result *r)
{
	struct mt_claim *claim = arg;
	struct mt *mt = claim->mt;
	const char *letters = pg_ok(r) && pg_rows(r) == 1 ?
	    pg_text(r, 0, 0) : "";
	bool told = strlen(letters) == (size_t)claim->count;

	mt->claiming = false;
	for (int n = 0; n < claim->count; n++) {
		struct mt_claimed *c = &claim->row[n];
		enum mt_cause stopped = told ?
		    mt_claimed_stopped(mt, c, letters[n]) : MT_CAUSE_NONE;
		const struct away_reply *said = mt_claimed_said(mt, c);

		if (!told)
			mt_claimed_drop(mt, c, MT_QUEUED, MT_CAUSE_NONE);
		else if (said != NULL)
			mt_claimed_settle(mt, c, said);
		else if (c->reply->recipient[0] == '\0')
			mt_claimed_drop(mt, c, MT_FAILED, MT_CAUSE_NO_NUMBER);
		else if (!mt_claimed_allowed(mt, c))
			mt_claimed_drop(mt, c, MT_SUPPRESSED, MT_CAUSE_PREFIX);
		else if (stopped != MT_CAUSE_NONE)
			mt_claimed_drop(mt, c, MT_SUPPRESSED, stopped);
		else if (!mt_claimed_fits(mt, c))
			mt_claimed_drop(mt, c, MT_QUEUED, MT_CAUSE_SPENT);
		else if (!mt_claimed_fits_link(mt, c))
			mt_claimed_drop(mt, c, MT_QUEUED,
			    MT_CAUSE_LINK_SPENT);
		else
			mt_claimed_take(mt, c);
		buf_clear(&c->causes);
	}
	free(claim);
	/* There may be more than were asked for. */
	mt_load(mt, true);
}

static void
mt_stopped_ask(struct mt_claim *claim)
{
	struct mt *mt = claim->mt;
	struct pg_params p = { 0 };
	uint8_t token[SEAL_TOKEN_LEN];

	pg_array(&p, PG_BYTEA);
	for (int n = 0; n < claim->count; n++) {
		const char *msisdn = claim->row[n].reply->recipient;

		seal_token(mt->gateway->keys, SEAL_OPTOUT, msisdn,
		    strlen(msisdn), token);
		pg_item_bytes(&p, token, sizeof token);
	}
	pg_array(&p, PG_INT8);
	for (int n = 0; n < claim->count; n++)
		pg_item_int(&p, claim->row[n].reply->id);
	pg_pipe_send(database_pipe(mt->gateway->database),
	    "select glas_gw.stopped($1, $2)", &p, mt_stopped_got, claim);
	pg_params_clear(&p);
}

static void
mt_next_due_got(void *arg, const struct pg_result *r)
{
	struct mt *mt = arg;
	int64_t wait;

	if (!pg_ok(r) || pg_rows(r) != 1 || pg_null(r, 0, 0))
		return;
	/* Its clock may not be ours. */
	wait = (pg_time(r, 0, 0) - clock_wall_us()) / 1000 + 100;
	mt_after(mt, wait < 1000 ? 1000 : wait > 60000 ? 60000 : wait);
}

static void
mt_claim_got(void *arg, const struct pg_result *r)
{
	struct mt *mt = arg;
	struct mt_claim *claim;

	if (!pg_ok(r)) {
		mt->claiming = false;
		mt->rest_ms = clock_mono_ms() + MT_REST_MS;
		database_failed(mt->gateway->database, DATABASE_CLAIMS, r);
		return;
	}
	database_worked(mt->gateway->database, DATABASE_CLAIMS);
	if (pg_rows(r) == 0) {
		mt->claiming = false;
		if (mt->claim_all)
			outbox_left(mt->gateway->outbox, false);
		pg_pipe_send(database_pipe(mt->gateway->database),
		    "select glas_gw.mt_next_due()", NULL, mt_next_due_got, mt);
		if (mt->claim_again)
			mt_load(mt, true);
		return;
	}
	rewound_called(mt->gateway->rewound);
	claim = xcalloc(1, sizeof *claim +
	    (size_t)pg_rows(r) * sizeof claim->row[0]);
	claim->mt = mt;
	claim->count = pg_rows(r);
	for (int row = 0; row < claim->count; row++)
		mt_claimed_read(mt, &claim->row[row], r, row);
	mt_stopped_ask(claim);
}

/* Who is in danger waits behind no crowd, nor for a link that rests. */
static bool
mt_link_urgent(struct mt *mt, struct link *l)
{
	const struct mt_link *ml = mt_link_of(mt, l);

	return (mt_spent(mt) || link_full(l) || mt_rests(mt, ml) ||
	    ml->waiting_count >= MT_CLAIM_MAX / 2 ||
	    outbox_room(mt->gateway->outbox, false) < MT_CLAIM_MAX);
}

/* How many replies this link could take now. */
static unsigned int
mt_link_room(struct mt *mt, struct link *l)
{
	if (!link_ready(l) || !link_sends(l))
		return (0);
	if (!mt_link_urgent(mt, l))
		return (MT_CLAIM_MAX - mt_link_of(mt, l)->waiting_count);
	return (outbox_room(mt->gateway->outbox, true) >= MT_CLAIM_DANGER ?
	    MT_CLAIM_DANGER : 0);
}

bool
mt_load_may(struct mt *mt)
{
	struct link *l = NULL;

	while ((l = links_next(mt->gateway->links, l)) != NULL) {
		if (mt_link_room(mt, l) != 0 && !mt_link_urgent(mt, l))
			return (true);
	}
	return (false);
}

/* What is full for the day claims danger alone, which another link may take as
 * well. What is queued for a name that another gateway has is that one's. */
static bool
mt_claim_gives(struct mt *mt, const struct mt_link *ml)
{
	return (link_config(ml->link)->failover && !link_is_held(ml->link) &&
	    (mt_stranded(mt, ml) || link_full(ml->link)));
}

/* Which link takes what the database has for those that cannot send, which
 * these are, and which could not for long. */
static void
mt_claim_stranded(struct mt *mt, struct pg_params *p)
{
	const struct mt_link *ml;
	const char *by = "";

	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (link_config(ml->link)->failover && !link_full(ml->link) &&
		    !mt_rests(mt, ml) && mt_link_room(mt, ml->link) != 0)
			by = link_name(ml->link);
	}
	pg_param_text(p, by);
	pg_array(p, PG_TEXT);
	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (mt_claim_gives(mt, ml))
			pg_item_text(p, link_name(ml->link));
	}
	pg_array(p, PG_BOOL);
	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (mt_claim_gives(mt, ml))
			pg_item_int(p, mt_stranded(mt, ml) &&
			    mt_stranded_long(ml));
	}
}

/* The next link that could take some; the first one after NULL. */
static struct link *
mt_link_with_room(struct mt *mt, struct link *l)
{
	do {
		l = links_next(mt->gateway->links, l);
	} while (l != NULL && mt_link_room(mt, l) == 0);
	return (l);
}

static void
mt_claim_send(struct mt *mt)
{
	struct link *first = mt_link_with_room(mt, NULL), *l;
	struct pg_params p = { 0 };

	if (first == NULL)
		return;
	pg_param_text(&p, mt->gateway->config->gateway.name);
	pg_array(&p, PG_TEXT);
	for (l = first; l != NULL; l = mt_link_with_room(mt, l))
		pg_item_text(&p, link_name(l));
	pg_array(&p, PG_INT4);
	for (l = first; l != NULL; l = mt_link_with_room(mt, l))
		pg_item_int(&p, mt_link_room(mt, l));
	mt_claim_stranded(mt, &p);
	pg_array(&p, PG_BOOL);
	for (l = first; l != NULL; l = mt_link_with_room(mt, l))
		pg_item_int(&p, mt_link_urgent(mt, l));
	mt_rest_hasten(mt);
	mt->claiming = true;
	mt->claim_all = mt_load_may(mt);
	mt->claim_again = false;
	pg_pipe_send(database_pipe(mt->gateway->database),
	    mt_claim_statement, &p, mt_claim_got, mt);
	pg_params_clear(&p);
}

void
mt_load(struct mt *mt, bool hint)
{
	if (!mt->recovered || mt->gateway->stopping ||
	    !database_ready(mt->gateway->database))
		return;
	/* A STOP may be among what the log still has to tell. */
	if (!database_caught_up(mt->gateway->database))
		return;
	if (clock_mono_ms() < mt->rest_ms) {
		mt_after(mt, mt->rest_ms - clock_mono_ms());
		return;
	}
	if (mt->claiming)
		mt->claim_again = mt->claim_again || hint;
	else
		mt_claim_send(mt);
}
