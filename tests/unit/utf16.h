/*
 * UTF-16BE, as texts come from a modem.
 */
#ifndef GLAS_UTF16_H
#define GLAS_UTF16_H

#include "lib/mem.h"
#include "lib/utf8.h"

/* Appends valid UTF-8. */
static inline void
utf16_add(struct buf *b, const char *s, size_t len)
{
	for (const char *end = s + len; s < end;) {
		uint32_t c = utf8_next(&s, end);
		uint8_t pair[4] = { (uint8_t)(c >> 8), (uint8_t)c };

		if (c >= 0x10000) {
			pair[0] = (uint8_t)(0xd8 | (c - 0x10000) >> 18);
			pair[1] = (uint8_t)((c - 0x10000) >> 10);
			pair[2] = (uint8_t)(0xdc | (c >> 8 & 3));
			pair[3] = (uint8_t)c;
		}
		buf_add(b, pair, c >= 0x10000 ? 4 : 2);
	}
}

#endif
