/*
 * Where MO and MT meet inside the gateway: replies that stand in the outbox of
 * the database as ours, on their way to the links' queues. Bounded; what does
 * not fit stays in the database and is claimed later.
 */
#ifndef GLAS_OUTBOX_H
#define GLAS_OUTBOX_H

#include <sys/queue.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/record.h"
#include "text/answer.h"

struct outbox;

/* A claimed reply. */
struct outbox_reply {
	TAILQ_ENTRY(outbox_reply) entry;
	int64_t		 id;
	char		 link[LINK_NAME_MAX];
	char		 recipient[MSISDN_MAX];
	char		*text;
	int		 priority;	/* 0 goes first */
	bool		 must_arrive;	/* sent once more when the outcome of
					   the first attempt is unknown */
	bool		 stays;		/* by its own link alone */
	bool		 unasked;	/* not sent after STOP */
	bool		 away;		/* answers a text of which the database
					   does not know yet */
	enum reply_kind	 kind;		/* an automatic reply, to the text: */
	uint8_t		 cause[SEAL_TOKEN_LEN]; /* of that identity, or zeros */
	char		 reference[16];	/* of the report that it made, or "" */
	struct buf	 tells;		/* of danger: in answer to texts of
					   these identities */
	bool		 said;		/* by another, while this one waited for
					   the database */
	int		 attempts;
	unsigned int	 taken;		/* segments that the network has taken
					   from this link before, a bit each */
	int64_t		 expires_at;	/* wall clock, us; 0 never */
	int64_t		 day_ends_at;	/* not begun from then on; the same */
};

struct outbox	*outbox_new(void);
void		 outbox_free(struct outbox *);

/* Danger first, then receipts and dialog; what comes behind is queued by the
 * database: glas_data.queue(). */
int		 outbox_priority(enum reply_kind);
/* A repeated receipt does no harm; a missing one does. */
bool		 outbox_must_arrive(enum reply_kind);

/* The identity of the text that it answers, as far as it is known: of all
 * automatic replies on their first attempt, of danger always; or zeros. */
void		 outbox_answers(const struct outbox_reply *,
		    uint8_t identity[SEAL_TOKEN_LEN]);
/* A new reply, to be filled in and put. */
struct outbox_reply *outbox_reply_new(int64_t id, const char *link,
		    const char *recipient, const char *text);
void		 outbox_reply_free(struct outbox_reply *);
void		 outbox_put(struct outbox *, struct outbox_reply *);
/* The next one, now the caller's; NULL when there is none. */
struct outbox_reply *outbox_next(struct outbox *);
/* One that was taken is settled: there is room for another. */
void		 outbox_settled(struct outbox *);

/* That person said STOP: what they did not ask for is not to be sent. */
void		 outbox_stop(struct outbox *, const char *msisdn);
/* The next such person, of whom the links' queues do not know; false when there
 * is none. */
bool		 outbox_next_stop(struct outbox *, char msisdn[MSISDN_MAX]);

/* How many more may be in memory, here and in the links' queues. What tells of
 * danger has room beyond that of the rest, which does not keep it waiting. */
size_t		 outbox_room(const struct outbox *, bool danger);
size_t		 outbox_count(const struct outbox *);

/* The database has queued replies that did not fit here. */
void		 outbox_left(struct outbox *, bool);
bool		 outbox_has_left(const struct outbox *);

#endif
