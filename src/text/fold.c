/*
 * Folding of texts and patterns for matching. Runs in glasd and glasctl; owns
 * only what it returns. Called for every text, so it allocates nothing for
 * those of usual length. Any octets are accepted.
 */
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/fold.h"

#define FOLD_CIRCLED 0x2460u	/* 1 in a circle */
#define FOLD_DIGITS_WIDE 0x660u	/* the first digits beyond ASCII */

enum fold_class {
	FOLD_SPACE,
	FOLD_NOTHING,	/* apostrophes, marks, invisible characters */
	FOLD_DIGIT,
	FOLD_LATIN,
	FOLD_CYRILLIC,
	FOLD_FOREIGN,
	FOLD_SOS	/* a picture that cries for help: a word of its own */
};

/* U+0430 to U+045F, small letters; Bulgarian ones as they are heard. */
static const char fold_cyrillic[][3] = {
	"a", "b", "v", "g", "d", "e", "z", "z", "i", "j", "k", "l", "m", "n",
	"o", "p", "r", "s", "t", "u", "f", "h", "c", "c", "s", "st", "a", "i",
	"j", "e", "ju", "ja", "e", "jo", "dj", "dj", "e", "dz", "i", "i", "j",
	"lj", "nj", "c", "c", "i", "u", "dz",
};

/* What a letter of one script is when it was meant as its look-alike. */
static const struct {
	uint32_t	 cyrillic;	/* small */
	char		 latin;		/* small */
	char		 as_cyrillic;	/* the Latin letter read as Cyrillic */
} fold_twins[] = {
	{ 0x430, 'a', 'a' }, { 0x441, 'c', 's' }, { 0x435, 'e', 'e' },
	{ 0x43e, 'o', 'o' }, { 0x440, 'p', 'r' }, { 0x445, 'x', 'h' },
	{ 0x443, 'y', 'u' }, { 0x43a, 'k', 'k' }, { 0x43c, 'm', 'm' },
	{ 0x442, 't', 't' }, { 0x43d, 'h', 'n' }, { 0x432, 'b', 'v' },
	{ 0x458, 'j', 'j' }, { 0x456, 'i', 'i' }, { 0x455, 's', 's' },
};

struct fold_char {
	enum fold_class	 cls;
	uint32_t	 code;		/* small letter */
	bool		 capital;
};

/* The sign that reads SOS, and the light of a police car. */
static bool
fold_is_sos(uint32_t c)
{
	return (c == 0x1f198 || c == 0x1f6a8);
}

static bool
fold_is_apostrophe(uint32_t c)
{
	return (c == '\'' || c == '`' || c == 0xb4 || c == 0x2bc ||
	    (c >= 0x2018 && c <= 0x201b));
}

static enum fold_class
fold_class_wide(uint32_t c)
{
	if (fold_is_sos(c))
		return (FOLD_SOS);
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CF:
		return (FOLD_NOTHING);
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		break;
	default:
		return (FOLD_SPACE);
	}
	if (c >= 0x400 && c < 0x530)
		return (FOLD_CYRILLIC);
	return (c < 0x250 || (c >= 0x1e00 && c < 0x1f00) ? FOLD_LATIN :
	    FOLD_FOREIGN);
}

/* Most of what is folded is ASCII. */
static uint32_t
fold_next(const char **s, const char *end)
{
	return ((unsigned char)**s < 0x80 ? (unsigned char)*(*s)++ :
	    utf8_next(s, end));
}

/* The digits of a script stand in tens, each behind the one before. */
int
fold_digit(uint32_t c)
{
	utf8proc_int32_t parts[4];
	uint32_t first = c;
	int boundary = 0;

	if (c < FOLD_DIGITS_WIDE)
		return (c >= '0' && c <= '9' ? (int)c - '0' : -1);
	if (c >= FOLD_CIRCLED && c < FOLD_CIRCLED + 9)
		return ((int)(c - FOLD_CIRCLED) + 1);
	/* Some scripts of mathematicians follow on each other. */
	if (utf8proc_category((utf8proc_int32_t)c) ==
	    UTF8PROC_CATEGORY_ND && utf8proc_decompose_char(
	    (utf8proc_int32_t)c, parts, 4, UTF8PROC_COMPAT |
	    UTF8PROC_DECOMPOSE, &boundary) == 1 && parts[0] < 0x80)
		return ((int)parts[0] - '0');
	while (c - first < 10 && utf8proc_category(
	    (utf8proc_int32_t)first) == UTF8PROC_CATEGORY_ND)
		first--;
	return ((int)(c - first) - 1);
}

static void
fold_char(struct fold_char *fc, uint32_t c)
{
	int digit;

	*fc = (struct fold_char){ .code = c };
	if (c < 0x80) {
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
			fc->cls = FOLD_LATIN;
			fc->capital = c <= 'Z';
			fc->code = c | 0x20;
		} else if (c >= '0' && c <= '9') {
			fc->cls = FOLD_DIGIT;
		} else {
			fc->cls = c == '\'' || c == '`' ? FOLD_NOTHING :
			    FOLD_SPACE;
		}
		return;
	}
	if (fold_is_apostrophe(c)) {
		fc->cls = FOLD_NOTHING;
		return;
	}
	digit = fold_digit(c);
	if (digit != -1) {
		fc->cls = FOLD_DIGIT;
		fc->code = (uint32_t)('0' + digit);
		return;
	}
	fc->cls = fold_class_wide(c);
	if (fc->cls == FOLD_LATIN || fc->cls == FOLD_CYRILLIC) {
		fc->code = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
		fc->capital = fc->code != c;
	}
}

/* A Latin letter beyond ASCII, without what is on it: at most two letters, as
 * many as the octets it came in. */
static size_t
fold_latin_wide(uint32_t c, char out[2])
{
	utf8proc_int32_t parts[4];
	utf8proc_ssize_t n;
	int boundary = 0;

	if (c == 0x111 || c == 0xf0) {	/* d with stroke, eth typed for it */
		memcpy(out, "dj", 2);
		return (2);
	}
	if (c == 0x131 || c == 0xf8) {	/* dotless i, o with stroke */
		out[0] = c == 0x131 ? 'i' : 'o';
		return (1);
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 4,
	    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
	    UTF8PROC_STRIPMARK, &boundary);
	if (n < 1 || n > 2)
		n = 0;
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (parts[i] < 'a' || parts[i] > 'z')
			n = 0;
		else
			out[i] = (char)parts[i];
	}
	if (n == 0)
		out[n++] = FOLD_OTHER;
	return ((size_t)n);
}

static size_t
fold_letter(const struct fold_char *fc, bool as_cyrillic, bool mixed,
    char out[2])
{
	if (mixed) {
		for (size_t i = 0; i < sizeof fold_twins / sizeof *fold_twins;
		    i++) {
			if (as_cyrillic && fc->cls == FOLD_LATIN &&
			    fc->code == (uint32_t)fold_twins[i].latin) {
				out[0] = fold_twins[i].as_cyrillic;
				return (1);
			}
			if (!as_cyrillic && fc->code ==
			    fold_twins[i].cyrillic) {
				out[0] = fold_twins[i].latin;
				return (1);
			}
		}
	}
	if (fc->cls == FOLD_CYRILLIC && fc->code >= 0x430 &&
	    fc->code <= 0x45f) {
		const char *s = fold_cyrillic[fc->code - 0x430];

		out[0] = s[0];
		out[1] = s[1];
		return (s[1] != '\0' ? 2 : 1);
	}
	if (fc->cls == FOLD_LATIN && fc->code < 0x80) {
		out[0] = (char)fc->code;
		return (1);
	}
	if (fc->cls == FOLD_LATIN)
		return (fold_latin_wide(fc->code, out));
	out[0] = FOLD_OTHER;
	return (1);
}

/* "upomoooc": a letter that is there three times or more was held down. */
static size_t
fold_let_go(char *word, size_t len)
{
	size_t kept = 0, same;

	for (size_t i = 0; i < len; i += same) {
		for (same = 1; word[i] >= 'a' && word[i] <= 'z' &&
		    i + same < len && word[i + same] == word[i];)
			same++;
		word[kept++] = word[i];
		if (same == 2)
			word[kept++] = word[i];
	}
	return (kept);
}

/* What stands in text[from..to) and is a word, appended. */
static void
fold_put_word(struct folded *f, const char *text, size_t from, size_t to,
    size_t latin, size_t cyrillic, bool capital)
{
	const char *s = text + from;
	bool as_cyrillic = cyrillic > latin, mixed = latin > 0 && cyrillic > 0;
	struct fold_word *w = &f->words[f->count++];
	struct fold_char fc;

	if (f->len > 0)
		f->text[f->len++] = ' ';
	*w = (struct fold_word){ .at = (uint32_t)f->len,
		.from = (uint32_t)from, .to = (uint32_t)to,
		.capital = capital, .cyrillic = as_cyrillic };
	while (s < text + to) {
		fold_char(&fc, fold_next(&s, text + to));
		if (fc.cls != FOLD_NOTHING)
			f->len += fold_letter(&fc, as_cyrillic, mixed,
			    f->text + f->len);
	}
	w->len = (uint32_t)fold_let_go(f->text + w->at, f->len - w->at);
	f->len = w->at + w->len;
	if (cyrillic > latin)
		f->cyrillic++;
	else if (latin > 0)
		f->latin++;
}

static void
fold_put_digits(struct folded *f, const char *text, size_t from, size_t to)
{
	struct fold_word *w = &f->words[f->count++];
	const char *s = text + from, *end = text + to;
	struct fold_char fc;

	if (f->len > 0)
		f->text[f->len++] = ' ';
	*w = (struct fold_word){ .at = (uint32_t)f->len,
		.from = (uint32_t)from, .to = (uint32_t)to, .digits = true };
	while (s < end) {
		fold_char(&fc, fold_next(&s, end));
		if (fc.cls == FOLD_DIGIT)
			f->text[f->len++] = (char)fc.code;
	}
	w->len = (uint32_t)(f->len - w->at);
}

static void
fold_put_sos(struct folded *f, size_t from, size_t to)
{
	struct fold_word *w = &f->words[f->count++];

	if (f->len > 0)
		f->text[f->len++] = ' ';
	*w = (struct fold_word){ .at = (uint32_t)f->len, .len = 3,
		.from = (uint32_t)from, .to = (uint32_t)to };
	memcpy(f->text + f->len, "sos", w->len);
	f->len += w->len;
}

/* Albanian "in", "the", "me" before a word are one letter and an apostrophe,
 * and words of their own; s'ka and the like are one. */
static bool
fold_is_elided(const char *word, const char *mark, uint32_t c)
{
	return (mark == word + 1 && strchr("ntmNTM", *word) != NULL &&
	    (c == '\'' || fold_is_apostrophe(c)));
}

/* Reads one run of letters, or of digits, from offset `at`; returns where it
 * ends. */
static size_t
fold_run(struct folded *f, const char *text, size_t at, size_t len)
{
	const char *s = text + at, *end = text + len, *before = s;
	size_t latin = 0, cyrillic = 0;
	struct fold_char fc;
	bool digits = false, capital = false;

	while (s < end) {
		before = s;
		fold_char(&fc, fold_next(&s, end));
		if (fc.cls == FOLD_SPACE || fc.cls == FOLD_SOS)
			break;
		if (fc.cls == FOLD_NOTHING) {
			if (fold_is_elided(text + at, before, fc.code))
				break;
			continue;
		}
		if (before == text + at) {
			digits = fc.cls == FOLD_DIGIT;
			capital = fc.capital;
		}
		if (digits != (fc.cls == FOLD_DIGIT))
			break;
		latin += fc.cls == FOLD_LATIN;
		cyrillic += fc.cls == FOLD_CYRILLIC;
		if (!digits && !fc.capital)
			f->shouted = false;
		before = s;
	}
	if (digits)
		fold_put_digits(f, text, at, (size_t)(before - text));
	else
		fold_put_word(f, text, at, (size_t)(before - text), latin,
		    cyrillic, capital);
	return ((size_t)(before - text));
}

static void
fold_space(struct folded *f, uint32_t c)
{
	if (c == '?')
		f->question = true;
	if (f->count > 0 && (c == '.' || c == ',' || c == '!' || c == '?' ||
	    c == ';' || c == '\n'))
		f->words[f->count - 1].stop = true;
}

static void
fold_room(struct folded *f, size_t len)
{
	f->text = f->small_text;
	f->words = f->small_words;
	f->len = f->count = f->latin = f->cyrillic = 0;
	f->question = false;
	f->shouted = true;
	if (len * 2 + 2 > FOLD_TEXT_SMALL)
		f->text = xmalloc(len * 2 + 2);
	if (len + 1 > FOLD_WORDS_SMALL)
		f->words = xcalloc(len + 1, sizeof *f->words);
}

/* Marks that stand apart from their letter matter where the letter is
 * Cyrillic: U+0300 to U+036F begin with these octets. */
static bool
fold_has_marks(const char *s, size_t len)
{
	return (memchr(s, 0xcc, len) != NULL || memchr(s, 0xcd, len) != NULL);
}

void
fold_composed(struct folded *f, const char *utf8, size_t len)
{
	struct fold_char fc;
	const char *s;
	size_t at = 0;
	uint32_t c;

	fold_room(f, len);
	while (at < len) {
		s = utf8 + at;
		c = fold_next(&s, utf8 + len);
		fold_char(&fc, c);
		if (fc.cls == FOLD_SPACE || fc.cls == FOLD_NOTHING) {
			fold_space(f, c);
			at = (size_t)(s - utf8);
		} else if (fc.cls == FOLD_SOS) {
			fold_put_sos(f, at, (size_t)(s - utf8));
			at = (size_t)(s - utf8);
		} else {
			at = fold_run(f, utf8, at, len);
		}
	}
	f->text[f->len] = '\0';
}

void
fold_make(struct folded *f, const char *utf8, size_t len)
{
	struct buf composed = { 0 };

	if (fold_has_marks(utf8, len)) {
		utf8_nfc(&composed, utf8, len);
		utf8 = buf_str(&composed);
		len = composed.len;
	}
	fold_composed(f, utf8, len);
	buf_clear(&composed);
}

void
fold_clear(struct folded *f)
{
	if (f->text != f->small_text)
		free(f->text);
	if (f->words != f->small_words)
		free(f->words);
}

static bool
fold_is_vowel(char c)
{
	return (c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u');
}

/* Digraphs of the four languages and what they sound like. */
static const struct {
	char	 pair[3];
	char	 sound[3];
} fold_sounds[] = {
	{ "dj", "d" }, { "gj", "d" }, { "lj", "l" }, { "nj", "n" },
	{ "sh", "s" }, { "zh", "z" }, { "xh", "dz" }, { "ch", "c" },
	{ "th", "t" }, { "ph", "p" }, { "kh", "k" },
};

static char *
fold_sound(const char **s, char *out)
{
	bool pair = **s != '\0' && ((*s)[1] == 'h' || (*s)[1] == 'j');

	for (size_t i = 0; pair && i < sizeof fold_sounds /
	    sizeof *fold_sounds; i++) {
		if ((*s)[0] == fold_sounds[i].pair[0] &&
		    (*s)[1] == fold_sounds[i].pair[1]) {
			*s += 2;
			return (stpcpy(out, fold_sounds[i].sound));
		}
	}
	switch (*(*s)++) {
	case 'j':
	case 'h':
		break;
	case 'q':
		*out++ = 'c';
		break;
	case 'y':
		*out++ = 'i';
		break;
	case 'w':
		*out++ = 'v';
		break;
	default:
		*out++ = (*s)[-1];
	}
	return (out);
}

static size_t
fold_skeleton_word(const char *s, size_t len, char *start)
{
	const char *end = s + len;
	char *out = start, *next;

	while (s < end) {
		next = fold_sound(&s, out);
		if (next == out + 1 && out > start && out[-1] == *out)
			continue;
		out = next;
	}
	while (out > start && fold_is_vowel(out[-1]))
		out--;
	if (out == start)
		*out++ = FOLD_OTHER;
	return ((size_t)(out - start));
}

void
fold_skeleton(struct folded *f, const struct folded *from)
{
	fold_room(f, from->len);
	for (size_t i = 0; i < from->count; i++) {
		struct fold_word *w = &f->words[i];

		*w = from->words[i];
		if (f->len > 0)
			f->text[f->len++] = ' ';
		w->at = (uint32_t)f->len;
		w->len = (uint32_t)fold_skeleton_word(
		    from->text + from->words[i].at, from->words[i].len,
		    f->text + f->len);
		f->len += w->len;
	}
	f->count = from->count;
	f->text[f->len] = '\0';
}

size_t
fold_skeleton_text(char *out, const char *folded)
{
	char *start = out;
	size_t len;

	for (; *folded != '\0'; folded += len) {
		if (*folded == ' ')
			*out++ = *folded++;
		len = strcspn(folded, " ");
		out += fold_skeleton_word(folded, len, out);
	}
	*out = '\0';
	return ((size_t)(out - start));
}
