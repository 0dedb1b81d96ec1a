/*
 * The trie of patterns. Runs in glasd and glasctl; built once with a content,
 * then only read. Nodes are numbers in one array; 0 is the root and, as a
 * child, "none". While patterns are added a node has a list of children, by
 * letter: the space and `*`, which are asked for at each step, come first.
 * Packed, those of a list stand side by side, and what is below them follows:
 * a text that comes after a quiet minute finds few of them in the processor's
 * caches.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/lexicon.h"

#define LEXICON_GLUED_MIN 5	/* letters */
#define LEXICON_NODES_MAX (1u << 24)
#define LEXICON_ROOM 65536	/* at first; what is not touched costs nothing */
#define LEXICON_LAST (1u << 31)	/* marks a node's last value */

/* While patterns are added. */
struct lexicon_twig {
	uint32_t	 child : 24;	/* the first */
	uint32_t	 c : 8;
	uint32_t	 next;		/* sibling */
	uint32_t	 value;		/* 1 + index of the first value, or 0 */
};

struct lexicon_value {
	uint32_t	 value;
	uint32_t	 next;
};

struct lexicon_growth {
	struct lexicon_twig *twigs;
	size_t		 twig_count, twig_room;
	struct lexicon_value *values;
	size_t		 value_count, value_room;
	char		 added[LEXICON_PATTERN_MAX + 1]; /* the last pattern */
	uint32_t	 path[LEXICON_PATTERN_MAX + 1];	/* twigs along it */
};

/* Packed. */
struct lexicon_node {
	uint32_t	 child : 24;	/* the first */
	uint32_t	 c : 7;
	uint32_t	 last : 1;	/* among its siblings */
	uint32_t	 value;		/* 1 + index of the first value, or 0 */
};

struct lexicon {
	struct lexicon_node *nodes;
	uint32_t	*values;
	size_t		 node_count, value_count;
	uint32_t	 root[128];
	struct lexicon_growth *growth;	/* until it is packed */
};

struct lexicon_walk {
	const struct lexicon *lexicon;
	const struct folded *folded;
	size_t		 first;		/* word where the walk began */
	size_t		 skip;		/* letters of it passed over */
	lexicon_found	*found;
	void		*arg;
};

struct lexicon *
lexicon_new(void)
{
	struct lexicon *x = xcalloc(1, sizeof *x);
	struct lexicon_growth *g = xcalloc(1, sizeof *g);

	g->twig_room = LEXICON_ROOM;
	g->twigs = xreallocarray(NULL, g->twig_room, sizeof *g->twigs);
	g->twigs[g->twig_count++] = (struct lexicon_twig){ .child = 0 };
	g->value_room = LEXICON_ROOM / 2;
	g->values = xreallocarray(NULL, g->value_room, sizeof *g->values);
	x->growth = g;
	return (x);
}

static void
lexicon_free_growth(struct lexicon *x)
{
	if (x->growth != NULL) {
		free(x->growth->twigs);
		free(x->growth->values);
	}
	free(x->growth);
	x->growth = NULL;
}

void
lexicon_free(struct lexicon *x)
{
	if (x == NULL)
		return;
	lexicon_free_growth(x);
	free(x->nodes);
	free(x->values);
	free(x);
}

/* 0 when there is none; it would stand behind the sibling *before, 0: first. */
static uint32_t
lexicon_twig(const struct lexicon_growth *g, uint32_t parent, char c,
    uint32_t *before)
{
	uint32_t n = g->twigs[parent].child;

	*before = 0;
	while (n != 0 && g->twigs[n].c < (unsigned char)c) {
		*before = n;
		n = g->twigs[n].next;
	}
	return (n != 0 && g->twigs[n].c == (unsigned char)c ? n : 0);
}

/* 0 when there is no room. */
static uint32_t
lexicon_grow(struct lexicon_growth *g, uint32_t parent, uint32_t before,
    char c)
{
	uint32_t n = (uint32_t)g->twig_count;

	if (n == LEXICON_NODES_MAX)
		return (0);
	if (g->twig_count == g->twig_room) {
		g->twig_room *= 2;
		g->twigs = xreallocarray(g->twigs, g->twig_room,
		    sizeof *g->twigs);
	}
	g->twigs[n] = (struct lexicon_twig){
		.c = (unsigned char)c,
		.next = before != 0 ? g->twigs[before].next :
		    g->twigs[parent].child };
	if (before != 0)
		g->twigs[before].next = n;
	else
		g->twigs[parent].child = n & (LEXICON_NODES_MAX - 1);
	g->twig_count++;
	return (n);
}

static void
lexicon_put(struct lexicon_growth *g, uint32_t twig, uint32_t value)
{
	uint32_t *at = &g->twigs[twig].value;

	while (*at != 0) {
		if (g->values[*at - 1].value == value)
			return;
		at = &g->values[*at - 1].next;
	}
	*at = (uint32_t)g->value_count + 1;
	if (g->value_count == g->value_room) {
		g->value_room *= 2;
		g->values = xreallocarray(g->values, g->value_room,
		    sizeof *g->values);
	}
	g->values[g->value_count++] = (struct lexicon_value){ value, 0 };
}

/* Words of letters, digits and FOLD_OTHER, one space between, `*` only behind
 * at least one of them. */
static int
lexicon_sound(const char *pattern)
{
	size_t words = 1;
	char before = ' ';
	const char *p;

	for (p = pattern; *p != '\0'; before = *p++) {
		if (*p == ' ') {
			if (before == ' ' || ++words > LEXICON_WORDS_MAX)
				return (-1);
		} else if (before == '*' || (*p == '*' && before == ' ')) {
			return (-1);
		} else if (*p < 0) {
			return (-1);
		}
	}
	return (before == ' ' || p - pattern > LEXICON_PATTERN_MAX ? -1 : 0);
}

/* Patterns that follow one another begin alike as a rule: what they share is
 * not looked for again. */
int
lexicon_add(struct lexicon *x, const char *pattern, uint32_t value)
{
	struct lexicon_growth *g = x->growth;
	uint32_t twig = 0, child, before;
	size_t i;

	if (lexicon_sound(pattern) == -1)
		return (-1);
	for (i = 0; pattern[i] != '\0' && pattern[i] == g->added[i]; i++)
		twig = g->path[i];
	for (; pattern[i] != '\0'; i++) {
		child = lexicon_twig(g, twig, pattern[i], &before);
		twig = child != 0 ? child :
		    lexicon_grow(g, twig, before, pattern[i]);
		g->added[i] = pattern[i];
		g->path[i] = twig;
		if (twig == 0)
			break;
	}
	g->added[i] = '\0';
	if (twig == 0)
		return (-1);
	lexicon_put(g, twig, value);
	return (0);
}

/* Copies a list of values; returns what a node has of it. */
static uint32_t
lexicon_pack_values(struct lexicon *x, uint32_t list)
{
	const struct lexicon_value *values = x->growth->values;
	uint32_t first = (uint32_t)x->value_count;

	if (list == 0)
		return (0);
	for (uint32_t n = list; n != 0; n = values[n - 1].next)
		x->values[x->value_count++] = values[n - 1].value;
	x->values[x->value_count - 1] |= LEXICON_LAST;
	return (first + 1);
}

/* Copies a list of siblings, then what is below each; returns its first. */
static uint32_t
lexicon_pack_list(struct lexicon *x, uint32_t list)
{
	const struct lexicon_twig *twigs = x->growth->twigs;
	uint32_t first = (uint32_t)x->node_count, at = first;

	for (uint32_t n = list; n != 0; n = twigs[n].next) {
		x->nodes[at++] = (struct lexicon_node){
			.c = twigs[n].c & 0x7fu,
			.last = twigs[n].next == 0,
			.value = lexicon_pack_values(x, twigs[n].value),
		};
	}
	x->node_count = at;
	at = first;
	for (uint32_t n = list; n != 0; n = twigs[n].next, at++) {
		if (twigs[n].child != 0)
			x->nodes[at].child = lexicon_pack_list(x,
			    twigs[n].child) & (LEXICON_NODES_MAX - 1);
	}
	return (first);
}

void
lexicon_pack(struct lexicon *x)
{
	const struct lexicon_growth *g = x->growth;
	uint32_t n;

	x->nodes = xcalloc(g->twig_count, sizeof *x->nodes);
	x->values = xcalloc(g->value_count, sizeof *x->values);
	x->node_count = 1;
	if (g->twigs[0].child != 0) {
		n = lexicon_pack_list(x, g->twigs[0].child);
		do {
			x->root[x->nodes[n].c] = n;
		} while (!x->nodes[n++].last);
	}
	lexicon_free_growth(x);
}

static uint32_t
lexicon_child(const struct lexicon *x, uint32_t node, char c)
{
	uint32_t n;

	if (node == 0)
		return (c > 0 ? x->root[(unsigned char)c] : 0);
	n = x->nodes[node].child;
	while (n != 0 && (char)x->nodes[n].c < c)
		n = x->nodes[n].last ? 0 : n + 1;
	return (n != 0 && (char)x->nodes[n].c == c ? n : 0);
}

static void
lexicon_tell(const struct lexicon_walk *w, uint32_t node, size_t word)
{
	uint32_t n = w->lexicon->nodes[node].value, value;

	if (n == 0)
		return;
	do {
		value = w->lexicon->values[n++ - 1];
		w->found(w->arg, value & ~LEXICON_LAST, w->first,
		    word - w->first + 1);
	} while ((value & LEXICON_LAST) == 0);
}

/* Goes on at a node that stands before `word`. As deep as patterns have words
 * that end in `*`. */
static void
lexicon_walk(const struct lexicon_walk *w, uint32_t node, size_t word)
{
	const struct folded *f = w->folded;
	const char *text = f->text;
	size_t at = f->words[word].at, end = at + f->words[word].len;
	uint32_t star, space;

	at += word == w->first ? w->skip : 0;

	for (;;) {
		star = node != 0 ? lexicon_child(w->lexicon, node, '*') : 0;
		if (star != 0) {
			lexicon_tell(w, star, word);
			space = lexicon_child(w->lexicon, star, ' ');
			if (space != 0 && word + 1 < f->count)
				lexicon_walk(w, space, word + 1);
		}
		if (at == end) {
			lexicon_tell(w, node, word);
			if (++word == f->count)
				return;
			node = lexicon_child(w->lexicon, node, ' ');
			at = f->words[word].at;
			end = at + f->words[word].len;
			if (node == 0)
				return;
		}
		node = lexicon_child(w->lexicon, node, text[at++]);
		if (node == 0)
			return;
	}
}

void
lexicon_match(const struct lexicon *x, const struct folded *f, size_t word,
    lexicon_found *found, void *arg)
{
	struct lexicon_walk walk = { .lexicon = x, .folded = f, .first = word,
		.found = found, .arg = arg };

	lexicon_walk(&walk, 0, word);
}

/* A vowel behind the n makes it a word; so do nj, nd and the like. */
static bool
lexicon_is_glued(const struct folded *f, size_t word)
{
	const char *s = f->text + f->words[word].at;

	return (f->words[word].len >= LEXICON_GLUED_MIN && *s == 'n' &&
	    strchr("aeiouyjdg", s[1]) == NULL);
}

void
lexicon_match_glued(const struct lexicon *x, const struct folded *f,
    size_t word, lexicon_found *found, void *arg)
{
	struct lexicon_walk walk = { .lexicon = x, .folded = f, .first = word,
		.skip = 1, .found = found, .arg = arg };

	if (lexicon_is_glued(f, word))
		lexicon_walk(&walk, 0, word);
}
