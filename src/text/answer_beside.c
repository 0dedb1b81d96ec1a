/*
 * What goes with a reply that has room for it: when it was asked, if that was
 * days ago; who writes, once, and one question about the person, once; or that
 * STOP stands. Runs in glasd and
 * glasctl; owns nothing.
 */
#include <stdlib.h>

#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer_private.h"

/* Adds a text by key to the last reply when both fit into the budget. */
static bool
answer_append(struct answering *a, const char *key)
{
	char date[16];
	const struct answer_field fields[] = {
		{ "DATE", date },
		{ NULL, NULL },
	};
	struct answer *out = a->answer;
	char **last = &out->replies[out->count - 1].text, *line, *both;
	enum lang used;
	const char *raw = answer_text(a, key, &used);

	if (raw == NULL)
		return (false);
	answer_date(a->given->written_at, date);
	line = answer_fill(key, raw, fields, answer_keeps_letters(used));
	both = xasprintf("%s\n%s", *last, line);
	free(line);
	if (segment_count(both, NULL, NULL) > a->given->segments) {
		free(both);
		return (false);
	}
	free(*last);
	*last = both;
	return (true);
}

/* The category of what was acknowledged, now or before; "" where nothing was. */
static const char *
answer_acknowledged(const struct answering *a)
{
	const struct reading *r = a->reading;

	if (a->answer->report)
		return (a->given->told ? "" : r->code);
	/* Who closed a question wants none. */
	if (r->intent == INTENT_ANSWER && a->answer->act_count == 0)
		return ("");
	if (r->intent == INTENT_ADD || r->intent == INTENT_ANSWER ||
	    r->intent == INTENT_STATUS)
		return (a->conversation->asked.category);
	return ("");
}

/* Only where a case has been acknowledged, nothing else is asked, and nothing
 * delicate is spoken of. */
static bool
answer_may_ask_group(const struct answering *a)
{
	const struct conversation *c = a->conversation;
	int i = content_find_category(a->content, answer_acknowledged(a));

	return (!c->asked_group && c->dialog.ask == DIALOG_NOTHING &&
	    a->content->settings[CONTENT_ASK_GROUP] != 0 &&
	    a->reading->emergency == EMERGENCY_NONE && i != CONTENT_NONE &&
	    a->content->categories[i].category.named_in_reply);
}

/* What else would come to that later does not. */
static bool
answer_is_promise(const struct reading *r)
{
	return (r->intent == INTENT_REPORT || r->intent == INTENT_RUMOUR ||
	    r->intent == INTENT_SUBSCRIBE);
}

void
answer_beside(struct answering *a)
{
	struct conversation *c = a->conversation;
	const struct answer *out = a->answer;

	if (out->count == 0 ||
	    out->replies[out->count - 1].kind == REPLY_EMERGENCY)
		return;
	if (a->given->written_at != 0)
		(void)answer_append(a, "SENT");
	if (c->stopped) {
		if (answer_is_promise(a->reading))
			(void)answer_append(a, "STOP_STANDS");
		return;
	}
	if (!c->told_who && a->reading->emergency == EMERGENCY_NONE)
		c->told_who = answer_append(a, "WHO_SHORT");
	if (c->told_who && answer_may_ask_group(a) &&
	    answer_append(a, "GROUP")) {
		c->asked_group = true;
		answer_ask(a, DIALOG_GROUP, "", 0);
	}
}
