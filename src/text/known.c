/*
 * Whether a word means something to a content: for whoever puts letters right
 * before it is looked up (digits.c, doubles.c). Runs in glasd and glasctl; owns
 * nothing.
 */
#include "text/features.h"
#include "text/lexicon.h"
#include "text/reading_private.h"
#include "text/weights.h"

struct known {
	size_t		 word;
	bool		 found;
};

static void
known_found(void *arg, uint32_t value, size_t word, size_t words)
{
	struct known *k = arg;

	(void)value;
	k->found |= word + words > k->word;
}

bool
known_keyword(const struct content *c, const struct folded *f, size_t word)
{
	struct known k = { .word = word };
	size_t from = word < LEXICON_WORDS_MAX ? 0 :
	    word - LEXICON_WORDS_MAX + 1;

	for (size_t i = from; i <= word && !k.found; i++)
		lexicon_match(c->lexicon, f, i, known_found, &k);
	return (k.found);
}

bool
known_learnt(const struct content *c, const char *word, size_t len)
{
	return (c->weights != NULL &&
	    weights_find(c->weights, feature_hash(word, len)).count > 0);
}
