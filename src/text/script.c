/*
 * From one script to another. Runs in glasd and glasctl; pure. Called for every
 * text that goes out; takes any octets, gives valid UTF-8.
 */
#include <string.h>

#include <utf8proc.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"
#include "text/script.h"

/* A letter and what stands for it, one or two letters of which the first is
 * capital when it is. */
struct script_letter {
	uint32_t	 from;
	const char	*to;
};

/* By code point from U+0400 to U+045F; "" for a sign that has no sound. */
static const char *const script_cyrillic[0x60] = {
	[0x00] = "E", "Jo", "Đ", "Đ", "Je", "Dz", "I", "Ji",
	[0x08] = "J", "Lj", "Nj", "Ć", "Ć", "I", "U", "Dž",
	[0x10] = "A", "B", "V", "G", "D", "E", "Ž", "Z",
	[0x18] = "I", "J", "K", "L", "M", "N", "O", "P",
	[0x20] = "R", "S", "T", "U", "F", "H", "C", "Č",
	[0x28] = "Š", "Št", "A", "Y", "J", "E", "Ju", "Ja",
	[0x30] = "a", "b", "v", "g", "d", "e", "ž", "z",
	[0x38] = "i", "j", "k", "l", "m", "n", "o", "p",
	[0x40] = "r", "s", "t", "u", "f", "h", "c", "č",
	[0x48] = "š", "št", "a", "y", "j", "e", "ju", "ja",
	[0x50] = "e", "jo", "đ", "đ", "je", "dz", "i", "ji",
	[0x58] = "j", "lj", "nj", "ć", "ć", "i", "u", "dž",
};

/* Two letters in one character of Unicode, U+01C4 to U+01CC. */
static const char *const script_digraphs[] = {
	"DŽ", "Dž", "dž", "LJ", "Lj", "lj", "NJ", "Nj", "nj",
};

/* Latin letters that do not come apart into a letter and a mark. */
static const struct script_letter script_latin[] = {
	{ 0x0110, "Dj" }, { 0x0111, "dj" },
	{ 0x00d0, "Dj" }, { 0x00f0, "dj" },	/* eth, typed for d-stroke */
	{ 0x0141, "L" }, { 0x0142, "l" },
	{ 0x0131, "i" }, { 0x0138, "k" },
	{ 0x0152, "Oe" }, { 0x0153, "oe" },
	{ 0x00de, "Th" }, { 0x00fe, "th" },
	{ 0x0126, "H" }, { 0x0127, "h" },
	{ 0x0166, "T" }, { 0x0167, "t" },
	{ 0x014a, "N" }, { 0x014b, "n" },
	{ 0x018f, "E" }, { 0x0259, "e" },
	{ 0x01b7, "Z" }, { 0x0292, "z" },	/* ezh of Romani */
	{ 0x03b8, "th" },			/* theta of Romani */
	{ 0x1e9e, "SS" },
};

/* Signs that word processors put in, and their plain forms. */
static const struct script_letter script_signs[] = {
	{ 0x0009, " " }, { 0x2028, "\n" }, { 0x2029, "\n" },
	{ 0x00a0, " " }, { 0x2007, " " }, { 0x202f, " " }, { 0x3000, " " },
	{ 0x00ab, "\"" }, { 0x00bb, "\"" },
	{ 0x201c, "\"" }, { 0x201d, "\"" }, { 0x201e, "\"" }, { 0x201f, "\"" },
	{ 0x2033, "\"" }, { 0x2036, "\"" },
	{ 0x2018, "'" }, { 0x2019, "'" }, { 0x201a, "'" }, { 0x201b, "'" },
	{ 0x2032, "'" }, { 0x2035, "'" }, { 0x2039, "'" }, { 0x203a, "'" },
	{ 0x0060, "'" }, { 0x00b4, "'" }, { 0x02bc, "'" },
	{ 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" },
	{ 0x2014, "-" }, { 0x2015, "-" }, { 0x2212, "-" },
	{ 0x2022, "-" }, { 0x00b7, "." },
	{ 0x2026, "..." }, { 0x2044, "/" }, { 0x00d7, "x" },
};

/* A text being turned; each code point knows its neighbours. */
struct script_walk {
	struct buf	*out;
	const char	*p, *end;
	uint32_t	 before;	/* 0 at the start */
	uint32_t	 here;
	bool		 alien;		/* `before` is not in the alphabet */
	utf8proc_int32_t cluster;	/* libutf8proc's state, aliens only */
};

static bool
script_is_capital(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'A' && c <= 'Z');
	return (utf8proc_category((utf8proc_int32_t)c) ==
	    UTF8PROC_CATEGORY_LU);
}

static bool
script_is_letter(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

	return (category >= UTF8PROC_CATEGORY_LU &&
	    category <= UTF8PROC_CATEGORY_LO);
}

/* True when the word is shouted: the next letter is capital, or this one is
 * the last and the one before is capital. */
static bool
script_is_shouted(const struct script_walk *w)
{
	const char *p = w->p;
	uint32_t next = p < w->end ? utf8_next(&p, w->end) : ' ';

	if (script_is_letter(next))
		return (script_is_capital(next));
	return (script_is_capital(w->before));
}

static bool
script_step(struct script_walk *w)
{
	if (w->p >= w->end)
		return (false);
	w->before = w->here;
	w->here = utf8_next(&w->p, w->end);
	return (true);
}

static const char *
script_find(const struct script_letter *table, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i].from == c)
			return (table[i].to);
	}
	return (NULL);
}

#define SCRIPT_FIND(table, c) \
	script_find(table, sizeof table / sizeof *table, c)

/* In Latin letters, or NULL. */
static const char *
script_latin_of(uint32_t c)
{
	if (c >= 0x400 && c < 0x460)
		return (script_cyrillic[c - 0x400]);
	if (c >= 0x1c4 && c <= 0x1cc)
		return (script_digraphs[c - 0x1c4]);
	return (NULL);
}

/* Writes the code points of `letters` through `put`; all but the first are made
 * capital where the word is shouted. */
static void
script_write(struct script_walk *w, const char *letters,
    void (*put)(struct script_walk *, uint32_t))
{
	const char *end = letters + strlen(letters);
	bool shouted = script_is_capital(w->here) && script_is_shouted(w);

	for (bool first = true; letters < end; first = false) {
		uint32_t c = utf8_next(&letters, end);

		if (!first && shouted)
			c = (uint32_t)utf8proc_toupper((utf8proc_int32_t)c);
		put(w, c);
	}
}

static void
script_put(struct script_walk *w, uint32_t c)
{
	utf8_put(w->out, c);
}

/* In ASCII letters or signs, or NULL. */
static const char *
script_plain_of(uint32_t c)
{
	const char *plain = SCRIPT_FIND(script_signs, c);

	return (plain != NULL ? plain : SCRIPT_FIND(script_latin, c));
}

static bool
script_is_mark(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
		return (true);
	default: /* of thirty categories these show nothing of their own */
		return (false);
	}
}

/* Writes c without what stands above, below or around it; false when nothing
 * of it, or not all of it, is in the alphabet. */
static bool
script_put_bare(struct script_walk *w, uint32_t c)
{
	utf8proc_int32_t part[32]; /* Unicode needs 18 at most */
	utf8proc_ssize_t n;
	int class = 0;

	n = utf8proc_decompose_char((utf8proc_int32_t)c, part, 32,
	    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &class);
	if (n < 1 || n > 32 || (uint32_t)part[0] == c)
		return (false);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (alphabet_septets((uint32_t)part[i]) == 0 &&
		    script_plain_of((uint32_t)part[i]) == NULL &&
		    !script_is_mark((uint32_t)part[i]))
			return (false);
	}
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		const char *plain = script_plain_of((uint32_t)part[i]);

		if (plain != NULL)
			buf_add_str(w->out, plain);
		else if (!script_is_mark((uint32_t)part[i]))
			script_put(w, (uint32_t)part[i]);
	}
	return (true);
}

/* A question mark for what is not in the alphabet, but one only for what is
 * seen as one character: an emoji may be ten code points. */
static void
script_put_alien(struct script_walk *w)
{
	bool begins;

	if (!w->alien)
		w->cluster = 0;
	w->alien = true;
	begins = utf8proc_grapheme_break_stateful((utf8proc_int32_t)w->before,
	    (utf8proc_int32_t)w->here, &w->cluster);
	if (begins && !script_is_mark(w->here))
		script_put(w, '?');
}

/* Writes one code point in the alphabet. */
static void
script_put_gsm7(struct script_walk *w, uint32_t c)
{
	const char *plain;

	if (alphabet_septets(c) != 0)
		script_put(w, c);
	else if ((plain = script_plain_of(c)) != NULL)
		script_write(w, plain, script_put);
	else if (!script_put_bare(w, c)) {
		script_put_alien(w);
		return;
	}
	w->alien = false;
}

static void
script_step_gsm7(struct script_walk *w)
{
	const char *latin = script_latin_of(w->here);

	if (latin != NULL)
		script_write(w, latin, script_put_gsm7);
	else
		script_put_gsm7(w, w->here);
}

static void
script_step_keep(struct script_walk *w)
{
	const char *plain = SCRIPT_FIND(script_signs, w->here);

	if (w->here >= 0x80 && plain != NULL)
		buf_add_str(w->out, plain);
	else
		script_put(w, w->here);
}

void
script_to_gsm7(struct buf *out, const char *s, size_t len, bool keep)
{
	struct script_walk w = { .out = out };
	struct buf composed = { 0 };

	utf8_nfc(&composed, s, len);
	w.p = buf_str(&composed);
	w.end = w.p + composed.len;
	while (script_step(&w)) {
		if (keep)
			script_step_keep(&w);
		else
			script_step_gsm7(&w);
	}
	buf_clear(&composed);
}
