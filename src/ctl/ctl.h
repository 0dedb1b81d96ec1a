/*
 * The commands of glasctl: one table in glasctl.c, one file a subject.
 */
#ifndef GLAS_CTL_H
#define GLAS_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "lib/seal.h"

struct buf;
struct config;
struct content;
struct pg_client;
struct pg_params;

/* How a command ends. glasctl status and doctor give the last two their own
 * meaning. */
#define CTL_DONE	0
#define CTL_FAILED	1	/* the reason is on standard error */
#define CTL_MISUSED	2	/* so is what was wrong with the command line */
#define CTL_DEGRADED	1
#define CTL_DOWN	2

struct ctl {
	const char	*config_file;
	const char	*usage;		/* of the command that runs */
};

/* Options that commands share; NULL = not given. */
struct ctl_options {
	const char	*database;	/* --database CONNINFO */
	const char	*sql_dir;	/* --sql DIR */
	const char	*content_dir;	/* --content DIR */
	const char	*number;	/* --number NUMBER, of a card */
	const char	*offline_key;	/* --offline-key FILE */
	bool		 unmasked;	/* --unmasked: the numbers of people */
	bool		 finish;	/* --finish: remove the old keys */
};

/* Commands: argv[0] is the last word of the command's name. */
int	 ctl_init(const struct ctl *, int argc, char **argv);
int	 ctl_migrate(const struct ctl *, int argc, char **argv);
int	 ctl_train(const struct ctl *, int argc, char **argv);
int	 ctl_content_import(const struct ctl *, int argc, char **argv);
int	 ctl_content_export(const struct ctl *, int argc, char **argv);
int	 ctl_key_export(const struct ctl *, int argc, char **argv);
int	 ctl_key_import(const struct ctl *, int argc, char **argv);
int	 ctl_key_recall(const struct ctl *, int argc, char **argv);
int	 ctl_key_rotate(const struct ctl *, int argc, char **argv);
int	 ctl_reveal(const struct ctl *, int argc, char **argv);
int	 ctl_admin_add(const struct ctl *, int argc, char **argv);
int	 ctl_admin_remove(const struct ctl *, int argc, char **argv);
int	 ctl_status(const struct ctl *, int argc, char **argv);
int	 ctl_doctor(const struct ctl *, int argc, char **argv);
int	 ctl_metrics(const struct ctl *, int argc, char **argv);
int	 ctl_pause(const struct ctl *, int argc, char **argv);
int	 ctl_ussd(const struct ctl *, int argc, char **argv);
int	 ctl_resume(const struct ctl *, int argc, char **argv);
int	 ctl_resume_outbox(const struct ctl *, int argc, char **argv);
int	 ctl_quarantine_list(const struct ctl *, int argc, char **argv);
int	 ctl_quarantine_show(const struct ctl *, int argc, char **argv);
int	 ctl_quarantine_release(const struct ctl *, int argc, char **argv);
int	 ctl_quarantine_dismiss(const struct ctl *, int argc, char **argv);
int	 ctl_interpret(const struct ctl *, int argc, char **argv);
int	 ctl_content_cards(const struct ctl *, int argc, char **argv);
int	 ctl_content_check(const struct ctl *, int argc, char **argv);

/* What commands are made of. */

/* Says how the command that runs is used; returns CTL_MISUSED. */
int	 ctl_misused(const struct ctl *);
/* Reads the shared options; *rest is the index of the first argument that is
 * none. -1 with a usage line when there is an unknown one, or when the number
 * of other arguments is not `wanted`. */
int	 ctl_options_read(const struct ctl *, int argc, char **argv,
	    struct ctl_options *, int wanted, int *rest)
	    __attribute__((warn_unused_result));
/* The id that a word is. -1 with a line on standard error that it is no such
 * thing, and where they are found: "request: ...". */
int	 ctl_id_read(const char *word, const char *what, int64_t *id)
	    __attribute__((warn_unused_result));
/* NULL when it cannot be used; the findings are on standard error. */
struct config	*ctl_config(const struct ctl *);
/* NULL when there is no connection; the reason is on standard error. */
struct pg_client *ctl_open(const char *conninfo);
/* The same with NULL: the one of the configuration. */
struct pg_client *ctl_open_database(const struct ctl *, const char *conninfo);
/* The same, and whoever may not change the schema is told who may. */
struct pg_client *ctl_open_owner(const struct ctl *, const char *conninfo);
/* As the gateway. */
struct pg_client *ctl_open_gateway(const struct config *);
/* Runs a statement that answers with a sentence, and prints that; how the
 * command ends. */
int	 ctl_sentence(struct pg_client *, const char *statement,
	    const struct pg_params *) __attribute__((warn_unused_result));
/* The key set of a directory, the caller's to seal_keys_free(); NULL with the
 * reason on standard error. */
struct seal_keys *ctl_keys_load(const char *dir)
	    __attribute__((warn_unused_result));
/* Writes a file that was not there, for its owner alone; -1 with the reason on
 * standard error. */
int	 ctl_key_write(const char *path, const struct buf *text)
	    __attribute__((warn_unused_result));
void	 ctl_key_wipe(struct buf *text);
/* A command whose one word is a file, and its work, which says 0 or -1 with the
 * reason on standard error; `dir` is that of the keys. */
int	 ctl_key_with(const struct ctl *, int argc, char **argv,
	    int (*work)(const char *dir, const char *file));
/* The private half of a recall key; -1 with the reason on standard error. */
int	 ctl_recall_read(const char *file,
	    uint8_t private[SEAL_RECALL_KEY_LEN])
	    __attribute__((warn_unused_result));
/* Who types this; of somebody who became root by sudo, their own name. The
 * caller frees. */
char	*ctl_user(void);
/* Prints a line or several, in which nothing steers the terminal; the newline
 * at the end is added where it is not there. */
void	 ctl_say(FILE *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
/* Prints words on as many lines as they need, none as wide as a terminal:
 * behind the margin on the first, indented on the others; a word that is longer
 * than a line stays whole. */
void	 ctl_say_hanging(FILE *, const char *margin, size_t indent,
	    const char *words);
/* The same on standard output, all words below each other. */
void	 ctl_say_wrapped(const char *margin, const char *words);
/* How wide so many octets are shown: those that continue a character of UTF-8
 * take no column. */
size_t	 ctl_columns(const char *, size_t len);
#define CTL_COLUMNS	80	/* of a terminal */

/* Undoes \n, \t and \\ of a line, and makes it valid UTF-8; `text` then holds
 * it with a NUL behind. */
void	 ctl_unescape(const char *line, size_t len, struct buf *text);
/* The installed pack, or, when the program runs in a build tree, the one that
 * stands there: its name is then in `beside`. */
const char	*ctl_content_dir(char *beside, size_t size);
/* Compiled; NULL when it cannot be used, with the reason on standard error.
 * Without a directory the installed pack, or that of the build tree; without
 * conninfo the database of the configuration. */
struct content	*ctl_content_of_dir(const char *dir)
	    __attribute__((warn_unused_result));
struct content	*ctl_content_of_database(const struct ctl *,
	    const char *conninfo) __attribute__((warn_unused_result));
/* The pack of a directory, NULL when something is wrong with it; what, and how
 * many warnings there are, is on standard error. */
json_t	*ctl_content_sound(const char *dir)
	    __attribute__((warn_unused_result));

/* Asks the running glasd; the request is consumed. NULL when it cannot be asked;
 * the reason is on standard error. */
json_t	*ctl_control_ask(const struct ctl *, json_t *request)
	    __attribute__((warn_unused_result));

/* Steps of glasctl init that other commands have too: 0, or -1 with the
 * reason on standard error. */
int	 ctl_migrate_run(struct pg_client *, const char *sql_dir)
	    __attribute__((warn_unused_result));
int	 ctl_content_import_run(struct pg_client *, const char *dir)
	    __attribute__((warn_unused_result));

#endif
