/*
 * The entries of a pack's sections, each looked at field by field before
 * anybody uses it, and the findings about them.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "text/content_private.h"

void
content_report(const struct content_sink *sink, bool error,
    const char *section, size_t entry, const char *fmt, ...)
{
	struct content_finding finding = { .error = error, .section = section,
		.entry = entry };
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	finding.what = what;
	sink->report(sink->arg, &finding);
	free(what);
}

static const char *
content_type_name(enum content_type type)
{
	switch (type) {
	case CONTENT_TEXT:
		return ("a text");
	case CONTENT_BOOL:
		return ("true or false");
	case CONTENT_INT:
		return ("a number");
	case CONTENT_LIST:
	case CONTENT_LINES:
		return ("a list of texts");
	case CONTENT_NAMES:
		return ("an object of texts");
	}
	return ("");
}

static bool
content_is_type(const json_t *value, enum content_type type)
{
	const char *key;
	json_t *item;
	size_t i;

	switch (type) {
	case CONTENT_TEXT:
		return (json_is_string(value));
	case CONTENT_BOOL:
		return (json_is_boolean(value));
	case CONTENT_INT:
		return (json_is_integer(value));
	case CONTENT_LIST:
	case CONTENT_LINES:
		json_array_foreach(value, i, item) {
			if (!json_is_string(item))
				return (false);
		}
		return (json_is_array(value));
	case CONTENT_NAMES:
		json_object_foreach((json_t *)value, key, item) {
			if (!json_is_string(item))
				return (false);
		}
		return (json_is_object(value));
	}
	return (false);
}

static bool
content_entry_sound(const struct content_section *section, const json_t *entry,
    size_t number, const struct content_sink *sink)
{
	const struct content_field *f;
	bool sound = json_is_object(entry);

	if (!sound)
		content_report(sink, true, section->name, number,
		    "not an object; write {\"%s\": ...}",
		    section->fields[0].name);
	for (f = section->fields; sound && f->name != NULL; f++) {
		const json_t *value = json_object_get(entry, f->name);

		if (value == NULL ? f->required :
		    !content_is_type(value, f->type)) {
			content_report(sink, true, section->name, number,
			    "\"%s\" is missing or is not %s; write it so", f->name,
			    content_type_name(f->type));
			sound = false;
		} else if (f->required && f->type == CONTENT_TEXT &&
		    *content_text_of(entry, f->name) == '\0') {
			content_report(sink, true, section->name, number,
			    "\"%s\" is empty; fill it in", f->name);
			sound = false;
		}
	}
	return (sound);
}

json_t *
content_sound_entries(const json_t *pack, const char *name,
    const struct content_sink *sink)
{
	const struct content_section *section = content_section_find(name);
	const json_t *list, *entry;
	json_t *sound = json_array();
	size_t i;

	list = json_object_get(json_object_get(pack, name), "entries");
	if (!json_is_array(list) && !section->optional)
		content_report(sink, true, name, 0,
		    "has no list \"entries\"; put it there, even empty");
	json_array_foreach(list, i, entry) {
		if (content_entry_sound(section, entry, i + 1, sink))
			json_array_append(sound, (json_t *)entry);
		else
			json_array_append_new(sound, json_null());
	}
	return (sound);
}
