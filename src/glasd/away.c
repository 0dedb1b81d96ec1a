/*
 * The gateway without its database. Runs in glasd; owns what was answered.
 * Answers are given from the words alone, by the same pure functions; what needs
 * to know more of the person waits. A segment of a long text is read by itself,
 * and only for danger. Which texts of before are answered is in away_scan.c,
 * what is known of people in away_people.c; what becomes of the answers in
 * away_owed.c, what a start finds of them in away_restore.c; whose danger is
 * told already in away_told.c.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/unanswered.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/concat.h"
#include "sms/segment.h"
#include "store/config.h"
#include "text/mask.h"
#include "text/ussd.h"

struct away *
away_new(struct gateway *g)
{
	struct away *away = xcalloc(1, sizeof *away);

	away->gateway = g;
	away->outage = 1;
	away->offered = offered_new();
	away->record = UINT64_MAX;
	return (away);
}

void
away_free(struct away *away)
{
	if (away == NULL)
		return;
	tdestroy(away->answers, away_answer_free);
	tdestroy(away->people, away_person_free);
	offered_free(away->offered);
	free(away);
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

/* Whether another one is within that many in such a time; 0: any number. A clock
 * that was ahead does not count. */
static bool
away_within(struct away_count *c, int max, int64_t period, int64_t now)
{
	if (now - c->at >= period || c->at > now)
		*c = (struct away_count){ .at = now };
	return (max == 0 || c->replies < max);
}

/* What a person got before a start counts as if there had been none. */
static void
away_recount(struct away *away, const struct item *item)
{
	struct away_answer *a = away_lookup(&away->answers, item->identity);
	struct away_person *p;

	if (a == NULL || !a->restored || a->counted ||
	    !away_said(away, item->identity, REPLY_RECEIPT) ||
	    (p = away_person_of(away, item)) == NULL)
		return;
	a->counted = true;
	(void)away_within(&p->hour, 0, AWAY_HOUR_US, item->at);
	(void)away_within(&p->day, 0, 24 * AWAY_HOUR_US, item->at);
	p->hour.replies++;
	p->day.replies++;
}

/* How long the receipt is, is known when it has its number; which is not to be
 * taken in vain. */
static bool
away_limit(const struct away *away, const struct item *item,
    struct away_person *p, int64_t now)
{
	const struct gateway *g = away->gateway;
	const struct config *config = g->config;
	int cap = config->limits.segments_per_day;

	if ((cap != 0 && database_spent(g->database) >= cap) ||
	    !links_fit(g->links, links_sender(g->links, item->link), 1) ||
	    !away_within(&p->hour, config->limits.replies_per_hour,
	    AWAY_HOUR_US, now) ||
	    !away_within(&p->day, config->limits.replies_per_day,
	    24 * AWAY_HOUR_US, now))
		return (false);
	p->hour.replies++;
	p->day.replies++;
	return (true);
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
away_hand_over(struct away *away, const struct item *cause, const char *via,
    const struct away_reply *said)
{
	struct gateway *g = away->gateway;
	struct outbox_reply *r = outbox_reply_new(said->mt, via,
	    cause->msisdn, said->text);
	int segments = (int)segment_count(said->text, NULL, NULL);

	r->priority = outbox_priority(said->kind);
	r->must_arrive = outbox_must_arrive(said->kind);
	r->kind = said->kind;
	r->away = true;
	if (said->attempts > r->attempts)
		r->attempts = said->attempts;
	if (said->kind != REPLY_EMERGENCY)
		r->expires_at = clock_wall_us() + 24 * AWAY_HOUR_US;
	if (strcmp(said->link, via) == 0)
		r->taken = said->taken;
	if (said->kind == REPLY_EMERGENCY)
		away_tells(away, r, cause->identity);
	memcpy(r->cause, cause->identity, sizeof r->cause);
	outbox_put(g->outbox, r);
	database_spend(g->database, segments);
	links_spend(g->links, via, segments);
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

	if (via[0] == '\0' ||
	    outbox_room(g->outbox, kind == REPLY_EMERGENCY) == 0 ||
	    a->count == ANSWER_REPLIES_MAX || !away_id(away, kind, &item.mt))
		return;
	memcpy(item.identity, cause->identity, sizeof item.identity);
	memcpy(item.reference, a->reference, sizeof item.reference);
	journal_keep(g->journal, &item);
	a->replies[a->count] = (struct away_reply){ .mt = item.mt,
		.kind = kind, .state = AWAY_LIVE, .text = xstrdup(text) };
	away_hand_over(away, cause, via, &a->replies[a->count++]);
}

void
away_tell(struct away *away, const struct outbox_reply *r)
{
	struct item cause = { .type = ITEM_MO };
	struct away_answer *a;

	memcpy(cause.identity, r->tells.data, sizeof cause.identity);
	memcpy(cause.link, r->link, sizeof cause.link);
	memcpy(cause.msisdn, r->recipient, sizeof cause.msisdn);
	if (away_find(away, cause.identity) != NULL ||
	    offered_told(away->offered, cause.identity) ||
	    unanswered_find(away->gateway->unanswered, cause.msisdn) ==
	    SILENCE_BLOCKED)
		return;
	a = away_answer_for(away, cause.identity);
	a->whole = a->stored = true;
	away->stored++;
	away_reply(away, &cause, a, REPLY_EMERGENCY, r->text);
}

/* Danger that was answered before the start and handed to nobody does not wait
 * for the database. */
static void
away_resume(struct away *away, const struct item *cause)
{
	struct away_answer *a = away_lookup(&away->answers, cause->identity);
	const char *via = links_sender(away->gateway->links, cause->link);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		struct away_reply *r = &a->replies[n];

		if (away->greeted || r->kind != REPLY_EMERGENCY ||
		    r->state != AWAY_WRITTEN || via[0] == '\0' ||
		    outbox_room(away->gateway->outbox, true) == 0)
			continue;
		r->state = AWAY_LIVE;
		away_hand_over(away, cause, via, r);
	}
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

/* What there is no room for is looked at again by away_again(). */
static bool
away_room(struct away *away, bool danger)
{
	if (outbox_room(away->gateway->outbox, danger) != 0)
		return (true);
	if (away->missed == 0)
		away->missed = away->record;
	return (false);
}

/* A text, while it is answered. */
struct away_asked {
	const struct item	*item;
	struct away_person	*person;
	struct conversation	 conv;		/* with them */
	char			*plain;		/* as it was written */
	char			*text;		/* numbers masked */
	struct reading		 reading;	/* of the plain text */
	bool			 whole;		/* not danger alone */
};

/* Danger, and the receipt of a report; each once. */
static bool
away_may_say(const struct away *away, const struct item *item,
    enum reply_kind kind, bool receipt)
{
	if (away_said(away, item->identity, kind))
		return (false);
	if (kind == REPLY_EMERGENCY)
		return (!offered_told(away->offered, item->identity));
	return (kind == REPLY_RECEIPT && receipt);
}

/* Whether a report gets its receipt now. The same again has one, and waits: a
 * machine that answers us does not hear each time. */
static bool
away_confirms(struct away *away, const struct away_asked *asked, int64_t now,
    char reference[16])
{
	const struct item *item = asked->item;
	struct away_person *p = asked->person;
	uint8_t words[SEAL_TOKEN_LEN];

	seal_token(away->gateway->keys, SEAL_TOKEN, asked->text,
	    strlen(asked->text), words);
	if ((p->words_outage == away->outage && item->reference[0] == '\0' &&
	    memcmp(p->words, words, sizeof words) == 0) ||
	    !away_limit(away, item, p, now) ||
	    !away_reference(away, item, reference))
		return (false);
	p->words_outage = away->outage;
	memcpy(p->words, words, sizeof words);
	return (true);
}

static struct away_answer *
away_answer_begun(struct away *away, const struct away_asked *asked,
    const char reference[16])
{
	struct away_answer *a = away_answer_for(away, asked->item->identity);

	memcpy(a->reference, reference, sizeof a->reference);
	a->whole = asked->whole;
	return (a);
}

static void
away_answer(struct away *away, struct away_asked *asked)
{
	const struct gateway *g = away->gateway;
	const struct item *item = asked->item;
	char reference[16] = "";
	struct answer answer;
	bool receipt = asked->whole;
	int64_t now = clock_wall_us();
	const struct answer_given given = { .reference = reference,
		.code = "", .text = asked->text, .at = now, .now = now,
		.segments =
		    (unsigned int)g->config->limits.segments_per_reply };

	/* What happened is asked for when it can be kept that it was. */
	if (asked->reading.bare || !away_room(away, true))
		return;
	if (asked->reading.intent == INTENT_REPORT) {
		asked->whole = asked->whole && away_room(away, false);
		receipt = asked->whole &&
		    away_confirms(away, asked, now, reference);
	}
	answer_make(&answer, g->content, &asked->reading, &given,
	    &asked->conv);
	for (unsigned int n = 0; n < answer.count; n++) {
		enum reply_kind kind = answer.replies[n].kind;

		if (away_may_say(away, item, kind, receipt))
			away_reply(away, item,
			    away_answer_begun(away, asked, reference), kind,
			    answer.replies[n].text);
	}
	answer_clear(&answer);
}

/*
 * STOP, which holds at once.
 */

static void
away_stop(struct away *away, const struct item *item, struct away_person *p)
{
	struct away_answer *a = away_answer_for(away, item->identity);

	outbox_stop(away->gateway->outbox, item->msisdn);
	a->whole = a->stop = true;
	memcpy(a->token, p->token, sizeof a->token);
	p->stops++;
}

/*
 * The texts of which it is asked.
 */

/* Masked, and read as one of the person. */
static void
away_read(const struct away *away, struct away_asked *asked,
    const struct udh *udh)
{
	const struct content *content = away->gateway->content;
	struct mask mask = { .open = content_open_numbers(content) };

	asked->plain = away_text(asked->item, udh);
	asked->text = mask_copy(asked->plain, &mask);
	reading_make(&asked->reading, content, asked->plain,
	    asked->conv.lang);
	ussd_read(&asked->reading, content, asked->item->chosen);
	/* What was learnt is of whole texts: "please help" may end any of them. */
	if (udh->concat && udh->seq > 1 && asked->reading.feared)
		asked->reading.emergency = EMERGENCY_NONE;
	mask_clear(&mask);
}

void
away_take(struct away *away, const struct item *item, bool in_doubt)
{
	const struct away_answer *said = away_find(away, item->identity);
	struct away_asked asked = { .item = item };
	enum silence silence;
	struct udh udh;

	away->seen_ms = clock_mono_ms();
	silence = unanswered_find(away->gateway->unanswered, item->msisdn);
	if (silence == SILENCE_BLOCKED)
		return;
	away_resume(away, item);
	away_hear(away, item);
	away_recount(away, item);
	udh_read(&udh, item->udh, item->udh_len);
	if (!away_for_people(away, item, &udh) ||
	    (said != NULL && (said->whole || in_doubt)))
		return;
	asked.person = away_person_of(away, item);
	if (asked.person == NULL)
		return;
	away_person_recall(away, asked.person, &asked.conv);
	away_read(away, &asked, &udh);
	/* What is of long ago is answered by day: the database knows when. */
	asked.whole = !udh.concat && !in_doubt && !item_is_old(item) &&
	    !offered_again(away->offered, item->identity) &&
	    silence_lets(silence, false);
	away_answer(away, &asked);
	away_person_keep(asked.person, &asked.conv);
	if (asked.conv.stopped && !udh.concat)
		away_stop(away, item, asked.person);
	reading_clear(&asked.reading);
	free(asked.plain);
	free(asked.text);
}

bool
away_urgent(const struct away *away, const struct item *item)
{
	const struct gateway *g = away->gateway;
	struct reading reading;
	struct udh udh;
	char *text;
	bool danger;

	udh_read(&udh, item->udh, item->udh_len);
	if (g->content == NULL || !away_for_people(away, item, &udh) ||
	    unanswered_find(g->unanswered, item->msisdn) == SILENCE_BLOCKED)
		return (false);
	text = away_text(item, &udh);
	reading_make(&reading, g->content, text, LANG_UND);
	danger = reading.emergency != EMERGENCY_NONE;
	reading_clear(&reading);
	free(text);
	return (danger);
}

void
away_see(struct away *away, const struct item *item)
{
	away_note(away, item);
	if (database_away(away->gateway->database))
		away_take(away, item, false);
}

void
away_greeted(struct away *away)
{
	away->greeted = true;
}

void
away_late(struct away *away, const struct item *item)
{
	away_take(away, item, false);
	away_taken(away, item->identity);
}

void
away_danger(struct away *away, const struct item *item)
{
	away_take(away, item, true);
	away_taken(away, item->identity);
}
