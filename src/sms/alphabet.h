/*
 * The GSM 7-bit default alphabet, its extension table and the national shift
 * tables (3GPP TS 23.038). Pure.
 */
#ifndef GLAS_ALPHABET_H
#define GLAS_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum encoding {
	ENCODING_GSM7,
	ENCODING_UCS2
};

/* "GSM7", "UCS2". */
const char	*encoding_name(enum encoding);

/* Septets of one code point in the default alphabet: 1, 2 (extension table),
 * 0 when it is not in it. Small c with cedilla is not, capital C with cedilla
 * counts as not either: phones differ on code 0x09, so it is never sent. */
unsigned int	 alphabet_septets(uint32_t code_point);

/* Octets of `udh` may name a locking and a single shift table. Text that was
 * decoded with the default alphabet is turned back into septets, which is
 * exact, and decoded again with these tables (0 = default). In: UTF-16BE as
 * libgammu gives it. Out: UTF-8. */
void		 alphabet_shift(struct buf *, const uint8_t *utf16, size_t len,
		    uint8_t locking, uint8_t single);

#endif
