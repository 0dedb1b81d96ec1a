/*
 * Groups of digits that go: a number of a telephone, a JMBG. Runs in glasd and
 * glasctl; owns nothing. In doubt about a beginning that numbers of telephones
 * have, it is one: doc/masking.md says where the lines are.
 */
#include <string.h>

#include "text/mask_private.h"

#define MASK_JMBG_DIGITS 13

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
