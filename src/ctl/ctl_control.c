/*
 * Questions to the control socket of a running glasd, each with one answer.
 * Owns a connection while it asks. Who cannot ask is told why.
 */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/config.h"

#define CTL_ANSWER_MAX	(1u << 20)
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
		ctl_say(stderr, "glasd does not answer at %s: %s: systemctl "
		    "status glas says whether it runs; its user and root may "
		    "open the socket",
		    config->gateway.control, buf_str(&why));
	buf_clear(&why);
	config_free(config);
	return (answer);
}
