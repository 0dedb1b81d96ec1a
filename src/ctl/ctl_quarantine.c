/*
 * glasctl quarantine: what could not be stored as a text. Owns one connection
 * and, to show something, the key set while it runs. What strangers sent is
 * escaped, and has its number covered unless that is asked for; who has looked
 * at it stands in the database.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/concat.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/quarantine.h"

#define QUARANTINE_IDS "number: glasctl quarantine list shows them"
#define CTL_OPERATOR_DIGITS 6	/* +38164: not whose, but which network */

enum {	/* columns of glas_gw.quarantine_list() */
	LIST_ID,
	LIST_AT,
	LIST_STATE,
	LIST_GATEWAY,
	LIST_LINK,
	LIST_OCTETS,
	LIST_SEEN,
	LIST_REASON
};

enum {	/* columns of glas_gw.quarantine_show() */
	SHOW_STATE,
	SHOW_AT,
	SHOW_GATEWAY,
	SHOW_LINK,
	SHOW_REASON,
	SHOW_SEEN,
	SHOW_IDENTITY,
	SHOW_SEALED
};

/*
 * Showing.
 */

/* On one line: a newline of a stranger must not look like one of ours. */
static void
ctl_quarantine_line(const char *what, const uint8_t *text, size_t len)
{
	struct buf line = { 0 };

	for (size_t n = 0; n < len; n++) {
		if (text[n] == '\n' || text[n] == '\r' || text[n] == '\f')
			buf_add_str(&line, "\\n");
		else if (text[n] == '\\')
			buf_add_str(&line, "\\\\");
		else
			buf_add(&line, &text[n], 1);
	}
	ctl_say(stdout, "%s: %s", what, buf_str(&line));
	buf_clear(&line);
}

/* Services and machines have no number to cover. */
static void
ctl_quarantine_from(const struct item *item, bool unmasked)
{
	size_t shown = strlen(item->msisdn), rest;

	if (!unmasked && item->kind == MSISDN_NONE)
		shown = 0;
	else if (!unmasked && item->kind == MSISDN_PERSON &&
	    shown > CTL_OPERATOR_DIGITS)
		shown = CTL_OPERATOR_DIGITS;
	rest = strlen(item->msisdn) - shown;
	ctl_say(stdout, "from: %.*s%.*s%s", (int)shown, item->msisdn,
	    (int)rest, "************************",
	    rest != 0 ? " (--unmasked shows it)" : "");
}

static void
ctl_quarantine_octets(const char *what, const uint8_t *octets, size_t len)
{
	char *hex = xmalloc(2 * len + 1);

	hex_encode(hex, octets, len);
	ctl_say(stdout, "%s: %zu octets %s", what, len, hex);
	free(hex);
}

static void
ctl_quarantine_words(const struct item *item, const struct udh *udh)
{
	const struct concat_segment segment = { .seq = 1,
		.ucs2 = item->alphabet == ITEM_UCS2, .locking = udh->locking,
		.single = udh->single, .ud = item->ud, .len = item->ud_len };
	struct buf text = { 0 };

	if (item->alphabet == ITEM_TEXT)
		buf_add(&text, item->ud, item->ud_len);
	else
		concat_join(&text, &segment, 1, 0);
	ctl_quarantine_line("text", text.data, text.len);
	buf_clear(&text);
}

static void
ctl_quarantine_text(const struct item *item)
{
	struct udh udh;
	char sent[32];

	udh_read(&udh, item->udh, item->udh_len);
	if (item->scts != 0) {
		clock_format(item->scts, sent, sizeof sent);
		ctl_say(stdout, "sent: %s", sent);
	}
	if (udh.concat)
		ctl_say(stdout, "segment: %u of %u", udh.seq, udh.max);
	if (item->udh_len != 0)
		ctl_quarantine_octets("header", item->udh, item->udh_len);
	if (item->alphabet == ITEM_BINARY)
		ctl_quarantine_octets("binary", item->ud, item->ud_len);
	else
		ctl_quarantine_words(item, &udh);
}

static void
ctl_quarantine_item(const struct item *item, bool unmasked)
{
	if (item->type == ITEM_RAW && unmasked) {
		ctl_quarantine_octets("PDU", item->ud, item->ud_len);
	} else if (item->type == ITEM_RAW) {
		ctl_say(stdout, "PDU: %zu octets (its number is among them: "
		    "--unmasked shows them)", item->ud_len);
	} else {
		ctl_quarantine_from(item, unmasked);
		if (item->type == ITEM_MO)
			ctl_quarantine_text(item);
		else
			ctl_say(stdout, "a missed call");
	}
}

/* Before it was put aside, while the database was away. */
static void
ctl_quarantine_answered(struct quarantine *q)
{
	struct item item;

	while (quarantine_answered(q, &item))
		ctl_quarantine_line("answered", item.ud, item.ud_len);
}

static int
ctl_quarantine_opened(const struct seal_keys *keys, const char *key_dir,
    const struct pg_result *r, bool unmasked)
{
	struct buf identity = { 0 }, sealed = { 0 };
	struct quarantine q;
	int result = CTL_FAILED;

	pg_bytes(r, 0, SHOW_IDENTITY, &identity);
	pg_bytes(r, 0, SHOW_SEALED, &sealed);
	if (quarantine_open(keys, &identity, &sealed, &q) == 0) {
		ctl_quarantine_item(&q.item, unmasked);
		ctl_quarantine_answered(&q);
		quarantine_clear(&q);
		result = CTL_DONE;
	} else {
		ctl_say(stderr, "glasctl: it cannot be opened with the keys in "
		    "%s: glasd -t says whether they are those of the database",
		    key_dir);
	}
	buf_clear(&identity);
	buf_clear(&sealed);
	return (result);
}

static int
ctl_quarantine_show_run(struct pg_client *c, const struct seal_keys *keys,
    const char *key_dir, int64_t id, bool unmasked)
{
	char *user = ctl_user();
	struct pg_params p = { 0 };
	struct pg_result *r;
	int result = CTL_FAILED;

	pg_param_int(&p, PG_INT8, id);
	pg_param_int(&p, PG_BOOL, unmasked);
	pg_param_text(&p, user);
	r = pg_query(c, "select state, at, gateway, link, reason, seen,"
	    " identity, sealed from glas_gw.quarantine_show($1, $2, $3)", &p);
	if (pg_ok(r)) {
		ctl_say(stdout, "%lld: %s, came %s by link %s of gateway %s, "
		    "seen %s times", (long long)id, pg_text(r, 0, SHOW_STATE),
		    pg_text(r, 0, SHOW_AT), pg_text(r, 0, SHOW_LINK),
		    pg_text(r, 0, SHOW_GATEWAY), pg_text(r, 0, SHOW_SEEN));
		ctl_say(stdout, "reason: %s", pg_text(r, 0, SHOW_REASON));
		result = ctl_quarantine_opened(keys, key_dir, r, unmasked);
	} else {
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	}
	pg_result_free(r);
	pg_params_clear(&p);
	free(user);
	return (result);
}

/* Without keys nothing is asked for, and nobody has looked. */
static int
ctl_quarantine_show_with(const struct config *config,
    const struct ctl_options *options, int64_t id)
{
	const char *dir = config->gateway.key_dir;
	struct seal_keys *keys = ctl_keys_load(dir);
	struct pg_client *c = NULL;
	int result = CTL_FAILED;

	if (keys != NULL)
		c = options->database != NULL ? ctl_open(options->database) :
		    ctl_open_gateway(config);
	if (c != NULL)
		result = ctl_quarantine_show_run(c, keys, dir, id,
		    options->unmasked);
	pg_client_close(c);
	seal_keys_free(keys);
	return (result);
}

int
ctl_quarantine_show(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	struct config *config;
	int result, rest;
	int64_t id;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1 ||
	    ctl_id_read(argv[rest], QUARANTINE_IDS, &id) == -1)
		return (CTL_MISUSED);
	config = ctl_config(ctl);
	if (config == NULL)
		return (CTL_FAILED);
	result = ctl_quarantine_show_with(config, &options, id);
	config_free(config);
	return (result);
}

/*
 * The rest.
 */

static int
ctl_quarantine_list_run(struct pg_client *c)
{
	struct pg_result *r = pg_query(c, "select id, at, state, gateway, link,"
	    " octets, seen, reason from glas_gw.quarantine_list()", NULL);
	int result = pg_ok(r) ? CTL_DONE : CTL_FAILED;

	if (!pg_ok(r))
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	for (int n = 0; pg_ok(r) && n < pg_rows(r); n++)
		ctl_say(stdout, "%s: %s, came %s by link %s of gateway %s, "
		    "seen %s times, %s octets: %s", pg_text(r, n, LIST_ID),
		    pg_text(r, n, LIST_STATE), pg_text(r, n, LIST_AT),
		    pg_text(r, n, LIST_LINK), pg_text(r, n, LIST_GATEWAY),
		    pg_text(r, n, LIST_SEEN), pg_text(r, n, LIST_OCTETS),
		    pg_text(r, n, LIST_REASON));
	pg_result_free(r);
	return (result);
}

int
ctl_quarantine_list(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	struct pg_client *c;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 0, &rest) == -1)
		return (CTL_MISUSED);
	c = ctl_open_database(ctl, options.database);
	if (c != NULL)
		result = ctl_quarantine_list_run(c);
	pg_client_close(c);
	return (result);
}

/* An id, then `wanted` other words, then who types it. */
static int
ctl_quarantine_decide(const struct ctl *ctl, int argc, char **argv,
    int wanted, const char *statement)
{
	struct ctl_options options;
	struct pg_params p = { 0 };
	struct pg_client *c;
	int result = CTL_FAILED, rest;
	char *user;
	int64_t id;

	if (ctl_options_read(ctl, argc, argv, &options, 1 + wanted,
	    &rest) == -1 || ctl_id_read(argv[rest], QUARANTINE_IDS, &id) == -1)
		return (CTL_MISUSED);
	user = ctl_user();
	pg_param_int(&p, PG_INT8, id);
	for (int n = 1; n <= wanted; n++)
		pg_param_text(&p, argv[rest + n]);
	pg_param_text(&p, user);
	c = ctl_open_database(ctl, options.database);
	if (c != NULL)
		result = ctl_sentence(c, statement, &p);
	pg_client_close(c);
	pg_params_clear(&p);
	free(user);
	return (result);
}

int
ctl_quarantine_release(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_quarantine_decide(ctl, argc, argv, 0,
	    "select glas_gw.quarantine_release($1, $2)"));
}

int
ctl_quarantine_dismiss(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_quarantine_decide(ctl, argc, argv, 1,
	    "select glas_gw.quarantine_dismiss($1, $2, $3)"));
}
