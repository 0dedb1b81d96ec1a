/*
 * The link protocol as a link speaks it. Runs in glas-modem; owns descriptors
 * 0 and 1 and the window of offers. Called by everything here that has
 * something to say. Rubbish from glasd, or its end, ends the program.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem.h"
#include "modem/modem_wire.h"

#define WIRE_READ	16384
#define WIRE_OUT_MAX	32768	/* written out when it has grown so far */
#define WIRE_ID_SIZE	64

struct wire_offer {
	char	*line;		/* NULL: this place is free */
	size_t	 len;
	char	 id[WIRE_ID_SIZE];
	void	 (*done)(int);
	int	 tag;
	int64_t	 again_at;	/* 0: glasd has it */
};

static struct {
	struct buf	 in, out;
	struct wire_offer *offers;
	int		 window;
	int		 used;
	int		 waiting;	/* of them, with a nack */
	unsigned long	 turn;
	int64_t		 covered_until;	/* by the last `busy` */
} wire;

void
wire_set_window(int window)
{
	wire.window = window;
	wire.offers = xreallocarray(wire.offers, (size_t)window,
	    sizeof *wire.offers);
	memset(wire.offers, 0, (size_t)window * sizeof *wire.offers);
}

/*
 * In.
 */

enum wire_heard
wire_wait(int fd, int timeout_ms)
{
	struct pollfd ready[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	uint8_t octets[WIRE_READ];
	ssize_t n;

	if (poll(ready, 2, timeout_ms) <= 0)
		return (WIRE_HEARD_NOTHING);
	if (ready[0].revents != 0) {
		n = read(STDIN_FILENO, octets, sizeof octets);
		if (n == 0 || (n == -1 && errno != EINTR && errno != EAGAIN))
			modem_leave(MODEM_EXIT_STOP);
		if (n > 0)
			buf_add(&wire.in, octets, (size_t)n);
	}
	if (ready[1].revents == 0)
		return (WIRE_HEARD_NOTHING);
	return ((ready[1].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 ?
	    WIRE_HEARD_END : WIRE_HEARD_SOMETHING);
}

json_t *
wire_next(enum link_msg_type *type)
{
	const char *why;
	json_t *msg = link_msg_next(&wire.in, type, &why);

	if (why != NULL) {
		log_error("glasd sent a message that cannot be: %s", why);
		modem_leave(MODEM_EXIT_PROTOCOL);
	}
	return (msg);
}

/*
 * Out.
 */

/* Any message of ours ends what a `busy` allowed. */
void
wire_flush(void)
{
	size_t done = 0;

	if (wire.out.len != 0)
		wire.covered_until = 0;

	while (done < wire.out.len) {
		ssize_t n = write(STDOUT_FILENO, wire.out.data + done,
		    wire.out.len - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)	/* glasd is gone, and with it our reason */
			_exit(MODEM_EXIT_STOP);
		done += (size_t)n;
	}
	buf_reset(&wire.out);
}

void
wire_say(json_t *msg)
{
	if (msg == NULL || jsonl_add(&wire.out, msg) == -1)
		panic("a message that is no JSON line");
	json_decref(msg);
	if (wire.out.len > WIRE_OUT_MAX)
		wire_flush();
}

/* One `busy` covers a run of calls until the first line written after it, so
 * lines are held in the buffer while a run lasts. */
void
wire_busy(int deadline_ms)
{
	int64_t now = clock_mono_ms();
	int promise = deadline_ms + deadline_ms / 4;

	if (wire.covered_until >= now + deadline_ms)
		return;
	wire_say(json_pack("{s:s, s:i}", "t", "busy", "deadline_ms", promise));
	wire_flush();
	wire.covered_until = now + promise;
}

void
wire_idle(void)
{
	if (wire.covered_until != 0)
		wire_say(json_pack("{s:s}", "t", "pong"));
	wire_flush();
}

/*
 * Offers.
 */

int
wire_room(void)
{
	return (wire.window - wire.used);
}

/* An id that we give ends in a number that is never used twice and tells the
 * place in the window. */
void
wire_offer(json_t *msg, const char *origin, void (*done)(int), int tag)
{
	struct buf line = { 0 };
	struct wire_offer *o;
	int place = 0;

	while (place < wire.window && wire.offers[place].line != NULL)
		place++;
	if (place == wire.window)
		panic("an offer without room");
	o = &wire.offers[place];
	*o = (struct wire_offer){ .done = done, .tag = tag };
	snprintf(o->id, sizeof o->id, "%s:%lu", origin,
	    wire.turn++ * (unsigned long)wire.window +
	    (unsigned long)place);
	if (json_object_get(msg, "id") != NULL)
		snprintf(o->id, sizeof o->id, "%s", link_msg_str(msg, "id"));
	if (msg == NULL ||
	    json_object_set_new(msg, "id", json_string(o->id)) == -1 ||
	    jsonl_add(&line, msg) == -1)
		panic("an offer that is no JSON line");
	json_decref(msg);
	o->line = (char *)line.data;
	o->len = line.len;
	wire.used++;
	buf_add(&wire.out, o->line, o->len);
	if (wire.out.len > WIRE_OUT_MAX)
		wire_flush();
}

static struct wire_offer *
wire_offer_find(const char *id)
{
	const char *colon = strrchr(id, ':');
	struct wire_offer *o;
	unsigned long n;

	if (colon != NULL) {
		n = strtoul(colon + 1, NULL, 10);
		o = &wire.offers[n % (unsigned long)wire.window];
		if (o->line != NULL && strcmp(o->id, id) == 0)
			return (o);
	}
	for (int i = 0; i < wire.window; i++) {
		o = &wire.offers[i];
		if (o->line != NULL && strcmp(o->id, id) == 0)
			return (o);
	}
	return (NULL);
}

static void
wire_acked(struct wire_offer *o)
{
	void (*done)(int) = o->done;
	int tag = o->tag;

	if (o->again_at != 0)
		wire.waiting--;
	free(o->line);
	o->line = NULL;
	wire.used--;
	if (done != NULL)
		done(tag);
}

static void
wire_nacked(struct wire_offer *o, json_int_t wait_ms)
{
	if (o->again_at == 0)
		wire.waiting++;
	if (wait_ms < 0)
		wait_ms = 0;
	o->again_at = clock_mono_ms() + wait_ms;
}

/* Ids that are not known are passed over: glasd may have restarted. */
void
wire_settle(const json_t *msg, enum link_msg_type type)
{
	const json_t *id;
	size_t i;

	json_array_foreach (json_object_get(msg, "ids"), i, id) {
		struct wire_offer *o = json_is_string(id) ?
		    wire_offer_find(json_string_value(id)) : NULL;

		if (o == NULL)
			log_debug("an ack for nothing");
		else if (type == LINK_MSG_ACK)
			wire_acked(o);
		else
			wire_nacked(o, link_msg_int(msg, "wait_ms"));
	}
}

int64_t
wire_repeat(void)
{
	int64_t now = clock_mono_ms(), next = INT64_MAX;

	for (int i = 0; wire.waiting > 0 && i < wire.window; i++) {
		struct wire_offer *o = &wire.offers[i];

		if (o->line == NULL || o->again_at == 0)
			continue;
		if (o->again_at > now) {
			if (o->again_at < next)
				next = o->again_at;
			continue;
		}
		o->again_at = 0;
		wire.waiting--;
		buf_add(&wire.out, o->line, o->len);
	}
	return (next);
}
