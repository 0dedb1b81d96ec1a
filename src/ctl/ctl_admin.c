/*
 * glasctl admin: people who work with Glas through psql. Owns one connection
 * while it runs, made as a role that may create roles and grant those of Glas.
 */
#include "ctl/ctl.h"
#include "store/pg.h"

static int
ctl_admin_with(const struct ctl *ctl, int argc, char **argv, int wanted,
    const char *statement)
{
	struct pg_params params = { 0 };
	struct ctl_options options;
	struct pg_client *c;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, wanted, &rest) == -1)
		return (CTL_MISUSED);
	for (int i = 0; i < wanted; i++)
		pg_param_text(&params, argv[rest + i]);
	c = ctl_open_owner(ctl, options.database);
	if (c != NULL)
		result = ctl_sentence(c, statement, &params);
	pg_client_close(c);
	pg_params_clear(&params);
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
