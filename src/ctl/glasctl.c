/*
 * glasctl: what an operator types. Owns the table of commands. One that fails
 * says on standard error what to do about it.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/log.h"
#include "lib/mem.h"

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
	    ctl_content_check },
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

/* Of a word that several begin with, these; else where all are. */
static void
glasctl_unknown(int argc, char **argv)
{
	size_t len = strlen(argv[0]);
	struct buf are = { 0 };

	for (size_t i = 0; i < GLASCTL_COMMANDS; i++) {
		const char *name = glasctl_commands[i].name;

		if (strncmp(name, argv[0], len) == 0 && name[len] == ' ')
			buf_printf(&are, "%s %s", are.len > 0 ? "," :
			    "; there are", name);
	}
	if (are.len == 0)
		buf_add_str(&are, "; glasctl --help lists them");
	ctl_say(stderr, "glasctl: there is no command \"%s%s%s\"%s", argv[0],
	    argc > 1 ? " " : "", argc > 1 ? argv[1] : "", buf_str(&are));
	buf_clear(&are);
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
		usage = xasprintf("glasctl [-c FILE] %s%s%s", cmd->name,
		    cmd->args[0] != '\0' ? " " : "", cmd->args);
		ctl->usage = usage;
		result = cmd->run(ctl, argc - words + 1, argv + words - 1);
		free(usage);
		return (result);
	}
	if (argc > 0)
		glasctl_unknown(argc, argv);
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
