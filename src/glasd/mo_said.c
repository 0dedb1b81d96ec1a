/*
 * Whether somebody says the same again and again, soon after each reply of ours: a
 * machine of which nothing else tells. One that counts says the same but for a
 * number, at once each time: who reports one house after the other needs longer.
 * Runs in glasd. What was said last is kept in memory, as a hash, for as
 * many senders as there is room: one that is forgotten is answered within its
 * limits, as everybody is.
 */
#include <string.h>

#include "glasd/mo_private.h"

#define MO_SAID_US	(INT64_C(120) * 1000000) /* later, it is said anew */
#define MO_SAID_QUICK_US (INT64_C(30) * 1000000) /* our reply and an answer */
#define MO_SAID_COMMAND 4	/* words of one */
#define MO_SAID_TYPED	5	/* in that time, with the telephone in hand */

/* The token is keyed: nobody chooses their place. */
static struct mo_said *
mo_said_place(struct mo *mo, const struct mo_citizen *c)
{
	return (&mo->said[(c->token[0] << 8 | c->token[1]) % MO_SAID_MAX]);
}

void
mo_said_recall(struct mo *mo, struct mo_citizen *c)
{
	const struct mo_said *s = mo_said_place(mo, c);

	if (memcmp(s->token, c->token, SEAL_TOKEN_LEN) == 0)
		c->said = *s;
	else
		memcpy(c->said.token, c->token, SEAL_TOKEN_LEN);
}

void
mo_said_keep(struct mo *mo, const struct mo_citizen *c)
{
	if (c->said.count.same != 0)
		*mo_said_place(mo, c) = c->said;
}

/* FNV-1a: who finds another text with the same hash has silenced themselves. */
static uint64_t
mo_said_hash(const char *text, bool digits)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++) {
		if (digits || *text < '0' || *text > '9')
			hash = (hash ^ (unsigned char)*text) *
			    UINT64_C(1099511628211);
	}
	return (hash);
}

/* Who gives a command, fills in a form, begins with the word for a report or tells
 * what it is about and where does so of the next house: no machine does, but one
 * that is told what to say. A number alone is an answer, and the next another. */
static bool
mo_said_by_person(const struct reading *r)
{
	return (r->told || r->number >= 0 || r->intent == INTENT_FORM ||
	    (r->command && r->words <= MO_SAID_COMMAND) ||
	    (r->intent == INTENT_REPORT && *r->code != '\0' &&
	    r->place != NULL));
}

/* By the clock of its centre: behind an outage all that was written for hours is
 * here at once. Where that is ahead, ours. */
static int64_t
mo_said_at(const struct item *item)
{
	return (item->scts != 0 && item->scts <= item->at ? item->scts :
	    item->at);
}

/* Faster than it can be typed. Who reports for others has a list. */
static bool
mo_said_quickly(const struct mo_citizen *c, const struct reading *r,
    int64_t passed)
{
	return (passed >= 0 && passed < MO_SAID_QUICK_US && !r->told &&
	    r->words > MO_SAID_TYPED && !c->conv.helper);
}

struct mo_said_count
mo_said_count(struct mo_citizen *c, const struct mo_text *t)
{
	const struct reading *r = &t->reading;
	uint64_t bare = mo_said_hash(t->plain, false);
	uint64_t words = mo_said_by_person(r) ?
	    mo_said_hash(t->plain, true) : bare;
	int64_t at = mo_said_at(&t->item), passed = at - c->said.at;
	struct mo_said_count *count = &c->said.count;
	bool known = count->same != 0;

	count->same = known && c->said.words == words && passed >= 0 &&
	    passed < MO_SAID_US ? count->same + 1 : 1;
	count->alike = known && c->said.bare == bare &&
	    mo_said_quickly(c, r, passed) ? count->alike + 1 : 1;
	c->said.words = words;
	c->said.bare = bare;
	c->said.at = at;
	return (*count);
}
