/*
 * From a content pack to tables. Runs in glasd at start and when the content
 * changes, and in glasctl. An entry that cannot be used is reported and left
 * out: a word less is better than no gateway. Without the texts that must never
 * be missing the pack is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/content_private.h"
#include "text/echo.h"

#define CONTENT_STRINGS 16384	/* octets taken at once */

const char *
content_keep(struct content *c, const char *s)
{
	size_t len = strlen(s) + 1, room = CONTENT_STRINGS;
	char *p;

	if (len > c->left) {
		if (len > room)
			room = len;
		if (c->string_count == c->string_room) {
			c->string_room += 16;
			c->strings = xreallocarray(c->strings, c->string_room,
			    sizeof *c->strings);
		}
		c->strings[c->string_count++] = xmalloc(room);
		c->left = room;
	}
	/* The newest block is filled from its end. */
	c->left -= len;
	p = c->strings[c->string_count - 1] + c->left;
	memcpy(p, s, len);
	return (p);
}

int
content_find_category(const struct content *c, const char *code)
{
	for (size_t i = 0; i < c->category_count; i++) {
		if (strcmp(c->categories[i].category.code, code) == 0)
			return ((int)i);
	}
	return (CONTENT_NONE);
}

int
content_find_topic(const struct content *c, const char *code)
{
	for (size_t i = 0; i < c->topic_count; i++) {
		if (strcmp(c->topics[i].code, code) == 0)
			return ((int)i);
	}
	return (CONTENT_NONE);
}

int
content_topic_by_number(const struct content *c, long number)
{
	for (size_t i = 0; i < c->topic_count; i++) {
		if (c->topics[i].number == number)
			return ((int)i);
	}
	return (CONTENT_NONE);
}

static void
content_compile_topics(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	struct content_topic *t;
	json_t *e;
	size_t i;

	c->topics = xcalloc(json_array_size(entries), sizeof *c->topics);
	json_array_foreach(entries, i, e) {
		if (i == CONTENT_TOPICS_MAX) {
			content_report(sink, true, "topics", i + 1,
			    "there are at most %d topics",
			    CONTENT_TOPICS_MAX);
			break;
		}
		if (json_is_null(e))
			continue;
		t = &c->topics[c->topic_count++];
		t->code = content_keep(c, content_text_of(e, "code"));
		t->number = content_int_of(e, "number");
		content_names(c, e, "names", "topics", i + 1, t->name, sink);
	}
}

static enum emergency
content_emergency(const char *name, size_t number,
    const struct content_sink *sink)
{
	if (strcmp(name, "EMERG") == 0)
		return (EMERGENCY_EMERG);
	if (strcmp(name, "UXO") == 0)
		return (EMERGENCY_UXO);
	if (*name != '\0')
		content_report(sink, true, "categories", number,
		    "emergency \"%s\" is unknown; write EMERG, UXO or nothing",
		    name);
	return (EMERGENCY_NONE);
}

static void
content_compile_category(struct content *c, const json_t *e, size_t number,
    const struct content_sink *sink)
{
	struct content_category *cat = &c->categories[c->category_count++];
	const char *topic = content_text_of(e, "topic");

	cat->category = (struct category){
		.code = content_keep(c, content_text_of(e, "code")),
		.named_in_reply = content_bool_of(e, "named_in_reply"),
		.urgent = content_bool_of(e, "urgent"),
		.emergency = content_emergency(content_text_of(e, "emergency"),
		    number, sink),
		.emergency_on_cue = content_bool_of(e, "emergency_on_cue"),
		.emergency_line = content_keep(c,
		    content_text_of(e, "emergency_line")),
	};
	cat->group = content_int_of(e, "group");
	cat->body = content_keep(c, content_text_of(e, "body"));
	cat->topic = content_find_topic(c, topic);
	if (*topic != '\0' && cat->topic == CONTENT_NONE)
		content_report(sink, true, "categories", number,
		    "topic \"%s\" is not in topics.json", topic);
	content_names(c, e, "names", "categories", number, cat->name, sink);
}

int
content_actor(struct content *c, const char *code)
{
	for (size_t i = 0; i < c->actor_count; i++) {
		if (strcmp(c->actors[i], code) == 0)
			return ((int)i);
	}
	if (c->actor_count == CONTENT_ACTORS_MAX)
		return (CONTENT_NONE);
	c->actors[c->actor_count] = content_keep(c, code);
	return ((int)c->actor_count++);
}

/* Needs all categories: one becomes another where the actor says so. */
static void
content_compile_actors(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	struct content_category *cat = c->categories;
	const char *key;
	json_t *e, *value;
	size_t i;
	int actor, becomes;

	json_array_foreach(entries, i, e) {
		if (json_is_null(e))
			continue;
		if (cat == c->categories + c->category_count)
			break;
		for (size_t n = 0; n < CONTENT_ACTORS_MAX; n++)
			cat->by_actor[n] = CONTENT_NONE;
		json_object_foreach(json_object_get(e, "by_actor"), key,
		    value) {
			actor = content_actor(c, key);
			becomes = content_find_category(c,
			    json_string_value(value));
			if (actor == CONTENT_NONE || becomes == CONTENT_NONE)
				content_report(sink, true, "categories", i + 1,
				    "by_actor \"%s\" leads to no category; "
				    "write a code", key);
			else
				cat->by_actor[actor] = becomes;
		}
		cat++;
	}
}

static void
content_compile_categories(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	json_t *e;
	size_t i;

	c->categories = xcalloc(json_array_size(entries),
	    sizeof *c->categories);
	json_array_foreach(entries, i, e) {
		if (i == CONTENT_CATEGORIES_MAX) {
			content_report(sink, true, "categories", i + 1,
			    "there are at most %d categories",
			    CONTENT_CATEGORIES_MAX);
			break;
		}
		if (!json_is_null(e))
			content_compile_category(c, e, i + 1, sink);
	}
	content_compile_actors(c, entries, sink);
}

static const struct content_range {
	const char	*name;
	long		 fallback, min, max;
} content_settings[CONTENT_SETTINGS] = {
	[CONTENT_UNCLEAR_EVERY] = { "unclear-every", 86400, 3600,
	    31536000 },
	[CONTENT_EMERGENCY_EVERY] = { "emergency-every", 3600, 60,
	    86400 },
	[CONTENT_NAMED_FROM] = { "named-from", 60, 0, 100 },
	[CONTENT_DIALOG_WITHIN] = { "dialog-within", 21600, 60,
	    604800 },
	[CONTENT_FOLLOWUP_WITHIN] = { "followup-within", 3600, 0,
	    604800 },
	[CONTENT_SAME_WITHIN] = { "same-within", 86400, 0, 2592000 },
	[CONTENT_ASK_GROUP] = { "ask-group", 1, 0, 1 },
	[CONTENT_CATEGORY_FROM] = { "category-from", 25, 0, 100 },
	[CONTENT_COMMAND_FROM] = { "command-from", 80, 0, 100 },
	[CONTENT_DANGER_FROM] = { "danger-from", 18, 1, 100 },
};

static void
content_set(struct content *c, const char *name, long value, size_t line,
    const struct content_sink *sink)
{
	const struct content_range *s = content_settings;
	size_t n = 0;

	while (n < CONTENT_SETTINGS && strcmp(s[n].name, name) != 0)
		n++;
	if (n == CONTENT_SETTINGS)
		content_report(sink, true, "settings", line,
		    "no setting is called \"%s\"", name);
	else if (value < s[n].min || value > s[n].max)
		content_report(sink, true, "settings", line,
		    "%s is from %ld to %ld", name, s[n].min, s[n].max);
	else
		c->settings[n] = value;
}

static void
content_compile_settings(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	size_t i;
	json_t *e;

	for (i = 0; i < CONTENT_SETTINGS; i++)
		c->settings[i] = content_settings[i].fallback;
	json_array_foreach(entries, i, e) {
		if (!json_is_null(e))
			content_set(c, content_text_of(e, "name"),
			    content_int_of(e, "value"), i + 1, sink);
	}
}

static void
content_compile_weights(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	c->weights = weights_new(c, entries, sink);
}

static void
content_compile_places(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	(void)sink;
	c->places = places_new(entries);
}

static int
content_letter_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct content_letter *)a)->letter;
	uint32_t y = ((const struct content_letter *)b)->letter;

	return ((x > y) - (x < y));
}

static uint8_t
content_lang_bit(const json_t *entry)
{
	return ((uint8_t)(1u << lang_find(content_text_of(entry, "lang"))));
}

/* There is room for it. */
static struct content_letter *
content_letter_of(struct content *c, uint32_t letter)
{
	struct content_letter *l = c->letters;

	while (l < c->letters + c->letter_count && l->letter != letter)
		l++;
	if (l == c->letters + c->letter_count) {
		l->letter = letter;
		c->letter_count++;
	}
	return (l);
}

static void
content_compile_letters(struct content *c, json_t *entries)
{
	const char *s, *end;
	json_t *e;
	size_t i, room = 0;

	json_array_foreach(entries, i, e)
		room += strlen(content_text_of(e, "letters"));
	c->letters = xcalloc(room, sizeof *c->letters);
	json_array_foreach(entries, i, e) {
		s = content_text_of(e, "letters");
		for (end = s + strlen(s); s < end;)
			content_letter_of(c, utf8_next(&s, end))->langs |=
			    content_lang_bit(e);
	}
	qsort(c->letters, c->letter_count, sizeof *c->letters,
	    content_letter_compare);
}

/* Languages that are called wrong are taken out of the list. */
static void
content_check_languages(json_t *entries, const struct content_sink *sink)
{
	json_t *e;
	size_t i;

	json_array_foreach(entries, i, e) {
		if (!json_is_null(e) && content_language(
		    content_text_of(e, "lang"), true, "languages", i + 1,
		    sink) == LANG_COUNT)
			json_array_set_new(entries, i, json_null());
	}
}

/* Texts without which nobody must be let in. */
static bool
content_complete(const struct content *c, const struct content_sink *sink)
{
	static const char *const keys[] = { "EMERG", "UXO", "ACK_PLAIN",
		"LINE", "UNCLEAR", "HELP", "STOPOK", "STARTOK" };
	bool complete = true;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (content_text(c, keys[i], LANG_SR_LATN, false, NULL) ==
		    NULL) {
			content_report(sink, true, "replies", 0,
			    "there is no text %s; write one, without it nobody "
			    "can be answered", keys[i]);
			complete = false;
		}
	}
	return (complete);
}

/* The sound ones of a section, which the pack has no longer. */
static json_t *
content_take_entries(json_t *pack, const char *section,
    const struct content_sink *sink)
{
	json_t *entries = content_sound_entries(pack, section, sink);

	json_object_del(pack, section);
	return (entries);
}

static void
content_compile_words(struct content *c, json_t *pack,
    const struct content_sink *sink)
{
	struct content_words words = {
		.languages = content_take_entries(pack, "languages", sink),
		.keywords = content_take_entries(pack, "keywords", sink),
		.cues = content_take_entries(pack, "emergency", sink),
		.concepts = content_take_entries(pack, "concepts", sink),
	};

	content_check_languages(words.languages, sink);
	content_compile_letters(c, words.languages);
	content_compile_keywords(c, &words, sink);
}

/* Each needs those before it. */
static const struct {
	const char	*section;
	void		(*compile)(struct content *, json_t *,
			    const struct content_sink *);
} content_parts[] = {
	{ "topics", content_compile_topics },
	{ "categories", content_compile_categories },
	{ "replies", content_compile_replies },
	{ "settings", content_compile_settings },
	{ "places", content_compile_places },
	{ "forms", content_compile_forms },
	{ "form_fields", content_compile_form_fields },
	{ "weights", content_compile_weights },
};

struct content *
content_compile(json_t *pack, const struct content_sink *sink)
{
	struct content *c = xcalloc(1, sizeof *c);
	json_t *entries;

	for (size_t i = 0; i < sizeof content_parts / sizeof *content_parts;
	    i++) {
		entries = content_take_entries(pack,
		    content_parts[i].section, sink);
		content_parts[i].compile(c, entries, sink);
		json_decref(entries);
	}
	content_compile_words(c, pack, sink);
	content_compile_live(c, pack);
	json_decref(pack);
	c->echo = echo_new(c);
	if (content_complete(c, sink))
		return (c);
	content_free(c);
	return (NULL);
}

static void
content_print(void *arg, const struct content_finding *f)
{
	struct buf *problems = arg;

	if (f->section != NULL)
		buf_printf(problems, "%s.json: ", f->section);
	if (f->entry != 0)
		buf_printf(problems, "entry %zu: ", f->entry);
	buf_printf(problems, "%s\n", f->what);
}

struct content *
content_new(json_t *pack, struct buf *problems)
{
	struct content_sink sink = { content_print, problems };

	return (pack != NULL ? content_compile(pack, &sink) : NULL);
}

void
content_free(struct content *c)
{
	if (c == NULL)
		return;
	lexicon_free(c->lexicon);
	places_free(c->places);
	weights_free(c->weights);
	echo_free(c->echo);
	mask_clear(&c->open);
	free(c->keywords);
	free(c->pairs);
	free(c->categories);
	free(c->topics);
	free(c->replies);
	free(c->letters);
	free(c->polls);
	free(c->events);
	content_free_live(c);
	content_free_forms(c);
	for (size_t i = 0; i < c->string_count; i++)
		free(c->strings[i]);
	free(c->strings);
	free(c);
}

const struct category *
content_category(const struct content *c, const char *code)
{
	int i = content_find_category(c, code);

	return (i != CONTENT_NONE ? &c->categories[i].category : NULL);
}

const char *
content_code(const struct content *c, bool category, const char *code)
{
	int i = category ? content_find_category(c, code) :
	    content_find_topic(c, code);

	if (i == CONTENT_NONE)
		return (NULL);
	return (category ? c->categories[i].category.code :
	    c->topics[i].code);
}
