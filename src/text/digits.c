/*
 * Digits that stand for letters: pol1cija, v0da, traz1. Runs in glasd and
 * glasctl for reading.c; owns nothing. A digit beside letters is one when what
 * comes of it is a word that somebody knows and what stands before it is none:
 * PRIJAVA1VRANJE is a command with its number.
 */
#include <string.h>

#include "text/places.h"
#include "text/reading_private.h"

#define DIGITS_WORD_MAX 32	/* letters of the whole word */
#define DIGITS_MAX 4		/* digits in it */
#define DIGITS_END_MIN 4	/* letters where one may stand at its end */

/* By the look of the digit, or the sound of its name. */
static const char *const digits_letters[] = {
	"o", "il", "z", "ez", "ac", "s", "sb", "t", "b", "g"
};

/* Letters and single digits with nothing between. */
struct digits_run {
	const struct content *content;
	size_t		 words;		/* of the text */
	size_t		 len;
	char		 text[DIGITS_WORD_MAX + 1];
	uint8_t		 at[DIGITS_MAX];	/* where the digits stand */
	uint8_t		 digit[DIGITS_MAX];
	size_t		 count;
};

static bool
digits_follows(const struct folded *f, size_t i)
{
	return (i < f->count && f->words[i - 1].to == f->words[i].from &&
	    f->words[i].digits != f->words[i - 1].digits);
}

/* Adds a word to the run; false: it does not fit. */
static bool
digits_add(struct digits_run *run, const struct folded *f, size_t i)
{
	const struct fold_word *w = &f->words[i];

	if (run->len + w->len > DIGITS_WORD_MAX ||
	    (w->digits && (w->len != 1 || run->count == DIGITS_MAX)))
		return (false);
	if (w->digits) {
		run->at[run->count] = (uint8_t)run->len;
		run->digit[run->count++] = (uint8_t)(f->text[w->at] - '0');
	}
	memcpy(run->text + run->len, f->text + w->at, w->len);
	run->len += w->len;
	run->words++;
	return (true);
}

/* From word `i` on; false when it is nothing of the kind. */
static bool
digits_collect(struct digits_run *run, const struct folded *f, size_t i)
{
	if (f->words[i].digits || !digits_add(run, f, i))
		return (false);
	while (digits_follows(f, i + run->words)) {
		if (!digits_add(run, f, i + run->words))
			return (false);
	}
	return (run->count > 0 && (run->at[run->count - 1] + 1u < run->len ||
	    run->len >= DIGITS_END_MIN));
}

static bool
digits_is_word(const struct digits_run *run)
{
	struct folded one;
	bool is;

	fold_make(&one, run->text, run->len);
	is = known_keyword(run->content, &one, 0) ||
	    places_has(run->content->places, &one, 0) ||
	    known_learnt(run->content, run->text, run->len);
	fold_clear(&one);
	return (is);
}

/* Whether it is a word with letters for its digits from that one on; leaves it
 * with them. */
static bool
digits_try(struct digits_run *run, size_t digit)
{
	const char *letter;

	if (digit == run->count)
		return (digits_is_word(run));
	for (letter = digits_letters[run->digit[digit]]; *letter != '\0';
	    letter++) {
		run->text[run->at[digit]] = *letter;
		if (digits_try(run, digit + 1))
			return (true);
	}
	return (false);
}

/* The first of its words becomes all of them, which took more room. */
static void
digits_join(struct folded *f, size_t i, const struct digits_run *run)
{
	struct fold_word *w = &f->words[i], *last = &w[run->words - 1];

	memset(f->text + w->at, ' ', last->at + last->len - w->at);
	memcpy(f->text + w->at, run->text, run->len);
	w->len = (uint32_t)run->len;
	w->to = last->to;
	w->stop = last->stop;
}

/* How many words from there on are one; what they are is written there. */
static size_t
digits_word(const struct content *c, struct folded *f, size_t i)
{
	struct digits_run run = { .content = c };

	if (!digits_collect(&run, f, i) || (f->words[i].len > 1 &&
	    known_keyword(c, f, i)) || !digits_try(&run, 0))
		return (1);
	digits_join(f, i, &run);
	return (run.words);
}

void
digits_read(const struct content *c, struct folded *f)
{
	size_t kept = 0, words;

	for (size_t i = 0; i < f->count; i += words) {
		words = digits_follows(f, i + 1) ? digits_word(c, f, i) : 1;
		f->words[kept++] = f->words[i];
	}
	f->count = kept;
}
