/*
 * JSON, one object per line, at most JSONL_MAX octets a line: the link
 * protocol and the control socket.
 */
#ifndef GLAS_JSONL_H
#define GLAS_JSONL_H

#include <stddef.h>

#include <jansson.h>

#include "lib/mem.h"

#define JSONL_MAX 65536

enum jsonl_got {
	JSONL_NONE,	/* no whole line yet */
	JSONL_OBJECT,	/* *object is the caller's to json_decref() */
	JSONL_BAD	/* not an object, a line too long, invalid UTF-8:
			   hang up */
};

/* Takes the next line out of `in`. After JSONL_BAD the buffer is as it was. */
enum jsonl_got	 jsonl_take(struct buf *in, json_t **object);

/* The same from a line already cut out (no newline needed). */
enum jsonl_got	 jsonl_parse(const char *line, size_t len, json_t **object);

/* Adds the object as one line. -1 when it would be longer than JSONL_MAX or
 * holds invalid UTF-8; nothing is added then. */
int		 jsonl_add(struct buf *out, const json_t *object)
		    __attribute__((warn_unused_result));

/* Puts it into a file, as keep_put() does. */
int		 jsonl_keep(const char *file, const json_t *value)
		    __attribute__((warn_unused_result));

#endif
