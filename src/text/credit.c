/*
 * The amount in an operator's answer about the credit, and the day until which
 * the SIM is valid. Used by glasd; pure.
 * The answer is a stranger's text: it is folded to small Latin letters and cut,
 * then gone through from left to right, and what is no sound amount of money is
 * not read rather than guessed: dates, numbers of people, codes to dial.
 */
#include <ctype.h>
#include <string.h>

#include "lib/mem.h"
#include "text/credit.h"
#include "text/day.h"
#include "text/mask.h"
#include "text/script.h"

#define CREDIT_TEXT_MAX		1000	/* octets that are read */
#define CREDIT_DIGITS_MAX	9	/* before the decimals */
#define CREDIT_GROUPS_MAX	6
#define CREDIT_COVER_MIN	6	/* digits in a row */

static const char credit_amount[] = "{amount}";
static const char credit_date[] = "{date}";

static const struct {
	const char	*word;
	const char	*code;
} credit_currencies[] = {
	{ "rsd", "RSD" }, { "din", "RSD" }, { "dinar", "RSD" },
	{ "dinara", "RSD" }, { "dinari", "RSD" },
	{ "eur", "EUR" }, { "euro", "EUR" }, { "eura", "EUR" },
	{ "evra", "EUR" }, { "evro", "EUR" }, { "\xe2\x82\xac", "EUR" },
	{ "lek", "ALL" }, { "leke", "ALL" },
	{ "mkd", "MKD" }, { "den", "MKD" }, { "denar", "MKD" },
	{ "denari", "MKD" },
	{ "bgn", "BGN" }, { "lv", "BGN" }, { "lev", "BGN" },
	{ "leva", "BGN" },
	{ "bam", "BAM" }, { "km", "BAM" },
};

static bool
credit_digit(char c)
{
	return (c >= '0' && c <= '9');
}

/* A letter, or an octet of one. */
static bool
credit_letter(char c)
{
	return ((c >= 'a' && c <= 'z') || ((unsigned char)c & 0x80) != 0);
}

static void
credit_fold(struct buf *b, const char *text)
{
	script_to_gsm7(b, text, strnlen(text, CREDIT_TEXT_MAX), false);
	for (size_t i = 0; i < b->len; i++)
		b->data[i] = (uint8_t)(b->data[i] < 0x80 ?
		    tolower(b->data[i]) : b->data[i]);
}

static const char *
credit_skip_space(const char *p)
{
	return (p + strspn(p, " \n"));
}

/*
 * Currencies.
 */

static const char *
credit_currency(const char *word, size_t len)
{
	for (size_t n = 0; n < sizeof credit_currencies /
	    sizeof *credit_currencies; n++) {
		if (strlen(credit_currencies[n].word) == len &&
		    memcmp(credit_currencies[n].word, word, len) == 0)
			return (credit_currencies[n].code);
	}
	return (NULL);
}

/*
 * Amounts.
 */

/* A run of digits in groups, with what stands between them. */
struct credit_run {
	bool		 zero;		/* begins with one */
	size_t		 count;
	size_t		 digits[CREDIT_GROUPS_MAX];
	char		 between[CREDIT_GROUPS_MAX];	/* before the group */
	int64_t		 value[CREDIT_GROUPS_MAX];
};

/* Whether a separator stands here that a group of digits follows. A space is
 * one only before three of them. */
static bool
credit_separator(const char *p)
{
	if (*p == ' ')
		return (strspn(p + 1, "0123456789") == 3);
	return ((*p == '.' || *p == ',' || *p == '\'') && credit_digit(p[1]));
}

/* Goes to the end of the run in any case; false when it is too long. */
static bool
credit_run_read(const char **at, struct credit_run *run)
{
	const char *p = *at;
	bool sound = true;

	*run = (struct credit_run){ .zero = *p == '0' };
	do {
		const size_t n = run->count;
		const size_t digits = strspn(p + (n != 0), "0123456789");

		if (n == CREDIT_GROUPS_MAX || digits > CREDIT_DIGITS_MAX) {
			sound = false;
		} else {
			if (n != 0)
				run->between[n] = *p;
			run->digits[n] = digits;
			for (const char *d = p + (n != 0); credit_digit(*d);
			    d++)
				run->value[n] = 10 * run->value[n] + *d - '0';
			run->count++;
		}
		p += (n != 0) + digits;
		if (!sound)
			p += strspn(p, "0123456789.,");
	} while (sound && credit_separator(p));
	*at = p;
	return (sound);
}

/* The last group are decimals when it has one or two digits, or when it is the
 * only one behind a zero. */
static bool
credit_run_decimals(const struct credit_run *run)
{
	const size_t last = run->count - 1;

	return (last != 0 && run->between[last] != ' ' &&
	    (run->digits[last] <= 2 ||
	    (last == 1 && run->digits[0] == 1 && run->value[0] == 0)));
}

/* Groups of thousands have three digits and one kind of separator, which is
 * not that of the decimals. A number that begins with zero is no amount. */
static bool
credit_run_sound(const struct credit_run *run, size_t whole)
{
	size_t digits = run->digits[0];

	if (run->zero && (whole > 1 || digits > 1))
		return (false);
	for (size_t n = 1; n < whole; n++) {
		if (run->digits[n] != 3 || run->digits[0] > 3 ||
		    run->between[n] != run->between[1])
			return (false);
		digits += 3;
	}
	if (whole > 1 && whole < run->count &&
	    run->between[whole] == run->between[1])
		return (false);
	return (digits <= CREDIT_DIGITS_MAX);
}

static bool
credit_run_value(const struct credit_run *run, int64_t *hundredths)
{
	const bool decimals = credit_run_decimals(run);
	const size_t whole = run->count - decimals;
	int64_t value = 0, part = 0;

	if (!credit_run_sound(run, whole))
		return (false);
	for (size_t n = 0; n < whole; n++)
		value = 1000 * value + run->value[n];
	if (decimals) {
		part = run->value[whole];
		if (run->digits[whole] == 1)
			part *= 10;
		for (size_t n = run->digits[whole]; n > 2; n--)
			part /= 10;
	}
	*hundredths = 100 * value + part;
	return (true);
}

/* Whether a number may begin here: not inside another number, a code to dial,
 * or a word that is no currency. */
static bool
credit_begins(const char *text, const char *p)
{
	const char *word = p;

	if (!credit_digit(*p))
		return (false);
	if (p == text)
		return (true);
	if (credit_digit(p[-1]) || strchr("*#+/", p[-1]) != NULL)
		return (false);
	if (p > text + 1 && credit_digit(p[-2]) && (p[-1] == ':' ||
	    credit_separator(p - 1)))
		return (false);
	while (word > text && credit_letter(word[-1]))
		word--;
	return (word == p || credit_currency(word, (size_t)(p - word)) != NULL);
}

/* An amount at *at, which moves behind it. */
static bool
credit_number(const char *text, const char **at, int64_t *hundredths)
{
	const char *p = *at;
	const bool minus = *p == '-' && (p == text ||
	    (!credit_letter(p[-1]) && !credit_digit(p[-1])));
	struct credit_run run;

	p += minus;
	if (!credit_begins(text, p) || !credit_run_read(&p, &run) ||
	    !credit_run_value(&run, hundredths) ||
	    (*p != '\0' && strchr("*#%/:", *p) != NULL))
		return (false);
	if (minus)
		*hundredths = -*hundredths;
	*at = p;
	return (true);
}

/* The currency that stands right behind an amount, or right before it. */
static const char *
credit_currency_at(const char *text, const char *begin, const char *end)
{
	const char *p = credit_skip_space(end), *q = p;
	const char *code;

	while (credit_letter(*q))
		q++;
	code = credit_currency(p, (size_t)(q - p));
	if (code != NULL)
		return (code);
	for (p = begin; p > text && strchr(" \n.:-", p[-1]) != NULL; p--)
		;
	for (q = p; q > text && credit_letter(q[-1]); q--)
		;
	return (credit_currency(q, (size_t)(p - q)));
}

static void
credit_set(struct credit *credit, int64_t hundredths, const char *code)
{
	*credit = (struct credit){ .hundredths = hundredths };
	if (code != NULL)
		memcpy(credit->currency, code, sizeof credit->currency);
}

/*
 * Patterns.
 */

/* What a pattern found. */
struct credit_found {
	struct credit	 credit;
	int		 day;
};

static bool
credit_has_once(const char *pattern, const char *what)
{
	const char *first = strstr(pattern, what);

	return (first != NULL && strstr(first + 1, what) == NULL);
}

const char *
credit_pattern_check(const char *pattern)
{
	if (!credit_has_once(pattern, credit_amount))
		return ("has not {amount} in one place; write it like "
		    "stanje*{amount}*din");
	if (strlen(pattern) > CREDIT_TEXT_MAX)
		return ("is too long");
	return (NULL);
}

const char *
credit_valid_check(const char *pattern)
{
	if (!credit_has_once(pattern, credit_date))
		return ("has not {date} in one place; write it like "
		    "vazi do {date}");
	if (strlen(pattern) > CREDIT_TEXT_MAX)
		return ("is too long");
	return (NULL);
}

static bool
credit_take_amount(const char *text, const char **at,
    struct credit_found *found)
{
	const char *begin = *at;
	int64_t hundredths;

	if (!credit_number(text, at, &hundredths))
		return (false);
	credit_set(&found->credit, hundredths,
	    credit_currency_at(text, begin, *at));
	return (true);
}

/* Not from the middle of a number on, nor out of a longer row of them. */
static bool
credit_take_date(const char *text, const char **at, struct credit_found *found)
{
	const char *p = *at;

	if (p > text && (credit_digit(p[-1]) || (p > text + 1 &&
	    credit_digit(p[-2]) && strchr("./-", p[-1]) != NULL)))
		return (false);
	return (day_read(at, &found->day));
}

static bool
credit_is_at(const char *piece, const char *piece_end, const char *what)
{
	const size_t len = strlen(what);

	return ((size_t)(piece_end - piece) >= len &&
	    memcmp(piece, what, len) == 0);
}

/* One piece of a pattern, up to its next *, here; the end of what it took, or
 * NULL. */
static const char *
credit_piece(const char *text, const char *p, const char *piece,
    const char *piece_end, struct credit_found *found)
{
	while (piece < piece_end) {
		if (credit_is_at(piece, piece_end, credit_amount)) {
			if (!credit_take_amount(text, &p, found))
				return (NULL);
			piece += strlen(credit_amount);
		} else if (credit_is_at(piece, piece_end, credit_date)) {
			if (!credit_take_date(text, &p, found))
				return (NULL);
			piece += strlen(credit_date);
		} else if (*piece == ' ') {
			p = credit_skip_space(p);
			piece++;
		} else if (*p == *piece) {
			p++;
			piece++;
		} else {
			return (NULL);
		}
	}
	return (p);
}

/* Each piece is taken where it first fits: nothing later could fit better. */
static bool
credit_pieces(const char *text, const char *pattern,
    struct credit_found *found)
{
	const char *p = text;

	while (*pattern != '\0') {
		const char *end = pattern + strcspn(pattern, "*"), *after;

		while ((after = credit_piece(text, p, pattern, end,
		    found)) == NULL) {
			if (*p++ == '\0')
				return (false);
		}
		p = after;
		pattern = end + (*end == '*');
	}
	return (true);
}

static bool
credit_find(const char *text, const char *pattern, struct credit_found *found)
{
	struct buf folded = { 0 }, wanted = { 0 };
	bool matches;

	credit_fold(&folded, text);
	credit_fold(&wanted, pattern);
	matches = credit_pieces(buf_str(&folded), buf_str(&wanted), found);
	buf_clear(&folded);
	buf_clear(&wanted);
	return (matches);
}

bool
credit_match(const char *text, const char *pattern, struct credit *credit)
{
	struct credit_found found = { 0 };

	if (pattern == NULL || credit_pattern_check(pattern) != NULL ||
	    !credit_find(text, pattern, &found))
		return (false);
	*credit = found.credit;
	return (true);
}

bool
credit_valid(const char *text, const char *pattern, int *day)
{
	struct credit_found found = { 0 };

	if (pattern == NULL || credit_valid_check(pattern) != NULL ||
	    !credit_find(text, pattern, &found))
		return (false);
	*day = found.day;
	return (true);
}

bool
credit_guess(const char *text, struct credit *credit)
{
	struct buf folded = { 0 };
	const char *code = NULL, *s, *p;

	credit_fold(&folded, text);
	s = p = buf_str(&folded);
	while (*p != '\0' && code == NULL) {
		const char *begin = p;
		int64_t hundredths;

		if (!credit_number(s, &p, &hundredths))
			p++;
		else if ((code = credit_currency_at(s, begin, p)) != NULL)
			credit_set(credit, hundredths, code);
	}
	buf_clear(&folded);
	return (code != NULL);
}

/* Of telephones in any writing, and what else has many digits in a row. */
char *
credit_cover(const char *text)
{
	struct mask mask = { 0 };
	char *covered = mask_copy(text, &mask);

	mask_clear(&mask);
	for (char *p = covered; *p != '\0'; p++) {
		const size_t digits = strspn(p, "0123456789");

		if (digits >= CREDIT_COVER_MIN)
			memset(p, '*', digits);
		if (digits != 0)
			p += digits - 1;
	}
	return (covered);
}
