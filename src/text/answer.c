/*
 * From a reading to replies and deeds. Runs in glasd, also while the database
 * is away, and in glasctl interpret; owns only the texts that it hands out.
 * Here is what every answer needs, and the table of who answers which intent. A
 * text that the content does not have is not sent, and the reason why nothing
 * is said names it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer_private.h"
#include "text/content_template.h"
#include "text/day.h"
#include "text/form.h"
#include "text/script.h"

static const char *const answer_kinds[] = {
	[REPLY_EMERGENCY] = "emergency",
	[REPLY_RECEIPT] = "receipt",
	[REPLY_RIGHTS] = "rights",
	[REPLY_STATUS] = "status",
	[REPLY_SERVICE] = "service",
	[REPLY_UNCLEAR] = "unclear",
};

static const char *const answer_acts[] = {
	[ACT_FOLLOW] = "follow",
	[ACT_PLACE] = "place",
	[ACT_GROUP] = "group",
	[ACT_QUESTION] = "question",
	[ACT_HELPED] = "helped",
	[ACT_VOTE] = "vote",
	[ACT_ATTEND] = "attend",
	[ACT_RUMOUR] = "rumour",
	[ACT_SUBSCRIBE] = "subscribe",
	[ACT_LEAVE] = "leave",
	[ACT_ENTRY] = "entry",
	[ACT_VALUE] = "value",
	[ACT_UNREAD] = "unread",
	[ACT_DUTY] = "duty",
	[ACT_TAKE] = "take",
	[ACT_SOLVED] = "solved",
	[ACT_RATING] = "rating",
	[ACT_STEP] = "step",
	[ACT_ERASE] = "erase",
	[ACT_MACHINE] = "machine",
	[ACT_BLOCK] = "block",
	[ACT_CALLBACK] = "callback",
};

static const struct answer_field answer_no_fields[] = { { NULL, NULL } };

const char *
reply_kind_name(enum reply_kind kind)
{
	return (answer_kinds[kind]);
}

const char *
act_kind_name(enum act_kind kind)
{
	return (answer_acts[kind]);
}

const char *
answer_text(const struct answering *a, const char *key, enum lang *used)
{
	if (content_template_find(key) == NULL)
		return (NULL);
	return (content_text(a->content, key, a->conversation->lang,
	    a->conversation->cyrillic, used));
}

const char *
answer_key(const struct answering *a, const char *key, const char *otherwise)
{
	return (answer_text(a, key, NULL) != NULL ? key : otherwise);
}

bool
answer_keeps_letters(enum lang used)
{
	return (used == LANG_BG || used == LANG_SR_CYRL);
}

char *
answer_fill(const char *key, const char *text,
    const struct answer_field *fields, bool keep)
{
	struct buf filled = { 0 }, sent = { 0 };
	const struct answer_field *f;
	const char *end;
	size_t len;

	while (*text != '\0') {
		end = *text == '{' ? strchr(text, '}') : NULL;
		len = end != NULL ? (size_t)(end - text - 1) : 0;
		for (f = fields; end != NULL && f->name != NULL; f++) {
			if (strlen(f->name) == len &&
			    strncmp(f->name, text + 1, len) == 0)
				break;
		}
		if (end != NULL && f->name != NULL &&
		    content_template_takes(key, f->name, len)) {
			buf_add_str(&filled, f->value);
			text = end + 1;
		} else {
			end = text + 1 + strcspn(text + 1, "{");
			buf_add(&filled, text, (size_t)(end - text));
			text = end;
		}
	}
	script_to_gsm7(&sent, (const char *)filled.data, filled.len, keep);
	buf_clear(&filled);
	return (buf_str(&sent));
}

void
answer_add(struct answering *a, enum reply_kind kind, char *text)
{
	struct answer *out = a->answer;

	if (out->count == ANSWER_REPLIES_MAX)
		panic("answer: more than %d replies", ANSWER_REPLIES_MAX);
	out->replies[out->count].kind = kind;
	out->replies[out->count++].text = text;
}

void
answer_act(struct answering *a, enum act_kind kind, const char *key,
    const char *value)
{
	struct answer *out = a->answer;

	if (out->act_count == ANSWER_ACTS_MAX)
		panic("answer: more than %d acts", ANSWER_ACTS_MAX);
	out->acts[out->act_count].kind = kind;
	snprintf(out->acts[out->act_count].key, ACT_VALUE_MAX, "%s", key);
	out->acts[out->act_count++].value = xstrdup(value);
}

/* Romani texts that nobody has reviewed are not sent; one line of greeting in
 * Romani says at least that the language was seen. */
char *
answer_greet(const struct answering *a, char *text, enum lang used)
{
	char *greeting, *both;
	const char *line;

	if (a->conversation->lang != LANG_ROM || used != LANG_SR_LATN ||
	    (line = content_text_unreviewed(a->content, "GREETING",
	    LANG_ROM)) == NULL)
		return (text);
	greeting = answer_fill("GREETING", line, answer_no_fields, false);
	both = xasprintf("%s %s", greeting, text);
	free(greeting);
	if (segment_count(both, NULL, NULL) >
	    segment_count(text, NULL, NULL)) {
		free(both);
		return (text);
	}
	free(text);
	return (both);
}

/* What DALJE is about: a key, and FNV-1a of the text, which may be another by
 * then, or in another language. */
static void
answer_rest_of(const char *key, const char *text, char about[DIALOG_ABOUT_MAX])
{
	uint32_t hash = 2166136261u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	snprintf(about, DIALOG_ABOUT_MAX, "%.*s/%08" PRIx32,
	    DIALOG_ABOUT_MAX - 10, key, hash);
}

/* Where what is said now begins: behind what was said of the same text. */
static size_t
answer_rest(const struct answering *a, const char *about, const char *text)
{
	const struct dialog *d = &a->conversation->dialog;

	if (a->reading->intent != INTENT_MORE ||
	    strcmp(d->about, about) != 0 || d->at >= strlen(text))
		return (0);
	return (d->at + strspn(text + d->at, " "));
}

/* Shortens to the budget, with the word that brings the rest, which begins
 * where this ends; `from` is where this began. Takes the text. */
static char *
answer_cut(struct answering *a, char *text, const char *about, bool keep,
    size_t from)
{
	const char *more = answer_text(a, "MORE", NULL);
	char *tail = answer_fill("MORE", more != NULL ? more : "...",
	    answer_no_fields, keep);

	text = xreallocarray(text, strlen(text) + strlen(tail) + 1, 1);
	segment_cut(text, tail, a->given->segments);
	/* A question that goes with the text is more than its rest. */
	if (a->conversation->dialog.ask == DIALOG_NOTHING ||
	    a->conversation->dialog.ask == DIALOG_MORE)
		answer_ask(a, DIALOG_MORE, about,
		    (unsigned int)(from + strlen(text) - strlen(tail)));
	free(tail);
	return (text);
}

void
answer_say(struct answering *a, enum reply_kind kind, const char *key,
    const struct answer_field *fields)
{
	enum lang used;
	const char *raw = answer_text(a, key, &used);
	char *text, about[DIALOG_ABOUT_MAX];
	size_t from;
	bool keep;

	if (raw == NULL) {
		a->answer->silent = "the content has no text for it";
		return;
	}
	keep = answer_keeps_letters(used);
	text = answer_fill(key, raw, fields != NULL ? fields :
	    answer_no_fields, keep);
	answer_rest_of(key, text, about);
	from = answer_rest(a, about, text);
	memmove(text, text + from, strlen(text + from) + 1);
	if (segment_count(text, NULL, NULL) > a->given->segments)
		text = answer_cut(a, text, about, keep, from);
	else
		text = answer_greet(a, text, used);
	answer_add(a, kind, text);
}

int64_t
answer_came_at(const struct answering *a)
{
	const struct answer_given *given = a->given;

	return (given->at < given->now ? given->at : given->now);
}

static bool
answer_passed_by(const struct answering *a, int64_t then, int64_t since,
    enum content_setting every)
{
	return (since == 0 || since > then || then - since >=
	    a->content->settings[every] * ANSWER_SECOND);
}

bool
answer_passed(const struct answering *a, int64_t since,
    enum content_setting every)
{
	return (answer_passed_by(a, a->given->now, since, every));
}

bool
answer_came_within(const struct answering *a, int64_t since,
    enum content_setting within)
{
	int64_t came = answer_came_at(a);

	/* What was answered since then waited beside it. */
	return (!answer_passed_by(a, since > came ? a->given->now : came,
	    since, within));
}

int64_t
answer_until(const struct answering *a)
{
	return (a->given->now +
	    a->content->settings[CONTENT_DIALOG_WITHIN] * ANSWER_SECOND);
}

void
answer_ask(struct answering *a, enum dialog_ask ask, const char *about,
    unsigned int at)
{
	dialog_begin(&a->conversation->dialog, ask, about, at,
	    answer_until(a));
}

void
answer_replace(char *s, char from, char to)
{
	while ((s = strchr(s, from)) != NULL)
		*s = to;
}

void
answer_date(int64_t at, char out[16])
{
	char stamp[32];

	clock_format(day_local_us(at), stamp, sizeof stamp);
	snprintf(out, 16, "%.2s.%.2s.%.4s.", stamp + 8, stamp + 5, stamp);
}

void
answer_last_day(const struct content_poll *p, char out[16])
{
	answer_date((p->closes_at - 1) * ANSWER_SECOND, out);
}

/* Once an hour to a person: the receipts that follow carry a line of their own,
 * and two machines must not call each other for help all day. Who had been told
 * when they wrote is not told long after. */
static bool
answer_emergency_is_due(const struct answering *a)
{
	int64_t since = a->conversation->emergency_at;

	return (answer_passed(a, since, CONTENT_EMERGENCY_EVERY) &&
	    answer_passed_by(a, a->given->at, since, CONTENT_EMERGENCY_EVERY));
}

static void
answer_emergency(struct answering *a)
{
	static const char *const keys[] = {
		[EMERGENCY_EMERG] = "EMERG",
		[EMERGENCY_UXO] = "UXO",
	};
	enum emergency emergency = a->reading->emergency;
	const char *key = keys[emergency], *raw;
	enum lang used;
	char *text;

	if (emergency == EMERGENCY_NONE || !answer_emergency_is_due(a))
		return;
	if (emergency == EMERGENCY_EMERG && a->reading->life)
		key = answer_key(a, "EMERG_LIFE", key);
	raw = answer_text(a, key, &used);
	if (raw == NULL)
		return;
	a->conversation->emergency_at = a->given->now;
	text = answer_fill(key, raw, answer_no_fields,
	    answer_keeps_letters(used));
	if (segment_count(text, NULL, NULL) > 1)
		segment_cut(text, "", 1);
	answer_add(a, REPLY_EMERGENCY, answer_greet(a, text, used));
}

static void (*const answer_intents[INTENT_COUNT])(struct answering *) = {
	[INTENT_REPORT] = answer_report,
	[INTENT_RIGHTS] = answer_rights,
	[INTENT_HELP] = answer_help,
	[INTENT_STOP] = answer_stop,
	[INTENT_START] = answer_start,
	[INTENT_STATUS] = answer_status,
	[INTENT_VOTE] = answer_vote,
	[INTENT_LANG] = answer_language,
	[INTENT_UNCLASSIFIED] = answer_unclear,
	[INTENT_ADD] = answer_add_to_case,
	[INTENT_ANSWER] = answer_answer,
	[INTENT_MORE] = answer_more,
	[INTENT_ERASE] = answer_erase,
	[INTENT_WHO] = answer_who,
	[INTENT_BODY] = answer_body,
	[INTENT_ATTEND] = answer_attend,
	[INTENT_RUMOUR] = answer_rumour,
	[INTENT_SUBSCRIBE] = answer_subscribe,
	[INTENT_FORM] = answer_form,
	[INTENT_RATE] = answer_rate,
	[INTENT_DUTY] = answer_duty,
	[INTENT_TAKE] = answer_take,
};

/* A person is answered in the language that was chosen, else in that of the
 * text, else in the one of before. A number ("drugo", the second) is no text. */
static void
answer_learn_language(const struct reading *r, const char *text,
    struct conversation *c)
{
	/* The rest of a text is in the language of its beginning, if any. */
	if (!c->lang_chosen && r->lang != LANG_UND && r->lang != LANG_MIX &&
	    (r->intent != INTENT_MORE || c->lang == LANG_UND) &&
	    (c->lang == LANG_UND || form_number_said(text) < 0))
		c->lang = r->lang;
}

void
answer_make(struct answer *out, const struct content *content,
    struct reading *reading, const struct answer_given *given,
    struct conversation *conversation)
{
	struct answer_given budget = *given;
	struct answering a = { .answer = out, .content = content,
		.reading = reading, .given = &budget,
		.conversation = conversation };

	if (budget.segments == 0)
		budget.segments = 1;
	memset(out, 0, sizeof *out);
	answer_learn_language(reading, given->text, conversation);
	answer_group_calm(&a);
	answer_emergency(&a);
	answer_dialog(&a);
	if (!answer_helped_refuses(&a))
		answer_intents[reading->intent](&a);
	answer_beside(&a);
	answer_dialog_left(&a);
	conversation->last_at = given->now;
}

void
answer_clear(struct answer *out)
{
	for (unsigned int i = 0; i < out->count; i++)
		free(out->replies[i].text);
	for (unsigned int i = 0; i < out->act_count; i++)
		free(out->acts[i].value);
	memset(out, 0, sizeof *out);
}
