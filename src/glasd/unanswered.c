/*
 * Who is not answered, as the database said last. Runs in glasd; owns the list,
 * and a file of the spool with it, so that it holds for an outage and for a
 * start during one. Called by database.c, asked by away. There are tokens in it,
 * no numbers: nothing can be found out from it without the keys. Where the file
 * cannot be read or written, people are answered as if nobody was silenced.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/unanswered.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"

/* Known by the token of a person, or of a number. */
struct unanswered_one {
	uint8_t		 token[SEAL_TOKEN_LEN];
	bool		 blocked;
	int64_t		 until;		/* wall clock, us; 0: for ever */
};

struct unanswered {
	struct gateway	*gateway;
	char		*file;
	struct unanswered_one *one;	/* by token */
	size_t		 count;
};

static int
unanswered_compare(const void *a, const void *b)
{
	return (memcmp(a, b, SEAL_TOKEN_LEN));
}

/* Takes the list; false when it is as it was. */
static bool
unanswered_take(struct unanswered *u, struct unanswered_one *one, size_t count)
{
	bool same;

	if (count != 0)
		qsort(one, count, sizeof *one, unanswered_compare);
	same = count == u->count && (count == 0 ||
	    memcmp(one, u->one, count * sizeof *one) == 0);
	free(u->one);
	u->one = one;
	u->count = count;
	return (!same);
}

/*
 * The file.
 */

void
unanswered_keep(const struct unanswered *u)
{
	json_t *list = json_array();

	for (size_t n = 0; n < u->count; n++) {
		const struct unanswered_one *one = &u->one[n];
		char token[2 * SEAL_TOKEN_LEN + 1];

		hex_encode(token, one->token, sizeof one->token);
		json_array_append_new(list, json_pack("{s:s, s:b, s:I}",
		    "token", token, "blocked", one->blocked, "until",
		    (json_int_t)one->until));
	}
	if (jsonl_keep(u->file, list) == -1)
		log_warn("%s cannot be written: %s", u->file, strerror(errno));
	json_decref(list);
}

static bool
unanswered_read(struct unanswered_one *one, const json_t *value)
{
	const char *token =
	    json_string_value(json_object_get(value, "token"));

	one->blocked = json_is_true(json_object_get(value, "blocked"));
	one->until = json_integer_value(json_object_get(value, "until"));
	return (token != NULL &&
	    hex_decode(one->token, SEAL_TOKEN_LEN, token) == SEAL_TOKEN_LEN);
}

static void
unanswered_load(struct unanswered *u)
{
	json_t *list = json_load_file(u->file, 0, NULL), *value;
	struct unanswered_one *one =
	    xcalloc(json_array_size(list) + 1, sizeof *one);
	size_t n, count = 0;

	json_array_foreach(list, n, value)
		count += unanswered_read(&one[count], value);
	unanswered_take(u, one, count);
	json_decref(list);
}

struct unanswered *
unanswered_new(struct gateway *g)
{
	struct unanswered *u = xcalloc(1, sizeof *u);

	u->gateway = g;
	u->file = xasprintf("%s/unanswered.json",
	    g->config->gateway.spool_dir);
	unanswered_load(u);
	return (u);
}

void
unanswered_free(struct unanswered *u)
{
	if (u == NULL)
		return;
	free(u->file);
	free(u->one);
	free(u);
}

/*
 * The database.
 */

static void
unanswered_got(void *arg, const struct pg_result *r)
{
	struct unanswered *u = arg;
	struct unanswered_one *one;
	int count;

	if (!pg_ok(r))
		return;
	count = pg_rows(r);
	one = xcalloc((size_t)count + 1, sizeof *one);
	for (int row = 0; row < count; row++) {
		struct buf token = { 0 };

		pg_bytes(r, row, 0, &token);
		if (token.len == SEAL_TOKEN_LEN)
			memcpy(one[row].token, token.data, token.len);
		buf_clear(&token);
		one[row].blocked = pg_bool(r, row, 1);
		one[row].until = pg_null(r, row, 2) ? 0 : pg_time(r, row, 2);
	}
	if (unanswered_take(u, one, (size_t)count))
		unanswered_keep(u);
}

void
unanswered_ask(struct unanswered *u)
{
	pg_pipe_send(database_pipe(u->gateway->database),
	    "select token, blocked, until from glas_gw.unanswered()", NULL,
	    unanswered_got, u);
}

/*
 * Who is asked for.
 */

static enum silence
unanswered_of(const struct unanswered *u, const char *msisdn,
    enum seal_key_use use)
{
	const struct unanswered_one *one;
	uint8_t token[SEAL_TOKEN_LEN];

	seal_token(u->gateway->keys, use, msisdn, strlen(msisdn), token);
	one = bsearch(token, u->one, u->count, sizeof *one,
	    unanswered_compare);
	if (one == NULL || (one->until != 0 && one->until <= clock_wall_us()))
		return (SILENCE_NONE);
	return (one->blocked ? SILENCE_BLOCKED : SILENCE_SILENCED);
}

/* A block holds for the number, silence for the person: by the token before,
 * as long as theirs was not replaced. */
enum silence
unanswered_find(const struct unanswered *u, const char *msisdn)
{
	enum silence silence;

	if (u->count == 0)
		return (SILENCE_NONE);
	if (unanswered_of(u, msisdn, SEAL_OPTOUT) == SILENCE_BLOCKED)
		return (SILENCE_BLOCKED);
	silence = unanswered_of(u, msisdn, SEAL_TOKEN);
	if (silence == SILENCE_NONE && seal_keys_two(u->gateway->keys))
		silence = unanswered_of(u, msisdn, SEAL_TOKEN_BEFORE);
	return (silence);
}
