/*
 * Forms: whether there is something to fill in, whether examples are right
 * answers, whether their words are free. Runs in glasctl. What cannot be
 * compiled was said by content_form.c. Views are made of forms: a wrong one
 * would stop an import half way, or mislead whoever reads them.
 */
#include <stdlib.h>
#include <string.h>

#include "text/content_check_private.h"
#include "text/content_template.h"
#include "text/form.h"
#include "text/reading.h"

static int64_t
form_check_now(const struct content_checking *k)
{
	int64_t now;

	return (content_check_noon(k->today, &now) == -1 ? 0 : now);
}

static bool
form_example_is_read(const struct content_checking *k,
    const struct content_form *form, int field, const char *example)
{
	const struct form_given given = { .now = form_check_now(k),
		.asked = field };
	struct form_reading r;
	bool found;

	form_read(&r, k->content, form, example, &given);
	found = (r.found & 1u << field) != 0;
	form_clear(&r);
	return (found);
}

static void
form_check_examples(const struct content_checking *k,
    const struct content_form *form, int field)
{
	const struct content_form_field *f = &form->fields[field];

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		if (f->example[lang] == NULL ||
		    form_example_is_read(k, form, field, f->example[lang]))
			continue;
		content_report(k->sink, true, "form_fields", f->entry,
		    "the example in %s, \"%s\", cannot be read as a %s; write "
		    "a right answer", lang_name(lang), f->example[lang],
		    content_form_type_name(f->type));
	}
}

/* A word of a choice, and whose it is. */
struct form_choice_word {
	const char	*choice;
	char		*pattern;
};

struct form_choice_words {
	struct form_choice_word *words;
	size_t		 count;
};

static void
form_choice_words_add(struct form_choice_words *list, const char *choice,
    const char *patterns)
{
	char *pattern;

	while ((pattern = content_next_pattern(&patterns)) != NULL) {
		list->words = xreallocarray(list->words, list->count + 1,
		    sizeof *list->words);
		list->words[list->count++] = (struct form_choice_word){
			.choice = choice,
			.pattern = content_fold_pattern(pattern) };
		free(pattern);
	}
}

/* A word means one of the choices of a field, and each has one. */
static void
form_check_choices(const struct content_checking *k, const json_t *e,
    size_t number)
{
	struct form_choice_words all = { 0 };
	const char *choice;
	json_t *words;

	json_object_foreach(json_object_get(e, "choices"), choice, words) {
		const char *patterns = json_string_value(words);
		size_t before = all.count;

		form_choice_words_add(&all, choice,
		    patterns != NULL ? patterns : "");
		if (all.count == before)
			content_report(k->sink, true, "form_fields", number,
			    "nobody can say %s, which has no words; write "
			    "some", choice);
	}
	for (size_t i = 0; i < all.count; i++) {
		for (size_t n = 0; n < i; n++) {
			if (all.words[n].choice != all.words[i].choice &&
			    strcmp(all.words[n].pattern,
			    all.words[i].pattern) == 0)
				content_report(k->sink, true, "form_fields",
				    number, "\"%s\" means %s and %s; remove "
				    "one", all.words[i].pattern,
				    all.words[n].choice, all.words[i].choice);
		}
	}
	for (size_t i = 0; i < all.count; i++)
		free(all.words[i].pattern);
	free(all.words);
}

/* One that is sent: answers take texts from content_template.c alone. */
static void
form_check_thanks(const struct content_checking *k,
    const struct content_form *form)
{
	if (*form->thanks == '\0')
		return;
	if (strncmp(form->thanks, "FORM_OK", strlen("FORM_OK")) != 0 ||
	    content_template_find(form->thanks) == NULL)
		content_report(k->sink, true, "forms", form->entry,
		    "thanks is no text for a form; call it FORM_OK_%s",
		    form->code);
	else if (content_text(k->content, form->thanks, LANG_SR_LATN, false,
	    NULL) == NULL)
		content_report(k->sink, true, "forms", form->entry,
		    "thanks leads nowhere: there is no text %s in "
		    "replies.json; write one", form->thanks);
}

static void
form_check_form(const struct content_checking *k,
    const struct content_form *form)
{
	bool begun = false;

	for (size_t i = 0; i < k->content->keyword_count; i++) {
		const struct keyword *w = &k->content->keywords[i];

		begun |= w->kind == KEYWORD_FORM &&
		    &k->content->forms[w->code] == form;
	}
	if (form->field_count == 0)
		content_report(k->sink, true, "forms", form->entry,
		    "%s has no fields; add some to form_fields.json",
		    form->code);
	if (!begun)
		content_report(k->sink, false, "forms", form->entry,
		    "nothing can be sent to %s; add a keyword of kind form",
		    form->code);
	form_check_thanks(k, form);
	for (size_t i = 0; i < form->field_count; i++)
		form_check_examples(k, form, (int)i);
}

/* What else a form's word may mean; NULL: nothing that it would take away.
 * People speak of surveys where they mean one. */
static const char *
form_word_means(const struct keyword *k, int form)
{
	static const char *const kinds[KEYWORD_KINDS] = {
		[KEYWORD_INTENT] = "a command",
		[KEYWORD_CATEGORY] = "a word that reports are known by",
		[KEYWORD_TOPIC] = "a topic of rights",
		[KEYWORD_ACTOR] = "who is reported",
		[KEYWORD_LANGUAGE] = "a language",
		[KEYWORD_OPTION] = "a yes or a no",
		[KEYWORD_SIGN] = "a sign",
		[KEYWORD_CUE] = "a cue of danger",
		[KEYWORD_FORM] = "the word of another form",
		[KEYWORD_WORD] = "a small word of a language",
	};

	if ((k->kind == KEYWORD_FORM && k->code == form) ||
	    (k->kind == KEYWORD_SIGN && k->code == SIGN_TEXTING))
		return (NULL);
	return (kinds[k->kind]);
}

/* Whether a word of a text may be both; each may end in `*`. */
static bool
form_words_meet(const char *a, size_t a_len, const char *b, size_t b_len)
{
	bool a_open = a_len > 0 && a[a_len - 1] == '*';
	bool b_open = b_len > 0 && b[b_len - 1] == '*';
	size_t shorter;

	a_len -= a_open;
	b_len -= b_open;
	shorter = a_len < b_len ? a_len : b_len;
	return (memcmp(a, b, shorter) == 0 && (a_len == b_len ||
	    (a_len < b_len ? a_open : b_open)));
}

/* The same of patterns: word by word. */
static bool
form_patterns_meet(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		size_t a_len = strcspn(a, " "), b_len = strcspn(b, " ");

		if (!form_words_meet(a, a_len, b, b_len))
			return (false);
		a += a_len + (a[a_len] == ' ');
		b += b_len + (b[b_len] == ' ');
	}
	return (*a == *b);
}

static bool
form_word_is_place(const struct content_checking *k, const char *pattern)
{
	static const char *const fields[] = { "settlement", "municipality",
		"cyrillic", "sq", "bg" };
	const json_t *e;
	size_t i;
	bool found;

	json_array_foreach(content_entries(k->pack, "places"), i, e) {
		for (size_t n = 0; n < sizeof fields / sizeof *fields; n++) {
			char *name = content_fold_pattern(
			    content_text_of(e, fields[n]));

			found = *name != '\0' &&
			    form_patterns_meet(pattern, name);
			free(name);
			if (found)
				return (true);
		}
	}
	return (false);
}

#define FORM_WORD_MIN 3		/* letters */
#define FORM_STEM_MIN 4		/* where any ending may follow */

static bool
form_word_is_short(const char *pattern)
{
	size_t letters = 0;

	for (const char *p = pattern; *p != '\0'; p++)
		letters += *p >= 'a' && *p <= 'z';
	return (letters < (strchr(pattern, '*') != NULL ? FORM_STEM_MIN :
	    FORM_WORD_MIN));
}

/* `pattern` is folded. */
static void
form_check_pattern(const struct content_checking *k, const char *pattern,
    int form, size_t number)
{
	const char *means = form_word_is_place(k, pattern) ? "a place" : NULL;

	if (form_word_is_short(pattern)) {
		content_report(k->sink, true, "keywords", number,
		    "\"%s\" is too short for the word of a form; write %d "
		    "letters, or %d before *", pattern, FORM_WORD_MIN,
		    FORM_STEM_MIN);
		return;
	}
	for (size_t i = 0; i < k->content->keyword_count; i++) {
		const struct keyword *w = &k->content->keywords[i];

		if (means == NULL && form_patterns_meet(pattern, w->pattern))
			means = form_word_means(w, form);
	}
	if (means != NULL)
		content_report(k->sink, true, "keywords", number,
		    "\"%s\" is %s already; find another word for the form",
		    pattern, means);
}

/* Words that send to a form come before commands and reports. */
static void
form_check_keyword(const struct content_checking *k, const json_t *e,
    size_t number)
{
	const char *patterns = content_text_of(e, "pattern");
	int form = content_find_form(k->content, content_text_of(e, "code"));
	char *pattern, *folded;

	if (strcmp(content_text_of(e, "kind"), "form") != 0)
		return;
	while ((pattern = content_next_pattern(&patterns)) != NULL) {
		folded = content_fold_pattern(pattern);
		form_check_pattern(k, folded, form, number);
		free(folded);
		free(pattern);
	}
}

void
content_check_forms(const struct content_checking *k)
{
	const json_t *e;
	size_t i;

	for (i = 0; i < k->content->form_count; i++)
		form_check_form(k, &k->content->forms[i]);
	json_array_foreach(content_entries(k->pack, "keywords"), i, e)
		form_check_keyword(k, e, i + 1);
	json_array_foreach(content_entries(k->pack, "form_fields"), i, e)
		form_check_choices(k, e, i + 1);
}
