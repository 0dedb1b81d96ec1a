/*
 * Allocation that cannot fail, and a growing buffer. Runs in all programs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/mem.h"

void *
xmalloc(size_t size)
{
	void *p = malloc(size != 0 ? size : 1);

	if (p == NULL)
		fatal("out of memory: %zu octets wanted", size);
	return (p);
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n != 0 ? n : 1, size != 0 ? size : 1);

	if (p == NULL)
		fatal("out of memory: %zu times %zu octets wanted", n, size);
	return (p);
}

void *
xreallocarray(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n != 0 ? n : 1, size);

	if (p == NULL)
		fatal("out of memory: %zu times %zu octets wanted", n, size);
	return (p);
}

char *
xstrdup(const char *s)
{
	return (xmemdup(s, strlen(s) + 1));
}

char *
xstrndup(const char *s, size_t max)
{
	size_t len = strnlen(s, max);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return (p);
}

void *
xmemdup(const void *src, size_t len)
{
	void *p = xmalloc(len);

	if (len != 0)
		memcpy(p, src, len);
	return (p);
}

char *
xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		fatal("out of memory while formatting");
	return (s);
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return (s);
}

static void
buf_reserve(struct buf *b, size_t more)
{
	size_t room = b->room != 0 ? b->room : 256;

	if (more > SIZE_MAX / 4 - b->len)
		fatal("out of memory: a buffer of %zu octets", b->len);
	while (room < b->len + more)
		room *= 2;
	if (room != b->room) {
		b->data = xreallocarray(b->data, room, 1);
		b->room = room;
	}
}

void
buf_add(struct buf *b, const void *src, size_t len)
{
	if (len == 0)
		return;
	buf_reserve(b, len);
	memcpy(b->data + b->len, src, len);
	b->len += len;
}

void
buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	buf_add_str(b, s);
	free(s);
}

void
buf_drain(struct buf *b, size_t n)
{
	if (n > b->len)
		panic("buf_drain: %zu of %zu", n, b->len);
	b->len -= n;
	if (b->len != 0)
		memmove(b->data, b->data + n, b->len);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

void
buf_clear(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

char *
buf_str(struct buf *b)
{
	buf_reserve(b, 1);
	b->data[b->len] = '\0';
	return ((char *)b->data);
}
