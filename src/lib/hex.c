/*
 * Hexadecimal text. Runs in all programs; pure.
 */
#include <limits.h>

#include "lib/hex.h"

void
hex_encode(char *dst, const void *src, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *p = src;

	for (size_t i = 0; i < len; i++) {
		*dst++ = digit[p[i] >> 4];
		*dst++ = digit[p[i] & 15];
	}
	*dst = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

int
hex_decode(uint8_t *dst, size_t room, const char *src)
{
	size_t n = 0;

	for (; src[0] != '\0'; src += 2) {
		int hi = hex_digit(src[0]), lo = hex_digit(src[1]);

		if (hi == -1 || lo == -1 || n == room || n == INT_MAX)
			return (-1);
		dst[n++] = (uint8_t)(hi << 4 | lo);
	}
	return ((int)n);
}
