/*
 * From a reading to replies. Runs in glasd, also while the database is away,
 * and in glasctl interpret; owns only the texts that it hands out. One function
 * a kind of reply, found by the intent in a table. A text that the content does
 * not have is not sent, and the reason why nothing is said names it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer.h"
#include "text/content_private.h"
#include "text/script.h"

#define ANSWER_SECOND INT64_C(1000000)	/* in microseconds */

/* What stands in braces in a text. */
struct answer_field {
	const char	*name;		/* "REF" */
	const char	*value;
};

struct answering {
	struct answer	*answer;
	const struct content *content;
	const struct reading *reading;
	const char	*reference;
	int64_t		 now;
	unsigned int	 segments;
	struct conversation *conversation;
};

static const char *const answer_kinds[] = {
	[REPLY_EMERGENCY] = "emergency",
	[REPLY_RECEIPT] = "receipt",
	[REPLY_RIGHTS] = "rights",
	[REPLY_STATUS] = "status",
	[REPLY_SERVICE] = "service",
	[REPLY_UNCLEAR] = "unclear",
};

const char *
reply_kind_name(enum reply_kind kind)
{
	return (answer_kinds[kind]);
}

static const char *
answer_text(const struct answering *a, const char *key, enum lang *used)
{
	return (content_text(a->content, key, a->conversation->lang,
	    a->conversation->cyrillic, used));
}

/* Whether texts in this language keep letters beyond GSM-7: Bulgarian ones are
 * written for them, Serbian Cyrillic is there for those who asked. */
static bool
answer_keeps_letters(enum lang used)
{
	return (used == LANG_BG || used == LANG_SR_CYRL);
}

/* A text with its fields filled in, in the alphabet that it is sent in. */
static char *
answer_fill(const char *text, const struct answer_field *fields, bool keep)
{
	struct buf filled = { 0 }, sent = { 0 };
	const struct answer_field *f;
	const char *end;

	while (*text != '\0') {
		end = *text == '{' ? strchr(text, '}') : NULL;
		for (f = fields; end != NULL && f->name != NULL; f++) {
			if (strlen(f->name) == (size_t)(end - text - 1) &&
			    strncmp(f->name, text + 1, strlen(f->name)) == 0)
				break;
		}
		if (end != NULL && f->name != NULL) {
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

/* Takes the text. */
static void
answer_add(struct answering *a, enum reply_kind kind, char *text)
{
	struct answer *out = a->answer;

	if (out->count == ANSWER_REPLIES_MAX)
		panic("answer: more than %d replies", ANSWER_REPLIES_MAX);
	out->replies[out->count].kind = kind;
	out->replies[out->count++].text = text;
}

/* Romani texts that nobody has reviewed are not sent; one line of greeting in
 * Romani says at least that the language was seen. */
static char *
answer_greet(const struct answering *a, char *text, enum lang used)
{
	static const struct answer_field none[] = { { NULL, NULL } };
	char *greeting, *both;
	const char *line;

	if (a->conversation->lang != LANG_ROM || used != LANG_SR_LATN ||
	    (line = content_text_unreviewed(a->content, "GREETING",
	    LANG_ROM)) == NULL)
		return (text);
	greeting = answer_fill(line, none, false);
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

/* A reply by key, shortened to `max` segments with a way to ask for more. */
static void
answer_say(struct answering *a, enum reply_kind kind, const char *key,
    const struct answer_field *fields, unsigned int max)
{
	static const struct answer_field none[] = { { NULL, NULL } };
	const char *raw, *more;
	char *text, *tail;
	enum lang used;

	raw = answer_text(a, key, &used);
	if (raw == NULL) {
		a->answer->silent = "the content has no text for it";
		return;
	}
	text = answer_fill(raw, fields != NULL ? fields : none,
	    answer_keeps_letters(used));
	if (segment_count(text, NULL, NULL) > max) {
		more = answer_text(a, "MORE", NULL);
		tail = answer_fill(more != NULL ? more : "...", none,
		    answer_keeps_letters(used));
		text = xreallocarray(text, strlen(text) + strlen(tail) + 1, 1);
		segment_cut(text, tail, max);
		free(tail);
	} else {
		text = answer_greet(a, text, used);
	}
	answer_add(a, kind, text);
}

static bool
answer_passed(const struct answering *a, int64_t since,
    enum content_setting every)
{
	return (since == 0 || since > a->now || a->now - since >=
	    a->content->settings[every] * ANSWER_SECOND);
}

/* Danger first, once an hour to a person: the receipts that follow carry a line
 * of their own, and two machines must not call each other for help all day. */
static void
answer_emergency(struct answering *a)
{
	if (a->reading->emergency == EMERGENCY_NONE ||
	    !answer_passed(a, a->conversation->emergency_at,
	    CONTENT_EMERGENCY_EVERY))
		return;
	a->conversation->emergency_at = a->now;
	answer_say(a, REPLY_EMERGENCY, a->reading->emergency == EMERGENCY_UXO ?
	    "UXO" : "EMERG", NULL, 1);
}

/* What a receipt is made of. */
struct answer_receipt {
	enum lang	 lang;		/* of the text */
	bool		 named;		/* the category may be named */
	const char	*line;		/* key of the emergency line */
	char		 place[160];	/* "": none */
	char		 number[16];	/* of the topic to offer; "": none */
};

/* A place as it is called in the language of the text. */
static void
answer_place(const struct place *p, enum lang lang, char *out, size_t size)
{
	const char *name = lang == LANG_SQ ? p->sq : "";

	if (lang == LANG_BG)
		name = p->bg;
	if (*name == '\0' && answer_keeps_letters(lang))
		name = p->cyrillic;
	if (*name != '\0')
		snprintf(out, size, "%s", name);
	else
		snprintf(out, size, "%s%s%s", p->municipality,
		    *p->settlement != '\0' ? "/" : "", p->settlement);
}

static void
answer_receipt_prepare(const struct answering *a, struct answer_receipt *r)
{
	int i = content_find_category(a->content, a->reading->code);
	const struct content_category *cat = NULL;

	*r = (struct answer_receipt){ .lang = LANG_SR_LATN, .line = "LINE" };
	(void)answer_text(a, "ACK_PLAIN", &r->lang);
	if (a->reading->place != NULL)
		answer_place(a->reading->place, r->lang, r->place,
		    sizeof r->place);
	if (i == CONTENT_NONE)
		return;
	cat = &a->content->categories[i];
	if (answer_text(a, cat->category.emergency_line, NULL) != NULL)
		r->line = cat->category.emergency_line;
	if (cat->topic != CONTENT_NONE)
		snprintf(r->number, sizeof r->number, "%ld",
		    a->content->topics[cat->topic].number);
	r->named = cat->category.named_in_reply && a->reading->confidence >=
	    a->content->settings[CONTENT_NAMED_FROM];
}

static char *
answer_receipt_fill(const struct answering *a, const struct answer_receipt *r,
    const char *key, const char *offer)
{
	const char *text = answer_text(a, key, NULL);
	const struct answer_field fields[] = {
		{ "REF", a->reference },
		{ "CAT", content_name(a->content, a->reading->code,
		    r->lang) },
		{ "PLACE", r->place },
		{ "LINE", answer_text(a, r->line, NULL) },
		{ "OFFER", offer },
		{ NULL, NULL },
	};

	if (text == NULL)
		return (NULL);
	return (answer_fill(text, fields, answer_keeps_letters(r->lang)));
}

/* A receipt by key; with the offer of a rights topic if there is one and it
 * costs no segment more. */
static char *
answer_receipt_text(const struct answering *a, const struct answer_receipt *r,
    const char *key)
{
	const struct answer_field fields[] = { { "N", r->number },
		{ NULL, NULL } };
	char *plain = answer_receipt_fill(a, r, key, ""), *offered;
	const char *offer = answer_text(a, "OFFER", NULL);
	char *line, *spaced;

	if (plain == NULL || offer == NULL || *r->number == '\0')
		return (plain);
	line = answer_fill(offer, fields, answer_keeps_letters(r->lang));
	spaced = xasprintf(" %s", line);
	offered = answer_receipt_fill(a, r, key, spaced);
	free(line);
	free(spaced);
	if (segment_count(offered, NULL, NULL) >
	    segment_count(plain, NULL, NULL)) {
		free(offered);
		return (plain);
	}
	free(plain);
	return (offered);
}

/* The richest receipt that fits into one segment, else the plain one. */
static void
answer_receipt(struct answering *a)
{
	static const char *const keys[] = { "ACK", "ACK_CAT" };
	struct answer_receipt r;
	char *text = NULL;

	answer_receipt_prepare(a, &r);
	for (size_t i = *r.place != '\0' ? 0 : 1; r.named && i < 2; i++) {
		text = answer_receipt_text(a, &r, keys[i]);
		if (text != NULL && segment_count(text, NULL, NULL) == 1)
			break;
		free(text);
		text = NULL;
	}
	if (text == NULL)
		text = answer_receipt_text(a, &r, "ACK_PLAIN");
	if (text != NULL)
		answer_add(a, REPLY_RECEIPT, answer_greet(a, text, r.lang));
}

static void
answer_report(struct answering *a)
{
	a->answer->report = true;
	answer_receipt(a);
}

static void
answer_rights(struct answering *a)
{
	char key[48] = "TOPICS";

	if (*a->reading->code != '\0')
		snprintf(key, sizeof key, "RIGHTS_%s", a->reading->code);
	answer_say(a, REPLY_RIGHTS, key, NULL, a->segments);
}

static void
answer_help(struct answering *a)
{
	answer_say(a, REPLY_SERVICE, "HELP", NULL, a->segments);
}

static void
answer_stop(struct answering *a)
{
	if (a->conversation->stopped) {
		a->answer->silent = "stopped already";
		return;
	}
	a->conversation->stopped = true;
	answer_say(a, REPLY_SERVICE, "STOPOK", NULL, a->segments);
}

static void
answer_start(struct answering *a)
{
	a->conversation->stopped = false;
	answer_say(a, REPLY_SERVICE, "STARTOK", NULL, a->segments);
}

/* "2026-11-23T..." as it is written here: 23.11.2026. */
static void
answer_date(int64_t at, char out[16])
{
	char stamp[32];

	clock_format(at, stamp, sizeof stamp);
	snprintf(out, 16, "%.2s.%.2s.%.4s.", stamp + 8, stamp + 5, stamp);
}

static void
answer_status(struct answering *a)
{
	const struct conversation *c = a->conversation;
	char key[32] = "STATUS_", date[16];
	const struct answer_field fields[] = {
		{ "REF", c->asked.reference },
		{ "DATE", date },
		{ NULL, NULL },
	};
	size_t len = strlen(key);

	answer_date(c->asked.since, date);
	for (const char *s = c->asked.status; *s != '\0'; s++)
		key[len++] = (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s);
	key[len] = '\0';
	if (*c->asked.reference == '\0' || answer_text(a, key, NULL) == NULL)
		snprintf(key, sizeof key, "STATUS_UNKNOWN");
	answer_say(a, REPLY_STATUS, key, fields, a->segments);
}

static void
answer_vote(struct answering *a)
{
	answer_say(a, REPLY_SERVICE, "VOTE_CLOSED", NULL, a->segments);
}

static void
answer_language(struct answering *a)
{
	enum lang lang = lang_find(a->reading->code);

	if (*a->reading->code == '\0' || lang == LANG_COUNT) {
		answer_say(a, REPLY_SERVICE, "LANGASK", NULL, a->segments);
		return;
	}
	a->conversation->lang = lang;
	a->conversation->lang_chosen = true;
	a->conversation->cyrillic = lang == LANG_SR_CYRL;
	answer_say(a, REPLY_SERVICE, "LANGOK", NULL, a->segments);
}

static void
answer_unclear(struct answering *a)
{
	if (!a->reading->worth_answer) {
		a->answer->silent = "nothing that wants an answer";
	} else if (a->conversation->stopped) {
		a->answer->silent = "the person said STOP";
	} else if (!answer_passed(a, a->conversation->unclear_at,
	    CONTENT_UNCLEAR_EVERY)) {
		a->answer->silent = "told today that it was not understood";
	} else {
		a->conversation->unclear_at = a->now;
		answer_say(a, REPLY_UNCLEAR, "UNCLEAR", NULL, a->segments);
	}
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
};

/* A person is answered in the language that was chosen, else in that of the
 * text, else in the one of before. */
static void
answer_learn_language(const struct reading *r, struct conversation *c)
{
	if (!c->lang_chosen && r->lang != LANG_UND && r->lang != LANG_MIX)
		c->lang = r->lang;
}

void
answer_make(struct answer *out, const struct content *content,
    const struct reading *reading, const char *reference, int64_t now,
    unsigned int segments, struct conversation *conversation)
{
	struct answering a = { .answer = out, .content = content,
		.reading = reading, .reference = reference, .now = now,
		.segments = segments != 0 ? segments : 1,
		.conversation = conversation };

	memset(out, 0, sizeof *out);
	answer_learn_language(reading, conversation);
	answer_emergency(&a);
	answer_intents[reading->intent](&a);
}

void
answer_clear(struct answer *out)
{
	for (unsigned int i = 0; i < out->count; i++)
		free(out->replies[i].text);
	memset(out, 0, sizeof *out);
}
