/*
 * What a person should know about a content pack before it is used. Runs in
 * glasctl content check and before an import; changes nothing. Errors are what
 * would mislead citizens or readers, warnings what waits for somebody's work.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "text/content_private.h"
#include "text/script.h"

#define CONTENT_SEGMENTS 3	/* of a reply, as glas.conf has it by itself */

struct content_checking {
	const json_t	*pack;
	const char	*today;
	const struct content_sink *sink;
	const struct content *content;	/* NULL: it does not compile */
};

static json_t *
content_entries(const json_t *pack, const char *section)
{
	return (json_object_get(json_object_get(pack, section), "entries"));
}

static void
content_check_fields(const struct content_checking *k,
    const struct content_section *s, json_t *entry, size_t number)
{
	const struct content_field *f;
	const char *name;
	json_t *value;

	json_object_foreach(entry, name, value) {
		for (f = s->fields; f->name != NULL; f++) {
			if (strcmp(f->name, name) == 0)
				break;
		}
		if (f->name == NULL)
			content_report(k->sink, true, s->name, number,
			    "there is no field \"%s\"; remove it or correct "
			    "its name", name);
	}
}

static int
content_entry_compare(const void *a, const void *b, void *section)
{
	return (content_section_compare(section, *(json_t *const *)a,
	    *(json_t *const *)b));
}

/* Two entries of one name: which would be meant? */
static void
content_check_twice(const struct content_checking *k,
    const struct content_section *s, json_t *entries)
{
	size_t n = json_array_size(entries), i;
	json_t **sorted = xcalloc(n, sizeof(json_t *));

	for (i = 0; i < n; i++)
		sorted[i] = json_array_get(entries, i);
	if (n > 1)
		qsort_r(sorted, n, sizeof(json_t *), content_entry_compare,
		    (void *)s);
	for (i = 1; i < n; i++) {
		size_t number = n;

		if (content_section_compare(s, sorted[i - 1], sorted[i]) != 0)
			continue;
		while (content_section_compare(s, sorted[i],
		    json_array_get(entries, number - 1)) != 0)
			number--;
		content_report(k->sink, true, s->name, number,
		    "stands here twice; remove one of them");
	}
	free(sorted);
}

static void
content_check_sections(const struct content_checking *k)
{
	const struct content_section *s;
	const char *name;
	json_t *value, *entries, *entry;
	size_t i, n;

	json_object_foreach((json_t *)k->pack, name, value) {
		if (content_section_find(name) == NULL)
			content_report(k->sink, true, NULL, 0,
			    "there is no section \"%s\"; remove it", name);
	}
	for (i = 0; (s = content_section_at(i)) != NULL; i++) {
		entries = content_entries(k->pack, s->name);
		json_array_foreach(entries, n, entry)
			content_check_fields(k, s, entry, n + 1);
		content_check_twice(k, s, entries);
	}
}

/* The operator and a court can know who texted: nobody may be told otherwise,
 * in whichever language. */
static bool
content_promises_too_much(const char *text)
{
	struct folded f;
	bool found;

	fold_make(&f, text, strlen(text));
	found = strstr(f.text, "anonim") != NULL ||
	    strstr(f.text, "anonym") != NULL;
	fold_clear(&f);
	return (found);
}

static void
content_check_promises(const struct content_checking *k,
    const struct content_section *s)
{
	const char *key;
	json_t *entry, *value, *name;
	const char *inner;
	size_t i;

	json_array_foreach(content_entries(k->pack, s->name), i, entry) {
		bool found = false;

		json_object_foreach(entry, key, value) {
			if (json_is_string(value))
				found |= content_promises_too_much(
				    json_string_value(value));
			json_object_foreach(value, inner, name) {
				if (json_is_string(name))
					found |= content_promises_too_much(
					    json_string_value(name));
			}
		}
		if (found)
			content_report(k->sink, true, s->name, i + 1,
			    "says \"anonymous\", which nobody can promise; "
			    "say that the number is not given to anyone");
	}
}

/* The longest that a field can become in a language. */
static const char *
content_longest_name(const struct content *c, enum lang lang)
{
	const char *longest = "", *name;

	for (size_t i = 0; i < c->category_count; i++) {
		if (!c->categories[i].category.named_in_reply)
			continue;
		name = content_name(c, c->categories[i].category.code, lang);
		if (strlen(name) > strlen(longest))
			longest = name;
	}
	return (longest);
}

static const char *
content_longest_line(const struct content *c, enum lang lang)
{
	const char *longest = "", *line;

	for (size_t i = 0; i < c->category_count; i++) {
		line = content_text(c,
		    c->categories[i].category.emergency_line, lang,
		    lang == LANG_SR_CYRL, NULL);
		if (line != NULL && strlen(line) > strlen(longest))
			longest = line;
	}
	return (longest);
}

static const char *
content_longest_in_form(const struct content *c, enum lang lang, bool example)
{
	const char *longest = "", *text;

	for (size_t i = 0; i < c->form_count; i++) {
		const struct content_form_field *f = c->forms[i].fields;

		for (size_t n = 0; n < c->forms[i].field_count; n++, f++) {
			text = content_in_lang(example ? f->example : f->ask,
			    lang, lang == LANG_SR_CYRL);
			if (text != NULL && strlen(text) > strlen(longest))
				longest = text;
		}
	}
	return (longest);
}

/* The value that makes a text longest, NULL when there is no such field. */
static const char *
content_worst(const struct content *c, const char *field, size_t len,
    enum lang lang)
{
	static const struct {
		const char	*name;
		const char	*worst;
	} fields[] = {
		{ "REF", "1048281048" },
		{ "DATE", "31.12.2026." },
		{ "N", "15" },
		{ "PLACE", "Vranjska Banja/Vlasina Stojkovićeva" },
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (strlen(fields[i].name) == len &&
		    strncmp(fields[i].name, field, len) == 0)
			return (fields[i].worst);
	}
	/* Left out where it would cost a segment. */
	if (len == 5 && strncmp(field, "OFFER", 5) == 0)
		return ("");
	if (len == 3 && strncmp(field, "CAT", 3) == 0)
		return (content_longest_name(c, lang));
	if (len == 4 && strncmp(field, "LINE", 4) == 0)
		return (content_longest_line(c, lang));
	if (len == 3 && strncmp(field, "ASK", 3) == 0)
		return (content_longest_in_form(c, lang, false));
	if (len == 7 && strncmp(field, "EXAMPLE", 7) == 0)
		return (content_longest_in_form(c, lang, true));
	return (NULL);
}

static void
content_expand(const struct content_checking *k, const char *text,
    enum lang lang, size_t number, struct buf *out)
{
	const char *end, *worst;

	while (*text != '\0') {
		end = *text == '{' ? strchr(text, '}') : NULL;
		if (end == NULL) {
			buf_add(out, text++, 1);
			continue;
		}
		worst = content_worst(k->content, text + 1,
		    (size_t)(end - text - 1), lang);
		if (worst == NULL)
			content_report(k->sink, true, "replies", number,
			    "{%.*s} is no field; REF, CAT, PLACE, LINE, "
			    "OFFER, N, DATE, ASK and EXAMPLE are",
			    (int)(end - text - 1), text + 1);
		buf_add_str(out, worst != NULL ? worst : "");
		text = end + 1;
	}
}

/* Letters that cannot be sent at the price of GSM-7, and those that cost two. */
static void
content_check_letters(const struct content_checking *k, const char *text,
    size_t number)
{
	const char *s = text, *end = text + strlen(text), *before;
	struct buf sent = { 0 };

	while (s < end) {
		before = s;
		(void)utf8_next(&s, end);
		buf_reset(&sent);
		script_to_gsm7(&sent, before, (size_t)(s - before), false);
		if (sent.len == 1 && sent.data[0] == '?' && *before != '?')
			content_report(k->sink, true, "replies", number,
			    "'%.*s' cannot be sent in one octet; write "
			    "something else", (int)(s - before), before);
		else if (sent.len > 0 && *before != '{' && *before != '}' &&
		    strchr("^\\[~]|", sent.data[0]) != NULL)
			content_report(k->sink, false, "replies", number,
			    "'%c' costs two characters", sent.data[0]);
	}
	buf_clear(&sent);
}

static unsigned int
content_segments_allowed(const char *key)
{
	return (strcmp(key, "EMERG") == 0 || strcmp(key, "UXO") == 0 ? 1 :
	    CONTENT_SEGMENTS);
}

static void
content_check_text(const struct content_checking *k, json_t *entry,
    size_t number)
{
	const char *key = content_text_of(entry, "key");
	const char *text = content_text_of(entry, "text");
	enum lang lang = lang_find(content_text_of(entry, "lang"));
	bool keep = lang == LANG_BG || lang == LANG_SR_CYRL;
	struct buf worst = { 0 }, sent = { 0 };
	unsigned int segments, units, allowed = content_segments_allowed(key);
	enum encoding encoding;

	content_expand(k, text, lang, number, &worst);
	script_to_gsm7(&sent, buf_str(&worst), worst.len, keep);
	segments = segment_count(buf_str(&sent), &encoding, &units);
	if (segments > allowed)
		content_report(k->sink, true, "replies", number,
		    "%s in %s takes %u segments (%u characters, %s), %u are "
		    "allowed; shorten it", key, lang_name(lang), segments,
		    units, encoding_name(encoding), allowed);
	if (!keep)
		content_check_letters(k, text, number);
	buf_clear(&worst);
	buf_clear(&sent);
}

static bool
content_is_date(const char *s)
{
	if (strlen(s) != 10)
		return (false);
	for (size_t i = 0; i < 10; i++) {
		if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return (false);
	}
	return (true);
}

static void
content_check_dates(const struct content_checking *k, const json_t *entry,
    size_t number)
{
	const char *checked = content_text_of(entry, "last_checked");
	const char *until = content_text_of(entry, "valid_until");

	if (!content_is_date(checked) ||
	    (*until != '\0' && !content_is_date(until)))
		content_report(k->sink, true, "replies", number,
		    "a date is not written as 2026-11-23");
	else if (*until != '\0' && strcmp(until, k->today) < 0)
		content_report(k->sink, false, "replies", number,
		    "was valid until %s; have it checked", until);
}

static void
content_check_replies(const struct content_checking *k)
{
	unsigned int unread[LANG_COUNT] = { 0 };
	json_t *entries = content_entries(k->pack, "replies"), *entry;
	enum lang lang;
	size_t i;

	json_array_foreach(entries, i, entry) {
		lang = lang_find(content_text_of(entry, "lang"));
		if (lang == LANG_COUNT)
			continue;
		content_check_text(k, entry, i + 1);
		content_check_dates(k, entry, i + 1);
		if (strcmp(content_text_of(entry, "reviewer"), "none") == 0)
			unread[lang]++;
	}
	for (lang = 0; lang < LANG_COUNT; lang++) {
		if (unread[lang] > 0)
			content_report(k->sink, false, "replies", 0,
			    "%u texts in %s have no reviewer; let a speaker, "
			    "for rights a lawyer, read them", unread[lang],
			    lang_name(lang));
	}
}

static void
content_check_translations(const struct content_checking *k)
{
	static const enum lang langs[] = { LANG_SR_LATN, LANG_SR_CYRL,
		LANG_SQ, LANG_ROM, LANG_BG, LANG_EN };

	for (size_t i = 0; i < k->content->reply_count; i++) {
		const struct content_reply *r = &k->content->replies[i];
		struct buf missing = { 0 };

		for (size_t n = 0; n < sizeof langs / sizeof *langs; n++) {
			if (r->text[langs[n]] == NULL)
				buf_printf(&missing, " %s",
				    lang_name(langs[n]));
		}
		if (missing.len > 0 && strcmp(r->key, "GREETING") != 0)
			content_report(k->sink, false, "replies", 0,
			    "%s is missing in%s", r->key, buf_str(&missing));
		buf_clear(&missing);
	}
}

static void
content_check_needed(const struct content_checking *k, const char *key,
    const char *section, size_t number)
{
	if (content_text(k->content, key, LANG_SR_LATN, false, NULL) == NULL)
		content_report(k->sink, true, section, number,
		    "there is no text %s in replies.json; write one", key);
}

static void
content_check_texts_needed(const struct content_checking *k)
{
	static const char *const keys[] = { "ACK", "ACK_CAT", "LANGASK",
		"LANGOK", "FORM_ASK", "FORM_NO_DAY", "FORM_OK", "FORM_WRONG",
		"MORE", "OFFER", "STATUS_ANSWERED", "STATUS_CLOSED",
		"STATUS_DUPLICATE", "STATUS_NEW", "STATUS_NOT_FOR_US",
		"STATUS_OPEN", "STATUS_REFERRED", "STATUS_UNKNOWN",
		"STATUS_WITHDRAWN", "TOPICS", "VOTE_CLOSED" };
	char key[64];
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		content_check_needed(k, keys[i], "replies", 0);
	for (i = 0; i < k->content->topic_count; i++) {
		snprintf(key, sizeof key, "RIGHTS_%s",
		    k->content->topics[i].code);
		content_check_needed(k, key, "topics", 0);
	}
	for (i = 0; i < k->content->category_count; i++)
		content_check_needed(k,
		    k->content->categories[i].category.emergency_line,
		    "categories", 0);
}

/* The same words for two topics: which one would be sent? */
static void
content_check_topics(const struct content_checking *k)
{
	const struct keyword *a = k->content->keywords;
	const struct keyword *end = a + k->content->keyword_count, *b;

	for (; a < end; a++) {
		if (a->kind != KEYWORD_TOPIC)
			continue;
		for (b = a + 1; b < end && b->kind == KEYWORD_TOPIC; b++) {
			if (b->code != a->code && (a->langs & b->langs) != 0 &&
			    strcmp(a->pattern, b->pattern) == 0)
				content_report(k->sink, true, "keywords", 0,
				    "\"%s\" stands for the topics %s and %s; "
				    "remove one", a->pattern,
				    k->content->topics[a->code].code,
				    k->content->topics[b->code].code);
		}
	}
}

void
content_check(const json_t *pack, const char *today,
    void (*report)(void *, const struct content_finding *), void *arg)
{
	static const char *const spoken[] = { "replies", "categories",
		"topics", "forms", "form_fields" };
	struct content_sink sink = { report, arg };
	struct content *content = content_compile(pack, &sink);
	struct content_checking k = { .pack = pack, .today = today,
		.sink = &sink, .content = content };

	content_check_sections(&k);
	for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
		content_check_promises(&k, content_section_find(spoken[i]));
	if (content != NULL) {
		content_check_replies(&k);
		content_check_translations(&k);
		content_check_texts_needed(&k);
		content_check_topics(&k);
		content_check_forms(content, pack, today, &sink);
	}
	content_free(content);
}
