/*
 * glasd -t: what a start would find, found without starting. Runs in glasd
 * alone, before anything is opened for work; owns nothing.
 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "glasd/check.h"
#include "glasd/link_program.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "store/pack.h"
#include "store/pg.h"
#include "store/schema.h"
#include "text/content.h"

static bool
check_keys(const struct config *config, struct buf *problems)
{
	const char *error = "libsodium cannot be used";
	struct seal_keys *keys = seal_init() == 0 ?
	    seal_keys_load(config->gateway.key_dir, &error) : NULL;

	if (keys == NULL)
		buf_printf(problems, "%s\n", error);
	seal_keys_free(keys);
	return (keys != NULL);
}

static bool
check_content(const struct config *config, struct buf *problems)
{
	json_t *pack = pack_read(config->gateway.content_dir, problems);
	struct content *content = pack != NULL ?
	    content_new(pack, problems) : NULL;
	bool well = content != NULL;

	content_free(content);
	json_decref(pack);
	return (well);
}

static bool
check_links(const struct config *config, struct buf *problems)
{
	bool well = true;

	for (size_t n = 0; n < config->link_count; n++)
		well = link_program_check(config, &config->links[n],
		    problems) && well;
	return (well);
}

static bool
check_database(const struct config *config, struct buf *problems)
{
	struct pg_client *client = pg_client_open(config->gateway.database,
	    problems);
	struct pg_result *r;
	int version;

	if (client == NULL)
		return (false);
	r = pg_query(client, "select glas_gw.schema_version()", NULL);
	version = pg_ok(r) ? (int)pg_int(r, 0, 0) : 0;
	if (strcmp(pg_sqlstate(r), "42501") == 0)
		buf_printf(problems, "%s: the user that `database` names may "
		    "not do the work of a gateway: run glasctl init, which "
		    "lets it\n", config->file);
	else if (version != SCHEMA_VERSION)
		buf_printf(problems, "%s: the schema has version %d, this "
		    "program needs %d: run glasctl %s\n", config->file, version,
		    SCHEMA_VERSION, version == 0 ? "init" : "migrate");
	pg_result_free(r);
	pg_client_close(client);
	return (version == SCHEMA_VERSION);
}

bool
check_run(const struct config *config)
{
	struct buf problems = { 0 };
	bool well = check_keys(config, &problems);

	well = check_content(config, &problems) && well;
	well = check_links(config, &problems) && well;
	well = check_database(config, &problems) && well;
	if (well)
		printf("configuration, keys, content, links and database are "
		    "well\n");
	else
		fprintf(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	return (well);
}
