/*
 * The trie of patterns. Runs in glasd and glasctl; built once with a content,
 * then only read. Nodes are numbers in one array: children are a list, the
 * root alone has a table. 0 is the root and, as a child, "none". Packed, those
 * of a list stand side by side, and what is below them follows: a text that
 * comes after a quiet minute finds few of them in the processor's caches.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/lexicon.h"

#define LEXICON_GLUED_MIN 5	/* letters */

struct lexicon_node {
	uint32_t	 child;
	uint32_t	 next;		/* sibling */
	uint32_t	 value;		/* 1 + index of the first value, or 0 */
	char		 c;
};

struct lexicon_value {
	uint32_t	 value;
	uint32_t	 next;
};

struct lexicon {
	struct lexicon_node *nodes;
	size_t		 node_count, node_room;
	struct lexicon_value *values;
	size_t		 value_count, value_room;
	uint32_t	 root[128];
	char		 added[LEXICON_PATTERN_MAX + 1]; /* the last pattern */
	uint32_t	 path[LEXICON_PATTERN_MAX + 1];	/* nodes along it */
};

struct lexicon_walk {
	const struct lexicon *lexicon;
	const struct folded *folded;
	size_t		 first;		/* word where the walk began */
	size_t		 skip;		/* letters of it passed over */
	void		(*found)(void *, uint32_t, size_t, size_t);
	void		*arg;
};

struct lexicon *
lexicon_new(void)
{
	struct lexicon *x = xcalloc(1, sizeof *x);

	x->node_room = 1024;
	x->nodes = xcalloc(x->node_room, sizeof *x->nodes);
	x->node_count = 1;
	x->value_room = 256;
	x->values = xcalloc(x->value_room, sizeof *x->values);
	return (x);
}

void
lexicon_free(struct lexicon *x)
{
	if (x == NULL)
		return;
	free(x->nodes);
	free(x->values);
	free(x);
}

static uint32_t
lexicon_child(const struct lexicon *x, uint32_t node, char c)
{
	uint32_t n;

	if (node == 0)
		return (c > 0 ? x->root[(unsigned char)c] : 0);
	for (n = x->nodes[node].child; n != 0; n = x->nodes[n].next) {
		if (x->nodes[n].c == c)
			break;
	}
	return (n);
}

static uint32_t
lexicon_grow(struct lexicon *x, uint32_t parent, char c)
{
	uint32_t n = (uint32_t)x->node_count;

	if (x->node_count == x->node_room) {
		x->node_room *= 2;
		x->nodes = xreallocarray(x->nodes, x->node_room,
		    sizeof *x->nodes);
	}
	x->nodes[n] = (struct lexicon_node){ .c = c };
	if (parent == 0) {
		x->root[(unsigned char)c] = n;
	} else {
		x->nodes[n].next = x->nodes[parent].child;
		x->nodes[parent].child = n;
	}
	x->node_count++;
	return (n);
}

static void
lexicon_put(struct lexicon *x, uint32_t node, uint32_t value)
{
	uint32_t *at = &x->nodes[node].value;

	while (*at != 0) {
		if (x->values[*at - 1].value == value)
			return;
		at = &x->values[*at - 1].next;
	}
	*at = (uint32_t)x->value_count + 1;
	if (x->value_count == x->value_room) {
		x->value_room *= 2;
		x->values = xreallocarray(x->values, x->value_room,
		    sizeof *x->values);
	}
	x->values[x->value_count++] = (struct lexicon_value){ value, 0 };
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
	uint32_t node = 0, child;
	size_t i;

	if (lexicon_sound(pattern) == -1)
		return (-1);
	for (i = 0; pattern[i] != '\0' && pattern[i] == x->added[i]; i++)
		node = x->path[i];
	for (; pattern[i] != '\0'; i++) {
		child = lexicon_child(x, node, pattern[i]);
		node = child != 0 ? child : lexicon_grow(x, node, pattern[i]);
		x->added[i] = pattern[i];
		x->path[i] = node;
	}
	x->added[i] = '\0';
	lexicon_put(x, node, value);
	return (0);
}

/* Copies a list of siblings, then what is below each; returns its first. */
static uint32_t
lexicon_pack_list(struct lexicon *to, const struct lexicon *from, uint32_t list)
{
	uint32_t first = (uint32_t)to->node_count, at = first;

	for (uint32_t n = list; n != 0; n = from->nodes[n].next) {
		to->nodes[at] = from->nodes[n];
		to->nodes[at].next = from->nodes[n].next != 0 ? at + 1 : 0;
		at++;
	}
	to->node_count = at;
	for (uint32_t n = first; n < at; n++) {
		if (to->nodes[n].child != 0)
			to->nodes[n].child = lexicon_pack_list(to, from,
			    to->nodes[n].child);
	}
	return (first);
}

void
lexicon_pack(struct lexicon *x)
{
	struct lexicon from = *x;

	x->node_room = x->node_count;
	x->nodes = xcalloc(x->node_room, sizeof *x->nodes);
	x->node_count = 1;
	for (size_t c = 0; c < sizeof x->root / sizeof x->root[0]; c++) {
		if (x->root[c] != 0)
			x->root[c] = lexicon_pack_list(x, &from, x->root[c]);
	}
	x->added[0] = '\0';
	free(from.nodes);
}

static void
lexicon_found(const struct lexicon_walk *w, uint32_t node, size_t word)
{
	const struct lexicon_value *v;

	for (uint32_t n = w->lexicon->nodes[node].value; n != 0; n = v->next) {
		v = &w->lexicon->values[n - 1];
		w->found(w->arg, v->value, w->first, word - w->first + 1);
	}
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
			lexicon_found(w, star, word);
			space = lexicon_child(w->lexicon, star, ' ');
			if (space != 0 && word + 1 < f->count)
				lexicon_walk(w, space, word + 1);
		}
		if (at == end) {
			lexicon_found(w, node, word);
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
    void (*found)(void *, uint32_t, size_t, size_t), void *arg)
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
    size_t word, void (*found)(void *, uint32_t, size_t, size_t), void *arg)
{
	struct lexicon_walk walk = { .lexicon = x, .folded = f, .first = word,
		.skip = 1, .found = found, .arg = arg };

	if (lexicon_is_glued(f, word))
		lexicon_walk(&walk, 0, word);
}
