/*
 * When a link is in trouble, and when it rests. Runs in glasd, called by the
 * steps of the MT path. One refusal is that of a text: it is tried again, or
 * fails, alone; whoever looks is told from the first one for want of credit, and
 * from the second one by the network, until one is accepted. When the
 * texts to several people in a row are refused, and none of them is to blame,
 * it is the credit, the SIM or the network: the whole queue would fail by and
 * by, and a new credit be spent on what nobody waits for any more. Then nothing
 * but danger, one text at a time, goes for a time; after that one text tries,
 * until one is accepted.
 */
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/mt_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "store/pg.h"

#define MT_REFUSALS	3
#define MT_DOUBTS	2	/* of the network, which may be busy once */
#define MT_HASTEN_MS	15000	/* results reach the database sooner */

bool
mt_rest_is_due(const struct mt_link *ml)
{
	return (ml->refusals >= MT_REFUSALS);
}

bool
mt_rest_nobody(const struct mt_link *ml)
{
	return (link_config(ml->link)->kind == LINK_WEB &&
	    !link_ready(ml->link));
}

bool
mt_rests(struct mt *mt, const struct mt_link *ml)
{
	int64_t wait = ml->rest_ms - clock_mono_ms();

	if (!mt_rest_is_due(ml) || wait <= 0)
		return (false);
	mt_after(mt, wait);
	return (true);
}

static void
mt_hastened(void *arg, const struct pg_result *r)
{
	/* What could not be goes when it is due. */
	(void)arg;
	(void)r;
}

void
mt_rest_hasten(struct mt *mt)
{
	struct pg_params p = { 0 };
	const struct mt_link *ml;
	int count = 0;

	pg_array(&p, PG_TEXT);
	TAILQ_FOREACH(ml, &mt->links, entry) {
		if (clock_mono_ms() >= ml->hasten_ms)
			continue;
		pg_item_text(&p, link_name(ml->link));
		count++;
	}
	if (count != 0)
		pg_pipe_send(database_pipe(mt->gateway->database),
		    "select glas_gw.mt_hasten($1)", &p, mt_hastened, NULL);
	pg_params_clear(&p);
}

/* The credit is there, or the network is: danger that was refused for the want
 * of it waits no longer, here or in the database, which may not have heard of
 * all that was. */
static void
mt_rest_over(struct mt_link *ml)
{
	struct mt_reply *r;

	TAILQ_FOREACH(r, &ml->waiting[0], entry)
		r->due_ms = 0;
	ml->hasten_ms = clock_mono_ms() + MT_HASTEN_MS;
}

/* What the link says of itself; "" when it takes texts, as far as is known. */
static const char *
mt_rest_word(const struct mt_link *ml)
{
	if (ml->doubts == 0)
		return ("");
	switch (ml->refused_class) {
	case CAUSE_CREDIT:
		return ("credit-refused");
	case CAUSE_SIM:
		return ("sim-refuses");
	case CAUSE_TRY_AGAIN:
	case CAUSE_RECIPIENT:
	case CAUSE_MESSAGE:
		break;
	}
	if (ml->doubts < MT_DOUBTS)
		return ("");
	return (link_config(ml->link)->kind == LINK_WEB ? "peer-refuses" :
	    "network-refuses");
}

void
mt_rest_accepted(struct mt *mt, struct mt_link *ml)
{
	bool rested = mt_rest_is_due(ml);

	if (mt_rest_word(ml)[0] != '\0')
		database_links_changed(mt->gateway->database);
	ml->doubts = ml->refusals = 0;
	ml->refused[0] = '\0';
	if (!rested)
		return;
	log_notice("link=%s rest=over", link_name(ml->link));
	mt_rest_over(ml);
	mt_load(mt, true);
}

static void
mt_rest_doubt(struct mt *mt, struct mt_link *ml, enum cause_class class)
{
	const char *before = mt_rest_word(ml);

	ml->doubts++;
	ml->refused_class = class;
	if (strcmp(mt_rest_word(ml), before) != 0)
		database_links_changed(mt->gateway->database);
}

void
mt_rest_refused(struct mt *mt, const struct mt_reply *r, int32_t cause)
{
	struct mt_link *ml = r->link;
	enum cause_class class = cause_of_cms(cause);

	ml->hasten_ms = 0;
	if (class == CAUSE_CREDIT)
		link_credit_doubt(ml->link);
	if (class == CAUSE_RECIPIENT || class == CAUSE_MESSAGE)
		return;
	/* It holds what waits by being down alone, and for no longer. */
	if (mt_rest_nobody(ml))
		return;
	mt_rest_doubt(mt, ml, class);
	/* The same person again proves nothing; and danger, which tries all the
	 * while, would put off the turn of the others for ever. */
	if (mt_rest_is_due(ml) ? mt_is_danger(r) :
	    strcmp(ml->refused, r->row->recipient) == 0)
		return;
	memcpy(ml->refused, r->row->recipient, sizeof ml->refused);
	ml->refusals++;
	if (!mt_rest_is_due(ml))
		return;
	ml->rest_ms = clock_mono_ms() + link_config(ml->link)->rest_ms;
	log_notice("link=%s rest=begun cause=%d", link_name(ml->link),
	    (int)cause);
}

bool
mt_link_idle(struct mt *mt, struct link *l)
{
	const struct mt_link *ml = mt_link_of(mt, l);

	return (ml->outstanding == 0 && TAILQ_EMPTY(&ml->flying) &&
	    (ml->waiting_count == 0 ||
	    (mt_rests(mt, ml) && TAILQ_EMPTY(&ml->waiting[0]))));
}

const char *
mt_link_trouble(struct mt *mt, struct link *l)
{
	return (mt_rest_word(mt_link_of(mt, l)));
}
