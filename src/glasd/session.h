/*
 * USSD sessions: a link brings what somebody has typed and is told the next
 * screen. Where they stand outlives the session, and a restart.
 */
#ifndef GLAS_SESSION_H
#define GLAS_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/seal.h"
#include "store/record.h"

struct gateway;
struct link;
struct sessions;

struct sessions	*sessions_new(struct gateway *);
void		 sessions_free(struct sessions *);

/* A link says that something was typed, or that a session is over. -1: a field
 * cannot be, or it brings more than its window. */
int		 session_take(struct sessions *, struct link *,
		    const json_t *msg) __attribute__((warn_unused_result));
/* At the begin of a pass: who waits for a reference may have one now, and who
 * waited long enough goes on. */
void		 sessions_pump(struct sessions *);
/* At the end of it: screens that tell of what was taken down are shown when
 * that is durable; when not, the link keeps what was typed. */
void		 sessions_answer(struct sessions *, bool durable);
/* Nobody is there any more to be answered. */
void		 sessions_link_down(struct sessions *, const struct link *);
/* Who has had all erased begins anew: what they had typed is gone, too. */
void		 sessions_forget(struct sessions *,
		    const uint8_t token[SEAL_TOKEN_LEN]);
/* At start, for each item of the end of the log, in order. */
void		 sessions_restore(struct sessions *, const struct item *);

#endif
