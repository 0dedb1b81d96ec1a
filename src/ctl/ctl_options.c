/*
 * What a command is given: its options, its configuration, and who types it.
 * Owns nothing. What is wrong with it is said on standard error.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/config.h"

int
ctl_misused(const struct ctl *ctl)
{
	ctl_say(stderr, "usage: %s", ctl->usage);
	return (CTL_MISUSED);
}

/* What its usage does not name would be passed over: who had given it would
 * believe that it was followed. */
static bool
ctl_option_is_used(const struct ctl *ctl, const char *name)
{
	char *word = xasprintf("--%s", name);
	const char *found = strstr(ctl->usage, word);
	bool used = found != NULL && !isalpha((unsigned char)
	    found[strlen(word)]);

	free(word);
	return (used);
}

static void
ctl_option_take(struct ctl_options *options, int option, const char *value)
{
	switch (option) {
	case 'd':
		options->database = value;
		break;
	case 's':
		options->sql_dir = value;
		break;
	case 'C':
		options->content_dir = value;
		break;
	case 'n':
		options->number = value;
		break;
	case 'o':
		options->offline_key = value;
		break;
	case 'u':
		options->unmasked = true;
		break;
	case 'f':
		options->finish = true;
		break;
	}
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
	int ch, which = 0;
	bool bad = false;

	*options = (struct ctl_options){ 0 };
	optind = 0;
	while ((ch = getopt_long(argc, argv, "", longs, &which)) != -1) {
		bad = bad || ch == '?' ||
		    !ctl_option_is_used(ctl, longs[which].name);
		ctl_option_take(options, ch, optarg);
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
