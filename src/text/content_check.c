/*
 * What a person should know about a content pack before it is used: here its
 * shape and what it promises. Runs in glasctl content check and before an
 * import; changes nothing. Errors are what would mislead citizens or readers,
 * warnings what waits for somebody's work. Menus that lead in a circle cannot
 * be written: a list leads to texts, and a text to nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "text/content_check_private.h"

const enum lang content_spoken[] = { LANG_SR_LATN, LANG_SR_CYRL, LANG_SQ,
	LANG_ROM, LANG_BG, LANG_EN, LANG_UND };

json_t *
content_entries(const json_t *pack, const char *section)
{
	return (json_object_get(json_object_get(pack, section), "entries"));
}

void
content_each_key(const struct content_checking *k,
    void (*check)(const struct content_checking *, const char *, size_t))
{
	const char *key, *before = "";
	const json_t *entry;
	size_t i;

	json_array_foreach(content_entries(k->pack, "replies"), i, entry) {
		key = content_text_of(entry, "key");
		if (strcmp(key, before) != 0)
			check(k, key, i + 1);
		before = key;
	}
}

int
content_check_noon(const char *day, int64_t *at)
{
	char noon[40];
	int offset;

	snprintf(noon, sizeof noon, "%.10sT12:00:00Z", day);
	return (clock_parse(noon, at, &offset));
}

void
content_list_lang(struct buf *list, enum lang lang)
{
	buf_printf(list, "%s%s", list->len > 0 ? " " : "", lang_name(lang));
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

void
content_check(const json_t *pack, const char *today,
    void (*report)(void *, const struct content_finding *), void *arg)
{
	static const char *const spoken[] = { "replies", "categories",
		"topics", "forms", "form_fields" };
	struct content_sink sink = { report, arg };
	struct content *content = content_compile(json_copy((json_t *)pack),
	    &sink);
	struct content_checking k = { .pack = pack, .today = today,
		.sink = &sink, .content = content };

	content_check_sections(&k);
	for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
		content_check_promises(&k, content_section_find(spoken[i]));
	if (content != NULL) {
		content_check_texts(&k);
		content_check_keys(&k);
		content_check_spoken(&k);
		content_check_words(&k);
		content_check_forms(&k);
	}
	content_free(content);
}

void
content_count(const json_t *pack, const char *today,
    struct content_counts counts[LANG_COUNT])
{
	const json_t *entry;
	const char *until;
	enum lang lang;
	size_t i;

	memset(counts, 0, LANG_COUNT * sizeof *counts);
	json_array_foreach(content_entries(pack, "replies"), i, entry) {
		lang = lang_find(content_text_of(entry, "lang"));
		if (lang == LANG_COUNT)
			continue;
		until = content_text_of(entry, "valid_until");
		counts[lang].texts++;
		counts[lang].samples += strcmp(content_text_of(entry,
		    "reviewer"), "none") == 0;
		counts[lang].expired += *until != '\0' &&
		    strcmp(until, today) < 0;
	}
}
