/*
 * Any octets as a text whose numbers are masked: what comes out is no longer
 * than twice the text, valid where that was, the same when it is masked again,
 * and holds nothing that looks like a number of this country.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/utf8.h"
#include "text/mask.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Digits side by side that begin as a number does, and are as long as one. */
static bool
fuzz_looks_like_number(const char *digits, size_t len)
{
	if (strncmp(digits, "06", 2) == 0 && digits[2] != '\0')
		return (len >= 7);
	if (strncmp(digits, "003816", 6) == 0)
		return (len >= 12);
	return (strncmp(digits, "3816", 4) == 0 && len >= 10);
}

static void
fuzz_check_digits(const char *text)
{
	const char *p = text;

	while (*(p += strcspn(p, "0123456789")) != '\0') {
		size_t len = strspn(p, "0123456789");
		/* The point of a coordinate, or of cents; a letter that is
		 * read as one digit more. */
		bool more = p > text && ((unsigned char)p[-1] >= 0x80 ||
		    strchr(".,OolI", p[-1]) != NULL);

		assert(more || !fuzz_looks_like_number(p, len));
		p += len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct buf raw = { 0 }, text = { 0 };
	struct mask mask = { .open = NULL }, none = { .open = NULL };
	char *once, *twice;

	buf_add(&raw, octets, len);
	utf8_visible(&text, (const char *)raw.data, raw.len);
	(void)buf_str(&text);
	/* As it came, and as it is stored to be read. */
	mask_text(&raw, (const char *)octets, len, &none);
	assert(raw.len <= 3 * len);
	once = mask_copy((const char *)text.data, &mask);
	twice = mask_copy(once, &mask);
	assert(strlen(once) <= 2 * text.len);
	assert(utf8_valid(once, strlen(once)));
	assert(text.len > MASK_SETTLES || strcmp(once, twice) == 0);
	fuzz_check_digits(once);
	for (const char *p = once; *p != '\0'; p++)
		assert(mask_mark(p, strlen(p)) <= strlen(p));
	free(once);
	free(twice);
	mask_clear(&mask);
	mask_clear(&none);
	buf_clear(&raw);
	buf_clear(&text);
	return (0);
}
