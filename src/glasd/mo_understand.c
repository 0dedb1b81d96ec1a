/*
 * Fourth step of the MO path: from words to meaning, by the pure functions of
 * src/text. Runs in glasd, called by mo_answer for one text after another,
 * since the language of a person may have been learnt from the text before.
 * Here numbers of persons leave it: a reference or a vote is read from what was
 * written; what is stored, shown and answered has marks for them.
 */
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "text/ussd.h"

void
mo_understand(struct mo_batch *b, struct mo_text *t)
{
	const struct content *content = b->mo->gateway->content;

	reading_make(&t->reading, content, t->plain,
	    b->citizens[t->citizen].conv.lang);
	ussd_read(&t->reading, content, t->item.chosen);
	t->mask.open = content_open_numbers(content);
	t->text = mask_copy(t->plain, &t->mask);
	/* For the database it is a string. */
	buf_str(&t->reading.trace);
}
