/*
 * What a link is owed for all that it must not forget: an ack when it is
 * durable; a nack when it is not, or when there is no room for it. Runs in
 * glasd, called by link_message.c for each message with an id and by links.c
 * at the end of a pass.
 *
 * A link that has its window full is to wait; one that does not is hung up on.
 * What it says of segments that it was given does not count: those are few, and
 * all wait for it.
 */
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link_private.h"
#include "lib/log.h"
#include "sms/link_msg.h"

#define LINK_NACK_MS	2000
#define LINK_ACKS_MAX	32	/* a line: so many ids fit */

static json_t *
link_ids_new(void)
{
	json_t *ids = json_array();

	if (ids == NULL)
		fatal("out of memory: ids of a link");
	return (ids);
}

void
link_acks_init(struct link_acks *a)
{
	*a = (struct link_acks){ .settled = link_ids_new(),
		.taken = link_ids_new(), .refused = link_ids_new() };
}

void
link_acks_reset(struct link_acks *a)
{
	json_array_clear(a->settled);
	json_array_clear(a->taken);
	json_array_clear(a->refused);
}

void
link_acks_clear(struct link_acks *a)
{
	json_decref(a->settled);
	json_decref(a->taken);
	json_decref(a->refused);
}

static void
link_owe(struct link *l, json_t *ids, const json_t *msg)
{
	json_array_append(ids, json_object_get(msg, "id"));
	l->links->settled = false;
}

void
link_owe_settled(struct link *l, const json_t *msg)
{
	link_owe(l, l->acks.settled, msg);
}

void
link_owe_taken(struct link *l, const json_t *msg)
{
	link_owe(l, l->acks.taken, msg);
}

static size_t
link_unacked(const struct link *l)
{
	return (json_array_size(l->acks.taken) +
	    json_array_size(l->acks.refused));
}

bool
link_in_window(struct link *l)
{
	if (link_unacked(l) < (size_t)l->config->window)
		return (true);
	link_hangup(l, "more than its window");
	return (false);
}

bool
link_may_bring(struct link *l, const json_t *msg)
{
	if (!link_in_window(l))
		return (false);
	if (!journal_full(l->links->gateway->journal))
		return (true);
	link_owe(l, l->acks.refused, msg);
	return (false);
}

static void
link_answer_some(struct link *l, json_t *ids, bool ack)
{
	if (ack)
		link_send(l, json_pack("{s:s, s:o}", "t", "ack", "ids", ids));
	else
		link_send(l, json_pack("{s:s, s:o, s:i}", "t", "nack", "ids",
		    ids, "wait_ms", LINK_NACK_MS));
}

/* Says it of all these ids, which are none then. */
static void
link_answer_all(struct link *l, json_t *ids, bool ack)
{
	json_t *some = link_ids_new(), *id;
	size_t n;

	json_array_foreach(ids, n, id) {
		json_array_append(some, id);
		if (json_array_size(some) == LINK_ACKS_MAX) {
			link_answer_some(l, some, ack);
			some = link_ids_new();
		}
	}
	if (json_array_size(some) != 0)
		link_answer_some(l, some, ack);
	else
		json_decref(some);
	json_array_clear(ids);
}

void
link_answer(struct link *l, bool durable)
{
	link_answer_all(l, l->acks.settled, durable);
	link_answer_all(l, l->acks.taken, durable);
	link_answer_all(l, l->acks.refused, false);
}
