/*
 * glasctl content import and export: a directory to the database and back.
 * Owns one connection while it runs. A pack in which something is wrong is
 * refused before anything changes.
 */
#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/content.h"
#include "store/pack.h"
#include "store/pg.h"

int
ctl_content_import_run(struct pg_client *c, const char *dir)
{
	struct buf changes = { 0 }, problem = { 0 };
	json_t *pack = ctl_content_sound(dir);
	int result = -1;

	if (pack == NULL) {
		ctl_say(stderr, "glasctl: %s: not imported; correct it first",
		    dir);
		return (-1);
	}
	if (content_import(c, pack, &changes, &problem) == 0) {
		ctl_say(stdout, "The content of %s was imported:\n%s", dir,
		    buf_str(&changes));
		result = 0;
	} else {
		ctl_say(stderr, "glasctl: %s", buf_str(&problem));
	}
	json_decref(pack);
	buf_clear(&changes);
	buf_clear(&problem);
	return (result);
}

static int
ctl_content_export_run(struct pg_client *c, const char *dir)
{
	struct buf problem = { 0 };
	json_t *pack = content_fetch(c, &problem);
	int result = -1;

	if (pack != NULL)
		result = pack_write(dir, pack, &problem);
	if (result == 0)
		ctl_say(stdout, "The content was written to %s.", dir);
	else
		ctl_say(stderr, "glasctl: %s", buf_str(&problem));
	json_decref(pack);
	buf_clear(&problem);
	return (result);
}

/* Both commands: options, connection, then the work. */
static int
ctl_content_with(const struct ctl *ctl, int argc, char **argv,
    struct pg_client *(*reach)(const struct ctl *, const char *conninfo),
    int (*work)(struct pg_client *, const char *dir))
{
	struct ctl_options options;
	struct pg_client *c;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1)
		return (CTL_MISUSED);
	c = reach(ctl, options.database);
	if (c != NULL && work(c, argv[rest]) == 0)
		result = CTL_DONE;
	pg_client_close(c);
	return (result);
}

int
ctl_content_import(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_content_with(ctl, argc, argv, ctl_open_owner,
	    ctl_content_import_run));
}

int
ctl_content_export(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_content_with(ctl, argc, argv, ctl_open_database,
	    ctl_content_export_run));
}
