/*
 * glasctl pause, resume and ussd: questions to the control socket of a running
 * glasd, each with one answer. ctl_status.c and ctl_metrics.c ask it, too.
 */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/config.h"

#define CTL_ANSWER_MAX	(1u << 20)
#define CTL_USSD_S	90	/* a network may take its time */
#define CTL_ANSWER_S	5

static int
ctl_control_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = CTL_ANSWER_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return (-1);
	strncpy(sun.sun_path, path, sizeof sun.sun_path - 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&sun, sizeof sun) == 0)
		return (fd);
	close(fd);
	return (-1);
}

static json_t *
ctl_control_talk(int fd, const char *request)
{
	struct buf answer = { 0 };
	json_t *object = NULL;
	char chunk[4096];
	ssize_t n;

	if (write(fd, request, strlen(request)) != (ssize_t)strlen(request))
		return (NULL);
	while ((n = read(fd, chunk, sizeof chunk)) > 0 &&
	    answer.len < CTL_ANSWER_MAX) {
		buf_add(&answer, chunk, (size_t)n);
		if (memchr(chunk, '\n', (size_t)n) != NULL)
			break;
	}
	object = json_loadb((const char *)answer.data, answer.len,
	    JSON_DISABLE_EOF_CHECK, NULL);
	buf_clear(&answer);
	return (object);
}

json_t *
ctl_control_try(const struct config *config, json_t *request, struct buf *why)
{
	json_t *answer = NULL;
	char *text = json_dumps(request, JSON_COMPACT);
	char *line = xasprintf("%s\n", text != NULL ? text : "{}");
	int fd = ctl_control_connect(config->gateway.control);

	if (fd == -1) {
		buf_printf(why, "%s", strerror(errno));
	} else {
		answer = ctl_control_talk(fd, line);
		if (answer == NULL)
			buf_printf(why, "no answer within %d s", CTL_ANSWER_S);
		close(fd);
	}
	free(text);
	free(line);
	json_decref(request);
	return (answer);
}

json_t *
ctl_control_ask(const struct ctl *ctl, json_t *request)
{
	struct config *config = ctl_config(ctl);
	struct buf why = { 0 };
	json_t *answer = NULL;

	if (config == NULL) {
		json_decref(request);
		return (NULL);
	}
	answer = ctl_control_try(config, request, &why);
	if (answer == NULL)
		ctl_say(stderr, "glasd does not answer at %s: %s: is it "
		    "running? may you open the socket?",
		    config->gateway.control, buf_str(&why));
	buf_clear(&why);
	config_free(config);
	return (answer);
}

static int
ctl_control_do(const struct ctl *ctl, const char *command, const char *to)
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
ctl_link_command(const struct ctl *ctl, int argc, char **argv,
    const char *command)
{
	if (argc == 2)
		return (ctl_control_do(ctl, command, argv[1]));
	return (ctl_misused(ctl));
}

int
ctl_pause(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_link_command(ctl, argc, argv, "pause"));
}

int
ctl_resume(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_link_command(ctl, argc, argv, "resume"));
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

int
ctl_resume_outbox(const struct ctl *ctl, int argc, char **argv)
{
	(void)argv;
	if (argc == 1)
		return (ctl_control_do(ctl, "resume", CONFIG_OUTBOX));
	return (ctl_misused(ctl));
}
