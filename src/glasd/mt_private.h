/* What the steps of the MT path share; see mt.c for their order. */
#ifndef GLAS_MT_PRIVATE_H
#define GLAS_MT_PRIVATE_H

#include <sys/queue.h>

#include "glasd/mt.h"
#include "glasd/outbox.h"
#include "sms/cause.h"
#include "sms/segment.h"

#define MT_CLAIM_MAX	200	/* claimed for one link at once, */
#define MT_CLAIM_DANGER	20	/* of a link that takes danger alone */
#define MT_RESULTS_MAX	300	/* results, or reports, a call */
#define MT_OUTCOMES_MAX	2000	/* read ahead from the log */
#define MT_REST_MS	1000	/* when the database refuses */
/* Of a segment in the network, minutes: until the reply expires, in these
 * bounds. */
#define MT_VALIDITY_MIN	5
#define MT_VALIDITY_MAX	1440
#define MT_PRIORITIES	5
#define MT_ANSWER_MS	660000	/* a link may be busy for ten minutes */
#define MT_HANGS_MS	15000	/* danger does not wait for it */
#define MT_LATE_MS	3600000	/* an answer is no talk any more */
#define MT_MR_NONE	(-1)	/* not taken by the network */
#define MT_MR_UNTOLD	256	/* taken, under a reference that it kept */

/* Causes that are no code of the network. */
enum mt_cause {
	MT_CAUSE_NONE = 0,
	MT_CAUSE_PLAIN = -1,	/* an error without a code */
	MT_CAUSE_NO_NUMBER = -2, /* the reply copy cannot be opened */
	MT_CAUSE_STOPPED = -3,	/* the person said STOP */
	MT_CAUSE_TOO_LONG = -4,
	MT_CAUSE_LINK_GONE = -5,
	MT_CAUSE_SAID = -6,	/* while the database did not answer */
	MT_CAUSE_SPENT = -7,	/* the segments of the day are */
	MT_CAUSE_SILENCED = -8,	/* the person is not answered */
	MT_CAUSE_BLOCKED = -9,	/* nor is the number, ever */
	MT_CAUSE_PREFIX = -10,	/* numbers of its kind are not written to */
	MT_CAUSE_LINK_AWAY = -11, /* its link could not send for long */
	MT_CAUSE_LINK_SPENT = -12, /* the segments of its link are */
	MT_CAUSE_NIGHT = -13	/* nobody waits for it: it goes by day */
};

/* A reply in the hands of a link's queue; the owner is the list it is on. */
struct mt_reply {
	TAILQ_ENTRY(mt_reply) entry;
	struct mt_link	*link;
	struct outbox_reply *row;
	struct segments	*segments;	/* made when its turn comes */
	unsigned int	 next;		/* segment to hand over, from 0 */
	unsigned int	 outstanding;	/* handed over, outcome not known */
	int		 again;		/* attempts that the database does not
					   know of */
	int64_t		 due_ms;	/* the next, clock_mono_ms; 0: now */
	enum mt_state	 worst;		/* of the segments so far */
	int32_t		 cause;
	uint64_t	 intent[SEGMENTS_MAX];	/* record; 0: none open */
};
TAILQ_HEAD(mt_replies, mt_reply);

/* What waits for and lies with one link. */
struct mt_link {
	TAILQ_ENTRY(mt_link) entry;
	struct link	*link;
	struct mt_replies waiting[MT_PRIORITIES];
	struct mt_replies flying;
	unsigned int	 waiting_count;
	unsigned int	 outstanding;	/* segments */
	int64_t		 next_ms;	/* by its rate; clock_mono_ms */
	int64_t		 heard_ms;	/* handed over first, or answered last */
	unsigned int	 refusals;	/* in a row, of texts that are not to
					   blame; to: */
	char		 refused[MSISDN_MAX];
	unsigned int	 doubts;	/* the same, whoever it was to; the last: */
	enum cause_class refused_class;
	int64_t		 rest_ms;	/* nothing goes before; clock_mono_ms */
	int64_t		 hasten_ms;	/* until then what it refused goes at
					   once; clock_mono_ms */
	int64_t		 able_ms;	/* it could send; clock_mono_ms */
	int64_t		 still_ms;	/* one that waited was begun, or the
					   first came; clock_mono_ms */
};

/* A segment whose intent is in the record of this pass. */
struct mt_handing {
	struct mt_reply	*reply;
	unsigned int	 segment;	/* from 0 */
};

/* A result on its way from the log to the database. */
struct mt_outcome {
	TAILQ_ENTRY(mt_outcome) entry;
	struct item	 item;
	uint64_t	 record;
	uint64_t	 behind;	/* a report that came early: that one has
					   the result, or a later one */
};
TAILQ_HEAD(mt_outcomes, mt_outcome);

/* An intent or a final result from before the start. */
struct mt_known {
	int64_t		 id;
	size_t		 place;		/* in the log */
	bool		 refused;	/* and was to go again from here */
	bool		 settled;	/* by the result of this attempt: */
	int		 attempts;
};

/* Replies whose result is on its way, or that are in our hands, each with its
 * attempt: a later one of that reply is not known of here. */
struct mt_settled {
	struct mt_settled_one {
		int64_t	 id;
		int	 attempts;
	}		*one;
	size_t		 count, room;
};

struct mt {
	struct gateway	*gateway;
	TAILQ_HEAD(, mt_link) links;
	struct mt_handing *handing;
	unsigned int	 handing_count, handing_room;
	bool		 result_fresh;	/* one is not durable yet */
	struct mt_outcomes results, results_sent;
	struct mt_outcomes results_early; /* their row is made with a text that
					     is not stored yet */
	struct mt_outcomes reports, reports_sent;
	TAILQ_HEAD(, mt_given) given;
	unsigned int	 given_count;
	uint64_t	 came_to[MT_STATES];
	unsigned int	 outcome_count;	/* on all of these */
	unsigned int	 a_call;	/* of them that one call takes */
	struct event	*timer;		/* rates, next due reply */
	int64_t		 timer_ms;
	int64_t		 rest_ms;	/* no calls before; clock_mono_ms */
	int64_t		 spent_day;	/* what a reply found the cap reached */
	int		 spent_cap;
	bool		 claiming, claim_again;
	bool		 claim_all;	/* not of danger alone */
	bool		 recovered;	/* rows of before the start are sorted */
	uint64_t	 restored;	/* newest record of before the start */
	struct mt_known	*known;		/* what the log said of them then */
	size_t		 known_count;
	struct mt_settled missed;	/* mt_lost.c: in nobody's hands, once */
	bool		 looking;
	int64_t		 look_ms;	/* again; clock_mono_ms */
};

/* mt.c */
/* Takes everything that the outbox has for the links, and takes back what
 * people said STOP to. */
void		 mt_collect(struct mt *);
struct mt_link	*mt_link_of(struct mt *, struct link *);
/* Looks into the outbox after so long, or earlier. */
void		 mt_after(struct mt *, int64_t ms);
/* Takes a reply off its lists and forgets it. */
void		 mt_reply_end(struct mt *, struct mt_reply *);

/* The same, but for its row: mt_given.c. */
void		 mt_reply_give(struct mt *, struct mt_reply *);

/* Of which nothing is outstanding: its row is queued again. */
void		 mt_reply_back(struct mt *, struct mt_reply *, enum mt_cause);
/* Its segments that the network has not taken count as spent (1), or are given
 * back (-1). */
void		 mt_reply_spend(struct mt *, const struct mt_reply *, int sign);

/* It goes before everything else, and by whatever link there is. */
bool		 mt_is_danger(const struct mt_reply *);
/* To the queue of that link, to be begun with; nothing of it is outstanding. */
void		 mt_reply_anew(struct mt_reply *, struct mt_link *);
/* The same, to the queue of another link. */
void		 mt_reply_move(struct mt *, struct mt_reply *,
		    struct mt_link *);
/* The database does not send it again, if it is given back now: it is away, or
 * has no row of that number. */
bool		 mt_is_alone(const struct mt *, const struct mt_reply *);

/* mt_failover.c: what waits for a link that cannot send goes another way. */
void		 mt_failover(struct mt *);
/* It cannot send now; it could not for `failover-after`. */
bool		 mt_stranded(struct mt *, const struct mt_link *);
bool		 mt_stranded_long(const struct mt_link *);

/* mt_load.c: a link could take more than danger. */
bool		 mt_load_may(struct mt *);

/* mt_rest.c: a link that takes nothing rests. What the network said of a
 * reply; whether a link rests now; whether it does until one is accepted. */
void		 mt_rest_accepted(struct mt *, struct mt_link *);
/* Before a claim: the database lets danger go by those whose rest is over. */
void		 mt_rest_hasten(struct mt *);
void		 mt_rest_refused(struct mt *, const struct mt_reply *,
		    int32_t cause);
bool		 mt_rests(struct mt *, const struct mt_link *);
bool		 mt_rest_is_due(const struct mt_link *);
/* Nobody is there to refuse anything: the link says so, and when somebody is. */
bool		 mt_rest_nobody(const struct mt_link *);

/* mt_segment.c: cuts the text; false when it does not fit. */
bool		 mt_segment(struct mt_reply *);
/* The one to hand over next, from that one on. */
void		 mt_segment_next(struct mt_reply *, unsigned int from);

/* mt_given.c: danger that the database is to send again. Takes the row; it was
 * claimed; nothing of it counts any more. */
void		 mt_given_keep(struct mt *, struct outbox_reply *);
void		 mt_given_claimed(struct mt *, int64_t id);
void		 mt_given_forget(struct mt *);

/* mt_recover.c: adds one; adds all that are here. */
void		 mt_settled_add(struct mt_settled *, int64_t id, int attempts);
void		 mt_recover_here(const struct mt *, struct mt_settled *);

/* mt_outcome.c: the segments of a reply that the network has taken from that
 * link, a bit each, by results on their way to the database. */
unsigned int	 mt_outcomes_taken(const struct mt *, int64_t id,
		    const char *link);

/* mt_status.c: writes down what became of a segment (from 0), or, with
 * segment -1, of a reply that was never handed over. */
void		 mt_settle(struct mt *, struct mt_reply *, int segment,
		    enum mt_state, int32_t mr, int32_t cause);

#endif
