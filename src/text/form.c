/*
 * Reading a text against a form. Runs in glasd and glasctl; owns what it hands
 * out. Each type of value goes over the words once and takes those that it
 * understands; what is left is the text. A label ("broj: 5") says which field
 * a value is for, else it is the first one of its type that is still free.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "text/form_private.h"
#include "text/mask.h"

#define FORM_LABEL_BEFORE 4	/* words between a label and its value */
#define FORM_LABEL_BEHIND 1
#define FORM_CANDIDATES 8	/* fields that have one word for a choice */
#define FORM_TEXT_MIN 3		/* letters of a word that says something */

_Static_assert(FORM_FIELDS_MAX == CONTENT_FIELDS_OF_FORM_MAX, "one limit");

/* The longest phrase at a word, and what it may mean. */
struct form_match {
	size_t		 words;
	uint32_t	 values[FORM_CANDIDATES];
	size_t		 count;
	bool		 labels;	/* looked for, instead of choices */
};

static void
form_matched(void *arg, uint32_t value, size_t word, size_t words)
{
	struct form_match *m = arg;

	(void)word;
	if (((value & 0xff) == CONTENT_FORM_LABEL) != m->labels ||
	    words < m->words)
		return;
	if (words > m->words)
		m->count = 0;
	m->words = words;
	if (m->count < FORM_CANDIDATES)
		m->values[m->count++] = value;
}

static struct form_match
form_match(const struct former *r, size_t word, bool labels)
{
	struct form_match m = { .labels = labels };

	lexicon_match(r->form->lexicon, &r->folded, word, form_matched, &m);
	return (m);
}

bool
form_is_free(const struct former *r, int field)
{
	return (((r->given->have | r->out->found) & 1u << field) == 0);
}

bool
form_label_open(const struct former *r, size_t word, enum form_type type)
{
	int field = r->words[word].label;

	return (field != FORM_NO_FIELD && !r->words[word].taken &&
	    r->form->fields[field].type == type && form_is_free(r, field));
}

static size_t
form_label_before(const struct former *r, size_t word, enum form_type type)
{
	size_t i = word, none = r->folded.count;

	while (i-- > 0 && word - i <= FORM_LABEL_BEFORE + 1) {
		if (r->words[i].taken)
			break;
		if (r->words[i].label != FORM_NO_FIELD)
			return (form_label_open(r, i, type) ? i : none);
	}
	return (none);
}

static size_t
form_label_behind(const struct former *r, size_t word, enum form_type type)
{
	size_t i = word, none = r->folded.count;

	for (; i < none && i <= word + FORM_LABEL_BEHIND; i++) {
		if (r->words[i].taken || r->words[i].colon)
			break;
		if (r->words[i].label != FORM_NO_FIELD)
			return (form_label_open(r, i, type) ? i : none);
	}
	return (none);
}

int
form_field_for(const struct former *r, size_t word, size_t words,
    enum form_type type, size_t *label)
{
	const struct content_form *form = r->form;
	int asked = r->given->asked;

	*label = form_label_before(r, word, type);
	if (*label == r->folded.count)
		*label = form_label_behind(r, word + words, type);
	if (*label != r->folded.count)
		return (r->words[*label].label);
	if (asked != FORM_NO_FIELD && form->fields[asked].type == type &&
	    form_is_free(r, asked))
		return (asked);
	for (int i = 0; i < (int)form->field_count; i++) {
		if (form->fields[i].type == type && form_is_free(r, i))
			return (i);
	}
	return (FORM_NO_FIELD);
}

void
form_take(struct former *r, size_t word, size_t words)
{
	for (size_t i = word; i < word + words && i < r->folded.count; i++)
		r->words[i].taken = true;
}

size_t
form_label_end(const struct former *r, size_t word)
{
	do
		word++;
	while (word < r->folded.count && !r->words[word].first);
	return (word);
}

/* With all its words. */
static void
form_take_label(struct former *r, size_t label)
{
	if (label == r->folded.count)
		return;
	while (!r->words[label].first)
		label--;
	form_take(r, label, form_label_end(r, label) - label);
}

void
form_set(struct former *r, int field, const char *value, size_t word,
    size_t words, size_t label)
{
	r->out->found |= 1u << field;
	r->out->values[field] = xstrdup(value);
	form_take(r, word, words);
	form_take_label(r, label);
}

/* Octets from a word to the end of another, and the full stop behind. */
static void
form_add_slice(struct former *r, struct buf *out, size_t word, size_t words)
{
	const char *text = (const char *)r->text.data;
	size_t from = r->folded.words[word].from;
	size_t to = r->folded.words[word + words - 1].to;

	while (to < r->text.len && strchr(".!?)", text[to]) != NULL)
		to++;
	if (out->len > 0)
		buf_add(out, " ", 1);
	buf_add(out, text + from, to - from);
}

void
form_set_wrong(struct former *r, int field, size_t word, size_t words,
    size_t label)
{
	if (r->out->wrong == FORM_NO_FIELD)
		r->out->wrong = field;
	form_add_slice(r, &r->unread, word, words);
	form_take(r, word, words);
	form_take_label(r, label);
}

bool
form_between(const struct former *r, size_t word, const char *s)
{
	const struct fold_word *w = &r->folded.words[word];
	size_t len = strlen(s);

	return (word + 1 < r->folded.count && w[1].from - w->to == len &&
	    memcmp(r->text.data + w->to, s, len) == 0);
}

bool
form_may_mean(const struct former *r, size_t word, enum form_use use,
    int field, size_t label)
{
	const struct folded *f = &r->folded;

	bool asked = field == r->given->asked;

	if (label != f->count || use == FORM_ANYWHERE ||
	    (asked && use == FORM_ALONE))
		return (true);
	return ((asked || use == FORM_ALONE) &&
	    (word == 0 || r->words[word - 1].taken ||
	    f->words[word - 1].stop) &&
	    (word + 1 == f->count || r->words[word + 1].taken ||
	    f->words[word].stop));
}

/* "And", "in": says nothing alone. */
static bool
form_is_small(const struct former *r, size_t word)
{
	return (r->folded.words[word].len < FORM_TEXT_MIN);
}

/* "[broj 1]" is one word that is no label and no number, and stays whole. */
static void
form_see_marks(struct former *r)
{
	struct folded *f = &r->folded;
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct fold_word w = f->words[i];
		size_t from = w.from > 0 ? w.from - 1 : 0;
		size_t len = mask_mark((const char *)r->text.data + from,
		    r->text.len - from);

		if (len != 0) {
			memset(f->text + w.at, FOLD_OTHER, w.len);
			w.from = (uint32_t)from;
			w.to = (uint32_t)(from + len);
			while (i + 1 < f->count && f->words[i + 1].to < w.to)
				w.stop = f->words[++i].stop;
		}
		f->words[kept++] = w;
	}
	f->count = kept;
}

static void
form_command_found(void *arg, uint32_t value, size_t word, size_t words)
{
	struct former *r = arg;
	const struct keyword *k = &r->content->keywords[value];

	if (k->kind == KEYWORD_FORM &&
	    &r->content->forms[k->code] == r->form)
		form_take(r, word, words);
}

/* A colon or an equals sign, not far behind a word. */
static bool
form_colon_behind(const struct former *r, size_t word)
{
	const char *text = (const char *)r->text.data;
	size_t at = r->folded.words[word].to;

	while (at < r->text.len && text[at] == ' ')
		at++;
	return (at < r->text.len && (text[at] == ':' || text[at] == '='));
}

static void
form_labels(struct former *r)
{
	size_t words;

	for (size_t i = 0; i < r->folded.count; i += words) {
		struct form_match m = form_match(r, i, true);

		words = m.count > 0 ? m.words : 1;
		for (size_t n = 0; n < words; n++) {
			struct form_word *w = &r->words[i + n];

			w->first = n == 0;
			w->label = FORM_NO_FIELD;
			if (m.count > 0 && !r->words[i].taken)
				w->label = (int8_t)(uint8_t)(m.values[0] >> 8);
			w->colon = form_colon_behind(r, i + words - 1);
		}
	}
}

bool
form_asks(const struct former *r, enum form_type type)
{
	int asked = r->given->asked;

	return (asked != FORM_NO_FIELD && r->form->fields[asked].type == type);
}

/* A choice is told by its words, which several fields may share. */
static int
form_choice_field(const struct former *r, const struct form_match *m,
    size_t word, uint32_t *value, size_t *label)
{
	int wanted = form_field_for(r, word, m->words, FORM_CHOICE, label);
	int found = FORM_NO_FIELD;

	for (size_t i = 0; i < m->count; i++) {
		int field = (int)(m->values[i] >> 8);

		if (!form_is_free(r, field) || (found != FORM_NO_FIELD &&
		    field != wanted))
			continue;
		found = field;
		*value = m->values[i];
	}
	if (found != wanted)
		*label = r->folded.count;
	return (found);
}

static void
form_choices(struct former *r)
{
	uint32_t value = 0;
	size_t label, words;
	int field;

	for (size_t i = 0; i < r->folded.count; i += words) {
		struct form_match m = form_match(r, i, false);

		words = 1;
		if (m.count == 0 || r->words[i].taken)
			continue;
		/* "Not calm" says nothing that can be counted. */
		if (i > 0 && !r->words[i - 1].taken &&
		    form_word_of(FORM_NOT, &r->folded, i - 1))
			continue;
		field = form_choice_field(r, &m, i, &value, &label);
		if (field == FORM_NO_FIELD)
			continue;
		words = m.words;
		form_set(r, field, r->form->fields[field].choices[value & 0xff],
		    i, words, label);
	}
}

/* Where the value of a label ends: at a comma or the like, or before the next
 * label or what has been understood. */
static size_t
form_value_end(const struct former *r, size_t word)
{
	while (word < r->folded.count && !r->words[word].taken &&
	    r->words[word].label == FORM_NO_FIELD) {
		if (r->folded.words[word++].stop)
			break;
	}
	return (word);
}

/* "mood: purple": whoever writes a label means its field. */
static void
form_mistakes(struct former *r)
{
	size_t from, to;
	int field;

	for (size_t i = 0; i < r->folded.count; i++) {
		field = r->words[i].label;
		if (field == FORM_NO_FIELD || r->words[i].taken ||
		    !r->words[i].colon || !form_is_free(r, field) ||
		    r->form->fields[field].type == FORM_TEXT)
			continue;
		from = form_label_end(r, i);
		to = form_value_end(r, from);
		if (to > from)
			form_set_wrong(r, field, from, to - from, i);
	}
}

/* What is left says something: not only "and" and "in". */
static bool
form_says(const struct former *r)
{
	for (size_t i = 0; i < r->folded.count; i++) {
		if (!r->words[i].taken && (!form_is_small(r, i) ||
		    r->folded.words[i].digits))
			return (true);
	}
	return (false);
}

static int
form_text_field(const struct former *r)
{
	for (int i = 0; i < (int)r->form->field_count; i++) {
		if (r->form->fields[i].type == FORM_TEXT && form_is_free(r, i))
			return (i);
	}
	return (FORM_NO_FIELD);
}

/* What nothing has taken goes to the field whose label stands before it, else
 * to the first free one; of an answer, and when there is none, to unread. */
static void
form_rest(struct former *r)
{
	struct buf texts[FORM_FIELDS_MAX] = { 0 }, *out = &r->unread;
	bool asked = r->given->asked != FORM_NO_FIELD;
	int field = asked ? FORM_NO_FIELD : form_text_field(r);
	size_t end;

	if (!asked && !form_says(r))
		return;
	if (field != FORM_NO_FIELD)
		out = &texts[field];
	for (size_t i = 0; i < r->folded.count; i = end) {
		end = i + 1;
		if (r->words[i].taken)
			continue;
		if (r->words[i].colon && form_label_open(r, i, FORM_TEXT)) {
			out = &texts[r->words[i].label];
			form_take_label(r, i);
			continue;
		}
		while (end < r->folded.count && !r->words[end].taken &&
		    !(r->words[end].colon &&
		    form_label_open(r, end, FORM_TEXT)))
			end++;
		form_add_slice(r, out, i, end - i);
	}
	for (field = 0; field < FORM_FIELDS_MAX; field++) {
		if (texts[field].len > 0)
			form_set(r, field, buf_str(&texts[field]), 0, 0,
			    r->folded.count);
		buf_clear(&texts[field]);
	}
}

/* What has been understood stands first and apart: "Vranje, since yesterday". */
static bool
form_begins(const struct former *r)
{
	size_t i = 0;

	while (i < r->folded.count && r->words[i].taken &&
	    !r->folded.words[i].stop)
		i++;
	return (i == r->folded.count ? i > 0 : r->words[i].taken);
}

/* An answer to a question for a text is that text. */
static bool
form_is_text(struct former *r)
{
	size_t words = r->folded.count;
	struct buf whole = { 0 };

	if (words == 0 || !form_asks(r, FORM_TEXT))
		return (false);
	form_add_slice(r, &whole, 0, words);
	form_set(r, r->given->asked, buf_str(&whole), 0, words, words);
	buf_clear(&whole);
	return (true);
}

void
form_read(struct form_reading *out, const struct content *content,
    const struct content_form *form, const char *text,
    const struct form_given *given)
{
	struct former r = { .content = content, .form = form, .given = given,
		.out = out };

	*out = (struct form_reading){ .wrong = FORM_NO_FIELD };
	utf8_nfc(&r.text, text, strlen(text));
	fold_composed(&r.folded, buf_str(&r.text), r.text.len);
	form_see_marks(&r);
	r.words = xcalloc(r.folded.count, sizeof *r.words);
	if (r.folded.count > 0)
		lexicon_match(content->lexicon, &r.folded, 0,
		    form_command_found, &r);
	form_labels(&r);
	if (!form_is_text(&r)) {
		form_dates(&r);
		form_choices(&r);
		form_places(&r);
		form_numbers(&r);
		form_mistakes(&r);
		form_rest(&r);
	}
	/* One that came to rights. */
	if (out->wrong != FORM_NO_FIELD && !form_is_free(&r, out->wrong))
		out->wrong = FORM_NO_FIELD;
	if (out->wrong == FORM_NO_FIELD)
		out->among = NULL;
	out->unread = xstrdup(buf_str(&r.unread));
	out->begins = form_begins(&r);
	free(r.words);
	fold_clear(&r.folded);
	buf_clear(&r.text);
	buf_clear(&r.unread);
}

void
form_clear(struct form_reading *out)
{
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
		free(out->values[i]);
	free(out->unread);
	*out = (struct form_reading){ .wrong = FORM_NO_FIELD };
}
