/* Scripts: one turned into another. Pure. */
#ifndef GLAS_SCRIPT_H
#define GLAS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* For sending at the price of GSM-7: Serbian, Bulgarian and Macedonian Cyrillic
 * to Latin, digraphs as two letters (both capital in a shouted word), those
 * that Unicode has as one character too; diacritics off (dj for d with stroke),
 * curly quotes, dashes, ellipsis and no-break spaces folded; what still is not
 * in the alphabet becomes '?', once for what is seen as one character. Letters
 * that the alphabet has stay. With `keep` the letters are
 * left as they are, because the person asked for them, and only quotes,
 * dashes, ellipsis and spaces are folded. */
void	 script_to_gsm7(struct buf *, const char *utf8, size_t len, bool keep);

#endif
