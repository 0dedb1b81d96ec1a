/*
 * What would be read or shown two ways, or not at all: words of two topics, two
 * intents or two forms, topics of one number, names that a language lacks or
 * that nobody can write. Runs in glasctl.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_check_private.h"

/* A keyword of a topic, an intent or a form, of which a text has one. */
struct content_word {
	const char	*kind;
	const char	*code;
	char		*pattern;	/* folded, with its ^ */
	uint8_t		 langs;
	size_t		 entry;
};

static int
content_word_compare(const void *a, const void *b)
{
	const struct content_word *x = a, *y = b;
	int diff = strcmp(x->kind, y->kind);

	if (diff == 0)
		diff = strcmp(x->pattern, y->pattern);
	if (diff == 0)
		diff = (x->entry > y->entry) - (x->entry < y->entry);
	return (diff);
}

static size_t
content_words(const json_t *entries, struct content_word *words)
{
	const char *kind, *pattern;
	const json_t *e;
	size_t i, n = 0;
	char *folded;

	json_array_foreach(entries, i, e) {
		kind = content_text_of(e, "kind");
		pattern = content_text_of(e, "pattern");
		if (strcmp(kind, "topic") != 0 &&
		    strcmp(kind, "intent") != 0 && strcmp(kind, "form") != 0)
			continue;
		folded = content_fold_pattern(pattern);
		words[n++] = (struct content_word){ .kind = kind,
			.code = content_text_of(e, "code"),
			.langs = content_langs(content_text_of(e, "lang")),
			.pattern = xasprintf("%s%s", *pattern == '^' ? "^" :
			    "", folded), .entry = i + 1 };
		free(folded);
	}
	return (n);
}

static bool
content_words_clash(const struct content_word *a, const struct content_word *b)
{
	return ((a->langs & b->langs) != 0 && strcmp(a->code, b->code) != 0);
}

static void
content_check_meanings(const struct content_checking *k)
{
	const json_t *entries = content_entries(k->pack, "keywords");
	struct content_word *words = xcalloc(json_array_size(entries),
	    sizeof *words);
	size_t n = content_words(entries, words), i, j;

	if (n > 1)
		qsort(words, n, sizeof *words, content_word_compare);
	for (i = 0; i < n; i++) {
		for (j = i; j-- > 0 &&
		    strcmp(words[i].kind, words[j].kind) == 0 &&
		    strcmp(words[i].pattern, words[j].pattern) == 0;) {
			if (content_words_clash(&words[i], &words[j]))
				content_report(k->sink, true, "keywords",
				    words[i].entry, "\"%s\" stands for the "
				    "%ss %s and %s; remove one",
				    words[i].pattern, words[i].kind,
				    words[j].code, words[i].code);
		}
	}
	for (i = 0; i < n; i++)
		free(words[i].pattern);
	free(words);
}

static void
content_check_numbers(const struct content_checking *k)
{
	const json_t *entries = content_entries(k->pack, "topics"), *e, *other;
	size_t i, j;
	long number;

	json_array_foreach(entries, i, e) {
		number = content_int_of(e, "number");
		if (number < 1)
			content_report(k->sink, true, "topics", i + 1,
			    "a topic is asked for by a number from 1 on; "
			    "correct %ld", number);
		for (j = 0; j < i; j++) {
			other = json_array_get(entries, j);
			if (content_int_of(other, "number") == number)
				content_report(k->sink, true, "topics", i + 1,
				    "%s has number %ld, which %s has; give it "
				    "another", content_text_of(e, "code"),
				    number, content_text_of(other, "code"));
		}
	}
}

static void
content_check_names(const struct content_checking *k, const char *section)
{
	const json_t *e, *names;
	size_t i;

	json_array_foreach(content_entries(k->pack, section), i, e) {
		struct buf missing = { 0 };

		names = json_object_get(e, "names");
		for (const enum lang *l = content_spoken; *l != LANG_UND;
		    l++) {
			if (*content_text_of(names, lang_name(*l)) == '\0')
				content_list_lang(&missing, *l);
		}
		if (missing.len > 0)
			content_report(k->sink, false, section, i + 1,
			    "%s has no name in %s; write one",
			    content_text_of(e, "code"), buf_str(&missing));
		buf_clear(&missing);
	}
}

static void
content_check_places(const struct content_checking *k)
{
	static const char *const fields[] = { "settlement", "municipality",
		"cyrillic", "sq", "bg" };
	const char *name;
	const json_t *e;
	size_t i, n;
	struct folded f;

	json_array_foreach(content_entries(k->pack, "places"), i, e) {
		for (n = 0; n < sizeof fields / sizeof *fields; n++) {
			name = content_text_of(e, fields[n]);
			fold_make(&f, name, strlen(name));
			if (!places_name_fits(f.text))
				content_report(k->sink, true, "places", i + 1,
				    "\"%s\" is too long a name to be found in "
				    "a text; shorten it", fields[n]);
			fold_clear(&f);
		}
	}
}

void
content_check_words(const struct content_checking *k)
{
	content_check_meanings(k);
	content_check_numbers(k);
	content_check_names(k, "categories");
	content_check_names(k, "forms");
	content_check_names(k, "topics");
	content_check_places(k);
}
