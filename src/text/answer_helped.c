/*
 * What a helper says of somebody: "ZA Mica ...". Runs in glasd and glasctl; owns
 * nothing. It is a report of that person, or what a helper may ask for anybody;
 * what each can only do for themselves is refused, and does not count as the
 * helper's own.
 */
#include <string.h>

#include "text/answer_private.h"

bool
answer_is_helped(const struct answering *a)
{
	return (a->conversation->helper && *a->reading->helped != '\0');
}

/* Of a text of few words: in a story the same words tell of others. What a form
 * counts is counted by who sees it. */
static bool
helped_is_own(const struct reading *r)
{
	return (r->intent == INTENT_FORM || (r->words <= ANSWER_PLACE_WORDS &&
	    (r->intent == INTENT_VOTE || r->intent == INTENT_STOP ||
	    r->intent == INTENT_START || r->intent == INTENT_ERASE ||
	    r->intent == INTENT_ATTEND || r->intent == INTENT_LANG ||
	    r->intent == INTENT_SUBSCRIBE || r->intent == INTENT_RATE)));
}

/* What is added without the number of a report would be of the newest one, which
 * may be another's. */
static bool
helped_is_asked(const struct reading *r)
{
	return (r->command && (r->intent == INTENT_RIGHTS ||
	    r->intent == INTENT_STATUS || r->intent == INTENT_BODY ||
	    r->intent == INTENT_HELP ||
	    (r->intent == INTENT_ADD && *r->code != '\0')));
}

/* The question where it was is of a case of the same person; few words are an
 * answer to it. */
static bool
helped_is_place(const struct answering *a, const struct reading *r)
{
	const struct conversation_case *c = &a->conversation->asked;

	return (a->conversation->dialog.ask == DIALOG_PLACE && !r->command &&
	    r->words <= ANSWER_PLACE_WORDS && !answer_tells(r) &&
	    c->text != NULL && answer_helped_is(a, c->text) &&
	    strcmp(answer_where(a).reference, c->reference) == 0);
}

/* What stands behind the name, which hides the words for it. True: it says where
 * it was. */
static bool
helped_read_behind(struct answering *a)
{
	const char *text = a->given->text;
	struct reading behind, *r = a->reading;
	bool place = false;
	struct folded f;

	fold_make(&f, text, strlen(text));
	if (f.count > r->helped_words) {
		reading_make(&behind, a->content,
		    text + f.words[r->helped_words].from,
		    a->conversation->lang);
		memcpy(behind.helped, r->helped, sizeof behind.helped);
		behind.helped_words = r->helped_words;
		place = helped_is_place(a, &behind);
		if (behind.emergency == EMERGENCY_NONE && (place ||
		    helped_is_own(&behind) || helped_is_asked(&behind)))
			reading_take(r, &behind);
		reading_clear(&behind);
	}
	fold_clear(&f);
	return (place);
}

/* Nothing that was asked of another is answered. A name alone is asked what
 * happened. */
bool
answer_helped(struct answering *a)
{
	struct reading *r = a->reading;

	if (r->emergency == EMERGENCY_NONE && !r->helped_alone &&
	    helped_read_behind(a))
		return (true);
	answer_dialog_drop(a, answer_came_at(a));
	if (r->emergency != EMERGENCY_NONE || !r->helped_alone)
		return (false);
	r->intent = INTENT_REPORT;
	r->code = r->guess = "";
	r->bare = true;
	return (false);
}

bool
answer_helped_refuses(struct answering *a)
{
	if (!answer_is_helped(a) || !helped_is_own(a->reading))
		return (false);
	answer_say(a, REPLY_SERVICE, answer_key(a, "FOR_ONESELF", "HELP"),
	    NULL);
	return (true);
}

/* Octets of the word there, without the vowel that its case is in: "Mica" and
 * "Micu" are one. */
static size_t
helped_stem(const char *word, size_t *len)
{
	*len = strcspn(word, " ");
	return (*len > 1 && strchr("aeiou", word[*len - 1]) != NULL ?
	    *len - 1 : *len);
}

static bool
helped_is_same(const char *one, const char *other)
{
	size_t len, other_len, stem;

	while (*one != '\0' && *other != '\0') {
		stem = helped_stem(one, &len);
		if (helped_stem(other, &other_len) != stem ||
		    memcmp(one, other, stem) != 0)
			return (false);
		one += len + (one[len] == ' ');
		other += other_len + (other[other_len] == ' ');
	}
	return (*one == *other);
}

bool
answer_helped_is(const struct answering *a, const char *text)
{
	struct reading r;
	bool is;

	reading_make(&r, a->content, text, a->conversation->lang);
	is = helped_is_same(r.helped, a->reading->helped);
	reading_clear(&r);
	return (is);
}
