/*
 * glasctl reveal: the number of a person, once, on a terminal. Owns two
 * connections while it runs, and the number, which it wipes. As the person who
 * asked it gets a ticket; as the gateway, and in the transaction that marks it as
 * shown, the sealed copy: so that neither who has asked nor who has the keys can
 * do it alone. What cannot be opened has not been shown; what has been marked
 * is shown, or lost with the terminal.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"

enum {	/* columns of glas_gw.reveal_copy() */
	REVEAL_TOKEN,
	REVEAL_COPY,
	REVEAL_REFERENCE,
	REVEAL_ASKED_BY
};

struct ctl_reveal {
	int64_t		 request;
	const char	*key_dir;
	const char	*offline_key;	/* a file; NULL: with our own keys */
	struct seal_keys *keys;
	uint8_t		 private[SEAL_RECALL_KEY_LEN];
	char		 msisdn[SEAL_NUMBER_MAX];
};

/* Before anything is asked for: without a key nobody has looked. */
static int
ctl_reveal_keys(struct ctl_reveal *v)
{
	if (v->offline_key != NULL && seal_init() == 0)
		return (ctl_recall_read(v->offline_key, v->private));
	v->keys = ctl_keys_load(v->key_dir);
	return (v->keys != NULL ? 0 : -1);
}

/* NULL with the reason on standard error; the caller frees. */
static char *
ctl_reveal_ticket(const struct ctl_reveal *v, const char *conninfo)
{
	struct pg_client *c = ctl_open(conninfo);
	struct pg_params p = { 0 };
	struct pg_result *r;
	char *ticket = NULL;

	if (c == NULL)
		return (NULL);
	pg_param_int(&p, PG_INT8, v->request);
	r = pg_query(c, "select glas.reveal_take($1)", &p);
	if (pg_ok(r))
		ticket = xstrdup(pg_text(r, 0, 0));
	else if (strcmp(pg_sqlstate(r), "42501") == 0)
		ctl_say(stderr, "glasctl: %s; a number is shown to who asked "
		    "for it: connect as that role, with --database", pg_error(r));
	else
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	pg_result_free(r);
	pg_params_clear(&p);
	pg_client_close(c);
	return (ticket);
}

static int
ctl_reveal_open(struct ctl_reveal *v, const struct pg_result *r)
{
	struct buf token = { 0 }, copy = { 0 };
	int result = -1;

	pg_bytes(r, 0, REVEAL_TOKEN, &token);
	pg_bytes(r, 0, REVEAL_COPY, &copy);
	if (v->offline_key != NULL)
		result = seal_recall_open(v->private, copy.data, copy.len,
		    v->msisdn);
	else if (token.len == SEAL_TOKEN_LEN && copy.len == SEAL_MSISDN_LEN)
		result = seal_msisdn_open(v->keys, token.data, copy.data,
		    v->msisdn);
	if (result == -1 && v->offline_key != NULL)
		ctl_say(stderr, "glasctl: %s: does not open this copy, which "
		    "was sealed for another key; it counts as not shown",
		    v->offline_key);
	else if (result == -1)
		ctl_say(stderr, "glasctl: the keys in %s do not open this "
		    "copy: glasd -t says whether they are those of the "
		    "database; it counts as not shown", v->key_dir);
	buf_clear(&token);
	buf_clear(&copy);
	return (result);
}

static int
ctl_reveal_do(struct pg_client *c, const char *statement)
{
	struct pg_result *r = pg_query(c, statement, NULL);
	int result = pg_ok(r) ? 0 : -1;

	if (result == -1)
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	pg_result_free(r);
	return (result);
}

static void
ctl_reveal_print(const struct ctl_reveal *v, const struct pg_result *r)
{
	ctl_say(stdout, "%s", v->msisdn);
	ctl_say(stdout, "Who reported %s; for %s, once. That it was shown "
	    "stands in glas.reveals.", pg_text(r, 0, REVEAL_REFERENCE),
	    pg_text(r, 0, REVEAL_ASKED_BY));
}

/* Printed when the database has kept that it was: not before. */
static int
ctl_reveal_show(struct ctl_reveal *v, struct pg_client *c, const char *ticket)
{
	char *user = ctl_user();
	struct pg_params p = { 0 };
	struct pg_result *r;
	int result = CTL_FAILED;

	pg_param_int(&p, PG_INT8, v->request);
	pg_param_text(&p, ticket);
	pg_param_int(&p, PG_BOOL, v->offline_key != NULL);
	pg_param_text(&p, user);
	r = pg_query(c, "select token, copy, reference, asked_by"
	    " from glas_gw.reveal_copy($1, $2, $3, $4)", &p);
	if (!pg_ok(r)) {
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	} else if (ctl_reveal_open(v, r) == 0 &&
	    ctl_reveal_do(c, "commit") == 0) {
		ctl_reveal_print(v, r);
		result = CTL_DONE;
	}
	pg_result_free(r);
	pg_params_clear(&p);
	free(user);
	return (result);
}

static int
ctl_reveal_run(struct ctl_reveal *v, const struct config *config,
    const struct ctl_options *options)
{
	struct pg_client *c = NULL;
	int result = CTL_FAILED;
	char *ticket;

	ticket = ctl_reveal_ticket(v, options->database != NULL ?
	    options->database : config->gateway.database);
	if (ticket != NULL)
		c = ctl_open_gateway(config);
	if (c != NULL && ctl_reveal_do(c, "begin") == 0)
		result = ctl_reveal_show(v, c, ticket);
	pg_client_close(c);
	free(ticket);
	return (result);
}

int
ctl_reveal(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_reveal v = { 0 };
	struct ctl_options options;
	struct config *config;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1 ||
	    ctl_id_read(argv[rest], "request: select * from glas.reveals "
	    "shows their numbers", &v.request) == -1)
		return (CTL_MISUSED);
	if (!isatty(STDOUT_FILENO)) {
		ctl_say(stderr, "glasctl: a number is shown on a terminal and "
		    "nowhere else: do not send the output into a file or a "
		    "pipe");
		return (CTL_MISUSED);
	}
	config = ctl_config(ctl);
	if (config == NULL)
		return (CTL_FAILED);
	v.key_dir = config->gateway.key_dir;
	v.offline_key = options.offline_key;
	if (ctl_reveal_keys(&v) == 0)
		result = ctl_reveal_run(&v, config, &options);
	seal_keys_free(v.keys);
	seal_wipe(&v, sizeof v);
	config_free(config);
	return (result);
}
