/*
 * Between session.c and session_people.c.
 */
#ifndef GLAS_SESSION_PRIVATE_H
#define GLAS_SESSION_PRIVATE_H

#include <sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/seal.h"
#include "text/ussd.h"

#define SESSION_RESUME_US (INT64_C(600) * 1000000)

/* Where somebody stands. What they typed is not kept, only how much it was and
 * a hash of it: enough to tell what comes behind it. */
struct session_where {
	int64_t		 seen_at;	/* wall clock, us */
	uint64_t	 session;	/* a hash; 0: none is open */
	size_t		 typed_len;
	uint64_t	 typed;
	unsigned int	 told;		/* texts taken down in it */
	struct ussd_state state;
};

struct session_person {
	TAILQ_ENTRY(session_person) entry;
	uint8_t		 token[SEAL_TOKEN_LEN];
	struct session_where where;
};

/* Who was seen longest ago comes first. */
struct session_people {
	void		*tree;		/* of tsearch(3), by token */
	TAILQ_HEAD(session_list, session_person) list;
	size_t		 count;
};

/* session_people.c */
void	 session_people_init(struct session_people *);
void	 session_people_clear(struct session_people *);
/* NULL when they were not here in the last ten minutes. */
struct session_person *session_person_find(struct session_people *,
	    const uint8_t token[SEAL_TOKEN_LEN], int64_t now);
/* The one of that token, new unless they are there; the oldest makes room. */
struct session_person *session_person_make(struct session_people *,
	    const uint8_t token[SEAL_TOKEN_LEN]);
/* They were seen. */
void	 session_person_seen(struct session_people *,
	    struct session_person *, int64_t now);
void	 session_person_drop(struct session_people *,
	    struct session_person *);

#endif
