/*
 * Keywords, danger cues and small words of a pack into one lexicon. Runs when a
 * content is compiled. Words that several languages have with one meaning
 * become one keyword; an unusable one is reported and left out.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/reading.h"

#define CONTENT_WEIGHT_MAX 100

/* A keyword as it stands in the pack. */
struct content_raw {
	struct keyword	 keyword;
	const char	*section;
	size_t		 entry;
};

struct content_raws {
	struct content	*content;
	const struct content_sink *sink;
	struct content_raw *list;
	size_t		 count;
};

static const char *const content_signs[SIGN_COUNT] = {
	[SIGN_QUESTION] = "question",
	[SIGN_PAST] = "past",
	[SIGN_CIVIC] = "civic",
	[SIGN_THANKS] = "thanks",
	[SIGN_GREETING] = "greeting",
	[SIGN_POLITE] = "polite",
	[SIGN_ADVERT] = "advert",
	[SIGN_MACHINE] = "machine",
	[SIGN_NEUTRAL] = "neutral",
	[SIGN_AT] = "at",
	[SIGN_VILLAGE] = "village",
	[SIGN_TEST] = "test",
	[SIGN_FOR] = "for",
	[SIGN_END] = "end",
	[SIGN_UNABLE] = "unable",
	[SIGN_ASK] = "ask",
	[SIGN_AUTO] = "auto",
	[SIGN_TEXTING] = "texting",
	[SIGN_KEEP] = "keep",
	[SIGN_OTHERS] = "others",
	[SIGN_CONSENT] = "consent",
	[SIGN_REFUSAL] = "refusal",
	[SIGN_UNSOLVED] = "unsolved",
	[SIGN_MATTER] = "matter",
	[SIGN_KIN] = "kin",
};

static const char *const content_cues[CUE_COUNT] = {
	[CUE_ALONE] = "alone",
	[CUE_WITH] = "with",
	[CUE_LIFE] = "life",
	[CUE_WHOLE] = "whole",
};

const char *
content_sign_name(int sign)
{
	return (content_signs[sign]);
}

static int
content_code_category(struct content *c, const char *code)
{
	return (content_find_category(c, code));
}

static int
content_code_topic(struct content *c, const char *code)
{
	return (content_find_topic(c, code));
}

static int
content_code_intent(struct content *c, const char *code)
{
	enum intent intent = intent_find(code);

	(void)c;
	return (intent < INTENT_COUNT ? (int)intent : CONTENT_NONE);
}

static int
content_code_language(struct content *c, const char *code)
{
	enum lang lang = lang_find(code);

	(void)c;
	return (lang < LANG_COUNT && lang != LANG_UND && lang != LANG_MIX ?
	    (int)lang : CONTENT_NONE);
}

static int
content_code_option(struct content *c, const char *code)
{
	(void)c;
	if (strcmp(code, "YES") == 0)
		return (OPTION_YES);
	return (strcmp(code, "NO") == 0 ? OPTION_NO : CONTENT_NONE);
}

static int
content_code_sign(struct content *c, const char *code)
{
	(void)c;
	for (int i = 0; i < SIGN_COUNT; i++) {
		if (strcmp(content_signs[i], code) == 0)
			return (i);
	}
	return (CONTENT_NONE);
}

static int
content_code_cue(struct content *c, const char *code)
{
	(void)c;
	for (int i = 0; i < CUE_COUNT; i++) {
		if (strcmp(content_cues[i], code) == 0)
			return (i);
	}
	return (CONTENT_NONE);
}

static int
content_code_form(struct content *c, const char *code)
{
	return (content_find_form(c, code));
}

static const struct {
	const char	*name;
	int		(*code)(struct content *, const char *);
} content_kinds[KEYWORD_KINDS] = {
	[KEYWORD_INTENT] = { "intent", content_code_intent },
	[KEYWORD_CATEGORY] = { "category", content_code_category },
	[KEYWORD_TOPIC] = { "topic", content_code_topic },
	[KEYWORD_ACTOR] = { "actor", content_actor },
	[KEYWORD_LANGUAGE] = { "language", content_code_language },
	[KEYWORD_OPTION] = { "option", content_code_option },
	[KEYWORD_SIGN] = { "sign", content_code_sign },
	[KEYWORD_CUE] = { NULL, content_code_cue },
	[KEYWORD_FORM] = { "form", content_code_form },
	[KEYWORD_CONCEPT] = { NULL, NULL },
	[KEYWORD_WORD] = { NULL, NULL },
	[KEYWORD_PART] = { NULL, NULL },
};

uint8_t
content_langs(const char *lang)
{
	enum lang found = lang_find(lang);

	if (strcmp(lang, "sr") == 0)
		return (1u << LANG_SR_LATN | 1u << LANG_SR_CYRL);
	if (found == LANG_COUNT || found == LANG_UND || found == LANG_MIX)
		return (0);
	return ((uint8_t)(1u << found));
}

char *
content_next_pattern(const char **list)
{
	const char *pattern = *list + strspn(*list, ", ");

	*list = strchrnul(pattern, ',');
	return (*list == pattern ? NULL :
	    xstrndup(pattern, (size_t)(*list - pattern)));
}

char *
content_fold_pattern(const char *pattern)
{
	struct buf out = { 0 };
	const char *word, *end = pattern;
	struct folded f;

	while (*end != '\0') {
		word = end + strspn(end, " ");
		end = strchrnul(word, ' ');
		fold_make(&f, word, (size_t)(end - word));
		if (out.len > 0 && f.len > 0)
			buf_add(&out, " ", 1);
		buf_add(&out, f.text, f.len);
		if (end > word && end[-1] == '*')
			buf_add(&out, "*", 1);
		fold_clear(&f);
	}
	return (buf_str(&out));
}

static uint8_t
content_weight(long weight, uint8_t words)
{
	static const uint8_t by_words[] = { 10, 22, 30, 36 };

	if (weight > 0 && weight <= CONTENT_WEIGHT_MAX)
		return ((uint8_t)weight);
	return (by_words[(words < 4 ? words : 4) - 1]);
}

/* `pattern` is folded. */
static void
content_add_raw(struct content_raws *raws, const struct content_raw *from,
    enum keyword_kind kind, const char *pattern, long weight)
{
	struct content_raw *raw = &raws->list[raws->count++];
	uint8_t words = 1;

	for (const char *p = pattern; *p != '\0'; p++)
		words = (uint8_t)(words + (*p == ' '));
	*raw = *from;
	raw->keyword.kind = kind;
	raw->keyword.pattern = content_keep(raws->content, pattern);
	raw->keyword.letters = (uint8_t)strcspn(pattern, "*");
	raw->keyword.words = words;
	raw->keyword.weight = content_weight(weight, words);
}

/* A half is left alone when it is an actor, else it becomes a keyword. */
static char *
content_add_half(struct content_raws *raws, const struct content_raw *from,
    const char *half, size_t len)
{
	struct content_raw part = *from;
	char *copy = xstrndup(half, len), *folded;

	if (*copy == '@')
		return (copy);
	folded = content_fold_pattern(copy);
	free(copy);
	part.keyword.code = 0;
	content_add_raw(raws, &part, KEYWORD_PART, folded, 0);
	return (folded);
}

static void
content_add_pattern(struct content_raws *raws, struct content_raw *raw,
    const char *lang, const char *pattern, long weight)
{
	const char *plus = strstr(pattern, " + ");
	char *a, *b, *folded;

	raw->keyword.langs = content_langs(lang);
	raw->keyword.first = plus == NULL && *pattern == '^';
	if (raw->keyword.langs == 0)
		content_report(raws->sink, true, raw->section, raw->entry,
		    "no language is called \"%s\"; sr, sq, rom, bg and en are",
		    lang);
	if (raws->count >= CONTENT_KEYWORDS_MAX)
		content_report(raws->sink, true, raw->section, raw->entry,
		    "there are more than %d words; remove some",
		    CONTENT_KEYWORDS_MAX);
	if (raw->keyword.langs == 0 || raws->count >= CONTENT_KEYWORDS_MAX)
		return;
	if (plus != NULL) {
		a = content_add_half(raws, raw, pattern,
		    (size_t)(plus - pattern));
		b = content_add_half(raws, raw, plus + 3, strlen(plus + 3));
		folded = xasprintf("%s + %s", a, b);
		free(a);
		free(b);
	} else {
		folded = content_fold_pattern(pattern + raw->keyword.first);
	}
	content_add_raw(raws, raw, raw->keyword.kind, folded, weight);
	free(folded);
}

static void
content_add_list(struct content_raws *raws, struct content_raw *raw,
    const json_t *e)
{
	const char *list = content_text_of(e, "pattern");
	char *pattern;

	if (list[strspn(list, ", ")] == '\0')
		content_report(raws->sink, true, raw->section, raw->entry,
		    "\"pattern\" has only commas; write words");
	while ((pattern = content_next_pattern(&list)) != NULL) {
		content_add_pattern(raws, raw, content_text_of(e, "lang"),
		    pattern, content_int_of(e, "weight"));
		free(pattern);
	}
}

static void
content_add_keywords(struct content_raws *raws, json_t *entries)
{
	struct content_raw raw = { .section = "keywords" };
	const char *kind, *code;
	size_t i, n;
	json_t *e;

	json_array_foreach(entries, i, e) {
		kind = content_text_of(e, "kind");
		code = content_text_of(e, "code");
		if (json_is_null(e))
			continue;
		for (n = 0; n < KEYWORD_KINDS; n++) {
			if (content_kinds[n].name != NULL &&
			    strcmp(content_kinds[n].name, kind) == 0)
				break;
		}
		raw.entry = i + 1;
		raw.keyword = (struct keyword){ .code = CONTENT_NONE };
		if (n < KEYWORD_KINDS) {
			raw.keyword.kind = (enum keyword_kind)n;
			raw.keyword.code = content_kinds[n].code(raws->content,
			    code);
		}
		if (raw.keyword.code == CONTENT_NONE)
			content_report(raws->sink, true, "keywords", i + 1,
			    "\"%s\" \"%s\" is nothing that a word can mean; "
			    "correct kind or code", kind, code);
		else
			content_add_list(raws, &raw, e);
	}
}

static void
content_add_cues(struct content_raws *raws, json_t *entries)
{
	struct content_raw raw = { .section = "emergency" };
	const char *name;
	size_t i;
	json_t *e;
	int cue;

	json_array_foreach(entries, i, e) {
		name = content_text_of(e, "cue");
		cue = content_code_cue(raws->content, name);
		raw.entry = i + 1;
		raw.keyword = (struct keyword){ .kind = KEYWORD_CUE,
			.code = cue };
		if (json_is_null(e))
			continue;
		if (cue == CONTENT_NONE)
			content_report(raws->sink, true, "emergency", i + 1,
			    "cue \"%s\" is unknown; write alone, life, whole or "
			    "with", name);
		else
			content_add_list(raws, &raw, e);
	}
}

static void
content_add_words(struct content_raws *raws, json_t *entries)
{
	struct content_raw raw = { .section = "languages" };
	json_t *e, *word;
	size_t i, n;

	json_array_foreach(entries, i, e) {
		json_array_foreach(json_object_get(e, "words"), n, word) {
			raw.entry = i + 1;
			raw.keyword = (struct keyword){ .kind = KEYWORD_WORD };
			content_add_pattern(raws, &raw,
			    content_text_of(e, "lang"),
			    json_string_value(word), 0);
		}
	}
}

/* The index of a concept, which becomes known by being asked for. */
static int
content_concept(struct content *c, const char *name)
{
	for (size_t i = 0; i < c->concept_count; i++) {
		if (strcmp(c->concepts[i], name) == 0)
			return ((int)i);
	}
	if (c->concept_count == CONTENT_CONCEPTS_MAX)
		return (CONTENT_NONE);
	c->concepts[c->concept_count] = content_keep(c, name);
	return ((int)c->concept_count++);
}

static void
content_add_concepts(struct content_raws *raws, json_t *entries)
{
	struct content_raw raw = { .section = "concepts" };
	json_t *e, *word;
	size_t i, n;
	int concept;

	json_array_foreach(entries, i, e) {
		if (json_is_null(e))
			continue;
		concept = content_concept(raws->content,
		    content_text_of(e, "concept"));
		if (concept == CONTENT_NONE)
			content_report(raws->sink, true, "concepts", i + 1,
			    "there are at most %d concepts",
			    CONTENT_CONCEPTS_MAX);
		raw.entry = i + 1;
		raw.keyword = (struct keyword){ .kind = KEYWORD_CONCEPT,
			.code = concept };
		json_array_foreach(json_object_get(e, "words"), n, word) {
			if (concept != CONTENT_NONE)
				content_add_pattern(raws, &raw,
				    content_text_of(e, "lang"),
				    json_string_value(word), 0);
		}
	}
}

static int
content_keyword_compare(const void *a, const void *b)
{
	const struct keyword *x = a, *y = b;
	int diff = (int)x->kind - (int)y->kind;

	if (diff == 0)
		diff = x->code - y->code;
	if (diff == 0)
		diff = x->first - y->first;
	if (diff == 0)
		diff = strcmp(x->pattern, y->pattern);
	return (diff);
}

static int
content_raw_compare(const void *a, const void *b)
{
	return (content_keyword_compare(
	    &((const struct content_raw *)a)->keyword,
	    &((const struct content_raw *)b)->keyword));
}

/* Same meaning, other language: one keyword. */
static void
content_merge(struct content_raws *raws, const struct content_raw *raw)
{
	struct content *c = raws->content;
	struct keyword *last = c->keyword_count > 0 ?
	    &c->keywords[c->keyword_count - 1] : NULL;

	if (last != NULL && content_keyword_compare(last, &raw->keyword) == 0) {
		last->langs |= raw->keyword.langs;
		if (last->weight < raw->keyword.weight)
			last->weight = raw->keyword.weight;
		return;
	}
	if (strstr(raw->keyword.pattern, " + ") == NULL &&
	    lexicon_add(c->lexicon, raw->keyword.pattern,
	    (uint32_t)c->keyword_count) == -1)
		content_report(raws->sink, true, raw->section, raw->entry,
		    "pattern \"%s\" cannot be used; write at most %d words, "
		    "with * only at their ends", raw->keyword.pattern,
		    LEXICON_WORDS_MAX);
	else
		c->keywords[c->keyword_count++] = raw->keyword;
}

static bool
content_find_half(struct content *c, const char *half, size_t len,
    struct keyword_pair *pair, size_t n)
{
	char *copy = xstrndup(half, len);
	struct keyword wanted = { .kind = KEYWORD_PART, .pattern = copy };
	const struct keyword *found = NULL;
	int actor = CONTENT_NONE;

	if (*half == '@')
		actor = content_actor(c, copy + 1);
	else
		found = bsearch(&wanted, c->keywords, c->keyword_count,
		    sizeof *c->keywords, content_keyword_compare);
	free(copy);
	pair->half[n].actor = actor != CONTENT_NONE;
	pair->half[n].index = (uint32_t)(found != NULL ?
	    found - c->keywords : actor);
	return (found != NULL || actor != CONTENT_NONE);
}

static void
content_link_pairs(struct content *c)
{
	struct keyword_pair *pair;
	const char *pattern, *plus;

	c->pairs = xcalloc(c->keyword_count, sizeof *c->pairs);
	for (size_t i = 0; i < c->keyword_count; i++) {
		pattern = c->keywords[i].pattern;
		plus = strstr(pattern, " + ");
		pair = &c->pairs[c->pair_count];
		pair->keyword = (uint32_t)i;
		if (plus != NULL &&
		    content_find_half(c, pattern, (size_t)(plus - pattern),
		    pair, 0) &&
		    content_find_half(c, plus + 3, strlen(plus + 3), pair, 1))
			c->pair_count++;
	}
	c->pairs = xreallocarray(c->pairs, c->pair_count, sizeof *c->pairs);
}

static void
content_words_clear(struct content_words *w)
{
	json_decref(w->keywords);
	json_decref(w->cues);
	json_decref(w->languages);
	json_decref(w->concepts);
}

void
content_compile_keywords(struct content *c, struct content_words *w,
    const struct content_sink *sink)
{
	struct content_raws raws = { .content = c, .sink = sink };
	size_t i;

	/* The last may be a pair: itself and its halves. */
	raws.list = xreallocarray(NULL, CONTENT_KEYWORDS_MAX + 2,
	    sizeof *raws.list);
	content_add_keywords(&raws, w->keywords);
	content_add_cues(&raws, w->cues);
	content_add_words(&raws, w->languages);
	content_add_concepts(&raws, w->concepts);
	content_words_clear(w);
	qsort(raws.list, raws.count, sizeof *raws.list, content_raw_compare);
	c->keywords = xcalloc(raws.count, sizeof *c->keywords);
	c->lexicon = lexicon_new();
	for (i = 0; i < raws.count; i++)
		content_merge(&raws, &raws.list[i]);
	content_link_pairs(c);
	free(raws.list);
	lexicon_pack(c->lexicon);
}
