/*
 * glasctl migrate: brings the schema up to date. Owns one connection while it
 * runs, made as the role that --database names, which must own the schema or
 * be allowed to create roles.
 */
#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/pg.h"
#include "store/schema.h"

int
ctl_migrate_run(struct pg_client *c, const char *sql_dir)
{
	struct buf problem = { 0 };
	int applied;

	applied = schema_migrate(c, sql_dir != NULL ? sql_dir : GLAS_SQL_DIR,
	    &problem);
	if (applied == -1)
		ctl_say(stderr, "glasctl: %s", buf_str(&problem));
	else if (applied == 0)
		ctl_say(stdout, "The schema is up to date: version %d.",
		    SCHEMA_VERSION);
	else
		ctl_say(stdout, "The schema was brought to version %d by %d "
		    "migration%s.", SCHEMA_VERSION, applied,
		    applied == 1 ? "" : "s");
	buf_clear(&problem);
	return (applied == -1 ? -1 : 0);
}

int
ctl_migrate(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	struct pg_client *c;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 0, &rest) == -1)
		return (CTL_MISUSED);
	c = ctl_open_owner(ctl, options.database);
	if (c != NULL && ctl_migrate_run(c, options.sql_dir) == 0)
		result = CTL_DONE;
	pg_client_close(c);
	return (result);
}
