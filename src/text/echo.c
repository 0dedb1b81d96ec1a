/*
 * Reply texts as patterns: words, and fields that stand for some. A text is
 * compared with those that begin with its first word; nearly none do, so that a
 * text of a person costs one look. Runs in glasd and glasctl; made with each
 * content, immutable then. Recursion and steps are bounded, whatever is sent.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/content_template.h"
#include "text/echo.h"
#include "text/fold.h"

#define ECHO_TEXTS_MAX	4	/* one behind the other: receipt, question */
#define ECHO_LEAST	4	/* words of ours that are no chance */
#define ECHO_CUT	8	/* and that tell a beginning */
#define ECHO_NUMBERS	4	/* words of digits in a date and time */
#define ECHO_NAME	24	/* words in the name of something */
#define ECHO_STEPS	4000

enum echo_kind {
	ECHO_WORD,
	ECHO_NUMBER,	/* reference, date, time, count */
	ECHO_FREE,	/* any words, or none */
	ECHO_LINE,	/* one of the texts LINE, LINE_... */
	ECHO_OFFER,	/* the text OFFER, or nothing */
	ECHO_END
};

/* Which texts stand where. */
enum echo_place {
	ECHO_ALONE,
	ECHO_IN_LINE,
	ECHO_IN_OFFER,
	ECHO_BEHIND_CUT,	/* the word that brings the rest */
	ECHO_PLACES
};

struct echo_part {
	enum echo_kind	 kind;
	const char	*word;
};

struct echo_text {
	size_t		 first;		/* in parts; the last is ECHO_END */
	const char	*word;		/* that it begins with */
};

struct echo {
	struct echo_part *parts;
	size_t		 part_count, part_room;
	struct echo_text *texts[ECHO_PLACES];	/* each by word */
	size_t		 count[ECHO_PLACES];
};

/* A text that is being compared. */
struct echo_try {
	const struct echo *echo;
	const struct folded *text;
	unsigned int	 steps;		/* that are left */
	unsigned int	 texts;		/* of ours, so far */
};

static const struct {
	const char	*name;
	enum echo_kind	 kind;
} echo_fields[] = {
	{ "CODE", ECHO_NUMBER },
	{ "DATE", ECHO_NUMBER },
	{ "HOURS", ECHO_NUMBER },
	{ "LINE", ECHO_LINE },
	{ "N", ECHO_NUMBER },
	{ "OFFER", ECHO_OFFER },
	{ "REF", ECHO_NUMBER },
	{ "TIME", ECHO_NUMBER },
};

/*
 * Making the patterns.
 */

static void
echo_part_add(struct echo *e, enum echo_kind kind, const char *word)
{
	if (e->part_count == e->part_room) {
		e->part_room = e->part_room * 2 + 1024;
		e->parts = xreallocarray(e->parts, e->part_room,
		    sizeof *e->parts);
	}
	e->parts[e->part_count++] = (struct echo_part){ .kind = kind,
		.word = word };
}

static void
echo_words_add(struct echo *e, struct content *c, const char *text,
    size_t len)
{
	struct folded f;

	fold_make(&f, text, len);
	for (size_t i = 0; i < f.count; i++) {
		char *word = xstrndup(f.text + f.words[i].at,
		    f.words[i].len);

		echo_part_add(e, ECHO_WORD, content_keep(c, word));
		free(word);
	}
	fold_clear(&f);
}

static enum echo_kind
echo_field_kind(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof echo_fields / sizeof *echo_fields; i++) {
		if (strlen(echo_fields[i].name) == len &&
		    memcmp(echo_fields[i].name, name, len) == 0)
			return (echo_fields[i].kind);
	}
	return (ECHO_FREE);
}

static void
echo_parts_add(struct echo *e, struct content *c, const char *text)
{
	const char *end;

	while (*text != '\0') {
		size_t len = strcspn(text, "{");

		echo_words_add(e, c, text, len);
		text += len;
		if (*text == '\0')
			break;
		end = strchr(text, '}');
		if (end == NULL)
			break;
		echo_part_add(e, echo_field_kind(text + 1,
		    (size_t)(end - text - 1)), NULL);
		text = end + 1;
	}
	echo_part_add(e, ECHO_END, NULL);
}

static enum echo_place
echo_place_of(const char *key)
{
	if (strncmp(key, "LINE", 4) == 0 && (key[4] == '\0' || key[4] == '_'))
		return (ECHO_IN_LINE);
	if (strcmp(key, "OFFER") == 0)
		return (ECHO_IN_OFFER);
	return (strcmp(key, "MORE") == 0 ? ECHO_BEHIND_CUT : ECHO_ALONE);
}

/* What begins with a field is found by no word, and is left out. */
static void
echo_text_add(struct echo *e, struct content *c, const char *key,
    const char *text)
{
	enum echo_place place = echo_place_of(key);
	size_t first = e->part_count;

	echo_parts_add(e, c, text);
	if (e->parts[first].kind != ECHO_WORD) {
		e->part_count = first;
		return;
	}
	e->texts[place] = xreallocarray(e->texts[place], e->count[place] + 1,
	    sizeof *e->texts[place]);
	e->texts[place][e->count[place]++] = (struct echo_text){
		.first = first, .word = e->parts[first].word };
}

static int
echo_compare(const void *a, const void *b)
{
	const struct echo_text *x = a, *y = b;

	return (strcmp(x->word, y->word));
}

struct echo *
echo_new(struct content *c)
{
	struct echo *e = xcalloc(1, sizeof *e);

	for (size_t i = 0; i < c->reply_count; i++) {
		const struct content_reply *r = &c->replies[i];
		const struct content_template *t =
		    content_template_find(r->key);

		/* Some are printed, and never sent. */
		if (t == NULL || t->narrow == 0)
			continue;
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			if (r->text[lang] != NULL)
				echo_text_add(e, c, r->key, r->text[lang]);
		}
	}
	for (int place = 0; place < ECHO_PLACES; place++) {
		if (e->count[place] != 0)
			qsort(e->texts[place], e->count[place],
			    sizeof *e->texts[place], echo_compare);
	}
	return (e);
}

void
echo_free(struct echo *e)
{
	if (e == NULL)
		return;
	for (int place = 0; place < ECHO_PLACES; place++)
		free(e->texts[place]);
	free(e->parts);
	free(e);
}

/*
 * Comparing.
 */

static int
echo_word_compare(const char *ours, const struct folded *text, size_t at)
{
	const struct fold_word *w = &text->words[at];
	int differ = strncmp(ours, text->text + w->at, w->len);

	return (differ != 0 ? differ : ours[w->len] != '\0');
}

/* The first of the texts in a place that begins with this word; count: none. */
static size_t
echo_first(const struct echo *e, enum echo_place place,
    const struct folded *text, size_t at)
{
	size_t low = 0, high = e->count[place];

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (echo_word_compare(e->texts[place][middle].word, text,
		    at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (low);
}

static bool
echo_begins(const struct echo *e, enum echo_place place, size_t n,
    const struct folded *text, size_t at)
{
	return (n < e->count[place] && at < text->count &&
	    echo_word_compare(e->texts[place][n].word, text, at) == 0);
}

/* Behind the words and numbers of a small text, from a word on; 0: it is not
 * there. */
static size_t
echo_small(const struct echo_try *try, size_t first, size_t at)
{
	const struct echo_part *p = &try->echo->parts[first];
	const struct folded *text = try->text;

	for (; p->kind != ECHO_END; p++, at++) {
		if (at == text->count)
			return (0);
		if (p->kind == ECHO_NUMBER ? !text->words[at].digits :
		    p->kind != ECHO_WORD ||
		    echo_word_compare(p->word, text, at) != 0)
			return (0);
	}
	return (at);
}

static bool	 echo_part_is(struct echo_try *, const struct echo_part *,
		    size_t at, unsigned int ours);

/* Another text of ours begins here. */
static bool
echo_text_is(struct echo_try *try, size_t at, unsigned int ours)
{
	const struct echo *e = try->echo;
	size_t n = echo_first(e, ECHO_ALONE, try->text, at);
	bool is = false;

	if (try->texts == ECHO_TEXTS_MAX)
		return (false);
	try->texts++;
	for (; !is && echo_begins(e, ECHO_ALONE, n, try->text, at); n++)
		is = echo_part_is(try,
		    &e->parts[e->texts[ECHO_ALONE][n].first], at, ours);
	try->texts--;
	return (is);
}

static bool
echo_numbers(struct echo_try *try, const struct echo_part *p, size_t at,
    unsigned int ours)
{
	for (size_t n = 1; n <= ECHO_NUMBERS && at < try->text->count &&
	    try->text->words[at].digits; n++) {
		at++;
		if (echo_part_is(try, p + 1, at, ours + 2))
			return (true);
	}
	return (false);
}

static bool
echo_free_words(struct echo_try *try, const struct echo_part *p, size_t at,
    unsigned int ours)
{
	for (size_t n = 0; n <= ECHO_NAME && at + n <= try->text->count; n++) {
		if (echo_part_is(try, p + 1, at + n, ours))
			return (true);
	}
	return (false);
}

/* One of the texts that belong into a field. */
static bool
echo_inside(struct echo_try *try, const struct echo_part *p,
    enum echo_place place, size_t at, unsigned int ours)
{
	const struct echo *e = try->echo;
	size_t n = echo_first(e, place, try->text, at);

	for (; echo_begins(e, place, n, try->text, at); n++) {
		size_t end = echo_small(try, e->texts[place][n].first, at);

		if (end != 0 && echo_part_is(try, p + 1, end,
		    ours + (unsigned int)(end - at)))
			return (true);
	}
	return (false);
}

/* The text is at its end here: with all that must follow, or cut. */
static bool
echo_ends(const struct echo_part *p, unsigned int ours)
{
	while (p->kind == ECHO_FREE || p->kind == ECHO_OFFER)
		p++;
	return (ours >= (p->kind == ECHO_END ? ECHO_LEAST : ECHO_CUT));
}

/* Our text goes on differently: it was cut, by us with the word that brings
 * the rest, or by somebody in the middle of a word. */
static bool
echo_is_cut(struct echo_try *try, const struct echo_part *p, size_t at,
    unsigned int ours)
{
	const struct echo *e = try->echo;
	const struct folded *text = try->text;
	const struct fold_word *w = &text->words[at];
	size_t n;

	if (ours < ECHO_CUT)
		return (false);
	if (at + 1 == text->count && strncmp(p->word, text->text + w->at,
	    w->len) == 0)
		return (true);
	for (n = 0; n < e->count[ECHO_BEHIND_CUT]; n++) {
		if (echo_small(try, e->texts[ECHO_BEHIND_CUT][n].first,
		    at) == text->count)
			return (true);
	}
	return (false);
}

/* The rest of the text, from a word on, is the rest of ours; `ours` counts what
 * of it was found. */
static bool
echo_part_is(struct echo_try *try, const struct echo_part *p, size_t at,
    unsigned int ours)
{
	for (; try->steps > 0; p++, at++, ours++) {
		try->steps--;
		if (at == try->text->count)
			return (echo_ends(p, ours));
		if (p->kind != ECHO_WORD)
			break;
		if (echo_word_compare(p->word, try->text, at) != 0)
			return (echo_is_cut(try, p, at, ours));
	}
	if (try->steps == 0)
		return (false);
	switch (p->kind) {
	case ECHO_NUMBER:
		return (echo_numbers(try, p, at, ours));
	case ECHO_FREE:
		return (echo_free_words(try, p, at, ours));
	case ECHO_LINE:
		return (echo_inside(try, p, ECHO_IN_LINE, at, ours));
	case ECHO_OFFER:
		return (echo_inside(try, p, ECHO_IN_OFFER, at, ours) ||
		    echo_part_is(try, p + 1, at, ours));
	case ECHO_END:
		return (echo_text_is(try, at, ours));
	case ECHO_WORD:
		break;
	}
	return (false);
}

bool
echo_is(const struct echo *e, const struct folded *text)
{
	struct echo_try try = { .echo = e, .text = text,
		.steps = ECHO_STEPS };

	return (text->count != 0 && echo_text_is(&try, 0, 0));
}
