/*
 * What the database knows of who is in a USSD session. Runs in glasd, called by
 * session.c; owns a question until its answer is there, which may come late, or
 * to a hop that is gone.
 */
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/session_private.h"
#include "lib/mem.h"
#include "store/pg.h"

#define SESSION_ASK_MS	1000	/* half of what an answer may take */

static const char session_statement[] =
    "select lang, cyrillic, asked, status, status_at, silence"
    " from glas_gw.mo_context($1, $2, $3, $4)";

bool
session_can_ask(const struct session_hop *hop)
{
	const struct gateway *g = hop->sessions->gateway;

	/* While keys are replaced, a person may be known by the one before. */
	return (!hop->unanswered && database_ready(g->database) &&
	    !database_away(g->database) && !seal_keys_two(g->keys));
}

/* At a start, or when its line is lost: it may be there in a moment. */
bool
session_may_ask(const struct session_hop *hop)
{
	const struct gateway *g = hop->sessions->gateway;

	return (!database_ready(g->database) && !database_away(g->database));
}

struct session_hop *
session_hop_find(struct sessions *ss, uintptr_t number)
{
	struct session_hop *hop;

	TAILQ_FOREACH(hop, &ss->hops, entry) {
		if (hop->number == number)
			break;
	}
	return (hop);
}

/* An answer names the hop, which may be gone. */
struct session_question {
	struct sessions	*sessions;
	uintptr_t	 number;
	enum session_stage stage;	/* that it was asked in */
};

static void
session_got(void *arg, const struct pg_result *r)
{
	struct session_question *q = arg;
	struct session_hop *hop = session_hop_find(q->sessions, q->number);
	enum session_stage stage = q->stage;

	free(q);
	if (hop != NULL && hop->stage == stage)
		session_told(hop, pg_ok(r) && pg_rows(r) == 1 ? r : NULL);
}

/* The pass after this event goes on without an answer: a hop is not freed in
 * the callback of its own timer. */
void
session_late(evutil_socket_t fd, short what, void *arg)
{
	struct session_hop *hop = arg;

	(void)fd;
	(void)what;
	hop->late = true;
}

void
session_wait(struct session_hop *hop)
{
	const struct timeval tv = { .tv_sec = SESSION_ASK_MS / 1000,
		.tv_usec = SESSION_ASK_MS % 1000 * 1000 };

	if (!evtimer_pending(hop->timer, NULL))
		evtimer_add(hop->timer, &tv);
}

void
session_ask(struct session_hop *hop, const char *reference)
{
	struct sessions *ss = hop->sessions;
	struct session_question *q = xcalloc(1, sizeof *q);
	uint8_t optout[SEAL_TOKEN_LEN], nothing[SEAL_TOKEN_LEN] = { 0 };
	struct pg_params p = { 0 };

	*q = (struct session_question){ .sessions = ss,
		.number = hop->number, .stage = hop->stage };
	seal_token(ss->gateway->keys, SEAL_OPTOUT, hop->msisdn,
	    strlen(hop->msisdn), optout);
	pg_array(&p, PG_BYTEA);
	pg_item_bytes(&p, hop->token, SEAL_TOKEN_LEN);
	pg_array(&p, PG_BYTEA);
	pg_item_bytes(&p, optout, SEAL_TOKEN_LEN);
	pg_array(&p, PG_BYTEA);
	pg_item_bytes(&p, nothing, sizeof nothing);
	pg_array(&p, PG_TEXT);
	if (reference != NULL)
		pg_item_text(&p, reference);
	else
		pg_item_null(&p);
	hop->asked = true;
	session_wait(hop);
	pg_pipe_send(database_pipe(ss->gateway->database), session_statement,
	    &p, session_got, q);
	pg_params_clear(&p);
}
