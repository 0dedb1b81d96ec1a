/*
 * The slips: a letter or a space left out, a letter too many, another one, or
 * two in each other's place. Runs in glasd and glasctl; works on the stack.
 */
#include <string.h>

#include "text/slip.h"

#define SLIP_MAX 24		/* letters of a word */
#define SLIP_WORDS 3		/* of a pattern */

/* A few words of a text, the first of them changed again and again. */
struct slip {
	const struct lexicon *lexicon;
	struct folded	 folded;
	char		 text[SLIP_MAX * (SLIP_WORDS + 1)];
	struct fold_word words[SLIP_WORDS];
	lexicon_found	*found;
	void		*arg;
};

static void
slip_try(struct slip *s, size_t len)
{
	s->words[0].len = (uint32_t)len;
	lexicon_match(s->lexicon, &s->folded, 0, s->found, s->arg);
}

/* Words of a text stand anywhere in its octets. */
static void
slip_begin(struct slip *s, const struct folded *f, size_t word)
{
	size_t at = SLIP_MAX + 1;

	s->folded.text = s->text;
	s->folded.words = s->words;
	s->folded.count = 1;
	s->words[0].at = 0;
	for (size_t i = 1; i < SLIP_WORDS && word + i < f->count; i++) {
		const struct fold_word *w = &f->words[word + i];

		if (w->len > SLIP_MAX)
			break;
		memcpy(s->text + at, f->text + w->at, w->len);
		s->words[i].at = (uint32_t)at;
		s->words[i].len = w->len;
		s->folded.count++;
		at += w->len;
	}
}

/* Nothing, or another letter, in place of the one at i. */
static void
slip_replace(struct slip *s, const char *word, size_t len, size_t i)
{
	memcpy(s->text, word, i);
	memcpy(s->text + i, word + i + 1, len - i - 1);
	slip_try(s, len - 1);
	memcpy(s->text, word, len);
	for (s->text[i] = 'a'; s->text[i] <= 'z'; s->text[i]++) {
		if (s->text[i] != word[i])
			slip_try(s, len);
	}
}

/* A letter put in before i, or a space. */
static void
slip_insert(struct slip *s, const char *word, size_t len, size_t i)
{
	memcpy(s->text, word, i);
	memcpy(s->text + i + 1, word + i, len - i);
	for (s->text[i] = 'a'; s->text[i] <= 'z'; s->text[i]++)
		slip_try(s, len + 1);
	s->text[i] = ' ';
	slip_try(s, len + 1);
}

static void
slip_swap(struct slip *s, const char *word, size_t len, size_t i)
{
	if (word[i] == word[i + 1])
		return;
	memcpy(s->text, word, len);
	s->text[i] = word[i + 1];
	s->text[i + 1] = word[i];
	slip_try(s, len);
}

void
slip_match(const struct lexicon *lexicon, const struct folded *f, size_t word,
    lexicon_found *found, void *arg)
{
	const char *text = f->text + f->words[word].at;
	size_t len = f->words[word].len;
	struct slip s;

	if (len < 2 || len >= SLIP_MAX)
		return;
	s.lexicon = lexicon;
	s.found = found;
	s.arg = arg;
	slip_begin(&s, f, word);
	for (size_t i = 1; i < len; i++) {
		slip_replace(&s, text, len, i);
		slip_insert(&s, text, len, i);
		if (i + 1 < len)
			slip_swap(&s, text, len, i);
	}
	slip_insert(&s, text, len, len);
}
