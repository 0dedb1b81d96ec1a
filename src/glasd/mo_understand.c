/*
 * Fourth step of the MO path: from words to meaning, by the pure functions of
 * src/text. Runs in glasd, on batches whose texts are whole.
 */
#include "glasd/gateway.h"
#include "glasd/mo_private.h"

void
mo_understand(struct mo_batch *b)
{
	const struct content *content = b->mo->gateway->content;
	struct mo_text *t;

	TAILQ_FOREACH(t, &b->texts, entry) {
		if (t->role == MO_SEEN || t->role == MO_PART)
			continue;
		/* The language of before: two texts of one batch may differ
		 * from each other only by a tie, which the first settles for
		 * both. */
		reading_make(&t->reading, content, t->text,
		    b->citizens[t->citizen].conv.lang);
		buf_str(&t->reading.trace);
	}
	mo_answer(b);
}
