/*
 * glasd -t: what a start would find. Runs in glasd alone, before anything is
 * opened for work; owns nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glasd/check.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/check.h"
#include "store/config.h"
#include "store/control_ask.h"

static bool
check_links(const struct config *config, struct buf *problems,
    struct buf *warnings)
{
	bool well = check_link_user(config, problems);

	for (size_t n = 0; n < config->link_count; n++)
		well = check_link(config, &config->links[n], problems,
		    warnings) && well;
	return (well);
}

/* Of what runs with this name it is the socket: it may be looked at. That there
 * is another is a warning: it may be this one, before it gets its new name. */
static void
check_control_alone(const struct config *config, struct buf *warnings)
{
	struct buf why = { 0 };
	json_t *status = control_ask(config, json_pack("{s:s}", "do",
	    "status"), &why);

	(void)check_control_other(config, status, warnings);
	json_decref(status);
	buf_clear(&why);
}

/* A service manager makes it when it starts this, and takes it away again. */
static void
check_control_place(const struct config *config, struct buf *warnings)
{
	char *dir = xstrdup(config->gateway.control);

	*strrchr(dir, '/') = '\0';
	if (access(dir[0] != '\0' ? dir : "/", W_OK | X_OK) == -1)
		buf_printf(warnings, "%s: no control socket can be made there "
		    "now: %s: systemctl start glas makes %s; else make it, for "
		    "the user of glasd\n", config->gateway.control,
		    strerror(errno), dir);
	free(dir);
}

/* What libpq says may go on behind a tab. */
static void
check_say_warnings(struct buf *warnings)
{
	char *rest = buf_str(warnings), *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line != '\0')
			fprintf(stderr, "%s%s\n", *line == '\t' ? "" :
			    "warning: ", line);
	}
}

bool
check_run(const struct config *config)
{
	struct buf problems = { 0 }, warnings = { 0 };
	struct seal_keys *keys = check_keys(config, &problems);
	bool well = keys != NULL;

	well = well && check_recall(config, &problems);
	well = check_content(config, &problems) && well;
	well = check_spool(config, &problems, &warnings) && well;
	well = check_links(config, &problems, &warnings) && well;
	well = check_control(config, &problems) && well;
	check_control_place(config, &warnings);
	check_control_alone(config, &warnings);
	well = check_database(config, keys, &problems, &warnings) &&
	    well;
	if (well && warnings.len + problems.len == 0)
		printf("configuration, keys, content, spool, links and "
		    "database are well\n");
	else if (well)
		printf("nothing keeps it from starting\n");
	fprintf(stderr, "%s", buf_str(&problems));
	check_say_warnings(&warnings);
	seal_keys_free(keys);
	buf_clear(&problems);
	buf_clear(&warnings);
	return (well);
}
