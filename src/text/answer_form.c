/*
 * Answers to forms: what was read is noted at once; what is missing, or cannot
 * be, is asked for once, one thing at a time, with a right example. Runs in
 * glasd and glasctl. An answer belongs to the entry of the first text, which
 * the open question names; one that cannot be read is kept with it and thanked
 * for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"
#include "text/form.h"

#define FORM_HAVE_BITS 0xffffu	/* in the number of a question without names */
#define FORM_STORY_WORDS 5	/* more that tell of something are a report */

/* What a text adds to. */
struct form_entry {
	const struct content_form *form;
	int64_t		 message;	/* the first text */
	unsigned int	 have;		/* fields that have a value */
	unsigned int	 passed;	/* asked for in vain */
	int		 asked;		/* that the text answers, or none */
	bool		 gone;		/* what was asked is no field any more */
	char		 village[PLACE_TEXT_MAX]; /* which one was asked; "" */
};

_Static_assert(ANSWER_ACTS_MAX >= FORM_FIELDS_MAX + 4,
    "an entry, its values, what is unread, and those of a report");
_Static_assert(DIALOG_ABOUT_MAX > (FORM_FIELDS_MAX + 3) *
    (CONTENT_CODE_MAX + 2) + PLACE_TEXT_MAX,
    "a form, a field, a text, all that it has, and a village");

static const struct content_form *
form_find(const struct content *c, const char *code)
{
	int i = content_find_form(c, code);

	return (i != CONTENT_NONE ? &c->forms[i] : NULL);
}

static int
form_find_field(const struct content_form *form, const char *name)
{
	for (int i = 0; i < (int)form->field_count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return (i);
	}
	return (FORM_NO_FIELD);
}

/* What an entry had when it was asked about, by name. */
static void
form_entry_scan_fields(struct form_entry *e, const char *names)
{
	char name[32];
	bool passed;
	size_t len;
	int field;

	while (*names != '\0' && *names != '/') {
		passed = *names == '-';
		names += passed;
		len = strcspn(names, ",/");
		snprintf(name, sizeof name, "%.*s", (int)len, names);
		names += len;
		names += *names == ',';
		field = form_find_field(e->form, name);
		if (field != FORM_NO_FIELD && passed)
			e->passed |= 1u << field;
		else if (field != FORM_NO_FIELD)
			e->have |= 1u << field;
	}
}

/* As a question of a version before names had it, by position. */
static void
form_entry_scan_bits(struct form_entry *e, unsigned int bits)
{
	unsigned int all = (1u << e->form->field_count) - 1;

	e->have = bits & FORM_HAVE_BITS & all;
	e->passed = bits / (FORM_HAVE_BITS + 1) & all;
}

/* The entry that the open question is about; false when the content has no such
 * form any more. */
static bool
form_entry_scan(const struct answering *a, struct form_entry *e)
{
	const char *about = a->conversation->dialog.about, *village;
	char code[32], field[32];
	int end = 0;

	*e = (struct form_entry){ .asked = FORM_NO_FIELD };
	if (sscanf(about, "%31[^/]/%31[^/]/%" SCNd64 "/%n", code, field,
	    &e->message, &end) != 3 ||
	    (e->form = form_find(a->content, code)) == NULL)
		return (false);
	e->asked = form_find_field(e->form, field);
	e->gone = e->asked == FORM_NO_FIELD;
	about = end > 0 ? about + end : "";
	if (end > 0)
		form_entry_scan_fields(e, about);
	else
		form_entry_scan_bits(e, a->conversation->dialog.at);
	village = strchr(about, '/');
	if (village != NULL)
		snprintf(e->village, sizeof e->village, "%.*s",
		    PLACE_TEXT_MAX - 1, village + 1);
	answer_replace(e->village, '_', ' ');
	return (true);
}

/* The same, to be kept with a question for one of its fields. */
static void
form_entry_print(const struct form_entry *e, unsigned int have, int field,
    char about[DIALOG_ABOUT_MAX])
{
	const struct content_form_field *f = e->form->fields;
	const char *before = "";
	size_t len;

	len = (size_t)snprintf(about, DIALOG_ABOUT_MAX, "%s/%s/%" PRId64 "/",
	    e->form->code, f[field].name, e->message);
	for (size_t i = 0; i < e->form->field_count; i++) {
		if (((have | e->passed) & 1u << i) == 0)
			continue;
		len += (size_t)snprintf(about + len, DIALOG_ABOUT_MAX - len,
		    "%s%s%s", before, (have & 1u << i) != 0 ? "" : "-",
		    f[i].name);
		before = ",";
	}
	if (*e->village != '\0')
		snprintf(about + len, DIALOG_ABOUT_MAX - len, "/%s",
		    e->village);
	answer_replace(about, ' ', '_');
}

/* What answers for a field that is gone is text. */
static void
form_entry_read(const struct answering *a, const struct form_entry *e,
    struct form_reading *r)
{
	const struct form_given given = { .now = a->given->now,
		.have = e->have, .asked = e->asked,
		.village = *e->village != '\0' ? e->village : NULL,
		.agrees = a->reading->choice == CHOICE_YES ||
		    a->reading->consent == CHOICE_YES };

	if (e->gone) {
		*r = (struct form_reading){ .wrong = FORM_NO_FIELD,
			.unread = xstrdup(a->given->text) };
		return;
	}
	form_read(r, a->content, e->form, a->given->text, &given);
}

static int
form_first_missing(const struct content_form *form, unsigned int have)
{
	for (int i = 0; i < (int)form->field_count; i++) {
		if (form->fields[i].required && (have & 1u << i) == 0)
			return (i);
	}
	return (FORM_NO_FIELD);
}

/* What was understood of an entry. */
static void
form_note_values(struct answering *a, const struct form_entry *e,
    const struct form_reading *r)
{
	char key[64];

	snprintf(key, sizeof key, "%" PRId64 "/%s", e->message, e->form->code);
	answer_act(a, ACT_ENTRY, key, form_first_missing(e->form,
	    e->have | r->found) == FORM_NO_FIELD ? "complete" : "");
	for (size_t i = 0; i < e->form->field_count; i++) {
		if ((r->found & 1u << i) == 0)
			continue;
		snprintf(key, sizeof key, "%" PRId64 "/%s", e->message,
		    e->form->fields[i].name);
		answer_act(a, ACT_VALUE, key, r->values[i]);
	}
}

/* All that a text says of it. */
static void
form_note(struct answering *a, const struct form_entry *e,
    const struct form_reading *r)
{
	char key[64];

	form_note_values(a, e, r);
	snprintf(key, sizeof key, "%" PRId64, e->message);
	if (*r->unread != '\0')
		answer_act(a, ACT_UNREAD, key, r->unread);
}

/* Which village it is, of several that have the name. */
static const char *
form_which(const struct answering *a, struct form_entry *e,
    const struct form_reading *r, int field, struct answer_which *which)
{
	enum lang used = LANG_SR_LATN;

	if (field != e->asked)
		*e->village = '\0';
	if (field == r->wrong && r->among != NULL)
		snprintf(e->village, sizeof e->village, "%s",
		    r->among->settlement);
	if (answer_text(a, "FORM_WHICH", &used) == NULL ||
	    !answer_which(a, e->village, used, which)) {
		*e->village = '\0';
		return (NULL);
	}
	return ("FORM_WHICH");
}

static void
form_ask(struct answering *a, struct form_entry *e,
    const struct form_reading *r, int field)
{
	const struct content_form_field *f = &e->form->fields[field];
	struct answer_which which;
	const char *key = form_which(a, e, r, field, &which);
	enum lang used = LANG_SR_LATN;
	char about[DIALOG_ABOUT_MAX];
	struct answer_field fields[] = { { "ASK", NULL },
		{ "EXAMPLE", NULL }, { "PLACE", which.name },
		{ "OPTIONS", which.options }, { NULL, NULL } };

	if (key == NULL)
		key = r->wrong != field ? "FORM_ASK" :
		    f->type == FORM_DATE ? "FORM_NO_DAY" : "FORM_WRONG";
	(void)answer_text(a, key, &used);
	fields[0].value = content_nearest(f->ask, used, "");
	fields[1].value = content_nearest(f->example, used, "");
	answer_say(a, REPLY_SERVICE, key, fields);
	form_entry_print(e, e->have | r->found, field, about);
	answer_ask(a, DIALOG_FIELD, about, 0);
}

static void
form_thank(struct answering *a, const struct form_entry *e,
    const struct form_reading *r)
{
	char n[16];
	const struct answer_field fields[] = { { "N", n }, { NULL, NULL } };

	/* Who was asked in vain is not told that all is well. */
	bool vain = r->wrong != FORM_NO_FIELD || form_first_missing(e->form,
	    e->have | r->found) != FORM_NO_FIELD;
	const char *key = vain ? "FORM_KEPT" : e->form->thanks;

	snprintf(n, sizeof n, "%d", __builtin_popcount(e->have | r->found));
	answer_say(a, REPLY_SERVICE, answer_key(a, key, "FORM_OK"), fields);
}

/* The name of a few villages is half an answer. */
static bool
form_is_nearer(const struct form_entry *e, const struct form_reading *r)
{
	return (r->wrong == e->asked && r->among != NULL &&
	    strcmp(r->among->settlement, e->village) != 0);
}

/* What was not answered is not asked for again, but what else is missing. */
static void
form_go_on(struct answering *a, struct form_entry *e,
    const struct form_reading *r)
{
	int field = r->wrong;

	if (e->asked != FORM_NO_FIELD && (r->found & 1u << e->asked) == 0 &&
	    !form_is_nearer(e, r))
		e->passed |= 1u << e->asked;
	if (field == FORM_NO_FIELD || (e->passed & 1u << field) != 0)
		field = form_first_missing(e->form,
		    e->have | r->found | e->passed);
	if (field != FORM_NO_FIELD)
		form_ask(a, e, r, field);
	else
		form_thank(a, e, r);
}

void
answer_form(struct answering *a)
{
	struct form_entry e = { .form = form_find(a->content,
		a->reading->code), .message = a->given->message,
		.asked = FORM_NO_FIELD };
	struct form_reading r;

	if (e.form == NULL) {
		a->answer->silent = "the content has no such form";
		return;
	}
	form_entry_read(a, &e, &r);
	form_note(a, &e, &r);
	form_go_on(a, &e, &r);
	form_clear(&r);
}

void
answer_form_beside(struct answering *a)
{
	struct form_entry e = { .form = form_find(a->content,
		a->reading->form), .message = a->given->message,
		.asked = FORM_NO_FIELD };
	struct form_reading r;

	if (e.form == NULL)
		return;
	form_entry_read(a, &e, &r);
	form_note(a, &e, &r);
	form_clear(&r);
}

void
answer_field_of_form(struct answering *a)
{
	struct form_entry e;
	struct form_reading r;

	if (!form_entry_scan(a, &e)) {
		a->answer->silent = "the content has no such form";
		return;
	}
	form_entry_read(a, &e, &r);
	dialog_end(&a->conversation->dialog);
	form_note(a, &e, &r);
	form_go_on(a, &e, &r);
	form_clear(&r);
}

void
answer_form_again(struct answering *a)
{
	const struct form_reading none = { .wrong = FORM_NO_FIELD };
	struct form_entry e;

	if (!form_entry_scan(a, &e))
		return;
	if (e.gone)
		form_go_on(a, &e, &none);
	else
		form_ask(a, &e, &none, e.asked);
}

bool
answer_takes_value(const struct answering *a)
{
	struct form_entry e;
	struct form_reading r;
	bool takes;

	if (!form_entry_scan(a, &e) || e.gone ||
	    e.form->fields[e.asked].type == FORM_TEXT)
		return (false);
	form_entry_read(a, &e, &r);
	takes = (r.found & 1u << e.asked) != 0;
	form_clear(&r);
	return (takes);
}

/* Who tells of something at length reports, whatever it begins with: the person
 * who collects the forms is not the one who reads reports. */
static bool
form_is_story(const struct answering *a, const struct form_entry *e,
    const struct form_reading *r)
{
	const struct reading *reading = a->reading;

	return (e->form->fields[e->asked].type != FORM_TEXT &&
	    reading->words > FORM_STORY_WORDS &&
	    (!r->begins || reading->confidence >= ANSWER_UNSURE));
}

/* Of a story the value is noted that was asked for, where it begins with one. A
 * question about rights is no answer either. */
bool
answer_is_of_form(struct answering *a, bool tells)
{
	const struct reading *reading = a->reading;
	struct form_entry e;
	struct form_reading r;
	bool is = !tells && (reading->intent != INTENT_RIGHTS ||
	    (reading->guessed && !reading->command));

	if (reading->emergency != EMERGENCY_NONE || !form_entry_scan(a, &e))
		return (false);
	form_entry_read(a, &e, &r);
	if (!e.gone && (r.found & 1u << e.asked) != 0) {
		is = !tells || !form_is_story(a, &e, &r);
		r.found &= 1u << e.asked;
		if (!is && r.begins)
			form_note_values(a, &e, &r);
	}
	form_clear(&r);
	return (is);
}
