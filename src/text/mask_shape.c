/*
 * What groups of digits are: a number of a telephone, a JMBG, or a date, a
 * time, an amount, a law, which stay. Runs in glasd and glasctl; owns nothing.
 * In doubt about a beginning that numbers of telephones have, it is one:
 * doc/masking.md says where the lines are.
 */
#include <string.h>

#include "text/mask_private.h"

#define MASK_E164_MAX 15
#define MASK_WHOLE 8		/* digits that may be all of a number */
#define MASK_JMBG_DIGITS 13
#define MASK_FRACTION_MAX 8	/* digits behind the point of a coordinate */

static const struct mask_group *
mask_group_at(const struct mask_scan *s, size_t i)
{
	return (&s->groups[i]);
}

static const char *
mask_digits(const struct mask_scan *s, size_t group)
{
	return (s->digits + s->groups[group].at);
}

/* Digits of groups from one to before another. */
static size_t
mask_total(const struct mask_scan *s, size_t group, size_t end)
{
	const struct mask_group *last = &s->groups[end - 1];

	return (last->at + last->len - s->groups[group].at);
}

static unsigned int
mask_value(const struct mask_scan *s, size_t group)
{
	unsigned int value = 0;

	for (uint32_t n = 0; n < s->groups[group].len && n < 6; n++)
		value = value * 10 + (unsigned int)(mask_digits(s,
		    group)[n] - '0');
	return (value);
}

static bool
mask_short(const struct mask_scan *s, size_t group)
{
	return (s->groups[group].len <= 2);
}

/* Begins as nothing but a number does: 06x, 017, +, 00381. */
static bool
mask_begins(const struct mask_scan *s, size_t group)
{
	const struct mask_group *g = mask_group_at(s, group);
	const char *d = mask_digits(s, group);

	return (g->plus || (g->len >= 3 && d[0] == '0' &&
	    (d[1] != '0' || g->len >= 4)));
}

/* The gap behind a group joins it to the next with nothing but this sign. */
static bool
mask_joins(const struct mask_scan *s, size_t group, size_t to, const char *by)
{
	const struct mask_group *g = mask_group_at(s, group);

	return (group + 1 < to && g[1].first - g->end == 1 &&
	    g->sign != '\0' && strchr(by, g->sign) != NULL);
}

/*
 * What stays.
 */

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

	if (g->plus || mask_digits(s, first)[0] != '0' || g[1].len > 5 ||
	    (!full && s->groups[year].len != 2))
		return (false);
	if (g->len == 2 && year - first == 3)
		return (!mobile);
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

/* A word of a list; one that ends with '*' there has any ending. */
static bool
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

/* 65.000.000 is an amount, also where nobody says of what. */
static bool
mask_is_round(const struct mask_scan *s, size_t group, size_t end)
{
	size_t total = mask_total(s, group, end);
	const char *d = mask_digits(s, group) + total;
	size_t zeros = end - group > 1 && mask_thousands(s, group, end - 1) ==
	    group ? 3 : 4;

	return (total > zeros && strncmp(d - zeros, "0000", zeros) == 0);
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
	if (*word != '\0' && mask_word_is(word, prices))
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

/*
 * What goes.
 */

/* The word that says what kind of number follows; "number" is passed over. */
static bool
mask_is_called(const struct mask_scan *s, size_t group,
    const char *const *names)
{
	static const char *const number[] = { "br*", "бр*", "nr*", "num*",
		"no*", "ном*", "je*", "је*", "mi*", "ми*", "si*", "e*", "is*",
		NULL };
	char word[MASK_WORD_MAX];
	unsigned int back = 0;

	mask_word_before(s, s->groups[group].first, back, word);
	while (back < 2 && *word != '\0' && !mask_word_is(word, names) &&
	    mask_word_is(word, number))
		mask_word_before(s, s->groups[group].first, ++back, word);
	return (*word != '\0' && mask_word_is(word, names));
}

static bool
mask_is_called_phone(const struct mask_scan *s, size_t group)
{
	/* Not Telekom, televizija or mobilna, which have references, too. */
	static const char *const names[] = { "tel", "telef", "telefon*",
		"teleph*", "тел", "телеф", "телефон*", "mob", "mobil",
		"mobile", "mobilen*", "mobilni*", "mobilno*", "mobitel*",
		"моб", "мобил", "мобилен*", "мобилни*", "мобилно*", "мобител*",
		"fiks*", "фикс*", "kucni", "kućni", "кућни", "viber*",
		"вибер*", "вайбър*", "whatsap*", "vacap*", "vocap*", "gsm*",
		"гсм*", "phone*", "cel", "celular*", NULL };

	return (mask_is_called(s, group, names));
}

static bool
mask_is_called_person(const struct mask_scan *s, size_t group)
{
	static const char *const names[] = { "jmbg*", "јмбг*", "umcn*",
		"egn*", "егн*", "maticn*", "матичн*", "matičn*", "personal*",
		"единен*", NULL };

	return (mask_is_called(s, group, names));
}

/* Day, month and the last three digits of the year, from 1900 to 2099. */
static bool
mask_is_birthday(const char *d)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int day = (d[0] - '0') * 10 + d[1] - '0';
	int month = (d[2] - '0') * 10 + d[3] - '0';

	return (month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] && (d[4] == '9' || d[4] == '0'));
}

/* Behind groups that have exactly so many digits, perhaps with commas; 0: there
 * are none. A date that follows is not of them. */
static size_t
mask_exactly(const struct mask_scan *s, size_t to, size_t group, size_t count,
    bool commas)
{
	for (size_t end = group + 1; end <= to; end++) {
		if (mask_total(s, group, end) == count)
			return (end);
		if (mask_total(s, group, end) > count ||
		    (s->groups[end - 1].list && !commas) || (end < to &&
		    s->groups[end].keep && !s->groups[group].keep))
			break;
	}
	return (0);
}

static size_t
mask_jmbg_end(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	bool called = mask_total(s, group, to) >= 9 &&
	    mask_is_called_person(s, group);
	size_t end = mask_exactly(s, to, group, MASK_JMBG_DIGITS, called);
	const struct mask_group *g = mask_group_at(s, group);

	/* Nor from the minutes of a time on. */
	if (g->plus || (g->keep && group > from && g[-1].keep && g[-1].tight))
		return (0);
	if (end != 0 && !s->groups[end - 1].keep &&
	    mask_is_birthday(mask_digits(s, group)))
		return (end);
	if (!called)
		return (0);
	for (size_t count = MASK_JMBG_DIGITS + 1; end == 0 && count >= 9;
	    count--)
		end = mask_exactly(s, to, group, count, false);
	return (end);
}

/* How many digits a number has that begins so; max 0: none does. */
struct mask_length {
	size_t		 min;
	size_t		 max;	/* in groups */
	size_t		 whole;	/* side by side with none missing */
};

/* Countries next to Serbia, as people write them without a plus. */
static bool
mask_is_neighbour(const char *d)
{
	static const char *const codes[] = { "381*", "382*", "383*", "385*",
		"386*", "387*", "389*", "355*", "359*", NULL };

	return (mask_word_is(d, codes) && d[3] != '\0');
}

/* Free of charge: a service. */
static bool
mask_is_free(const char *d)
{
	static const char *const codes[] = { "0800*", "0900*", "381800*",
		"00381800*", "381900*", "00381900*", NULL };

	return (mask_word_is(d, codes));
}

/* 64 123 456 7 without the zero; single digits alone, or a code in front, which
 * may be two words. */
static bool
mask_is_bare_mobile(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	const char *d = mask_digits(s, group);
	size_t i = group;

	if (d[0] != '6' || (group > from && s->groups[group - 1].tight &&
	    s->groups[group - 1].sign != '('))
		return (false);
	if (s->groups[group].len >= 2 || (group + 2 < to &&
	    s->groups[group].spelled && s->groups[group + 1].spelled &&
	    s->groups[group + 2].len > 2))
		return (true);
	while (i < to && s->groups[i].len == 1)
		i++;
	return (i == to);
}

/* By its beginning. */
static struct mask_length
mask_length_begun(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	const char *d = mask_digits(s, group);
	size_t left = mask_total(s, group, to);

	if (s->groups[group].plus && d[0] != '0')
		return ((struct mask_length){ 8,
		    strncmp(d, "3810", 4) == 0 ? 13 :
		    strncmp(d, "381", 3) == 0 ? 12 : 13, 10 });
	if (d[0] == '0' && d[1] == '0' && d[2] != '0' && left >= 3)
		return ((struct mask_length){ d[2] == '6' ? 8 : 10,
		    strncmp(d, "003810", 6) == 0 ? 15 :
		    strncmp(d, "00381", 5) == 0 ? 14 : 15, 12 });
	if (d[0] == '0' && d[1] == '6')
		return ((struct mask_length){ 7, 10, 9 });
	/* "0381 64 123 4567", or Pristina. */
	if (strncmp(d, "03816", 5) == 0)
		return ((struct mask_length){ 8, 13, 8 });
	if (d[0] == '0' && d[1] != '0')
		return ((struct mask_length){ 8,
		    d[1] == '1' && strchr("567", d[2]) != NULL &&
		    s->groups[group].len >= 4 ? 12 : 10, 8 });
	if (mask_is_neighbour(d))
		return ((struct mask_length){ 10,
		    strncmp(d, "3810", 4) == 0 ? 13 : 12, 10 });
	if (mask_is_bare_mobile(s, from, to, group))
		return ((struct mask_length){ 8, 9, 8 });
	return ((struct mask_length){ 0, 0, 0 });
}

static struct mask_length
mask_length_of(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	struct mask_length l;

	if (mask_total(s, group, to) < 6)
		return ((struct mask_length){ 0, 0, 0 });
	l = mask_length_begun(s, from, to, group);
	if (mask_is_called_phone(s, group))
		l = (struct mask_length){ 6, l.max > 13 ? l.max : 13,
		    l.whole != 0 ? l.whole : 6 };
	return (l);
}

/* Begins with the code of a country, which the rest follows. */
static bool
mask_is_abroad(const struct mask_scan *s, size_t group)
{
	const char *d = mask_digits(s, group);

	return (s->groups[group].plus || strncmp(d, "00", 2) == 0 ||
	    mask_is_neighbour(d));
}

/* Behind the groups that make a number that begins so whole, or 0. */
static size_t
mask_whole_end(const struct mask_scan *s, size_t to, size_t group)
{
	const char *d = mask_digits(s, group);
	size_t whole = d[0] == '3' ? 11 : strncmp(d, "00", 2) == 0 ? 13 :
	    strncmp(d, "06", 2) == 0 ? 9 : MASK_WHOLE;
	size_t end = group + 1;

	while (end < to && mask_total(s, group, end) < whole &&
	    !s->groups[end].keep && !s->groups[end].plus)
		end++;
	return (mask_total(s, group, end) >= whole ? end : 0);
}

/* Where a number may begin while another goes on, which is the less of one when
 * it has no zero in front. */
static bool
mask_is_start(const struct mask_scan *s, size_t group, bool bare)
{
	const char *d = mask_digits(s, group);

	return (mask_mobile_code(d) != 0 || (bare && (mask_begins(s, group) ||
	    (d[0] == '6' && s->groups[group].len == 2))));
}

/* A number of its own begins there, of which nothing is missing, nor does
 * another begin in it: "65000 064 1234567", "tel. 421-123 064 1234567". */
static bool
mask_is_own(const struct mask_scan *s, size_t to, size_t group, size_t next)
{
	bool bare = mask_digits(s, group)[0] == '6';
	size_t end;

	if (s->groups[next].plus)
		return (true);
	if (!mask_is_start(s, next, bare) || (mask_is_abroad(s, group) &&
	    mask_total(s, group, next) < MASK_WHOLE))
		return (false);
	end = mask_whole_end(s, to, next);
	bare = mask_digits(s, next)[0] == '6';
	for (size_t i = next + 1; i < end; i++) {
		if (mask_is_start(s, i, bare) && mask_whole_end(s, to, i) != 0)
			return (false);
	}
	return (end != 0);
}

/* A comma and a space before a group that may be of the number all the same:
 * "0, 6, 4, 1", or "064, 123 456". */
static bool
mask_comma_joins(const struct mask_scan *s, size_t group, size_t next)
{
	const struct mask_group *g = mask_group_at(s, next);
	const char *d = mask_digits(s, group);

	if (g[-1].len == 1 && g->len == 1 && strncmp(d, "06", 2) == 0)
		return (true);
	return (mask_total(s, group, next) <= 4 &&
	    (s->groups[group].plus || d[0] == '0'));
}

/* What is counted up: "064, 065, 063", "06, 07, 08, 09, 10. maja". */
static bool
mask_is_list(const struct mask_scan *s, size_t group, size_t end)
{
	bool codes = true, days = true, single = true;

	for (size_t i = group; i < end; i++) {
		const char *d = mask_digits(s, i);

		codes = codes && s->groups[i].len == 3 &&
		    (d[0] == '0' || strncmp(d, "38", 2) == 0);
		days = days && mask_short(s, i) && mask_value(s, i) <= 31;
		single = single && s->groups[i].len == 1;
	}
	return (codes || (days && !single));
}

/* A group may be the next of the number that has begun. */
static bool
mask_goes_on(const struct mask_scan *s, size_t to, size_t group, size_t next,
    const struct mask_length *l)
{
	const struct mask_group *before = mask_group_at(s, next - 1);
	const struct mask_group *g = mask_group_at(s, next);

	if (g->keep || mask_is_own(s, to, group, next))
		return (false);
	if (before->list)
		return (s->groups[group].plus || mask_begins(s, group) ||
		    mask_mobile_code(mask_digits(s, group)) != 0 ||
		    mask_comma_joins(s, group, next));
	return (g->len < 3 || before->tight || !mask_begins(s, next) ||
	    mask_total(s, group, next) < l->whole);
}

/* Behind the last group of the number, or `group` itself: there is none. With
 * commas between it has to be whole, and is not followed by another comma. */
static size_t
mask_phone_groups(const struct mask_scan *s, size_t to, size_t group,
    const struct mask_length *l)
{
	bool comma = false, strict = false;
	size_t best = group, end;

	for (end = group + 1; end <= to; end++) {
		size_t total = mask_total(s, group, end);

		if (end - 1 > group &&
		    !mask_goes_on(s, to, group, end - 1, l))
			break;
		if (end - 1 > group && s->groups[end - 2].list) {
			if (!comma && mask_total(s, group, end - 1) >= l->whole)
				break;
			comma = true;
			strict = strict || !mask_comma_joins(s, group, end - 1);
		}
		if (total > l->max && (best != group || strict))
			break;
		if (strict ? total >= l->whole && !mask_is_list(s, group, end) :
		    total >= l->min)
			best = end;
		if (total > l->max || (end == group + 1 && total >= l->whole &&
		    !s->groups[group].tight))
			break;
	}
	return (best);
}

/* More digits that nothing but a sign sets apart are of the same number. */
static size_t
mask_phone_tail(const struct mask_scan *s, size_t to, size_t group, size_t end)
{
	while (end < to && !s->groups[end].keep && s->groups[end - 1].tight &&
	    !mask_is_own(s, to, group, end) &&
	    mask_total(s, group, end + 1) <= MASK_E164_MAX)
		end++;
	return (end);
}

/* 21.0612345: behind the point of a coordinate. */
static bool
mask_is_fraction(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	const struct mask_group *g = mask_group_at(s, group);

	return (group > from && mask_joins(s, group - 1, to, ".,") &&
	    g[-1].len <= 3 && mask_digits(s, group - 1)[0] != '0' &&
	    (g->len <= MASK_FRACTION_MAX || strncmp(mask_digits(s, group),
	    "00", 2) == 0) && !mask_joins(s, group, to, ".,"));
}

static size_t
mask_phone_end(const struct mask_scan *s, size_t from, size_t to,
    size_t group)
{
	struct mask_length l = mask_length_of(s, from, to, group);
	bool bare = mask_digits(s, group)[0] == '6';
	size_t end;

	if (l.max == 0 || s->groups[group].keep ||
	    mask_is_free(mask_digits(s, group)) ||
	    mask_is_fraction(s, from, to, group))
		return (group);
	end = mask_phone_groups(s, to, group, &l);
	if (end == group)
		return (group);
	/* Without a beginning of its own it must have the length. */
	if (bare && l.min == 8 && (mask_total(s, group, end) > 9 ||
	    mask_is_round(s, group, end)))
		return (group);
	return (mask_phone_tail(s, to, group, end));
}

enum mask_found
mask_find(const struct mask_scan *s, size_t from, size_t to, size_t group,
    size_t *end)
{
	*end = mask_jmbg_end(s, from, to, group);
	if (*end != 0)
		return (MASK_JMBG);
	*end = mask_phone_end(s, from, to, group);
	return (*end != group ? MASK_PHONE : MASK_NOT);
}
