/*
 * A text as groups of digits, in whatever writing: digits of other scripts, O
 * for 0 and l for 1, words for digits, what cannot be seen between. Runs in
 * glasd and glasctl; owns the arrays of one scan. Works in time linear in the
 * text.
 */
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/fold.h"
#include "text/mask_private.h"

#define MASK_GAP_MAX 6		/* units between two groups of one number */
#define MASK_PURE_GAP 2		/* between digits and "OO" */
#define MASK_WORD_GAP_MAX 24	/* units, where words stand between */
#define MASK_WORD_LETTERS 6	/* of one, or of both */
#define MASK_NAME_LETTERS 16	/* in brackets */
#define MASK_REST 7		/* digits behind 06x */
#define MASK_NO_SUM 9		/* digits: few are asked for so much */

struct mask_char {
	enum mask_kind	 kind;
	char		 sign;
};

static bool
mask_is_zero_like(uint32_t c)
{
	return (c == 'O' || c == 'o' || c == 0x41e || c == 0x43e ||
	    c == 0x39f || c == 0x3bf || c == 0xd8 || c == 0xf8);
}

static bool
mask_is_one_like(uint32_t c)
{
	return (c == 'l' || c == 'I' || c == 0x406 || c == 0x4c0 ||
	    c == 0x399 || c == 0x131);
}

static struct mask_char
mask_char_ascii(uint32_t c)
{
	static const char signs[] = "-/\\.,()[]{}:;*_=~|'\"<>#&!?%@^`";

	if (c >= '0' && c <= '9')
		return ((struct mask_char){ MASK_DIGIT, (char)c });
	if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		return ((struct mask_char){ MASK_SPACE, (char)c });
	if (c == '+')
		return ((struct mask_char){ MASK_PLUS, '+' });
	if (mask_is_zero_like(c))
		return ((struct mask_char){ MASK_LIKE, '0' });
	if (mask_is_one_like(c))
		return ((struct mask_char){ MASK_LIKE, '1' });
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return ((struct mask_char){ MASK_LETTER, '\0' });
	if (c != 0 && c < 0x80 && strchr(signs, (int)c) != NULL)
		return ((struct mask_char){ MASK_SIGN, (char)c });
	return ((struct mask_char){ MASK_OTHER, '\0' });
}

/* What a character is a form of: fullwidth, in a circle, bold. */
static uint32_t
mask_plain(uint32_t c)
{
	utf8proc_int32_t parts[4];
	int boundary = 0;

	if (utf8proc_decompose_char((utf8proc_int32_t)c, parts, 4,
	    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &boundary) != 1)
		return (c);
	return ((uint32_t)parts[0]);
}

static struct mask_char
mask_char_wide(uint32_t c)
{
	uint32_t plain;

	if (mask_is_zero_like(c))
		return ((struct mask_char){ MASK_LIKE, '0' });
	if (mask_is_one_like(c))
		return ((struct mask_char){ MASK_LIKE, '1' });
	if (c >= 0x400 && c < 0x530)
		return ((struct mask_char){ MASK_LETTER, '\0' });
	plain = mask_plain(c);
	if (plain < 0x80)
		return (mask_char_ascii(plain));
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_ND:
		return ((struct mask_char){ MASK_DIGIT,
		    (char)('0' + fold_digit(c)) });
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CF:
		return ((struct mask_char){ MASK_NOTHING, '\0' });
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return ((struct mask_char){ MASK_SPACE, ' ' });
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_SO:
		return ((struct mask_char){ MASK_SIGN, '-' });
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return ((struct mask_char){ MASK_LETTER, '\0' });
	default:
		break;
	}
	/* Minus, slashes, dots and bullets that are no punctuation of ASCII. */
	if (c == 0x2212 || (c >= 0x2190 && c < 0x2600) || c == 0xb7 ||
	    (c >= 0x2010 && c < 0x2060) || (c >= 0x3000 && c < 0x3040))
		return ((struct mask_char){ MASK_SIGN, '-' });
	return ((struct mask_char){ MASK_OTHER, '\0' });
}

/* A currency is no sign between digits, whatever else it looks like. */
static struct mask_char
mask_char(uint32_t c)
{
	return (c < 0x80 ? mask_char_ascii(c) : mask_char_wide(c));
}

/* Octets of "\u{200B}", as utf8_visible() writes it, or 0. */
static size_t
mask_escape(const char *s, size_t len)
{
	size_t n = 3;

	if (len < 5 || memcmp(s, "\\u{", 3) != 0)
		return (0);
	while (n < len && n < 10 && strchr("0123456789ABCDEF", s[n]) != NULL &&
	    s[n] != '\0')
		n++;
	return (n > 3 && n < len && s[n] == '}' ? n + 1 : 0);
}

/* Small letters of the word that begins here; returns its octets. 0: it is a
 * long one, or digits touch it. */
static size_t
mask_small_word(const char *s, size_t len, char word[MASK_WORD_MAX])
{
	const char *p = s, *end = s + len, *next = s;
	struct buf small = { 0 };
	bool fits = true;

	while (next < end) {
		uint32_t c = utf8_next(&next, end);
		enum mask_kind kind = mask_char(c).kind;

		fits = fits && kind != MASK_DIGIT;
		if (kind != MASK_LETTER && kind != MASK_LIKE)
			break;
		p = next;
		fits = fits && small.len + 5 < MASK_WORD_MAX;
		if (fits)
			utf8_put(&small, (uint32_t)utf8proc_tolower(
			    (utf8proc_int32_t)c));
	}
	memcpy(word, buf_str(&small), small.len + 1);
	buf_clear(&small);
	return (fits ? (size_t)(p - s) : 0);
}

/* Octets of a digit, or a plus, that is spelled out in any of our languages,
 * or 0. */
static size_t
mask_spelled(const char *s, size_t len, char *digit)
{
	static const char *const words[] = {
		"0nula", "0нула", "0zero", "0zeri", "1jedan", "1један",
		"1jedna", "1едно", "1един", "1një", "1nje", "1jekh", "1one",
		"2dva", "2два", "2две", "2dy", "2duj", "2two", "3tri",
		"3три", "3tre", "3trin", "3three", "4četiri", "4cetiri",
		"4četri", "4cetri", "4четири", "4четри", "4katër", "4kater",
		"4štar", "4four", "5pet",
		"5пет", "5pesë", "5pese", "5pandž", "5five", "6šest",
		"6sest", "6шест", "6gjashtë", "6gjashte", "6šov", "6six",
		"7sedam", "7седам", "7седем", "7shtatë", "7shtate", "7efta",
		"7seven", "8osam", "8осам", "8осем", "8tetë", "8tete",
		"8ohto", "8oxto", "8eight", "9devet", "9девет", "9nëntë",
		"9nente", "9enja", "9nine", "+plus", "+плус" };
	char word[MASK_WORD_MAX];
	size_t octets = mask_small_word(s, len, word);

	for (size_t i = 0; octets > 1 && i < sizeof words / sizeof *words;
	    i++) {
		if (words[i][1] == *word && strcmp(words[i] + 1, word) == 0) {
			*digit = words[i][0];
			return (octets);
		}
	}
	return (0);
}

/* A letter that does not go on with a word. */
static bool
mask_word_begins(const struct mask_scan *s, const struct mask_char *c)
{
	enum mask_kind before = s->unit_count == 0 ? MASK_OTHER :
	    (enum mask_kind)s->units[s->unit_count - 1].kind;

	return ((c->kind == MASK_LETTER || c->kind == MASK_LIKE) &&
	    before != MASK_LETTER && before != MASK_LIKE &&
	    before != MASK_DIGIT);
}

static void
mask_unit_add(struct mask_scan *s, size_t at, struct mask_char c)
{
	s->units[s->unit_count++] = (struct mask_unit){ .at = (uint32_t)at,
		.kind = (uint8_t)c.kind, .sign = c.sign };
}

static void
mask_units(struct mask_scan *s, size_t len)
{
	const char *p = s->text, *end = p + len;

	s->units = xreallocarray(NULL, len + 1, sizeof *s->units);
	while (p < end) {
		size_t at = (size_t)(p - s->text), left = (size_t)(end - p);
		struct mask_char c = { MASK_NOTHING, '\0' };
		size_t skip = mask_escape(p, left);

		if (skip == 0 && (skip = mask_mark(p, left)) != 0)
			c.kind = MASK_OTHER;
		if (skip != 0)
			p += skip;
		else
			c = mask_char(utf8_next(&p, end));
		if (mask_word_begins(s, &c) && (skip = mask_spelled(
		    s->text + at, left, &c.sign)) != 0) {
			c.kind = c.sign == '+' ? MASK_PLUS : MASK_DIGIT;
			p = s->text + at + skip;
		} else
			skip = 0;
		mask_unit_add(s, at, c);
		s->units[s->unit_count - 1].spelled = skip != 0;
	}
	s->units[s->unit_count] = (struct mask_unit){ .at = (uint32_t)len,
		.kind = MASK_OTHER };
}

static enum mask_kind
mask_kind_at(const struct mask_scan *s, size_t unit)
{
	return (unit < s->unit_count ?
	    (enum mask_kind)s->units[unit].kind : MASK_OTHER);
}

static bool
mask_in_chain(enum mask_kind kind)
{
	return (kind == MASK_DIGIT || kind == MASK_LIKE ||
	    kind == MASK_NOTHING);
}

/* Whether digits stand on one side of some units, a space or sign between. */
static bool
mask_digit_near(const struct mask_scan *s, size_t unit, int step)
{
	for (int n = 0; n <= MASK_PURE_GAP; n++) {
		enum mask_kind kind;

		unit += (size_t)step;
		kind = unit < s->unit_count ? mask_kind_at(s, unit) :
		    MASK_OTHER;
		if (kind == MASK_DIGIT)
			return (true);
		if (kind != MASK_SPACE && kind != MASK_SIGN)
			return (false);
	}
	return (false);
}

static void
mask_settle(struct mask_scan *s, size_t from, size_t to, enum mask_kind kind)
{
	for (size_t i = from; i < to; i++) {
		if (s->units[i].kind == MASK_LIKE)
			s->units[i].kind = (uint8_t)kind;
	}
}

/* "OO" alone: digits between digits, else a word. */
static bool
mask_pure_is_digits(const struct mask_scan *s, size_t from, size_t to)
{
	return (to - from > 1 && mask_kind_at(s, to) != MASK_LETTER &&
	    (from == 0 || mask_kind_at(s, from - 1) != MASK_LETTER) &&
	    mask_digit_near(s, from, -1) && mask_digit_near(s, to - 1, 1));
}

/* Letters at the ends of a chain that other letters touch belong to these; so
 * do those in front of a zero that begins a number. */
static void
mask_chain(struct mask_scan *s, size_t from, size_t to)
{
	size_t first = from, last = to;

	while (first < to && s->units[first].kind != MASK_DIGIT)
		first++;
	if (first == to) {
		mask_settle(s, from, to, mask_pure_is_digits(s, from, to) ?
		    MASK_DIGIT : MASK_LETTER);
		return;
	}
	while (s->units[last - 1].kind != MASK_DIGIT)
		last--;
	if ((from > 0 && mask_kind_at(s, from - 1) == MASK_LETTER) ||
	    (s->units[first].sign == '0' && !mask_digit_near(s, from, -1)))
		mask_settle(s, from, first, MASK_LETTER);
	if (mask_kind_at(s, to) == MASK_LETTER)
		mask_settle(s, last, to, MASK_LETTER);
	mask_settle(s, from, to, MASK_DIGIT);
}

static void
mask_chains(struct mask_scan *s)
{
	size_t from = 0, to;

	for (; from < s->unit_count; from = to) {
		to = from + 1;
		if (!mask_in_chain(mask_kind_at(s, from)))
			continue;
		while (mask_in_chain(mask_kind_at(s, to)))
			to++;
		mask_chain(s, from, to);
	}
}

/* From the units behind a group to the next one; false when that is not of
 * the same run. */
static bool
mask_gap(const struct mask_scan *s, struct mask_group *g, size_t next)
{
	bool comma = false;

	g->tight = true;
	if (next - g->end == 1 && mask_kind_at(s, g->end) == MASK_LETTER) {
		g->sign = 'x';
		return (true);
	}
	if (next - g->end > MASK_GAP_MAX)
		return (false);
	for (size_t i = g->end; i < next; i++) {
		const struct mask_unit *u = &s->units[i];

		if (u->kind == MASK_LETTER || u->kind == MASK_OTHER)
			return (false);
		if (u->kind == MASK_SIGN && g->sign == '\0')
			g->sign = u->sign;
		comma = comma || u->sign == ',' || u->sign == ';';
		if (u->kind == MASK_SPACE)
			g->tight = false;
	}
	g->list = comma && !g->tight;
	return (true);
}

/* The plus before a group, a space perhaps between; NULL: there is none. */
static const struct mask_unit *
mask_plus_before(const struct mask_scan *s, size_t unit)
{
	if (unit > 0 && mask_kind_at(s, unit - 1) == MASK_SPACE)
		unit--;
	while (unit > 0 && mask_kind_at(s, unit - 1) == MASK_NOTHING)
		unit--;
	return (unit > 0 && mask_kind_at(s, unit - 1) == MASK_PLUS ?
	    &s->units[unit - 1] : NULL);
}

static struct mask_group *
mask_group_new(struct mask_scan *s)
{
	if (s->group_count == s->group_room) {
		s->group_room = s->group_room * 2 + 16;
		s->groups = xreallocarray(s->groups, s->group_room,
		    sizeof *s->groups);
	}
	return (&s->groups[s->group_count++]);
}

/* The digits of a group; what cannot be seen is a gap like others. */
static size_t
mask_group_add(struct mask_scan *s, size_t unit, size_t *digits)
{
	struct mask_group *g = mask_group_new(s);

	*g = (struct mask_group){ .first = (uint32_t)unit,
		.at = (uint32_t)*digits, .last = true,
		.plus = mask_plus_before(s, unit) != NULL,
		.spelled = s->units[unit].spelled };
	for (; mask_kind_at(s, unit) == MASK_DIGIT; unit++)
		s->digits[(*digits)++] = s->units[unit].sign;
	g->end = (uint32_t)unit;
	g->len = (uint32_t)(*digits - g->at);
	return (unit);
}

static void
mask_groups(struct mask_scan *s)
{
	size_t unit = 0, digits = 0;

	s->digits = xmalloc(s->unit_count + 1);
	while (unit < s->unit_count) {
		if (mask_kind_at(s, unit) != MASK_DIGIT) {
			unit++;
			continue;
		}
		if (s->group_count > 0) {
			struct mask_group *before =
			    &s->groups[s->group_count - 1];

			before->last = !mask_gap(s, before, unit);
		}
		unit = mask_group_add(s, unit, &digits);
	}
	s->digits[digits] = '\0';
}

/* "5000 plus 3000 euros": a plus that is a word adds up, unless what is behind
 * it begins as a number of our countries does, or is longer than sums are. */
static void
mask_sums(struct mask_scan *s)
{
	for (size_t i = 0; i < s->group_count; i++) {
		struct mask_group *g = &s->groups[i];
		const char *d = s->digits + g->at;
		size_t total = g->len;

		if (!g->plus || g->spelled ||
		    !mask_plus_before(s, g->first)->spelled ||
		    (strncmp(d, "38", 2) == 0 && d[2] != '0'))
			continue;
		for (size_t n = i; !s->groups[n].last && !s->groups[n + 1].plus;
		    n++)
			total += s->groups[n + 1].len;
		g->plus = total >= MASK_NO_SUM;
	}
}

size_t
mask_mobile_code(const char *d)
{
	static const char *const begin[] = { "06", "3816", "38106", "003816",
		"0038106" };

	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
		if (strncmp(d, begin[i], strlen(begin[i])) == 0)
			return (strlen(begin[i]) + 1);
	}
	return (0);
}

/* A short word or two stand between two groups, or a name in brackets; how many
 * digits may be missing behind it, or -1: it is something else. */
static int
mask_word_gap(const struct mask_scan *s, const struct mask_group *g)
{
	size_t letters = 0, words = 0, next = g[1].first;
	bool open = false, closed = false;

	if (next - g->end > MASK_WORD_GAP_MAX)
		return (-1);
	for (size_t i = g->end; i < next; i++) {
		const struct mask_unit *u = &s->units[i];

		if (u->kind == MASK_OTHER || u->kind == MASK_PLUS ||
		    (u->kind == MASK_SIGN && strchr(".!?", u->sign) != NULL))
			return (-1);
		open = open || (words == 0 && u->sign == '(');
		closed = closed || (words != 0 && u->sign == ')');
		words += u->kind == MASK_LETTER &&
		    mask_kind_at(s, i - 1) != MASK_LETTER;
		letters += u->kind == MASK_LETTER;
	}
	if (words == 0 || words > 2 || letters > (open && closed ?
	    MASK_NAME_LETTERS : MASK_WORD_LETTERS))
		return (-1);
	return (open && closed ? 1 : 0);
}

/* The last group of a number that begins at this one with the code of an
 * operator and goes on behind words: "064 a 1234567", "064 pa 123 pa 4567". The
 * same one: it does not. */
static size_t
mask_bridge_end(const struct mask_scan *s, size_t group)
{
	const struct mask_group *g = s->groups;
	size_t code = mask_mobile_code(s->digits + g[group].at);
	size_t i = group, total = g[group].len;
	int missing = -1;

	if (code == 0 || (g[group].len < 3 && !g[group].spelled))
		return (group);
	for (; i + 1 < s->group_count; i++) {
		if (g[i].last) {
			int may = mask_word_gap(s, &g[i]);

			if (may < 0 || total < code ||
			    total + 1 >= code + MASK_REST ||
			    s->digits[g[i + 1].at] == '0')
				return (group);
			missing = missing < 0 || may < missing ? may : missing;
		} else if (missing < 0 && strchr("/.-", g[i].sign) != NULL &&
		    g[i].sign != '\0')
			return (group);
		total += g[i + 1].len;
		if (total > code + MASK_REST)
			return (group);
		if (missing >= 0 && (total == code + MASK_REST ||
		    (g[i + 1].last && total + (size_t)missing ==
		    code + MASK_REST)))
			break;
	}
	if (i + 1 == s->group_count || strncmp(s->digits + g[group].at + total -
	    4, "0000", 4) == 0)
		return (group);
	return (i + 1);
}

/* What is one number is one run. A date or an amount in it stays one: nothing
 * is tight there. */
static void
mask_bridges(struct mask_scan *s)
{
	for (size_t i = 0; i < s->group_count; i++) {
		size_t end = mask_bridge_end(s, i);

		for (; i < end; i++) {
			struct mask_group *g = &s->groups[i];

			if (!g->last)
				continue;
			g->last = g->tight = g->list = false;
			g->sign = '\0';
		}
	}
}

void
mask_scan(struct mask_scan *s, const char *utf8, size_t len)
{
	*s = (struct mask_scan){ .text = utf8 };
	mask_units(s, len);
	mask_chains(s);
	mask_groups(s);
	mask_sums(s);
	mask_bridges(s);
}

void
mask_scan_clear(struct mask_scan *s)
{
	free(s->units);
	free(s->groups);
	free(s->digits);
}

static bool
mask_is_between(enum mask_kind kind)
{
	return (kind == MASK_SPACE || kind == MASK_SIGN ||
	    kind == MASK_PLUS || kind == MASK_NOTHING);
}

/* Letters, and signs of currencies, from a unit on. */
static void
mask_word(const struct mask_scan *s, size_t unit, char word[MASK_WORD_MAX])
{
	struct buf small = { 0 };

	for (; unit < s->unit_count && small.len + 4 < MASK_WORD_MAX; unit++) {
		const char *p = s->text + s->units[unit].at;
		const char *end = s->text + s->units[unit + 1].at;

		if (mask_kind_at(s, unit) != MASK_LETTER &&
		    (small.len != 0 || mask_mark(p,
		    s->units[s->unit_count].at - s->units[unit].at) != 0))
			break;
		utf8_put(&small, (uint32_t)utf8proc_tolower(
		    (utf8proc_int32_t)utf8_next(&p, end)));
		if (mask_kind_at(s, unit) != MASK_LETTER)
			break;
	}
	memcpy(word, buf_str(&small), small.len + 1);
	buf_clear(&small);
}

void
mask_word_before(const struct mask_scan *s, size_t unit, unsigned int back,
    char word[MASK_WORD_MAX])
{
	word[0] = '\0';
	do {
		unsigned int gap = 0;

		while (unit > 0 && gap++ < MASK_GAP_MAX &&
		    mask_is_between(mask_kind_at(s, unit - 1)))
			unit--;
		if (unit == 0 || mask_kind_at(s, unit - 1) == MASK_DIGIT)
			return;
		/* The sign of a currency is a word by itself. */
		if (mask_kind_at(s, unit - 1) == MASK_OTHER)
			unit--;
		else
			while (unit > 0 &&
			    mask_kind_at(s, unit - 1) == MASK_LETTER)
				unit--;
	} while (back-- > 0);
	mask_word(s, unit, word);
}

void
mask_word_behind(const struct mask_scan *s, size_t unit,
    char word[MASK_WORD_MAX])
{
	unsigned int gap = 0;

	word[0] = '\0';
	while (unit < s->unit_count && gap++ < MASK_GAP_MAX &&
	    mask_is_between(mask_kind_at(s, unit)))
		unit++;
	if (unit < s->unit_count && mask_kind_at(s, unit) != MASK_DIGIT)
		mask_word(s, unit, word);
}
