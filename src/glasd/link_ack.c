/*
 * What a link is owed for all that it must not forget: an ack when it is
 * durable; a nack when it is not, or when there is no room for it. Runs in
 * glasd, called by link_message.c for each message with an id and by links.c
 * at the end of a pass.
 *
 * A link that has its window full is to wait; one that does not is hung up on.
 * What it says of segments that it was given does not count: those are few, and
 * all wait for it.
 *
 * The log is read in order, so a link that brings more than the database takes
 * would let the texts of all others wait behind its own. While more than its
 * share of the log is unread, its acks are held back: its window is full then,
 * and it keeps the rest itself.
 */
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link_private.h"
#include "glasd/mo.h"
#include "lib/log.h"

#define LINK_NACK_MS	2000
#define LINK_ACKS_MAX	32	/* a line: so many ids fit */
#define LINK_SHARE	500	/* unread items of a link */
#define LINK_SHARE_AWAY	100000	/* while the database takes nothing */

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
		.taken = link_ids_new(), .held = link_ids_new(),
		.refused = link_ids_new() };
}

void
link_acks_reset(struct link_acks *a)
{
	json_array_clear(a->settled);
	json_array_clear(a->taken);
	json_array_clear(a->held);
	json_array_clear(a->refused);
}

void
link_acks_clear(struct link_acks *a)
{
	json_decref(a->settled);
	json_decref(a->taken);
	json_decref(a->held);
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
	    json_array_size(l->acks.held) +
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
	struct gateway *g = l->links->gateway;

	if (!link_in_window(l))
		return (false);
	if (!journal_refuses(g->journal) ||
	    (!journal_refuses_danger(g->journal) &&
	    mo_is_urgent(g, l->config->name, msg)))
		return (true);
	link_owe(l, l->acks.refused, msg);
	return (false);
}

/*
 * The share.
 */

/* What this pass brought is in the log. */
static void
link_share_add(struct link *l)
{
	struct link_share *s = &l->acks.share;

	s->newer += json_array_size(l->acks.taken);
	s->newest = journal_newest(l->links->gateway->journal);
}

/* How many of its items are not read yet; some that are may count. */
static size_t
link_share_unread(struct link_share *s, uint64_t read)
{
	if (read >= s->newest) {
		s->older = s->newer = 0;
	} else if (read >= s->mark) {
		s->older = s->newer;
		s->newer = 0;
		s->mark = s->newest;
	}
	return (s->older + s->newer);
}

/* A link that is the only one has nobody to wait for. */
static bool
link_share_is_over(struct link *l)
{
	const struct links *links = l->links;
	const struct journal *journal = links->gateway->journal;
	size_t unread = link_share_unread(&l->acks.share,
	    journal_position(journal));

	return (TAILQ_FIRST(&links->list) !=
	    TAILQ_LAST(&links->list, link_list) &&
	    unread > (journal_moves(journal) ? LINK_SHARE : LINK_SHARE_AWAY));
}

/*
 * Answers.
 */

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
	link_answer_all(l, l->acks.refused, false);
	if (durable && json_array_size(l->acks.taken) != 0) {
		link_share_add(l);
		json_array_extend(l->acks.held, l->acks.taken);
		json_array_clear(l->acks.taken);
	}
	link_answer_all(l, l->acks.taken, false);
	if (!link_share_is_over(l))
		link_answer_all(l, l->acks.held, true);
	if (json_array_size(l->acks.held) != 0)
		l->links->settled = false;
}
