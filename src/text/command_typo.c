/*
 * A command with one slip of the thumb: prvao 1, stauts 104828, obirsi. Looked for
 * where the first word of a short text is none that the content knows, and
 * believed where only one command is near. Runs in glasd and glasctl.
 */
#include "text/reading_private.h"
#include "text/slip.h"

#define COMMAND_TYPO_MIN 5	/* letters: shorter words are too near */
#define COMMAND_TYPO_WORDS 4	/* with more it is a story */

struct command_typo {
	const struct reader *reader;
	struct reader_hit hit;
	bool		 found, doubtful;
};

static void
command_typo_found(void *arg, uint32_t keyword, size_t word, size_t words)
{
	struct command_typo *t = arg;
	const struct reader *r = t->reader;
	const struct keyword *k = &r->content->keywords[keyword];

	if (k->kind != KEYWORD_INTENT || !k->first)
		return;
	/* Nobody is silenced, and none written to again, but for a word alone. */
	if ((k->code == INTENT_STOP || k->code == INTENT_START) &&
	    r->folded.count > 1)
		return;
	if (t->found && reader_keyword(r, &t->hit)->code != k->code)
		t->doubtful = true;
	if (t->found && t->hit.words >= words)
		return;
	t->found = true;
	t->hit = (struct reader_hit){ .keyword = keyword,
		.word = (uint32_t)word, .words = (uint8_t)words };
}

/* A text that is short, or goes on with a number. */
static bool
command_typo_may_be(const struct folded *f)
{
	return (f->count > 0 && !f->words[0].digits &&
	    f->words[0].len >= COMMAND_TYPO_MIN &&
	    (f->count <= COMMAND_TYPO_WORDS || f->words[1].digits));
}

bool
command_typo(struct reader *r, struct reader_hit *hit)
{
	const struct folded *f = &r->folded;
	struct command_typo t = { .reader = r };

	if (!command_typo_may_be(f))
		return (false);
	slip_match(r->content->lexicon, f, 0, command_typo_found, &t);
	if (!t.found || t.doubtful)
		return (false);
	*hit = t.hit;
	reader_trace(r, "word 1 is taken for '%s'",
	    reader_keyword(r, hit)->pattern);
	return (true);
}
