/*
 * Whether a text tells of something that has happened. Runs in glasd and glasctl;
 * owns nothing. Words of an event are in the content; two languages tell it by how a
 * verb ends, which no list holds.
 */
#include <string.h>

#include "text/reading_private.h"

#define PAST_LETTERS 5		/* of a verb; shorter ones are in the content */

static bool
past_is(const struct folded *f, size_t word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strlen(*list) == f->words[word].len &&
		    memcmp(f->text + f->words[word].at, *list,
		    f->words[word].len) == 0)
			return (true);
	}
	return (false);
}

static bool
past_ends(const struct folded *f, size_t word, const char *const *ends)
{
	const struct fold_word *w = &f->words[word];

	for (; w->len >= PAST_LETTERS && *ends != NULL; ends++) {
		if (memcmp(f->text + w->at + w->len - 2, *ends, 2) == 0)
			return (true);
	}
	return (false);
}

/* "Vredjao me", "me je vredjao": to somebody. With "would" or "if" it did not; "I
 * would like to complain" is no such thing. */
static bool
past_is_serbian(const struct folded *f)
{
	static const char *const ends[] = { "ao", "eo", "io", "uo", "la", "li",
		NULL };
	static const char *const whom[] = { "me", "mi", "nas", "nam", "ga",
		"mu", "joj", "im", NULL };
	static const char *const unreal[] = { "bi", "ako", NULL };
	bool found = false;

	for (size_t i = 0; i < f->count; i++) {
		if (past_is(f, i, unreal))
			return (false);
		if (!past_ends(f, i, ends))
			continue;
		for (size_t n = i > 2 ? i - 2 : 0; n < i + 3 && n < f->count;
		    n++)
			found |= past_is(f, n, whom);
	}
	return (found);
}

/* "Vzeha", "otkazaha": they did. */
static bool
past_is_bulgarian(const struct folded *f)
{
	static const char *const ends[] = { "ha", NULL };

	for (size_t i = 0; i < f->count; i++) {
		if (past_ends(f, i, ends))
			return (true);
	}
	return (false);
}

bool
intent_tells_past(const struct reader *r)
{
	if (r->signs[SIGN_PAST] > 0)
		return (true);
	return (r->out->lang == LANG_BG ? past_is_bulgarian(&r->folded) :
	    (r->out->lang == LANG_SR_LATN || r->out->lang == LANG_SR_CYRL) &&
	    past_is_serbian(&r->folded));
}
