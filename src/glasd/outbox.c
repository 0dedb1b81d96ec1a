/*
 * The gateway's part of the outbox, in memory. Runs in glasd; filled by
 * mo_store, away and mt_load, emptied by mt_pick in each pass of the loop.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/outbox.h"
#include "lib/mem.h"

#define OUTBOX_MAX	2000	/* replies in memory, */
#define OUTBOX_DANGER	2000	/* and so many more that tell of danger */

struct outbox_stop {
	TAILQ_ENTRY(outbox_stop) entry;
	char		 msisdn[MSISDN_MAX];
};

struct outbox {
	TAILQ_HEAD(, outbox_reply) replies;
	TAILQ_HEAD(, outbox_stop) stops;
	size_t		 count;		/* here and taken, not settled */
	bool		 left;
};

struct outbox *
outbox_new(void)
{
	struct outbox *o = xcalloc(1, sizeof *o);

	TAILQ_INIT(&o->replies);
	TAILQ_INIT(&o->stops);
	return (o);
}

void
outbox_free(struct outbox *o)
{
	struct outbox_reply *r;
	char msisdn[MSISDN_MAX];

	if (o == NULL)
		return;
	while (outbox_next_stop(o, msisdn))
		continue;
	while ((r = outbox_next(o)) != NULL)
		outbox_reply_free(r);
	free(o);
}

int
outbox_priority(enum reply_kind kind)
{
	return (kind == REPLY_EMERGENCY ? 0 : 1);
}

bool
outbox_must_arrive(enum reply_kind kind)
{
	return (kind == REPLY_EMERGENCY || kind == REPLY_RECEIPT);
}

void
outbox_answers(const struct outbox_reply *r, uint8_t identity[SEAL_TOKEN_LEN])
{
	memcpy(identity, r->tells.len != 0 ? r->tells.data : r->cause,
	    SEAL_TOKEN_LEN);
}

struct outbox_reply *
outbox_reply_new(int64_t id, const char *link, const char *recipient,
    const char *text)
{
	struct outbox_reply *r = xcalloc(1, sizeof *r);

	r->id = id;
	strncpy(r->link, link, sizeof r->link - 1);
	strncpy(r->recipient, recipient, sizeof r->recipient - 1);
	r->text = xstrdup(text);
	r->attempts = 1;
	return (r);
}

void
outbox_reply_free(struct outbox_reply *r)
{
	if (r == NULL)
		return;
	buf_clear(&r->tells);
	free(r->text);
	free(r);
}

void
outbox_put(struct outbox *o, struct outbox_reply *r)
{
	TAILQ_INSERT_TAIL(&o->replies, r, entry);
	o->count++;
}

struct outbox_reply *
outbox_next(struct outbox *o)
{
	struct outbox_reply *r = TAILQ_FIRST(&o->replies);

	if (r != NULL)
		TAILQ_REMOVE(&o->replies, r, entry);
	return (r);
}

void
outbox_settled(struct outbox *o)
{
	o->count--;
}

void
outbox_stop(struct outbox *o, const char *msisdn)
{
	struct outbox_stop *s = xcalloc(1, sizeof *s);

	strncpy(s->msisdn, msisdn, sizeof s->msisdn - 1);
	TAILQ_INSERT_TAIL(&o->stops, s, entry);
}

bool
outbox_next_stop(struct outbox *o, char msisdn[MSISDN_MAX])
{
	struct outbox_stop *s = TAILQ_FIRST(&o->stops);

	if (s == NULL)
		return (false);
	memcpy(msisdn, s->msisdn, sizeof s->msisdn);
	TAILQ_REMOVE(&o->stops, s, entry);
	free(s);
	return (true);
}

size_t
outbox_room(const struct outbox *o, bool danger)
{
	size_t max = OUTBOX_MAX + (danger ? OUTBOX_DANGER : 0);

	return (o->count < max ? max - o->count : 0);
}

size_t
outbox_count(const struct outbox *o)
{
	return (o->count);
}

void
outbox_left(struct outbox *o, bool left)
{
	o->left = left;
}

bool
outbox_has_left(const struct outbox *o)
{
	return (o->left);
}
