/*
 * What would be read or shown two ways, or not at all: words of two topics, two
 * intents or two forms, words that stand twice, topics of one number, names that
 * nobody can write. Runs in glasctl.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_check_private.h"

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

struct content_words_list {
	struct content_word *words;
	size_t		 count;
};

static void
content_words_add(struct content_words_list *list, const json_t *e,
    size_t number)
{
	const char *patterns = content_text_of(e, "pattern");
	char *pattern, *folded;

	while ((pattern = content_next_pattern(&patterns)) != NULL) {
		folded = strstr(pattern, " + ") != NULL ? xstrdup(pattern) :
		    content_fold_pattern(pattern);
		list->words = xreallocarray(list->words, list->count + 1,
		    sizeof *list->words);
		list->words[list->count++] = (struct content_word){
			.kind = content_text_of(e, "kind"),
			.code = content_text_of(e, "code"),
			.langs = content_langs(content_text_of(e, "lang")),
			.pattern = xasprintf("%s%s", *pattern == '^' ? "^" :
			    "", folded), .entry = number };
		free(folded);
		free(pattern);
	}
}

static struct content_words_list
content_words_of(const json_t *entries)
{
	struct content_words_list list = { 0 };
	const json_t *e;
	size_t i;

	json_array_foreach(entries, i, e)
		content_words_add(&list, e, i + 1);
	return (list);
}

/* A text has one topic, one intent and one form. */
static bool
content_word_is_alone(const struct content_word *w)
{
	return (strcmp(w->kind, "topic") == 0 ||
	    strcmp(w->kind, "intent") == 0 || strcmp(w->kind, "form") == 0);
}

/* Two of one kind and pattern; `b` stands behind `a`. */
static void
content_words_compare(const struct content_checking *k,
    const struct content_word *a, const struct content_word *b)
{
	if ((a->langs & b->langs) == 0)
		return;
	if (strcmp(a->code, b->code) == 0)
		content_report(k->sink, true, "keywords", b->entry,
		    "\"%s\" is a word of %s %s already; remove one",
		    b->pattern, b->kind, b->code);
	else if (content_word_is_alone(b))
		content_report(k->sink, true, "keywords", b->entry,
		    "\"%s\" stands for the %ss %s and %s; remove one",
		    b->pattern, b->kind, a->code, b->code);
}

static void
content_check_meanings(const struct content_checking *k)
{
	struct content_words_list list = content_words_of(
	    content_entries(k->pack, "keywords"));
	struct content_word *words = list.words;
	size_t n = list.count, i, j;

	if (n > 1)
		qsort(words, n, sizeof *words, content_word_compare);
	for (i = 0; i < n; i++) {
		for (j = i; j-- > 0 &&
		    strcmp(words[i].kind, words[j].kind) == 0 &&
		    strcmp(words[i].pattern, words[j].pattern) == 0;)
			content_words_compare(k, &words[j], &words[i]);
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
	content_check_places(k);
}
