/*
 * Numbers of a form: digits beside a label first, then others, then words
 * where a field is still free. Runs in glasd and glasctl. "About" and what is
 * written on to digits go with them; a time or an amount of money is no
 * count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/form_private.h"

#define FORM_DIGITS_MAX 9
#define FORM_ODD_MAX 4		/* digits; more are a telephone */
#define FORM_SUFFIX_MAX 4	/* letters written on to digits: 5ak */

/* The words of one number: 1.200 is two. */
static size_t
form_digit_words(const struct former *r, size_t word)
{
	const struct fold_word *w = r->folded.words;
	size_t last = word;

	while (w[word].len <= 3 && form_between(r, last, ".") &&
	    w[last + 1].digits && w[last + 1].len == 3)
		last++;
	return (last - word + 1);
}

/* -1 when there are too many digits. */
static long
form_digits(const struct former *r, size_t word, size_t words)
{
	char digits[FORM_DIGITS_MAX + 1];
	size_t len = 0;

	for (size_t i = word; i < word + words; i++) {
		const struct fold_word *w = &r->folded.words[i];

		if (len + w->len > FORM_DIGITS_MAX)
			return (-1);
		memcpy(digits + len, r->folded.text + w->at, w->len);
		len += w->len;
	}
	digits[len] = '\0';
	return (strtol(digits, NULL, 10));
}

/* A time (17:30, 5 h), a while or an amount. */
static bool
form_is_measure(const struct former *r, size_t word, size_t words)
{
	const struct folded *f = &r->folded;
	size_t next = word + words;

	if (word > 0 && f->words[word - 1].digits &&
	    form_between(r, word - 1, ":"))
		return (true);
	return (next < f->count && (form_word_of(FORM_UNIT, f, next) ||
	    form_word_of(FORM_DAYS, f, next) ||
	    (f->words[next].digits && form_between(r, next - 1, ":"))));
}

/* With "about" before it and a few letters that are written on to it. */
static void
form_take_around(struct former *r, size_t word, size_t next)
{
	const struct folded *f = &r->folded;

	if (word > 0 && form_word_of(FORM_ABOUT, f, word - 1))
		form_take(r, word - 1, 1);
	if (next < f->count && !r->words[next].taken &&
	    !f->words[next].digits && f->words[next].len <= FORM_SUFFIX_MAX &&
	    (form_between(r, next - 1, "") ||
	    form_word_of(FORM_ABOUT_SUFFIX, f, next)))
		form_take(r, next, 1);
}

static void
form_set_number(struct former *r, int field, long n, size_t word,
    size_t words, size_t label)
{
	char value[16];

	snprintf(value, sizeof value, "%ld", n);
	form_set(r, field, value, word, words, label);
	form_take_around(r, word, word + words);
}

static bool
form_in_range(const struct former *r, int field, long n)
{
	const struct content_form_field *f = &r->form->fields[field];

	return (n >= f->min && n <= f->max);
}

/* Beyond the range: a mistake where it was asked for or labelled. Else it may
 * be one when it is short, and as long as nothing better comes. */
static bool
form_is_odd(const struct former *r, size_t word, size_t words)
{
	return (words == 1 && r->folded.words[word].len <= FORM_ODD_MAX);
}

/* A number that is labelled, or any. */
static void
form_number_in_digits(struct former *r, size_t word, size_t words,
    bool labelled, size_t *odd)
{
	long n = form_digits(r, word, words);
	size_t label, none = r->folded.count;
	int field = form_field_for(r, word, words, FORM_NUMBER, &label);
	bool meant = label != none || field == r->given->asked;

	if (field == FORM_NO_FIELD || (labelled && label == none) ||
	    (!meant && form_is_measure(r, word, words)))
		return;
	if (form_in_range(r, field, n))
		form_set_number(r, field, n, word, words, label);
	else if (meant)
		form_set_wrong(r, field, word, words, label);
	else if (*odd == none && form_is_odd(r, word, words))
		*odd = word;
}

static void
form_numbers_in_digits(struct former *r, bool labelled)
{
	size_t words, label, none = r->folded.count, odd = none;
	int field;

	for (size_t i = 0; i < none; i += words) {
		words = 1;
		if (!r->folded.words[i].digits || r->words[i].taken)
			continue;
		words = form_digit_words(r, i);
		form_number_in_digits(r, i, words, labelled, &odd);
	}
	if (odd == none)
		return;
	field = form_field_for(r, odd, 1, FORM_NUMBER, &label);
	if (field != FORM_NO_FIELD)
		form_set_wrong(r, field, odd, 1, label);
}

static void
form_numbers_in_words(struct former *r)
{
	enum form_use use = FORM_ANYWHERE;
	size_t label;
	int field, n;

	for (size_t i = 0; i < r->folded.count; i++) {
		if (r->words[i].taken ||
		    (n = form_word_number(&r->folded, i, &use)) == -1)
			continue;
		field = form_field_for(r, i, 1, FORM_NUMBER, &label);
		if (field != FORM_NO_FIELD && form_in_range(r, field, n) &&
		    form_may_mean(r, i, use, field, label) &&
		    (field == r->given->asked || !form_is_measure(r, i, 1)))
			form_set_number(r, field, n, i, 1, label);
	}
}

void
form_numbers(struct former *r)
{
	form_numbers_in_digits(r, true);
	form_numbers_in_digits(r, false);
	form_numbers_in_words(r);
}
