/*
 * The control socket. Runs in glasd; owns the listener and at most eight
 * clients. A client that sends rubbish, too much, or nothing for ten seconds
 * is hung up on; it can never be more than a nuisance to itself.
 */
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "glasd/control.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/status.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"

#define CONTROL_CLIENTS_MAX	8
#define CONTROL_LINE_MAX	4096
#define CONTROL_IDLE_S		10

struct control_client {
	TAILQ_ENTRY(control_client) entry;
	struct control		*control;
	struct bufferevent	*bev;
	bool			 closing;	/* when all is written */
};

struct control {
	struct gateway		*gateway;
	struct evconnlistener	*listener;
	TAILQ_HEAD(, control_client) clients;
	unsigned int		 count;
};

static void
control_client_free(struct control_client *c)
{
	TAILQ_REMOVE(&c->control->clients, c, entry);
	c->control->count--;
	bufferevent_free(c->bev);
	free(c);
}

/*
 * Commands: each returns the answer.
 */

static json_t *
control_error(const char *why)
{
	return (json_pack("{s:s}", "error", why));
}

static json_t *
control_status(struct gateway *g, const json_t *request)
{
	(void)request;
	return (status_make(g));
}

static json_t *
control_pause_link(struct gateway *g, const json_t *request, bool pause)
{
	const char *name = json_string_value(json_object_get(request,
	    "link"));
	struct link *l = name != NULL ? links_find(g->links, name) : NULL;

	if (l == NULL)
		return (control_error("there is no such link; glasctl status "
		    "lists them"));
	link_pause(l, pause);
	return (json_pack("{s:b}", "done", 1));
}

static json_t *
control_pause(struct gateway *g, const json_t *request)
{
	return (control_pause_link(g, request, true));
}

static json_t *
control_resume(struct gateway *g, const json_t *request)
{
	return (control_pause_link(g, request, false));
}

static const struct {
	const char	*name;
	json_t		*(*run)(struct gateway *, const json_t *);
} control_commands[] = {
	{ "status", control_status },
	{ "pause", control_pause },
	{ "resume", control_resume },
};

static json_t *
control_run(struct gateway *g, const json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "do"));
	size_t n = sizeof control_commands / sizeof control_commands[0];

	for (size_t i = 0; name != NULL && i < n; i++) {
		if (strcmp(control_commands[i].name, name) == 0)
			return (control_commands[i].run(g, request));
	}
	return (control_error("unknown command"));
}

static void
control_answer(struct control_client *c, json_t *answer)
{
	struct buf line = { 0 };
	char *text = json_dumps(answer, JSON_COMPACT);

	/* The state of many links may be longer than a line of the link
	 * protocol: this is no line of it. */
	if (text != NULL) {
		buf_add_str(&line, text);
		buf_add(&line, "\n", 1);
		bufferevent_write(c->bev, line.data, line.len);
	}
	free(text);
	buf_clear(&line);
	json_decref(answer);
}

static void
control_read(struct bufferevent *bev, void *arg)
{
	struct control_client *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	enum jsonl_got got = JSONL_OBJECT;
	json_t *request;
	size_t len;
	char *line;

	while (!c->closing && (line = evbuffer_readln(in, &len,
	    EVBUFFER_EOL_LF)) != NULL) {
		got = jsonl_parse(line, len, &request);
		free(line);
		c->closing = got != JSONL_OBJECT;
		control_answer(c, c->closing ?
		    control_error("not a JSON object") :
		    control_run(c->control->gateway, request));
		json_decref(request);
	}
	if (c->closing)
		bufferevent_disable(bev, EV_READ);
	else if (evbuffer_get_length(in) > CONTROL_LINE_MAX)
		control_client_free(c);
}

static void
control_written(struct bufferevent *bev, void *arg)
{
	struct control_client *c = arg;

	(void)bev;
	if (c->closing)
		control_client_free(c);
}

static void
control_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	control_client_free(arg);
}

static void
control_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *sa, int len, void *arg)
{
	struct control *control = arg;
	struct timeval idle = { .tv_sec = CONTROL_IDLE_S };
	struct control_client *c;

	(void)sa;
	(void)len;
	if (control->count == CONTROL_CLIENTS_MAX) {
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof *c);
	c->control = control;
	c->bev = bufferevent_socket_new(evconnlistener_get_base(listener), fd,
	    BEV_OPT_CLOSE_ON_FREE);
	if (c->bev == NULL)
		fatal("out of memory: no control client");
	TAILQ_INSERT_TAIL(&control->clients, c, entry);
	control->count++;
	bufferevent_setcb(c->bev, control_read, control_written,
	    control_event, c);
	bufferevent_set_timeouts(c->bev, &idle, &idle);
	bufferevent_setwatermark(c->bev, EV_READ, 0, CONTROL_LINE_MAX + 1);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

struct control *
control_new(struct gateway *g)
{
	struct control *control = xcalloc(1, sizeof *control);
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const char *path = g->config->gateway.control;
	mode_t mask;

	control->gateway = g;
	TAILQ_INIT(&control->clients);
	if (strlen(path) >= sizeof sun.sun_path)
		fatal("%s: the path of the control socket is too long: use "
		    "one of at most %zu octets", path,
		    sizeof sun.sun_path - 1);
	strcpy(sun.sun_path, path);
	/* The spool is locked: nobody else of this gateway listens here. */
	unlink(path);
	mask = umask(0117);
	control->listener = evconnlistener_new_bind(g->base, control_accept,
	    control, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 8,
	    (struct sockaddr *)&sun, sizeof sun);
	umask(mask);
	if (control->listener == NULL)
		fatal("%s: the control socket cannot be made: %s: make the "
		    "directory, owned by the user of glasd", path,
		    strerror(errno));
	return (control);
}

void
control_free(struct control *control)
{
	struct control_client *c;

	if (control == NULL)
		return;
	while ((c = TAILQ_FIRST(&control->clients)) != NULL)
		control_client_free(c);
	evconnlistener_free(control->listener);
	unlink(control->gateway->config->gateway.control);
	free(control);
}
