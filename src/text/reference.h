/*
 * Numbers of reports, as people are told them. Pure.
 */
#ifndef GLAS_REFERENCE_H
#define GLAS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#define REFERENCE_MIN 6		/* digits */
#define REFERENCE_MAX 15

/* Whether the last digit is that of Luhn. An IMEI ends with one, too. */
bool		 reference_luhn(const char *digits, size_t len);
/* Whether these digits can be a reference: no zero leads, and the last one is
 * that of Luhn, so that a mistyped number is seldom somebody else's. */
bool		 reference_sound(const char *digits, size_t len);

#endif
