/*
 * The gateway without its database. Runs in glasd; owns what was answered and
 * what it learnt of people meanwhile. Answers are given from the words alone,
 * by the same pure functions; what needs to know more of the person waits. A
 * segment of a long text is read by itself, and only for danger.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/concat.h"
#include "sms/segment.h"
#include "store/config.h"
#include "store/pg.h"
#include "text/mask.h"
#include "text/ussd.h"

#define AWAY_PEOPLE_MAX	20000
#define HOUR_US		(INT64_C(3600) * 1000000)

/* What is learnt of a person while the database is away. */
struct away_person {
	uint8_t		 token[SEAL_TOKEN_LEN];
	struct conversation conv;
	unsigned int	 outage;	/* after which this was answered: */
	uint8_t		 overdue[SEAL_TOKEN_LEN];
	unsigned int	 stops;		/* texts that say so, not stored yet */
	int		 replies;	/* of the hour that began at */
	int64_t		 hour_at;
};

struct away {
	struct gateway	*gateway;
	void		*answers;	/* trees of tsearch(3) */
	void		*people;
	void		*told;		/* texts whose danger was told before
					   the start, with the database */
	size_t		 answer_count, person_count, told_count;
	size_t		 past;		/* restored, and their text has not
					   come out of the log */
	struct offered	*offered;
	int64_t		 seen_ms;	/* a text last; clock_mono_ms */
	unsigned int	 outage;	/* their number, from 1 */
	uint64_t	 scanned;	/* record up to which all were seen */
};

/* Both kinds of nodes begin with their key. */
static int
away_compare(const void *a, const void *b)
{
	return (memcmp(a, b, SEAL_TOKEN_LEN));
}

void
away_answer_free(void *node)
{
	struct away_answer *a = node;

	for (unsigned int n = 0; n < a->count; n++)
		free(a->replies[n].text);
	free(a);
}

struct away *
away_new(struct gateway *g)
{
	struct away *away = xcalloc(1, sizeof *away);

	away->gateway = g;
	away->outage = 1;
	away->offered = offered_new();
	return (away);
}

void
away_free(struct away *away)
{
	if (away == NULL)
		return;
	tdestroy(away->answers, away_answer_free);
	tdestroy(away->people, free);
	tdestroy(away->told, free);
	offered_free(away->offered);
	free(away);
}

static void *
away_lookup(void *const *tree, const uint8_t *key)
{
	void *const *node = tfind(key, tree, away_compare);

	return (node != NULL ? *node : NULL);
}

/* `new` is put in unless the key is there; returns what is there then. */
static void *
away_insert(void **tree, void *new, size_t *count)
{
	void **node = tsearch(new, tree, away_compare);

	if (node == NULL)
		fatal("out of memory: answers while the database is away");
	*count += *node == new;
	return (*node);
}

const struct away_answer *
away_find(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (away_lookup(&away->answers, identity));
}

bool
away_said(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN],
    enum reply_kind kind)
{
	const struct away_answer *a = away_find(away, identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].kind == kind)
			return (true);
	}
	return (false);
}

static void
away_forget_told(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	void *told = away->told_count == 0 ? NULL :
	    away_lookup(&away->told, identity);

	if (told == NULL)
		return;
	tdelete(identity, &away->told, away_compare);
	away->told_count--;
	free(told);
}

void
away_took(struct away *away, const struct item *result)
{
	struct away_answer *a = away_lookup(&away->answers, result->identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == result->mt)
			a->replies[n].told = true;
	}
}

/*
 * For the database: which rows are yet to be made, and danger that was told from
 * the words alone.
 */

void
away_taken(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	struct away_answer *a = away->answer_count == 0 ? NULL :
	    away_lookup(&away->answers, identity);

	if (a == NULL || a->taken)
		return;
	a->taken = true;
	away->past -= a->restored;
}

bool
away_waits(struct away *away, const struct item *result)
{
	struct away_answer *a = away_lookup(&away->answers, result->identity);

	if (a == NULL || a->taken)
		return (a != NULL);
	/* It was stored before the start, or the disk refused it and its link
	 * has it still. */
	for (unsigned int n = 0; n < a->count; n++) {
		if (a->replies[n].mt == result->mt)
			a->replies[n].state = AWAY_SAVED;
	}
	return (false);
}

typedef void (*away_put)(struct pg_params *, const uint8_t *identity,
    const struct away_reply *);

struct away_column {
	struct pg_params *params;
	away_put	 put;
};

static void
away_put_identity(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)r;
	pg_item_bytes(p, identity, SEAL_TOKEN_LEN);
}

static void
away_put_id(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	if (r->mt < 0)
		pg_item_null(p);
	else
		pg_item_int(p, r->mt);
}

static void
away_put_text(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	pg_item_text(p, r->text);
}

static void
away_put_encoding(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	enum encoding encoding;

	(void)identity;
	segment_count(r->text, &encoding, NULL);
	pg_item_text(p, encoding_name(encoding));
}

static void
away_put_segments(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	pg_item_int(p, segment_count(r->text, NULL, NULL));
}

/* One that has no number of the outbox counts when the network took it. */
static void
away_said_item(const void *node, VISIT visit, void *arg)
{
	const struct away_answer *a = *(void *const *)node;
	const struct away_column *column = arg;

	if (visit != postorder && visit != leaf)
		return;
	for (unsigned int n = 0; n < a->count; n++) {
		const struct away_reply *r = &a->replies[n];

		if (r->kind == REPLY_EMERGENCY && (r->mt >= 0 || r->told))
			column->put(column->params, a->identity, r);
	}
}

bool
away_said_params(const struct away *away, struct pg_params *p)
{
	static const struct {
		enum pg_type type;
		away_put put;
	} columns[] = {
		{ PG_BYTEA, away_put_identity },
		{ PG_INT8, away_put_id },
		{ PG_TEXT, away_put_text },
		{ PG_TEXT, away_put_encoding },
		{ PG_INT4, away_put_segments },
	};

	if (away->answer_count == 0)
		return (false);
	for (size_t n = 0; n < sizeof columns / sizeof *columns; n++) {
		struct away_column column = { p, columns[n].put };

		pg_array(p, columns[n].type);
		twalk_r(away->answers, away_said_item, &column);
	}
	return (true);
}

void
away_forget(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	struct away_person *p;
	struct away_answer *a;

	away_forget_told(away, identity);
	if (away->answer_count == 0)
		return;
	a = away_lookup(&away->answers, identity);
	if (a == NULL)
		return;
	p = a->stop ? away_lookup(&away->people, a->token) : NULL;
	if (p != NULL && p->stops != 0)
		p->stops--;
	away->past -= a->restored && !a->taken;
	tdelete(identity, &away->answers, away_compare);
	away->answer_count--;
	away_answer_free(a);
}

void
away_save(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN],
    struct buf *items)
{
	const struct away_answer *a = away_find(away, identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		const struct away_reply *r = &a->replies[n];
		struct item item = { .type = ITEM_ANSWERED, .mt = r->mt,
			.reply_kind = (uint8_t)r->kind, .mr = -1,
			.state = r->told ? MT_ACCEPTED : 0,
			.ud = (const uint8_t *)r->text,
			.ud_len = strlen(r->text) };

		memcpy(item.identity, identity, sizeof item.identity);
		memcpy(item.reference, a->reference, sizeof item.reference);
		record_put(items, &item);
	}
}

/* What the log that was found at the start does not bring was stored before. */
size_t
away_count(const struct away *away)
{
	const struct journal *j = away->gateway->journal;

	return (away->answer_count -
	    (journal_position(j) >= journal_found(j) ? away->past : 0));
}

static struct away_answer *
away_answer_for(struct away *away, const uint8_t *identity)
{
	struct away_answer *a = away_lookup(&away->answers, identity);

	if (a != NULL)
		return (a);
	a = xcalloc(1, sizeof *a);
	memcpy(a->identity, identity, SEAL_TOKEN_LEN);
	return (away_insert(&away->answers, a, &away->answer_count));
}

/* NULL when too many people wrote: they wait for the database. */
static struct away_person *
away_person_for(struct away *away, const uint8_t *token)
{
	struct away_person *p = away_lookup(&away->people, token);

	if (p != NULL || away->person_count >= AWAY_PEOPLE_MAX)
		return (p);
	p = xcalloc(1, sizeof *p);
	memcpy(p->token, token, SEAL_TOKEN_LEN);
	p->conv.lang = LANG_UND;
	/* What is not known is not asked, nor told twice. */
	p->conv.told_who = p->conv.asked_group = true;
	return (away_insert(&away->people, p, &away->person_count));
}

bool
away_first_overdue(struct away *away, const uint8_t token[SEAL_TOKEN_LEN],
    const uint8_t identity[SEAL_TOKEN_LEN])
{
	struct away_person *p = away_person_for(away, token);

	if (p == NULL || (p->outage == away->outage &&
	    memcmp(p->overdue, identity, SEAL_TOKEN_LEN) != 0))
		return (p == NULL);
	p->outage = away->outage;
	memcpy(p->overdue, identity, SEAL_TOKEN_LEN);
	return (true);
}

/*
 * Answering.
 */

static bool
away_for_people(const struct away *away, const struct item *item,
    const struct udh *udh)
{
	return (item->type == ITEM_MO && item->kind == MSISDN_PERSON &&
	    item->alphabet != ITEM_BINARY && !udh->port &&
	    msisdn_answerable(item->msisdn,
	    away->gateway->config->limits.answer_prefixes));
}

static char *
away_text(const struct item *item, const struct udh *udh)
{
	struct concat_segment s = { .seq = 1,
		.ucs2 = item->alphabet == ITEM_UCS2, .locking = udh->locking,
		.single = udh->single, .ud = item->ud, .len = item->ud_len };
	struct buf raw = { 0 }, clean = { 0 };
	char *text;

	if (item->alphabet == ITEM_TEXT)
		buf_add(&raw, item->ud, item->ud_len);
	else
		concat_join(&raw, &s, 1, 1);
	utf8_visible(&clean, (const char *)raw.data, raw.len);
	text = xstrdup(buf_str(&clean));
	buf_clear(&raw);
	buf_clear(&clean);
	return (text);
}

static bool
away_limit(const struct away *away, struct away_person *p, int64_t now)
{
	const struct gateway *g = away->gateway;
	int max = g->config->limits.replies_per_hour;
	int cap = g->config->limits.segments_per_day;

	if (cap != 0 && database_spent(g->database) >= cap)
		return (false);
	if (now - p->hour_at >= HOUR_US) {
		p->hour_at = now;
		p->replies = 0;
	}
	return (max == 0 || p->replies++ < max);
}

/* Danger is told also when nothing was ever reserved: under a number below
 * zero, for which the row gets a real one later. */
static bool
away_id(struct away *away, enum reply_kind kind, int64_t *id)
{
	if (reserve_outbox(database_reserve_away(away->gateway->database), id))
		return (true);
	if (kind != REPLY_EMERGENCY)
		return (false);
	seal_random(id, sizeof *id);
	*id = -(*id & INT64_MAX) - 1;
	return (true);
}

static void
away_reply(struct away *away, const struct item *cause,
    struct away_answer *a, enum reply_kind kind, const char *text)
{
	struct gateway *g = away->gateway;
	struct item item = { .type = ITEM_ANSWERED, .at = clock_wall_us(),
		.reply_kind = (uint8_t)kind, .mr = -1,
		.ud = (const uint8_t *)text, .ud_len = strlen(text) };
	const char *via = links_sender(g->links, cause->link);
	struct outbox_reply *r;
	int segments;

	if (via[0] == '\0' || outbox_room(g->outbox) == 0 || a->count == ANSWER_REPLIES_MAX ||
	    !away_id(away, kind, &item.mt))
		return;
	memcpy(item.identity, cause->identity, sizeof item.identity);
	memcpy(item.reference, a->reference, sizeof item.reference);
	journal_keep(g->journal, &item);
	a->replies[a->count++] = (struct away_reply){ .mt = item.mt,
		.kind = kind, .state = AWAY_LIVE, .text = xstrdup(text) };
	r = outbox_reply_new(item.mt, via, cause->msisdn, text);
	r->priority = outbox_priority(kind);
	r->must_arrive = outbox_must_arrive(kind);
	r->away = true;
	memcpy(r->cause, cause->identity, sizeof r->cause);
	outbox_put(g->outbox, r);
	segments = (int)segment_count(text, NULL, NULL);
	database_spend(g->database, segments);
	links_spend(g->links, via, segments);
}

/* Who has seen it on a screen knows it. */
static bool
away_reference(const struct away *away, const struct item *item,
    char reference[16])
{
	if (item->reference[0] == '\0')
		return (reserve_reference(database_reserve_away(
		    away->gateway->database), reference));
	memcpy(reference, item->reference, sizeof item->reference);
	return (true);
}

static void
away_answer(struct away *away, const struct item *item,
    struct reading *reading, const char *text, struct away_person *p,
    bool whole)
{
	struct gateway *g = away->gateway;
	char reference[16] = "";
	struct away_answer *a = NULL;
	struct answer answer;
	bool receipt = whole;
	int64_t now = clock_wall_us();
	const struct answer_given given = { .reference = reference,
		.code = "", .text = text, .at = now, .now = now,
		.segments =
		    (unsigned int)g->config->limits.segments_per_reply };

	/* What happened is asked for when it can be kept that it was; what there
	 * is no room for is looked at again by away_begin(). */
	if (reading->bare || outbox_room(g->outbox) == 0)
		return;
	if (whole && reading->intent == INTENT_REPORT)
		receipt = away_limit(away, p, now) &&
		    away_reference(away, item, reference);
	answer_make(&answer, g->content, reading, &given, &p->conv);
	for (unsigned int n = 0; n < answer.count; n++) {
		enum reply_kind kind = answer.replies[n].kind;

		if (kind != REPLY_EMERGENCY &&
		    (!receipt || kind != REPLY_RECEIPT))
			continue;
		if (away_said(away, item->identity, kind))
			continue;
		if (a == NULL) {
			a = away_answer_for(away, item->identity);
			memcpy(a->reference, reference, sizeof a->reference);
			a->whole = whole;
		}
		away_reply(away, item, a, kind, answer.replies[n].text);
	}
	answer_clear(&answer);
}

/* STOP holds at once. */
static void
away_stop(struct away *away, const struct item *item, struct away_person *p)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	outbox_stop(away->gateway->outbox, item->msisdn);
	a->whole = a->stop = true;
	memcpy(a->token, p->token, sizeof a->token);
	p->stops++;
}

bool
away_stopped(const struct away *away, const char *msisdn)
{
	const struct away_person *p;
	uint8_t token[SEAL_TOKEN_LEN];

	if (away->answer_count == 0)
		return (false);
	seal_token(away->gateway->keys, SEAL_TOKEN, msisdn, strlen(msisdn),
	    token);
	p = away_lookup(&away->people, token);
	return (p != NULL && p->stops != 0);
}

static void
away_take(struct away *away, const struct item *item, bool in_doubt)
{
	const struct away_answer *said = away_find(away, item->identity);
	struct reading reading;
	struct away_person *p;
	uint8_t token[SEAL_TOKEN_LEN];
	struct udh udh;
	struct mask mask = { .open = content_open_numbers(
		away->gateway->content) };
	char *plain, *text;

	away->seen_ms = clock_mono_ms();
	udh_read(&udh, item->udh, item->udh_len);
	if (!away_for_people(away, item, &udh) ||
	    (said != NULL && (said->whole || in_doubt)) ||
	    away_lookup(&away->told, item->identity) != NULL)
		return;
	seal_token(away->gateway->keys, SEAL_TOKEN, item->msisdn,
	    strlen(item->msisdn), token);
	p = away_person_for(away, token);
	if (p == NULL)
		return;
	plain = away_text(item, &udh);
	text = mask_copy(plain, &mask);
	reading_make(&reading, away->gateway->content, plain, p->conv.lang);
	ussd_read(&reading, away->gateway->content, item->chosen);
	p->conv.stopped = false;
	in_doubt = in_doubt || offered_again(away->offered, item->identity);
	away_answer(away, item, &reading, text, p, !udh.concat && !in_doubt);
	if (p->conv.stopped && !udh.concat)
		away_stop(away, item, p);
	reading_clear(&reading);
	mask_clear(&mask);
	free(plain);
	free(text);
}

void
away_see(struct away *away, const struct item *item)
{
	offered_note(away->offered, item->identity);
	if (database_away(away->gateway->database))
		away_take(away, item, false);
}

void
away_late(struct away *away, const struct item *item)
{
	away_take(away, item, false);
	away_taken(away, item->identity);
}

/* Of what may have been stored, and answered, only danger is answered. */
static void
away_owed(void *arg, const struct item *item, bool in_doubt)
{
	away_take(arg, item, in_doubt);
	away_taken(arg, item->identity);
}

static void
away_scanned(void *arg, uint64_t record, const struct item *item)
{
	struct away *away = arg;

	away_take(away, item,
	    record <= journal_found(away->gateway->journal));
}

/* Who wrote during an outage of long ago is nobody to remember. */
static void
away_people_forget(struct away *away)
{
	if (clock_mono_ms() - away->seen_ms < HOUR_US / 1000 ||
	    away->answer_count != 0)
		return;
	tdestroy(away->people, free);
	away->people = NULL;
	away->person_count = 0;
}

void
away_begin(struct away *away)
{
	struct journal *j = away->gateway->journal;
	uint64_t after = journal_position(j);

	away_people_forget(away);
	away->outage++;
	mo_each(away->gateway->mo, away_owed, away);
	journal_scan(j, after > away->scanned ? after : away->scanned,
	    away_scanned, away);
	/* The rest comes through away_see(); what there was no room for is
	 * looked at again. */
	if (outbox_room(away->gateway->outbox) != 0)
		away->scanned = journal_newest(j);
}

/*
 * From before the start.
 */

/* What the log says last counts. Where only some segments have a result, the
 * rest may have been sent or not. */
static void
away_mark(struct away *away, const struct item *item)
{
	struct away_answer *a = away_lookup(&away->answers, item->identity);
	bool settled = item->type == ITEM_RESULT && item->state != 0;

	if (settled && item->state == MT_ACCEPTED)
		away_took(away, item);
	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == item->mt)
			a->replies[n].state = settled ? AWAY_LIVE :
			    AWAY_WRITTEN;
	}
}

static void
away_restore_reply(struct away *away, const struct item *item,
    enum away_state state)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	if (a->count == ANSWER_REPLIES_MAX)
		return;
	memcpy(a->reference, item->reference, sizeof a->reference);
	a->replies[a->count++] = (struct away_reply){ .mt = item->mt,
		.kind = (enum reply_kind)item->reply_kind, .state = state,
		.told = item->state == MT_ACCEPTED,
		.text = xstrndup((const char *)item->ud, item->ud_len) };
}

static void
away_restore_answer(struct away *away, const struct item *item)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	reserve_used(database_reserve_away(away->gateway->database),
	    item->reference, item->mt);
	away->past += !a->restored;
	a->restored = true;
	away_restore_reply(away, item, AWAY_WRITTEN);
}

void
away_saved(struct away *away, const struct item *item)
{
	const struct away_answer *a = away_find(away, item->identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == item->mt)
			return;
	}
	away_restore_reply(away, item, AWAY_SAVED);
}

/* The intent of a reply names what it answers: danger that was told is not told
 * again from the words alone. mt_recover() sees to what is in doubt. */
static void
away_restore_told(struct away *away, const struct item *item)
{
	static const uint8_t nothing[SEAL_TOKEN_LEN];
	void *key;

	if (item->reply_kind != REPLY_EMERGENCY ||
	    memcmp(item->identity, nothing, sizeof nothing) == 0)
		return;
	key = xmemdup(item->identity, sizeof item->identity);
	if (away_insert(&away->told, key, &away->told_count) != key)
		free(key);
}

void
away_remember(struct away *away, const struct item *item)
{
	if (item->type == ITEM_MO)
		offered_note(away->offered, item->identity);
}

void
away_restore(struct away *away, const struct item *item)
{
	if (item->type == ITEM_ANSWERED)
		away_restore_answer(away, item);
	else if (item->type == ITEM_INTENT && !item->away)
		away_restore_told(away, item);
	else if (item->away && (item->type == ITEM_INTENT ||
	    item->type == ITEM_RESULT))
		away_mark(away, item);
}
