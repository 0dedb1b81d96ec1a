/*
 * Texts that say that something is reported, or where, and not what. Runs in glasd
 * and glasctl; owns nothing.
 */
#include "text/reading_private.h"

/* A place is named, or villages of one name, of which it may be any. */
bool
intent_is_somewhere(const struct reader *r)
{
	return (r->out->place != NULL || r->out->among != NULL);
}

/* It says that something is reported, is manners, or leads to the place. */
static bool
intent_tells_nothing(const struct reader *r, const struct reader_hit *hit)
{
	const struct keyword *k = reader_keyword(r, hit);

	if (k->kind == KEYWORD_INTENT)
		return (k->code == INTENT_REPORT &&
		    (!k->first || hit->word == 0));
	if (k->kind != KEYWORD_SIGN)
		return (false);
	return (k->code == SIGN_GREETING || k->code == SIGN_POLITE ||
	    (intent_is_somewhere(r) &&
	    (k->code == SIGN_AT || k->code == SIGN_VILLAGE)));
}

/* The first word from that one on that is not of the name of a place, nor the
 * digit of a group. */
static size_t
intent_past_place(const struct reader *r, size_t word)
{
	while (word < r->folded.count && ((intent_is_somewhere(r) &&
	    (r->marks[word] & PLACES_NAME) != 0) ||
	    (word > 0 && r->folded.words[word].digits &&
	    r->folded.words[word].len == 1)))
		word++;
	return (word);
}

/* Words that say that something is reported, or where, and nothing else. */
bool
intent_is_empty(const struct reader *r)
{
	size_t end = 0;

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];

		end = intent_past_place(r, end);
		if (intent_tells_nothing(r, h) && h->word <= end &&
		    h->word + h->words > end)
			end = h->word + h->words;
	}
	return (intent_past_place(r, end) == r->folded.count);
}
