/*
 * A batch that the database did not store, or of whose people it did not say what
 * it knows. Runs in glasd, called by mo_stored and mo_context. What it refuses for its contents is halved until the bad text stands alone,
 * which goes to quarantine with its SQLSTATE. Likewise, when a row is locked,
 * until the text that needs it waits apart from others; but where a batch of
 * nothing is not let in either, somebody holds a whole table, and there is
 * nothing to look for. What it refuses for reasons of its own is tried again.
 */
#include <stdio.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "store/pg.h"

#define MO_LOCKED "55P03" /* lock_not_available */

/* Errors that come from what is in the texts, by class of SQLSTATE: data
 * exception, constraint violation, program limit. */
static bool
mo_refused_contents(const char *sqlstate)
{
	return (strncmp(sqlstate, "22", 2) == 0 ||
	    strncmp(sqlstate, "23", 2) == 0 ||
	    strncmp(sqlstate, "54", 2) == 0);
}

/* Somebody has locked a row that a text of the batch needs: a lock that was
 * not got, a deadlock, a statement that took too long. */
static bool
mo_refused_lock(const char *sqlstate)
{
	return (strcmp(sqlstate, MO_LOCKED) == 0 ||
	    strcmp(sqlstate, "40P01") == 0 || strcmp(sqlstate, "57014") == 0);
}

static void
mo_refused_alone(struct mo_batch *b, const char *sqlstate)
{
	struct mo_text *t = TAILQ_FIRST(&b->texts);
	char reason[64];

	TAILQ_REMOVE(&b->texts, t, entry);
	snprintf(reason, sizeof reason, "the database refused it: %s",
	    sqlstate);
	if (mo_refused_lock(sqlstate)) {
		mo_text_locked(b->mo, t);
	} else {
		/* Until people look at it may be days. */
		if (t->record != 0)
			away_danger(b->mo->gateway->away, &t->item);
		mo_quarantine(b->mo, t, reason);
	}
	mo_batch_free(b);
}

static void
mo_refused_halve(struct mo_batch *b, const char *sqlstate)
{
	struct mo *mo = b->mo;
	struct mo_batch *half;

	mo_batch_reset(b);
	mo_batch_leave(b);
	if (b->text_count == 1) {
		mo_refused_alone(b, sqlstate);
		return;
	}
	half = mo_batch_new(mo);
	while (half->text_count < b->text_count) {
		struct mo_text *t = TAILQ_LAST(&b->texts, mo_texts);

		TAILQ_REMOVE(&b->texts, t, entry);
		TAILQ_INSERT_HEAD(&half->texts, t, entry);
		half->text_count++;
		b->text_count--;
	}
	TAILQ_INSERT_HEAD(&mo->halves, half, entry);
	TAILQ_INSERT_HEAD(&mo->halves, b, entry);
}

void
mo_refused_context(struct mo_batch *b)
{
	struct mo *mo = b->mo;
	char sqlstate[6];

	snprintf(sqlstate, sizeof sqlstate, "%.5s", b->why);
	/* A constraint is met by nothing that is read, but by a race. */
	if (!mo_refused_contents(sqlstate) || strncmp(sqlstate, "23", 2) == 0) {
		mo_batch_retry(b, b->why);
		return;
	}
	mo_refused_halve(b, sqlstate);
	mo_pump(mo);
}

static void
mo_refused_again(struct mo_batch *b, const struct pg_result *r)
{
	struct database *database = b->mo->gateway->database;
	struct mo_text *t;

	if (database_away(database)) {
		TAILQ_FOREACH(t, &b->texts, entry)
			mo_text_away(b->mo, t);
	}
	mo_batch_retry(b, pg_error(r));
	database_failed(database, DATABASE_TEXTS, r);
}

static void
mo_refused_asked(void *arg, const struct pg_result *r)
{
	struct mo_batch *b = arg;
	struct mo *mo = b->mo;

	if (pg_ok(r))
		mo_refused_halve(b, MO_LOCKED);
	else
		mo_refused_again(b, r);
	mo_pump(mo);
}

/* Whether it is a row or a table: a batch of nothing needs no row. */
static void
mo_refused_ask(struct mo_batch *b)
{
	struct mo_batch nothing = { .mo = b->mo };

	TAILQ_INIT(&nothing.texts);
	mo_store_send(&nothing, mo_refused_asked, b);
}

void
mo_refused(struct mo_batch *b, const struct pg_result *r)
{
	struct mo *mo = b->mo;
	struct mo_text *t;

	TAILQ_FOREACH(t, &b->texts, entry)
		t->in_doubt = strcmp(pg_sqlstate(r), "08006") == 0;
	if (mo_refused_lock(pg_sqlstate(r)))
		mo_refused_ask(b);
	else if (mo_refused_contents(pg_sqlstate(r)))
		mo_refused_halve(b, pg_sqlstate(r));
	else
		mo_refused_again(b, r);
	mo_pump(mo);
}
