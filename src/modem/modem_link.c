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
#include "modem/modem_link.h"

#define LINK_READ	16384
#define LINK_OUT_MAX	32768	/* written out when it has grown so far */
#define LINK_ID_SIZE	64

struct link_offer {
	char	*line;		/* NULL: this place is free */
	size_t	 len;
	char	 id[LINK_ID_SIZE];
	void	 (*done)(int);
	int	 tag;
	int64_t	 again_at;	/* 0: glasd has it */
};

static struct {
	struct buf	 in, out;
	struct link_offer *offers;
	int		 window;
	int		 used;
	int		 waiting;	/* of them, with a nack */
	unsigned long	 turn;
	int64_t		 covered_until;	/* by the last `busy` */
} link_state;

void
link_set_window(int window)
{
	link_state.window = window;
	link_state.offers = xreallocarray(link_state.offers, (size_t)window,
	    sizeof *link_state.offers);
	memset(link_state.offers, 0,
	    (size_t)window * sizeof *link_state.offers);
}

/*
 * In.
 */

enum link_heard
link_wait(int fd, int timeout_ms)
{
	struct pollfd ready[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	uint8_t octets[LINK_READ];
	ssize_t n;

	if (poll(ready, 2, timeout_ms) <= 0)
		return (LINK_HEARD_NOTHING);
	if (ready[0].revents != 0) {
		n = read(STDIN_FILENO, octets, sizeof octets);
		if (n == 0 || (n == -1 && errno != EINTR && errno != EAGAIN))
			modem_leave(MODEM_EXIT_STOP);
		if (n > 0)
			buf_add(&link_state.in, octets, (size_t)n);
	}
	if (ready[1].revents == 0)
		return (LINK_HEARD_NOTHING);
	return ((ready[1].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 ?
	    LINK_HEARD_END : LINK_HEARD_SOMETHING);
}

json_t *
link_next(enum link_msg_type *type)
{
	const char *why;
	json_t *msg = link_msg_next(&link_state.in, type, &why);

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
link_flush(void)
{
	size_t done = 0;

	if (link_state.out.len != 0)
		link_state.covered_until = 0;

	while (done < link_state.out.len) {
		ssize_t n = write(STDOUT_FILENO, link_state.out.data + done,
		    link_state.out.len - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)	/* glasd is gone, and with it our reason */
			_exit(MODEM_EXIT_STOP);
		done += (size_t)n;
	}
	buf_reset(&link_state.out);
}

void
link_say(json_t *msg)
{
	if (msg == NULL || jsonl_add(&link_state.out, msg) == -1)
		panic("a message that is no JSON line");
	json_decref(msg);
	if (link_state.out.len > LINK_OUT_MAX)
		link_flush();
}

/* One `busy` covers a run of calls until the first line written after it, so
 * lines are held in the buffer while a run lasts. */
void
link_busy(int deadline_ms)
{
	int64_t now = clock_mono_ms();
	int promise = deadline_ms + deadline_ms / 4;

	if (link_state.covered_until >= now + deadline_ms)
		return;
	link_say(json_pack("{s:s, s:i}", "t", "busy", "deadline_ms", promise));
	link_flush();
	link_state.covered_until = now + promise;
}

void
link_free(void)
{
	if (link_state.covered_until != 0)
		link_say(json_pack("{s:s}", "t", "pong"));
	link_flush();
}

/*
 * Offers.
 */

int
link_room(void)
{
	return (link_state.window - link_state.used);
}

/* An id that we give ends in a number that is never used twice and tells the
 * place in the window. */
void
link_offer(json_t *msg, const char *origin, void (*done)(int), int tag)
{
	struct buf line = { 0 };
	struct link_offer *o;
	int place = 0;

	while (place < link_state.window &&
	    link_state.offers[place].line != NULL)
		place++;
	if (place == link_state.window)
		panic("an offer without room");
	o = &link_state.offers[place];
	*o = (struct link_offer){ .done = done, .tag = tag };
	snprintf(o->id, sizeof o->id, "%s:%lu", origin,
	    link_state.turn++ * (unsigned long)link_state.window +
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
	link_state.used++;
	buf_add(&link_state.out, o->line, o->len);
	if (link_state.out.len > LINK_OUT_MAX)
		link_flush();
}

static struct link_offer *
link_offer_find(const char *id)
{
	const char *colon = strrchr(id, ':');
	struct link_offer *o;
	unsigned long n;

	if (colon != NULL) {
		n = strtoul(colon + 1, NULL, 10);
		o = &link_state.offers[n % (unsigned long)link_state.window];
		if (o->line != NULL && strcmp(o->id, id) == 0)
			return (o);
	}
	for (int i = 0; i < link_state.window; i++) {
		o = &link_state.offers[i];
		if (o->line != NULL && strcmp(o->id, id) == 0)
			return (o);
	}
	return (NULL);
}

static void
link_acked(struct link_offer *o)
{
	void (*done)(int) = o->done;
	int tag = o->tag;

	if (o->again_at != 0)
		link_state.waiting--;
	free(o->line);
	o->line = NULL;
	link_state.used--;
	if (done != NULL)
		done(tag);
}

static void
link_nacked(struct link_offer *o, json_int_t wait_ms)
{
	if (o->again_at == 0)
		link_state.waiting++;
	if (wait_ms < 0)
		wait_ms = 0;
	o->again_at = clock_mono_ms() + wait_ms;
}

/* Ids that are not known are passed over: glasd may have restarted. */
void
link_settle(const json_t *msg, enum link_msg_type type)
{
	const json_t *id;
	size_t i;

	json_array_foreach (json_object_get(msg, "ids"), i, id) {
		struct link_offer *o = json_is_string(id) ?
		    link_offer_find(json_string_value(id)) : NULL;

		if (o == NULL)
			log_debug("an ack for nothing");
		else if (type == LINK_MSG_ACK)
			link_acked(o);
		else
			link_nacked(o, link_msg_int(msg, "wait_ms"));
	}
}

int64_t
link_repeat(void)
{
	int64_t now = clock_mono_ms(), next = INT64_MAX;

	for (int i = 0; link_state.waiting > 0 && i < link_state.window; i++) {
		struct link_offer *o = &link_state.offers[i];

		if (o->line == NULL || o->again_at == 0)
			continue;
		if (o->again_at > now) {
			if (o->again_at < next)
				next = o->again_at;
			continue;
		}
		o->again_at = 0;
		link_state.waiting--;
		buf_add(&link_state.out, o->line, o->len);
	}
	return (next);
}
