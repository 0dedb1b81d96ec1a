/*
 * A database that has gone backwards, restored from a backup or taken over by a
 * standby that lacks the last commits: found when it is connected to. What it
 * would send is held, and the log is read again from where it knows it.
 */
#ifndef GLAS_REWOUND_H
#define GLAS_REWOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/seal.h"

#define REWOUND_REASON "rewound database"	/* of a reply that is held */

struct away_answer;
struct gateway;
struct rewound;

struct rewound	*rewound_new(struct gateway *);
/* Writes down what is known, for the next start. */
void		 rewound_free(struct rewound *);

/* Writes it down again: the file may be gone. */
void		 rewound_keep(struct rewound *);
/* The connection is lost: all that was answered is written down, should this
 * process end before the next one. */
void		 rewound_lost(struct rewound *);

/* The database is connected to, and is one of ours: looks whether it is as new
 * as it was, and sees to it when it is not; then calls back, or the connection
 * ends. */
void		 rewound_greet(struct rewound *, void (*go)(void *arg),
		    void *arg);
/* A call that changes something was answered: the database must not forget it.
 * Never more often than the call itself counts. */
void		 rewound_called(struct rewound *);
/* Each second while the database is there. */
void		 rewound_tick(struct rewound *);
/* Now and then: what is known is renewed. */
void		 rewound_remember(struct rewound *);

/* What a text that is read again was answered with, by the log; NULL when that
 * has nothing. */
const struct away_answer *rewound_told(const struct rewound *,
		    const uint8_t identity[SEAL_TOKEN_LEN]);

/* Whether a text of that record, or of one before it, is read again and not yet
 * stored: rows of its replies may not be there. */
bool		 rewound_owes(const struct rewound *, uint64_t record);

/* Since when the outbox is held, wall clock, or 0; whether the log is read
 * again still. */
int64_t		 rewound_since(const struct rewound *);
bool		 rewound_reading(const struct rewound *);
/* Lets go what is held. NULL, or why not. */
const char	*rewound_resume(struct rewound *);

#endif
