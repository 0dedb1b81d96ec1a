/* Bodies that are not in UTF-8, by the charset that their Content-Type names. */
#ifndef GLAS_WEB_CHARSET_H
#define GLAS_WEB_CHARSET_H

#include <stddef.h>

struct charset;

/* What there is; before the sandbox, since files are needed for it. */
void	 charset_init(void);
/* NULL: the Content-Type names none, or one that is not known here. */
const struct charset *charset_of(const char *type);
/* In UTF-8, of *size octets, the caller's to free; U+FFFD stands for what is no
 * letter there. */
char	*charset_decode(const struct charset *, const char *octets,
	    size_t len, size_t *size);

#endif
