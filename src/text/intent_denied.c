/*
 * Whether the word for a command is denied. Runs in glasd and glasctl; owns nothing.
 */
#include "text/reading_private.h"

#define INTENT_DENIED_WORDS 3	/* from a no to what it denies */

/* A no of its language stands in front of it, and no stop between: "I cannot
 * take it", and not "no, I take it". */
static bool
intent_denies(const struct reader *r, const struct reader_hit *hit)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);
		size_t word = h->word;

		if (k->kind != KEYWORD_SIGN || k->code != SIGN_REFUSAL ||
		    (k->langs & reader_keyword(r, hit)->langs) == 0 ||
		    word >= hit->word ||
		    word + INTENT_DENIED_WORDS < hit->word)
			continue;
		while (word < hit->word && !r->folded.words[word].stop)
			word++;
		if (word == hit->word)
			return (true);
	}
	return (false);
}

bool
intent_is_denied(const struct reader *r, enum intent intent)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (k->kind == KEYWORD_INTENT && k->code == (int)intent &&
		    intent_denies(r, &r->hits[i]))
			return (true);
	}
	return (false);
}
