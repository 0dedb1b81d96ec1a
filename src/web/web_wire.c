/*
 * The link protocol as glas-web speaks it. Runs in glas-web; owns descriptors
 * 0 and 1 and the list of offers. What comes in by HTTP is kept by who sent it:
 * at a nack the offer is forgotten, and the answer is 503. Results and reports
 * are kept here. Rubbish from glasd, or its end, ends the program.
 */
#include <sys/queue.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_status.h"
#include "web/web_submit.h"
#include "web/web_wire.h"

#define WIRE_READ	16384
#define WIRE_OUT_MAX	(4u << 20)	/* glasd does not read: it is not well */
#define WIRE_ID_SIZE	32
#define WIRE_ASK_S	2	/* an answer has that long; link-protocol.md */

struct wire_offer {
	TAILQ_ENTRY(wire_offer)	 entry;
	char			 id[WIRE_ID_SIZE];
	json_t			*msg;
	bool			 said;
	struct event		*again;	/* NULL: not kept after a nack */
	struct event		*late;	/* NULL: it is not asked */
	void			(*done)(void *, bool);
	void			(*answered)(void *, const json_t *); /* NULL:
					   nobody waits for that any more */
	void			*arg;
};

static struct {
	struct buf	 in, out;
	struct event	*readable, *writable;
	TAILQ_HEAD(, wire_offer) offers;
	int		 count;
	int		 said;		/* of them; within the window */
	unsigned long	 turn;
} wire = { .offers = TAILQ_HEAD_INITIALIZER(wire.offers) };

/*
 * Out.
 */

static void
wire_write(evutil_socket_t fd, short what, void *arg)
{
	ssize_t n;

	(void)fd;
	(void)what;
	(void)arg;
	n = write(STDOUT_FILENO, wire.out.data, wire.out.len);
	if (n == -1 && errno != EAGAIN && errno != EINTR)
		web_leave(0);	/* glasd is gone, and with it our reason */
	if (n > 0)
		buf_drain(&wire.out, (size_t)n);
	if (wire.out.len != 0)
		event_add(wire.writable, NULL);
}

void
wire_say(json_t *msg)
{
	if (msg == NULL || jsonl_add(&wire.out, msg) == -1)
		panic("a message that is no JSON line");
	json_decref(msg);
	if (wire.out.len > WIRE_OUT_MAX)
		web_leave(1);
	if (wire.writable != NULL)
		event_add(wire.writable, NULL);
	else
		wire_write(-1, 0, NULL);
}

void
wire_carries(bool carries, const char *detail)
{
	wire_say(json_pack("{s:s, s:s, s:s}", "t", "state",
	    "state", carries ? "ready" : "searching",
	    "detail", carries ? "" : detail));
}

/*
 * Offers.
 */

bool
wire_has_room(void)
{
	return (wire.count < web_settings.window);
}

static void
wire_offer_say(struct wire_offer *o)
{
	o->said = true;
	wire.said++;
	wire_say(json_incref(o->msg));
}

static void
wire_offer_again(evutil_socket_t fd, short what, void *arg)
{
	struct wire_offer *o = arg;

	(void)fd;
	(void)what;
	wire_say(json_incref(o->msg));
}

/* Takes the reference. */
static struct wire_offer *
wire_offer_new(json_t *msg, void *arg)
{
	struct wire_offer *o = xcalloc(1, sizeof *o);

	o->arg = arg;
	snprintf(o->id, sizeof o->id, "w%lu", ++wire.turn);
	if (msg == NULL ||
	    json_object_set_new(msg, "id", json_string(o->id)) == -1)
		panic("an offer that is no message");
	o->msg = msg;
	return (o);
}

static void
wire_offer_add(struct wire_offer *o)
{
	TAILQ_INSERT_TAIL(&wire.offers, o, entry);
	wire.count++;
	if (wire.said < web_settings.window)
		wire_offer_say(o);
}

void
wire_offer(json_t *msg, bool keep, void (*done)(void *, bool), void *arg)
{
	struct wire_offer *o = wire_offer_new(msg, arg);

	o->done = done;
	if (keep) {
		o->again = evtimer_new(web_base, wire_offer_again, o);
		if (o->again == NULL)
			fatal("out of memory: no timer for an offer");
	}
	wire_offer_add(o);
}

static void
wire_offer_answer(struct wire_offer *o, const json_t *answer)
{
	void (*answered)(void *, const json_t *) = o->answered;

	o->answered = NULL;
	if (answered != NULL)
		answered(o->arg, answer);
}

static void
wire_offer_free(struct wire_offer *o)
{
	TAILQ_REMOVE(&wire.offers, o, entry);
	wire.count--;
	if (o->again != NULL)
		event_free(o->again);
	if (o->late != NULL)
		event_free(o->late);
	json_decref(o->msg);
	free(o);
}

/* glasd hangs, perhaps: whoever asked is to try again. What it was told stays
 * its own until it says so. */
static void
wire_offer_late(evutil_socket_t fd, short what, void *arg)
{
	struct wire_offer *o = arg;

	(void)fd;
	(void)what;
	wire_offer_answer(o, NULL);
	if (!o->said)
		wire_offer_free(o);
}

void
wire_ask(json_t *msg, void (*answered)(void *, const json_t *), void *arg)
{
	struct wire_offer *o = wire_offer_new(msg, arg);
	const struct timeval tv = { .tv_sec = WIRE_ASK_S };

	o->answered = answered;
	o->late = evtimer_new(web_base, wire_offer_late, o);
	if (o->late == NULL)
		fatal("out of memory: no timer for a question");
	evtimer_add(o->late, &tv);
	wire_offer_add(o);
}

void
wire_submitted(json_int_t mt, json_int_t segment, const char *outcome)
{
	wire_offer(json_pack("{s:s, s:I, s:I, s:s}", "t", "submitted",
	    "mt", mt, "segment", segment, "outcome", outcome), true, NULL,
	    NULL);
}

void
wire_reported(json_int_t mt, int status, void (*done)(void *, bool),
    void *arg)
{
	wire_offer(json_pack("{s:s, s:I, s:i}", "t", "status-report",
	    "mt", mt, "status", status), done == NULL, done, arg);
}

/* There is room for one that waits. */
static void
wire_offer_next(void)
{
	struct wire_offer *o;

	TAILQ_FOREACH(o, &wire.offers, entry) {
		if (!o->said) {
			wire_offer_say(o);
			return;
		}
	}
}

static void
wire_offer_end(struct wire_offer *o, bool acked, const json_t *answer)
{
	if (o->done != NULL)
		o->done(o->arg, acked);
	wire_offer_answer(o, answer);
	wire.said--;
	wire_offer_free(o);
	wire_offer_next();
}

static void
wire_offer_later(struct wire_offer *o, json_int_t wait_ms)
{
	struct timeval tv = { .tv_sec = (time_t)(wait_ms / 1000),
		.tv_usec = (suseconds_t)(wait_ms % 1000 * 1000) };

	if (o->again == NULL)
		wire_offer_end(o, false, NULL);
	else
		evtimer_add(o->again, &tv);
}

static struct wire_offer *
wire_offer_find(const char *id)
{
	struct wire_offer *o;

	TAILQ_FOREACH(o, &wire.offers, entry) {
		if (o->said && strcmp(o->id, id) == 0)
			break;
	}
	return (o);
}

static void
wire_settle(const json_t *msg, bool acked)
{
	json_int_t wait_ms = link_msg_int(msg, "wait_ms");
	const json_t *id;
	size_t i;

	json_array_foreach (json_object_get(msg, "ids"), i, id) {
		struct wire_offer *o = json_is_string(id) ?
		    wire_offer_find(json_string_value(id)) : NULL;

		if (o == NULL)
			continue;
		if (acked)
			wire_offer_end(o, true, NULL);
		else
			wire_offer_later(o, wait_ms < 0 ? 0 : wait_ms);
	}
}

static void
wire_answered(const json_t *msg)
{
	struct wire_offer *o = wire_offer_find(link_msg_str(msg, "id"));

	if (o != NULL && o->late != NULL)
		wire_offer_end(o, true, msg);
}

/*
 * In.
 */

static void
wire_obey(enum link_msg_type type, const json_t *msg)
{
	if (type == LINK_MSG_PING)
		wire_say(json_pack("{s:s}", "t", "pong"));
	else if (type == LINK_MSG_STOP)
		web_leave(0);
	else if (type == LINK_MSG_ACK || type == LINK_MSG_NACK)
		wire_settle(msg, type == LINK_MSG_ACK);
	else if (type == LINK_MSG_SUBMIT)
		submit_take(msg);
	else if (type == LINK_MSG_STATUS)
		status_got(msg);
	else if (type == LINK_MSG_ANSWER)
		wire_answered(msg);
	else {
		log_error("glasd sent a %s, which is not for the web",
		    link_msg_name(type));
		web_leave(1);
	}
}

/* The next whole message, or NULL; the caller's to json_decref(). */
static json_t *
wire_next(enum link_msg_type *type)
{
	const char *why;
	json_t *msg = link_msg_next(&wire.in, type, &why);

	if (why != NULL) {
		log_error("glasd sent a message that cannot be: %s", why);
		web_leave(1);
	}
	return (msg);
}

static void
wire_take_octets(void)
{
	uint8_t octets[WIRE_READ];
	ssize_t n = read(STDIN_FILENO, octets, sizeof octets);

	if (n == 0 || (n == -1 && errno != EINTR && errno != EAGAIN))
		web_leave(0);
	if (n > 0)
		buf_add(&wire.in, octets, (size_t)n);
}

static void
wire_read(evutil_socket_t fd, short what, void *arg)
{
	enum link_msg_type type;
	json_t *msg;

	(void)fd;
	(void)what;
	(void)arg;
	wire_take_octets();
	while ((msg = wire_next(&type)) != NULL) {
		wire_obey(type, msg);
		json_decref(msg);
	}
}

json_t *
wire_begin(void)
{
	enum link_msg_type type;
	json_t *msg;

	while ((msg = wire_next(&type)) == NULL)
		wire_take_octets();
	if (type != LINK_MSG_START ||
	    link_msg_int(msg, "protocol") != LINK_PROTOCOL) {
		log_error("the first message is no start of protocol %d",
		    LINK_PROTOCOL);
		web_leave(1);
	}
	wire_say(json_pack("{s:s, s:i, s:s}", "t", "hello", "protocol",
	    LINK_PROTOCOL, "kind", "web"));
	return (msg);
}

void
wire_listen(void)
{
	evutil_make_socket_nonblocking(STDIN_FILENO);
	evutil_make_socket_nonblocking(STDOUT_FILENO);
	wire.readable = event_new(web_base, STDIN_FILENO,
	    EV_READ | EV_PERSIST, wire_read, NULL);
	wire.writable = event_new(web_base, STDOUT_FILENO, EV_WRITE,
	    wire_write, NULL);
	if (wire.readable == NULL || wire.writable == NULL)
		fatal("out of memory: no events for glasd");
	event_add(wire.readable, NULL);
}
