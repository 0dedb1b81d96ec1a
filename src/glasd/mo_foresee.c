/*
 * Beside the second step of the MO path: on an idle system the context of what
 * has just come is asked for before the log is synced, so that the database
 * answers while the disk writes. Runs in glasd. Owns the texts that it prepared
 * until mo_take() comes for them. Only a question is asked early: nothing is
 * stored or acknowledged before the log is durable.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo_private.h"
#include "glasd/reserve.h"
#include "lib/mem.h"

#define MO_FORESEEN_MAX 20	/* more at once are no idle system */

/* One question that was asked early. */
struct mo_foresight {
	struct mo	*mo;		/* NULL: forgotten */
	struct mo_texts	 texts;		/* that wait to be taken */
	unsigned int	 count;		/* asked for */
	unsigned int	 taken;
	bool		 unfit;		/* while it is made */
	struct mo_batch	*batch;		/* that the answer is for, or NULL */
};

static void
mo_foresight_free(struct mo_foresight *f)
{
	struct mo_text *t;

	while ((t = TAILQ_FIRST(&f->texts)) != NULL) {
		TAILQ_REMOVE(&f->texts, t, entry);
		mo_text_free(t);
	}
	free(f);
}

/* The answer is still to come, and will be for nobody. */
void
mo_foresee_forget(struct mo *mo)
{
	if (mo->foresight != NULL)
		mo->foresight->mo = NULL;
	mo->foresight = NULL;
}

static void
mo_foresee_got(void *arg, const struct pg_result *r)
{
	struct mo_foresight *f = arg;
	struct mo_batch *b = f->batch;

	/* Its texts may still be in the log: they are asked for again. */
	if (f->mo != NULL)
		mo_foresee_forget(f->mo);
	mo_foresight_free(f);
	if (b != NULL)
		mo_context_got(b, r);
}

static void
mo_foresee_item(void *arg, const struct item *item)
{
	struct mo_foresight *f = arg;
	struct mo_text *t;

	if (item->type == ITEM_RESULT || item->type == ITEM_REPORT)
		return;
	if (item->type != ITEM_MO || f->count == MO_FORESEEN_MAX) {
		f->unfit = true;
		return;
	}
	t = mo_text_new(item, 0);
	TAILQ_INSERT_TAIL(&f->texts, t, entry);
	f->count++;
	f->unfit = f->unfit || t->udh.concat;
}

void
mo_foresee(struct mo *mo)
{
	struct gateway *g = mo->gateway;
	struct mo_foresight *f;
	struct mo_text *t;

	mo_foresee_forget(mo);
	if (mo_count(mo) != 0 || mo->resting ||
	    journal_position(g->journal) < journal_newest(g->journal) ||
	    !database_ready(g->database) ||
	    !reserve_enough(database_reserve(g->database)))
		return;
	f = xcalloc(1, sizeof *f);
	f->mo = mo;
	TAILQ_INIT(&f->texts);
	journal_each_new(g->journal, mo_foresee_item, f);
	if (f->unfit || f->count == 0) {
		mo_foresight_free(f);
		return;
	}
	TAILQ_FOREACH(t, &f->texts, entry)
		mo_text_tokens(mo, t);
	mo_context_ask(g, &f->texts, mo_foresee_got, f);
	mo->foresight = f;
}

struct mo_text *
mo_foresee_take(struct mo *mo, const struct item *item)
{
	struct mo_foresight *f = mo->foresight;
	struct mo_text *t = f != NULL ? TAILQ_FIRST(&f->texts) : NULL;

	if (t == NULL || item->type != ITEM_MO || memcmp(t->item.identity,
	    item->identity, sizeof item->identity) != 0)
		return (NULL);
	TAILQ_REMOVE(&f->texts, t, entry);
	f->taken++;
	return (t);
}

bool
mo_foresee_answers(struct mo *mo, struct mo_batch *b)
{
	struct mo_foresight *f = mo->foresight;

	if (f == NULL || f->taken != f->count || b->text_count != f->count) {
		mo_foresee_forget(mo);
		return (false);
	}
	f->batch = b;
	mo_foresee_forget(mo);
	return (true);
}
