/*
 * Keys that are replaced while the gateway runs: what is sealed under the old
 * ones is opened and sealed anew, some rows each second, and whoever writes
 * meanwhile is moved at once. Runs in glasd; owns nothing but where it is. What
 * does not open stays as it is, and is counted. A call that fails, or whose
 * answer is lost, is made again; the database goes on by what it took.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo.h"
#include "glasd/rekey.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/record.h"

_Static_assert(MSISDN_MAX == SEAL_NUMBER_MAX, "what is opened fits");

#define REKEY_LIMIT	300	/* rows a second: texts wait meanwhile */
#define REKEY_REST	30	/* seconds, when there is nothing to do */

enum {	/* columns of glas_gw.rekey_next() */
	NEXT_STEP,
	NEXT_PLACE,
	NEXT_ID,
	NEXT_SEQ,
	NEXT_TOKEN,
	NEXT_SEALED
};

struct rekey {
	struct gateway	*gateway;
	bool		 running;
	unsigned int	 rest;		/* ticks */
};

/* One row: what it was sealed for, and what it is from now on. */
struct rekey_row {
	int64_t		 id, seq;
	uint8_t		 before[SEAL_TOKEN_LEN];
	uint8_t		 token[SEAL_TOKEN_LEN];
	bool		 has_token;
	struct buf	 sealed;	/* empty: it does not open */
};

struct rekey *
rekey_new(struct gateway *g)
{
	struct rekey *rekey = xcalloc(1, sizeof *rekey);

	rekey->gateway = g;
	return (rekey);
}

void
rekey_free(struct rekey *rekey)
{
	free(rekey);
}

bool
rekey_reload(struct gateway *g)
{
	uint8_t here[SEAL_KEYSET_LEN], there[SEAL_KEYSET_LEN];
	const char *error;
	struct seal_keys *keys;

	keys = seal_keys_load(g->config->gateway.key_dir, &error);
	if (keys == NULL) {
		log_error("%s", error);
		return (false);
	}
	seal_keys_public_id(g->keys, here);
	seal_keys_public_id(keys, there);
	if (memcmp(here, there, sizeof here) == 0) {
		seal_keys_free(keys);
		return (false);
	}
	seal_keys_free(g->keys);
	g->keys = keys;
	g->rekey->rest = 0;
	mo_keys_changed(g->mo);
	log_notice("keys=read number=%u %s", seal_keys_number(keys),
	    seal_keys_two(keys) ? "with those before" : "alone");
	return (true);
}

/*
 * Of each kind of row, how it is opened and closed. The associated data is what
 * the row belongs to: of people the token itself.
 */

static void
rekey_token(const struct seal_keys *keys, struct rekey_row *row,
    const char *msisdn)
{
	seal_token(keys, SEAL_TOKEN, msisdn, strlen(msisdn), row->token);
	row->has_token = true;
}

static void
rekey_person(const struct seal_keys *keys, struct rekey_row *row,
    const struct buf *sealed)
{
	uint8_t copy[SEAL_MSISDN_LEN];
	char msisdn[MSISDN_MAX];

	if (sealed->len != SEAL_MSISDN_LEN || seal_msisdn_open(keys,
	    row->before, sealed->data, msisdn) == -1)
		return;
	rekey_token(keys, row, msisdn);
	seal_msisdn(keys, row->token, msisdn, copy);
	buf_add(&row->sealed, copy, sizeof copy);
	seal_wipe(msisdn, sizeof msisdn);
}

/* What begins with an item: whose it is stands in it. Of what strangers sent
 * nothing is taken for granted. */
static void
rekey_token_inside(const struct seal_keys *keys, struct rekey_row *row,
    const uint8_t *plain, size_t len)
{
	const uint8_t *p = plain;
	struct item item;

	if (record_next(&p, plain + len, &item) == 1)
		rekey_token(keys, row, item.msisdn);
}

static void
rekey_octets(const struct seal_keys *keys, struct rekey_row *row,
    const struct buf *sealed, const char *step)
{
	bool part = strcmp(step, "parts") == 0;
	bool original = strcmp(step, "originals") == 0;
	const void *ad = original ? (const void *)&row->id : row->before;
	size_t ad_len = original ? sizeof row->id : sizeof row->before;
	uint8_t *plain, *out;
	int len;

	if (sealed->len < SEAL_OVERHEAD)
		return;
	plain = xmalloc(sealed->len);
	out = xmalloc(sealed->len);
	len = seal_open(keys, ad, ad_len, sealed->data, sealed->len, plain);
	if (len != -1 && !original)
		rekey_token_inside(keys, row, plain, (size_t)len);
	if (part && row->has_token)
		ad = row->token;
	if (len != -1 && (!part || row->has_token))
		buf_add(&row->sealed, out, seal_close(keys, ad, ad_len, plain,
		    (size_t)len, out));
	seal_wipe(plain, sealed->len);
	free(plain);
	free(out);
}

static void
rekey_row_make(const struct seal_keys *keys, struct rekey_row *row,
    const struct pg_result *r, int n)
{
	const char *step = pg_text(r, n, NEXT_STEP);
	struct buf sealed = { 0 }, before = { 0 };

	row->id = pg_int(r, n, NEXT_ID);
	row->seq = pg_int(r, n, NEXT_SEQ);
	pg_bytes(r, n, NEXT_TOKEN, &before);
	pg_bytes(r, n, NEXT_SEALED, &sealed);
	if (before.len == sizeof row->before)
		memcpy(row->before, before.data, before.len);
	if (strcmp(step, "people") == 0)
		rekey_person(keys, row, &sealed);
	else
		rekey_octets(keys, row, &sealed, step);
	buf_clear(&sealed);
	buf_clear(&before);
}

static void
rekey_put_done(void *arg, const struct pg_result *r)
{
	struct rekey *rekey = arg;

	rekey->running = false;
	if (!pg_ok(r) && strcmp(pg_sqlstate(r), "08006") != 0)
		log_warn("rekey: %s %s", pg_sqlstate(r), pg_error(r));
}

static void
rekey_put(struct rekey *rekey, const struct pg_result *r,
    const struct rekey_row *rows, int count)
{
	struct pg_params p = { 0 };

	pg_param_text(&p, pg_text(r, 0, NEXT_STEP));
	pg_param_int(&p, PG_INT8, pg_int(r, 0, NEXT_PLACE));
	pg_param_int(&p, PG_INT4, REKEY_LIMIT);
	pg_array(&p, PG_INT8);
	for (int n = 0; n < count; n++)
		pg_item_int(&p, rows[n].id);
	pg_array(&p, PG_INT4);
	for (int n = 0; n < count; n++)
		pg_item_int(&p, rows[n].seq);
	pg_array(&p, PG_BYTEA);
	for (int n = 0; n < count; n++)
		pg_item_bytes(&p, rows[n].before, SEAL_TOKEN_LEN);
	pg_array(&p, PG_BYTEA);
	for (int n = 0; n < count; n++) {
		if (rows[n].has_token)
			pg_item_bytes(&p, rows[n].token, SEAL_TOKEN_LEN);
		else
			pg_item_null(&p);
	}
	pg_array(&p, PG_BYTEA);
	for (int n = 0; n < count; n++) {
		if (rows[n].sealed.len != 0)
			pg_item_bytes(&p, rows[n].sealed.data,
			    rows[n].sealed.len);
		else
			pg_item_null(&p);
	}
	pg_pipe_send(database_pipe(rekey->gateway->database),
	    "select glas_gw.rekey_put($1, $2, $3, $4, $5, $6, $7, $8)", &p,
	    rekey_put_done, rekey);
	pg_params_clear(&p);
}

static void
rekey_got(void *arg, const struct pg_result *r)
{
	struct rekey *rekey = arg;
	const struct seal_keys *keys = rekey->gateway->keys;
	int count = pg_ok(r) ? pg_rows(r) : 0;
	struct rekey_row *rows;

	if (!pg_ok(r) || count == 0) {
		rekey_put_done(rekey, r);
		rekey->rest = pg_ok(r) ? REKEY_REST : 0;
		return;
	}
	rows = xcalloc((size_t)count, sizeof *rows);
	for (int n = 0; n < count; n++)
		rekey_row_make(keys, &rows[n], r, n);
	rekey_put(rekey, r, rows, count);
	for (int n = 0; n < count; n++)
		buf_clear(&rows[n].sealed);
	free(rows);
}

void
rekey_tick(struct rekey *rekey)
{
	struct gateway *g = rekey->gateway;
	struct pg_params p = { 0 };

	if (!seal_keys_two(g->keys) || rekey->running)
		return;
	if (rekey->rest != 0) {
		rekey->rest--;
		return;
	}
	rekey->running = true;
	pg_param_int(&p, PG_INT4, REKEY_LIMIT);
	pg_pipe_send(database_pipe(g->database), "select step, place, id, seq,"
	    " token, sealed from glas_gw.rekey_next($1)", &p, rekey_got,
	    rekey);
	pg_params_clear(&p);
}

/*
 * Whoever writes, or is written to.
 */

static void
rekey_met_tokens(const struct gateway *g, struct pg_params *p,
    const struct item *const *items, size_t count, enum seal_key_use use)
{
	uint8_t token[SEAL_TOKEN_LEN];

	pg_array(p, PG_BYTEA);
	for (size_t n = 0; n < count; n++) {
		seal_token(g->keys, use, items[n]->msisdn,
		    strlen(items[n]->msisdn), token);
		pg_item_bytes(p, token, sizeof token);
	}
}

static void
rekey_met_copies(const struct gateway *g, struct pg_params *p,
    const struct item *const *items, size_t count)
{
	uint8_t token[SEAL_TOKEN_LEN], copy[SEAL_MSISDN_LEN];

	pg_array(p, PG_BYTEA);
	for (size_t n = 0; n < count; n++) {
		const char *msisdn = items[n]->msisdn;

		if (items[n]->kind != MSISDN_PERSON) {
			pg_item_null(p);
			continue;
		}
		seal_token(g->keys, SEAL_TOKEN, msisdn, strlen(msisdn), token);
		seal_msisdn(g->keys, token, msisdn, copy);
		pg_item_bytes(p, copy, sizeof copy);
	}
}

static void
rekey_met_identities(struct pg_params *p, const struct item *const *items,
    size_t count)
{
	pg_array(p, PG_BYTEA);
	for (size_t n = 0; n < count; n++) {
		if (items[n]->offered_before)
			pg_item_bytes(p, items[n]->identity_before,
			    SEAL_TOKEN_LEN);
	}
	pg_array(p, PG_BYTEA);
	for (size_t n = 0; n < count; n++) {
		if (items[n]->offered_before)
			pg_item_bytes(p, items[n]->identity, SEAL_TOKEN_LEN);
	}
}

void
rekey_met(struct gateway *g, const struct item *const *items, size_t count,
    pg_done done, void *arg)
{
	struct pg_params p = { 0 };

	rekey_met_tokens(g, &p, items, count, SEAL_TOKEN_BEFORE);
	rekey_met_tokens(g, &p, items, count, SEAL_TOKEN);
	rekey_met_copies(g, &p, items, count);
	rekey_met_identities(&p, items, count);
	pg_pipe_send(database_pipe(g->database),
	    "select glas_gw.rekey_met($1, $2, $3, $4, $5)", &p, done, arg);
	pg_params_clear(&p);
}
