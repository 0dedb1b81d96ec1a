/*
 * What is said with an intent: the number of a report, a topic, an option, the
 * place of a list. Runs in glasd and glasctl, for the rules of intent.c and for
 * intent_weigh.c; owns nothing. What is not there leaves the reading as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/form.h"
#include "text/reading_private.h"
#include "text/reference.h"

#define INTENT_TOPIC_WORDS 3	/* within which its number stands */
#define INTENT_TOPIC_MAX 999
#define INTENT_EVENT_DIGITS 6

/* Digits of so many words from `at` on, joined over spaces and dashes. An empty
 * string when they are no reference. */
static void
intent_join_digits(const struct reader *r, size_t at, size_t words,
    char out[REFERENCE_MAX + 1])
{
	const struct folded *f = &r->folded;
	size_t len = 0;

	for (size_t i = at; i < at + words; i++) {
		const struct fold_word *w = &f->words[i];

		if (len + w->len > REFERENCE_MAX) {
			len = 0;
			break;
		}
		memcpy(out + len, f->text + w->at, w->len);
		len += w->len;
	}
	out[len] = '\0';
	if (!reference_sound(out, len))
		out[0] = '\0';
}

/* How many words of digits stand side by side from there on, in one clause. */
static size_t
intent_digits_run(const struct reader *r, size_t at)
{
	const struct folded *f = &r->folded;
	size_t run = 0;

	while (at + run < f->count && f->words[at + run].digits &&
	    (run == 0 || !f->words[at + run - 1].stop))
		run++;
	return (run);
}

/* One run of digits, or all runs that stand side by side. */
static void
intent_find_reference(const struct reader *r, char out[REFERENCE_MAX + 1])
{
	const struct folded *f = &r->folded;
	size_t run;

	out[0] = '\0';
	for (size_t i = 0; i < f->count && *out == '\0'; i += run) {
		run = intent_digits_run(r, i);
		if (run == 0) {
			run = 1;
			continue;
		}
		intent_join_digits(r, i, 1, out);
		if (*out == '\0')
			intent_join_digits(r, i, run, out);
	}
}

/* A number that was meant as a reference and is none: nothing else stands
 * behind the word, or it has about as many digits. Telephones have more. */
static bool
intent_is_mistyped(const struct reader *r, size_t at, size_t run)
{
	const struct fold_word *first = &r->folded.words[at];
	size_t len = 0;

	for (size_t i = 0; i < run; i++)
		len += first[i].len;
	return (run + 1 >= r->folded.count ||
	    (len + 1 >= REFERENCE_MIN && len <= REFERENCE_MIN + 2));
}

/* The number, which is no reference, that stands there, if one does. */
static void
intent_mistyped(struct reader *r, size_t at, size_t run)
{
	if (run == 0 || !intent_is_mistyped(r, at, run))
		return;
	snprintf(r->out->argument, sizeof r->out->argument, "%.*s",
	    (int)r->folded.words[at].len,
	    r->folded.text + r->folded.words[at].at);
}

void
intent_status_of(struct reader *r)
{
	size_t run;

	if (intent_reference(r))
		return;
	for (size_t i = 0; i < r->folded.count; i += run + 1) {
		run = intent_digits_run(r, i);
		intent_mistyped(r, i, run);
	}
}

/* "10000 dinars": round, and of something. */
static bool
intent_is_amount(const struct reader *r, size_t at)
{
	const struct fold_word *w = &r->folded.words[at];
	const char *end = r->folded.text + w->at + w->len;

	return (w->digits && w->len > 2 && at + 1 < r->folded.count &&
	    end[-1] == '0' && end[-2] == '0');
}

void
intent_added_to(struct reader *r)
{
	if (!intent_reference(r) && r->folded.count > 1 &&
	    !intent_is_amount(r, 1))
		intent_mistyped(r, 1, intent_digits_run(r, 1));
}

static void
intent_code(struct reader *r, const char *code, size_t len)
{
	snprintf(r->out->argument, sizeof r->out->argument, "%.*s", (int)len,
	    code);
	r->out->code = r->out->argument;
}

bool
intent_reference(struct reader *r)
{
	char found[REFERENCE_MAX + 1];

	intent_find_reference(r, found);
	if (*found == '\0')
		return (false);
	intent_code(r, found, strlen(found));
	return (true);
}

void
intent_erase_code(struct reader *r)
{
	const struct folded *f = &r->folded;

	for (size_t i = 1; i < f->count; i++) {
		if (f->words[i].digits && f->words[i].len == 4)
			intent_code(r, f->text + f->words[i].at, 4);
	}
}

void
intent_list(struct reader *r)
{
	if (r->out->place != NULL)
		r->out->code = r->out->place->municipality;
}

/* Nothing but the word of a list behind that of the intent, which may be one
 * that is complained of elsewhere. */
bool
intent_list_word(struct reader *r)
{
	const struct folded *f = &r->folded;
	const char *code = f->count == 2 ? content_list_by_word(r->content,
	    f->text + f->words[1].at, f->words[1].len) : NULL;

	if (code != NULL)
		r->out->code = code;
	return (code != NULL);
}

long
intent_topic_number(const struct reader *r)
{
	const struct folded *f = &r->folded;

	for (size_t i = 0; i < f->count && i < INTENT_TOPIC_WORDS; i++) {
		if (f->words[i].digits)
			return (strtol(f->text + f->words[i].at, NULL, 10));
	}
	return (-1);
}

/* The topic of a number. One that is none is told to be; what is longer may be
 * the number of a telephone, and is not repeated. */
static int
intent_topic_numbered(struct reader *r, long number)
{
	int topic = content_topic_by_number(r->content, number);

	if (topic == CONTENT_NONE && number <= INTENT_TOPIC_MAX)
		snprintf(r->out->argument, sizeof r->out->argument, "%ld",
		    number);
	return (topic);
}

void
intent_topic(struct reader *r, long number)
{
	int topic = number >= 0 ? intent_topic_numbered(r, number) :
	    category_best_topic(r);

	if (topic == CONTENT_NONE)
		return;
	r->out->code = r->content->topics[topic].code;
	reader_trace(r, "topic %s", r->out->code);
}

/* The number at word `i`, and the one beside it. */
static bool
intent_numbers(struct reader *r, size_t i)
{
	const struct fold_word *w = &r->folded.words[i];
	size_t words = i + 1 < r->folded.count && w[1].digits ? 2 : 1;
	size_t end = w[words - 1].at + w[words - 1].len;

	if (end - w->at >= sizeof r->out->argument)
		return (false);
	intent_code(r, r->folded.text + w->at, end - w->at);
	return (true);
}

/* Six digits, also in two words. */
void
intent_duty_code(struct reader *r)
{
	const struct folded *f = &r->folded;
	char code[7] = "";
	size_t len = 0;

	for (size_t i = 1; i < f->count; i++) {
		const struct fold_word *w = &f->words[i];

		if (!w->digits)
			continue;
		if (len + w->len >= sizeof code)
			return;
		memcpy(code + len, f->text + w->at, w->len);
		len += w->len;
	}
	if (len == sizeof code - 1)
		intent_code(r, code, len);
}

bool
intent_ends_with_number(const struct reader *r)
{
	const struct folded *f = &r->folded;

	return (f->count > 1 && f->words[f->count - 1].digits);
}

/* Nothing but the words for yes or no to an invitation stands before the last
 * word: "we are 3" and "at 6" name no event. */
static bool
intent_is_behind_attend(const struct reader *r)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (h->word == 0 && h->words + 1u == r->folded.count &&
		    ((k->kind == KEYWORD_INTENT && k->code == INTENT_ATTEND) ||
		    (k->kind == KEYWORD_SIGN && k->code == SIGN_UNABLE)))
			return (true);
	}
	return (false);
}

/* Which one they come to. */
void
intent_event(struct reader *r)
{
	const struct fold_word *w = &r->folded.words[r->folded.count - 1];

	if (intent_ends_with_number(r) && w->len <= INTENT_EVENT_DIGITS &&
	    intent_is_behind_attend(r))
		snprintf(r->out->argument, sizeof r->out->argument, "%.*s",
		    (int)w->len, r->folded.text + w->at);
}

/* One digit that stands alone, from 1 to 5, or its word and nothing else. */
void
intent_mark(struct reader *r)
{
	const struct folded *f = &r->folded;
	long said = f->count < 2 ? -1 :
	    form_number_said(r->text + f->words[1].from);
	char mark[2] = "";

	for (size_t i = 1; i < f->count; i++) {
		const char *s = f->text + f->words[i].at;

		if (f->words[i].digits && f->words[i].len == 1 &&
		    *s >= '1' && *s <= '5') {
			intent_code(r, s, 1);
			return;
		}
	}
	if (said >= 1 && said <= 5) {
		mark[0] = (char)('0' + said);
		intent_code(r, mark, 1);
	}
}

/* "-1", which is not the first of them; in "vote-1" and "vote - 1" it is no more
 * than a line between two words. */
bool
intent_is_negative(const struct reader *r, size_t word)
{
	size_t from = r->folded.words[word].from;

	return (from > 0 && r->text[from - 1] == '-' &&
	    (from == 1 || r->text[from - 2] == ' '));
}

void
intent_option(struct reader *r)
{
	const struct folded *f = &r->folded;
	size_t i;

	for (i = 0; i < f->count && !f->words[i].digits; i++)
		;
	if (i < f->count && (intent_is_negative(r, i) || intent_numbers(r, i)))
		return;
	if (r->options[OPTION_NO] > 0)
		r->out->code = "NO";
	else if (r->options[OPTION_YES] > 0)
		r->out->code = "YES";
}

bool
intent_has_values(const struct reader *r)
{
	const struct content_form *form = &r->content->forms[r->form];
	const struct form_given given = { .asked = FORM_NO_FIELD };
	struct form_reading read;
	bool found = false;

	form_read(&read, r->content, form, r->text, &given);
	for (size_t i = 0; i < form->field_count; i++)
		found |= (read.found & 1u << i) != 0 &&
		    form->fields[i].type != FORM_PLACE &&
		    form->fields[i].type != FORM_TEXT;
	form_clear(&read);
	return (found);
}
