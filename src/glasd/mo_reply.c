/*
 * One reply of the MO path: whether it goes out now, waits, or is suppressed,
 * by the limits of its recipient and what may be spent in a day. Runs in glasd,
 * called by mo_answer. The reply is the batch's; its segments count as spent
 * from here on, and are given back when the batch is given up.
 */
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/mo_private.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"

#define MO_EXPIRES_US (INT64_C(86400) * 1000000)

/* The danger text, and the receipt of what it answers. */
static bool
mo_reply_of_danger(const struct mo_batch *b, const struct mo_reply *r)
{
	return (r->kind == REPLY_EMERGENCY || (r->kind == REPLY_RECEIPT &&
	    r > b->replies && r[-1].cause == r->cause &&
	    r[-1].kind == REPLY_EMERGENCY));
}

/* Why nobody is told it, or NULL. Danger alone is told to who is silenced, and
 * nothing to who is blocked. */
static const char *
mo_reply_barred(const struct mo_citizen *c, const struct mo_reply *r)
{
	if (r->cause->via[0] == '\0')
		return (MO_NO_SENDER);
	return (silence_lets(c->silence, r->kind == REPLY_EMERGENCY) ? NULL :
	    "the sender is silenced");
}

static void
mo_reply_set(struct mo_reply *r, const char *state, const char *reason)
{
	r->state = state;
	r->reason = reason;
}

/* Why it waits until people let it go, or NULL. */
static const char *
mo_reply_held(const struct mo_batch *b, const struct mo_reply *r, bool danger)
{
	const struct gateway *g = b->mo->gateway;
	int cap = g->config->limits.segments_per_day;

	if (r->cause->again && r->kind != REPLY_EMERGENCY)
		return (REWOUND_REASON);
	if (danger)
		return (NULL);
	if (cap != 0 && database_spent(g->database) + (int)r->segments > cap)
		return ("the segments of the day are spent");
	if (!links_fit(g->links, r->cause->via, (int)r->segments))
		return ("the segments of its link are spent");
	return (NULL);
}

static void
mo_reply_spend(const struct mo_batch *b, const struct mo_reply *r,
    int segments)
{
	database_spend(b->mo->gateway->database, segments);
	links_spend(b->mo->gateway->links, r->cause->via, segments);
}

static void
mo_reply_plan(struct mo_batch *b, struct mo_reply *r)
{
	b->planned++;
	r->planned = true;
	mo_reply_spend(b, r, (int)r->segments);
	mo_reply_set(r, "inflight", "");
}

void
mo_reply_unplan(struct mo_batch *b, struct mo_reply *r)
{
	if (r->planned)
		mo_reply_spend(b, r, -(int)r->segments);
	r->planned = false;
}

static void
mo_reply_state(struct mo_batch *b, struct mo_citizen *c, struct mo_reply *r)
{
	struct gateway *g = b->mo->gateway;
	bool danger = mo_reply_of_danger(b, r);
	const char *barred = mo_reply_barred(c, r), *held;

	if (barred != NULL)
		mo_reply_set(r, "suppressed", barred);
	else if (!mo_limits_spend(c, g->config, danger))
		mo_reply_set(r, "suppressed", "limits");
	else if ((held = mo_reply_held(b, r, danger)) != NULL)
		mo_reply_set(r, "held", held);
	else if (b->planned < outbox_room(g->outbox,
	    r->kind == REPLY_EMERGENCY))
		mo_reply_plan(b, r);
	else
		mo_reply_set(r, "queued", "");
}

static struct mo_reply *
mo_reply_add(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = &b->replies[b->reply_count++];

	*r = (struct mo_reply){ .cause = t, .kind = kind,
		.text = xstrdup(text) };
	r->segments = segment_count(text, &r->encoding, NULL);
	t->replies++;
	return (r);
}

static void
mo_reply_id(const struct mo_batch *b, struct mo_reply *r)
{
	if (!reserve_outbox(database_reserve(b->mo->gateway->database),
	    &r->id))
		panic("no outbox id left: a batch began with too few");
}

void
mo_reply(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = mo_reply_add(b, t, kind, text);

	r->overdue = mo_overdue(t);
	mo_reply_state(b, &b->citizens[t->citizen], r);
	mo_reply_id(b, r);
}

/* Into the outbox of the database, which knows when it is day. */
void
mo_reply_overdue(struct mo_batch *b, struct mo_text *t, enum reply_kind kind,
    const char *text)
{
	struct mo_reply *r = mo_reply_add(b, t, kind, text);
	struct mo_citizen *c = &b->citizens[t->citizen];
	const char *barred = mo_reply_barred(c, r);

	mo_reply_id(b, r);
	r->overdue = true;
	if (barred != NULL)
		mo_reply_set(r, "suppressed", barred);
	else if (!mo_overdue_answers(b, t, kind))
		mo_reply_set(r, "suppressed",
		    "answered late, by one reply alone");
	else if (!mo_limits_spend(c, b->mo->gateway->config, false))
		mo_reply_set(r, "suppressed", "limits");
	else if (t->again)
		mo_reply_set(r, "held", REWOUND_REASON);
	else
		mo_reply_set(r, "queued", "answered late");
}

/* What went out under a number below zero has no row to tell of it. */
static const char *
mo_reply_away_state(const struct away_reply *said)
{
	switch (said->state) {
	case AWAY_WRITTEN:
	case AWAY_TRIED:
		return ("queued");
	case AWAY_LIVE:
		return (said->mt < 0 ? "unknown" : "inflight");
	case AWAY_SAVED:
		return (said->told ? "accepted" : "unknown");
	case AWAY_HELD:
		break;
	}
	return (said->mt < 0 ? "unknown" : "held");
}

/* That of what was tried counts as an attempt. */
static const char *
mo_reply_away_reason(const struct away_reply *said)
{
	switch (said->state) {
	case AWAY_TRIED:
		return ("outcome of the last attempt is unknown");
	case AWAY_HELD:
		return (REWOUND_REASON);
	case AWAY_WRITTEN:
	case AWAY_LIVE:
	case AWAY_SAVED:
		break;
	}
	return ("answered while the database was away");
}

/* It is only written down. */
void
mo_reply_away(struct mo_batch *b, struct mo_text *t,
    const struct away_answer *said)
{
	for (unsigned int n = 0; n < said->count; n++) {
		struct mo_reply *r = mo_reply_add(b, t, said->replies[n].kind,
		    said->replies[n].text);

		mo_limits_spend(&b->citizens[t->citizen],
		    b->mo->gateway->config, r->kind == REPLY_EMERGENCY);
		r->id = said->replies[n].mt;
		r->away = true;
		r->state = mo_reply_away_state(&said->replies[n]);
		if (r->id < 0)
			mo_reply_id(b, r);
		r->reason = mo_reply_away_reason(&said->replies[n]);
	}
}

/* Whether all that was answered goes out: a code that nobody was sent must not
 * be one. */
bool
mo_reply_heard(const struct mo_batch *b, const struct mo_text *t)
{
	for (unsigned int n = b->reply_count; n-- > 0 &&
	    b->replies[n].cause == t;) {
		if (strcmp(b->replies[n].state, "suppressed") == 0)
			return (false);
	}
	return (true);
}

int64_t
mo_reply_expires(const struct mo_reply *r)
{
	return (MO_EXPIRES_US +
	    (r->overdue ? clock_wall_us() : r->cause->item.at));
}
