/*
 * Fourth step of the MO path: from words to meaning, by the pure functions of
 * src/text. Runs in glasd, called by mo_answer for one text after another,
 * since the language of a person may have been learnt from the text before.
 */
#include "glasd/gateway.h"
#include "glasd/mo_private.h"

void
mo_understand(struct mo_batch *b, struct mo_text *t)
{
	reading_make(&t->reading, b->mo->gateway->content, t->text,
	    b->citizens[t->citizen].conv.lang);
	/* For the database it is a string. */
	buf_str(&t->reading.trace);
}
