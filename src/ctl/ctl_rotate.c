/*
 * glasctl key rotate: new keys while the gateway runs, and the end of the old
 * ones. Owns the keys and a connection as the gateway while it runs. Each step
 * stands when the next begins, and may be done again: new files; the database
 * says that they are in use; glasd reads them and seals anew what it can open;
 * with --finish, the database gives the old ones up; their files go.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pg.h"

#define ROTATE_HEX	(2 * SEAL_KEYSET_LEN + 1)

struct ctl_rotate {
	const char	*gateway;
	const char	*dir;
	struct pg_client *c;
	struct seal_keys *keys;
};

static int
ctl_rotate_load(struct ctl_rotate *v)
{
	seal_keys_free(v->keys);
	v->keys = ctl_keys_load(v->dir);
	return (v->keys != NULL ? 0 : -1);
}

/* The public id that some of the keys have. */
static void
ctl_rotate_id(const struct ctl_rotate *v, uint32_t first, uint32_t last,
    char hex[ROTATE_HEX])
{
	uint8_t id[SEAL_KEYSET_LEN];

	seal_keys_part_id(v->keys, first, last, id);
	hex_encode(hex, id, sizeof id);
}

/* A text that a statement answers with; NULL with the reason on standard error,
 * the caller frees. */
static char *
ctl_rotate_ask(struct ctl_rotate *v, const char *statement,
    const struct pg_params *p)
{
	struct pg_result *r = pg_query(v->c, statement, p);
	char *text = NULL;

	if (pg_ok(r))
		text = xstrdup(pg_text(r, 0, 0));
	else
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	pg_result_free(r);
	return (text);
}

static int
ctl_rotate_do(struct ctl_rotate *v, const char *statement,
    const struct pg_params *p)
{
	char *text = ctl_rotate_ask(v, statement, p);

	free(text);
	return (text != NULL ? 0 : -1);
}

static void
ctl_rotate_refuse(struct ctl_rotate *v, const char *keyset)
{
	struct pg_params p = { 0 };
	char *why;

	pg_param_text(&p, keyset);
	why = ctl_rotate_ask(v, "select glas_gw.keyset_problem($1)", &p);
	if (why != NULL)
		ctl_say(stderr, "glasctl: no key was made: %s",
		    why[0] != '\0' ? why : "nothing is sealed here yet: start "
		    "glasd first");
	free(why);
	pg_params_clear(&p);
}

/* The number that new keys have, or are to have; 0: none is to be made, *going:
 * since they are in use. */
static uint32_t
ctl_rotate_number(struct ctl_rotate *v, bool *going)
{
	uint32_t newest = seal_keys_number(v->keys), number = 0;
	char all[ROTATE_HEX], before[ROTATE_HEX];
	char *stored = ctl_rotate_ask(v, "select glas_gw.rekey_keyset()",
	    NULL);

	*going = false;
	if (stored == NULL)
		return (0);
	ctl_rotate_id(v, 0, UINT32_MAX, all);
	ctl_rotate_id(v, 0, newest - 1, before);
	if (strcmp(stored, all) == 0 && seal_keys_two(v->keys))
		*going = true;
	else if (strcmp(stored, all) == 0)
		number = newest + 1;
	else if (strcmp(stored, before) == 0)
		number = newest;	/* made, but not in use yet */
	else
		ctl_rotate_refuse(v, all);
	free(stored);
	return (number);
}

static int
ctl_rotate_tell(struct ctl_rotate *v, uint32_t number)
{
	char before[ROTATE_HEX], both[ROTATE_HEX], after[ROTATE_HEX];
	struct pg_params p = { 0 };
	int result;

	ctl_rotate_id(v, 0, number - 1, before);
	ctl_rotate_id(v, 0, UINT32_MAX, both);
	ctl_rotate_id(v, number, UINT32_MAX, after);
	pg_param_text(&p, v->gateway);
	pg_param_int(&p, PG_INT4, number);
	pg_param_text(&p, before);
	pg_param_text(&p, both);
	pg_param_text(&p, after);
	result = ctl_rotate_do(v,
	    "select glas_gw.rekey_begin($1, $2, $3, $4, $5)", &p);
	if (result == -1)
		ctl_say(stderr, "glasctl: the new keys are in %s, and not in "
		    "use yet: run this again before glasd is started anew",
		    v->dir);
	pg_params_clear(&p);
	return (result);
}

/* Also when some of it was done before. */
static int
ctl_rotate_begin(struct ctl_rotate *v)
{
	const char *error;
	bool going;
	uint32_t number = ctl_rotate_number(v, &going);
	char *words;

	if (number == 0 && !going)
		return (-1);
	if (number != 0) {
		if (seal_keys_add(v->dir, number, &error) == -1) {
			ctl_say(stderr, "glasctl: %s", error);
			return (-1);
		}
		if (ctl_rotate_load(v) == -1 ||
		    ctl_rotate_tell(v, number) == -1)
			return (-1);
		ctl_say(stdout, "There are new keys in %s, with number %u. "
		    "Keep a copy apart from this machine (glasctl key "
		    "export); other offices need it at once (glasctl key "
		    "import), and keep what arrives until then.", v->dir,
		    (unsigned int)number);
	}
	if (ctl_rotate_do(v, "select glas_gw.rekey_wake()", NULL) == -1)
		return (-1);
	words = ctl_rotate_ask(v, "select glas_gw.rekey_words()", NULL);
	if (words == NULL)
		return (-1);
	ctl_say(stdout, "%s", words);
	free(words);
	return (0);
}

static int
ctl_rotate_drop(struct ctl_rotate *v, uint32_t number)
{
	const char *error;
	int dropped = seal_keys_drop(v->dir, number, &error);

	if (dropped == -1)
		ctl_say(stderr, "glasctl: %s", error);
	else if (dropped > 0)
		ctl_say(stdout, "Removed %d key files from %s. A backup from "
		    "before needs the copy that is kept apart.", dropped,
		    v->dir);
	return (dropped == -1 ? -1 : 0);
}

/* The files go when the database has kept that nothing needs them. */
static int
ctl_rotate_finish(struct ctl_rotate *v)
{
	uint32_t number = seal_keys_number(v->keys);
	struct pg_params p = { 0 };
	char after[ROTATE_HEX], *words;
	int result = -1;

	ctl_rotate_id(v, number, UINT32_MAX, after);
	pg_param_text(&p, after);
	words = ctl_rotate_ask(v, "select glas_gw.rekey_finish($1)", &p);
	if (words != NULL) {
		ctl_say(stdout, "%s", words);
		if (ctl_rotate_drop(v, number) == 0)
			result = ctl_rotate_do(v,
			    "select glas_gw.rekey_wake()", NULL);
	}
	free(words);
	pg_params_clear(&p);
	return (result);
}

int
ctl_key_rotate(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_rotate v = { 0 };
	struct ctl_options options;
	struct config *config;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 0, &rest) == -1)
		return (CTL_MISUSED);
	config = ctl_config(ctl);
	if (config == NULL)
		return (CTL_FAILED);
	v.gateway = config->gateway.name;
	v.dir = config->gateway.key_dir;
	if (ctl_rotate_load(&v) == 0)
		v.c = ctl_open_gateway(config);
	if (v.c != NULL && (options.finish ? ctl_rotate_finish(&v) :
	    ctl_rotate_begin(&v)) == 0)
		result = CTL_DONE;
	pg_client_close(v.c);
	seal_keys_free(v.keys);
	config_free(config);
	return (result);
}
