/*
 * Which language a text is in: by script, by letters that others do not have,
 * then by small words and keywords. Runs in glasd and glasctl. Words that
 * several languages share count less; what nothing tells is "und".
 */
#include "lib/utf8.h"
#include "text/reading_private.h"

#define LANGUAGE_WORD 12	/* shared by as many languages as have it */
#define LANGUAGE_PHRASE 18
#define LANGUAGE_LETTER 10
#define LANGUAGE_LETTERS_MAX 3	/* that count */
#define LANGUAGE_MIXED_WORDS 2	/* of each script, at least */

#define LANGUAGE_BIT(lang) (1u << (lang))

struct language_votes {
	unsigned int	 all[LANG_COUNT];
	unsigned int	 own[LANG_COUNT];	/* by words of no other */
	unsigned int	 letters;	/* counted so far */
};

/* Both scripts of Serbian are one here. */
static unsigned int
language_merge(unsigned int langs)
{
	if ((langs & LANGUAGE_BIT(LANG_SR_CYRL)) != 0)
		langs |= LANGUAGE_BIT(LANG_SR_LATN);
	return (langs & ~LANGUAGE_BIT(LANG_SR_CYRL));
}

static void
language_vote(struct language_votes *v, unsigned int langs, unsigned int value)
{
	unsigned int n = (unsigned int)__builtin_popcount(langs);

	for (unsigned int lang = 0; lang < LANG_COUNT && n > 0; lang++) {
		if ((langs & LANGUAGE_BIT(lang)) == 0)
			continue;
		v->all[lang] += value / n;
		if (n == 1)
			v->own[lang] += value;
	}
}

static unsigned int
language_of_letter(const struct content *c, uint32_t letter)
{
	size_t low = 0, high = c->letter_count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (c->letters[mid].letter == letter)
			return (c->letters[mid].langs);
		if (c->letters[mid].letter < letter)
			low = mid + 1;
		else
			high = mid;
	}
	return (0);
}

/* Small letters of what has two cases in the ranges that languages.json uses:
 * Latin beyond ASCII and Cyrillic. */
static uint32_t
language_small(uint32_t c)
{
	if (c >= 0x410 && c <= 0x42f)
		return (c + 0x20);
	if (c >= 0x400 && c <= 0x40f)
		return (c + 0x50);
	if (c >= 0xc0 && c <= 0xde)
		return (c + 0x20);
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
		return (c | 1);
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return (c + (c & 1));
	return (c);
}

static void
language_letters(const struct reader *r, struct language_votes *v,
    bool cyrillic)
{
	const char *s = r->text, *end = s + r->len;
	unsigned int langs;
	uint32_t c;

	while (s < end && v->letters < LANGUAGE_LETTERS_MAX) {
		if ((unsigned char)*s < 0x80) {
			s++;
			continue;
		}
		c = language_small(utf8_next(&s, end));
		langs = language_of_letter(r->content, c);
		if (langs == 0 || (c >= 0x400) != cyrillic)
			continue;
		language_vote(v, language_merge(langs), LANGUAGE_LETTER);
		v->letters++;
	}
}

/* How much a pattern says of the words that it found: more letters are a longer
 * beginning of them, and what only begins a text is a command there. */
static unsigned int
language_fits(const struct keyword *k)
{
	return (2u * k->letters + k->first);
}

/* Languages that have the words of a hit: those of the pattern that fits best,
 * the others being shorter beginnings with any ending. Moves *i behind them. */
static unsigned int
language_of_hits(const struct reader *r, size_t *i)
{
	const struct reader_hit *first = &r->hits[*i], *h;
	const struct keyword *k;
	unsigned int langs = 0, best = 0;

	for (; *i < r->hit_count; ++*i) {
		h = &r->hits[*i];
		k = reader_keyword(r, h);
		if (h->word != first->word || h->words != first->words)
			break;
		if (!reader_means(k) || (k->first && h->word != 0) ||
		    language_fits(k) < best)
			continue;
		if (language_fits(k) > best)
			langs = 0;
		best = language_fits(k);
		langs |= language_merge(k->langs);
	}
	return (langs);
}

static void
language_words(const struct reader *r, struct language_votes *v,
    unsigned int possible)
{
	size_t i = 0;

	while (i < r->hit_count) {
		bool phrase = r->hits[i].words > 1;

		language_vote(v, language_of_hits(r, &i) & possible,
		    phrase ? LANGUAGE_PHRASE : LANGUAGE_WORD);
	}
}

/* Bulgarian or Serbian, when the text is Cyrillic. */
static enum lang
language_cyrillic(const struct reader *r)
{
	struct language_votes v = { .letters = 0 };

	language_letters(r, &v, true);
	if (v.own[LANG_BG] != v.own[LANG_SR_LATN])
		return (v.own[LANG_BG] > v.own[LANG_SR_LATN] ? LANG_BG :
		    LANG_SR_CYRL);
	language_words(r, &v, LANGUAGE_BIT(LANG_BG) |
	    LANGUAGE_BIT(LANG_SR_LATN));
	if (v.all[LANG_BG] == v.all[LANG_SR_LATN])
		return (r->before == LANG_BG ? LANG_BG : LANG_SR_CYRL);
	return (v.all[LANG_BG] > v.all[LANG_SR_LATN] ? LANG_BG : LANG_SR_CYRL);
}

static enum lang
language_top(const struct language_votes *v, enum lang but)
{
	static const enum lang latin[] = { LANG_SR_LATN, LANG_SQ, LANG_ROM,
		LANG_EN };
	enum lang top = LANG_UND;
	unsigned int best = 0;

	for (size_t i = 0; i < sizeof latin / sizeof *latin; i++) {
		if (latin[i] != but && v->all[latin[i]] > best) {
			top = latin[i];
			best = v->all[top];
		}
	}
	return (top);
}

/* Much of Romani as it is written is Serbian: a few words of its own tell. */
static bool
language_is_romani(const struct language_votes *v)
{
	unsigned int rom = v->own[LANG_ROM];

	return ((rom >= 2 * LANGUAGE_WORD || (rom >= LANGUAGE_WORD &&
	    v->own[LANG_SR_LATN] == 0)) &&
	    v->all[LANG_ROM] >= v->all[LANG_SQ] &&
	    v->all[LANG_ROM] >= v->all[LANG_EN] &&
	    rom * 2 >= v->own[LANG_SR_LATN]);
}

static bool
language_is_mix(const struct language_votes *v, enum lang a, enum lang b)
{
	return (a != LANG_ROM && b != LANG_UND && b != LANG_ROM &&
	    v->own[b] >= 3 * LANGUAGE_WORD &&
	    v->own[b] * 3 >= v->own[a] * 2);
}

/* In Latin letters only where no other language has any of the words. */
static enum lang
language_bulgarian(const struct reader *r)
{
	struct language_votes v = { .letters = 0 };

	language_words(r, &v, LANGUAGE_BIT(LANG_BG));
	return (v.all[LANG_BG] > 0 ? LANG_BG : LANG_UND);
}

static enum lang
language_latin(const struct reader *r)
{
	struct language_votes v = { .letters = 0 };
	enum lang top, second;

	language_letters(r, &v, false);
	language_words(r, &v, LANGUAGE_BIT(LANG_SR_LATN) |
	    LANGUAGE_BIT(LANG_SQ) | LANGUAGE_BIT(LANG_ROM) |
	    LANGUAGE_BIT(LANG_EN));
	if (language_is_romani(&v))
		return (LANG_ROM);
	/* What Serbian and Romani share is Serbian, unless the person is
	 * known to write Romani. */
	if (v.own[LANG_ROM] == 0 && r->before != LANG_ROM)
		v.all[LANG_ROM] = 0;
	top = language_top(&v, LANG_UND);
	second = language_top(&v, top);
	if (top == LANG_UND)
		return (language_bulgarian(r));
	if (v.all[top] == v.all[second])
		return (r->before == top || r->before == second ? r->before :
		    LANG_UND);
	return (language_is_mix(&v, top, second) ? LANG_MIX : top);
}

bool
language_has_words(const struct folded *f)
{
	for (size_t i = 0; i < f->count; i++) {
		if (!f->words[i].digits && f->words[i].len > 1)
			return (true);
	}
	return (false);
}

void
language_decide(struct reader *r)
{
	const struct folded *f = &r->folded;
	size_t fewer = f->latin < f->cyrillic ? f->latin : f->cyrillic;

	if (f->latin + f->cyrillic == 0 || !language_has_words(f))
		r->out->lang = LANG_UND;
	else if (fewer >= LANGUAGE_MIXED_WORDS &&
	    fewer * 4 >= f->latin + f->cyrillic)
		r->out->lang = LANG_MIX;
	else if (f->cyrillic > f->latin)
		r->out->lang = language_cyrillic(r);
	else
		r->out->lang = language_latin(r);
}
