/*
 * The sections of a content pack and their fields, declared once: what is read,
 * checked and written follows these tables. Runs in glasd and glasctl.
 */
#include <string.h>

#include "text/content_section.h"

static const struct content_section content_sections[] = {
	{ "categories", false, {
		{ "code", CONTENT_TEXT, true, true },
		{ "group", CONTENT_INT, true, false },
		{ "named_in_reply", CONTENT_BOOL, true, false },
		{ "urgent", CONTENT_BOOL, true, false },
		{ "emergency", CONTENT_TEXT, false, false },
		{ "emergency_on_cue", CONTENT_BOOL, true, false },
		{ "emergency_line", CONTENT_TEXT, true, false },
		{ "topic", CONTENT_TEXT, false, false },
		{ "body", CONTENT_TEXT, false, false },
		{ "by_actor", CONTENT_NAMES, false, false },
		{ "names", CONTENT_NAMES, true, false },
	} },
	{ "concepts", true, {
		{ "concept", CONTENT_TEXT, true, true },
		{ "lang", CONTENT_TEXT, true, true },
		{ "words", CONTENT_LIST, true, false },
	} },
	{ "emergency", false, {
		{ "cue", CONTENT_TEXT, true, true },
		{ "lang", CONTENT_TEXT, true, true },
		{ "pattern", CONTENT_TEXT, true, true },
	} },
	{ "form_fields", false, {
		{ "form", CONTENT_TEXT, true, true },
		{ "field", CONTENT_TEXT, true, true },
		{ "position", CONTENT_INT, true, false },
		{ "type", CONTENT_TEXT, true, false },
		{ "required", CONTENT_BOOL, true, false },
		{ "labels", CONTENT_NAMES, false, false },
		{ "choices", CONTENT_NAMES, false, false },
		{ "min", CONTENT_INT, false, false },
		{ "max", CONTENT_INT, false, false },
		{ "ask", CONTENT_NAMES, true, false },
		{ "example", CONTENT_NAMES, true, false },
	} },
	{ "forms", false, {
		{ "code", CONTENT_TEXT, true, true },
		{ "names", CONTENT_NAMES, true, false },
		{ "thanks", CONTENT_TEXT, false, false },
	} },
	{ "keywords", false, {
		{ "kind", CONTENT_TEXT, true, true },
		{ "code", CONTENT_TEXT, true, true },
		{ "lang", CONTENT_TEXT, true, true },
		{ "pattern", CONTENT_TEXT, true, true },
		{ "weight", CONTENT_INT, false, false },
	} },
	{ "languages", false, {
		{ "lang", CONTENT_TEXT, true, true },
		{ "name", CONTENT_TEXT, true, false },
		{ "letters", CONTENT_TEXT, false, false },
		{ "words", CONTENT_LIST, true, false },
	} },
	{ "places", false, {
		{ "municipality", CONTENT_TEXT, true, true },
		{ "settlement", CONTENT_TEXT, false, true },
		{ "kind", CONTENT_TEXT, true, false },
		{ "cyrillic", CONTENT_TEXT, false, false },
		{ "sq", CONTENT_TEXT, false, false },
		{ "sq_verified", CONTENT_BOOL, false, false },
		{ "bg", CONTENT_TEXT, false, false },
		{ "aliases", CONTENT_LIST, false, false },
		{ "common_word", CONTENT_BOOL, false, false },
		{ "code", CONTENT_TEXT, false, false },
		{ "postcode", CONTENT_TEXT, false, false },
		{ "lat", CONTENT_TEXT, false, false },
		{ "lon", CONTENT_TEXT, false, false },
		{ "source", CONTENT_TEXT, true, false },
		{ "note", CONTENT_TEXT, false, false },
	} },
	{ "replies", false, {
		{ "key", CONTENT_TEXT, true, true },
		{ "lang", CONTENT_TEXT, true, true },
		{ "text", CONTENT_TEXT, true, false },
		{ "source", CONTENT_TEXT, true, false },
		{ "reviewer", CONTENT_TEXT, true, false },
		{ "last_checked", CONTENT_TEXT, true, false },
		{ "valid_until", CONTENT_TEXT, false, false },
	} },
	{ "settings", false, {
		{ "name", CONTENT_TEXT, true, true },
		{ "value", CONTENT_INT, true, false },
		{ "help", CONTENT_TEXT, true, false },
	} },
	{ "topics", false, {
		{ "code", CONTENT_TEXT, true, true },
		{ "number", CONTENT_INT, true, false },
		{ "names", CONTENT_NAMES, true, false },
	} },
	{ "weights", true, {
		{ "class", CONTENT_TEXT, true, true },
		{ "bias", CONTENT_INT, true, false },
		{ "features", CONTENT_LINES, true, false },
	} },
};

#define CONTENT_SECTIONS (sizeof content_sections / sizeof *content_sections)

const struct content_section *
content_section_at(size_t index)
{
	return (index < CONTENT_SECTIONS ? &content_sections[index] : NULL);
}

const struct content_section *
content_section_find(const char *name)
{
	for (size_t i = 0; i < CONTENT_SECTIONS; i++) {
		if (strcmp(content_sections[i].name, name) == 0)
			return (&content_sections[i]);
	}
	return (NULL);
}

const char *
content_text_of(const json_t *entry, const char *field)
{
	const char *s = json_string_value(json_object_get(entry, field));

	return (s != NULL ? s : "");
}

bool
content_bool_of(const json_t *entry, const char *field)
{
	return (json_is_true(json_object_get(entry, field)));
}

long
content_int_of(const json_t *entry, const char *field)
{
	return ((long)json_integer_value(json_object_get(entry, field)));
}

int
content_section_compare(const struct content_section *section,
    const json_t *a, const json_t *b)
{
	const struct content_field *f;
	int diff = 0;

	for (f = section->fields; f->name != NULL && diff == 0; f++) {
		if (f->key)
			diff = strcmp(content_text_of(a, f->name),
			    content_text_of(b, f->name));
	}
	return (diff);
}
