/*
 * The commands of glasctl: one table in glasctl.c, one file a subject.
 */
#ifndef GLAS_CTL_H
#define GLAS_CTL_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

struct config;
struct pg_client;

/* How a command ends. glasctl status gives the last two their own meaning:
 * degraded and down. */
#define CTL_DONE	0
#define CTL_FAILED	1	/* the reason is on standard error */
#define CTL_MISUSED	2	/* so is what was wrong with the command line */

struct ctl {
	const char	*config_file;
	const char	*usage;		/* of the command that runs */
};

/* Options that commands share; NULL = not given. */
struct ctl_options {
	const char	*database;	/* --database CONNINFO */
	const char	*sql_dir;	/* --sql DIR */
	const char	*content_dir;	/* --content DIR */
};

/* Commands: argv[0] is the last word of the command's name. */
int	 ctl_init(const struct ctl *, int argc, char **argv);
int	 ctl_migrate(const struct ctl *, int argc, char **argv);
int	 ctl_content_import(const struct ctl *, int argc, char **argv);
int	 ctl_content_export(const struct ctl *, int argc, char **argv);
int	 ctl_key_export(const struct ctl *, int argc, char **argv);
int	 ctl_key_import(const struct ctl *, int argc, char **argv);
int	 ctl_admin_add(const struct ctl *, int argc, char **argv);
int	 ctl_admin_remove(const struct ctl *, int argc, char **argv);
int	 ctl_status(const struct ctl *, int argc, char **argv);
int	 ctl_pause(const struct ctl *, int argc, char **argv);
int	 ctl_resume(const struct ctl *, int argc, char **argv);

/* Needs neither configuration nor database. */
int	 ctl_interpret(int argc, char **argv);
int	 ctl_content_check(const char *dir);
/* Whether the forms of a pack are right; what is not is said on stderr. */
bool	 ctl_content_forms_sound(const char *dir, const json_t *pack);

/* What commands are made of. */

/* Reads the shared options; *rest is the index of the first argument that is
 * none. -1 with a usage line when there is an unknown one, or when the number
 * of other arguments is not `wanted`. */
int	 ctl_options_read(const struct ctl *, int argc, char **argv,
	    struct ctl_options *, int wanted, int *rest)
	    __attribute__((warn_unused_result));
/* NULL when it cannot be used; the findings are on standard error. */
struct config	*ctl_config(const struct ctl *);
/* NULL when there is no connection; the reason is on standard error. */
struct pg_client *ctl_open(const char *conninfo);
/* Prints a line or several, in which nothing steers the terminal; the newline
 * at the end is added where it is not there. */
void	 ctl_say(FILE *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/* Steps of glasctl init that other commands have too: 0, or -1 with the
 * reason on standard error. */
int	 ctl_migrate_run(struct pg_client *, const char *sql_dir)
	    __attribute__((warn_unused_result));
int	 ctl_content_import_run(struct pg_client *, const char *dir)
	    __attribute__((warn_unused_result));

#endif
