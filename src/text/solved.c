/*
 * Whether a text says that what was told of is mended, as an answer to that. Runs
 * in glasd and glasctl; owns nothing. No is whatever begins with a no, however
 * long it is; yes is what says that it is mended, and has no no or "but" in it:
 * a case that is opened again is looked at, one that stays closed is not.
 */
#include <string.h>

#include "text/reading_private.h"

#define SOLVED_LONG 12		/* words; more is a story */
#define SOLVED_SHORT 5		/* within which "still" is a no, wherever */
#define SOLVED_SURE_WORDS 2	/* behind a no, of what they do not know */

/* A text begins with one of these, or has it behind a yes. Where it ends with a
 * star, words begin so: none that asks for it ("popravite"). */
static const char *const solved_mended[] = { "popravljen*", "popravil*",
	"popravio", "resen*", "resil*", "sredjen*", "sredil*", "zavrsen*",
	"zavrsil*", "gotov*", "proradil*", "radi", "opraven*", "opraviha",
	"popraven*", "popraviha", "raboti", "rregullua*", "zgjidh", "zgjidhur",
	"ndreq", "ndreqen", "ndrequr", "erdhi", "erdhen", "punon", "fixed",
	"repaired", "solved", "resolved", "working", "works", "lacardo",
	"popravinde", "resinde", "redu", "rregull", NULL };

/* These may stand before it: "it is", "they have". */
static const char *const solved_empty[] = { "je", "su", "jeste", "jesu", "sve",
	"sada", "sad", "vec", "konacno", "danas", "juce", "jutros", "dosli",
	"i", "eshte", "u", "tani", "sot", "e", "sa", "vse", "it", "is", "has",
	"been", "was", "they", "have", "all", "now", NULL };

/* It is as it was: at the beginning, or in few words. */
static const char *const solved_still[] = { "uvek", "dalje", "opet", "ende",
	"prape", "prap", "perseri", "oste", "still", "again", "pale", NULL };
static const char *const solved_before_still[] = { "i", "jos", "vse", "a", "ma",
	NULL };

static const char *const solved_but[] = { "ali", "al", "opet", "nema", "por",
	"prape", "prap", "pak", "no", "ama", "but", "again", "samo", "osim",
	"sem", "except", "pervec", NULL };

/* "They did the street and left us out": an article in English alone. */
static const char *const solved_and[] = { "a", NULL };

/* "I do not know" begins as a no does; so does "no need". */
static const char *const solved_unsure[] = { "znam", "znamo", "znaem", "di",
	"dzanav", "djanav", "know", "treba", "brinite", "brini", NULL };

/* "They work at the road", "does it work", "because of that": no such words. */
static const char *const solved_no_verb[] = { "se", "li", "toga", "togo",
	"cega", "kafana", "kafic", "on", "for", "at", "ne", "si", NULL };

static bool
solved_has(const struct reader *r, size_t word, const char *const list[])
{
	const struct fold_word *w = &r->folded.words[word];
	const char *s = r->folded.text + w->at;

	for (size_t i = 0; list[i] != NULL; i++) {
		size_t len = strlen(list[i]);
		bool begins = list[i][len - 1] == '*';

		len -= begins;
		if ((begins ? w->len >= len : w->len == len) &&
		    memcmp(s, list[i], len) == 0)
			return (true);
	}
	return (false);
}

static bool
solved_has_among(const struct reader *r, size_t from, size_t to,
    const char *const list[])
{
	for (size_t i = from; i < to && i < r->folded.count; i++) {
		if (solved_has(r, i, list))
			return (true);
	}
	return (false);
}

static bool
solved_begins_mended(const struct reader *r, size_t from)
{
	while (from < r->folded.count && solved_has(r, from, solved_empty))
		from++;
	return (solved_has_among(r, from, from + 1, solved_mended) &&
	    !solved_has_among(r, from + 1, from + 2, solved_no_verb));
}

/* Behind a yes anywhere, else before all that says something. */
static bool
solved_is_mended(const struct reader *r, enum choice first, size_t from)
{
	if (first == CHOICE_YES)
		return (r->out->thanks || solved_has_among(r, from,
		    r->folded.count, solved_mended));
	/* "It is all right" is manners as well. */
	return (solved_begins_mended(r, from) || solved_begins_mended(r, 0));
}

/* "Still dark", "no light yet". */
static bool
solved_is_as_before(const struct reader *r, size_t from)
{
	size_t words = r->folded.count;

	if (words - from <= SOLVED_SHORT)
		return (solved_has_among(r, from, words, solved_still));
	while (from < words && solved_has(r, from, solved_before_still))
		from++;
	return (solved_has_among(r, from, from + 1, solved_still));
}

/* A yes that stands apart is taken back by what is behind it; without a stop it
 * may be no yes: "that there is no water". */
static bool
solved_is_taken_back(const struct reader *r, enum choice first, size_t behind)
{
	return (first == CHOICE_YES && r->folded.words[behind - 1].stop &&
	    solved_has_among(r, behind, r->folded.count, solved_but));
}

/* Not all of it is mended. */
static bool
solved_is_partly(const struct reader *r)
{
	size_t words = r->folded.count;

	return (solved_has_among(r, 0, words, solved_but) ||
	    solved_has_among(r, 0, words, solved_still) ||
	    (r->out->lang != LANG_EN &&
	    solved_has_among(r, 1, words, solved_and)));
}

enum choice
solved_read(const struct reader *r)
{
	size_t behind = 0, words = r->folded.count;
	enum choice first;

	first = consent_first(r, &behind);
	if (first == CHOICE_NO)
		return (solved_has_among(r, behind,
		    behind + SOLVED_SURE_WORDS, solved_unsure) ? CHOICE_NONE : CHOICE_NO);
	if (words > SOLVED_LONG || r->folded.question ||
	    r->signs[SIGN_QUESTION] > 0)
		return (CHOICE_NONE);
	if (first == CHOICE_NONE && solved_is_as_before(r, behind))
		return (CHOICE_NO);
	if (solved_is_taken_back(r, first, behind))
		return (CHOICE_NO);
	if (!solved_is_mended(r, first, behind))
		return (CHOICE_NONE);
	return (r->signs[SIGN_UNSOLVED] > 0 || consent_is_refused(r) ||
	    solved_is_partly(r) ? CHOICE_NO : CHOICE_YES);
}
