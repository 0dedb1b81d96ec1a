/*
 * Numbers of persons out of a text: where mask_scan.c finds digits and
 * mask_shape.c knows them, a mark stands instead. Runs in glasd and glasctl;
 * owns the numbers that a mask has met. Never fails.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/mask_private.h"

#define MASK_SAME_LEAST 8	/* digits at the end that tell one number */
#define MASK_HIDES_LEAST 4
#define MASK_PASSES 16		/* at least; two do, but for what was made up */
#define MASK_OCTETS (1u << 20)	/* read again at most, in all passes */

struct mask_number {
	char		*digits;	/* as they were written */
	const char	*tells;		/* without 00, 381 and 0 in front */
	size_t		 len;		/* of that */
	size_t		 mark;		/* 0: JMBG */
};

/* One text that is being masked. */
struct masker {
	struct mask_scan scan;
	struct mask	*mask;
	struct buf	*out;
	size_t		 done;		/* octets of the text */
};

size_t
mask_mark(const char *s, size_t len)
{
	size_t n = 6;

	if (len >= 6 && memcmp(s, "[JMBG]", 6) == 0)
		return (6);
	if (len < 8 || memcmp(s, "[broj ", 6) != 0)
		return (0);
	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return (n > 6 && n < 12 && n < len && s[n] == ']' ? n + 1 : 0);
}

static const char *
mask_tells(const char *digits)
{
	if (strncmp(digits, "00", 2) == 0)
		digits += 2;
	if (strncmp(digits, "381", 3) == 0 && strlen(digits) > 9)
		digits += 3;
	while (*digits == '0' && digits[1] != '\0')
		digits++;
	return (digits);
}

/* One ends with all of the other: they differ in the code of the country. */
static bool
mask_is_same(const struct mask_number *a, const char *b, size_t len)
{
	size_t least = a->len < len ? a->len : len;

	return ((a->len == len || least >= MASK_SAME_LEAST) &&
	    memcmp(a->tells + a->len - least, b + len - least, least) == 0);
}

static const struct mask_number *
mask_met(const struct mask *m, const char *tells, bool jmbg)
{
	size_t len = strlen(tells);

	for (size_t i = 0; m != NULL && i < m->count; i++) {
		if ((m->numbers[i].mark == 0) == jmbg &&
		    mask_is_same(&m->numbers[i], tells, len))
			return (&m->numbers[i]);
	}
	return (NULL);
}

/* The number in this writing; how it was written first need not be kept. */
static size_t
mask_note(struct mask *m, const char *digits, size_t len, bool jmbg)
{
	char *copy = xstrndup(digits, len);
	const struct mask_number *met = mask_met(m, mask_tells(copy), jmbg);
	size_t mark = jmbg ? 0 : met != NULL ? met->mark : m->marks + 1;

	if (met != NULL) {
		free(copy);
		return (mark);
	}
	m->numbers = xreallocarray(m->numbers, m->count + 1,
	    sizeof *m->numbers);
	m->numbers[m->count++] = (struct mask_number){ .digits = copy,
		.tells = mask_tells(copy), .len = strlen(mask_tells(copy)),
		.mark = mark };
	m->marks += !jmbg;
	return (mark);
}

static bool
mask_is_open(const struct mask *m, const char *digits, size_t len)
{
	char *copy;
	bool open;

	if (m->open == NULL)
		return (false);
	copy = xstrndup(digits, len);
	open = mask_met(m->open, mask_tells(copy), false) != NULL;
	free(copy);
	return (open);
}

/* A bracket that is closed within the number, and the plus, belong to it. */
static size_t
masker_begin(const struct mask_scan *s, size_t group, size_t end)
{
	size_t unit = s->groups[group].first, from = unit;
	bool closed = false;

	for (size_t i = unit; i < s->groups[end - 1].end; i++)
		closed = closed || s->units[i].sign == ')';
	while (from > 0) {
		const struct mask_unit *u = &s->units[--from];

		if (u->kind == MASK_PLUS || (u->kind == MASK_SIGN &&
		    u->sign == '(' && closed))
			unit = from;
		else if (u->kind != MASK_SPACE && u->kind != MASK_NOTHING)
			break;
	}
	return (unit);
}

static void
masker_copy(struct masker *m, size_t to)
{
	if (to > m->done)
		buf_add(m->out, m->scan.text + m->done, to - m->done);
	m->done = to > m->done ? to : m->done;
}

static void
masker_replace(struct masker *m, size_t group, size_t end, bool jmbg)
{
	const struct mask_scan *s = &m->scan;
	const struct mask_group *g = s->groups, *last = &g[end - 1];
	size_t behind, mark = mask_note(m->mask, s->digits + g[group].at,
	    last->at + last->len - g[group].at, jmbg);

	masker_copy(m, s->units[masker_begin(s, group, end)].at);
	if (jmbg)
		buf_add_str(m->out, "[JMBG]");
	else
		buf_printf(m->out, "[broj %zu]", mark);
	for (behind = last->end; behind < s->unit_count &&
	    s->units[behind].kind == MASK_NOTHING; behind++)
		;
	m->done = s->units[behind].at;
}

/* The groups of a run; those behind a number as if it were not there. */
static void
masker_groups(struct masker *m, size_t from, size_t to)
{
	struct mask_scan *s = &m->scan;
	size_t i = from, end;

	mask_keep(s, from, to);
	while (i < to) {
		enum mask_found found = mask_find(s, from, to, i, &end);

		if (found == MASK_NOT) {
			i++;
			continue;
		}
		if (found == MASK_PHONE && mask_is_open(m->mask, s->digits +
		    s->groups[i].at, s->groups[end - 1].at +
		    s->groups[end - 1].len - s->groups[i].at)) {
			i = end;
			continue;
		}
		masker_replace(m, i, end, found == MASK_JMBG);
		from = i = end;
	}
}

/* False when there was nothing to mask. */
static bool
mask_pass(struct buf *out, const char *utf8, size_t len, struct mask *mask)
{
	struct masker m = { .mask = mask, .out = out };
	size_t from = 0;
	bool masked;

	mask_scan(&m.scan, utf8, len);
	for (size_t i = 0; i < m.scan.group_count; i++) {
		if (!m.scan.groups[i].last)
			continue;
		masker_groups(&m, from, i + 1);
		from = i + 1;
	}
	masked = m.done != 0;
	masker_copy(&m, len);
	mask_scan_clear(&m.scan);
	return (masked);
}

/* What stands beside a mark may be a number now that it stands alone. Nothing
 * is left of any text of MASK_SETTLES octets; what is longer, and made up so that
 * each pass finds one number, would take time that grows with its square. */
void
mask_text(struct buf *out, const char *utf8, size_t len, struct mask *mask)
{
	struct buf text = { 0 };
	size_t begin = out->len;
	size_t passes = len < MASK_OCTETS / MASK_PASSES ? MASK_OCTETS /
	    (len + 1) : MASK_PASSES;

	while (mask_pass(out, utf8, len, mask) && --passes > 0) {
		buf_reset(&text);
		buf_add(&text, out->data + begin, out->len - begin);
		out->len = begin;
		utf8 = (const char *)text.data;
		len = text.len;
	}
	buf_clear(&text);
}

char *
mask_copy(const char *utf8, struct mask *mask)
{
	struct buf out = { 0 };
	char *copy;

	mask_text(&out, utf8, strlen(utf8), mask);
	copy = xstrdup(buf_str(&out));
	buf_clear(&out);
	return (copy);
}

bool
mask_hides(const struct mask *m, const char *digits)
{
	char *only = xstrdup(digits);
	size_t len = 0;
	bool hides = false;

	for (const char *p = digits; *p != '\0'; p++) {
		if (*p >= '0' && *p <= '9')
			only[len++] = *p;
	}
	only[len] = '\0';
	for (size_t i = 0; len >= MASK_HIDES_LEAST && i < m->count; i++)
		hides = hides || strstr(m->numbers[i].digits, only) != NULL;
	free(only);
	return (hides);
}

void
mask_clear(struct mask *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->numbers[i].digits);
	free(m->numbers);
	*m = (struct mask){ .open = m->open };
}
