/*
 * When the database counts as away: without a connection or an answer for two
 * seconds, or with nothing but errors for what waits to be stored. Runs in
 * glasd, for database.c; owns what each kind of work has met with. away.c is
 * told when it begins; when it ends, texts of meanwhile are stored first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database_private.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/reserve.h"
#include "glasd/vocabulary.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"

#define DATABASE_AWAY_MS	2000	/* no answer for so long */

bool
database_away(const struct database *d)
{
	return (d->away);
}

bool
database_refused(const struct database *d)
{
	return (d->state == DATABASE_REFUSED);
}

int64_t
database_ahead_us(const struct database *d)
{
	return (d->state == DATABASE_READY ? d->ahead_us : 0);
}

const char *
database_words(const struct database *d)
{
	switch (d->state) {
	case DATABASE_DOWN:
		return (d->away ? "away" : "connecting");
	case DATABASE_GREETING:
		return ("connecting");
	case DATABASE_REFUSED:
		return (d->refusal);
	case DATABASE_READY:
		break;
	}
	return (d->away ? "away" : "up");
}

bool
database_caught_up(struct database *d)
{
	const struct gateway *g = d->gateway;

	if (d->behind != 0 && journal_position(g->journal) >= d->behind &&
	    !mo_owes(g->mo, d->behind))
		d->behind = 0;
	return (d->behind == 0);
}

static void
database_trouble_set(struct database_trouble *t, const char *sqlstate,
    const char *why)
{
	if (t->why == NULL)
		t->since = clock_mono_ms();
	free(t->why);
	t->why = xstrdup(why);
	snprintf(t->sqlstate, sizeof t->sqlstate, "%s", sqlstate);
}

static void
database_trouble_clear(struct database_trouble *t)
{
	free(t->why);
	*t = (struct database_trouble){ .why = NULL };
}

/* Whether that work has met with errors alone for so long that more than one
 * attempt was made. */
static bool
database_fails(const struct database *d, enum database_work work)
{
	const struct database_trouble *t = &d->works[work];

	if (d->state != DATABASE_READY || t->why == NULL)
		return (false);
	return ((work == DATABASE_TEXTS ? mo_waits_ms(d->gateway->mo) :
	    clock_mono_ms() - t->since) >= DATABASE_AWAY_MS);
}

const char *
database_trouble(const struct database *d, const char **sqlstate)
{
	const struct database_trouble *t = &d->down;

	*sqlstate = "";
	if (d->state == DATABASE_REFUSED)
		return (d->refusal);
	if (d->state == DATABASE_READY) {
		for (t = d->works; t < d->works + DATABASE_WORKS; t++) {
			if (database_fails(d,
			    (enum database_work)(t - d->works)))
				break;
		}
		if (t == d->works + DATABASE_WORKS)
			return (d->away ? "it does not answer" : NULL);
	}
	*sqlstate = t->sqlstate;
	return (t->why != NULL ? t->why : "not connected yet");
}

/* Statements that do not fit any more, or may not be run: it was changed, or is
 * another one. */
static bool
database_changed(const char *sqlstate)
{
	/* The last: our session is over, glas_data.keys_current(). */
	static const char *const begins[] = { "0A", "25", "26", "42",
		"57P01" };

	for (size_t n = 0; n < sizeof begins / sizeof begins[0]; n++) {
		if (strncmp(sqlstate, begins[n], strlen(begins[n])) == 0)
			return (true);
	}
	return (false);
}

void
database_failed(struct database *d, enum database_work work,
    const struct pg_result *r)
{
	struct database_trouble *t = &d->works[work];

	/* Of a lost connection `down` tells. */
	if (strcmp(pg_sqlstate(r), "08006") == 0)
		return;
	if (strcmp(t->sqlstate, pg_sqlstate(r)) != 0)
		log_warn("database=failing sqlstate=%s %s", pg_sqlstate(r),
		    pg_error(r));
	database_trouble_set(t, pg_sqlstate(r), pg_error(r));
	if (database_changed(pg_sqlstate(r)))
		pg_pipe_refused(d->pipe, r);
}

void
database_worked(struct database *d, enum database_work work)
{
	database_trouble_clear(&d->works[work]);
}

/* Danger may have been told while it gave no answer, or was greeted, for which
 * its row is queued by now. */
void
database_back(struct database *d)
{
	database_settle(d);
	d->away = false;
	d->behind = journal_newest(d->gateway->journal);
	reserve_renew(d->reserve_away);
}

void
database_lost(struct database *d, const char *sqlstate, const char *why)
{
	if (d->state != DATABASE_DOWN || d->down.why == NULL ||
	    strcmp(d->down.why, why) != 0)
		log_warn("database=down %s", why);
	database_trouble_set(&d->down, sqlstate, why);
	/* One that comes and goes without being of use is away all the time;
	 * and one that was away is not there for being lost. */
	if (d->state == DATABASE_READY)
		d->down_at = clock_mono_ms() -
		    (d->away ? DATABASE_AWAY_MS : 0);
}

bool
database_silent(const struct database *d)
{
	return ((d->state == DATABASE_READY ? pg_pipe_waiting_ms(d->pipe) :
	    clock_mono_ms() - d->down_at) >= DATABASE_AWAY_MS);
}

static void
database_begin_away(struct database *d)
{
	d->away = true;
	vocabulary_need(d->vocabulary);
	away_begin(d->gateway->away);
	mt_given_tell(d->gateway->mt);
}

void
database_watch(struct database *d)
{
	bool away;

	if (pg_pipe_waiting_ms(d->pipe) >= d->drop_ms)
		pg_pipe_drop(d->pipe, "no answer");
	if (mo_count(d->gateway->mo) == 0)
		database_worked(d, DATABASE_TEXTS);
	away = database_silent(d) || database_fails(d, DATABASE_TEXTS);
	if (away && d->away) {
		away_again(d->gateway->away);
		/* What was claimed last comes back when the line is lost. */
		mt_given_tell(d->gateway->mt);
	}
	if (away == d->away)
		return;
	log_notice("database=%s", away ? "away" : "back");
	if (away)
		database_begin_away(d);
	else
		database_back(d);
}

void
database_watch_clear(struct database *d)
{
	database_trouble_clear(&d->down);
	for (int work = 0; work < DATABASE_WORKS; work++)
		database_trouble_clear(&d->works[work]);
}
