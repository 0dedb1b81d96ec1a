/*
 * UTF-8, UTF-16 and what may be shown. Runs in all programs; pure. Bytes from
 * outside never fail here: what is no character becomes U+FFFD.
 */
#include <utf8proc.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"

#define UTF8_BAD 0xfffdu

/* Octets of a piece that is normalised at once; marks are sorted in quadratic
 * time inside a piece. */
#define UTF8_NFC_PIECE 1024

/* Collects small writes, since a buffer is grown by a call per write. */
struct utf8_out {
	struct buf	*buf;
	size_t		 len;
	char		 chunk[256];
};

static void
utf8_flush(struct utf8_out *o)
{
	buf_add(o->buf, o->chunk, o->len);
	o->len = 0;
}

static size_t
utf8_encode(char *dst, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = UTF8_BAD;
	if (c < 0x80) {
		dst[0] = (char)c;
		return (1);
	}
	if (c < 0x800) {
		dst[0] = (char)(0xc0 | c >> 6);
		dst[1] = (char)(0x80 | (c & 0x3f));
		return (2);
	}
	if (c < 0x10000) {
		dst[0] = (char)(0xe0 | c >> 12);
		dst[1] = (char)(0x80 | (c >> 6 & 0x3f));
		dst[2] = (char)(0x80 | (c & 0x3f));
		return (3);
	}
	dst[0] = (char)(0xf0 | c >> 18);
	dst[1] = (char)(0x80 | (c >> 12 & 0x3f));
	dst[2] = (char)(0x80 | (c >> 6 & 0x3f));
	dst[3] = (char)(0x80 | (c & 0x3f));
	return (4);
}

static void
utf8_out_put(struct utf8_out *o, uint32_t c)
{
	if (o->len > sizeof o->chunk - 4)
		utf8_flush(o);
	o->len += utf8_encode(o->chunk + o->len, c);
}

/* Octets that follow a lead octet, -1 when it leads nothing. */
static int
utf8_follow(unsigned char lead)
{
	if (lead >= 0xc2 && lead <= 0xdf)
		return (1);
	if (lead >= 0xe0 && lead <= 0xef)
		return (2);
	if (lead >= 0xf0 && lead <= 0xf4)
		return (3);
	return (-1);
}

/* Reads one code point; false when the octet at *s is no part of one, which
 * then alone is passed over. */
static bool
utf8_take(const char **s, const char *end, uint32_t *c)
{
	static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)*s;
	int more = utf8_follow(p[0]);

	(*s)++;
	*c = p[0];
	if (p[0] < 0x80)
		return (true);
	if (more == -1 || end - *s < more)
		return (false);
	*c = p[0] & (0x3fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return (false);
		*c = *c << 6 | (p[i] & 0x3fu);
	}
	if (*c < least[more] || *c > 0x10ffff ||
	    (*c >= 0xd800 && *c <= 0xdfff))
		return (false);
	*s += more;
	return (true);
}

uint32_t
utf8_next(const char **s, const char *end)
{
	uint32_t c;

	return (utf8_take(s, end, &c) ? c : UTF8_BAD);
}

void
utf8_put(struct buf *b, uint32_t c)
{
	char s[4];

	buf_add(b, s, utf8_encode(s, c));
}

/* An empty text may be NULL, to which C lets nobody add even nothing. */
static const char *
utf8_end(const char *s, size_t len)
{
	return (len != 0 ? s + len : s);
}

bool
utf8_valid(const char *s, size_t len)
{
	const char *end = utf8_end(s, len);
	uint32_t c;

	while (s < end) {
		if (!utf8_take(&s, end, &c))
			return (false);
	}
	return (true);
}

void
utf8_from_utf16be(struct buf *b, const uint8_t *p, size_t len)
{
	struct utf8_out o = { .buf = b };

	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t c = (uint32_t)p[i] << 8 | p[i + 1];

		if (c >= 0xd800 && c <= 0xdbff && i + 3 < len &&
		    (p[i + 2] & 0xfc) == 0xdc) {
			c = 0x10000 + ((c & 0x3ff) << 10 |
			    (p[i + 2] & 3u) << 8 | p[i + 3]);
			i += 2;
		}
		utf8_out_put(&o, c != 0 ? c : UTF8_BAD);
	}
	utf8_flush(&o);
}

/* Letters, signs and marks of the languages around here are decided without a
 * look into the Unicode tables. */
static bool
utf8_plain(uint32_t c)
{
	return ((c >= 0x20 && c <= 0x7e) || c == '\n' ||
	    (c >= 0xa0 && c < 0x600 && c != 0xad));
}

static bool
utf8_hidden(uint32_t c)
{
	if (utf8_plain(c))
		return (false);
	if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) ||
	    (c >= 0xe0000 && c <= 0xe0fff))
		return (true);
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return (true);
	default: /* of thirty categories these hide something */
		return (false);
	}
}

static void
utf8_out_escape(struct utf8_out *o, uint32_t c)
{
	static const char digit[] = "0123456789ABCDEF";
	int shift = c > 0xfffff ? 20 : c > 0xffff ? 16 : 12;

	utf8_out_put(o, '\\');
	utf8_out_put(o, 'u');
	utf8_out_put(o, '{');
	for (; shift >= 0; shift -= 4)
		utf8_out_put(o, (unsigned char)digit[c >> shift & 15]);
	utf8_out_put(o, '}');
}

static int
utf8_boundclass(uint32_t c)
{
	return (c < 0xa9 ? UTF8PROC_BOUNDCLASS_OTHER :
	    (int)utf8proc_get_property((utf8proc_int32_t)c)->boundclass);
}

/* Moves a line break's other spellings onto LF; *s stands behind c. */
static uint32_t
utf8_line_break(uint32_t c, const char **s, const char *end)
{
	if (c == '\r' && *s < end && **s == '\n')
		(*s)++;
	return (c == '\r' || c == '\f' ? '\n' : c == '\t' ? ' ' : c);
}

void
utf8_visible(struct buf *b, const char *s, size_t len)
{
	struct utf8_out o = { .buf = b };
	const char *end = utf8_end(s, len), *peek;
	bool pictograph = false; /* before the joiner, selectors apart */
	bool shown;

	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		int class = utf8_boundclass(c);

		c = utf8_line_break(c, &s, end);
		peek = s;
		shown = !utf8_hidden(c) || (c == 0x200d && pictograph &&
		    s < end && utf8_boundclass(utf8_next(&peek, end)) ==
		    UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC);
		if (shown)
			utf8_out_put(&o, c);
		else
			utf8_out_escape(&o, c);
		pictograph = shown &&
		    (class == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
		    (pictograph && class == UTF8PROC_BOUNDCLASS_EXTEND));
	}
	utf8_flush(&o);
}

/* True for characters that NFC leaves alone whatever stands beside them, marks
 * apart: those below U+0300 and the Cyrillic letters. */
static bool
utf8_composed(uint32_t c)
{
	return (c < 0x300 || (c >= 0x400 && c <= 0x482) ||
	    (c >= 0x48a && c <= 0x52f));
}

/* The end of a piece that can be normalised alone: before a character that
 * joins nothing in front of it, or anywhere when there is none for long. With
 * *composed the piece is valid UTF-8 and NFC. */
static const char *
utf8_nfc_piece(const char *s, const char *end, bool *composed)
{
	const char *start = s, *before, *last = s;

	*composed = true;
	while (s < end) {
		if (s - start > UTF8_NFC_PIECE - 4)
			return (last != start ? last : s);
		before = s;
		if (!utf8_composed(utf8_next(&s, end)))
			*composed = false;
		else if (!*composed)
			return (before);
		else
			last = before;
	}
	return (s);
}

/* Adds a piece as NFC. A code point of n octets decomposes into at most 2 * n;
 * an octet that is none of one becomes three. */
static void
utf8_nfc_add(struct buf *b, const char *s, const char *end)
{
	utf8proc_int32_t work[UTF8_NFC_PIECE * 2 + 1];
	utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t n;
	char valid[UTF8_NFC_PIECE * 3];
	size_t len = 0;

	while (s < end)
		len += utf8_encode(valid + len, utf8_next(&s, end));
	n = utf8proc_decompose((const utf8proc_uint8_t *)valid,
	    (utf8proc_ssize_t)len, work, UTF8_NFC_PIECE * 2, how);
	if (n < 0 || n > UTF8_NFC_PIECE * 2 ||
	    (n = utf8proc_reencode(work, n, how)) < 0)
		panic("normalising %zu octets: %zd", len, n);
	buf_add(b, work, (size_t)n);
}

void
utf8_nfc(struct buf *b, const char *s, size_t len)
{
	const char *end = utf8_end(s, len), *stop;
	bool composed;

	for (; s < end; s = stop) {
		stop = utf8_nfc_piece(s, end, &composed);
		if (composed)
			buf_add(b, s, (size_t)(stop - s));
		else
			utf8_nfc_add(b, s, stop);
	}
}
