/*
 * What a pack says in several languages: names and reply texts, and which
 * language stands in where one says nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "text/content_private.h"

enum lang
content_language(const char *name, bool error, const char *section,
    size_t number, const struct content_sink *sink)
{
	enum lang lang = lang_find(name);

	if (lang != LANG_COUNT && lang != LANG_UND && lang != LANG_MIX)
		return (lang);
	content_report(sink, error, section, number,
	    "no language is called \"%s\"; sr-Latn, sr-Cyrl, sq, rom, bg and "
	    "en are", name);
	return (LANG_COUNT);
}

void
content_names(struct content *c, const json_t *entry, const char *field,
    const char *section, size_t number, const char *names[LANG_COUNT],
    const struct content_sink *sink)
{
	const char *key;
	json_t *value;
	enum lang lang;

	json_object_foreach(json_object_get(entry, field), key, value) {
		lang = content_language(key, false, section, number, sink);
		if (lang != LANG_COUNT)
			names[lang] = content_keep(c,
			    json_string_value(value));
	}
}

/* Where a text is looked for when a language has none, one after the other;
 * each row ends with LANG_UND. */
static const enum lang *
content_chain(enum lang lang, bool cyrillic)
{
	static const enum lang latin[] = { LANG_SR_LATN, LANG_SR_CYRL,
		LANG_UND };
	static const enum lang cyril[] = { LANG_SR_CYRL, LANG_SR_LATN,
		LANG_UND };
	static const enum lang sq[] = { LANG_SQ, LANG_SR_LATN, LANG_SR_CYRL,
		LANG_UND };
	static const enum lang rom[] = { LANG_ROM, LANG_SR_LATN, LANG_SR_CYRL,
		LANG_UND };
	static const enum lang rom_cyril[] = { LANG_ROM, LANG_SR_CYRL,
		LANG_SR_LATN, LANG_UND };
	static const enum lang bg[] = { LANG_BG, LANG_SR_CYRL, LANG_SR_LATN,
		LANG_UND };
	static const enum lang en[] = { LANG_EN, LANG_SR_LATN, LANG_SR_CYRL,
		LANG_UND };

	switch (lang) {
	case LANG_SQ:
		return (sq);
	case LANG_ROM:
		return (cyrillic ? rom_cyril : rom);
	case LANG_BG:
		return (bg);
	case LANG_EN:
		return (en);
	case LANG_UND:
	case LANG_SR_LATN:
	case LANG_SR_CYRL:
	case LANG_MIX:
	case LANG_COUNT:
		break;
	}
	return (cyrillic ? cyril : latin);
}

const char *
content_nearest(const char *const by_lang[LANG_COUNT], enum lang lang,
    const char *otherwise)
{
	const enum lang *l = content_chain(lang, lang == LANG_SR_CYRL);

	for (; *l != LANG_UND; l++) {
		if (by_lang[*l] != NULL)
			return (by_lang[*l]);
	}
	return (otherwise);
}

const char *
content_topic_name(const struct content_topic *t, enum lang lang)
{
	return (content_nearest(t->name, lang, t->code));
}

const char *
content_name(const struct content *c, const char *code, enum lang lang)
{
	int category = content_find_category(c, code);
	int topic = content_find_topic(c, code);

	if (category != CONTENT_NONE)
		return (content_nearest(c->categories[category].name, lang,
		    code));
	return (topic != CONTENT_NONE ?
	    content_topic_name(&c->topics[topic], lang) : code);
}

static int
content_reply_compare(const void *a, const void *b)
{
	return (strcmp(((const struct content_reply *)a)->key,
	    ((const struct content_reply *)b)->key));
}

static struct content_reply *
content_reply_for(struct content *c, const char *key)
{
	for (size_t i = c->reply_count; i-- > 0;) {
		if (strcmp(c->replies[i].key, key) == 0)
			return (&c->replies[i]);
	}
	c->replies[c->reply_count] = (struct content_reply){
		.key = content_keep(c, key) };
	return (&c->replies[c->reply_count++]);
}

/* The end of a day as "2026-11-23" says it; 0 when it says none. */
static int64_t
content_last_moment(const char *day)
{
	char stamp[32];
	int64_t at;
	int offset;

	snprintf(stamp, sizeof stamp, "%.10sT23:59:59Z", day);
	return (*day != '\0' && clock_parse(stamp, &at, &offset) == 0 ? at :
	    0);
}

static void
content_find_open(struct content *c)
{
	struct buf masked = { 0 };

	for (size_t i = 0; i < c->reply_count; i++) {
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			const char *text = c->replies[i].text[lang];

			if (text != NULL)
				mask_text(&masked, text, strlen(text),
				    &c->open);
			buf_reset(&masked);
		}
	}
	buf_clear(&masked);
}

const struct mask *
content_open_numbers(const struct content *c)
{
	return (&c->open);
}

void
content_compile_replies(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	struct content_reply *r;
	enum lang lang;
	json_t *e;
	size_t i;

	c->replies = xcalloc(json_array_size(entries), sizeof *c->replies);
	json_array_foreach(entries, i, e) {
		if (json_is_null(e))
			continue;
		lang = content_language(content_text_of(e, "lang"), true,
		    "replies", i + 1, sink);
		if (lang == LANG_COUNT)
			continue;
		r = content_reply_for(c, content_text_of(e, "key"));
		r->text[lang] = content_keep(c, content_text_of(e, "text"));
		r->reviewed[lang] = strcmp(content_text_of(e, "reviewer"),
		    "none") != 0;
		r->valid_until[lang] = content_last_moment(
		    content_text_of(e, "valid_until"));
	}
	qsort(c->replies, c->reply_count, sizeof *c->replies,
	    content_reply_compare);
	content_find_open(c);
}

static const struct content_reply *
content_reply(const struct content *c, const char *key)
{
	const struct content_reply wanted = { .key = key };

	if (c->reply_count == 0)
		return (NULL);
	return (bsearch(&wanted, c->replies, c->reply_count,
	    sizeof *c->replies, content_reply_compare));
}

const char *
content_text_unreviewed(const struct content *c, const char *key,
    enum lang lang)
{
	const struct content_reply *r = content_reply(c, key);

	return (r != NULL ? r->text[lang] : NULL);
}

const char *
content_text(const struct content *c, const char *key, enum lang lang,
    bool cyrillic, enum lang *used)
{
	const struct content_reply *r = content_reply(c, key);
	const enum lang *l = content_chain(lang, cyrillic);

	for (; r != NULL && *l != LANG_UND; l++) {
		if (r->text[*l] == NULL ||
		    (*l == LANG_ROM && !r->reviewed[*l]))
			continue;
		if (used != NULL)
			*used = *l;
		return (r->text[*l]);
	}
	return (NULL);
}

bool
content_text_expired(const struct content *c, const char *key, enum lang lang,
    bool cyrillic, int64_t now)
{
	const struct content_reply *r = content_reply(c, key);
	enum lang used;

	return (content_text(c, key, lang, cyrillic, &used) != NULL &&
	    r->valid_until[used] != 0 && r->valid_until[used] < now);
}
