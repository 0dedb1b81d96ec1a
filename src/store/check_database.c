/*
 * What a start of the gateway would find of its database. Runs in glasd for glasd
 * -t, and in glasctl doctor; changes nothing. Owns a connection while it looks.
 */
#include <string.h>

#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/check.h"
#include "store/config.h"
#include "store/instance.h"
#include "store/pg.h"
#include "store/schema.h"

/* What it asks of the database may have to wait: a start does not. */
static void
check_away(const struct config *config, const char *why, struct buf *warnings)
{
	buf_printf(warnings, "%s: the database cannot be looked at now: "
	    "%s: what comes is kept until it can\n", config->file, why);
}

static bool
check_schema(const struct config *config, const struct pg_result *r,
    struct buf *problems, struct buf *warnings)
{
	int version = pg_ok(r) ? (int)pg_int(r, 0, 0) : 0;

	if (version == SCHEMA_VERSION)
		return (true);
	if (pg_passes(pg_sqlstate(r))) {
		check_away(config, pg_error(r), warnings);
		return (true);
	}
	if (strcmp(pg_sqlstate(r), "42501") == 0)
		buf_printf(problems, "%s: the user that `database` names may "
		    "not do the work of a gateway: run glasctl init, which "
		    "lets it\n", config->file);
	else
		buf_printf(problems, "%s: the schema has version %d, this "
		    "program needs %d: %s\n", config->file, version,
		    SCHEMA_VERSION, version > SCHEMA_VERSION ?
		    "install the newer Glas" : version == 0 ?
		    "run glasctl init" : "run glasctl migrate");
	return (false);
}

/* Nothing is said of keys that could not be loaded: that they cannot was. */
static bool
check_keyset(const struct config *config, const struct seal_keys *keys,
    struct pg_client *client, struct buf *problems, struct buf *warnings)
{
	char hex[2 * SEAL_KEYSET_LEN + 1];
	uint8_t id[SEAL_KEYSET_LEN];
	struct pg_params p = { 0 };
	struct pg_result *r;
	bool well = true;

	if (keys == NULL)
		return (true);
	seal_keys_public_id(keys, id);
	hex_encode(hex, id, sizeof id);
	pg_param_text(&p, hex);
	r = pg_query(client, "select glas_gw.keyset_problem($1)", &p);
	if (!pg_ok(r)) {
		check_away(config, pg_error(r), warnings);
	} else if (pg_text(r, 0, 0)[0] != '\0') {
		buf_printf(problems, "%s: %s\n", config->gateway.key_dir,
		    pg_text(r, 0, 0));
		well = false;
	}
	pg_result_free(r);
	pg_params_clear(&p);
	return (well);
}

/* A lock, or the like, is for check_keyset() to tell of. */
static bool
check_name(const struct config *config, struct pg_client *client,
    struct buf *problems)
{
	const char *name = config->gateway.name;
	char id[INSTANCE_SIZE];
	struct pg_params p = { 0 };
	struct pg_result *r;
	bool taken;

	instance_read(config->gateway.spool_dir, id);
	pg_param_text(&p, name);
	pg_param_text(&p, id);
	r = pg_query(client, "select glas_gw.name_taken($1, $2)", &p);
	taken = pg_ok(r) && pg_bool(r, 0, 0);
	if (taken)
		buf_printf(problems, "%s: another glasd has the name %s: if it "
		    "is gone for good, its name is free a minute after; else "
		    "give this one its own `name`, and move %s/log-%s to "
		    "log-NAME if it is there\n", config->file, name,
		    config->gateway.key_dir, name);
	pg_result_free(r);
	pg_params_clear(&p);
	return (!taken);
}

/* Replies know their link by its name alone. */
static void
check_link_names(const struct config *config, struct pg_client *client,
    struct buf *warnings)
{
	struct pg_params p = { 0 };
	struct pg_result *r;

	pg_param_text(&p, config->gateway.name);
	pg_array(&p, PG_TEXT);
	for (size_t i = 0; i < config->link_count; i++) {
		if (config->links[i].kind != LINK_STATUS)
			pg_item_text(&p, config->links[i].name);
	}
	r = pg_query(client,
	    "select link, gateway from glas_gw.links_shared($1, $2)", &p);
	for (int row = 0; pg_ok(r) && row < pg_rows(r); row++)
		buf_printf(warnings, "%s: link %s is also one of gateway %s, "
		    "and is kept down here while that one lives: give it "
		    "another name\n", config->file, pg_text(r, row, 0),
		    pg_text(r, row, 1));
	pg_result_free(r);
	pg_params_clear(&p);
}

/* A start does not wait for it: that is no reason not to. */
static void
check_writes(const struct config *config, struct pg_client *client,
    struct buf *problems)
{
	struct pg_result *r = pg_query(client, "select current_setting("
	    "'transaction_read_only')::bool, pg_is_in_recovery(),"
	    " current_user", NULL);

	if (pg_ok(r) && pg_bool(r, 0, 1))
		buf_printf(problems, "%s: the database is a standby, where "
		    "nothing can be stored: promote it, or let `database` name "
		    "all servers, with target_session_attrs=read-write\n",
		    config->file);
	else if (pg_ok(r) && pg_bool(r, 0, 0))
		buf_printf(problems, "%s: default_transaction_read_only is on, "
		    "and nothing can be stored: alter role %s reset "
		    "default_transaction_read_only, also for the database and "
		    "the server\n", config->file, pg_text(r, 0, 2));
	pg_result_free(r);
}

/* What only one that belongs here can be asked. */
static bool
check_fellows(const struct config *config, const struct seal_keys *keys,
    struct pg_client *client, struct buf *problems, struct buf *warnings)
{
	bool well = check_keyset(config, keys, client, problems, warnings);

	check_link_names(config, client, warnings);
	check_writes(config, client, problems);
	return (check_name(config, client, problems) && well);
}

bool
check_database(const struct config *config, const struct seal_keys *keys,
    struct buf *problems, struct buf *warnings)
{
	const char *conninfo = config->gateway.database;
	struct buf why = { 0 };
	struct pg_client *client = pg_client_open(conninfo, &why);
	struct pg_result *r;
	bool well;

	if (client != NULL) {
		r = pg_query(client, "select glas_gw.schema_version()", NULL);
		well = check_schema(config, r, problems, warnings) &&
		    (!pg_ok(r) || check_fellows(config, keys, client, problems,
		    warnings));
		pg_result_free(r);
		pg_client_close(client);
	} else if ((well = pg_client_away(conninfo))) {
		check_away(config, buf_str(&why), warnings);
	} else {
		buf_printf(problems, "%s: %s: correct `database`, or run "
		    "glasctl init, which lets its user in\n", config->file,
		    buf_str(&why));
	}
	buf_clear(&why);
	return (well);
}
