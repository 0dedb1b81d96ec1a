/*
 * Which word of a command stands on a card. Runs in glasctl. Keywords are kept
 * folded; how one is spelt is taken from the reply texts, which write the words
 * that people are to send in capitals.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/cards.h"
#include "text/content_private.h"
#include "text/fold.h"

#define CARDS_HELP 1000	/* what it says, before what headings say */

struct cards_best {
	const struct content *content;
	enum intent	 intent;
	const char	*code;
	enum lang	 lang;
	struct buf	*word;
	unsigned int	 count;		/* in reply texts */
	bool		 whole;		/* no word with an ending left open */
	size_t		 len;
};

/* Where `words` words end that are parted by one space each; punctuation after
 * the last is none of it. */
static const char *
cards_words_end(const char *s, unsigned int words)
{
	while (words-- > 0) {
		s += strcspn(s, " \n.,:;!?()\"");
		if (words > 0)
			s += *s == ' ';
	}
	return (s);
}

/* How often a text names the folded words in capitals; the first time they are
 * kept as they are spelt. */
static unsigned int
cards_count(const char *text, const char *folded, unsigned int words,
    struct buf *spelt)
{
	unsigned int count = 0;
	struct folded f;
	const char *end;

	for (; *text != '\0'; text += strspn(text, " \n")) {
		end = cards_words_end(text, words);
		fold_make(&f, text, (size_t)(end - text));
		if (f.shouted && strcmp(f.text, folded) == 0) {
			if (spelt->len == 0)
				buf_add(spelt, text, (size_t)(end - text));
			count++;
		}
		fold_clear(&f);
		text += strcspn(text, " \n");
	}
	return (count);
}

/* A folded word in capitals; in Cyrillic letters for those who write them,
 * where that leads back to it. */
static void
cards_capitals(const char *pattern, enum lang lang, struct buf *out)
{
	static const char letters[] = "abvgdezijklmnoprstufhc ";
	static const char *const cyrillic[] = { "А", "Б", "В", "Г", "Д", "Е",
		"З", "И", "Й", "К", "Л", "М", "Н", "О", "П", "Р", "С", "Т",
		"У", "Ф", "Х", "Ц", " " };
	const char *at;
	struct folded f;
	bool back = false;

	for (const char *s = pattern; *s != '\0'; s++) {
		at = strchr(letters, *s);
		if (*s == 'j' && lang == LANG_SR_CYRL)
			buf_add_str(out, "Ј");
		else if (at != NULL)
			buf_add_str(out, cyrillic[at - letters]);
	}
	if (lang == LANG_BG || lang == LANG_SR_CYRL) {
		fold_make(&f, buf_str(out), out->len);
		back = strcmp(f.text, pattern) == 0;
		fold_clear(&f);
	}
	if (back)
		return;
	buf_reset(out);
	for (const char *s = pattern; *s != '\0'; s++) {
		char c = (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s);

		buf_add(out, &c, 1);
	}
}

/* What stands on a card is read as what the card says. */
static bool
cards_read_so(const struct cards_best *b, const char *word)
{
	struct reading r;
	bool so;

	reading_make(&r, b->content, word, b->lang);
	so = r.intent == b->intent && (b->intent != INTENT_LANG ||
	    strcmp(r.code, b->code) == 0);
	reading_clear(&r);
	return (so);
}

/* Named more often, else a whole word, else shorter. */
static bool
cards_is_better(const struct cards_best *a, const struct cards_best *b)
{
	if (b->word->len == 0 || a->count != b->count)
		return (b->word->len == 0 || a->count > b->count);
	if (a->whole != b->whole)
		return (a->whole);
	return (a->len < b->len);
}

static void
cards_try(struct cards_best *best, const struct keyword *k)
{
	size_t len = strcspn(k->pattern, "*");
	char *folded = xstrndup(k->pattern, len);
	struct buf spelt = { 0 };
	struct cards_best tried = *best;
	const char *help = content_text_unreviewed(best->content, "HELP",
	    best->lang), *text;

	tried.whole = k->pattern[len] == '\0';
	tried.len = len;
	/* First, for the spelling too. */
	tried.count = CARDS_HELP * cards_count(help != NULL ? help : "",
	    folded, k->words, &spelt);
	for (size_t i = 0; i < best->content->reply_count; i++) {
		text = best->content->replies[i].text[best->lang];
		if (text != NULL && text != help)
			tried.count += cards_count(text, folded, k->words,
			    &spelt);
	}
	if (tried.count == 0)
		cards_capitals(folded, best->lang, &spelt);
	if (cards_is_better(&tried, best) &&
	    cards_read_so(best, buf_str(&spelt))) {
		*best = tried;
		buf_reset(best->word);
		buf_add(best->word, spelt.data, spelt.len);
	}
	buf_clear(&spelt);
	free(folded);
}

/* No half of a pair, and an open ending only at the end. */
static bool
cards_can_stand(const char *pattern)
{
	const char *star = strchr(pattern, '*');

	return (strchr(pattern, '+') == NULL &&
	    (star == NULL || star[1] == '\0'));
}

bool
cards_word(const struct content *c, enum intent intent, const char *code,
    enum lang lang, struct buf *word)
{
	struct cards_best best = { .content = c, .intent = intent,
		.code = code, .lang = lang, .word = word };

	buf_reset(word);
	for (size_t i = 0; i < c->keyword_count; i++) {
		const struct keyword *k = &c->keywords[i];
		bool asks = (k->kind == KEYWORD_INTENT && k->first &&
		    k->code == (int)intent) ||
		    (k->kind == KEYWORD_LANGUAGE && intent == INTENT_LANG);

		if (asks && (k->langs & 1u << lang) != 0 &&
		    cards_can_stand(k->pattern))
			cards_try(&best, k);
	}
	buf_str(word);
	return (word->len > 0);
}
