/*
 * glasctl doctor: the addresses on which glas-web is to listen. Each that the
 * gateway does not use now is bound for a moment, and nobody is let in. Owns a
 * socket while it looks.
 */
#include <sys/socket.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "ctl/doctor.h"
#include "lib/mem.h"
#include "show/status.h"
#include "store/config.h"
#include "store/control_ask.h"

/* Its program says so when it could not listen. */
static bool
listen_is_held(const json_t *status, const char *name)
{
	json_t *link;
	size_t n;

	json_array_foreach(json_object_get(status, "links"), n, link) {
		if (strcmp(show_text(link, "name"), name) == 0)
			return (strcmp(show_text(link, "state"), "ready") ==
			    0 || strcmp(show_text(link, "state"),
			    "searching") == 0);
	}
	return (false);
}

/* 0, or why not. As glas-web does it, which takes over what a program that has
 * ended leaves for a minute. */
static int
listen_bind(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	int error = 0;

	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof on) == -1 || bind(fd, to->ai_addr, to->ai_addrlen) == -1)
		error = errno;
	if (fd != -1)
		close(fd);
	return (error);
}

static int
listen_try(const char *address)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	char *copy = xstrdup(address), *colon = strrchr(copy, ':');
	char *host = copy[0] == '[' ? copy + 1 : copy;
	struct addrinfo *to = NULL;
	int error = EADDRNOTAVAIL;

	*colon = '\0';
	host[strcspn(host, "]")] = '\0';
	if (getaddrinfo(host, colon + 1, &hints, &to) == 0) {
		error = listen_bind(to);
		freeaddrinfo(to);
	}
	free(copy);
	return (error);
}

static void
listen_say(struct doctor *d, const struct config_link *link)
{
	const char *address = config_setting(link, "listen");
	const char *kind = link_kind_name(link->kind);
	int error = listen_try(address);

	if (error == EADDRINUSE)
		doctor_say(d, DOCTOR_WRONG, "listen", "[%s %s]: another "
		    "program listens on %s: ss -ltnp says which; end it, or "
		    "give the section another port", kind, link->name,
		    address);
	else if (error != 0)
		doctor_say(d, DOCTOR_WRONG, "listen", "[%s %s]: %s: %s: give "
		    "it an address of this machine, such as 127.0.0.1, and a "
		    "port above 1023", kind, link->name, address,
		    strerror(error));
	else
		doctor_say(d, DOCTOR_OK, "listen", "[%s %s]: %s is free", kind,
		    link->name, address);
}

void
doctor_listen(struct doctor *d)
{
	struct buf why = { 0 };
	json_t *status = control_ask(d->config,
	    json_pack("{s:s}", "do", "status"), &why);

	for (size_t i = 0; i < d->config->link_count; i++) {
		const struct config_link *link = &d->config->links[i];

		if (!config_is_glas_web(link))
			continue;
		if (listen_is_held(status, link->name))
			doctor_say(d, DOCTOR_OK, "listen", "[%s %s]: listens "
			    "on %s", link_kind_name(link->kind), link->name,
			    config_setting(link, "listen"));
		else
			listen_say(d, link);
	}
	json_decref(status);
	buf_clear(&why);
}
