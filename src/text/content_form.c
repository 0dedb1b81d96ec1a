/*
 * Forms of a pack: fields by position, the words of their choices and labels
 * in a lexicon of each form. Runs when a content is compiled. A field that
 * cannot be used is reported and left out.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"

#define FORM_NUMBER_MAX 999999999L

static const char *const form_types[] = {
	[FORM_CHOICE] = "choice",
	[FORM_PLACE] = "place",
	[FORM_NUMBER] = "number",
	[FORM_DATE] = "date",
	[FORM_TEXT] = "text",
};

#define FORM_TYPES (sizeof form_types / sizeof *form_types)

const char *
content_form_type_name(enum form_type type)
{
	return (form_types[type]);
}

int
content_find_form(const struct content *c, const char *code)
{
	for (size_t i = 0; i < c->form_count; i++) {
		if (strcmp(c->forms[i].code, code) == 0)
			return ((int)i);
	}
	return (CONTENT_NONE);
}

/* Names of views and columns are made of it: letters of one size, digits and
 * _, a letter first. */
static bool
form_is_name(const char *s, char a, char z)
{
	size_t len = strlen(s);

	if (len == 0 || len > CONTENT_CODE_MAX || *s < a || *s > z)
		return (false);
	for (; *s != '\0'; s++) {
		if ((*s < a || *s > z) && (*s < '0' || *s > '9') && *s != '_')
			return (false);
	}
	return (true);
}

void
content_compile_forms(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	struct content_form *form;
	const char *code;
	size_t i;
	json_t *e;

	c->forms = xcalloc(json_array_size(entries), sizeof *c->forms);
	json_array_foreach(entries, i, e) {
		code = content_text_of(e, "code");
		if (json_is_null(e))
			continue;
		if (!form_is_name(code, 'A', 'Z') ||
		    c->form_count == CONTENT_FORMS_MAX) {
			content_report(sink, true, "forms", i + 1,
			    "form \"%s\" is left out; there are at most %d, "
			    "with codes of at most %d capitals, digits and _",
			    code, CONTENT_FORMS_MAX, CONTENT_CODE_MAX);
			continue;
		}
		form = &c->forms[c->form_count++];
		form->code = content_keep(c, code);
		form->entry = i + 1;
		form->thanks = content_keep(c, content_text_of(e, "thanks"));
		form->lexicon = lexicon_new();
		content_names(c, e, "names", "forms", i + 1, form->name, sink);
	}
}

void
content_free_forms(struct content *c)
{
	for (size_t i = 0; i < c->form_count; i++)
		lexicon_free(c->forms[i].lexicon);
	free(c->forms);
}

/* A field as it stands in the pack. */
struct form_raw {
	const json_t	*entry;
	size_t		 number;
};

static int
form_raw_compare(const void *a, const void *b)
{
	const struct form_raw *x = a, *y = b;
	long p = content_int_of(x->entry, "position");
	long q = content_int_of(y->entry, "position");

	if (p != q)
		return (p < q ? -1 : 1);
	return ((x->number > y->number) - (x->number < y->number));
}

/* Adds what stands between commas, each with the same meaning. */
static void
form_add_words(struct content_form *form, const char *words, uint32_t value,
    size_t number, const struct content_sink *sink)
{
	char *word, *folded;

	while ((word = content_next_pattern(&words)) != NULL) {
		folded = content_fold_pattern(word);
		if (lexicon_add(form->lexicon, folded, value) == -1)
			content_report(sink, true, "form_fields", number,
			    "\"%s\" cannot be used; write at most %d words, "
			    "with * only at their ends", word,
			    LEXICON_WORDS_MAX);
		free(folded);
		free(word);
	}
}

static void
form_add_labels(struct content_form *form, const struct form_raw *raw,
    const struct content_sink *sink)
{
	size_t field = form->field_count - 1;
	uint32_t value = CONTENT_FORM_VALUE(field, CONTENT_FORM_LABEL);
	const char *lang;
	json_t *words;

	form_add_words(form, form->fields[field].name, value, raw->number,
	    sink);
	json_object_foreach(json_object_get(raw->entry, "labels"), lang, words)
		form_add_words(form, json_string_value(words), value,
		    raw->number, sink);
}

static void
form_add_choices(struct content *c, struct content_form *form,
    const struct form_raw *raw, const struct content_sink *sink)
{
	size_t index = form->field_count - 1;
	struct content_form_field *f = &form->fields[index];
	const char *code;
	json_t *words;

	if (f->type != FORM_CHOICE)
		return;
	json_object_foreach(json_object_get(raw->entry, "choices"), code,
	    words) {
		if (f->choice_count == CONTENT_CHOICES_MAX) {
			content_report(sink, true, "form_fields", raw->number,
			    "has more than %d choices; remove some",
			    CONTENT_CHOICES_MAX);
			break;
		}
		form_add_words(form, json_string_value(words),
		    CONTENT_FORM_VALUE(index, f->choice_count), raw->number,
		    sink);
		f->choices[f->choice_count++] = content_keep(c, code);
	}
	if (f->choice_count == 0)
		content_report(sink, true, "form_fields", raw->number,
		    "is a choice and has no choices; write "
		    "\"choices\": {\"CODE\": \"word, word\"}");
}

static void
form_read_range(struct content_form_field *f, const struct form_raw *raw,
    const struct content_sink *sink)
{
	f->max = FORM_NUMBER_MAX;
	if (json_is_integer(json_object_get(raw->entry, "max")))
		f->max = content_int_of(raw->entry, "max");
	f->min = content_int_of(raw->entry, "min");
	if (f->min < 0 || f->max > FORM_NUMBER_MAX || f->min > f->max) {
		content_report(sink, true, "form_fields", raw->number,
		    "from %ld to %ld is no range; min is from 0 and max up to "
		    "%ld", f->min, f->max, FORM_NUMBER_MAX);
		f->min = 0;
		f->max = FORM_NUMBER_MAX;
	}
}

/* What is wrong with a field so that it cannot be one, or NULL. */
static const char *
form_field_refused(const struct content_form *form, const json_t *e)
{
	static const char *const columns[] = { "entry", "at", "citizen",
		"complete", "unread" };
	const char *name = content_text_of(e, "field");

	if (form == NULL)
		return ("no form has this code; add it to forms.json or "
		    "correct \"form\"");
	if (!form_is_name(name, 'a', 'z'))
		return ("\"field\" becomes a column: at most 24 small letters, "
		    "digits and _, a letter first");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (strcmp(columns[i], name) == 0)
			return ("\"field\" is a column that every form has; "
			    "find another name");
	}
	if (form->field_count == CONTENT_FIELDS_OF_FORM_MAX)
		return ("the form has 16 fields already; make another form");
	return (NULL);
}

static void
form_check_field(const struct content_form *form,
    const struct content_form_field *f, const struct content_sink *sink)
{
	if (f > form->fields && f[-1].position == f->position)
		content_report(sink, true, "form_fields", f->entry,
		    "stands at position %ld as \"%s\" does; give it another "
		    "one", f->position, f[-1].name);
	if (f->ask[LANG_SR_LATN] == NULL)
		content_report(sink, true, "form_fields", f->entry,
		    "is not asked for in sr-Latn; write a question under "
		    "\"ask\"");
	if (f->example[LANG_SR_LATN] == NULL)
		content_report(sink, true, "form_fields", f->entry,
		    "has no example in sr-Latn; write a right answer under "
		    "\"example\"");
}

static void
form_add_field(struct content *c, const struct form_raw *raw,
    const struct content_sink *sink)
{
	const json_t *e = raw->entry;
	const char *type = content_text_of(e, "type"), *refused;
	int i = content_find_form(c, content_text_of(e, "form"));
	struct content_form *form = i != CONTENT_NONE ? &c->forms[i] : NULL;
	struct content_form_field *f;
	size_t t = 0;

	while (t < FORM_TYPES && strcmp(form_types[t], type) != 0)
		t++;
	refused = form_field_refused(form, e);
	if (refused == NULL && t == FORM_TYPES)
		refused = "\"type\" is choice, place, number, date or text";
	if (refused != NULL) {
		content_report(sink, true, "form_fields", raw->number, "%s",
		    refused);
		return;
	}
	f = &form->fields[form->field_count++];
	f->name = content_keep(c, content_text_of(e, "field"));
	f->entry = raw->number;
	f->position = content_int_of(e, "position");
	f->type = (enum form_type)t;
	f->required = content_bool_of(e, "required");
	content_names(c, e, "ask", "form_fields", f->entry, f->ask, sink);
	content_names(c, e, "example", "form_fields", f->entry, f->example,
	    sink);
	form_read_range(f, raw, sink);
	form_add_labels(form, raw, sink);
	form_add_choices(c, form, raw, sink);
	form_check_field(form, f, sink);
}

void
content_compile_form_fields(struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	size_t room = json_array_size(entries), count = 0, i;
	struct form_raw *raws = xcalloc(room, sizeof *raws);
	json_t *e;

	json_array_foreach(entries, i, e) {
		if (!json_is_null(e))
			raws[count++] = (struct form_raw){ e, i + 1 };
	}
	if (count > 1)
		qsort(raws, count, sizeof *raws, form_raw_compare);
	for (i = 0; i < count; i++)
		form_add_field(c, &raws[i], sink);
	for (i = 0; i < c->form_count; i++)
		lexicon_pack(c->forms[i].lexicon);
	free(raws);
}
