/*
 * Who stands where in the menus. Runs in glasd, owned by session.c; in memory,
 * bounded: whoever was seen longest ago goes first, and begins anew.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/session_private.h"
#include "lib/log.h"
#include "lib/mem.h"

#define SESSION_PEOPLE_MAX 10000

void
session_people_init(struct session_people *p)
{
	*p = (struct session_people){ .tree = NULL };
	TAILQ_INIT(&p->list);
}

static int
session_person_compare(const void *a, const void *b)
{
	const struct session_person *one = a, *other = b;

	return (memcmp(one->token, other->token, SEAL_TOKEN_LEN));
}

void
session_person_drop(struct session_people *p, struct session_person *person)
{
	tdelete(person, &p->tree, session_person_compare);
	TAILQ_REMOVE(&p->list, person, entry);
	p->count--;
	free(person);
}

void
session_people_clear(struct session_people *p)
{
	struct session_person *person;

	while ((person = TAILQ_FIRST(&p->list)) != NULL)
		session_person_drop(p, person);
}

/* The clock may have been set back: then they stay a little longer. */
static void
session_people_expire(struct session_people *p, int64_t now)
{
	struct session_person *person;

	while ((person = TAILQ_FIRST(&p->list)) != NULL &&
	    now - person->where.seen_at >= SESSION_RESUME_US)
		session_person_drop(p, person);
}

struct session_person *
session_person_find(struct session_people *p,
    const uint8_t token[SEAL_TOKEN_LEN], int64_t now)
{
	struct session_person key;
	void *const *node;

	session_people_expire(p, now);
	memcpy(key.token, token, SEAL_TOKEN_LEN);
	node = tfind(&key, &p->tree, session_person_compare);
	return (node != NULL ? *node : NULL);
}

struct session_person *
session_person_make(struct session_people *p,
    const uint8_t token[SEAL_TOKEN_LEN])
{
	struct session_person *person = xcalloc(1, sizeof *person);
	struct session_person **node;

	memcpy(person->token, token, SEAL_TOKEN_LEN);
	node = tsearch(person, &p->tree, session_person_compare);
	if (node == NULL)
		fatal("out of memory: where people stand in the menus");
	if (*node != person) {
		free(person);
		return (*node);
	}
	TAILQ_INSERT_TAIL(&p->list, person, entry);
	if (++p->count > SESSION_PEOPLE_MAX)
		session_person_drop(p, TAILQ_FIRST(&p->list));
	return (person);
}

void
session_person_seen(struct session_people *p, struct session_person *person,
    int64_t now)
{
	person->where.seen_at = now;
	TAILQ_REMOVE(&p->list, person, entry);
	TAILQ_INSERT_TAIL(&p->list, person, entry);
}
