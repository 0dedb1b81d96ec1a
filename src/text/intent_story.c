/*
 * What stands behind the word for a command: nothing, what it is about, or a story
 * that only begins with it. Runs in glasd and glasctl; owns nothing.
 */
#include "text/reading_private.h"

#define STORY_SHORT 3		/* words behind a stop that tell something */

size_t
intent_words_behind(const struct reader *r, enum intent intent)
{
	size_t words = 0;

	for (size_t i = 0; i < r->hit_count; i++) {
		const struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (h->word == 0 && h->words > words &&
		    k->kind == KEYWORD_INTENT && k->code == (int)intent)
			words = h->words;
	}
	return (r->folded.count - words);
}

/* What is complained of stands there. */
static bool
intent_names_subject(const struct reader *r, size_t word)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		if (r->hits[i].word == word && !r->hits[i].mute &&
		    reader_keyword(r, &r->hits[i])->kind == KEYWORD_CATEGORY)
			return (true);
	}
	return (false);
}

/* "Those competent keep silent while the dump grows", "who is competent? Three
 * crashes so far": words for the question that begin a story, or have one behind
 * them. Behind one word alone stands what is asked about. */
bool
intent_tells_story(const struct reader *r)
{
	const struct folded *f = &r->folded;
	size_t behind = intent_words_behind(r, INTENT_BODY);
	size_t i = f->count - behind;

	if (i == 1)
		return (f->count > READER_COMMAND_WORDS &&
		    !intent_names_subject(r, i));
	while (i <= f->count && !f->words[i - 1].stop)
		i++;
	return (i + STORY_SHORT <= f->count);
}
