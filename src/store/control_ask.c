/*
 * Questions to the control socket of a running glasd, each with one answer.
 * Runs in glasctl, in glasd -t, and in a glasd that starts, which must not take
 * the socket of another. Owns a connection while it asks.
 */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "store/config.h"
#include "store/control_ask.h"

#define CONTROL_ANSWER_MAX	(1u << 20)
#define CONTROL_ANSWER_S	5

_Static_assert(sizeof ((struct sockaddr_un *)NULL)->sun_path ==
    CONTROL_PATH_MAX + 1, "a path of a socket has another length here");

int
control_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = CONTROL_ANSWER_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	if (fd == -1)
		return (-1);
	strncpy(sun.sun_path, path, sizeof sun.sun_path - 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&sun, sizeof sun) == 0)
		return (fd);
	error = errno;
	close(fd);
	errno = error;
	return (-1);
}

static json_t *
control_talk(int fd, const char *request)
{
	struct buf answer = { 0 };
	json_t *object = NULL;
	char chunk[4096];
	ssize_t n;

	if (send(fd, request, strlen(request), MSG_NOSIGNAL) !=
	    (ssize_t)strlen(request))
		return (NULL);
	while ((n = read(fd, chunk, sizeof chunk)) > 0 &&
	    answer.len < CONTROL_ANSWER_MAX) {
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
control_ask(const struct config *config, json_t *request, struct buf *why)
{
	json_t *answer = NULL;
	char *text = json_dumps(request, JSON_COMPACT);
	char *line = xasprintf("%s\n", text != NULL ? text : "{}");
	int fd = control_connect(config->gateway.control);

	if (fd == -1) {
		buf_printf(why, "%s", strerror(errno));
	} else {
		answer = control_talk(fd, line);
		if (answer == NULL)
			buf_printf(why, "no answer within %d s",
			    CONTROL_ANSWER_S);
		close(fd);
	}
	free(text);
	free(line);
	json_decref(request);
	return (answer);
}
