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
bool		 utf8_valid(const char *, size_t len);

/* UTF-16BE octets to UTF-8 that PostgreSQL takes: lone surrogates and U+0000
 * become U+FFFD. An odd last octet is dropped. */
void		 utf8_from_utf16be(struct buf *, const uint8_t *, size_t len);
/* UTF-8 to UTF-16BE octets. */
void		 utf8_to_utf16be(struct buf *, const char *, size_t len);

/* The form that is stored to be read: C0 but LF, DEL, C1, bidi controls,
 * zero-width characters, tags, private use and non-characters as
 * "\u{202E}"-like visible text, CR LF and CR as LF, tab as a space. */
void		 utf8_visible(struct buf *, const char *, size_t len);

/* NFC by libutf8proc; text that is not valid UTF-8 has been made so before. */
void		 utf8_nfc(struct buf *, const char *, size_t len);

#endif
