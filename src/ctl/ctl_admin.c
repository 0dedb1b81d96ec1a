/*
 * glasctl admin: people who work with Glas through psql. Owns one connection
 * while it runs, made as a role that may create roles and grant those of Glas.
 */
#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/pg.h"

/* Runs a statement that answers with a sentence. */
static int
ctl_admin_run(struct pg_client *c, const char *statement, char **words,
    int count)
{
	struct pg_params params = { 0 };
	struct pg_result *r;
	int result = CTL_DONE;

	for (int i = 0; i < count; i++)
		pg_param_text(&params, words[i]);
	r = pg_query(c, statement, &params);
	if (pg_ok(r)) {
		ctl_say(stdout, "%s", pg_text(r, 0, 0));
	} else {
		ctl_say(stderr, "glasctl: %s", pg_error(r));
		result = CTL_FAILED;
	}
	pg_result_free(r);
	pg_params_clear(&params);
	return (result);
}

static int
ctl_admin_with(const struct ctl *ctl, int argc, char **argv, int wanted,
    const char *statement)
{
	struct ctl_options options;
	struct pg_client *c;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, wanted, &rest) == -1)
		return (CTL_MISUSED);
	c = ctl_open_database(ctl, options.database);
	if (c != NULL)
		result = ctl_admin_run(c, statement, argv + rest, wanted);
	pg_client_close(c);
	return (result);
}

int
ctl_admin_add(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_admin_with(ctl, argc, argv, 3,
	    "select glas_data.admin_add($1, $2, $3)"));
}

int
ctl_admin_remove(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_admin_with(ctl, argc, argv, 1,
	    "select glas_data.admin_remove($1)"));
}
