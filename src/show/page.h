/* The status page: one HTML document that needs nothing else. Pure. */
#ifndef GLAS_PAGE_H
#define GLAS_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct buf;

#define PAGE_TYPE "text/html; charset=utf-8"
/* It loads nothing, runs nothing, sends nothing, and is in no frame. */
#define PAGE_POLICY "default-src 'none'; style-src 'unsafe-inline'; " \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct page_facts {
	const json_t	*status;	/* NULL: glasd never told */
	const json_t	*hours;		/* NULL: nor these */
	int64_t		 age_s;		/* since it did */
	bool		 silent;	/* it does not answer now */
};

void	 page_write(struct buf *, const struct page_facts *);

#endif
