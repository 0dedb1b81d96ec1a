/*
 * Whether a text says yes or no to a question whose answer is kept word for word.
 * Runs in glasd and glasctl; owns nothing. Yes is a text of which nothing is
 * anything else; no is whatever begins with it, or is short and has a word of
 * refusal. The rest is neither: who is in doubt is asked again.
 */
#include "text/reading_private.h"

#define CONSENT_LONG 12		/* words; more is a story */
#define CONSENT_SHORT 5		/* within which "yes, but don't" is a no */

static bool
consent_is_yes(const struct keyword *k)
{
	return (k->kind == KEYWORD_OPTION && k->code == OPTION_YES);
}

static bool
consent_agrees(const struct keyword *k)
{
	return (consent_is_yes(k) ||
	    (k->kind == KEYWORD_SIGN && k->code == SIGN_CONSENT));
}

static bool
consent_refuses(const struct keyword *k)
{
	return ((k->kind == KEYWORD_OPTION && k->code == OPTION_NO) ||
	    (k->kind == KEYWORD_SIGN && k->code == SIGN_REFUSAL));
}

static bool
consent_is_manners(const struct keyword *k)
{
	return (k->kind == KEYWORD_SIGN && (k->code == SIGN_POLITE ||
	    k->code == SIGN_THANKS || k->code == SIGN_GREETING));
}

/* A word of the language that is written, or that they wrote before: "na" is no
 * in Romani alone. One word is of any. */
static bool
consent_is_spoken(const struct reader *r, const struct keyword *k)
{
	enum lang lang = r->out->lang;

	return (r->folded.count == 1 || lang == LANG_UND ||
	    lang == LANG_MIX || (k->langs & 1u << lang) != 0 ||
	    (k->langs & 1u << r->before) != 0);
}

/* Where words from that one on end that are of such hits, one behind the other. */
static size_t
consent_covers_from(const struct reader *r, size_t end,
    bool (*is)(const struct keyword *))
{

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (h->word <= end && h->word + h->words > end && is(k) &&
		    consent_is_spoken(r, k))
			end = h->word + h->words;
	}
	return (end);
}

static size_t
consent_covers(const struct reader *r, bool (*is)(const struct keyword *))
{
	return (consent_covers_from(r, 0, is));
}

static bool
consent_has(const struct reader *r, bool (*is)(const struct keyword *))
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (is(k) && consent_is_spoken(r, k))
			return (true);
	}
	return (false);
}

static bool
consent_is_of_yes(const struct keyword *k)
{
	return (consent_agrees(k) || consent_is_manners(k));
}

enum choice
consent_first(const struct reader *r, size_t *behind)
{
	size_t from = consent_covers(r, consent_is_manners);

	*behind = consent_covers_from(r, from, consent_refuses);
	if (*behind > from)
		return (CHOICE_NO);
	if (r->signs[SIGN_FOR] == 0)
		*behind = consent_covers_from(r, from, consent_is_yes);
	return (*behind > from ? CHOICE_YES : CHOICE_NONE);
}

bool
consent_is_refused(const struct reader *r)
{
	return (consent_has(r, consent_refuses));
}

/* "For" votes, and begins many a question. */
enum choice
consent_read(const struct reader *r)
{
	size_t words = r->folded.count;

	if (words == 0 || words > CONSENT_LONG)
		return (CHOICE_NONE);
	if (consent_covers(r, consent_refuses) > 0 ||
	    (words <= CONSENT_SHORT && consent_has(r, consent_refuses)))
		return (CHOICE_NO);
	return (!r->folded.question && r->signs[SIGN_FOR] == 0 &&
	    consent_has(r, consent_agrees) &&
	    consent_covers(r, consent_is_of_yes) == words ? CHOICE_YES :
	    CHOICE_NONE);
}
