/*
 * Between mask.c, which replaces, mask_scan.c, which finds groups of digits,
 * mask_keep.c, which says what stays, and mask_shape.c, what goes.
 */
#ifndef GLAS_MASK_PRIVATE_H
#define GLAS_MASK_PRIVATE_H

#include <stdint.h>
#include <string.h>

#include "text/mask.h"

#define MASK_E164_MAX 15	/* digits */
#define MASK_WHOLE 8		/* digits that may be all of a number */
#define MASK_FRACTION_MAX 8	/* digits behind the point of a coordinate */

enum mask_kind {
	MASK_DIGIT,
	MASK_LIKE,	/* a letter that may stand for a digit */
	MASK_SPACE,
	MASK_SIGN,	/* may stand between the digits of a number */
	MASK_PLUS,
	MASK_NOTHING,	/* cannot be seen */
	MASK_LETTER,
	MASK_OTHER	/* ends a number; so does a mark */
};

/* A character, or what is taken for one. */
struct mask_unit {
	uint32_t	 at;		/* octets from the beginning */
	uint8_t		 kind;
	char		 sign;		/* the digit or the sign, in ASCII */
	bool		 spelled;	/* a word stands for the digit */
};

/* Digits side by side, and what separates them from the next group. */
struct mask_group {
	uint32_t	 first, end;	/* units */
	uint32_t	 at;		/* in the digits of all */
	uint32_t	 len;
	char		 sign;		/* the first in the gap, '\0' */
	bool		 tight;		/* no space in the gap */
	bool		 list;		/* a comma or semicolon, and a space */
	bool		 plus;		/* stands before the group */
	bool		 spelled;	/* its first digit is a word */
	bool		 last;		/* of its run: no gap that joins */
	bool		 keep;		/* part of a date, a time, an amount */
};

struct mask_scan {
	const char	*text;
	struct mask_unit *units;	/* and one behind the last */
	size_t		 unit_count;
	struct mask_group *groups;
	size_t		 group_count, group_room;
	char		*digits;	/* of all groups */
};

enum mask_found {
	MASK_NOT,
	MASK_PHONE,
	MASK_JMBG
};

/* mask_scan.c */
void	 mask_scan(struct mask_scan *, const char *utf8, size_t len);
void	 mask_scan_clear(struct mask_scan *);
/* The word behind or before some units, in small letters; "" for none. */
#define MASK_WORD_MAX 24
void	 mask_word_before(const struct mask_scan *, size_t unit,
	    unsigned int back, char word[MASK_WORD_MAX]);
void	 mask_word_behind(const struct mask_scan *, size_t unit,
	    char word[MASK_WORD_MAX]);
/* Digits up to the last of 06x, 38164, 0038164 or 381064; 0: it begins
 * otherwise. */
size_t	 mask_mobile_code(const char *digits);

/* mask_keep.c and mask_shape.c: groups of [from, to), which are of one run, are
 * looked at as if there were no others. */
void	 mask_keep(struct mask_scan *, size_t from, size_t to);
/* A word of a list; one that ends with '*' there has any ending. */
bool	 mask_word_is(const char *word, const char *const *words);
/* 65.000.000 is an amount, also where nobody says of what. */
bool	 mask_is_round(const struct mask_scan *, size_t group, size_t end);
/* What begins at a group, and the group behind it. */
enum mask_found	 mask_find(const struct mask_scan *, size_t from, size_t to,
	    size_t group, size_t *end);

static inline const struct mask_group *
mask_group_at(const struct mask_scan *s, size_t i)
{
	return (&s->groups[i]);
}

static inline const char *
mask_digits(const struct mask_scan *s, size_t group)
{
	return (s->digits + s->groups[group].at);
}

/* Digits of groups from one to before another. */
static inline size_t
mask_total(const struct mask_scan *s, size_t group, size_t end)
{
	const struct mask_group *last = &s->groups[end - 1];

	return (last->at + last->len - s->groups[group].at);
}

static inline unsigned int
mask_value(const struct mask_scan *s, size_t group)
{
	unsigned int value = 0;

	for (uint32_t n = 0; n < s->groups[group].len && n < 6; n++)
		value = value * 10 + (unsigned int)(mask_digits(s,
		    group)[n] - '0');
	return (value);
}

static inline bool
mask_short(const struct mask_scan *s, size_t group)
{
	return (s->groups[group].len <= 2);
}

/* Begins as nothing but a number does: 06x, 017, +, 00381. */
static inline bool
mask_begins(const struct mask_scan *s, size_t group)
{
	const struct mask_group *g = mask_group_at(s, group);
	const char *d = mask_digits(s, group);

	return (g->plus || (g->len >= 3 && d[0] == '0' &&
	    (d[1] != '0' || g->len >= 4)));
}

/* The gap behind a group joins it to the next with nothing but this sign. */
static inline bool
mask_joins(const struct mask_scan *s, size_t group, size_t to, const char *by)
{
	const struct mask_group *g = mask_group_at(s, group);

	return (group + 1 < to && g[1].first - g->end == 1 &&
	    g->sign != '\0' && strchr(by, g->sign) != NULL);
}

#endif
