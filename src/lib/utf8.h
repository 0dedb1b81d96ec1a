/* UTF-8, UTF-16 and what may be shown on a terminal. Pure. */
#ifndef GLAS_UTF8_H
#define GLAS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Decodes one code point at *s (before `end`), moves *s on. An octet that is
 * no part of valid UTF-8 (overlong, surrogate, beyond U+10FFFF) is taken alone
 * and comes as U+FFFD. */
uint32_t	 utf8_next(const char **s, const char *end);
/* Appends one code point; surrogates and values beyond U+10FFFF as U+FFFD. */
void		 utf8_put(struct buf *, uint32_t);
/* U+0000 is valid UTF-8; PostgreSQL and C strings do not take it. */
bool		 utf8_valid(const char *, size_t len);

/* UTF-16BE octets to UTF-8 that PostgreSQL takes: lone surrogates and U+0000
 * become U+FFFD. An odd last octet is dropped. */
void		 utf8_from_utf16be(struct buf *, const uint8_t *, size_t len);

/* The form that is stored to be read, always valid UTF-8 without U+0000: C0
 * but LF, DEL, C1, format characters (bidi controls, zero-width characters,
 * tags), line and paragraph separators, variation selectors of the second
 * block, private use and non-characters as "\u{202E}"-like visible text; CR
 * LF, CR and form feed (the page break of GSM-7) as LF, tab as a space. The
 * joiner inside an emoji stays. */
void		 utf8_visible(struct buf *, const char *, size_t len);

/* NFC by libutf8proc. An octet that is no UTF-8 becomes U+FFFD. The time is
 * linear: a run of a thousand octets without ASCII is normalised in pieces. */
void		 utf8_nfc(struct buf *, const char *, size_t len);

#endif
