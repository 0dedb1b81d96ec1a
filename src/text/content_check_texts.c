/*
 * Reply texts, each by itself: fields, letters, segments when its fields are at
 * their longest, dates. Runs in glasctl. Texts are filled in by the code that
 * fills them in for citizens.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "text/answer_private.h"
#include "text/content_check_private.h"
#include "text/content_template.h"
#include "text/script.h"

/* The longest that fields can become in a language. */
struct content_worst {
	char			 place[PLACE_TEXT_MAX];
	char			 list[PLACE_TEXT_MAX];
	char			 number[24];
	struct answer_field	 fields[21];
};

static unsigned int
content_cost(const char *text, bool keep)
{
	struct buf sent = { 0 };
	unsigned int units;

	script_to_gsm7(&sent, text, strlen(text), keep);
	(void)segment_count(buf_str(&sent), NULL, &units);
	buf_clear(&sent);
	return (units);
}

static const char *
content_longer(const char *a, const char *b, enum lang lang)
{
	bool keep = answer_keeps_letters(lang);

	return (content_cost(b, keep) > content_cost(a, keep) ? b : a);
}

static const char *
content_longest_name(const struct content *c, enum lang lang)
{
	const char *longest = "";

	for (size_t i = 0; i < c->category_count; i++) {
		if (c->categories[i].category.named_in_reply)
			longest = content_longer(longest, content_name(c,
			    c->categories[i].category.code, lang), lang);
	}
	return (longest);
}

static const char *
content_longest_line(const struct content *c, enum lang lang)
{
	bool cyrillic = lang == LANG_SR_CYRL;
	const char *longest = "", *line;

	for (size_t i = 0; i < c->category_count; i++) {
		line = content_text(c,
		    c->categories[i].category.emergency_line, lang, cyrillic,
		    NULL);
		if (line != NULL)
			longest = content_longer(longest, line, lang);
	}
	return (longest);
}

static const char *
content_list(const struct content *c, enum lang lang)
{
	const char *list = content_text(c, "TOPICS", lang,
	    lang == LANG_SR_CYRL, NULL);

	return (list != NULL ? list : "");
}

/* A question of a form, or one of its examples. */
static const char *
content_longest_asked(const struct content *c, enum lang lang, bool example)
{
	const struct content_form_field *f;
	const char *longest = "";

	for (size_t i = 0; i < c->form_count; i++) {
		f = c->forms[i].fields;
		for (size_t n = 0; n < c->forms[i].field_count; n++, f++)
			longest = content_longer(longest, content_nearest(
			    example ? f->example : f->ask, lang, ""), lang);
	}
	return (longest);
}

static void
content_longest_places(const struct content_checking *k, enum lang lang,
    struct content_worst *w)
{
	char name[PLACE_TEXT_MAX];
	const json_t *e;
	size_t i;

	json_array_foreach(content_entries(k->pack, "places"), i, e) {
		const struct place p = {
			.municipality = content_text_of(e, "municipality"),
			.settlement = content_text_of(e, "settlement"),
			.cyrillic = content_text_of(e, "cyrillic"),
			.sq = content_text_of(e, "sq"),
			.bg = content_text_of(e, "bg"),
		};

		answer_place_name(&p, lang, name);
		if (content_longer(w->place, name, lang) == name)
			memcpy(w->place, name, sizeof name);
		snprintf(name, sizeof name, "%s", p.municipality);
		if (content_longer(w->list, name, lang) == name)
			memcpy(w->list, name, sizeof name);
	}
}

static void
content_worst_fill(const struct content *c, enum lang lang,
    struct content_worst *w)
{
	const struct answer_field fields[] = {
		{ "ASK", content_longest_asked(c, lang, false) },
		{ "CAT", content_longest_name(c, lang) },
		{ "CODE", "0000" },
		{ "DATE", "31.12.2026." },
		{ "EVENT", "Tribina o bezbednosti i poverenju" },
		{ "EXAMPLE", content_longest_asked(c, lang, true) },
		{ "HOURS", "168" },
		{ "LINE", content_longest_line(c, lang) },
		{ "LIST", w->list },
		{ "N", w->number },
		/* Left out where it would cost a segment. */
		{ "OFFER", "" },
		{ "OPTION", "novi most u selu" },
		{ "OPTIONS", "Sta prvo? 1 novi most u selu, 2 put do skole." },
		{ "ORG", "Odbor Vranje" },
		{ "PLACE", w->place },
		{ "POLL", "999" },
		{ "REF", "1048281" },
		{ "TOPICS", content_list(c, lang) },
		{ "VENUE", "Dom kulture" },
		{ "WORD", "PRIJAVA" },
		{ NULL, NULL },
	};

	_Static_assert(sizeof fields == sizeof w->fields, "all of them");
	memcpy(w->fields, fields, sizeof fields);
}

static void
content_worst_make(const struct content_checking *k, enum lang lang,
    struct content_worst *w)
{
	long number = CONTENT_FIELDS_OF_FORM_MAX;

	memset(w, 0, sizeof *w);
	content_longest_places(k, lang, w);
	for (size_t i = 0; i < k->content->topic_count; i++) {
		if (k->content->topics[i].number > number)
			number = k->content->topics[i].number;
	}
	snprintf(w->number, sizeof w->number, "%ld", number);
	content_worst_fill(k->content, lang, w);
}

/* What a person cannot do without: their number, the code to send back. */
static void
content_check_needed(const struct content_checking *k, const char *key,
    const char *text, size_t number)
{
	const struct content_template *t = content_template_find(key);
	const char *s = t != NULL ? t->fields : "";
	char field[32];
	size_t n;

	for (; *s != '\0'; s += n + (s[n] == ' ')) {
		n = strcspn(s, " ");
		if (s[n - 1] != '!')
			continue;
		snprintf(field, sizeof field, "{%.*s}", (int)n - 1, s);
		if (strstr(text, field) == NULL)
			content_report(k->sink, true, "replies", number,
			    "%s lacks %s, without which it is of no use; "
			    "write where it goes", key, field);
	}
}

static void
content_check_closed(const struct content_checking *k, const char *key,
    const char *text, size_t number)
{
	bool open = false;

	for (; *text != '\0'; text++) {
		if (*text == '}' && !open)
			content_report(k->sink, true, "replies", number,
			    "%s has a '}' without its '{'; open it", key);
		open = *text == '{' || (open && *text != '}');
	}
}

static void
content_check_fields(const struct content_checking *k, const char *key,
    const char *text, size_t number)
{
	const struct content_template *t = content_template_find(key);
	const char *end;

	while ((text = strchr(text, '{')) != NULL) {
		end = strchrnul(text, '}');
		if (*end == '\0')
			content_report(k->sink, true, "replies", number,
			    "%s has a '{' without its '}'; close it", key);
		else if (!content_template_takes(key, text + 1,
		    (size_t)(end - text - 1)))
			content_report(k->sink, true, "replies", number,
			    "%s never gets %.*s}; it may have (with ! it "
			    "must): %s", key,
			    (int)(end - text), text,
			    t != NULL && *t->fields != '\0' ? t->fields :
			    "no field");
		text = end;
	}
}

static void
content_check_segments(const struct content_checking *k,
    const struct content_worst *w, const char *key, const char *text,
    enum lang lang, size_t number)
{
	const struct content_template *t = content_template_find(key);
	char *sent = answer_fill(key, text, w->fields,
	    answer_keeps_letters(lang));
	unsigned int segments, units, allowed;
	enum encoding encoding;

	segments = segment_count(sent, &encoding, &units);
	allowed = encoding == ENCODING_GSM7 ? t->narrow : t->wide;
	if (segments > allowed)
		content_report(k->sink, true, "replies", number,
		    "%s in %s takes up to %u segments (%u characters, %s), "
		    "%u %s allowed; shorten it", key, lang_name(lang),
		    segments, units, encoding_name(encoding), allowed,
		    allowed == 1 ? "is" : "are");
	free(sent);
}

/* Appends a letter that is not there yet. */
static void
content_add_letter(struct buf *list, const char *letter, size_t len)
{
	if (list->len > 0 && memmem(list->data, list->len, letter, len) != NULL)
		return;
	buf_add(list, letter, len);
}

/* Letters that stripping cannot save, and those that cost two. Braces are those
 * of fields. */
static void
content_check_letters(const struct content_checking *k, const char *key,
    const char *text, size_t number)
{
	const char *s = text, *end = text + strlen(text), *before, *first;
	struct buf sent = { 0 }, lost = { 0 }, costly = { 0 };

	while (s < end) {
		before = s;
		(void)utf8_next(&s, end);
		buf_reset(&sent);
		script_to_gsm7(&sent, before, (size_t)(s - before), false);
		first = buf_str(&sent);
		if (strcmp(first, "?") == 0 && *before != '?')
			content_add_letter(&lost, before,
			    (size_t)(s - before));
		else if (sent.len > 0 && strchr("{}", *before) == NULL &&
		    alphabet_septets(utf8_next(&first, first + sent.len)) == 2)
			content_add_letter(&costly, before,
			    (size_t)(s - before));
	}
	if (lost.len > 0)
		content_report(k->sink, true, "replies", number,
		    "%s: %s would be sent as '?'; write something else", key,
		    buf_str(&lost));
	if (costly.len > 0)
		content_report(k->sink, false, "replies", number,
		    "%s: each of %s costs two characters; write something "
		    "else", key, buf_str(&costly));
	buf_clear(&sent);
	buf_clear(&lost);
	buf_clear(&costly);
}

/* A few letters beyond GSM-7 in a text without Cyrillic: a slip that doubles
 * its price. */
static void
content_check_slips(const struct content_checking *k, const char *key,
    const char *text, size_t number)
{
	struct buf sent = { 0 }, letters = { 0 };
	const char *s, *end, *before;
	bool cyrillic = false;
	uint32_t c;

	script_to_gsm7(&sent, text, strlen(text), true);
	s = buf_str(&sent);
	for (end = s + sent.len; s < end;) {
		before = s;
		c = utf8_next(&s, end);
		cyrillic |= c >= 0x400 && c < 0x530;
		if (alphabet_septets(c) == 0)
			content_add_letter(&letters, before,
			    (size_t)(s - before));
	}
	if (!cyrillic && letters.len > 0)
		content_report(k->sink, false, "replies", number,
		    "%s: %s double the price of a text that has no Cyrillic "
		    "letter; write it without them", key, buf_str(&letters));
	buf_clear(&sent);
	buf_clear(&letters);
}

static bool
content_is_date(const char *s)
{
	int64_t noon;

	return (strlen(s) == 10 && content_check_noon(s, &noon) == 0);
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
		    "a date is not a day written as 2026-11-23; correct it");
	else if (*until == '\0' && strncmp(content_text_of(entry, "key"),
	    "RIGHTS_", strlen("RIGHTS_")) == 0)
		content_report(k->sink, false, "replies", number,
		    "does not say until when it is valid; set valid_until, "
		    "laws change");
	else if (*until != '\0' && strcmp(until, k->today) < 0)
		content_report(k->sink, false, "replies", number,
		    "was valid until %s; have it checked", until);
}

static void
content_check_text(const struct content_checking *k,
    const struct content_worst *w, const json_t *entry, enum lang lang,
    size_t number)
{
	const char *key = content_text_of(entry, "key");
	const char *text = content_text_of(entry, "text");
	const struct content_template *t = content_template_find(key);

	if (text[strspn(text, " \t\r\n")] == '\0')
		content_report(k->sink, true, "replies", number,
		    "%s is empty; write it", key);
	content_check_fields(k, key, text, number);
	content_check_closed(k, key, text, number);
	content_check_needed(k, key, text, number);
	content_check_dates(k, entry, number);
	if (t == NULL || t->narrow == 0)
		return;
	content_check_segments(k, w, key, text, lang, number);
	if (answer_keeps_letters(lang))
		content_check_slips(k, key, text, number);
	else
		content_check_letters(k, key, text, number);
}

void
content_check_texts(const struct content_checking *k)
{
	struct content_worst *worst = xcalloc(LANG_COUNT, sizeof *worst);
	const json_t *entry;
	enum lang lang;
	size_t i;

	for (size_t n = 0; content_spoken[n] != LANG_UND; n++)
		content_worst_make(k, content_spoken[n],
		    &worst[content_spoken[n]]);
	json_array_foreach(content_entries(k->pack, "replies"), i, entry) {
		lang = lang_find(content_text_of(entry, "lang"));
		/* Another one is an error already. */
		if (lang < LANG_COUNT && worst[lang].fields[0].name != NULL)
			content_check_text(k, &worst[lang], entry, lang,
			    i + 1);
	}
	free(worst);
}
