/*
 * The programs behind links. Runs in glasd, called by link.c to start one and
 * by glasd -t to see whether that could be done. Owns nothing between calls.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glasd/link_pin.h"
#include "glasd/link_program.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"

#define PROGRAM_WORDS_MAX	32	/* of a command, with the NULL */
#define PROGRAM_FILES		64	/* descriptors that it may have */
#define PROGRAM_WEB_FILES	4096	/* one a connection */
#define PROGRAM_GROUPS		64

static void
program_argv(const struct config_link *link, char **argv)
{
	char *command = link->command != NULL ? xstrdup(link->command) :
	    xasprintf("%s/glas-%s", GLAS_LIBEXEC_DIR,
	    link_kind_name(link->kind));
	size_t n = 0;

	for (char *word = strtok(command, " \t");
	    word != NULL && n < PROGRAM_WORDS_MAX - 1;
	    word = strtok(NULL, " \t"))
		argv[n++] = xstrdup(word);
	argv[n] = NULL;
	free(command);
}

static void
program_argv_free(char **argv)
{
	while (*argv != NULL)
		free(*argv++);
}

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

int
link_program_start(const struct config *config, const struct config_link *link,
    struct proc *proc)
{
	struct proc_settings settings = { .files = link->kind == LINK_WEB ?
	    PROGRAM_WEB_FILES : PROGRAM_FILES };
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

bool
link_program_check(const struct config *config, const struct config_link *link,
    struct buf *problems)
{
	const char *kind = link_kind_name(link->kind);
	char *argv[PROGRAM_WORDS_MAX], pin[LINK_PIN_SIZE];
	bool well = true;

	program_argv(link, argv);
	if (argv[0] == NULL || access(argv[0], X_OK) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s cannot be run: %s: "
		    "install it, or correct the command\n", config->file, kind,
		    link->name, argv[0] != NULL ? argv[0] : "its program",
		    argv[0] != NULL ? strerror(errno) : "none is named");
		well = false;
	}
	program_argv_free(argv);
	if (link->pin_file != NULL &&
	    link_pin_read(link->pin_file, pin) == -1) {
		buf_printf(problems, "%s: [%s %s]: %s: %s\n", config->file,
		    kind, link->name, link->pin_file, errno == EINVAL ?
		    "no PIN stands there: write its 4 to 8 digits, alone" :
		    strerror(errno));
		well = false;
	}
	explicit_bzero(pin, sizeof pin);
	return (well);
}
