/*
 * What libgammu 1.42 does to texts on their way, undone; and the field values
 * that it wants ready made. Pure.
 */
#ifndef GLAS_MODEM_ALTER_H
#define GLAS_MODEM_ALTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALTER_UNITS_MAX 70	/* UCS-2 units that libgammu takes for a text */

/* A UCS-2 text that libgammu has decoded, back to the `units` that came from
 * the air: it doubles "~" and makes "~" of U+0001. `to` holds 2 * units
 * octets; returns octets written. */
size_t	 alter_restore(uint8_t *to, const uint8_t *from, size_t units);

/* A UCS-2 text made so that libgammu will send what it is: it takes "~" alone
 * for a mark. Where doubling would make it longer than ALTER_UNITS_MAX, the
 * last ones become U+02DC, which looks the same. `to` holds 2 *
 * ALTER_UNITS_MAX octets; returns octets written, 0 when it is too long or
 * holds U+0000. */
size_t	 alter_prepare(uint8_t *to, const uint8_t *from, size_t len);

/* Whether a text fits into one TPDU beside a header of so many octets:
 * libgammu writes over its buffers when it does not. Takes for granted that a
 * text in the GSM alphabet is in it. */
bool	 alter_fits(bool ucs2, const uint8_t *utf16, size_t len,
	    size_t udh_len);

/* UTF-16BE to a string of UTF-8 that is always valid, cut off at a letter when
 * it does not fit; lone surrogates and U+0000 become U+FFFD. lib/utf8.c would
 * bring the Unicode tables into this program. */
void	 alter_utf8(char *to, size_t size, const uint8_t *from, size_t units);

/* TP-VP, relative (3GPP TS 23.040, 9.2.3.12.1), the next longer period. */
int	 alter_validity(int minutes);

/* "international", "alphanumeric" or "" for a number as libgammu shows it,
 * which keeps the type of number to itself. */
const char *alter_ton(const char *number);

#endif
