/*
 * A command with one slip of the thumb: prvao 1, stauts 104828, drejtaa. Looked for
 * where nobody knows the first word, and the text is that word alone or goes on
 * with a number: more words may be a story, or a cry. Believed where only one
 * command is near. Runs in glasd and glasctl.
 */
#include <string.h>

#include "text/reading_private.h"
#include "text/slip.h"

#define COMMAND_TYPO_MIN 5	/* letters: shorter ones are near to many words */

struct command_typo {
	const struct reader *reader;
	struct reader_hit hit;
	bool		 found, doubtful;
};

/* Nobody is silenced, and none is written to again, on a guess. */
static bool
command_typo_forgives(const struct keyword *k)
{
	return (k->kind == KEYWORD_INTENT && k->first && k->words == 1 &&
	    k->code != INTENT_STOP && k->code != INTENT_START &&
	    strlen(k->pattern) >= COMMAND_TYPO_MIN);
}

static void
command_typo_found(void *arg, uint32_t keyword, size_t word, size_t words)
{
	struct command_typo *t = arg;
	const struct keyword *k = &t->reader->content->keywords[keyword];

	if (!command_typo_forgives(k))
		return;
	if (t->found && reader_keyword(t->reader, &t->hit)->code != k->code)
		t->doubtful = true;
	t->found = true;
	t->hit = (struct reader_hit){ .keyword = keyword,
		.word = (uint32_t)word, .words = (uint8_t)words };
}

/* What is added to a case is told behind its number; danger in it goes first. */
static bool
command_typo_is_all(const struct folded *f, int intent)
{
	size_t i = 1;

	while (i < f->count && f->words[i].digits)
		i++;
	return (i == f->count || (intent == INTENT_ADD && i > 1));
}

bool
command_typo(struct reader *r, struct reader_hit *hit)
{
	const struct folded *f = &r->folded;
	struct command_typo t = { .reader = r };
	const struct keyword *k;

	if (f->count == 0 || f->words[0].digits ||
	    f->words[0].len < COMMAND_TYPO_MIN ||
	    (f->count > 1 && !f->words[1].digits))
		return (false);
	slip_match(r->content->lexicon, f, 0, command_typo_found, &t);
	if (!t.found || t.doubtful)
		return (false);
	k = reader_keyword(r, &t.hit);
	if (!command_typo_is_all(f, k->code))
		return (false);
	*hit = t.hit;
	reader_trace(r, "word 1 is taken for '%s'", k->pattern);
	return (true);
}
