/*
 * A file that holds what it held before or all that is new, also after a crash.
 */
#ifndef GLAS_KEEP_H
#define GLAS_KEEP_H

#include <stddef.h>
#include <sys/types.h>

/* Puts the text into it. -1 with errno when it cannot; what was there stays. */
int	 keep_put(const char *file, const void *text, size_t len, mode_t mode)
	    __attribute__((warn_unused_result));

#endif
