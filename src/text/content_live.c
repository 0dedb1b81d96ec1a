/*
 * What is going on now: polls, events and lists. They come from the database
 * beside the pack and are in no file; a content without them has none. Runs
 * when a content is compiled.
 */
#include <stdlib.h>
#include <string.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/fold.h"

/* Those in other languages than the person's: Serbian, then any. */
static const char *
content_live_title(const char *const title[LANG_COUNT], enum lang lang)
{
	enum lang wanted[] = { lang, LANG_SR_LATN, LANG_SR_CYRL };

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (title[wanted[i]] != NULL)
			return (title[wanted[i]]);
	}
	for (lang = 0; lang < LANG_COUNT; lang++) {
		if (title[lang] != NULL)
			return (title[lang]);
	}
	return ("");
}

const char *
content_poll_title(const struct content_poll *p, enum lang lang)
{
	return (content_live_title(p->title, lang));
}

const char *
content_event_title(const struct content_event *e, enum lang lang)
{
	return (content_live_title(e->title, lang));
}

static void
content_live_names(struct content *c, const json_t *entry,
    const char *title[LANG_COUNT])
{
	const char *key;
	json_t *value;
	enum lang lang;

	json_object_foreach(json_object_get(entry, "title"), key, value) {
		lang = lang_find(key);
		if (lang != LANG_COUNT && json_is_string(value))
			title[lang] = content_keep(c,
			    json_string_value(value));
	}
}

static void
content_live_poll(struct content *c, const json_t *entry)
{
	struct content_poll *p = &c->polls[c->poll_count++];
	const json_t *option;
	size_t i;

	p->number = content_int_of(entry, "number");
	p->yes_no = content_bool_of(entry, "yes_no");
	p->closes_at = content_int_of(entry, "closes_at");
	content_live_names(c, entry, p->title);
	json_array_foreach(json_object_get(entry, "options"), i, option) {
		if (p->option_count < CONTENT_OPTIONS_MAX &&
		    json_is_string(option))
			p->options[p->option_count++] = content_keep(c,
			    json_string_value(option));
	}
}

static void
content_live_event(struct content *c, const json_t *entry)
{
	struct content_event *e = &c->events[c->event_count++];

	e->number = content_int_of(entry, "number");
	e->starts_at = content_int_of(entry, "starts_at");
	e->venue = content_keep(c, content_text_of(entry, "venue"));
	content_live_names(c, entry, e->title);
}

static void
content_live_word(struct content *c, struct content_list *l, const char *word)
{
	struct folded f;

	fold_make(&f, word, strlen(word));
	if (f.len != 0)
		l->words[l->word_count++] = content_keep(c, f.text);
	fold_clear(&f);
}

static void
content_live_list(struct content *c, const json_t *entry)
{
	struct content_list *l = &c->lists[c->list_count++];
	const json_t *words = json_object_get(entry, "words"), *word;
	size_t i;

	l->code = content_keep(c, content_text_of(entry, "code"));
	l->words = xcalloc(json_array_size(words) + 1, sizeof *l->words);
	content_live_word(c, l, l->code);
	json_array_foreach(words, i, word) {
		if (json_is_string(word))
			content_live_word(c, l, json_string_value(word));
	}
}

const char *
content_list_by_word(const struct content *c, const char *word, size_t len)
{
	for (size_t i = 0; i < c->list_count; i++) {
		const struct content_list *l = &c->lists[i];

		for (size_t n = 0; n < l->word_count; n++) {
			if (strlen(l->words[n]) == len &&
			    memcmp(l->words[n], word, len) == 0)
				return (l->code);
		}
	}
	return (NULL);
}

void
content_free_live(struct content *c)
{
	for (size_t i = 0; i < c->list_count; i++)
		free(c->lists[i].words);
	free(c->lists);
}

void
content_compile_live(struct content *c, const json_t *pack)
{
	const json_t *live = json_object_get(pack, "live");
	const json_t *polls = json_object_get(live, "polls");
	const json_t *events = json_object_get(live, "events");
	const json_t *lists = json_object_get(live, "lists");
	const json_t *entry;
	size_t i;

	c->polls = xcalloc(json_array_size(polls), sizeof *c->polls);
	json_array_foreach(polls, i, entry)
		content_live_poll(c, entry);
	c->events = xcalloc(json_array_size(events), sizeof *c->events);
	json_array_foreach(events, i, entry)
		content_live_event(c, entry);
	c->lists = xcalloc(json_array_size(lists), sizeof *c->lists);
	json_array_foreach(lists, i, entry)
		content_live_list(c, entry);
}
