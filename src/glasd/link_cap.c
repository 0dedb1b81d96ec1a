/*
 * What a link has spent today, and what it may. Runs in glasd, asked by both
 * paths before a reply is on its way. A day is one of UTC, as in glas_data.spend,
 * which is where the count comes from after a start; the log has what was sent
 * since, or while the database was away.
 */

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link_private.h"
#include "lib/clock.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/record.h"

static int64_t
link_cap_today(void)
{
	return (clock_wall_us() / SPENT_DAY_US);
}

int
link_spent(const struct link *l)
{
	return (spent_on(&l->cap.spent, link_cap_today()));
}

static void
link_spend(struct link *l, int segments)
{
	spent_add(&l->cap.spent, link_cap_today(), segments);
	/* There is room again for what found none. */
	if (segments < 0)
		l->cap.full_day = 0;
}

bool
link_fits(const struct link *l, int segments)
{
	int cap = l->config->segments_per_day;

	return (cap == 0 || link_spent(l) + segments <= cap);
}

void
link_fill(struct link *l)
{
	l->cap.full_day = link_cap_today();
	l->cap.full_cap = l->config->segments_per_day;
}

bool
link_full(const struct link *l)
{
	int cap = l->config->segments_per_day;

	return (cap != 0 && (link_spent(l) >= cap ||
	    (l->cap.full_day == link_cap_today() && cap <= l->cap.full_cap)));
}

int
link_left(const struct link *l)
{
	int cap = l->config->segments_per_day, spent = link_spent(l);

	if (cap == 0)
		return (INT32_MAX);
	return (cap > spent ? cap - spent : 0);
}

/* As mt_take(): what belongs to no link of ours goes by the first. */
static struct link *
links_of(struct links *links, const char *name)
{
	struct link *l = links_find(links, name);

	return (l != NULL ? l : TAILQ_FIRST(&links->list));
}

bool
links_fit(struct links *links, const char *name, int segments)
{
	const struct link *l = links_of(links, name);

	return (l == NULL || link_fits(l, segments));
}

void
links_spend(struct links *links, const char *name, int segments)
{
	struct link *l = links_of(links, name);

	if (l != NULL)
		link_spend(l, segments);
}

void
links_restore(struct links *links, const struct item *item)
{
	struct link *l;

	if (item->type != ITEM_RESULT || item->segment == 0 ||
	    item->cause != 0 || item->at / SPENT_DAY_US != link_cap_today())
		return;
	database_spend(links->gateway->database, 1);
	if ((l = links_find(links, item->link)) != NULL)
		link_spend(l, 1);
}

static void
links_spent_got(void *arg, const struct pg_result *r)
{
	struct links *links = arg;

	for (int row = 0; pg_ok(r) && row < pg_rows(r); row++) {
		struct link *l = links_find(links, pg_text(r, row, 0));
		int spent = (int)pg_int(r, row, 1);

		if (l != NULL && spent > link_spent(l))
			link_spend(l, spent - link_spent(l));
	}
}

void
links_spent_ask(struct links *links)
{
	struct gateway *g = links->gateway;
	struct pg_params p = { 0 };

	pg_param_text(&p, g->config->gateway.name);
	pg_pipe_send(database_pipe(g->database),
	    "select link, segments from glas_gw.spent($1)", &p,
	    links_spent_got, links);
	pg_params_clear(&p);
}
