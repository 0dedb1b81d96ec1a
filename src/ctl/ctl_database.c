/*
 * The connection that a command works with. Owns none: whoever opens it closes
 * it. Why there is none is said on standard error.
 */
#include <string.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

struct pg_client *
ctl_open(const char *conninfo)
{
	struct buf problem = { 0 };
	struct pg_client *c = pg_client_open(conninfo, &problem);

	if (c == NULL)
		ctl_say(stderr, "glasctl: the database: %s",
		    buf_str(&problem));
	buf_clear(&problem);
	return (c);
}

struct pg_client *
ctl_open_gateway(const struct config *config)
{
	const char *conninfo = config->gateway.database;
	struct pg_client *c = ctl_open(conninfo);

	if (c == NULL && !pg_client_away(conninfo))
		ctl_say(stderr, "glasctl: this is `database` of %s: run this "
		    "as the user whom it lets in (runuser -u glas -- glasctl "
		    "...); many commands can be given another with --database",
		    config->file);
	return (c);
}

struct pg_client *
ctl_open_database(const struct ctl *ctl, const char *conninfo)
{
	struct config *config;
	struct pg_client *c;

	if (conninfo != NULL)
		return (ctl_open(conninfo));
	config = ctl_config(ctl);
	if (config == NULL)
		return (NULL);
	c = ctl_open_gateway(config);
	config_free(config);
	return (c);
}

/* What is not there yet may be made by who cannot be known from here. What a
 * superuser owns would run as one, whoever calls it. */
static bool
ctl_owns(struct pg_client *c)
{
	struct pg_result *r = pg_query(c, "select current_user,"
	    " has_schema_privilege(oid, 'usage'), pg_get_userbyid(nspowner)"
	    " from pg_namespace where nspname = 'glas_data'", NULL);
	bool there = pg_ok(r) && pg_rows(r) == 1;
	bool owns = true;

	if (there && strcmp(pg_text(r, 0, 2), "glas_owner") != 0) {
		ctl_say(stderr, "glasctl: this database belongs to %s, not to "
		    "glas_owner: its backup was restored without its roles: "
		    "drop it, restore the roles, and then it, as "
		    "doc/install.md says", pg_text(r, 0, 2));
		owns = false;
	} else if (there && !pg_bool(r, 0, 1)) {
		ctl_say(stderr, "glasctl: %s may not do this: connect as the "
		    "owner of the schema, or a superuser, with --database, "
		    "such as su postgres -c 'glasctl ... --database "
		    "dbname=glas ...'", pg_text(r, 0, 0));
		owns = false;
	}
	pg_result_free(r);
	return (owns);
}

struct pg_client *
ctl_open_owner(const struct ctl *ctl, const char *conninfo)
{
	struct pg_client *c = ctl_open_database(ctl, conninfo);

	if (c == NULL || ctl_owns(c))
		return (c);
	pg_client_close(c);
	return (NULL);
}

int
ctl_sentence(struct pg_client *c, const char *statement,
    const struct pg_params *params)
{
	struct pg_result *r = pg_query(c, statement, params);
	int result = pg_ok(r) ? CTL_DONE : CTL_FAILED;

	if (result == CTL_DONE)
		ctl_say(stdout, "%s", pg_text(r, 0, 0));
	else
		ctl_say(stderr, "glasctl: %s", pg_error(r));
	pg_result_free(r);
	return (result);
}
