/*
 * Fifth step of the MO path: what is replied, and what is to be done beside.
 * Runs in glasd, in memory; texts of one citizen in order, each on what the one
 * before it left. Who is answered at all: mo_silence.c; whether a reply may go:
 * mo_reply.c.
 */
#include <stdio.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/mo_private.h"
#include "glasd/session.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "store/config.h"

#define MO_CALL_SAME_US (INT64_C(600) * 1000000) /* one menu in that time */
#define MO_NIGHT_US (INT64_C(13) * 3600 * 1000000) /* glas_data.polite_time() */

_Static_assert(MO_BATCHES_MAX * MO_BATCH_MAX <= RESERVE_ENOUGH &&
    MO_BATCHES_MAX * MO_BATCH_MAX * ANSWER_REPLIES_MAX <= RESERVE_ENOUGH_IDS,
    "a batch must not begin with too few");

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
		.since = t->item.at,
		.reported_at = item_written_at(&t->item),
		.text = t->text };
	snprintf(c->reference, sizeof c->reference, "%s", t->reference);
	snprintf(c->category, sizeof c->category, "%s", t->reading.code);
	snprintf(c->municipality, sizeof c->municipality, "%s",
	    place != NULL ? place->municipality : "");
	snprintf(c->settlement, sizeof c->settlement, "%s",
	    place != NULL ? place->settlement : "");
}

/* Their newest is what they told last, which need not be what came last. */
static void
mo_answer_asked(const struct mo_text *t, struct conversation *conv)
{
	const struct mo_text *o = t;

	conv->asked = t->asked;
	while ((o = TAILQ_PREV(o, mo_texts, entry)) != NULL) {
		if (!o->report || o->citizen != t->citizen ||
		    (t->named[0] != '\0' &&
		    strcmp(o->reference, t->named) != 0) ||
		    item_written_at(&o->item) <= conv->asked.reported_at)
			continue;
		mo_case_of(o, &conv->asked);
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
		.code = code, .text = t->text + t->behind, .message = t->id, .told = told,
		.at = t->item.at, .now = clock_wall_us(),
		.written_at = item_is_old(&t->item) ? t->item.scts : 0,
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

/* What was typed as in a text is answered as a text is. */
static bool
mo_by_text(const struct mo_text *t)
{
	enum intent intent = t->reading.intent;

	return (intent == INTENT_STOP || intent == INTENT_START ||
	    intent == INTENT_ERASE);
}

/* What was chosen in a menu was answered there. The number of a report, and what
 * is to be done in danger, come by text, too: they are to be kept. */
static bool
mo_on_screen(const struct mo_text *t, enum reply_kind kind)
{
	return (t->item.chosen[0] != '\0' && (t->unsent != NULL ||
	    (kind != REPLY_EMERGENCY && kind != REPLY_RECEIPT &&
	    kind != REPLY_STATUS && !mo_by_text(t))));
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
mo_answer_say(struct mo_batch *b, struct mo_text *t,
    const struct away_answer *said, const struct answer *answer)
{
	if (said != NULL)
		mo_reply_away(b, t, said);
	for (unsigned int n = 0; n < answer->count; n++) {
		enum reply_kind kind = answer->replies[n].kind;
		const char *text = answer->replies[n].text;

		if (mo_answer_has(said, kind) || mo_on_screen(t, kind))
			continue;
		if (kind != REPLY_EMERGENCY && mo_overdue(t))
			mo_reply_overdue(b, t, kind, text);
		else
			mo_reply(b, t, kind, text);
	}
	if (t->replies == 0)
		t->silent = mo_silent(t, answer);
}

/* A code that nobody was sent is none; what was tried against an older one has
 * been. */
static void
mo_answer_unheard(const struct mo_text *t, struct conversation *conv,
    const struct dialog *erase)
{
	if (strcmp(conv->erase.about, erase->about) != 0)
		dialog_end(&conv->erase);
	if (conv->dialog.ask == DIALOG_ERASE || mo_overdue(t))
		dialog_end(&conv->dialog);
}

/* What is answered late may wait for the morning: its question, which was not
 * open before, is open for a night longer. */
static void
mo_answer_longer(const struct mo_text *t, struct dialog *d, int64_t before)
{
	if (d->ask != DIALOG_NOTHING && d->until != before &&
	    d->until > clock_wall_us() && mo_overdue(t))
		d->until += MO_NIGHT_US;
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
	struct dialog erase = c->conv.erase;
	int64_t until = c->conv.dialog.until;
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
	if (!t->report)
		memcpy(t->reference, answer.belongs, sizeof t->reference);
	mo_acts(b, t, &answer);
	mo_answer_say(b, t, said, &answer);
	if (!mo_reply_heard(b, t))
		mo_answer_unheard(t, &c->conv, &erase);
	mo_answer_longer(t, &c->conv.dialog, until);
	mo_answer_longer(t, &c->conv.erase, erase.until);
	if (c->erased) {
		mo_erased_note(b->mo, c);
		sessions_forget(g->sessions, c->token);
	}
	/* A screen does not say it. */
	if (t->replies == 0 && t->item.chosen[0] != '\0')
		c->conv.told_who = told_who;
	answer_clear(&answer);
}

/* Put aside, or long under way. */
static bool
mo_answer_is_apart(const struct mo_batch *b, const struct mo_text *t)
{
	return (item_is_old(&t->item) || (t->released != 0 &&
	    b->citizens[t->citizen].conv.last_at > t->item.at));
}

/* What was asked since is what they answer next. The rest of a text gives way,
 * and all does to the code of an erasure, which is of no use otherwise. */
static bool
mo_answer_asked_since(const struct dialog *asked, const struct dialog *now)
{
	if (now->ask == DIALOG_NOTHING)
		return (true);
	return (asked->ask != DIALOG_NOTHING && asked->ask != DIALOG_MORE &&
	    now->ask != DIALOG_ERASE && clock_wall_us() < asked->until);
}

/* What was said and asked since a text was written means nothing to it, and
 * stays open. */
static void
mo_answer_apart(struct mo_batch *b, struct mo_text *t)
{
	struct conversation *conv = &b->citizens[t->citizen].conv;
	struct dialog asked = conv->dialog;

	conv->last_at = 0;
	dialog_end(&conv->dialog);
	mo_answer_person(b, t);
	if (mo_answer_asked_since(&asked, &conv->dialog))
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
		mo_wait_first(mo, t);
	}
}

static const char *
mo_why_nobody(struct mo_batch *b, struct mo_text *t)
{
	struct mo_citizen *c = &b->citizens[t->citizen];
	const char *why = mo_silence_reason(b->mo->gateway->config, c, t);

	/* A call says nothing: what calls again and again is in the queue
	 * once, and gets one text. */
	if (why != NULL || t->item.type == ITEM_CALL ||
	    t->item.chosen[0] != '\0')
		return (why);
	why = mo_silence_machine(c, t);
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
	silence_narrow(b->citizens[t->citizen].silence, &t->reading);
	mo_limits_refill(&b->citizens[t->citizen], g->config, now);
	mo_block_note(b, t);
	why = mo_why_nobody(b, t);
	t->unsent = mo_unsent(t, why);
	if (why != NULL && mo_answer_said(b, t) == NULL &&
	    t->item.reference[0] == '\0')
		mo_answer_nobody(t, why);
	else if (t->item.type == ITEM_CALL)
		mo_answer_call(b, t);
	else if (mo_answer_is_apart(b, t))
		mo_answer_apart(b, t);
	else
		mo_answer_person(b, t);
}

/* A part of a text that is not whole yet: its danger was told, of which the
 * outbox is to know, whatever becomes of the rest. */
static void
mo_answer_part(struct mo_batch *b, struct mo_text *t, int64_t now)
{
	const struct away_answer *said = mo_answer_said(b, t);

	if (said == NULL)
		return;
	mo_reply_away(b, t, said);
	if (mo_answer_has(said, REPLY_EMERGENCY))
		b->citizens[t->citizen].conv.emergency_at = now;
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
		if (t->role == MO_PART)
			mo_answer_part(b, t, now);
		else if (t->role != MO_SEEN)
			mo_answer_text(b, t, now);
	}
	mo_answer_later(b);
	mo_store(b);
}
