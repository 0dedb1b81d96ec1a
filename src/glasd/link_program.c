/*
 * The programs behind links. Runs in glasd, called by link.c to start one. Owns
 * nothing between calls.
 */
#include <sys/stat.h>
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "glasd/link_program.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"
#include "store/program.h"

#define PROGRAM_FILES		64	/* descriptors that it may have */
#define PROGRAM_WEB_FILES	4096	/* one a connection */
#define PROGRAM_GROUPS		64

/* The user of links, with the groups that open its ports. */
static void
program_user(const char *name, struct proc_settings *settings, gid_t *groups)
{
	struct passwd *pw = getpwnam(name);
	int room = PROGRAM_GROUPS;

	if (pw == NULL || getgrouplist(name, pw->pw_gid, groups, &room) == -1)
		return;
	settings->drop = true;
	settings->uid = pw->pw_uid;
	settings->gid = pw->pw_gid;
	settings->groups = groups;
	settings->group_count = (size_t)room;
}

/* By what the disk says of them: this process need not be able to read them. */
char *
link_program_secrets(const struct config_link *link)
{
	static const char *const keys[] = { "secret-file", "send-key-file" };
	struct buf b = { 0 };
	struct stat st;

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const char *file = config_setting(link, keys[i]);

		if (file == NULL || stat(file, &st) == -1)
			buf_printf(&b, "none ");
		else
			buf_printf(&b, "%ju:%ju %jd.%09ld ",
			    (uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
			    (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	}
	return (buf_str(&b));
}

int
link_program_start(const struct config *config, const struct config_link *link,
    struct proc *proc)
{
	struct proc_settings settings = { .files = link->kind == LINK_WEB ||
	    link->kind == LINK_STATUS ? PROGRAM_WEB_FILES : PROGRAM_FILES };
	gid_t groups[PROGRAM_GROUPS];
	char *argv[PROGRAM_WORDS_MAX];
	int rc;

	if (geteuid() == 0 && config->gateway.link_user[0] != '\0')
		program_user(config->gateway.link_user, &settings, groups);
	program_argv(link, argv);
	settings.argv = argv;
	rc = proc_spawn(&settings, proc);
	if (rc == -1)
		log_error("link=%s %s cannot be started: %s", link->name,
		    argv[0], strerror(errno));
	program_argv_free(argv);
	return (rc);
}
