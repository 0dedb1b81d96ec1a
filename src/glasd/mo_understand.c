/*
 * Fourth step of the MO path: from words to meaning, by the pure functions of
 * src/text. Runs in glasd, called by mo_answer for one text after another,
 * since the language of a person may have been learnt from the text before.
 * Here numbers of persons leave it: a reference or a vote is read from what was
 * written; what is stored, shown and answered has marks for them.
 */
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "text/ussd.h"

/* Who may try the path is understood as if the word for a trial were not
 * there. */
static void
mo_understand_trial(struct mo_text *t, const struct content *content,
    enum lang before)
{
	size_t at = strnlen(t->plain, t->reading.behind);

	while (((unsigned char)t->plain[at] & 0xc0) == 0x80)
		at++;
	t->test = true;
	if (t->plain[at] == '\0')
		return;
	t->behind = at;
	reading_clear(&t->reading);
	reading_make(&t->reading, content, t->plain + at, before);
}

void
mo_understand(struct mo_batch *b, struct mo_text *t)
{
	const struct content *content = b->mo->gateway->content;
	const struct conversation *conv = &b->citizens[t->citizen].conv;

	reading_make(&t->reading, content, t->plain, conv->lang);
	if (t->reading.test && conv->tester)
		mo_understand_trial(t, content, conv->lang);
	ussd_read(&t->reading, content, t->item.chosen);
	t->mask.open = content_open_numbers(content);
	t->text = mask_copy(t->plain, &t->mask);
	/* For the database it is a string. */
	buf_str(&t->reading.trace);
}
