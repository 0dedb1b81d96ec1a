/*
 * Lines of JSON, and a file of it. Runs in all programs; owns nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/jsonl.h"
#include "lib/keep.h"

/* Nesting is bounded by jansson itself (2048), lengths by the line. */
#define JSONL_FLAGS JSON_REJECT_DUPLICATES

enum jsonl_got
jsonl_parse(const char *line, size_t len, json_t **object)
{
	json_error_t error;

	*object = json_loadb(line, len, JSONL_FLAGS, &error);
	if (json_is_object(*object))
		return (JSONL_OBJECT);
	json_decref(*object);
	*object = NULL;
	return (JSONL_BAD);
}

enum jsonl_got
jsonl_take(struct buf *in, json_t **object)
{
	enum jsonl_got got;
	char *end;
	size_t len;

	*object = NULL;
	if (in->len == 0)
		return (JSONL_NONE);
	end = memchr(in->data, '\n', in->len);
	if (end == NULL)
		return (in->len >= JSONL_MAX ? JSONL_BAD : JSONL_NONE);
	len = (size_t)(end - (char *)in->data);
	if (len >= JSONL_MAX)
		return (JSONL_BAD);
	got = jsonl_parse((char *)in->data, len, object);
	if (got == JSONL_OBJECT)
		buf_drain(in, len + 1);
	return (got);
}

static int
jsonl_add_chunk(const char *chunk, size_t len, void *arg)
{
	struct buf *out = arg;

	buf_add(out, chunk, len);
	return (0);
}

int
jsonl_add(struct buf *out, const json_t *object)
{
	size_t before = out->len;

	if (json_dump_callback(object, jsonl_add_chunk, out, JSON_COMPACT) ==
	    -1 || out->len - before >= JSONL_MAX) {
		out->len = before;
		return (-1);
	}
	buf_add(out, "\n", 1);
	return (0);
}

/* In one piece: json_dumpfd() writes each mark by itself. */
int
jsonl_keep(const char *file, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	int rc = text != NULL ? keep_put(file, text, strlen(text), 0600) : -1;

	free(text);
	return (rc);
}
