/*
 * glasctl init: creates what is missing and leaves the rest as it is, so it
 * may be run again at any time. Owns one connection while it runs. The first
 * step that fails ends it; those before it stand.
 */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/content.h"
#include "store/pg.h"

/* Numbers that are sealed already need the keys that they are sealed with: new
 * ones would only be in the way of those when they are brought back. */
static int
ctl_init_may_make(struct pg_client *c, const char *dir)
{
	const char *error = "no libsodium";
	struct seal_keys *keys = seal_init() == 0 ?
	    seal_keys_load(dir, &error) : NULL;
	struct pg_result *r;
	int result = 0;

	if (keys != NULL) {
		seal_keys_free(keys);
		return (0);
	}
	r = pg_query(c, "select glas_gw.keyset_problem('none')", NULL);
	if (!pg_ok(r) || pg_text(r, 0, 0)[0] != '\0') {
		ctl_say(stderr, "glasctl: %s\nglasctl: no key was made: %s",
		    error, pg_ok(r) ? pg_text(r, 0, 0) : pg_error(r));
		result = -1;
	}
	pg_result_free(r);
	return (result);
}

static int
ctl_init_keys(const struct config *config)
{
	const char *dir = config->gateway.key_dir, *error = "no libsodium";
	int made = -1;

	if (seal_init() == 0)
		made = seal_keys_create(dir, &error);
	if (made == -1) {
		ctl_say(stderr, "glasctl: %s", error);
		return (-1);
	}
	if (made == 0)
		ctl_say(stdout, "The keys in %s are there.", dir);
	else
		ctl_say(stdout, "Made %d key file%s in %s. Keep a copy apart "
		    "from this machine (glasctl key export): without them no "
		    "number can be answered.", made, made == 1 ? "" : "s", dir);
	return (0);
}

/* The role that the daemon logs in as, by its connection string. */
static int
ctl_init_login(struct pg_client *c, const char *conninfo)
{
	struct pg_params params = { 0 };
	char *user = pg_conninfo_get(conninfo, "user");
	int result;

	if (user == NULL) {
		ctl_say(stdout, "The database string of the configuration "
		    "names no user: grant glas_gateway to the role that glasd "
		    "connects as.");
		return (0);
	}
	pg_param_text(&params, user);
	result = ctl_sentence(c,
	    "select glas_data.login_role($1, 'glas_gateway')", &params);
	pg_params_clear(&params);
	free(user);
	return (result == CTL_DONE ? 0 : -1);
}

/* What the office changed in the database is never overwritten here. */
static int
ctl_init_content(struct pg_client *c, const char *dir)
{
	struct buf problem = { 0 };
	int there = content_is_there(c, &problem);

	if (there == -1)
		ctl_say(stderr, "glasctl: %s", buf_str(&problem));
	else if (there == 1)
		ctl_say(stdout, "The content in the database stays as it is.");
	buf_clear(&problem);
	if (there != 0)
		return (there == 1 ? 0 : -1);
	return (ctl_content_import_run(c, dir));
}

static int
ctl_init_database(const struct ctl *ctl, const struct config *config,
    const struct ctl_options *options)
{
	const char *content = options->content_dir != NULL ?
	    options->content_dir : config->gateway.content_dir;
	struct pg_client *c = ctl_open_owner(ctl, options->database);
	int result = -1;

	if (c != NULL && ctl_migrate_run(c, options->sql_dir) == 0 &&
	    ctl_init_may_make(c, config->gateway.key_dir) == 0 &&
	    ctl_init_keys(config) == 0 &&
	    ctl_init_login(c, config->gateway.database) == 0)
		result = ctl_init_content(c, content);
	pg_client_close(c);
	return (result);
}

int
ctl_init(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	struct config *config;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 0, &rest) == -1)
		return (CTL_MISUSED);
	config = ctl_config(ctl);
	if (config == NULL)
		return (CTL_FAILED);
	if (ctl_init_database(ctl, config, &options) == 0)
		result = CTL_DONE;
	config_free(config);
	return (result);
}
