/*
 * The control socket. Runs in glasd; owns the listener and at most eight
 * clients. Each asks once, is answered, and hung up on: fifteen seconds after it
 * came in any case, at once when it sends too much, and the oldest when a ninth
 * comes. So it can never be more than a nuisance to itself, and what a client
 * makes glasd keep is one line and one answer.
 */
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "glasd/control.h"
#include "glasd/control_request.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/link_ussd.h"
#include "glasd/rewound.h"
#include "glasd/status.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/check.h"
#include "store/config.h"
#include "store/control_ask.h"

#define CONTROL_CLIENTS_MAX	8
#define CONTROL_AGE_S		15

struct control_client {
	TAILQ_ENTRY(control_client) entry;
	struct control		*control;
	struct bufferevent	*bev;
	struct event		*age;		/* hangs up when it goes off */
	bool			 answered;	/* ends when all is written */
};

struct control {
	struct gateway		*gateway;
	struct evconnlistener	*listener;
	struct stat		 made;		/* the socket, where it lies */
	TAILQ_HEAD(, control_client) clients;
	unsigned int		 count;
};

static void
control_client_free(struct control_client *c)
{
	TAILQ_REMOVE(&c->control->clients, c, entry);
	c->control->count--;
	bufferevent_free(c->bev);
	event_free(c->age);
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
control_status(struct gateway *g, const struct control_request *request)
{
	(void)request;
	return (status_make(g));
}

/* Of the other commands, each is for a link. */
static struct link *
control_link(struct gateway *g, const struct control_request *request,
    json_t **error)
{
	struct link *l = links_find(g->links, request->link);

	*error = l != NULL ? NULL : control_error("there is no such link; "
	    "glasctl status lists them");
	return (l);
}

static json_t *
control_pause_link(struct gateway *g, const struct control_request *request,
    bool pause)
{
	json_t *error;
	struct link *l = control_link(g, request, &error);

	if (l == NULL)
		return (error);
	if (!link_carries(l))
		return (control_error("it carries no texts: there is nothing "
		    "to pause"));
	link_pause(l, pause);
	return (json_pack("{s:b}", "done", 1));
}

static json_t *
control_pause(struct gateway *g, const struct control_request *request)
{
	return (control_pause_link(g, request, true));
}

/* The outbox is no link: store/config.c keeps the name for it. */
static json_t *
control_resume(struct gateway *g, const struct control_request *request)
{
	const char *why;

	if (strcmp(request->link, CONFIG_OUTBOX) != 0)
		return (control_pause_link(g, request, false));
	why = rewound_resume(g->rewound);
	return (why != NULL ? control_error(why) :
	    json_pack("{s:b}", "done", 1));
}

static json_t *
control_ussd(struct gateway *g, const struct control_request *request)
{
	json_t *error;
	struct link *l = control_link(g, request, &error);
	const char *why;

	if (l == NULL)
		return (error);
	why = link_ussd_ask(l, request->code);
	return (why != NULL ? control_error(why) :
	    json_pack("{s:b}", "done", 1));
}

/* The network takes its time: who waits asks now and then. */
static json_t *
control_ussd_answer(struct gateway *g, const struct control_request *request)
{
	json_t *error;
	struct link *l = control_link(g, request, &error);

	if (l == NULL)
		return (error);
	return (json_pack("{s:s?, s:s?}", "text", link_ussd_answer(l),
	    "outcome", link_ussd_outcome(l)));
}

static json_t *(*const control_answers[CONTROL_VERBS])(struct gateway *,
    const struct control_request *) = {
	[CONTROL_STATUS] = control_status,
	[CONTROL_PAUSE] = control_pause,
	[CONTROL_RESUME] = control_resume,
	[CONTROL_USSD] = control_ussd,
	[CONTROL_USSD_ANSWER] = control_ussd_answer,
};

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
	struct control_request request;

	switch (control_request_read(&request,
	    (const char *)evbuffer_pullup(in, -1), evbuffer_get_length(in))) {
	case CONTROL_MORE:
		return;
	case CONTROL_ENDLESS:
		control_client_free(c);
		return;
	case CONTROL_REQUEST:
		break;
	}
	c->answered = true;
	bufferevent_disable(bev, EV_READ);
	control_answer(c, request.error != NULL ?
	    control_error(request.error) :
	    control_answers[request.verb](c->control->gateway, &request));
}

static void
control_written(struct bufferevent *bev, void *arg)
{
	struct control_client *c = arg;

	(void)bev;
	if (c->answered)
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
control_aged(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	control_client_free(arg);
}

static void
control_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *sa, int len, void *arg)
{
	struct control *control = arg;
	struct timeval age = { .tv_sec = CONTROL_AGE_S };
	struct control_client *c;

	(void)sa;
	(void)len;
	if (control->count == CONTROL_CLIENTS_MAX)
		control_client_free(TAILQ_FIRST(&control->clients));
	c = xcalloc(1, sizeof *c);
	c->control = control;
	c->bev = bufferevent_socket_new(evconnlistener_get_base(listener), fd,
	    BEV_OPT_CLOSE_ON_FREE);
	c->age = evtimer_new(evconnlistener_get_base(listener), control_aged,
	    c);
	if (c->bev == NULL || c->age == NULL)
		fatal("out of memory: no control client");
	TAILQ_INSERT_TAIL(&control->clients, c, entry);
	control->count++;
	bufferevent_setcb(c->bev, control_read, control_written,
	    control_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, CONTROL_LINE_MAX);
	evtimer_add(c->age, &age);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* What a glasd that was killed has left there is taken away, and nothing else. */
static void
control_clear(const struct config *config)
{
	const char *path = config->gateway.control;
	struct buf problem = { 0 };
	int fd;

	if (!check_control(config, &problem)) {
		problem.len--;	/* the end of the line */
		fatal("%s", buf_str(&problem));
	}
	fd = control_connect(path);
	if (fd != -1 || errno == EAGAIN)
		fatal("%s: another glasd listens there: give this one a "
		    "`control` of its own", path);
	unlink(path);
}

static void
control_listen(struct control *control, const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	mode_t mask;

	strncpy(sun.sun_path, path, sizeof sun.sun_path - 1);
	mask = umask(0117);
	control->listener = evconnlistener_new_bind(control->gateway->base,
	    control_accept, control, LEV_OPT_CLOSE_ON_FREE |
	    LEV_OPT_CLOSE_ON_EXEC, 8, (struct sockaddr *)&sun, sizeof sun);
	umask(mask);
	if (control->listener == NULL ||
	    lstat(path, &control->made) == -1)
		fatal("%s: the control socket cannot be made: %s: make the "
		    "directory, owned by the user of glasd", path,
		    strerror(errno));
}

struct control *
control_new(struct gateway *g)
{
	struct control *control = xcalloc(1, sizeof *control);

	control->gateway = g;
	TAILQ_INIT(&control->clients);
	control_clear(g->config);
	control_listen(control, g->config->gateway.control);
	return (control);
}

/* By now it may be that of a glasd that was started since ours was lost. */
static void
control_unlink(const struct control *control)
{
	const char *path = control->gateway->config->gateway.control;
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_dev == control->made.st_dev &&
	    st.st_ino == control->made.st_ino)
		unlink(path);
}

void
control_free(struct control *control)
{
	struct control_client *c;

	if (control == NULL)
		return;
	while ((c = TAILQ_FIRST(&control->clients)) != NULL)
		control_client_free(c);
	control_unlink(control);
	evconnlistener_free(control->listener);
	free(control);
}
