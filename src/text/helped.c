/*
 * Whom a text names that helps somebody: a name behind the word that says "for".
 * Runs in glasd and glasctl, called by reading.c; owns nothing.
 */
#include <stdio.h>
#include <string.h>

#include "text/reading_private.h"

#define HELPED_WORDS 3	/* of a name */

/* It says what somebody is called before their name, or whose they are. */
static bool
helped_is_kin(const struct reader *r, size_t word)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (r->hits[i].word == word && k->kind == KEYWORD_SIGN &&
		    k->code == SIGN_KIN)
			return (true);
	}
	return (false);
}

/* A word that ends no name: "my aunt", "neighbour Pera". The third of them has a
 * capital, or what happened to an aunt is her name. */
static bool
helped_goes_on(const struct reader *r, size_t words)
{
	const struct folded *f = &r->folded;
	size_t next = words + 1;

	if (words >= HELPED_WORDS || next >= f->count ||
	    f->words[next].digits || f->words[words].stop ||
	    !helped_is_kin(r, words))
		return (false);
	return (helped_is_kin(r, next) ||
	    ((r->marks[next] & (PLACES_TAKEN | PLACES_NAME)) == 0 &&
	    (words == 1 || (f->words[next].capital && !f->shouted))));
}

/* It leads to the next word, and is no end: "my neighbour, the police". */
static bool
helped_is_article(const struct reader *r, size_t word)
{
	static const char *const articles[] = { "a", "e", "i", "o", "the" };
	const struct fold_word *w = &r->folded.words[word];

	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
		if (w->len == strlen(articles[i]) &&
		    memcmp(r->folded.text + w->at, articles[i], w->len) == 0)
			return (true);
	}
	return (false);
}

/* How many words a name has that begins with the second one of a text: up to a
 * colon, or two that are no other words and begin with capitals; else one, and
 * those before it that only lead to it. */
static size_t
helped_words(const struct reader *r)
{
	const struct folded *f = &r->folded;
	const struct fold_word *w = f->words;
	size_t words = 1;

	for (size_t n = 1; n <= HELPED_WORDS && n < f->count; n++) {
		if (w[n].to < r->len && r->text[w[n].to] == ':')
			return (n);
	}
	while (helped_goes_on(r, words))
		words++;
	if (words > 1 && helped_is_article(r, words))
		words--;
	return (words == 1 && f->count > 2 && w[1].capital && w[2].capital &&
	    !f->shouted &&
	    (r->marks[2] & (PLACES_TAKEN | PLACES_NAME)) == 0 ? 2 : words);
}

void
helped_read(struct reader *r)
{
	const struct folded *f = &r->folded;
	const struct fold_word *last;
	size_t words;

	if (r->signs[SIGN_FOR] == 0 || f->count < 2 || f->words[1].digits ||
	    (r->marks[1] & PLACES_NAME) != 0)
		return;
	words = helped_words(r);
	last = &f->words[words];
	snprintf(r->out->helped, sizeof r->out->helped, "%.*s",
	    (int)(last->at + last->len - f->words[1].at),
	    f->text + f->words[1].at);
	r->out->helped_words = (unsigned int)words + 1;
	r->out->helped_alone = words + 1 == f->count;
}
