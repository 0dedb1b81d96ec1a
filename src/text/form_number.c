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
#define FORM_HUNDRED 100
#define FORM_THOUSAND 1000
#define FORM_ODD_MAX 4		/* digits; more are a telephone */
#define FORM_SUFFIX_MAX 4	/* letters written on to digits: 5ak */

/* A number of several words, while they are added to it. */
struct form_sum {
	long		 thousands;
	long		 rest;
};

/* Whether two numbers can be meant. */
static bool
form_several_free(const struct former *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->form->field_count; i++)
		count += r->form->fields[i].type == FORM_NUMBER &&
		    ((r->given->have | r->out->found) & 1u << i) == 0;
	return (count > 1);
}

/* 1.200 is two words of one number, and so is 10 000 where no second number is
 * asked for. */
static size_t
form_digit_words(const struct former *r, size_t word)
{
	const struct folded *f = &r->folded;
	const struct fold_word *w = f->words;
	bool spaced = f->text[w[word].at] != '0' && !form_several_free(r);
	size_t last = word;

	while (w[word].len <= 3 && last + 1 < f->count &&
	    (form_between(r, last, ".") || (form_between(r, last, " ") &&
	    (spaced || strncmp(f->text + w[last + 1].at, "000", 3) == 0))) &&
	    w[last + 1].digits && w[last + 1].len == 3)
		last++;
	return (last - word + 1);
}

/* "Two, hundred, twenty, five"; false: it is not of the same number. */
static bool
form_sum_add(struct form_sum *s, long n)
{
	if (n == FORM_THOUSAND && s->thousands == 0) {
		s->thousands = (s->rest > 0 ? s->rest : 1) * n;
		s->rest = 0;
	} else if (n == FORM_HUNDRED && s->rest > 0 && s->rest < 10) {
		s->rest *= n;
	} else if ((n < FORM_THOUSAND && n >= 10 &&
	    s->rest % FORM_HUNDRED == 0 &&
	    (n < FORM_HUNDRED || s->rest == 0)) ||
	    (n < 10 && n > 0 && s->rest % 10 == 0 &&
	    s->rest % FORM_HUNDRED != 10)) {
		s->rest += n;
	} else {
		return (false);
	}
	return (true);
}

/* How many words from `word` on are one number, which is *n; 0: none. What
 * follows another number, as one that was not understood would, is *torn. */
static size_t
form_words_number(const struct folded *f, size_t word, long *n,
    enum form_use *use, bool *torn)
{
	struct form_sum sum = { 0, 0 };
	size_t end = word + 1, next;
	enum form_use other;
	long more;

	*torn = false;
	*n = form_word_number(f, word, use);
	if (*n < 0)
		return (0);
	if (*n == 0 || !form_sum_add(&sum, *n))
		return (1);
	while (end < f->count && !f->words[end - 1].stop) {
		next = end;
		if (form_word_of(FORM_AND, f, end) && end + 1 < f->count)
			next++;
		more = form_word_number(f, next, &other);
		if (more < 0 || (next > end && more >= FORM_HUNDRED))
			break;
		if (!form_sum_add(&sum, more)) {
			*torn = next == end && other != FORM_ANSWER;
			break;
		}
		*use = FORM_ANYWHERE;
		end = next + 1;
	}
	*n = sum.thousands + sum.rest;
	return (end - word);
}

/* One word, or those of a number: all of them. */
static long
form_number_of(const struct folded *f, size_t at, size_t end, bool *order)
{
	const struct fold_word *w = &f->words[at];
	enum form_use use;
	bool torn;
	long n;

	*order = false;
	if (at + 1 == end && w->digits)
		return (w->len <= FORM_ODD_MAX ?
		    strtol(f->text + w->at, NULL, 10) : -1);
	if (form_words_number(f, at, &n, &use, &torn) == end - at)
		return (n);
	n = at + 1 == end ? form_word_place(f, at) : -1;
	*order = n >= 0;
	return (n);
}

/* "Number two", "the second one, please". */
static long
form_said(const char *text, bool *order)
{
	struct folded f;
	size_t at = 0, end;
	long n = -1;

	*order = false;
	if (text[strspn(text, " ")] == '-')
		return (-1);
	fold_make(&f, text, strlen(text));
	end = f.count;
	while (at + 1 < end && form_word_of(FORM_NUMBER_SIGN, &f, at))
		at++;
	while (at < end) {
		n = form_number_of(&f, at, end, order);
		if (n >= 0 || !form_word_of(FORM_NUMBER_BEHIND, &f, --end))
			break;
	}
	fold_clear(&f);
	return (n);
}

long
form_number_said(const char *text)
{
	bool order;

	return (form_said(text, &order));
}

long
form_order_said(const char *text)
{
	bool order;
	long n = form_said(text, &order);

	return (order ? n : -1);
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

/* "5 thousand": how many words go with the digits. */
static size_t
form_thousands(const struct former *r, size_t word, long *n)
{
	enum form_use use;
	int more;

	if (word >= r->folded.count || r->words[word].taken ||
	    r->folded.words[word - 1].stop ||
	    form_word_of(FORM_AND, &r->folded, word))
		return (0);
	more = form_word_number(&r->folded, word, &use);
	if ((more != FORM_HUNDRED && more != FORM_THOUSAND) ||
	    use == FORM_ANSWER || *n < 0 || *n > FORM_THOUSAND)
		return (0);
	*n *= more;
	return (1);
}

/* A number that is labelled, or any. */
static void
form_number_in_digits(struct former *r, size_t word, size_t words,
    bool labelled, size_t *odd)
{
	long n = form_digits(r, word, words);
	size_t label, none = r->folded.count;
	int field;
	bool meant;

	words += form_thousands(r, word + words, &n);
	field = form_field_for(r, word, words, FORM_NUMBER, &label);
	meant = label != none || field == r->given->asked;
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

/* Two numbers where one can be meant are a mistake: "two three". */
static void
form_number_in_words(struct former *r, size_t word, size_t words, long n,
    enum form_use use, bool torn)
{
	size_t label;
	int field = form_field_for(r, word, words, FORM_NUMBER, &label);
	bool asked = field == r->given->asked;

	if (field == FORM_NO_FIELD || !form_may_mean(r, word, use, field,
	    label) || (!asked && form_is_measure(r, word, words)))
		return;
	if (torn && (asked || !form_several_free(r)))
		form_set_wrong(r, field, word, words + 1, label);
	else if (form_in_range(r, field, n))
		form_set_number(r, field, n, word, words, label);
	else if (asked || label != r->folded.count)
		form_set_wrong(r, field, word, words, label);
}

static void
form_numbers_in_words(struct former *r)
{
	enum form_use use = FORM_ANYWHERE;
	size_t words;
	bool torn;
	long n;

	for (size_t i = 0; i < r->folded.count; i += words) {
		words = 1;
		if (r->words[i].taken || r->words[i].label != FORM_NO_FIELD)
			continue;
		words = form_words_number(&r->folded, i, &n, &use, &torn);
		if (words > 0)
			form_number_in_words(r, i, words, n, use, torn);
		else
			words = 1;
	}
}

void
form_numbers(struct former *r)
{
	form_numbers_in_digits(r, true);
	form_numbers_in_digits(r, false);
	form_numbers_in_words(r);
}
