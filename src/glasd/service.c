/*
 * What the service manager is told, a datagram each. The socket and the time
 * that the watchdog waits come in the environment.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "glasd/gateway.h"
#include "glasd/service.h"
#include "lib/log.h"
#include "lib/mem.h"

#define SERVICE_FEEDS	3	/* while the watchdog waits */

struct service {
	int		 fd;
	struct event	*timer;	/* NULL: no watchdog */
	bool		 due;
};

static void
service_say(const struct service *s, const char *words)
{
	if (s != NULL && send(s->fd, words, strlen(words),
	    MSG_NOSIGNAL | MSG_DONTWAIT) == -1)
		log_warn("the service manager did not hear %s: %s", words,
		    strerror(errno));
}

/* The path of a socket, or with @ in front a name without a file. -1: none. */
static int
service_connect(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = path != NULL ? strlen(path) : 0;
	int fd;

	if (len == 0 || len >= sizeof to.sun_path ||
	    (*path != '/' && *path != '@'))
		return (-1);
	memcpy(to.sun_path, path, len);
	if (*path == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd != -1 && connect(fd, (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return (fd);
	log_warn("the service manager cannot be told: %s", strerror(errno));
	if (fd != -1)
		close(fd);
	return (-1);
}

static void
service_tick(evutil_socket_t fd, short what, void *arg)
{
	struct service *s = arg;

	(void)fd;
	(void)what;
	s->due = true;
}

/* Microseconds that the watchdog of this very process waits; 0: there is
 * none. */
static long long
service_patience(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (us == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return (0);
	return (strtoll(us, NULL, 10));
}

static void
service_watch(struct service *s, struct gateway *g)
{
	long long us = service_patience() / SERVICE_FEEDS;
	struct timeval every = { .tv_sec = us / 1000000,
		.tv_usec = us % 1000000 };

	if (us <= 0)
		return;
	s->timer = event_new(g->base, -1, EV_PERSIST, service_tick, s);
	if (s->timer == NULL || event_add(s->timer, &every) == -1)
		fatal("out of memory: no timer for the watchdog");
}

struct service *
service_new(struct gateway *g)
{
	int fd = service_connect(getenv("NOTIFY_SOCKET"));
	struct service *s;

	if (fd == -1)
		return (NULL);
	s = xcalloc(1, sizeof *s);
	s->fd = fd;
	service_watch(s, g);
	return (s);
}

void
service_free(struct service *s)
{
	if (s == NULL)
		return;
	if (s->timer != NULL)
		event_free(s->timer);
	close(s->fd);
	free(s);
}

void
service_ready(struct service *s)
{
	service_say(s, "READY=1");
}

void
service_stopping(struct service *s)
{
	service_say(s, "STOPPING=1");
}

void
service_turned(struct service *s)
{
	if (s == NULL || !s->due)
		return;
	s->due = false;
	service_say(s, "WATCHDOG=1");
}
