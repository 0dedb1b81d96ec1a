/*
 * Fifth step of the MO path: what is replied, and whether it may be. Runs in
 * glasd, in memory; texts of one citizen in order, each on what the one before
 * it left. Limits are token buckets of the citizen, refilled by time, and the
 * spend cap of the day. Nothing is answered to machines, nor to who is blocked;
 * to who is silenced only danger is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/mo_private.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "store/config.h"

#define HOUR_US (INT64_C(3600) * 1000000)
#define MO_CALL_SAME_US (INT64_C(600) * 1000000) /* one menu in that time */
#define MO_NO_SENDER "no link sends texts"
#define MO_ANSWER_WORDS 3	/* a command or an answer has no more */

_Static_assert(MO_BATCHES_MAX * MO_BATCH_MAX <= RESERVE_ENOUGH &&
    MO_BATCHES_MAX * MO_BATCH_MAX * ANSWER_REPLIES_MAX <= RESERVE_ENOUGH_IDS,
    "a batch must not begin with too few");

/* Who is silenced may be a person after all: danger is told once an hour, as to
 * everybody, and STOP and START hold. */
static bool
mo_breaks_silence(const struct reading *r)
{
	return (r->emergency != EMERGENCY_NONE || r->intent == INTENT_STOP ||
	    r->intent == INTENT_START);
}

/* Why this text gets no answer whatever it says, or NULL. */
static const char *
mo_no_answer(const struct config *config, const struct mo_citizen *c,
    const struct mo_text *t)
{
	if (c->silence == MO_BLOCKED)
		return ("the number is blocked");
	switch (t->item.kind) {
	case MSISDN_ALPHA:
		return ("the sender is a name: a machine");
	case MSISDN_SHORT:
		return ("the sender is a short code: a machine");
	case MSISDN_NONE:
		return ("the sender has no number");
	case MSISDN_PERSON:
		break;
	}
	if (!msisdn_answerable(t->item.msisdn,
	    config->limits.answer_prefixes))
		return ("numbers of this kind are not answered");
	if (t->item.alphabet == ITEM_BINARY || t->udh.port)
		return ("not a text for people");
	if (t->role == MO_LATE)
		return ("added to its text");
	if (c->silence == MO_SILENCED && !mo_breaks_silence(&t->reading))
		return ("the sender is silenced");
	return (NULL);
}

/* Why this text is taken for one that no person has written, or NULL. Commands
 * and answers may be the same each time, and who may be in danger says it as
 * often as they like. */
static const char *
mo_machine(struct mo_citizen *c, const struct mo_text *t)
{
	unsigned int times = mo_said_times(c, t);

	switch (t->reading.machine) {
	case MACHINE_ECHO:
		return ("one of our own replies came back");
	case MACHINE_AUTO:
		return ("an answering machine");
	case MACHINE_NONE:
		break;
	}
	if (times > MO_SAID_MOST && t->reading.words > MO_ANSWER_WORDS &&
	    t->reading.emergency == EMERGENCY_NONE)
		return ("the same words again and again");
	return (NULL);
}

static double
mo_level(double level, int per_period, int64_t passed, int64_t period)
{
	if (per_period == 0)
		return (1);
	if (passed > 0)
		level += (double)per_period * (double)passed / (double)period;
	return (level < per_period ? level : per_period);
}

/* Who reports for others writes more than others. */
static int
mo_per_hour(const struct mo_citizen *c, const struct config *config)
{
	return (c->conv.helper ? config->limits.helper_replies_per_hour :
	    config->limits.replies_per_hour);
}

static int
mo_per_day(const struct mo_citizen *c, const struct config *config)
{
	return (c->conv.helper ? config->limits.helper_replies_per_day :
	    config->limits.replies_per_day);
}

static void
mo_refill(struct mo_citizen *c, const struct config *config, int64_t now)
{
	int64_t passed = now - c->level_at;

	c->hour_level = mo_level(c->hour_level, mo_per_hour(c, config),
	    passed, HOUR_US);
	c->day_level = mo_level(c->day_level, mo_per_day(c, config),
	    passed, 24 * HOUR_US);
	c->level_at = now;
}

/* The danger text, and the receipt of what it answers. */
static bool
mo_of_danger(const struct mo_batch *b, const struct mo_reply *r)
{
	return (r->kind == REPLY_EMERGENCY || (r->kind == REPLY_RECEIPT &&
	    r > b->replies && r[-1].cause == r->cause &&
	    r[-1].kind == REPLY_EMERGENCY));
}

/* Takes one reply out of the buckets; false when there is none left. Danger is
 * answered all the same: answer_make() does so once an hour at most. */
static bool
mo_spend(struct mo_citizen *c, const struct config *config, bool danger)
{
	bool left = c->hour_level >= 1 && c->day_level >= 1;

	if (!left && !danger)
		return (false);
	if (mo_per_hour(c, config) != 0)
		c->hour_level -= c->hour_level >= 1 ? 1 : c->hour_level;
	if (mo_per_day(c, config) != 0)
		c->day_level -= c->day_level >= 1 ? 1 : c->day_level;
	return (true);
}

/* Danger alone is told to who is silenced, and nothing to who is blocked. */
static bool
mo_is_told(const struct mo_citizen *c, const struct mo_reply *r)
{
	return (c->silence == MO_HEARD || (c->silence == MO_SILENCED &&
	    r->kind == REPLY_EMERGENCY));
}

static void
mo_reply_state(struct mo_batch *b, struct mo_citizen *c, struct mo_reply *r)
{
	struct gateway *g = b->mo->gateway;
	int cap = g->config->limits.segments_per_day;
	bool danger = mo_of_danger(b, r);

	if (r->cause->via[0] == '\0') {
		r->state = "suppressed";
		r->reason = MO_NO_SENDER;
	} else if (!mo_is_told(c, r)) {
		r->state = "suppressed";
		r->reason = "the sender is silenced";
	} else if (!mo_spend(c, g->config, danger)) {
		r->state = "suppressed";
		r->reason = "limits";
	} else if (r->cause->again && r->kind != REPLY_EMERGENCY) {
		r->state = "held";
		r->reason = REWOUND_REASON;
	} else if (cap != 0 && !danger &&
	    database_spent(g->database) + (int)r->segments > cap) {
		r->state = "held";
		r->reason = "the segments of the day are spent";
	} else if (!danger && !links_fit(g->links, r->cause->via,
	    (int)r->segments)) {
		r->state = "held";
		r->reason = "the segments of its link are spent";
	} else if (b->planned < outbox_room(g->outbox)) {
		b->planned++;
		r->planned = true;
		database_spend(g->database, (int)r->segments);
		links_spend(g->links, r->cause->via, (int)r->segments);
		r->state = "inflight";
		r->reason = "";
	} else {
		r->state = "queued";
		r->reason = "";
	}
}

static struct mo_reply *
mo_reply_add(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = &b->replies[b->reply_count++];

	*r = (struct mo_reply){ .cause = t, .kind = kind,
		.text = xstrdup(text) };
	r->segments = segment_count(text, &r->encoding, NULL);
	t->replies++;
	return (r);
}

static void
mo_reply_id(const struct mo_batch *b, struct mo_reply *r)
{
	if (!reserve_outbox(database_reserve(b->mo->gateway->database),
	    &r->id))
		panic("no outbox id left: a batch began with too few");
}

static void
mo_reply(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = mo_reply_add(b, t, kind, text);

	r->overdue = mo_overdue(t);
	mo_reply_state(b, &b->citizens[t->citizen], r);
	mo_reply_id(b, r);
}

/* Into the outbox of the database, which knows when it is day. */
static void
mo_reply_overdue(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = mo_reply_add(b, t, kind, text);

	mo_reply_id(b, r);
	r->overdue = true;
	r->state = "suppressed";
	if (!mo_overdue_answers(b, t, kind))
		r->reason = "answered late, by one reply alone";
	else if (!mo_spend(&b->citizens[t->citizen], b->mo->gateway->config,
	    false))
		r->reason = "limits";
	else if (t->again) {
		r->state = "held";
		r->reason = REWOUND_REASON;
	} else {
		r->state = "queued";
		r->reason = "answered late";
	}
}

/* What went out under a number below zero has no row to tell of it. */
static const char *
mo_away_state(const struct away_reply *said)
{
	switch (said->state) {
	case AWAY_WRITTEN:
	case AWAY_TRIED:
		return ("queued");
	case AWAY_LIVE:
		return (said->mt < 0 ? "unknown" : "inflight");
	case AWAY_SAVED:
		return (said->told ? "accepted" : "unknown");
	case AWAY_HELD:
		break;
	}
	return (said->mt < 0 ? "unknown" : "held");
}

/* That of what was tried counts as an attempt. */
static const char *
mo_away_reason(const struct away_reply *said)
{
	switch (said->state) {
	case AWAY_TRIED:
		return ("outcome of the last attempt is unknown");
	case AWAY_HELD:
		return (REWOUND_REASON);
	case AWAY_WRITTEN:
	case AWAY_LIVE:
	case AWAY_SAVED:
		break;
	}
	return ("answered while the database was away");
}

/* What was said while the database was away, or before it went backwards. */
static const struct away_answer *
mo_answer_said(const struct mo_batch *b, const struct mo_text *t)
{
	const struct gateway *g = b->mo->gateway;
	const struct away_answer *said = away_find(g->away, t->item.identity);

	if (said == NULL && t->again)
		said = rewound_told(g->rewound, t->item.identity);
	return (said);
}

static bool
mo_answer_has(const struct away_answer *said, enum reply_kind kind)
{
	for (unsigned int n = 0; said != NULL && n < said->count; n++) {
		if (said->replies[n].kind == kind)
			return (true);
	}
	return (false);
}

/* It is only written down. */
static void
mo_reply_away(struct mo_batch *b, struct mo_text *t,
    const struct away_answer *said)
{
	for (unsigned int n = 0; n < said->count; n++) {
		struct mo_reply *r = mo_reply_add(b, t, said->replies[n].kind,
		    said->replies[n].text);

		mo_spend(&b->citizens[t->citizen],
		    b->mo->gateway->config, r->kind == REPLY_EMERGENCY);
		r->id = said->replies[n].mt;
		r->away = true;
		r->state = mo_away_state(&said->replies[n]);
		if (r->id < 0)
			mo_reply_id(b, r);
		r->reason = mo_away_reason(&said->replies[n]);
	}
}

static void
mo_reference(struct mo_batch *b, struct mo_text *t,
    const struct away_answer *said)
{
	if (said != NULL && said->reference[0] != '\0')
		memcpy(t->reference, said->reference, sizeof t->reference);
	else if (t->item.reference[0] != '\0')
		memcpy(t->reference, t->item.reference, sizeof t->reference);
	else if (!reserve_reference(database_reserve(
	    b->mo->gateway->database), t->reference))
		panic("no reference left: a batch began with too few");
}

/* The case that a text means may be of this very batch. */
static void
mo_case_of(const struct mo_text *t, struct conversation_case *c)
{
	const struct place *place = t->reading.place;

	*c = (struct conversation_case){ .status = "new",
		.since = t->item.at, .reported_at = t->item.at,
		.text = t->text };
	snprintf(c->reference, sizeof c->reference, "%s", t->reference);
	snprintf(c->category, sizeof c->category, "%s", t->reading.code);
	snprintf(c->municipality, sizeof c->municipality, "%s",
	    place != NULL ? place->municipality : "");
}

static void
mo_answer_asked(const struct mo_text *t, struct conversation *conv)
{
	const struct mo_text *o = t;

	conv->asked = t->asked;
	while ((o = TAILQ_PREV(o, mo_texts, entry)) != NULL) {
		if (!o->report || o->citizen != t->citizen ||
		    (t->named[0] != '\0' &&
		    strcmp(o->reference, t->named) != 0))
			continue;
		mo_case_of(o, &conv->asked);
		return;
	}
}

/* Whose language nothing tells is answered in that of the configuration, and
 * stays unknown. */
static void
mo_answer_make(const struct gateway *g, struct mo_text *t, bool told,
    struct conversation *conv, struct answer *answer)
{
	char code[8];
	const struct answer_given given = { .reference = t->reference,
		.code = code, .text = t->text, .message = t->id, .told = told,
		.at = t->item.at, .now = clock_wall_us(),
		.segments =
		    (unsigned int)g->config->limits.segments_per_reply };
	uint32_t chance;
	bool unknown = conv->lang == LANG_UND &&
	    (t->reading.lang == LANG_UND || t->reading.lang == LANG_MIX);

	if (unknown)
		conv->lang = lang_find(g->config->gateway.language);
	seal_random(&chance, sizeof chance);
	snprintf(code, sizeof code, "%04u", chance % 10000u);
	answer_make(answer, g->content, &t->reading, &given, conv);
	if (unknown && !conv->lang_chosen)
		conv->lang = LANG_UND;
}

static void
mo_act(struct mo_batch *b, struct mo_text *t, enum act_kind kind,
    const char *key, const char *value)
{
	b->acts = xreallocarray(b->acts, b->act_count + 1, sizeof *b->acts);
	b->acts[b->act_count++] = (struct mo_act){ .cause = t, .kind = kind,
		.key = xstrdup(key), .value = xstrdup(value) };
}

static void
mo_acts(struct mo_batch *b, struct mo_text *t, const struct answer *answer)
{
	for (unsigned int n = 0; n < answer->act_count; n++) {
		if (answer->acts[n].kind == ACT_ERASE)
			b->citizens[t->citizen].erased = true;
		mo_act(b, t, answer->acts[n].kind, answer->acts[n].key,
		    answer->acts[n].value);
	}
}

/* The first text of a number that is blocked brings the token with it that its
 * block is kept by. */
static void
mo_block_note(struct mo_batch *b, struct mo_text *t)
{
	struct mo_citizen *c = &b->citizens[t->citizen];
	char hex[2 * SEAL_TOKEN_LEN + 1];

	if (!c->block_due)
		return;
	c->block_due = false;
	hex_encode(hex, c->optout, sizeof c->optout);
	mo_act(b, t, ACT_BLOCK, "", hex);
}

/* Whether all that was answered goes out: a code that nobody was sent must not
 * be one. */
static bool
mo_heard(const struct mo_batch *b, const struct mo_text *t)
{
	for (unsigned int n = b->reply_count; n-- > 0 &&
	    b->replies[n].cause == t;) {
		if (strcmp(b->replies[n].state, "suppressed") == 0)
			return (false);
	}
	return (true);
}

/* What was chosen in a menu was answered there. The number of a report, and what
 * is to be done in danger, come by text, too: they are to be kept. */
static bool
mo_on_screen(const struct mo_text *t, enum reply_kind kind)
{
	return (t->item.chosen[0] != '\0' && (t->unsent != NULL ||
	    (kind != REPLY_EMERGENCY && kind != REPLY_RECEIPT &&
	    kind != REPLY_STATUS)));
}

static const char *
mo_silent(const struct mo_text *t, const struct answer *answer)
{
	if (t->unsent != NULL)
		return (t->unsent);
	if (answer->silent != NULL)
		return (answer->silent);
	return (t->item.chosen[0] != '\0' ? "answered on the screen" :
	    "nothing to say");
}

static void
mo_answer_person(struct mo_batch *b, struct mo_text *t)
{
	struct gateway *g = b->mo->gateway;
	struct mo_citizen *c = &b->citizens[t->citizen];
	const struct away_answer *said = mo_answer_said(b, t);
	bool told = (said != NULL && said->reference[0] != '\0') ||
	    t->item.reference[0] != '\0';
	bool told_who = c->conv.told_who;
	struct answer answer;

	mo_answer_asked(t, &c->conv);
	/* Who was told a reference has a report, however the text is read now
	 * that more is known of the person. */
	if (told)
		t->reading.intent = INTENT_REPORT;
	if (told || answer_may_report(&t->reading, &c->conv))
		mo_reference(b, t, said);
	mo_answer_make(g, t, told, &c->conv, &answer);
	t->report = answer.report;
	t->test = t->reading.test && c->conv.tester;
	if (!t->report)
		memcpy(t->reference, answer.belongs, sizeof t->reference);
	mo_acts(b, t, &answer);
	if (said != NULL)
		mo_reply_away(b, t, said);
	for (unsigned int n = 0; n < answer.count; n++) {
		enum reply_kind kind = answer.replies[n].kind;

		if (mo_answer_has(said, kind) || mo_on_screen(t, kind))
			continue;
		if (kind != REPLY_EMERGENCY && mo_overdue(t))
			mo_reply_overdue(b, t, kind, answer.replies[n].text);
		else
			mo_reply(b, t, kind, answer.replies[n].text);
	}
	if (!mo_heard(b, t) && (c->conv.dialog.ask == DIALOG_ERASE ||
	    mo_overdue(t)))
		dialog_end(&c->conv.dialog);
	if (c->erased)
		mo_erased_note(b->mo, c);
	if (t->replies == 0)
		t->silent = mo_silent(t, &answer);
	/* A screen does not say it. */
	if (t->replies == 0 && t->item.chosen[0] != '\0')
		c->conv.told_who = told_who;
	answer_clear(&answer);
}

/* What was said and asked since a text was put aside means nothing to it, and
 * stays open. */
static void
mo_answer_apart(struct mo_batch *b, struct mo_text *t)
{
	struct conversation *conv = &b->citizens[t->citizen].conv;
	struct dialog asked = conv->dialog;

	conv->last_at = 0;
	dialog_end(&conv->dialog);
	mo_answer_person(b, t);
	if (conv->dialog.ask == DIALOG_NOTHING)
		conv->dialog = asked;
}

/* A machine's text, or one that only adds to another: stored, no more. What a
 * machine writes is no report, or a robot could fill the desk. */
static void
mo_answer_nobody(struct mo_text *t, const char *why)
{
	t->silent = why;
	t->report = false;
}

/* A menu helps who has just called, and who is not in the middle of a talk with
 * us; it is sent to nobody who wants no texts. */
static bool
mo_call_wants_menu(const struct mo_text *t, const struct conversation *conv)
{
	return (!conv->stopped && !mo_overdue(t) &&
	    t->item.at - conv->last_at > MO_CALL_SAME_US);
}

/*
 * Somebody let it ring. A person calls back, or a text says what can be written,
 * as `missed-calls` has it; where a text would be of no use, a person does.
 */
static void
mo_answer_call(struct mo_batch *b, struct mo_text *t)
{
	struct conversation *conv = &b->citizens[t->citizen].conv;
	const char *wish = b->mo->gateway->config->gateway.missed_calls;

	if (strcmp(wish, "note") == 0) {
		mo_answer_nobody(t, "a missed call");
	} else if (strcmp(wish, "menu") == 0 &&
	    mo_call_wants_menu(t, conv)) {
		t->reading.intent = INTENT_HELP;
		mo_answer_apart(b, t);
	} else if (strcmp(wish, "menu") == 0 && !conv->stopped &&
	    !mo_overdue(t)) {
		mo_answer_nobody(t, "a missed call: they were answered "
		    "minutes ago");
	} else {
		mo_act(b, t, ACT_CALLBACK, "", "");
		mo_answer_nobody(t, "a missed call: a person calls back");
	}
	conv->last_at = t->item.at;
}

/* Whoever had all erased is somebody new from then on: what they wrote after
 * it comes in the next batch, in order. */
static void
mo_answer_later(struct mo_batch *b)
{
	struct mo *mo = b->mo;
	struct mo_text *t, *before;

	for (t = TAILQ_LAST(&b->texts, mo_texts); t != NULL; t = before) {
		before = TAILQ_PREV(t, mo_texts, entry);
		if (!t->postponed)
			continue;
		TAILQ_REMOVE(&b->texts, t, entry);
		b->text_count--;
		mo_text_reset(t);
		TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
		mo->waiting_count++;
	}
}

static const char *
mo_why_nobody(struct mo_batch *b, struct mo_text *t)
{
	struct mo_citizen *c = &b->citizens[t->citizen];
	const char *why = mo_no_answer(b->mo->gateway->config, c, t);

	/* A call says nothing: what calls again and again is in the queue
	 * once, and gets one text. */
	if (why != NULL || t->item.type == ITEM_CALL ||
	    t->item.chosen[0] != '\0')
		return (why);
	why = mo_machine(c, t);
	if (why != NULL)
		mo_act(b, t, ACT_MACHINE, "", why);
	return (why);
}

/* Why nothing is sent to who has seen the answer, or NULL. */
static const char *
mo_unsent(const struct mo_text *t, const char *why)
{
	if (t->item.chosen[0] == '\0' || why != NULL)
		return (why);
	return (t->via[0] == '\0' ? MO_NO_SENDER : NULL);
}

/* What was said while the database was away, or on a screen, is written down,
 * whoever it was said to. */
static void
mo_answer_text(struct mo_batch *b, struct mo_text *t, int64_t now)
{
	struct gateway *g = b->mo->gateway;
	const char *why;

	if (!reserve_message(database_reserve(g->database), &t->id))
		panic("no message id left: a batch began with too few");
	mo_understand(b, t);
	mo_refill(&b->citizens[t->citizen], g->config, now);
	mo_block_note(b, t);
	why = mo_why_nobody(b, t);
	t->unsent = mo_unsent(t, why);
	if (why != NULL && mo_answer_said(b, t) == NULL &&
	    t->item.reference[0] == '\0')
		mo_answer_nobody(t, why);
	else if (t->item.type == ITEM_CALL)
		mo_answer_call(b, t);
	else if (t->released != 0 &&
	    b->citizens[t->citizen].conv.last_at > t->item.at)
		mo_answer_apart(b, t);
	else
		mo_answer_person(b, t);
}

void
mo_answer(struct mo_batch *b)
{
	struct gateway *g = b->mo->gateway;
	int64_t now = clock_wall_us();
	struct mo_text *t;

	b->planned = 0;
	b->replies = xcalloc((size_t)b->text_count * ANSWER_REPLIES_MAX * 2,
	    sizeof *b->replies);
	TAILQ_FOREACH(t, &b->texts, entry) {
		t->postponed = b->citizens[t->citizen].erased;
		if (t->postponed)
			continue;
		snprintf(t->via, sizeof t->via, "%s",
		    links_sender(g->links, t->item.link));
		b->citizens[t->citizen].link = t->via[0] != '\0' ? t->via :
		    t->item.link;
		if (t->role == MO_PART && away_said(g->away, t->item.identity,
		    REPLY_EMERGENCY))
			b->citizens[t->citizen].conv.emergency_at = now;
		if (t->role == MO_SEEN || t->role == MO_PART)
			continue;
		mo_answer_text(b, t, now);
	}
	mo_answer_later(b);
	mo_store(b);
}
