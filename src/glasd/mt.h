/*
 * Texts to people, seen from outside: from the outbox to the links, and what
 * became of them.
 */
#ifndef GLAS_MT_H
#define GLAS_MT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "store/record.h"

struct gateway;
struct link;
struct mt;
struct pg_params;

/* States of a reply, as in glas.outbox. */
enum mt_state {
	MT_MORE,	/* (in results) other segments follow */
	MT_QUEUED,
	MT_INFLIGHT,
	MT_UNKNOWN,
	MT_ACCEPTED,
	MT_FAILED,
	MT_EXPIRED,
	MT_SUPPRESSED
};
#define MT_STATES (MT_SUPPRESSED + 1)
const char	*mt_state_name(enum mt_state);
/* Whether that is the end of an attempt, and the network did not take it. */
bool		 mt_is_unsent(enum mt_state);
/* Whether that result says: refused, and to go once more from here. */
bool		 mt_goes_again(const struct item *);

struct mt	*mt_new(struct gateway *);
void		 mt_free(struct mt *);

/* Events of links. */
void		 mt_link_ready(struct mt *, struct link *);
void		 mt_link_down(struct mt *, struct link *);
void		 mt_link_gone(struct mt *, struct link *);
int		 mt_submitted(struct mt *, struct link *, const json_t *)
		    __attribute__((warn_unused_result));
int		 mt_status_report(struct mt *, struct link *, const json_t *)
		    __attribute__((warn_unused_result));
/* Nothing waits for it that could go now. */
bool		 mt_link_idle(struct mt *, struct link *);
/* Why nothing goes through a link that is ready, in a word, or "". */
const char	*mt_link_trouble(struct mt *, struct link *);

/* How many replies came to that state since the start. */
uint64_t	 mt_results(const struct mt *, enum mt_state);
/* Replies in its queue; for how long none of them was begun, 0 when there are
 * none. */
unsigned int	 mt_link_waiting(struct mt *, struct link *);
int64_t		 mt_link_still_ms(struct mt *, struct link *);

/* In each pass: takes what is in the outbox, chooses what links with room get
 * next; intents go into the record; after it is durable (or not) they are
 * handed over. */
void		 mt_pick(struct mt *);
/* What may be handed over as soon as the intent is written. */
void		 mt_submit_repeatable(struct mt *);
void		 mt_submit(struct mt *, bool durable);

/* Out of the log. */
bool		 mt_intent_open(struct mt *, uint64_t record);
void		 mt_result_take(struct mt *, const struct item *, uint64_t);
void		 mt_report_take(struct mt *, const struct item *, uint64_t);
/* False while enough of these wait for the database. */
bool		 mt_outcomes_room(const struct mt *);
/* Sends results that wait to the database. */
void		 mt_outcomes_flush(struct mt *);

/* Claims from the outbox when links have room; `hint`: something was queued. */
void		 mt_load(struct mt *, bool hint);

/* The database is away: danger that it was to send again is told as if the text
 * were offered again. */
void		 mt_given_tell(struct mt *);

/* The log is read again: lets go of all that came from it, and of replies that
 * were not begun; the database has them as it knows them. */
void		 mt_forget(struct mt *);

/* At start: what the log says of replies of before. Then, at each connection,
 * the parameters of glas_gw.mt_recover() from the second on: what may have
 * been handed over before the start, and what this process has in hand. */
void		 mt_restore(struct mt *, uint64_t record, const struct item *);
void		 mt_recover_params(const struct mt *, struct pg_params *);
void		 mt_recovered(struct mt *);
/* Every now and then, of a database that answers: what it has in flight here and
 * nobody has is of unknown outcome. */
void		 mt_look(struct mt *);


size_t		 mt_inflight(const struct mt *);

#endif
