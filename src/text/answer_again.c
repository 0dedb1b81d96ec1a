/*
 * The question that is open, asked again: in another language, or because
 * something came that does not answer it. Runs in glasd and glasctl; owns nothing.
 * What a person asked is not repeated: only the database has its words.
 */
#include <stdlib.h>

#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer_private.h"

static const struct {
	const char	*key;	/* of its text, or: */
	void		(*say)(struct answering *);
} again[] = {
	[DIALOG_WHAT] = { NULL, answer_what_again },
	[DIALOG_PLACE] = { NULL, answer_where_again },
	[DIALOG_GROUP] = { "GROUP", NULL },
	[DIALOG_TOPIC] = { "TOPICS", NULL },
	[DIALOG_LANGUAGE] = { "LANGASK", NULL },
	[DIALOG_ERASE] = { NULL, answer_erase_again },
	[DIALOG_ATTEND] = { NULL, answer_attend_which },
	[DIALOG_FIELD] = { NULL, answer_form_again },
	[DIALOG_SOLVED] = { NULL, answer_solved_again },
	[DIALOG_STEP] = { "STEP_HOW", NULL },
	[DIALOG_DEBATE] = { "ASK_HOW", NULL },
	[DIALOG_RUMOUR] = { "RUMOUR_HOW", NULL },
	[DIALOG_VOTE] = { NULL, answer_vote_again },
	[DIALOG_MORE] = { NULL, NULL },
};

static void
again_by_key(struct answering *a, const char *key)
{
	const struct answer_field fields[] = {
		{ "REF", a->conversation->dialog.about },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};

	if (answer_text(a, key, NULL) != NULL)
		answer_say(a, REPLY_SERVICE, key, fields);
}

void
answer_join(struct answering *a)
{
	struct answer *out = a->answer;
	char **before = &out->replies[out->count - 2].text;
	char **last = &out->replies[out->count - 1].text, *both;

	both = xasprintf("%s\n%s", *before, *last);
	if (segment_count(both, NULL, NULL) > a->given->segments) {
		free(both);
		return;
	}
	free(*before);
	free(*last);
	*before = both;
	out->count--;
}

bool
answer_again(struct answering *a)
{
	enum dialog_ask ask = a->conversation->dialog.ask;
	unsigned int count = a->answer->count;

	if (again[ask].say != NULL)
		again[ask].say(a);
	else if (again[ask].key != NULL)
		again_by_key(a, again[ask].key);
	if (a->answer->count == count)
		return (false);
	if (count > 0 &&
	    a->answer->replies[count - 1].kind == REPLY_SERVICE)
		answer_join(a);
	return (true);
}
