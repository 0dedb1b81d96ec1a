/*
 * What would be read or shown two ways, or not at all: words of two topics, two
 * intents or two forms, words that stand twice, topics of one number, names that
 * nobody can write. Runs in glasctl.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_check_private.h"
#include "text/reading.h"

struct content_word {
	const char	*kind;
	const char	*code;
	char		*pattern;	/* folded, without its ^ */
	bool		 first;		/* it had one */
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
			.first = *pattern == '^', .pattern = folded,
			.entry = number };
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

/* A text has one topic and one intent, in whichever language; so has it one
 * form, of which content_check_forms.c has more to say. */
static bool
content_word_is_alone(const struct content_word *w)
{
	return (strcmp(w->kind, "topic") == 0 ||
	    strcmp(w->kind, "intent") == 0);
}

/* Two of one kind and pattern; `b` stands behind `a`. Whether they are wrong. */
static bool
content_words_compare(const struct content_checking *k,
    const struct content_word *a, const struct content_word *b)
{
	bool same = strcmp(a->code, b->code) == 0;

	if (same ? (a->langs & b->langs) == 0 || a->first != b->first :
	    !content_word_is_alone(b))
		return (false);
	if (same)
		content_report(k->sink, true, "keywords", b->entry,
		    "\"%s%s\" is a word of %s %s already; remove one",
		    b->first ? "^" : "", b->pattern, b->kind, b->code);
	else
		content_report(k->sink, true, "keywords", b->entry,
		    "\"%s\" stands for the %ss %s and %s; remove one",
		    b->pattern, b->kind, a->code, b->code);
	return (true);
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
		    strcmp(words[i].pattern, words[j].pattern) == 0 &&
		    !content_words_compare(k, &words[j], &words[i]);)
			;
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

/* The topic that is asked for by these words alone, or none. */
static int
content_topic_said(const struct content *c, const char *words, enum lang lang)
{
	struct reading r;
	int topic = CONTENT_NONE;

	reading_make(&r, c, words, lang);
	if (r.intent == INTENT_RIGHTS)
		topic = content_find_topic(c, r.code);
	reading_clear(&r);
	return (topic);
}

/* What stands behind the number of a topic: "SEARCH" of "4 SEARCH". NULL: the
 * list has no such number. */
static char *
content_listed(const char *text, long number)
{
	char wanted[24];
	const char *at;

	snprintf(wanted, sizeof wanted, " %ld ", number);
	at = strstr(text, wanted);
	if (at == NULL)
		return (NULL);
	at += strlen(wanted);
	return (xstrndup(at, strcspn(at, "0123456789")));
}

/* The topic that the words behind a number mean, or none. */
static int
content_listed_topic(const struct content *c, const char *text, enum lang lang,
    long number)
{
	char *words = content_listed(text, number);
	int topic = words != NULL ? content_topic_said(c, words, lang) :
	    CONTENT_NONE;

	free(words);
	return (topic);
}

/* Words of two topics may stand by one of them, when the other has its own. */
static void
content_check_listed(const struct content_checking *k, const char *text,
    enum lang lang, const struct content_topic *t, size_t number)
{
	const struct content *c = k->content;
	char *words = content_listed(text, t->number);
	int said = content_listed_topic(c, text, lang, t->number);

	if (words == NULL)
		content_report(k->sink, true, "replies", number,
		    "TOPICS has no %ld, which is %s; write it", t->number,
		    t->code);
	else if (said != CONTENT_NONE && &c->topics[said] != t &&
	    content_listed_topic(c, text, lang,
	    c->topics[said].number) != said)
		content_report(k->sink, true, "replies", number,
		    "TOPICS says %ld %s, which is %s, and %ld is %s; correct "
		    "the number", t->number, words, c->topics[said].code,
		    t->number, t->code);
	free(words);
}

/* Whoever answers the list with a number gets what stands there. */
static void
content_check_list(const struct content_checking *k)
{
	const json_t *e;
	enum lang lang;
	size_t i;

	json_array_foreach(content_entries(k->pack, "replies"), i, e) {
		lang = lang_find(content_text_of(e, "lang"));
		if (strcmp(content_text_of(e, "key"), "TOPICS") != 0 ||
		    lang == LANG_COUNT)
			continue;
		for (size_t n = 0; n < k->content->topic_count; n++)
			content_check_listed(k, content_text_of(e, "text"),
			    lang, &k->content->topics[n], i + 1);
	}
}

static bool
content_names_actor(const struct content_checking *k, const char *code)
{
	const json_t *e;
	size_t i;

	json_array_foreach(content_entries(k->pack, "keywords"), i, e) {
		if (strcmp(content_text_of(e, "kind"), "actor") == 0 &&
		    strcmp(content_text_of(e, "code"), code) == 0)
			return (true);
	}
	return (false);
}

/* * stands at the end of a word, @ before an actor. */
static void
content_check_pattern(const struct content_checking *k, const char *pattern,
    size_t number)
{
	const char *star = pattern, *at = strchr(pattern, '@');
	char code[32] = "";

	while ((star = strchr(star, '*')) != NULL &&
	    (star[1] == '\0' || star[1] == ' '))
		star++;
	if (star != NULL)
		content_report(k->sink, true, "keywords", number,
		    "\"%s\" has a * within a word; write it at the end of one",
		    pattern);
	if (at == NULL)
		return;
	snprintf(code, sizeof code, "%.*s", (int)strcspn(at + 1, " "), at + 1);
	if (!content_names_actor(k, code))
		content_report(k->sink, true, "keywords", number,
		    "\"%s\": no word stands for the actor %s; correct it, or "
		    "write some", pattern, code);
}

static void
content_check_patterns(const struct content_checking *k)
{
	const char *patterns;
	char *pattern;
	const json_t *e;
	size_t i;

	json_array_foreach(content_entries(k->pack, "keywords"), i, e) {
		patterns = content_text_of(e, "pattern");
		while ((pattern = content_next_pattern(&patterns)) != NULL) {
			content_check_pattern(k, pattern, i + 1);
			free(pattern);
		}
	}
}

void
content_check_words(const struct content_checking *k)
{
	content_check_patterns(k);
	content_check_meanings(k);
	content_check_numbers(k);
	content_check_list(k);
	content_check_places(k);
}
