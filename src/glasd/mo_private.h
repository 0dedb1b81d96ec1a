/* What the steps of the MO path share; see mo.c for their order. */
#ifndef GLAS_MO_PRIVATE_H
#define GLAS_MO_PRIVATE_H

#include <sys/queue.h>

#include "glasd/mo.h"
#include "sms/concat.h"
#include "sms/segment.h"
#include "store/pg.h"
#include "text/answer.h"
#include "text/mask.h"
#include "text/silence.h"

struct away_answer;
struct config;

#define MO_BATCH_MAX	200	/* texts a transaction */
#define MO_BATCHES_MAX	4	/* in flight, so that neither side waits */
#define MO_ERASED_MAX	256	/* whose limits are remembered */
#define MO_MET_MAX	32768	/* who is remembered to have written */
#define MO_SAID_MAX	2048	/* whose last words are */
#define MO_NO_SENDER	"no link sends texts"	/* why nothing goes out */

/* What a segment is within its batch. */
enum mo_role {
	MO_WHOLE,	/* a text by itself */
	MO_SEEN,	/* was here before: only counted */
	MO_PART,	/* waits for other segments */
	MO_LAST,	/* completes a long text, or time ran out for it */
	MO_LATE		/* of a long text that was closed without it */
};

/* One item on its way; the owner is the list that `entry` is on. */
struct mo_text {
	TAILQ_ENTRY(mo_text) entry;
	struct mo	*mo;		/* while alone, for quarantine */
	struct item	 item;		/* octets lead into `octets` */
	uint8_t		*octets;
	uint64_t	 record;	/* 0: not from the log */
	int64_t		 released;	/* row of quarantine, or 0 */
	int64_t		 due_group;	/* group whose time ran out, or 0 */
	bool		 due_crowded;	/* others took its place */
	struct buf	 due_items;	/* its segments */
	uint8_t		 token[SEAL_TOKEN_LEN];
	uint8_t		 optout[SEAL_TOKEN_LEN];
	struct udh	 udh;
	int64_t		 taken_at;	/* clock_mono_us, for the delays */
	bool		 away;		/* away.c has answered what it can */
	bool		 in_doubt;	/* stored by a call whose answer was
					   lost, or before a crash, or not */
	bool		 again;		/* was read before the database went
					   backwards */

	/* Made anew with each attempt. */
	enum mo_role	 role;
	unsigned int	 citizen;	/* place in the batch */
	unsigned int	 group;		/* place in the batch, + 1 */
	int64_t		 id;		/* message id, 0 for a part */
	unsigned int	 segments;
	char		*plain;		/* as it was written, to be read */
	char		*text;		/* as people read it: numbers masked */
	struct mask	 mask;		/* with these */
	struct buf	 original;	/* items as received */
	struct reading	 reading;
	char		 named[16];	/* a reference in the text, or "" */
	struct conversation_case asked;	/* the case that it may mean */
	char		*asked_text;	/* that asked.text points to */
	size_t		 behind;	/* where it goes on after the word for
					   a trial */
	bool		 report;
	bool		 test;		/* a trial: counts nowhere */
	bool		 postponed;	/* comes in the next batch */
	char		 reference[16];	/* its report, or that it is added to */
	char		 via[LINK_NAME_MAX]; /* link that its replies go by */
	const char	*silent;
	const char	*unsent;	/* why its answer is on a screen alone */
	const char	*note;
	unsigned int	 replies;
};
TAILQ_HEAD(mo_texts, mo_text);

/* What a person said last; times 0: nothing that is known. */
/* Times in a row. */
struct mo_said_count {
	unsigned int	 same;		/* the last words */
	unsigned int	 alike;		/* numbers aside, at once each time */
};

struct mo_said {
	uint8_t		 token[SEAL_TOKEN_LEN];
	uint64_t	 words;		/* a hash */
	uint64_t	 bare;		/* without numbers */
	int64_t		 at;
	struct mo_said_count count;
};

struct mo_citizen {
	uint8_t		 token[SEAL_TOKEN_LEN];
	uint8_t		 optout[SEAL_TOKEN_LEN];
	char		 msisdn[MSISDN_MAX];
	enum msisdn_kind kind;
	const char	*link;
	bool		 known;
	bool		 assumed;	/* to be new: nobody was asked */
	int		 version;
	bool		 has_copy;
	bool		 was_stopped;
	enum silence	 silence;
	bool		 block_due;	/* their block is to be written down */
	struct mo_said	 said;
	struct conversation conv;
	double		 hour_level, day_level;
	int64_t		 level_at;
	bool		 stale;		/* changed by somebody else meanwhile */
	bool		 erased;	/* by a text of this batch */
};

struct mo_reply {
	int64_t		 id;
	struct mo_text	*cause;
	enum reply_kind	 kind;
	char		*text;
	enum encoding	 encoding;
	unsigned int	 segments;
	const char	*state;
	const char	*reason;
	bool		 away;		/* was sent while the database was away */
	bool		 overdue;	/* answers a text of long ago */
	bool		 planned;	/* counted as spent, not yet handed over */
};

/* Something that is done beside storing and answering. */
struct mo_act {
	struct mo_text	*cause;
	enum act_kind	 kind;
	char		*key;
	char		*value;
};

struct mo_segment {
	uint8_t		 seq;
	struct item	 item;
	uint8_t		*octets;
};

struct mo_group {
	uint8_t		 token[SEAL_TOKEN_LEN];
	int		 ref;
	unsigned int	 max;
	int64_t		 id;		/* in the database; 0, -1, ... new */
	int64_t		 message;	/* closed by it, or 0 */
	bool		 fresh_close;	/* closed in this batch */
	char		 reference[16];	/* report of that message, or "" */
	struct mo_segment *segments;
	unsigned int	 count;
};

struct mo_batch {
	TAILQ_ENTRY(mo_batch) entry;
	struct mo	*mo;
	struct mo_texts	 texts;
	unsigned int	 text_count;
	struct mo_citizen *citizens;
	unsigned int	 citizen_count;
	struct mo_group	*groups;
	unsigned int	 group_count;
	struct mo_reply	*replies;
	unsigned int	 reply_count;
	struct mo_act	*acts;
	unsigned int	 act_count;
	size_t		 planned;	/* replies for the links' queues */
	bool		 has_segments;
	bool		 failed;
	char		 why[128];
	int64_t		 context_us, store_us;	/* when each was begun, or 0 */
};
TAILQ_HEAD(mo_batches, mo_batch);

/* Of somebody who had all erased; level_at 0: nobody. */
struct mo_erased {
	uint8_t		 token[SEAL_TOKEN_LEN];
	double		 hour_level, day_level;
	int64_t		 level_at;
};

struct mo {
	struct gateway	*gateway;
	struct mo_texts	 waiting;	/* read, in order, in no batch */
	size_t		 waiting_count;
	size_t		 aside_count;	/* on their way into quarantine */
	struct mo_batches running;
	unsigned int	 running_count;
	struct mo_batches halves;	/* of a batch that was refused */
	struct mo_texts	 locked;	/* whose rows somebody has locked */
	size_t		 locked_count;
	struct event	*retry_locked;	/* when they are tried again */
	struct event	*again;		/* after a temporary refusal */
	bool		 resting;	/* until `again` */
	struct mo_counts counts;
	int64_t		 moved_ms;	/* one was stored, or the first came */
	char		 why[128];	/* a batch went back last */
	struct mo_erased erased[MO_ERASED_MAX];
	unsigned int	 erased_next;
	struct mo_said	 said[MO_SAID_MAX];
	uint64_t	 met[MO_MET_MAX]; /* of their tokens */
	unsigned int	 due_running;	/* fetching, or texts it brought */
	bool		 due_more;	/* there may be others */
	unsigned int	 opened;	/* groups, since that was asked last */
	unsigned int	 released_running; /* fetching, or what it brought */
	bool		 released_more;	/* there may be others */
};

/*
 * Functions, by file in the order of mo.c.
 */

/* mo.c: to the head of the queue; who gives texts back begins with the last. */
void		 mo_wait_first(struct mo *, struct mo_text *);
/* No batch begins for a while. */
void		 mo_rest(struct mo *);
/* Sets a text aside for a while: others must not wait for its lock, nor danger
 * for the database. */
void		 mo_text_locked(struct mo *, struct mo_text *);
/* A text that is certainly not stored, and will not be soon: it is answered as
 * if the database were away. */
void		 mo_text_away(struct mo *, struct mo_text *);
/* A text is where it belongs: stored, or in quarantine. */
void		 mo_text_end(struct mo *, struct mo_text *, bool stored);
/* One was: the database works. */
void		 mo_moved(struct mo *);
/* Whether one of the texts in a batch that is not stored yet, or of the others
 * named, is what is asked for. */
bool		 mo_any(const struct mo *, const struct mo_texts *others,
		    bool (*is)(const struct mo_text *, const void *what),
		    const void *what);

/* mo_text.c */
/* Copies an item; its octets are the caller's. */
uint8_t		*mo_item_copy(const struct item *from, struct item *to);
struct mo_text	*mo_text_new(const struct item *, uint64_t record);
/* Needs the keys, and is not free: once for each text. */
void		 mo_text_tokens(struct mo *, struct mo_text *);
/* Forgets what the last attempt made of it. */
void		 mo_text_reset(struct mo_text *);
void		 mo_text_free(struct mo_text *);

/* mo_batch.c */
struct mo_batch	*mo_batch_new(struct mo *);
/* Forgets what the last attempt made of the texts. */
void		 mo_batch_reset(struct mo_batch *);
/* Out of those that run. */
void		 mo_batch_leave(struct mo_batch *);
/* Gives a batch up: its texts go back to the head of the queue. */
void		 mo_batch_retry(struct mo_batch *, const char *why);
/* Ends a batch whose texts have gone elsewhere. */
void		 mo_batch_free(struct mo_batch *);

/* The steps, each calls the next when it has what it needs. */
void		 mo_context_fetch(struct mo_batch *);
void		 mo_concat_join(struct mo_batch *);
void		 mo_answer(struct mo_batch *);
void		 mo_store(struct mo_batch *);

/* mo_met.c: whether this process has met somebody; from now on it has. */
bool		 mo_met(struct mo *, const uint8_t token[SEAL_TOKEN_LEN]);

/* mo_erased.c: at an erasure, and when the token is seen as somebody new. */
void		 mo_erased_note(struct mo *, const struct mo_citizen *);
void		 mo_erased_recall(struct mo *, struct mo_citizen *);

/* mo_said.c: with the context of a batch; how often the same was said in a row,
 * this text included; and when it is stored. */
void		 mo_said_recall(struct mo *, struct mo_citizen *);
struct mo_said_count mo_said_count(struct mo_citizen *,
		    const struct mo_text *);
void		 mo_said_keep(struct mo *, const struct mo_citizen *);

/* mo_concat.c */
/* The reference as the database keeps it: 16-bit ones from 65536 on. */
int		 mo_concat_ref(const struct udh *);
/* True for the first text of the batch with a segment of that long text: what
 * is here of it is fetched once. */
bool		 mo_concat_asks(const struct mo_batch *,
		    const struct mo_text *);
/* From the rows of glas_gw.mo_groups(). */
void		 mo_concat_known(struct mo_batch *, const struct pg_result *);
/* Every item that a text came in, for the sealed original. */
void		 mo_concat_original(const struct mo_batch *, struct mo_text *);
/* Opens a sealed segment; the octets are the caller's. NULL when it cannot. The
 * number is NULL where the token is known to be the right one. */
uint8_t		*mo_concat_open(struct mo *, const uint8_t *token,
		    const char *msisdn, const struct buf *sealed,
		    struct item *);

/* mo_groups.c: a batch is stored; long texts that it began may be too many. */
void		 mo_groups_opened(const struct mo_batch *);

/* mo_understand.c */
void		 mo_understand(struct mo_batch *, struct mo_text *);

/* mo_silence.c: why this text gets no answer whatever it says, or NULL. */
const char	*mo_silence_reason(const struct config *,
		    const struct mo_citizen *, const struct mo_text *);
/* Why it is taken for one that no person has written, or NULL. Counts it among
 * what they said: once for each text. */
const char	*mo_silence_machine(struct mo_citizen *,
		    const struct mo_text *);

/* mo_limits.c: the levels as they are now. */
void		 mo_limits_refill(struct mo_citizen *, const struct config *,
		    int64_t now);
/* Takes one reply out of the buckets; false when there is none left. Danger is
 * answered all the same. */
bool		 mo_limits_spend(struct mo_citizen *, const struct config *,
		    bool danger);

/* mo_reply.c: goes out now, if it may. */
void		 mo_reply(struct mo_batch *, struct mo_text *, enum reply_kind,
		    const char *text);
/* To a text of long ago. */
void		 mo_reply_overdue(struct mo_batch *, struct mo_text *,
		    enum reply_kind, const char *text);
/* Those that were sent while the database was away. */
void		 mo_reply_away(struct mo_batch *, struct mo_text *,
		    const struct away_answer *);
/* What the links' queues and the day have of it is theirs again. */
void		 mo_reply_unplan(struct mo_batch *, struct mo_reply *);
/* Whether none of the text's replies is suppressed. */
bool		 mo_reply_heard(const struct mo_batch *,
		    const struct mo_text *);
/* Until when a reply is of use: a day. */
int64_t		 mo_reply_expires(const struct mo_reply *);

/* mo_overdue.c: whether a text is of long ago; and whether this kind of reply is
 * the one that it, among those of its originator, is answered with. */
bool		 mo_overdue(const struct mo_text *);
bool		 mo_overdue_answers(const struct mo_batch *,
		    const struct mo_text *, enum reply_kind);

/* mo_store.c: "stop" or "start" when a text of the batch said so, else "". */
const char	*mo_citizen_stop(const struct mo_citizen *);
/* Sends the call of a batch. */
void		 mo_store_send(const struct mo_batch *, pg_done, void *arg);

/* mo_stored.c: the answer to the call of a batch. */
void		 mo_stored(void *batch, const struct pg_result *);

/* mo_refused.c: the answer is an error. */
void		 mo_refused(struct mo_batch *, const struct pg_result *);
/* The same, to the question what is known of who wrote: b->why. */
void		 mo_refused_context(struct mo_batch *);

/* mo_quarantine.c: takes a text that is in no batch any more. */
void		 mo_quarantine(struct mo *, struct mo_text *,
		    const char *reason);

/* mo_released.c: what was in quarantine is stored, or there again. */
void		 mo_released_end(struct mo *, const struct mo_text *,
		    bool stored);

#endif
