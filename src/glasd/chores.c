/*
 * What the database does by itself when it is told to: to tell who is on duty
 * and to remind, to delete what is old, to count. Runs in glasd, for
 * database.c; owns a second connection, on which one chore after the other is
 * done. One that fails is done again when it is next due. Several gateways may
 * do the same at once: the functions see to that.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/chores.h"
#include "glasd/gateway.h"
#include "glasd/mt.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/pg.h"

#define CHORES_SILENT_MS	(6 * 60 * 1000)	/* longer than any may take */

static void	 chores_wrote(struct chores *, const struct pg_result *);
static void	 chores_got_hours(struct chores *, const struct pg_result *);

/* The second of each period in which it is begun: not all in the same one. */
static const struct chore {
	const char	*name;
	const char	*statement;
	unsigned int	 period_s;
	unsigned int	 second;
	void		(*got)(struct chores *, const struct pg_result *);
	bool		 named;		/* $1 is the name of the gateway */
} chores[] = {
	/* Each person once a day; few at once: they are locked meanwhile. */
	{ "copies", "select glas_gw.copies_drop(50)", 10, 7, NULL, false },
	{ "count", "select glas_gw.count_anew()", 10, 2, NULL,
	    false },
	{ "prune", "select glas_gw.prune(2000)", 60, 15, NULL, false },
	{ "duty", "select glas_gw.duty()", 60, 18, chores_wrote, false },
	{ "tend", "select glas_gw.tend()", 60, 20, chores_wrote, false },
	{ "retain", "select glas_gw.retain()", 60, 40, NULL, false },
	{ "hours", "select glas_gw.hours($1)", 30, 5, chores_got_hours, true },
};
#define CHORES_COUNT (sizeof chores / sizeof chores[0])

struct chore_state {
	struct chores	*all;
	const struct chore *chore;
	bool		 under_way;
};

struct chores {
	struct gateway		*gateway;
	struct pg_pipe		*pipe;
	bool			 up;
	unsigned int		 ticks;
	json_t			*hours;
	struct chore_state	 states[CHORES_COUNT];
};

static void
chores_said(void *arg, const struct pg_result *r)
{
	(void)arg;
	if (!pg_ok(r))
		log_warn("chores: %s %s", pg_sqlstate(r), pg_error(r));
}

static void
chores_done(void *arg, const struct pg_result *r)
{
	struct chore_state *s = arg;

	s->under_way = false;
	if (!pg_ok(r)) {
		if (strcmp(pg_sqlstate(r), "08006") != 0)
			log_warn("chore=%s %s %s", s->chore->name,
			    pg_sqlstate(r), pg_error(r));
		return;
	}
	pg_pipe_good(s->all->pipe);
	if (s->chore->got != NULL && pg_rows(r) == 1)
		s->chore->got(s->all, r);
}

/* How many texts to people. */
static void
chores_wrote(struct chores *c, const struct pg_result *r)
{
	if (pg_int(r, 0, 0) > 0)
		mt_load(c->gateway->mt, true);
}

static void
chores_got_hours(struct chores *c, const struct pg_result *r)
{
	json_t *hours = json_loads(pg_text(r, 0, 0), 0, NULL);

	if (!json_is_object(hours)) {
		json_decref(hours);
		return;
	}
	json_decref(c->hours);
	c->hours = hours;
}

json_t *
chores_hours(const struct chores *c)
{
	return (c->hours);
}

/* The limit of the connection is that of what texts wait for. */
static void
chores_up(void *arg)
{
	struct chores *c = arg;

	c->up = true;
	pg_pipe_send(c->pipe,
	    "select pg_catalog.set_config('statement_timeout', '5min', false)",
	    NULL, chores_said, c);
}

static void
chores_down(void *arg, const char *sqlstate, const char *why)
{
	struct chores *c = arg;

	if (c->up)
		log_info("chores=interrupted %s %s", sqlstate, why);
	c->up = false;
}

static void
chores_notified(void *arg)
{
	(void)arg;
}

void
chores_start(struct chores *c)
{
	pg_pipe_start(c->pipe);
}

static void
chores_begin(struct chore_state *s)
{
	struct pg_params p = { 0 };

	s->under_way = true;
	if (s->chore->named)
		pg_param_text(&p, s->all->gateway->config->gateway.name);
	pg_pipe_send(s->all->pipe, s->chore->statement, &p, chores_done, s);
	pg_params_clear(&p);
}

void
chores_tick(struct chores *c)
{
	c->ticks++;
	if (pg_pipe_waiting_ms(c->pipe) > CHORES_SILENT_MS)
		chores_drop(c);
	for (struct chore_state *s = c->states; c->up &&
	    s < c->states + CHORES_COUNT; s++) {
		if (s->under_way ||
		    c->ticks % s->chore->period_s != s->chore->second)
			continue;
		chores_begin(s);
	}
}

void
chores_drop(struct chores *c)
{
	if (c->up)
		pg_pipe_drop(c->pipe, "the database does not answer");
}

struct chores *
chores_new(struct gateway *g)
{
	static const struct pg_pipe_events events = { .up = chores_up,
		.down = chores_down, .notified = chores_notified };
	struct chores *c = xcalloc(1, sizeof *c);
	char *channel = xasprintf("glas_%s_chores", g->config->gateway.name);

	c->gateway = g;
	for (size_t n = 0; n < CHORES_COUNT; n++)
		c->states[n] = (struct chore_state){ .all = c,
			.chore = &chores[n] };
	c->pipe = pg_pipe_new(g->base, g->config->gateway.database, channel,
	    &events, c);
	free(channel);
	return (c);
}

void
chores_free(struct chores *c)
{
	if (c == NULL)
		return;
	pg_pipe_free(c->pipe);
	json_decref(c->hours);
	free(c);
}
