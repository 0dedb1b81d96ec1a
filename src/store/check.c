/*
 * What a start of the gateway would find, found without starting. Runs in glasd
 * for glasd -t, and in glasctl doctor; changes nothing, and owns nothing between
 * calls.
 */
#include <sys/stat.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "lib/secret.h"
#include "store/check.h"
#include "store/config.h"
#include "store/instance.h"
#include "store/pack.h"
#include "store/pg.h"
#include "store/program.h"
#include "store/schema.h"
#include "text/content.h"
#include "text/reference.h"

struct seal_keys *
check_keys(const struct config *config, struct buf *problems)
{
	const char *error = "libsodium cannot be used";
	struct seal_keys *keys = seal_init() == 0 ?
	    seal_keys_load(config->gateway.key_dir, &error) : NULL;

	if (keys == NULL)
		buf_printf(problems, "%s\n", error);
	return (keys);
}

bool
check_recall(const struct config *config, struct buf *problems)
{
	uint8_t pub[SEAL_RECALL_KEY_LEN];
	const char *error;

	if (seal_recall_load(config->gateway.key_dir, pub, &error) !=
	    SEAL_RECALL_BAD)
		return (true);
	buf_printf(problems, "%s\n", error);
	return (false);
}

bool
check_content(const struct config *config, struct buf *problems)
{
	struct content *content = content_new(
	    pack_read(config->gateway.content_dir, problems), problems);
	bool well = content != NULL;

	content_free(content);
	return (well);
}

bool
check_spool(const struct config *config, struct buf *problems,
    struct buf *warnings)
{
	const char *dir = config->gateway.spool_dir;
	const size_t before = problems->len;
	struct stat st;

	if (stat(dir, &st) == -1)
		buf_printf(problems, "%s: %s: systemd-tmpfiles --create makes "
		    "it, or install -d -o glas -g glas -m 700 %s\n", dir,
		    strerror(errno), dir);
	else if (!S_ISDIR(st.st_mode))
		buf_printf(problems, "%s is no directory: move it away\n",
		    dir);
	else if (access(dir, R_OK | W_OK | X_OK) == -1)
		buf_printf(problems, "%s cannot be written: %s: chown it to "
		    "the user of the gateway\n", dir, strerror(errno));
	else if ((st.st_mode & 077) != 0)
		buf_printf(warnings, "%s: others than its owner may enter it: "
		    "chmod 0700 %s\n", dir, dir);
	return (problems->len == before);
}

bool
check_link_user(const struct config *config, struct buf *problems)
{
	const char *user = config->gateway.link_user;

	if (geteuid() != 0 || getpwnam(user) != NULL)
		return (true);
	buf_printf(problems, "%s: there is no user %s, and links of a glasd "
	    "that is root's would run as root: systemd-sysusers makes it, or "
	    "name another in link-user\n", config->file, user);
	return (false);
}

static bool
check_link_program(const struct config *config, const struct config_link *link,
    struct buf *problems)
{
	char *argv[PROGRAM_WORDS_MAX];
	bool well = true;

	program_argv(link, argv);
	if (argv[0] == NULL || access(argv[0], X_OK) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s cannot be run: %s: "
		    "install it, or correct the command\n", config->file,
		    link_kind_name(link->kind), link->name,
		    argv[0] != NULL ? argv[0] : "its program",
		    argv[0] != NULL ? strerror(errno) : "none is named");
		well = false;
	}
	program_argv_free(argv);
	return (well);
}

/* Whether anybody on this machine may read it. */
static bool
check_is_open(const char *file)
{
	struct stat st;

	return (stat(file, &st) == 0 && (st.st_mode & 07) != 0);
}

static bool
check_link_pin(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	const char *kind = link_kind_name(link->kind);
	char pin[PROGRAM_PIN_SIZE];
	bool well = true;

	if (link->pin_file == NULL)
		return (true);
	if (program_pin(link->pin_file, pin) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s: %s\n", config->file,
		    kind, link->name, link->pin_file, errno == EINVAL ?
		    "no PIN stands there: write its 4 to 8 digits, alone" :
		    errno == EACCES ? "the gateway may not read it: let it be "
		    "of its user, mode 0400" :
		    "the file of its PIN cannot be read: make it, with the 4 "
		    "to 8 digits alone, or leave pin-file out");
		well = false;
	} else if (check_is_open(link->pin_file)) {
		buf_printf(warnings, "%s: [%s %s]: %s: anybody here may read "
		    "the PIN: chmod o= %s\n", config->file, kind,
		    link->name, link->pin_file, link->pin_file);
	}
	explicit_bzero(pin, sizeof pin);
	return (well);
}

/* Not refused: there are modems whose own last digit is a wrong one. */
static void
check_link_imei(const struct config *config, const struct config_link *link,
    struct buf *warnings)
{
	const char *imei = link->kind == LINK_MODEM ?
	    config_setting(link, "imei") : NULL;

	if (imei != NULL && !reference_luhn(imei, strlen(imei)))
		buf_printf(warnings, "%s: [modem %s]: the last digit of its "
		    "imei does not go with the others: see whether one is "
		    "mistyped\n", config->file, link->name);
}

/* What is wrong with the secret in a file, and what to do; NULL: nothing. */
static char *
check_secret(const char *file, size_t least)
{
	char secret[SECRET_SIZE];
	int result = secret_read(file, secret), reason = errno;
	size_t len = strlen(secret);

	explicit_bzero(secret, sizeof secret);
	if (result == 0 && len >= least)
		return (NULL);
	if (result == -1 && reason != EINVAL)
		return (xasprintf("%s: %s: make it with openssl rand -hex 16, "
		    "and let the user of links read it: mode 0440, and its "
		    "group", file, strerror(reason)));
	return (xasprintf("%s: its first line is to have %zu to %d characters: "
	    "openssl rand -hex 16 makes 32", file, least, SECRET_SIZE - 1));
}

/* Of glas-web: what requests bring, and what is brought to the aggregator. */
static bool
check_link_secrets(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	static const struct {
		const char	*key;
		size_t		 least;
	} secrets[] = { { "secret-file", SECRET_LEAST },
		{ "send-key-file", 1 } };
	const char *kind = link_kind_name(link->kind);
	bool well = true;

	if (link->kind != LINK_WEB && link->kind != LINK_STATUS)
		return (true);
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		const char *file = config_setting(link, secrets[i].key);
		char *wrong = file != NULL ? check_secret(file,
		    secrets[i].least) : NULL;

		if (wrong != NULL)
			buf_printf(problems, "%s: [%s %s]: %s %s\n",
			    config->file, kind, link->name, secrets[i].key,
			    wrong);
		else if (file != NULL && check_is_open(file))
			buf_printf(warnings, "%s: [%s %s]: %s: anybody here "
			    "may read the secret: chmod o= %s\n", config->file,
			    kind, link->name, file, file);
		well = well && wrong == NULL;
		free(wrong);
	}
	return (well);
}

/* glas-web opens no door that stands open to all. */
static bool
check_link_door(const struct config *config, const struct config_link *link,
    struct buf *problems)
{
	if (link->kind != LINK_WEB || !config_is_glas_web(link) ||
	    config_setting(link, "secret-file") != NULL ||
	    config_setting(link, "allow") != NULL)
		return (true);
	buf_printf(problems, "%s: [web %s]: anybody could bring texts, and it "
	    "will not start: give it a secret-file, or say in allow which "
	    "addresses they come from\n", config->file, link->name);
	return (false);
}

bool
check_link(const struct config *config, const struct config_link *link,
    struct buf *problems, struct buf *warnings)
{
	bool well = check_link_program(config, link, problems);

	check_link_imei(config, link, warnings);
	well = check_link_door(config, link, problems) && well;
	well = check_link_secrets(config, link, problems, warnings) && well;
	return (check_link_pin(config, link, problems, warnings) && well);
}

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
		    "program needs %d: run glasctl %s\n", config->file, version,
		    SCHEMA_VERSION, version == 0 ? "init" : "migrate");
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
		buf_printf(problems, "%s: another glasd has the name %s: give "
		    "this one its own `name`, and move %s/log-%s to log-NAME "
		    "if it is there\n", config->file, name,
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
		    "and each answers people of the other: give it another "
		    "name\n", config->file, pg_text(r, row, 0),
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
		buf_printf(problems, "%s: %s\n", config->file,
		    buf_str(&why));
	}
	buf_clear(&why);
	return (well);
}
