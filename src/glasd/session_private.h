/*
 * Between session.c, session_input.c, session_ask.c, session_log.c and
 * session_people.c.
 */
#ifndef GLAS_SESSION_PRIVATE_H
#define GLAS_SESSION_PRIVATE_H

#include <sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/seal.h"
#include "sms/msisdn.h"
#include "store/record.h"
#include "text/ussd.h"

struct event;
struct gateway;
struct pg_result;

#define SESSION_RESUME_US (INT64_C(600) * 1000000)
#define SESSION_EARLIER	8	/* hops that may come again out of order */

/* Where somebody stands. What they typed is not kept, only a hash and, where the
 * network tells all of it, how much it was: enough to tell what comes behind
 * it, or again. */
struct session_where {
	int64_t		 seen_at;	/* wall clock, us */
	uint64_t	 session;	/* a hash; 0: none is open */
	size_t		 typed_len;	/* 0 where it tells the last alone */
	uint64_t	 typed;
	uint64_t	 earlier[SESSION_EARLIER]; /* newest first; not in the
					   log */
	bool		 over;		/* the network has said so */
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

enum session_stage {
	SESSION_CONTEXT,	/* the database is asked who it is, or
				   will be when it is there */
	SESSION_CASE,		/* and about a report */
	SESSION_NUMBER,		/* and for references: just after the start */
	SESSION_AGAIN,		/* brought while it waits: answered as that is */
	SESSION_SHOWN		/* when what it tells of is durable */
};

/* One thing that was typed. */
struct session_hop {
	TAILQ_ENTRY(session_hop) entry;
	struct sessions	*sessions;
	uintptr_t	 number;	/* the database is told it, not where */
	enum session_stage stage;
	char		 link[LINK_NAME_MAX];
	char		*id, *session, *input;
	bool		 cumulative;	/* the input is all since the start */
	char		 msisdn[MSISDN_MAX];
	enum msisdn_kind kind;
	uint8_t		 token[SEAL_TOKEN_LEN];
	struct event	*timer;
	bool		 asked;
	bool		 late;		/* no answer came in time */
	bool		 unanswered;	/* so; nothing more is asked */
	uintptr_t	 first;		/* that it is again */
	bool		 new;		/* nobody stood anywhere before */
	struct session_where before;
	struct ussd_step step;		/* that waits for a reference */
	char		*screen;
	bool		 ends;
};
TAILQ_HEAD(session_hops, session_hop);

struct sessions {
	struct gateway	*gateway;
	struct session_people people;
	struct session_hops hops;
	uintptr_t	 turn;
};

/* session.c: an answer is there, NULL when none came. */
void	 session_told(struct session_hop *, const struct pg_result *);

/* session_input.c: whether the hop is of the session that is theirs. */
bool	 session_input_same(const struct session_hop *,
	    const struct session_where *);
/* Whether it is of that session, and was done. */
bool	 session_input_repeats(const struct session_hop *,
	    const struct session_where *);
/* Whether a session begins with this hop; it is theirs now. */
bool	 session_input_begins(const struct session_hop *,
	    struct session_where *);
/* What is new of the input. *all: it may be several choices, from the start
 * on. */
const char *session_input_rest(const struct session_hop *,
	    struct session_where *, bool begins, bool *all);
/* The session of the hop is over, if it is theirs. */
void	 session_input_end(const struct session_hop *,
	    struct session_where *);

/* session_ask.c: whether an answer may come in time. */
bool	 session_can_ask(const struct session_hop *);
/* Whether it may be asked soon. */
bool	 session_may_ask(const struct session_hop *);
/* NULL when it was answered. */
struct session_hop *session_hop_find(struct sessions *, uintptr_t number);
/* `reference`: "" their newest, NULL none. */
void	 session_ask(struct session_hop *, const char *reference);
/* session_told() is called when the time is over, which runs from the first of
 * these. */
void	 session_wait(struct session_hop *);
void	 session_late(int fd, short what, void *hop);

/* session_log.c */
void	 session_keep(struct session_hop *, const struct session_person *);
/* What batches in flight may need stays for them. */
bool	 session_reference(struct sessions *, char reference[16]);
/* As if it had come as a text. */
void	 session_tell(const struct session_hop *, const struct session_where *,
	    const struct ussd_step *);

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
