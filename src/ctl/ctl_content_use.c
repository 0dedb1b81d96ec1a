/*
 * The content that a command works with: that of a directory, the installed
 * one, or the one of the database. Owns nothing when it returns.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/content.h"
#include "store/pack.h"
#include "store/pg.h"
#include "text/content.h"

const char *
ctl_content_dir(char *beside, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", beside, size - 1);
	char *slash;

	beside[len > 0 ? len : 0] = '\0';
	slash = strrchr(beside, '/');
	if (slash != NULL &&
	    (size_t)(slash - beside) + sizeof "/etc/content" <= size) {
		strcpy(slash, "/etc/content");
		if (access(beside, R_OK | X_OK) == 0)
			return (beside);
	}
	return (GLAS_CONTENT_DIR);
}

/* Takes the pack, which may be NULL; shows the problems. */
static struct content *
ctl_content_made(json_t *pack, struct buf *problems)
{
	struct content *content = content_new(pack, problems);

	if (problems->len > 0)
		ctl_say(stderr, "%s", buf_str(problems));
	buf_clear(problems);
	return (content);
}

struct content *
ctl_content_of_dir(const char *dir)
{
	struct buf problems = { 0 };
	char beside[4096];

	if (dir == NULL)
		dir = ctl_content_dir(beside, sizeof beside);
	return (ctl_content_made(pack_read(dir, &problems), &problems));
}

struct content *
ctl_content_of_database(const struct ctl *ctl, const char *conninfo)
{
	struct content *content = NULL;
	struct buf problems = { 0 };
	struct pg_client *c = ctl_open_database(ctl, conninfo);

	if (c != NULL)
		content = ctl_content_made(content_fetch(c, &problems),
		    &problems);
	pg_client_close(c);
	return (content);
}
