/* Scripts: which letters a text has, and one turned into another. Pure. */
#ifndef GLAS_SCRIPT_H
#define GLAS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Serbian, Bulgarian and Macedonian Cyrillic to Latin, digraphs as letters
 * (nj, lj, dz with caron); the rest stays. */
void	 script_to_latin(struct buf *, const char *utf8, size_t len);

/* For sending at the price of GSM-7: Cyrillic to Latin, diacritics off (dj for
 * d with stroke), curly quotes, dashes, ellipsis and no-break spaces folded;
 * what still is not in the alphabet becomes '?', unless `keep`: then the text
 * is left as it is (only quotes and dashes folded) because the person asked
 * for their letters. */
void	 script_to_gsm7(struct buf *, const char *utf8, size_t len, bool keep);

#endif
