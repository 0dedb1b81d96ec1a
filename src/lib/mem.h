/*
 * Memory that is there or the process is not: these never return NULL, they
 * end the process through fatal(). Sizes that overflow are fatal too.
 */
#ifndef GLAS_MEM_H
#define GLAS_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

void	*xmalloc(size_t) __attribute__((warn_unused_result, malloc));
void	*xcalloc(size_t n, size_t size) __attribute__((warn_unused_result));
void	*xreallocarray(void *, size_t n, size_t size)
	    __attribute__((warn_unused_result));
char	*xstrdup(const char *) __attribute__((warn_unused_result));
char	*xstrndup(const char *, size_t) __attribute__((warn_unused_result));
void	*xmemdup(const void *, size_t) __attribute__((warn_unused_result));
char	*xasprintf(const char *, ...)
	    __attribute__((warn_unused_result, format(printf, 1, 2)));
char	*xvasprintf(const char *, va_list)
	    __attribute__((warn_unused_result, format(printf, 1, 0)));

/* A growing array of octets. Zeroed memory is an empty one. */
struct buf {
	uint8_t	*data;
	size_t	 len;
	size_t	 room;
};

void	 buf_add(struct buf *, const void *, size_t);
void	 buf_add_str(struct buf *, const char *);
void	 buf_printf(struct buf *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
/* Drops the first n octets. */
void	 buf_drain(struct buf *, size_t n);
/* Keeps the memory, forgets the contents. */
void	 buf_reset(struct buf *);
void	 buf_clear(struct buf *);
/* The contents as a string; a NUL is put behind them, not counted in len. */
char	*buf_str(struct buf *);

#endif
