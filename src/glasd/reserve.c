/*
 * The stock of references and ids. Runs in glasd; owned by database.c: one
 * stock for mo_answer, in memory, and one for away, that also stands in a file
 * of the spool. What a crash leaves unused is never used: ids have gaps. What
 * cannot be in that file was not written by us, and is passed over.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/reserve.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"
#include "text/reference.h"

#define RESERVE_REFERENCES	2000	/* also what an outage can draw on */
#define RESERVE_BLOCKS		60	/* of RESERVE_BLOCK ids each */
#define RESERVE_BLOCK		100
#define RESERVE_LOW_IDS		6000

struct reserve_ids {
	int64_t	 block[RESERVE_BLOCKS * 2];
	size_t	 count;		/* blocks, the last is in use */
	int	 used;		/* ids of the last block */
};

struct reserve {
	struct gateway		*gateway;
	char			 reference[RESERVE_REFERENCES * 2][16];
	size_t			 count;
	struct reserve_ids	 message;
	struct reserve_ids	 outbox;
	bool			 asking;
	bool			 drawn;	/* since it was renewed */
	char			*file;
	bool			 kept;	/* it may be there */
};

/*
 * The file.
 */

/* A block that was begun is not for another start. */
static json_t *
reserve_json_ids(const struct reserve_ids *ids)
{
	json_t *array = json_array();

	for (size_t n = 0; n < ids->count - (ids->used != 0); n++)
		json_array_append_new(array, json_integer(ids->block[n]));
	return (array);
}

/* Without its file a stock is still good until the next start. */
static void
reserve_write(struct reserve *r)
{
	json_t *stock = json_object(), *references = json_array();

	for (size_t n = 0; n < r->count; n++)
		json_array_append_new(references,
		    json_string(r->reference[n]));
	json_object_set_new(stock, "references", references);
	json_object_set_new(stock, "message", reserve_json_ids(&r->message));
	json_object_set_new(stock, "outbox", reserve_json_ids(&r->outbox));
	r->kept = true;
	if (jsonl_keep(r->file, stock) == -1)
		log_warn("%s cannot be written: %s", r->file, strerror(errno));
	json_decref(stock);
}

void
reserve_keep(struct reserve *r)
{
	if (r->kept)
		reserve_write(r);
}

/* An id that is none would spoil a batch, and one that comes twice another. */
static bool
reserve_ids_take(const struct reserve_ids *ids, int64_t first)
{
	if (ids->count == RESERVE_BLOCKS * 2 || first <= 0 ||
	    first > INT64_MAX - RESERVE_BLOCK)
		return (false);
	for (size_t n = 0; n < ids->count; n++) {
		if (first < ids->block[n] + RESERVE_BLOCK &&
		    ids->block[n] < first + RESERVE_BLOCK)
			return (false);
	}
	return (true);
}

static void
reserve_load_ids(struct reserve_ids *ids, const json_t *array)
{
	json_t *block;
	size_t n;

	json_array_foreach(array, n, block) {
		if (reserve_ids_take(ids, json_integer_value(block)))
			ids->block[ids->count++] = json_integer_value(block);
	}
}

static bool
reserve_is_reference(const char *s)
{
	size_t len = s != NULL ? strlen(s) : 0;

	return (len != 0 && strspn(s, "0123456789") == len &&
	    reference_sound(s, len));
}

static void
reserve_load(struct reserve *r)
{
	json_t *stock = json_load_file(r->file, 0, NULL), *reference;
	size_t n;

	json_array_foreach(json_object_get(stock, "references"), n,
	    reference) {
		const char *s = json_string_value(reference);

		if (reserve_is_reference(s) && r->count < RESERVE_REFERENCES * 2)
			strcpy(r->reference[r->count++], s);
	}
	reserve_load_ids(&r->message, json_object_get(stock, "message"));
	reserve_load_ids(&r->outbox, json_object_get(stock, "outbox"));
	json_decref(stock);
}

static void
reserve_ids_drop(struct reserve_ids *ids, int64_t id)
{
	for (size_t n = 0; n < ids->count; n++) {
		if (id < ids->block[n] || id >= ids->block[n] + RESERVE_BLOCK)
			continue;
		memmove(ids->block + n, ids->block + n + 1,
		    (ids->count - n - 1) * sizeof ids->block[0]);
		ids->count--;
		return;
	}
}

void
reserve_used(struct reserve *r, const char *reference, int64_t outbox)
{
	r->drawn = true;
	/* The rest of its block may have been used as well. */
	reserve_ids_drop(&r->outbox, outbox);
	for (size_t n = 0; n < r->count; n++) {
		if (strcmp(r->reference[n], reference) == 0)
			memcpy(r->reference[n], r->reference[--r->count],
			    sizeof r->reference[n]);
	}
}

static void
reserve_file_drop(struct reserve *r)
{
	r->kept = unlink(r->file) == -1 && errno != ENOENT;
	if (r->kept)
		log_warn("%s cannot be removed: %s", r->file,
		    strerror(errno));
}

void
reserve_renew(struct reserve *r)
{
	if (r->drawn) {
		reserve_file_drop(r);
		r->count = 0;
		r->message.count = r->outbox.count = 0;
		r->message.used = r->outbox.used = 0;
		r->drawn = false;
	}
	reserve_fill(r);
}

struct reserve *
reserve_new(struct gateway *g, const char *file)
{
	struct reserve *r = xcalloc(1, sizeof *r);

	r->gateway = g;
	if (file != NULL) {
		r->file = xstrdup(file);
		r->kept = true;
		reserve_load(r);
	}
	return (r);
}

void
reserve_free(struct reserve *r)
{
	if (r == NULL)
		return;
	free(r->file);
	free(r);
}

/*
 * The stock.
 */

static size_t
reserve_ids_left(const struct reserve_ids *ids)
{
	return (ids->count * RESERVE_BLOCK - (size_t)ids->used);
}

bool
reserve_enough(const struct reserve *r)
{
	return (r->count >= RESERVE_ENOUGH &&
	    reserve_ids_left(&r->message) >= RESERVE_ENOUGH_IDS &&
	    reserve_ids_left(&r->outbox) >= RESERVE_ENOUGH_IDS);
}

static void
reserve_put_blocks(struct reserve_ids *ids, const char *array)
{
	/* {1,101,201}: new blocks go below the one in use. */
	while (*array != '\0' && ids->count < RESERVE_BLOCKS * 2) {
		char *end;
		int64_t first = strtoll(array, &end, 10);

		if (end == array) {
			array++;
			continue;
		}
		memmove(ids->block + 1, ids->block,
		    ids->count * sizeof ids->block[0]);
		ids->block[0] = first;
		ids->count++;
		array = end;
	}
}

static void
reserve_put_references(struct reserve *r, const char *array)
{
	while (*array != '\0' && r->count < RESERVE_REFERENCES * 2) {
		size_t len = strspn(array, "0123456789");

		if (len == 0) {
			array++;
		} else if (len < sizeof r->reference[0]) {
			memcpy(r->reference[r->count], array, len);
			r->reference[r->count++][len] = '\0';
			array += len;
		}
	}
}

static void
reserve_got(void *arg, const struct pg_result *res)
{
	struct reserve *r = arg;

	r->asking = false;
	if (!pg_ok(res) || pg_rows(res) != 1) {
		log_warn("no references could be reserved: %s", pg_error(res));
		/* Without them no batch begins. */
		if (r->file == NULL && !reserve_enough(r))
			database_failed(r->gateway->database, DATABASE_TEXTS,
			    res);
		return;
	}
	reserve_put_references(r, pg_text(res, 0, 0));
	reserve_put_blocks(&r->message, pg_text(res, 0, 1));
	reserve_put_blocks(&r->outbox, pg_text(res, 0, 2));
	if (r->file != NULL)
		reserve_write(r);
	mo_pump(r->gateway->mo);
}

void
reserve_fill(struct reserve *r)
{
	struct pg_params p = { 0 };
	bool low = r->count < RESERVE_REFERENCES ||
	    reserve_ids_left(&r->message) < RESERVE_LOW_IDS ||
	    reserve_ids_left(&r->outbox) < RESERVE_LOW_IDS;

	if (r->asking || !low || !database_ready(r->gateway->database))
		return;
	r->asking = true;
	pg_param_int(&p, PG_INT4, RESERVE_REFERENCES);
	pg_param_int(&p, PG_INT4, RESERVE_BLOCKS);
	pg_pipe_send(database_pipe(r->gateway->database),
	    "select reference_list, message_blocks, outbox_blocks "
	    "from glas_gw.reserve($1, $2)", &p, reserve_got, r);
	pg_params_clear(&p);
}

/* What is drawn while the database is there may leave the log at any time: the
 * file must not give it out again. */
static bool
reserve_draw(struct reserve *r)
{
	bool ready = database_ready(r->gateway->database);

	if (r->kept && ready)
		reserve_file_drop(r);
	if (r->kept && ready)
		return (false);
	r->drawn = true;
	return (true);
}

bool
reserve_reference(struct reserve *r, char reference[16])
{
	if (r->count == 0 || !reserve_draw(r))
		return (false);
	memcpy(reference, r->reference[--r->count], 16);
	return (true);
}

static bool
reserve_id(struct reserve_ids *ids, int64_t *id)
{
	if (ids->count == 0)
		return (false);
	*id = ids->block[ids->count - 1] + ids->used;
	if (++ids->used == RESERVE_BLOCK) {
		ids->used = 0;
		ids->count--;
	}
	return (true);
}

bool
reserve_message(struct reserve *r, int64_t *id)
{
	return (reserve_id(&r->message, id));
}

bool
reserve_outbox(struct reserve *r, int64_t *id)
{
	return (r->outbox.count != 0 && reserve_draw(r) &&
	    reserve_id(&r->outbox, id));
}

size_t
reserve_count(const struct reserve *r)
{
	return (r->count);
}
