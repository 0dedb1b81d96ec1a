/*
 * Dates of a form: 23.11., 23/11/2026, 2026-11-23, 23 November, yesterday,
 * three days ago. Runs in glasd and glasctl. Without a year it is the last such
 * day, or one soon to come. A day that no calendar has is a mistake, no text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/day.h"
#include "text/form_private.h"

#define FORM_YEAR_MIN 1900
#define FORM_YEAR_MAX 2100
#define FORM_SOON 60		/* days */
#define FORM_DAY_US (INT64_C(86400) * 1000000)

struct form_day {
	long		 year;		/* 0: not said */
	long		 month, day;
};

/* Days since 1970-01-01 in the Gregorian calendar, for years from 1 on: March
 * is taken for the first month, so that the leap day is the last. */
static long
form_day_number(struct form_day d)
{
	long y = d.month > 2 ? d.year : d.year - 1;
	long m = d.month > 2 ? d.month - 3 : d.month + 9;

	return (365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 +
	    d.day - 719469);
}

static bool
form_day_exists(struct form_day d)
{
	static const long days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = d.year % 4 == 0 && (d.year % 100 != 0 ||
	    d.year % 400 == 0);

	return (d.year >= FORM_YEAR_MIN && d.year <= FORM_YEAR_MAX &&
	    d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	    d.day <= days[d.month - 1] + (d.month == 2 && leap));
}

static struct form_day
form_day_of(long number)
{
	/* A guess that is at most a year too early. */
	struct form_day d = { .year = 1970 + number / 366, .month = 1,
		.day = 1 };

	if (number < 0)
		d.year--;
	while (form_day_number((struct form_day){ d.year + 1, 1, 1 }) <=
	    number)
		d.year++;
	while (d.month < 12 && form_day_number(
	    (struct form_day){ d.year, d.month + 1, 1 }) <= number)
		d.month++;
	d.day += number - form_day_number(d);
	return (d);
}

static long
form_today(const struct former *r)
{
	return ((long)(day_local_us(r->given->now) / FORM_DAY_US));
}

/* Finds the year where none was said; false when there is no such day. */
static bool
form_day_complete(const struct former *r, struct form_day *d)
{
	long today = form_today(r), last;

	if (d->year != 0)
		return (form_day_exists(*d));
	d->year = form_day_of(today).year + 1;
	for (last = d->year - 2; d->year >= last; d->year--) {
		if (form_day_exists(*d) &&
		    form_day_number(*d) <= today + FORM_SOON)
			return (true);
	}
	return (false);
}

static long
form_digits_of(const struct former *r, size_t word, size_t most)
{
	const struct folded *f = &r->folded;
	char digits[8];

	if (word >= f->count || !f->words[word].digits ||
	    f->words[word].len > most || r->words[word].taken)
		return (-1);
	snprintf(digits, sizeof digits, "%.*s", (int)f->words[word].len,
	    f->text + f->words[word].at);
	return (strtol(digits, NULL, 10));
}

/* The year behind a day and a month: two digits only where they are written
 * on. 0 for none. */
static long
form_year_behind(const struct former *r, size_t word, bool closely)
{
	long year = form_digits_of(r, word + 1, 4);
	size_t len;

	if (year < 0)
		return (0);
	len = r->folded.words[word + 1].len;
	if (len == 2 && closely && (form_between(r, word, ".") ||
	    form_between(r, word, "/")))
		return (2000 + year);
	if (len == 4 && year >= FORM_YEAR_MIN && year <= FORM_YEAR_MAX)
		return (year);
	return (0);
}

/* Whether a day and a month that cannot be are meant as a date all the same:
 * 31.2 and 35.13. are, 10.30 is not. */
static bool
form_looks_like_day(const struct former *r, const struct form_day *d,
    size_t last)
{
	size_t to = r->folded.words[last].to;

	return (d->year != 0 || (d->month <= 12 && d->day <= 31) ||
	    (to < r->text.len && r->text.data[to] == '.'));
}

/* 23.11., 23. 11. 2026, 23/11/26, 23-11-2026; the number of words, 0. */
static size_t
form_day_in_digits(const struct former *r, size_t word, struct form_day *d)
{
	bool dash = form_between(r, word, "-");

	d->day = form_digits_of(r, word, 2);
	d->month = form_digits_of(r, word + 1, 2);
	if (d->day < 0 || d->month < 0 || (!dash &&
	    !form_between(r, word, ".") && !form_between(r, word, ". ") &&
	    !form_between(r, word, "/")))
		return (0);
	d->year = form_year_behind(r, word + 1, true);
	if ((dash && d->year == 0) || !form_looks_like_day(r, d, word + 1))
		return (0);
	return (d->year != 0 ? 3 : 2);
}

static size_t
form_day_iso(const struct former *r, size_t word, struct form_day *d)
{
	d->year = form_digits_of(r, word, 4);
	d->month = form_digits_of(r, word + 1, 2);
	d->day = form_digits_of(r, word + 2, 2);
	return (d->year >= FORM_YEAR_MIN && d->month >= 0 && d->day >= 0 &&
	    form_between(r, word, "-") && form_between(r, word + 1, "-") ? 3 :
	    0);
}

/* "23. novembra 2026", "November 23". */
static size_t
form_day_and_month(const struct former *r, size_t word, struct form_day *d)
{
	size_t month = r->folded.words[word].digits ? word + 1 : word;
	size_t day = month == word ? word + 1 : word;

	d->day = form_digits_of(r, day, 2);
	if (month >= r->folded.count || r->folded.words[month].digits ||
	    r->words[month].taken || d->day < 0)
		return (0);
	d->month = form_word_month(&r->folded, month);
	if (d->month < 0)
		return (0);
	d->year = form_year_behind(r, word + 1, false);
	return (d->year != 0 ? 3 : 2);
}

/* A number of days, in digits or as a word; -1. */
static long
form_days(const struct former *r, size_t word)
{
	enum form_use use = FORM_ANYWHERE;
	long n = form_digits_of(r, word, 3);

	if (n < 0 && word < r->folded.count && !r->words[word].taken)
		n = form_word_number(&r->folded, word, &use);
	return (n);
}

/* "pre 3 dana", "3 days ago", "juce". */
static size_t
form_day_told(const struct former *r, size_t word, struct form_day *d,
    enum form_use *use)
{
	const struct folded *f = &r->folded;
	bool ago = form_word_of(FORM_AGO, f, word);
	size_t at = word + ago;
	long n = form_days(r, at);
	int days = 0;

	*use = FORM_ANYWHERE;
	if (n >= 0 && at + 1 < f->count && form_word_of(FORM_DAYS, f, at + 1) &&
	    (ago || (at + 2 < f->count &&
	    form_word_of(FORM_AGO, f, at + 2)))) {
		*d = form_day_of(form_today(r) - n);
		return (3);
	}
	if (!form_word_day(f, word, &days, use))
		return (0);
	*d = form_day_of(form_today(r) + days);
	return (1);
}

static size_t
form_day_at(const struct former *r, size_t word, struct form_day *d,
    enum form_use *use)
{
	size_t words;

	*use = FORM_ANYWHERE;
	if (!r->folded.words[word].digits) {
		words = form_day_told(r, word, d, use);
		return (words != 0 ? words : form_day_and_month(r, word, d));
	}
	if ((words = form_day_iso(r, word, d)) == 0 &&
	    (words = form_day_in_digits(r, word, d)) == 0 &&
	    (words = form_day_and_month(r, word, d)) == 0)
		words = form_day_told(r, word, d, use);
	return (words);
}

static void
form_set_day(struct former *r, int field, const struct form_day *d,
    size_t word, size_t words, size_t label)
{
	const struct folded *f = &r->folded;
	char value[48];

	snprintf(value, sizeof value, "%04ld-%02ld-%02ld", d->year, d->month,
	    d->day);
	form_set(r, field, value, word, words, label);
	/* "od", "on", "u": the small word goes with it. */
	if (word > 0 && !f->words[word - 1].digits &&
	    f->words[word - 1].len < 3)
		form_take(r, word - 1, 1);
}

void
form_dates(struct former *r)
{
	struct form_day d;
	enum form_use use;
	size_t words, label;
	int field;

	for (size_t i = 0; i < r->folded.count; i += words > 0 ? words : 1) {
		words = r->words[i].taken ? 0 : form_day_at(r, i, &d, &use);
		if (words == 0)
			continue;
		field = form_field_for(r, i, words, FORM_DATE, &label);
		if (field == FORM_NO_FIELD ||
		    !form_may_mean(r, i, use, field, label))
			continue;
		if (form_day_complete(r, &d))
			form_set_day(r, field, &d, i, words, label);
		else
			form_set_wrong(r, field, i, words, label);
	}
}
