/*
 * Texts from people, seen from outside: what links bring goes into the durable
 * log, what comes out of the log goes, batch by batch, into the database.
 */
#ifndef GLAS_MO_H
#define GLAS_MO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "store/record.h"

struct gateway;
struct mo;

struct mo	*mo_new(struct gateway *);
void		 mo_free(struct mo *);

/* From a link: into the record of this pass. -1: a field cannot be. */
int		 mo_receive(struct gateway *, const char *link,
		    const json_t *msg) __attribute__((warn_unused_result));
/* Whether it is a text that tells of danger. */
bool		 mo_is_urgent(struct gateway *, const char *link,
		    const json_t *msg);
int		 mo_receive_raw(struct gateway *, const char *link,
		    const json_t *msg) __attribute__((warn_unused_result));
void		 mo_receive_call(struct gateway *, const char *link,
		    const json_t *msg);

/* From the log. Copies the item; journal_done() follows some time. */
void		 mo_take(struct mo *, const struct item *, uint64_t record);
/* False while enough is in memory. */
bool		 mo_room(const struct mo *);
/* Lets go of all that came from the log, which is read again. Only when no call
 * is under way. */
void		 mo_forget(struct mo *);
/* Other keys are in use: people have other tokens. Only when no call is under
 * way. */
void		 mo_keys_changed(struct mo *);
/* Starts batches if it can; called whenever something changed. */
void		 mo_pump(struct mo *);
/* All that there is to do is one batch, and the database, which has it, is
 * prompt. */
bool		 mo_alone(const struct mo *);
/* Fetches long texts that waited long enough for their missing segments. */
void		 mo_groups_due(struct mo *);
/* Fetches what people have let out of quarantine. */
void		 mo_released_fetch(struct mo *);
/* How long texts have waited since one was stored last; 0 when none waits. */
int64_t		 mo_waits_ms(const struct mo *);
/* Calls back for each text in memory, in no order but that of each person;
 * `in_doubt`: it may be stored. */
void		 mo_each(struct mo *, void (*)(void *arg, const struct item *,
		    bool in_doubt), void *arg);
/* Whether a text of the log up to that record is on its way into the database;
 * not those that wait for rows that somebody has locked. */
bool		 mo_owes(const struct mo *, uint64_t record);
/* What became of texts since the start. */
struct mo_counts {
	uint64_t	 stored;
	uint64_t	 seen;		/* once more, and only counted */
	uint64_t	 quarantined;
	int64_t		 stored_after_us; /* from the log, of all together */
};
const struct mo_counts *mo_counts(const struct mo *);

/* Texts in memory, for the status. */
size_t		 mo_count(const struct mo *);
/* Of those, how many wait for rows that somebody has locked. */
size_t		 mo_locked(const struct mo *);

#endif
