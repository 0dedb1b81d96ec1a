/*
 * The pack that is shipped, for fuzzers of what is made of it; read once.
 */
#ifndef GLAS_FUZZ_SHIPPED_PACK_H
#define GLAS_FUZZ_SHIPPED_PACK_H

#include <assert.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "store/pack.h"
#include "text/content.h"

static const struct content *
fuzz_content(void)
{
	static struct content *content;
	const char *top = getenv("top_srcdir");
	struct buf problems = { 0 };
	char *dir;

	if (content != NULL)
		return (content);
	dir = xasprintf("%s/etc/content", top != NULL ? top : ".");
	content = content_new(pack_read(dir, &problems), &problems);
	assert(content != NULL && problems.len == 0);
	free(dir);
	buf_clear(&problems);
	return (content);
}

#endif
