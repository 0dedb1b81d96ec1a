/*
 * glasctl pause, resume and ussd: what a running glasd is to do with a link, or
 * with its outbox. Owns nothing.
 */
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "store/config.h"

#define CTL_USSD_S	90	/* a network may take its time */

static int
ctl_link_do(const struct ctl *ctl, const char *command, const char *to)
{
	json_t *answer = ctl_control_ask(ctl, json_pack("{s:s, s:s}", "do",
	    command, "link", to));
	const char *error;

	if (answer == NULL)
		return (CTL_FAILED);
	error = json_string_value(json_object_get(answer, "error"));
	if (error != NULL)
		ctl_say(stderr, "%s: %s", to, error);
	json_decref(answer);
	return (error != NULL ? CTL_FAILED : CTL_DONE);
}

static int
ctl_link_with(const struct ctl *ctl, int argc, char **argv,
    const char *command)
{
	if (argc == 2)
		return (ctl_link_do(ctl, command, argv[1]));
	return (ctl_misused(ctl));
}

int
ctl_pause(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_link_with(ctl, argc, argv, "pause"));
}

int
ctl_resume(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_link_with(ctl, argc, argv, "resume"));
}

int
ctl_resume_outbox(const struct ctl *ctl, int argc, char **argv)
{
	(void)argv;
	if (argc == 1)
		return (ctl_link_do(ctl, "resume", CONFIG_OUTBOX));
	return (ctl_misused(ctl));
}

/* The answer of the link, NULL while there is none; *failed when there will be
 * none. */
static json_t *
ctl_ussd_ask(const struct ctl *ctl, const char *command, const char *link,
    const char *code, bool *failed)
{
	json_t *answer = ctl_control_ask(ctl, json_pack("{s:s, s:s, s:s}",
	    "do", command, "link", link, "code", code));
	const char *error = json_string_value(json_object_get(answer,
	    "error"));

	*failed = answer == NULL || error != NULL;
	if (error != NULL)
		ctl_say(stderr, "%s: %s", link, error);
	return (answer);
}

/* True when there is something to read. */
static bool
ctl_ussd_say(const char *link, const char *text, const char *outcome)
{
	if (*text == '\0') {
		ctl_say(stderr, "%s: the network did not answer: %s", link,
		    outcome);
		return (false);
	}
	ctl_say(stdout, "%s", text);
	if (strcmp(outcome, "menu") == 0)
		ctl_say(stderr, "%s: this is a menu; it was closed, since it "
		    "waits for a choice", link);
	return (true);
}

int
ctl_ussd(const struct ctl *ctl, int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 500000000 };
	const json_t *text = NULL;
	json_t *answer;
	bool failed;

	if (argc != 3)
		return (ctl_misused(ctl));
	answer = ctl_ussd_ask(ctl, "ussd", argv[1], argv[2], &failed);
	for (int n = 0; n < 2 * CTL_USSD_S && !failed && text == NULL; n++) {
		nanosleep(&pause, NULL);
		json_decref(answer);
		answer = ctl_ussd_ask(ctl, "ussd-answer", argv[1], argv[2],
		    &failed);
		text = json_object_get(answer, "text");
		if (!json_is_string(text))
			text = NULL;
	}
	if (!failed) {
		const char *outcome = json_string_value(
		    json_object_get(answer, "outcome"));

		failed = !ctl_ussd_say(argv[1],
		    text != NULL ? json_string_value(text) : "",
		    outcome != NULL ? outcome : "glasd waits no longer");
	}
	json_decref(answer);
	return (failed ? CTL_FAILED : CTL_DONE);
}
