/*
 * What a person should know about the forms of a pack before they are used.
 * Runs in glasctl content check and before an import. What cannot be compiled
 * was said by content_form.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "text/content_private.h"
#include "text/form.h"
#include "text/reading.h"

struct form_checking {
	const struct content *content;
	const struct content_sink *sink;
	int64_t		 now;
};

static bool
form_example_is_read(const struct form_checking *k,
    const struct content_form *form, int field, const char *example)
{
	const struct form_given given = { .now = k->now, .asked = field };
	struct form_reading r;
	bool found;

	form_read(&r, k->content, form, example, &given);
	found = (r.found & 1u << field) != 0;
	form_clear(&r);
	return (found);
}

static void
form_check_examples(const struct form_checking *k,
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

static void
form_check_form(const struct form_checking *k, const struct content_form *form)
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
	if (*form->thanks != '\0' && content_text(k->content, form->thanks,
	    LANG_SR_LATN, false, NULL) == NULL)
		content_report(k->sink, true, "forms", form->entry,
		    "there is no text %s in replies.json; write one",
		    form->thanks);
	for (size_t i = 0; i < form->field_count; i++)
		form_check_examples(k, form, (int)i);
}

/* A phrase of commands that begins with the words of a form's. */
struct form_clash {
	const struct content *content;
	size_t		 words;
	const struct keyword *found;
};

static void
form_clash_found(void *arg, uint32_t value, size_t word, size_t words)
{
	struct form_clash *c = arg;
	const struct keyword *k = &c->content->keywords[value];

	(void)word;
	if (k->kind == KEYWORD_INTENT && words == c->words)
		c->found = k;
}

/* Words that send to a form come before commands and reports. */
static void
form_check_keyword(const struct form_checking *k, const json_t *e,
    size_t number)
{
	const char *pattern = content_text_of(e, "pattern");
	struct form_clash clash = { .content = k->content };
	struct folded f;

	if (strcmp(content_text_of(e, "kind"), "form") != 0)
		return;
	fold_make(&f, pattern, strlen(pattern));
	clash.words = f.count;
	if (f.count > 0)
		lexicon_match(k->content->lexicon, &f, 0, form_clash_found,
		    &clash);
	if (clash.found != NULL)
		content_report(k->sink, true, "keywords", number,
		    "\"%s\" is a command already (%s); find another word for "
		    "the form", pattern,
		    intent_name((enum intent)clash.found->code));
	fold_clear(&f);
}

void
content_check_forms(const struct content *content, const json_t *pack,
    const char *today, const struct content_sink *sink)
{
	const json_t *keywords = json_object_get(json_object_get(pack,
	    "keywords"), "entries"), *e;
	struct form_checking k = { .content = content, .sink = sink };
	char noon[40];
	int offset;
	size_t i;

	snprintf(noon, sizeof noon, "%.10sT12:00:00Z", today);
	if (clock_parse(noon, &k.now, &offset) == -1)
		k.now = 0;
	for (i = 0; i < content->form_count; i++)
		form_check_form(&k, &content->forms[i]);
	json_array_foreach(keywords, i, e)
		form_check_keyword(&k, e, i + 1);
}

/* Of all that compiling finds, what is about forms. */
struct form_errors {
	void		(*report)(void *, const struct content_finding *);
	void		*arg;
	bool		 only_forms;
	bool		 any;
};

static void
form_errors_sift(void *arg, const struct content_finding *f)
{
	struct form_errors *errors = arg;

	if (!f->error || (errors->only_forms && (f->section == NULL ||
	    strncmp(f->section, "form", 4) != 0)))
		return;
	errors->any = true;
	errors->report(errors->arg, f);
}

bool
content_forms_sound(const json_t *pack, const char *today,
    void (*report)(void *, const struct content_finding *), void *arg)
{
	struct form_errors errors = { report, arg, true, false };
	struct content_sink sink = { form_errors_sift, &errors };
	struct content *content = content_compile(pack, &sink);

	errors.only_forms = false;
	if (content != NULL)
		content_check_forms(content, pack, today, &sink);
	content_free(content);
	return (!errors.any);
}
