/* Hexadecimal text. */
#ifndef GLAS_HEX_H
#define GLAS_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Writes 2 * len lower-case digits and a NUL; dst holds 2 * len + 1. */
void	 hex_encode(char *dst, const void *src, size_t len);
/* Either case, even number of digits. Returns octets written, or -1 when the
 * text is not hexadecimal or does not fit. */
int	 hex_decode(uint8_t *dst, size_t room, const char *src)
	    __attribute__((warn_unused_result));

#endif
