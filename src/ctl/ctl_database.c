/*
 * The connection that a command works with. Owns none: whoever opens it closes
 * it. Why there is none is said on standard error.
 */
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
ctl_open_database(const struct ctl *ctl, const char *conninfo)
{
	struct config *config;
	struct pg_client *c;

	if (conninfo != NULL)
		return (ctl_open(conninfo));
	config = ctl_config(ctl);
	if (config == NULL)
		return (NULL);
	c = ctl_open(config->gateway.database);
	config_free(config);
	return (c);
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
