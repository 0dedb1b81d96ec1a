/* Words in HTML: escaped. Pure. */
#ifndef GLAS_HTML_H
#define GLAS_HTML_H

#include <stdint.h>

struct buf;

/* Appends words as text or as the value of an attribute in quotes. */
void	 html_text(struct buf *, const char *words);
/* "1,204"; a thousand is set off. */
void	 html_count(struct buf *, int64_t number);
/* "1.2 MiB" */
void	 html_octets(struct buf *, int64_t octets);

#endif
