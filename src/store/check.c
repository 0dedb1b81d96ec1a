/*
 * What a start of the gateway would find, found without starting: keys,
 * content and spool. Runs in glasd for glasd -t, and in glasctl doctor; changes
 * nothing, and owns nothing.
 */
#include <sys/stat.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/disk.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/check.h"
#include "store/config.h"
#include "store/pack.h"
#include "text/content.h"

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

/* The first that there is of such a name; the caller frees it, or NULL. */
static char *
check_find(char *pattern)
{
	glob_t found = { 0 };
	char *first = glob(pattern, 0, NULL, &found) == 0 ?
	    xstrdup(found.gl_pathv[0]) : NULL;

	globfree(&found);
	free(pattern);
	return (first);
}

bool
check_log(const struct config *config, struct buf *problems)
{
	const char *keys = config->gateway.key_dir,
	    *name = config->gateway.name;
	char *log = check_find(xasprintf("%s/log.*",
	    config->gateway.spool_dir));
	char *key = check_find(xasprintf("%s/log-%s/*", keys, name));
	char *other = check_find(xasprintf("%s/log-*/*", keys));
	bool well = log == NULL || key != NULL || other == NULL;

	if (!well)
		buf_printf(problems, "%s: there is no key for it in %s/log-%s: "
		    "set `name` back to what it was when that was written, or "
		    "mv -T log-OLDNAME log-%s there\n", log, keys, name, name);
	free(log);
	free(key);
	free(other);
	return (well);
}

static void
check_spool_place(const char *dir, const struct stat *st,
    struct buf *warnings)
{
	if ((st->st_mode & 077) != 0)
		buf_printf(warnings, "%s: others than its owner may enter it: "
		    "chmod 0700 %s\n", dir, dir);
	if (disk_is_memory(dir))
		buf_printf(warnings, "%s: it is in memory, and a reboot takes "
		    "the texts that were acknowledged and are not in the "
		    "database: put spool-dir on a disk\n", dir);
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
	else
		check_spool_place(dir, &st, warnings);
	(void)check_log(config, problems);
	return (problems->len == before);
}
