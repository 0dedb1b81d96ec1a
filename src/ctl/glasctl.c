/*
 * glasctl: what an operator types. Owns the table of commands and what they
 * share. A command that fails says on standard error what to do about it.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

#ifndef GLAS_CONTENT_DIR
#define GLAS_CONTENT_DIR "etc/content"
#endif

static int
glasctl_content_check(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_options options;
	int rest;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1)
		return (CTL_MISUSED);
	return (ctl_content_check(argv[rest]));
}

/* In the order in which an installation meets them. */
static const struct glasctl_command {
	const char	*name;
	const char	*args;
	const char	*help;
	int		(*run)(const struct ctl *, int, char **);
} glasctl_commands[] = {
	{ "init", "[--database CONNINFO] [--sql DIR] [--content DIR]",
	    "create what is missing: keys, roles, schema, content", ctl_init },
	{ "migrate", "[--database CONNINFO] [--sql DIR]",
	    "bring the schema up to date", ctl_migrate },
	{ "interpret", "[--json] [--content DIR | --database [CONNINFO]]",
	    "say how texts on standard input are understood", ctl_interpret },
	{ "train", "[--folds N] [--verbose] [--content DIR] "
	    "[--database CONNINFO] FILE ...",
	    "learn from labelled texts how texts are read, or say how well",
	    ctl_train },
	{ "content check", "DIR", "look for mistakes in a content pack",
	    glasctl_content_check },
	{ "content import", "[--database CONNINFO] DIR",
	    "replace the content in the database by a pack",
	    ctl_content_import },
	{ "content export", "[--database CONNINFO] DIR",
	    "write the content of the database as a pack",
	    ctl_content_export },
	{ "content cards", "[--content DIR] [--number NUMBER] OUT.html",
	    "write pages to print: what people can text", ctl_content_cards },
	{ "key export", "FILE", "copy the key set for another office",
	    ctl_key_export },
	{ "key import", "FILE", "take over the key set of another office",
	    ctl_key_import },
	{ "key recall", "FILE", "make a key pair whose private half, FILE, is "
	    "kept offline", ctl_key_recall },
	{ "key rotate", "[--finish]", "replace the keys while the gateway runs; "
	    "then remove the old ones", ctl_key_rotate },
	{ "reveal", "[--offline-key FILE] [--database CONNINFO] REQUEST",
	    "show the number of a person once, as two people have agreed",
	    ctl_reveal },
	{ "admin add", "[--database CONNINFO] NAME ORGANISATION KIND",
	    "let somebody work with Glas: caseworker, coordinator, press, "
	    "operator, auditor", ctl_admin_add },
	{ "admin remove", "[--database CONNINFO] NAME",
	    "let somebody work with Glas no more", ctl_admin_remove },
	{ "status", "[--json]",
	    "say how the running gateway is; exit 0 well, 1 degraded, 2 down",
	    ctl_status },
	{ "doctor", "", "look at all that a gateway needs, and say what to do; "
	    "exit 0 well, 1 warnings, 2 wrong", ctl_doctor },
	{ "metrics", "", "print how it is, and what it has counted, for "
	    "Prometheus", ctl_metrics },
	{ "pause", "LINK", "send nothing by a link for now", ctl_pause },
	{ "resume outbox", "", "send what is held since the database went "
	    "backwards", ctl_resume_outbox },
	{ "resume", "LINK | outbox", "send by it again", ctl_resume },
	{ "quarantine list", "[--database CONNINFO]",
	    "say what could not be stored, and waits for a person",
	    ctl_quarantine_list },
	{ "quarantine show", "[--unmasked] [--database CONNINFO] ID",
	    "open one of it, which is written down", ctl_quarantine_show },
	{ "quarantine release", "[--database CONNINFO] ID",
	    "give it to the gateway once more", ctl_quarantine_release },
	{ "quarantine dismiss", "[--database CONNINFO] ID REASON",
	    "say that nobody needs it", ctl_quarantine_dismiss },
	{ "ussd", "LINK CODE", "dial a code such as *100# and say the answer",
	    ctl_ussd },
};

#define GLASCTL_COMMANDS \
	(sizeof glasctl_commands / sizeof glasctl_commands[0])

static void
glasctl_usage(FILE *out)
{
	fprintf(out, "usage: glasctl [-c FILE] COMMAND ...\n\n");
	for (size_t i = 0; i < GLASCTL_COMMANDS; i++) {
		const struct glasctl_command *cmd = &glasctl_commands[i];

		fprintf(out, "  %s%s%s\n      %s\n", cmd->name,
		    cmd->args[0] != '\0' ? " " : "", cmd->args, cmd->help);
	}
}

/* How many words of the command line the name of this command takes, 0 when
 * it is another one. */
static int
glasctl_match(const char *name, int argc, char **argv)
{
	const char *space = strchr(name, ' ');
	size_t first = space != NULL ? (size_t)(space - name) : strlen(name);

	if (argc < 1 || strlen(argv[0]) != first ||
	    strncmp(argv[0], name, first) != 0)
		return (0);
	if (space == NULL)
		return (1);
	return (argc > 1 && strcmp(argv[1], space + 1) == 0 ? 2 : 0);
}

int
ctl_misused(const struct ctl *ctl)
{
	ctl_say(stderr, "usage: %s", ctl->usage);
	return (CTL_MISUSED);
}

int
ctl_options_read(const struct ctl *ctl, int argc, char **argv,
    struct ctl_options *options, int wanted, int *rest)
{
	static const struct option longs[] = {
		{ "database", required_argument, NULL, 'd' },
		{ "sql", required_argument, NULL, 's' },
		{ "content", required_argument, NULL, 'C' },
		{ "number", required_argument, NULL, 'n' },
		{ "offline-key", required_argument, NULL, 'o' },
		{ "unmasked", no_argument, NULL, 'u' },
		{ "finish", no_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int ch, bad = 0;

	*options = (struct ctl_options){ 0 };
	optind = 0;
	while ((ch = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (ch) {
		case 'd':
			options->database = optarg;
			break;
		case 's':
			options->sql_dir = optarg;
			break;
		case 'C':
			options->content_dir = optarg;
			break;
		case 'n':
			options->number = optarg;
			break;
		case 'o':
			options->offline_key = optarg;
			break;
		case 'u':
			options->unmasked = true;
			break;
		case 'f':
			options->finish = true;
			break;
		default:
			bad = 1;
		}
	}
	*rest = optind;
	if (!bad && argc - optind == wanted)
		return (0);
	(void)ctl_misused(ctl);
	return (-1);
}

int
ctl_id_read(const char *word, const char *what, int64_t *id)
{
	char *end;

	errno = 0;
	*id = strtoll(word, &end, 10);
	if (isdigit((unsigned char)*word) && *end == '\0' && errno == 0)
		return (0);
	ctl_say(stderr, "glasctl: \"%s\" is no %s", word, what);
	return (-1);
}

struct config *
ctl_config(const struct ctl *ctl)
{
	struct buf problems = { 0 };
	struct config *config = config_load(ctl->config_file, &problems);

	if (problems.len > 0)
		ctl_say(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	return (config);
}

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

char *
ctl_user(void)
{
	const char *sudo = getenv("SUDO_USER");
	struct passwd room, *found = NULL;
	char strings[4096];

	if (getuid() == 0 && sudo != NULL && *sudo != '\0')
		return (xstrdup(sudo));
	if (getpwuid_r(getuid(), &room, strings, sizeof strings, &found) == 0 &&
	    found != NULL)
		return (xstrdup(found->pw_name));
	return (xasprintf("user %lu", (unsigned long)getuid()));
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

static int
glasctl_run(struct ctl *ctl, int argc, char **argv)
{
	for (size_t i = 0; i < GLASCTL_COMMANDS; i++) {
		const struct glasctl_command *cmd = &glasctl_commands[i];
		int words = glasctl_match(cmd->name, argc, argv), result;
		char *usage;

		if (words == 0)
			continue;
		usage = xasprintf("glasctl %s %s", cmd->name, cmd->args);
		ctl->usage = usage;
		result = cmd->run(ctl, argc - words + 1, argv + words - 1);
		free(usage);
		return (result);
	}
	if (argc > 0)
		ctl_say(stderr, "glasctl: there is no command \"%s%s%s\"; "
		    "glasctl --help lists them", argv[0],
		    argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
	else
		glasctl_usage(stderr);
	return (CTL_MISUSED);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct ctl ctl = { .config_file = GLAS_CONF_FILE };
	int ch;

	log_init("glasctl", LOG_LEVEL_WARN);
	while ((ch = getopt_long(argc, argv, "+c:h", longs, NULL)) != -1) {
		switch (ch) {
		case 'c':
			ctl.config_file = optarg;
			break;
		case 'h':
			glasctl_usage(stdout);
			return (CTL_DONE);
		default:
			glasctl_usage(stderr);
			return (CTL_MISUSED);
		}
	}
	return (glasctl_run(&ctl, argc - optind, argv + optind));
}
