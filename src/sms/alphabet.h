/*
 * The GSM 7-bit default alphabet, its extension table and the national shift
 * tables (3GPP TS 23.038). Pure.
 */
#ifndef GLAS_ALPHABET_H
#define GLAS_ALPHABET_H

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

/* Text that libgammu decoded with the default tables whatever the header named:
 * it is turned back into septets, which is exact, and decoded again. In:
 * UTF-16BE as libgammu gives it. Out: UTF-8. `locking` and `single` name
 * national language tables (1 Turkish ... 13 Urdu); 0, and what is none, is the
 * default. As the standard has it, an escaped code that no table knows is what
 * it would be without the escape, and an escape before nothing is a space. */
void		 alphabet_shift(struct buf *, const uint8_t *utf16, size_t len,
		    uint8_t locking, uint8_t single);

#endif
