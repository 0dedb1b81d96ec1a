/*
 * The aggregator that cannot be reached. Runs in glas-web, called by
 * web_submit.c when a connection fails. A refusal costs the text an attempt;
 * so the link says that it carries nothing, texts wait in the outbox or go
 * through another link, and here it is tried whether somebody listens again.
 */
#include <netinet/in.h>

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "lib/log.h"
#include "web/web.h"
#include "web/web_peer.h"
#include "web/web_wire.h"

#define PEER_TRY_SECONDS	2

static struct {
	struct sockaddr_storage	 address;
	int			 len;
	struct event		*again;		/* not NULL: it is away */
	struct bufferevent	*bev;
} peer;

void
peer_init(const struct sockaddr_storage *address, int len, uint16_t port)
{
	peer.address = *address;
	peer.len = len;
	if (address->ss_family == AF_INET6)
		((struct sockaddr_in6 *)&peer.address)->sin6_port =
		    htons(port);
	else
		((struct sockaddr_in *)&peer.address)->sin_port = htons(port);
}

static void
peer_later(void)
{
	struct timeval tv = { .tv_sec = PEER_TRY_SECONDS };

	evtimer_add(peer.again, &tv);
}

static void
peer_told(struct bufferevent *bev, short what, void *arg)
{
	(void)arg;
	bufferevent_free(bev);
	peer.bev = NULL;
	if ((what & BEV_EVENT_CONNECTED) == 0) {
		peer_later();
		return;
	}
	event_free(peer.again);
	peer.again = NULL;
	log_notice("the aggregator is there");
	wire_carries(true, "");
}

static void
peer_try(evutil_socket_t fd, short what, void *arg)
{
	struct timeval tv = { .tv_sec = PEER_TRY_SECONDS };

	(void)fd;
	(void)what;
	(void)arg;
	peer.bev = bufferevent_socket_new(web_base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (peer.bev == NULL)
		fatal("out of memory: no look for the aggregator");
	bufferevent_setcb(peer.bev, NULL, NULL, peer_told, NULL);
	bufferevent_set_timeouts(peer.bev, &tv, &tv);
	bufferevent_enable(peer.bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(peer.bev,
	    (struct sockaddr *)&peer.address, peer.len) == -1 &&
	    peer.bev != NULL) {
		bufferevent_free(peer.bev);
		peer.bev = NULL;
		peer_later();
	}
}

void
peer_away(void)
{
	if (peer.again != NULL)
		return;
	peer.again = evtimer_new(web_base, peer_try, NULL);
	if (peer.again == NULL)
		fatal("out of memory: no timer for the aggregator");
	log_warn("nobody listens at send-url");
	wire_carries(false, "peer-away");
	peer_later();
}
