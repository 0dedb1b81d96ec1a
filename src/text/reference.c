/*
 * References of reports. Runs in glasd and glasctl, called where a number in a
 * text may be one; handed out by glas_gw.reserve().
 */
#include "text/reference.h"

bool
reference_luhn(const char *digits, size_t len)
{
	int sum = 0;

	for (size_t n = 0; n < len; n++) {
		int d = digits[len - 1 - n] - '0';

		if (n % 2 == 1)
			d = d < 5 ? 2 * d : 2 * d - 9;
		sum += d;
	}
	return (sum % 10 == 0);
}

bool
reference_sound(const char *digits, size_t len)
{
	return (len >= REFERENCE_MIN && len <= REFERENCE_MAX &&
	    digits[0] != '0' && reference_luhn(digits, len));
}
