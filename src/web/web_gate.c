/*
 * The gate before the HTTP library. Runs in glas-web, called by the event loop
 * with each octet that comes in. evhttp takes a line that ends in LF alone, a
 * header folded over lines, a NUL within one, and HTTP/+1.1, and does not tell:
 * two servers in a row that read such a request in different ways can be made to
 * see different requests. Here it is noted, and web_http.c refuses the request.
 * The library also has no limit on connections, and its time-out begins anew
 * with each octet. Nobody but who is listed, or a proxy on this machine, has
 * more than half of the connections: else one peer that says nothing would keep
 * all others waiting.
 *
 * It does not tell when it lets go of a connection either. So the gate holds on
 * to each, and looks whether the library still has callbacks on it: when its
 * output has run dry, and now and then.
 */
#include <sys/queue.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "web/web.h"
#include "web/web_address.h"
#include "web/web_gate.h"

#define GATE_CHUNK	4096
#define GATE_VERSION	9	/* " HTTP/1.1" */
#define GATE_SWEEP_MS	100

struct gate {
	TAILQ_ENTRY(gate)	 entry;
	struct bufferevent	*bev;
	struct event		*look;
	char			 peer[INET6_ADDRSTRLEN]; /* "" = as yet */
	int64_t			 until;		/* monotonic ms */
	char			 last;		/* octet before this one */
	char			 tail[GATE_VERSION];	/* of the first line */
	unsigned int		 column;	/* in the line */
	bool			 first;		/* that has been seen */
	bool			 body;		/* the head is through */
	bool			 bad;
};

static struct {
	TAILQ_HEAD(, gate)	 list;
	int			 count;
	struct evconnlistener	*listener;
	struct event		*sweep;
} gates = { .list = TAILQ_HEAD_INITIALIZER(gates.list) };

/* What the first line ends in. Which version is taken is up to web_http.c. */
static bool
gate_names_version(const struct gate *g)
{
	const char *tail = g->tail;

	return (memcmp(tail, " HTTP/", 6) == 0 && tail[6] >= '0' &&
	    tail[6] <= '9' && tail[7] == '.' && tail[8] >= '0' &&
	    tail[8] <= '9');
}

/* False: the line that ends here is none. */
static bool
gate_line(struct gate *g, char last)
{
	bool good = last == '\r' && (g->first || gate_names_version(g));

	g->first = true;
	g->body = g->column == 1;
	g->column = 0;
	return (good);
}

/* False: no head of a request has it there. */
static bool
gate_octet(struct gate *g, char c)
{
	bool begins = g->column == 0;
	char last = g->last;

	g->last = c;
	if (c == '\n')
		return (gate_line(g, last));
	g->column++;
	if (!g->first && c != '\r') {
		memmove(g->tail, g->tail + 1, GATE_VERSION - 1);
		g->tail[GATE_VERSION - 1] = c;
	}
	return (last != '\r' && c != 0x7f &&
	    ((unsigned char)c >= ' ' || c == '\t' || c == '\r') &&
	    !(begins && (c == ' ' || c == '\t')));
}

static void
gate_in(struct evbuffer *in, const struct evbuffer_cb_info *info, void *arg)
{
	struct gate *g = arg;
	size_t at = evbuffer_get_length(in) - info->n_added;
	char octets[GATE_CHUNK];
	struct evbuffer_ptr ptr;
	ev_ssize_t n;

	while (!g->body && !g->bad && at < evbuffer_get_length(in) &&
	    evbuffer_ptr_set(in, &ptr, at, EVBUFFER_PTR_SET) == 0 &&
	    (n = evbuffer_copyout_from(in, &ptr, octets,
	    sizeof octets)) > 0) {
		for (ev_ssize_t i = 0; i < n && !g->body && !g->bad; i++)
			g->bad = !gate_octet(g, octets[i]);
		at += (size_t)n;
	}
}

static void
gate_out(struct evbuffer *out, const struct evbuffer_cb_info *info, void *arg)
{
	struct gate *g = arg;

	(void)info;
	/* The library hears of it after this, and before the event. */
	if (evbuffer_get_length(out) == 0)
		event_active(g->look, EV_TIMEOUT, 0);
}

/*
 * The end.
 */

static bool
gate_is_held(const struct gate *g)
{
	bufferevent_data_cb reads, writes;
	bufferevent_event_cb ends;

	bufferevent_getcb(g->bev, &reads, &writes, &ends, NULL);
	return (reads != NULL || writes != NULL || ends != NULL);
}

static void
gate_free(struct gate *g)
{
	TAILQ_REMOVE(&gates.list, g, entry);
	event_free(g->look);
	bufferevent_decref(g->bev);
	free(g);
	if (gates.count-- == web_settings.connections)
		evconnlistener_enable(gates.listener);
}

/* Who it is of. The library has its descriptor when it is first looked at. */
static void
gate_ask_peer(struct gate *g)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof peer;
	const void *address = &((struct sockaddr_in *)&peer)->sin_addr;

	if (getpeername(bufferevent_getfd(g->bev), (struct sockaddr *)&peer,
	    &len) == -1)
		return;
	if (peer.ss_family == AF_INET6)
		address = &((struct sockaddr_in6 *)&peer)->sin6_addr;
	address_write(g->peer, peer.ss_family, address);
}

static bool
gate_is_crowded(const struct gate *g)
{
	const struct gate *other;
	int count = 0;

	if (strcmp(g->peer, "127.0.0.1") == 0 ||
	    strcmp(g->peer, "::1") == 0 ||
	    address_is_listed(web_settings.allow, g->peer))
		return (false);
	TAILQ_FOREACH(other, &gates.list, entry)
		count += strcmp(g->peer, other->peer) == 0;
	return (count > web_settings.connections / 2);
}

/* The library sees the end of it and lets go. */
static void
gate_hang_up(struct gate *g)
{
	shutdown(bufferevent_getfd(g->bev), SHUT_RDWR);
}

static void
gate_look(evutil_socket_t fd, short what, void *arg)
{
	struct gate *g = arg;

	(void)fd;
	(void)what;
	if (!gate_is_held(g)) {
		gate_free(g);
		return;
	}
	if (g->peer[0] != '\0')
		return;
	gate_ask_peer(g);
	if (gate_is_crowded(g))
		gate_hang_up(g);
}

static void
gate_sweep(evutil_socket_t fd, short what, void *arg)
{
	int64_t now = clock_mono_ms();
	struct gate *g, *next;

	(void)fd;
	(void)what;
	(void)arg;
	for (g = TAILQ_FIRST(&gates.list); g != NULL; g = next) {
		next = TAILQ_NEXT(g, entry);
		if (!gate_is_held(g))
			gate_free(g);
		else if (now > g->until)
			gate_hang_up(g);
	}
}

/*
 * The beginning.
 */

static struct bufferevent *
gate_new(struct event_base *base, void *arg)
{
	struct gate *g = xcalloc(1, sizeof *g);

	(void)arg;
	g->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	g->look = event_new(base, -1, 0, gate_look, g);
	if (g->bev == NULL || g->look == NULL ||
	    evbuffer_add_cb(bufferevent_get_input(g->bev), gate_in, g) ==
	    NULL ||
	    evbuffer_add_cb(bufferevent_get_output(g->bev), gate_out, g) ==
	    NULL)
		fatal("out of memory: no gate for a connection");
	bufferevent_incref(g->bev);
	g->until = clock_mono_ms() + 1000 * (int64_t)web_settings.seconds;
	TAILQ_INSERT_TAIL(&gates.list, g, entry);
	event_active(g->look, EV_TIMEOUT, 0);
	if (++gates.count == web_settings.connections)
		evconnlistener_disable(gates.listener);
	return (g->bev);
}

static const struct gate *
gate_find(struct evhttp_request *req)
{
	const struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(req));
	const struct gate *g;

	TAILQ_FOREACH(g, &gates.list, entry) {
		if (g->bev == bev)
			break;
	}
	return (g);
}

bool
gate_passes(struct evhttp_request *req)
{
	const struct gate *g = gate_find(req);

	return (g != NULL && !g->bad);
}

bool
gate_allows(struct evhttp_request *req)
{
	const struct gate *g = gate_find(req);

	return (web_settings.allow[0] == '\0' || (g != NULL &&
	    address_is_listed(web_settings.allow, g->peer)));
}

void
gate_set(struct evhttp *http, struct evhttp_bound_socket *bound)
{
	struct timeval tv = { .tv_usec = GATE_SWEEP_MS * 1000 };

	gates.listener = evhttp_bound_socket_get_listener(bound);
	gates.sweep = event_new(web_base, -1, EV_PERSIST, gate_sweep, NULL);
	if (gates.sweep == NULL)
		fatal("out of memory: no timer for connections");
	event_add(gates.sweep, &tv);
	evhttp_set_bevcb(http, gate_new, NULL);
}
