/*
 * Whether all that people are told, and asked, stands in each language that
 * they are written to in. Runs in glasctl. What a language lacks would reach
 * its speakers in another one.
 */
#include <string.h>

#include "lib/mem.h"
#include "text/content_check_private.h"
#include "text/content_template.h"

static void
spoken_check_languages(const struct content_checking *k)
{
	const json_t *e;
	size_t i;

	for (const enum lang *l = content_spoken; *l != LANG_UND; l++) {
		bool there = false;

		json_array_foreach(content_entries(k->pack, "languages"), i, e)
			there |= strcmp(content_text_of(e, "lang"),
			    lang_name(*l)) == 0;
		if (!there)
			content_report(k->sink, true, "languages", 0,
			    "%s is missing: nobody who writes it is "
			    "recognised; write its letters and small words",
			    lang_name(*l));
	}
}

/* Texts by language, in one field of an entry. */
static void
spoken_check_field(const struct content_checking *k, const char *section,
    size_t number, const json_t *entry, const char *field)
{
	const json_t *texts = json_object_get(entry, field);
	const char *name = content_text_of(entry, "code");
	struct buf missing = { 0 };

	for (const enum lang *l = content_spoken; *l != LANG_UND; l++) {
		if (*content_text_of(texts, lang_name(*l)) == '\0')
			content_list_lang(&missing, *l);
	}
	if (*name == '\0')
		name = content_text_of(entry, "field");
	if (missing.len > 0)
		content_report(k->sink, true, section, number,
		    "%s has no %s in %s; write it", name,
		    strcmp(field, "names") == 0 ? "name" : field,
		    buf_str(&missing));
	buf_clear(&missing);
}

static void
spoken_check_section(const struct content_checking *k, const char *section,
    const char *field)
{
	const json_t *e;
	size_t i;

	json_array_foreach(content_entries(k->pack, section), i, e)
		spoken_check_field(k, section, i + 1, e, field);
}

static void
spoken_check_reply(const struct content_checking *k, const char *key,
    size_t number)
{
	const struct content_template *t = content_template_find(key);
	struct buf missing = { 0 };

	if (t == NULL || t->only != LANG_UND)
		return;
	for (const enum lang *l = content_spoken; *l != LANG_UND; l++) {
		if (content_text_unreviewed(k->content, key, *l) == NULL)
			content_list_lang(&missing, *l);
	}
	if (missing.len > 0)
		content_report(k->sink, true, "replies", number,
		    "%s is missing in %s; write it, with reviewer \"none\" "
		    "until a speaker has read it", key, buf_str(&missing));
	buf_clear(&missing);
}

void
content_check_spoken(const struct content_checking *k)
{
	spoken_check_languages(k);
	spoken_check_section(k, "categories", "names");
	spoken_check_section(k, "topics", "names");
	spoken_check_section(k, "forms", "names");
	spoken_check_section(k, "form_fields", "ask");
	spoken_check_section(k, "form_fields", "example");
	content_each_key(k, spoken_check_reply);
}
