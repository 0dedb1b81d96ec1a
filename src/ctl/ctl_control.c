/*
 * glasctl status, pause, resume and ussd: questions to the control socket of a
 * running glasd, each with one answer. A daemon that does not answer is down.
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

#define CTL_DEGRADED	1
#define CTL_DOWN	2

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

/* NULL when the daemon cannot be asked; the reason is on standard error. */
static json_t *
ctl_control_ask(const struct ctl *ctl, json_t *request)
{
	struct config *config = ctl_config(ctl);
	json_t *answer = NULL;
	char *text = json_dumps(request, JSON_COMPACT);
	char *line = xasprintf("%s\n", text != NULL ? text : "{}");
	int fd = -1;

	if (config != NULL)
		fd = ctl_control_connect(config->gateway.control);
	if (config != NULL && fd == -1)
		ctl_say(stderr, "glasd does not answer at %s: %s: is it "
		    "running? may you open the socket?",
		    config->gateway.control, strerror(errno));
	if (fd != -1) {
		answer = ctl_control_talk(fd, line);
		if (answer == NULL)
			ctl_say(stderr, "glasd gave no answer within %d s",
			    CTL_ANSWER_S);
		close(fd);
	}
	free(text);
	free(line);
	json_decref(request);
	config_free(config);
	return (answer);
}

static const char *
ctl_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return (s != NULL ? s : "");
}

static long long
ctl_number(const json_t *object, const char *key)
{
	return ((long long)json_integer_value(json_object_get(object, key)));
}

static void
ctl_status_link(const json_t *link)
{
	char signal[32] = "-", sim[32] = "-";

	if (json_is_integer(json_object_get(link, "signal_dbm")))
		snprintf(signal, sizeof signal, "%lld dBm",
		    ctl_number(link, "signal_dbm"));
	if (json_is_integer(json_object_get(link, "sim_size")))
		snprintf(sim, sizeof sim, "SIM %lld/%lld",
		    ctl_number(link, "sim_used"),
		    ctl_number(link, "sim_size"));
	ctl_say(stdout, "  %-12s %-6s %-10s %-9s %-10s %s %s %s",
	    ctl_text(link, "name"), ctl_text(link, "kind"),
	    ctl_text(link, "state"), signal, sim, ctl_text(link, "operator"),
	    ctl_text(link, "balance"), ctl_text(link, "detail"));
}

static void
ctl_status_alert(const json_t *alert)
{
	const char *link = ctl_text(alert, "link");

	ctl_say(stdout, "! %s%s%s: %s", ctl_text(alert, "name"),
	    link[0] != '\0' ? " " : "", link, ctl_text(alert, "text"));
	ctl_say(stdout, "    %s", ctl_text(alert, "remedy"));
}

static void
ctl_status_show(const json_t *status)
{
	const json_t *spool = json_object_get(status, "spool");
	const json_t *outbox = json_object_get(status, "outbox");
	json_t *entry;
	size_t n;

	ctl_say(stdout, "gateway %s: %s, since %s",
	    ctl_text(status, "gateway"), ctl_text(status, "state"),
	    ctl_text(status, "started_at"));
	ctl_say(stdout, "database %s", ctl_text(status, "database"));
	ctl_say(stdout, "spool %lld octets not stored, %lld texts in hand, "
	    "%lld answered meanwhile", ctl_number(spool, "octets"),
	    ctl_number(spool, "texts"),
	    ctl_number(spool, "answered_meanwhile"));
	ctl_say(stdout, "outbox %lld waiting, %lld segments in flight, "
	    "%lld segments today", ctl_number(outbox, "waiting"),
	    ctl_number(outbox, "inflight"),
	    ctl_number(outbox, "segments_today"));
	ctl_say(stdout, "links");
	json_array_foreach(json_object_get(status, "links"), n, entry)
		ctl_status_link(entry);
	json_array_foreach(json_object_get(status, "alerts"), n, entry)
		ctl_status_alert(entry);
}

static int
ctl_status_code(const json_t *status)
{
	const char *state = ctl_text(status, "state");

	if (strcmp(state, "well") == 0)
		return (CTL_DONE);
	return (strcmp(state, "degraded") == 0 ? CTL_DEGRADED : CTL_DOWN);
}

int
ctl_status(const struct ctl *ctl, int argc, char **argv)
{
	bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;
	json_t *status;
	int code;

	if (argc > 2 || (argc == 2 && !as_json)) {
		ctl_say(stderr, "usage: %s", ctl->usage);
		return (CTL_MISUSED);
	}
	status = ctl_control_ask(ctl, json_pack("{s:s}", "do", "status"));
	if (status == NULL)
		return (CTL_DOWN);
	if (as_json) {
		json_dumpf(status, stdout, JSON_ENSURE_ASCII | JSON_INDENT(2));
		putchar('\n');
	} else {
		ctl_status_show(status);
	}
	code = ctl_status_code(status);
	json_decref(status);
	return (code);
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
	ctl_say(stderr, "usage: %s", ctl->usage);
	return (CTL_MISUSED);
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

int
ctl_ussd(const struct ctl *ctl, int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 500000000 };
	const json_t *text = NULL;
	json_t *answer;
	bool failed;

	if (argc != 3) {
		ctl_say(stderr, "usage: %s", ctl->usage);
		return (CTL_MISUSED);
	}
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
	if (!failed && (text == NULL || json_string_length(text) == 0)) {
		ctl_say(stderr, "%s: the network did not answer", argv[1]);
		failed = true;
	} else if (!failed) {
		ctl_say(stdout, "%s", json_string_value(text));
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
	ctl_say(stderr, "usage: %s", ctl->usage);
	return (CTL_MISUSED);
}
