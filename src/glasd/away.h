/*
 * What is done while the database is away: danger is answered at once, a
 * report gets its receipt with a reference reserved beforehand, STOP holds.
 * All of it stands in the durable log and reaches the database later.
 */
#ifndef GLAS_AWAY_H
#define GLAS_AWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/record.h"
#include "text/answer.h"

struct away;
struct gateway;
struct outbox_reply;
struct pg_params;

/* All that is said while the database is away must arrive: what may have been
 * sent before a crash goes out once more. */
enum away_state {
	AWAY_WRITTEN,	/* in the log, and is in no link's hands */
	AWAY_TRIED,	/* was in a link's before a start: no result */
	AWAY_LIVE,	/* in the hands of mt, or its result is in the log */
	AWAY_HELD,	/* of before the database went backwards: what the log
			   has of it comes later */
	AWAY_SAVED	/* what the log had of it was for a row that was not
			   there: its text was put aside, or had not come */
};

/* One reply that was given. */
struct away_reply {
	int64_t		 mt;
	enum reply_kind	 kind;
	enum away_state	 state;
	bool		 told;		/* the network took it */
	int		 attempts;	/* before a start: the last refused, */
	char		 link[LINK_NAME_MAX]; /* or taken in part, by this one, */
	unsigned int	 taken;		/* these segments, a bit each */
	char		*text;
};

/* What a text was answered with. */
struct away_answer {
	uint8_t		 identity[SEAL_TOKEN_LEN];
	char		 reference[16];
	struct away_reply replies[ANSWER_REPLIES_MAX];
	unsigned int	 count;
	bool		 whole;		/* not only its danger, which is all
					   while it is in doubt */
	bool		 taken;		/* its text has left the log: its rows
					   are made when that is stored */
	bool		 restored;	/* out of the log, at start */
	bool		 counted;	/* and among what its person got */
	bool		 stop;		/* it says STOP; who did: */
	uint8_t		 token[SEAL_TOKEN_LEN];
	bool		 stored;	/* its text is: what was told is only to
					   take the place of its row, */
	unsigned int	 settling;	/* which the database is asked for
					   by this call, the last; 0: not */
};

/* For tdestroy(3). */
void		 away_answer_free(void *answer);

struct away	*away_new(struct gateway *);
void		 away_free(struct away *);

/* Each text that a link brings passes here; answered in this pass when the
 * database is away. */
void		 away_see(struct away *, const struct item *);
/* The database is about to hear what the log had of it at the start, and sends
 * again what was handed to nobody. */
void		 away_greeted(struct away *);
/* The database has been away for two seconds: what waits in memory and in the
 * log is answered. */
void		 away_begin(struct away *);
/* Now and then during an outage: when there is room again, what there was none
 * for is answered. */
void		 away_again(struct away *);
/* This text will not be stored soon, as if the database were away. */
void		 away_late(struct away *, const struct item *);
/* It will not be stored at all: its danger is told. */
void		 away_danger(struct away *, const struct item *);
/* Whether its words, or those of this part of it, tell of danger, which is not of
 * somebody whom nobody answers. */
bool		 away_urgent(const struct away *, const struct item *);
/* The text that this answers is stored, and its danger was not told: it is told
 * as when a link offers that text again. */
void		 away_tell(struct away *, const struct outbox_reply *);
/* The first call with away_said_params() that had no answer has one. Done: what
 * was told so has taken the place of its row. */
void		 away_settled(struct away *, bool done);
/* At start, for each item of the end of the log, stored or not: a link may
 * offer that text again, whose danger was told. */
void		 away_remember(struct away *, const struct item *);
/* At start, for each item of the log in order that may not be stored. */
void		 away_restore(struct away *, const struct item *);
/* Its text has left the log, on its way into the database. */
void		 away_taken(struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* Whether the row of that result is yet to be made, with the text that it
 * answers. Where no such text is on its way, the row is there, or will be made
 * as if the result were known. */
bool		 away_waits(struct away *, const struct item *result);
/* NULL when it was not answered. Valid until away_forget(). */
const struct away_answer *away_find(const struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* True when that was among it. */
bool		 away_said(const struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN], enum reply_kind);
/* The reply of that kind; NULL when it was not among it. As long valid. */
const struct away_reply *away_reply_of(const struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN], enum reply_kind);
/* That reply, which is about to be put into the outbox, tells of its danger,
 * which is not told again from the words alone, should the text be offered
 * again. */
void		 away_tells(struct away *, struct outbox_reply *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* It has left our hands, and the network did not take it. */
void		 away_untold(struct away *, const struct outbox_reply *);
/* Nor this time, and it tries again: whoever writes of danger meanwhile is told
 * at once. */
void		 away_refused(struct away *, const struct outbox_reply *);
/* Whether a text of that person that is not stored yet said STOP. */
bool		 away_stopped(const struct away *, const char *msisdn);
/* Whether a report of that person had its receipt during the last outage. */
bool		 away_confirmed(const struct away *,
		    const uint8_t token[SEAL_TOKEN_LEN]);
/* Whether nothing else that came before or during the last outage was answered
 * to that person after it, within a day; nor a report, of a receipt. True again
 * for the same text. */
bool		 away_first_overdue(struct away *,
		    const uint8_t token[SEAL_TOKEN_LEN],
		    const uint8_t identity[SEAL_TOKEN_LEN], bool receipt);
/* The network took all of that reply. */
void		 away_took(struct away *, const struct item *result);
/* The parameters of glas_gw.mt_said() from the second on: texts whose danger is
 * being told or was; before mt_recover(), which sorts them, also what was in
 * hand before the start. False when there are none, and nothing is added. */
bool		 away_said_params(struct away *, struct pg_params *,
		    bool sorted);
/* That text is stored, with a row of its own, and its danger is being told or
 * was: until away_settled(). False when it is not. */
bool		 away_stored(struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* It stands in the database now. */
void		 away_forget(struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);
/* For a text that is put aside: what it was answered with, as items; and those
 * items, when it comes back. */
void		 away_save(const struct away *,
		    const uint8_t identity[SEAL_TOKEN_LEN], struct buf *);
void		 away_saved(struct away *, const struct item *);
/* Texts that were answered and are not in the database. */
size_t		 away_count(const struct away *);

#endif
