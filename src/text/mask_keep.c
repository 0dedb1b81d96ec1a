/*
 * Groups of digits that stay: a date, a time, an amount, a law, a file. Runs in
 * glasd and glasctl; owns nothing. Nothing stays that a number of a telephone
 * reaches into: doc/masking.md says where the lines are.
 */
#include <string.h>

#include "text/mask_private.h"

static bool
mask_is_year(const struct mask_scan *s, size_t group)
{
	unsigned int value = mask_value(s, group);

	return (s->groups[group].len == 4 && value >= 1900 && value < 2100);
}

static bool
mask_is_day(const struct mask_scan *s, size_t day, size_t month)
{
	unsigned int d = mask_value(s, day), m = mask_value(s, month);

	return (mask_short(s, day) && mask_short(s, month) && d >= 1 &&
	    m >= 1 && d <= 31 && m <= 31 && (d <= 12 || m <= 12));
}

/* What stands tightly before it is no beginning of a number that this would
 * be the rest of. */
static bool
mask_is_rest(const struct mask_scan *s, size_t from, size_t group)
{
	return (group > from && s->groups[group - 1].tight &&
	    mask_begins(s, group - 1));
}

/* With the code of an operator before, and what is behind it, groups make a
 * number of which nothing is missing: "064 12.05.98", "064 123/2016". */
static bool
mask_completes(const struct mask_scan *s, size_t from, size_t group,
    size_t end)
{
	char word[MASK_WORD_MAX];

	mask_word_before(s, s->groups[group].first, 0, word);
	if (*word != '\0')
		return (false);
	for (size_t i = group; i-- > from;) {
		size_t code = mask_mobile_code(mask_digits(s, i));
		size_t total = mask_total(s, i, end);

		if (s->groups[i].list || s->groups[i].keep ||
		    total > MASK_E164_MAX)
			break;
		if (code != 0 && mask_total(s, i, group) >= code &&
		    (total == code + 6 || total == code + 7))
			return (true);
	}
	return (false);
}

/* 01.02.2026, 1/2/2026, 01 02 2026, 2026-02-01; 01.02.26 with signs. */
static bool
mask_is_date(const struct mask_scan *s, size_t from, size_t to, size_t i)
{
	const struct mask_group *g = mask_group_at(s, i);

	if (i + 3 > to || mask_is_rest(s, from, i))
		return (false);
	if (mask_is_year(s, i) && mask_is_day(s, i + 1, i + 2) &&
	    g[0].sign == '-' && g[1].sign == '-')
		return (true);
	if (!mask_is_day(s, i, i + 1))
		return (false);
	if (mask_is_year(s, i + 2))
		return (true);
	return (g[2].len == 2 && g[0].sign == g[1].sign &&
	    !mask_completes(s, from, i, i + 3) &&
	    mask_joins(s, i, to, "./-") &&
	    (i + 3 == to || !g[2].tight || g[2].sign == '\0' ||
	    (g[2].sign != g[0].sign && mask_short(s, i + 3))));
}

/* 08.30, 8:30, 01.02 */
static bool
mask_is_clock(const struct mask_scan *s, size_t to, size_t i)
{
	return (mask_joins(s, i, to, ".:") && mask_short(s, i) &&
	    mask_short(s, i + 1) && mask_value(s, i) <= 31 &&
	    mask_value(s, i + 1) < 60);
}

/* The same, and 12/2016. */
static bool
mask_is_pair(const struct mask_scan *s, size_t from, size_t to, size_t i)
{
	bool tight_before = i > from && s->groups[i - 1].tight &&
	    s->groups[i - 1].sign != '-' && !s->groups[i - 1].keep;

	if (i + 2 > to || tight_before || mask_is_rest(s, from, i) ||
	    (s->groups[i].sign != ':' && mask_completes(s, from, i, i + 2)))
		return (false);
	if (mask_joins(s, i, to, "/") && s->groups[i].len <= 4)
		return (mask_is_year(s, i + 1));
	return (mask_is_clock(s, to, i));
}

/* Nothing goes on behind it that it could be the beginning of. */
static bool
mask_pair_ends(const struct mask_scan *s, size_t from, size_t to, size_t i)
{
	const struct mask_group *g = mask_group_at(s, i + 1);

	if (i + 2 == to || g->list || mask_begins(s, i + 2))
		return (true);
	if (g->tight && g->sign != '-' && g->sign != '/')
		return (false);
	if (s->groups[i].sign == ':' && !g->tight)
		return (true);
	if (mask_is_date(s, from, to, i + 2))
		return (true);
	return (mask_is_clock(s, to, i + 2));
}

/* The parts of a file before its year tell it from a telephone, which has no
 * dash behind two digits, nor a slash behind others. */
static bool
mask_file_tells(const struct mask_scan *s, size_t first, size_t year,
    bool more)
{
	const struct mask_group *g = mask_group_at(s, first);
	bool mobile = mask_digits(s, first)[1] == '6';
	bool full = mask_is_year(s, year);
	size_t inner = mask_mobile_code(mask_digits(s, first + 1));

	if (g->plus || mask_digits(s, first)[0] != '0' || g[1].len > 5 ||
	    (!full && s->groups[year].len != 2))
		return (false);
	/* "03-065-683687/2026" has a number in it. */
	if (g->len == 2 && year - first == 3)
		return (!mobile && (inner == 0 ||
		    mask_total(s, first + 1, year) < inner + 6));
	if (g->len == 2)
		return (full || !mobile ||
		    mask_total(s, first, year + 1) <= MASK_WHOLE);
	return (g->len == 3 && year - first == 2 && full &&
	    (more || (!mobile && g[1].len <= 2)));
}

/* Groups of the number of a file, or 0: 06-123/2026, 030-12/2026-01,
 * 03-06-123/24. */
static size_t
mask_file(const struct mask_scan *s, size_t from, size_t to, size_t i)
{
	size_t year = i + 1, end;
	bool more;

	if (i > from && (s->groups[i - 1].tight || mask_begins(s, i - 1)))
		return (0);
	while (year < i + 3 && mask_joins(s, year - 1, to, "-"))
		year++;
	if (year < i + 2 || !mask_joins(s, year - 1, to, "/"))
		return (0);
	more = mask_is_year(s, year) && mask_joins(s, year, to, "-") &&
	    s->groups[year + 1].len <= 3;
	end = year + 1 + more;
	if (!mask_file_tells(s, i, year, more) ||
	    (end < to && s->groups[end - 1].tight))
		return (0);
	return (end - i);
}

static void
mask_keep_groups(struct mask_scan *s, size_t group, size_t count)
{
	while (count-- > 0)
		s->groups[group++].keep = true;
}

static void
mask_keep_times(struct mask_scan *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		s->groups[i].keep = false;
	for (size_t i = from; i < to; i++) {
		size_t count = mask_file(s, from, to, i);

		if (count > 0)
			;
		else if (mask_is_date(s, from, to, i))
			count = 3;
		else if (mask_is_pair(s, from, to, i) &&
		    mask_pair_ends(s, from, to, i))
			count = 2;
		mask_keep_groups(s, i, count);
		i += count > 0 ? count - 1 : 0;
	}
}

bool
mask_word_is(const char *word, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t len = strcspn(*words, "*");

		if (strncmp(word, *words, len) == 0 &&
		    ((*words)[len] == '*' || word[len] == '\0'))
			return (true);
	}
	return (false);
}

/* What is counted: money above all. Whole words, since names and much else
 * begin as these do: Milan, Denis, lekar, levo. */
static bool
mask_is_unit(const char *word)
{
	static const char *const units[] = { "din", "dinar*", "дин", "динар*",
		"rsd", "рсд", "den", "denar*", "ден", "денар*", "eur", "eura",
		"euri", "euro", "eurosh", "evr", "evra", "evre", "evri",
		"evro", "evru", "евр", "евра", "евре", "еври", "евро", "евру",
		"€", "$", "£", "dolar*", "dollar*", "долар*", "lek", "leke",
		"lekë", "lekësh", "lev", "leva", "лв", "лев", "лева", "левове",
		"hilj", "hiljad*", "хиљ", "хиљад*", "хил", "хиляд*", "mijë",
		"mije", "mil", "milion*", "milijard*", "мил", "милион*",
		"милијард*", "kwh", "квч", "kub", "kubik*", "куб", "кубик*",
		NULL };

	return (*word != '\0' && mask_word_is(word, units));
}

/* A currency stands before a group that is not what a number before it counts:
 * "EUR 64 500 000", and not "5000 EUR 64 123 456", nor "evra 64 123 456". */
static bool
mask_unit_before(const struct mask_scan *s, size_t group)
{
	static const char *const codes[] = { "eur", "rsd", "рсд", "din", "дин",
		"€", "$", "£", NULL };
	char word[MASK_WORD_MAX], counted[MASK_WORD_MAX] = "";

	mask_word_before(s, s->groups[group].first, 0, word);
	if (group > 0)
		mask_word_behind(s, s->groups[group - 1].end, counted);
	return (*word != '\0' && mask_word_is(word, codes) &&
	    strcmp(word, counted) != 0);
}

/* 12.000, 1 500 000: from the last group back; the first of it. */
static size_t
mask_thousands(const struct mask_scan *s, size_t from, size_t last)
{
	size_t i = last;

	while (i > from && s->groups[i].len == 3 && s->groups[i - 1].len <= 3 &&
	    (s->groups[i - 1].sign == '\0' ||
	    strchr(".,", s->groups[i - 1].sign) != NULL) &&
	    !s->groups[i - 1].list)
		i--;
	return (i);
}

bool
mask_is_round(const struct mask_scan *s, size_t group, size_t end)
{
	size_t total = mask_total(s, group, end);
	const char *d = mask_digits(s, group) + total;
	size_t zeros = end - group > 1 && mask_thousands(s, group, end - 1) ==
	    group ? 3 : 4;

	return (total > zeros && strncmp(d - zeros, "0000", zeros) == 0);
}

/* "6000-7000 din", "600.000 - 700.000 din", and nothing before: two amounts as
 * round as each other, the second one the larger. */
static bool
mask_is_range(const struct mask_scan *s, size_t from, size_t to, size_t amount)
{
	const char *d = mask_digits(s, from);
	size_t low, high;

	if (amount == from)
		return (false);
	low = mask_total(s, from, amount);
	high = mask_total(s, amount, to);
	return (s->groups[amount - 1].sign == '-' &&
	    mask_thousands(s, from, amount - 1) == from && *d != '0' &&
	    !s->groups[from].plus && low >= 4 &&
	    strncmp(d + low - 2, "00", 2) == 0 &&
	    strncmp(d + low + high - 2, "00", 2) == 0 &&
	    (high == low + 1 ||
	    (high == low && strncmp(d, d + low, low) < 0)));
}

/* A number that begins before an amount goes on into it: "064 123 4567 evra". */
static bool
mask_reaches(const struct mask_scan *s, size_t from, size_t to, size_t amount)
{
	/* "soba 061 za 1 200 500 din": none goes on behind these. */
	static const char *const prices[] = { "za", "do", "od", "за", "до",
		"од", "от", "për", "per", "deri", NULL };
	char word[MASK_WORD_MAX];
	size_t end;

	mask_word_before(s, s->groups[amount].first, 0, word);
	if ((*word != '\0' && mask_word_is(word, prices)) ||
	    mask_is_range(s, from, to, amount))
		return (false);
	for (size_t i = from; i < amount; i = end) {
		if (mask_find(s, from, to, i, &end) == MASK_NOT)
			end = i + 1;
		/* "soba 061, 12.000 din" */
		if (end > amount && (!s->groups[amount - 1].list ||
		    mask_total(s, i, end) > MASK_WHOLE))
			return (true);
	}
	return (false);
}

/* An amount that ends a run is a number, or has one in it. */
static bool
mask_amount_goes(const struct mask_scan *s, size_t from, size_t to,
    size_t amount)
{
	const struct mask_group *g = mask_group_at(s, amount);
	size_t end;

	if (mask_digits(s, amount)[0] == '0' || g->plus ||
	    g->len > MASK_FRACTION_MAX + 1)
		return (true);
	/* "612 064 123 456 din" */
	for (size_t i = to - 1; i > amount &&
	    mask_total(s, i, to) <= MASK_E164_MAX; i--) {
		if (mask_begins(s, i) && mask_total(s, i, to) > MASK_WHOLE &&
		    !mask_is_round(s, i, to))
			return (true);
	}
	/* "641234567 din": nobody counts so exactly, and without points. */
	return (g->len >= MASK_WHOLE &&
	    mask_find(s, from, to, amount, &end) != MASK_NOT);
}

/* An amount ends the run, and a currency follows; or one stands before. */
static void
mask_keep_amount(struct mask_scan *s, size_t from, size_t to)
{
	char word[MASK_WORD_MAX];
	size_t last = to - 1, first;

	mask_word_behind(s, s->groups[last].end, word);
	if (!mask_is_unit(word) && !mask_unit_before(s, from))
		return;
	/* Cents. */
	if (last > from && s->groups[last].len == 2 &&
	    mask_joins(s, last - 1, to, ",."))
		last--;
	first = mask_thousands(s, from, last);
	if (!mask_amount_goes(s, from, to, first) &&
	    !mask_reaches(s, from, to, first))
		mask_keep_groups(s, first, to - first);
}

void
mask_keep(struct mask_scan *s, size_t from, size_t to)
{
	mask_keep_times(s, from, to);
	if (mask_total(s, from, to) > 5)
		mask_keep_amount(s, from, to);
}
