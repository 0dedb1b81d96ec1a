/*
 * The path of a text from a person, in order of its files:
 *
 *   mo_receive     what a link offers: number in normal form, identity, log
 *   mo.c           (here) out of the log: the queue of texts
 *   mo_text        one of them
 *   mo_batch       many, on their way into the database together
 *   mo_context     one call: what is known of the originators
 *   mo_met         who has not been met is taken for new
 *   mo_erased      whoever was erased has not new limits
 *   mo_concat      segments of long texts are joined
 *   mo_groups      or not waited for any longer
 *   mo_answer      what is replied, text by text:
 *   mo_understand    from words to meaning
 *   mo_silence       who is not answered: machines, who is blocked
 *   mo_said          and who says the same again and again
 *   mo_limits        how many replies a person gets
 *   mo_reply         whether one goes out now
 *   mo_overdue       and what is told long after
 *   mo_store       one call: the batch stands in the database
 *   mo_stored      replies go on their way
 *   mo_refused     or not: what is wrong with it is found
 *   mo_quarantine  and set apart
 *   mo_released    until people say that it begins anew
 *
 * Runs in glasd. Owns every text between the log and the database. A text
 * leaves by journal_done(): stored, counted as seen, or in quarantine. When
 * the database goes away all batches fall back into the queue, in order.
 */
#include <stdlib.h>

#include <event2/event.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"

#define MO_WAITING_MAX 600	/* texts read ahead from the log */
#define MO_REST_MS 1000
#define MO_LOCKED_S 10
#define MO_PROMPT_MS 1000	/* half of what makes a database away */

static void
mo_rested(evutil_socket_t fd, short what, void *arg)
{
	struct mo *mo = arg;

	(void)fd;
	(void)what;
	mo->resting = false;
	mo_pump(mo);
}

void
mo_rest(struct mo *mo)
{
	struct timeval tv = { .tv_sec = MO_REST_MS / 1000,
		.tv_usec = (MO_REST_MS % 1000) * 1000 };

	mo->resting = true;
	evtimer_add(mo->again, &tv);
}

void
mo_wait_first(struct mo *mo, struct mo_text *t)
{
	TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
	mo->waiting_count++;
}

/* Back to the head of the queue, in order. */
static void
mo_locked_again(evutil_socket_t fd, short what, void *arg)
{
	struct mo *mo = arg;
	struct mo_text *t;

	(void)fd;
	(void)what;
	while ((t = TAILQ_LAST(&mo->locked, mo_texts)) != NULL) {
		TAILQ_REMOVE(&mo->locked, t, entry);
		mo->locked_count--;
		mo_wait_first(mo, t);
	}
	mo_pump(mo);
}

void
mo_text_away(struct mo *mo, struct mo_text *t)
{
	if (!t->away && !t->in_doubt && t->record != 0)
		away_late(mo->gateway->away, &t->item);
	t->away = true;
}

void
mo_text_locked(struct mo *mo, struct mo_text *t)
{
	struct timeval tv = { .tv_sec = MO_LOCKED_S };

	log_warn("link=%s a text waits: somebody has locked a row that it "
	    "needs", t->item.link);
	TAILQ_INSERT_TAIL(&mo->locked, t, entry);
	if (mo->locked_count++ == 0)
		evtimer_add(mo->retry_locked, &tv);
	mo_text_away(mo, t);
}

struct mo *
mo_new(struct gateway *g)
{
	struct mo *mo = xcalloc(1, sizeof *mo);

	mo->gateway = g;
	TAILQ_INIT(&mo->waiting);
	TAILQ_INIT(&mo->running);
	TAILQ_INIT(&mo->halves);
	TAILQ_INIT(&mo->locked);
	mo->retry_locked = evtimer_new(g->base, mo_locked_again, mo);
	mo->again = evtimer_new(g->base, mo_rested, mo);
	if (mo->again == NULL || mo->retry_locked == NULL)
		fatal("out of memory: no timer for texts");
	return (mo);
}

static void
mo_batches_free(struct mo_batches *batches)
{
	struct mo_batch *b;

	while ((b = TAILQ_FIRST(batches)) != NULL) {
		TAILQ_REMOVE(batches, b, entry);
		mo_batch_free(b);
	}
}

static void
mo_texts_free(struct mo_texts *texts)
{
	struct mo_text *t;

	while ((t = TAILQ_FIRST(texts)) != NULL) {
		TAILQ_REMOVE(texts, t, entry);
		mo_text_free(t);
	}
}

void
mo_forget(struct mo *mo)
{
	mo_batches_free(&mo->halves);
	mo_texts_free(&mo->waiting);
	mo_texts_free(&mo->locked);
	mo->waiting_count = mo->locked_count = 0;
	/* Long texts whose time ran out come again, too. */
	mo->due_running = 0;
	/* And so does what is not in quarantine any more. */
	mo->released_running = 0;
	mo->released_more = false;
}

void
mo_free(struct mo *mo)
{
	if (mo == NULL)
		return;
	mo_batches_free(&mo->running);
	mo_forget(mo);
	event_free(mo->retry_locked);
	event_free(mo->again);
	free(mo);
}

static void
mo_texts_tokens(struct mo *mo, struct mo_texts *texts)
{
	struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry)
		mo_text_tokens(mo, t);
}

void
mo_keys_changed(struct mo *mo)
{
	struct mo_batch *b;

	TAILQ_FOREACH(b, &mo->running, entry)
		mo_texts_tokens(mo, &b->texts);
	TAILQ_FOREACH(b, &mo->halves, entry)
		mo_texts_tokens(mo, &b->texts);
	mo_texts_tokens(mo, &mo->locked);
	mo_texts_tokens(mo, &mo->waiting);
}

void
mo_take(struct mo *mo, const struct item *item, uint64_t record)
{
	struct mo_text *t = mo_text_new(item, record);

	mo_text_tokens(mo, t);
	t->in_doubt = record <= journal_found(mo->gateway->journal);
	t->again = journal_again(mo->gateway->journal, record);
	away_taken(mo->gateway->away, item->identity);
	if (mo_count(mo) == 0)
		mo->moved_ms = clock_mono_ms();
	TAILQ_INSERT_TAIL(&mo->waiting, t, entry);
	mo->waiting_count++;
}

/* A text is where it belongs. */
void
mo_text_end(struct mo *mo, struct mo_text *t, bool stored)
{
	if (t->record != 0)
		journal_done(mo->gateway->journal, t->record);
	if (t->released != 0)
		mo_released_end(mo, t, stored);
	if (t->due_group != 0 && --mo->due_running == 0 && mo->due_more)
		mo_groups_due(mo);
	away_forget(mo->gateway->away, t->item.identity);
	mo_text_free(t);
}

bool
mo_room(const struct mo *mo)
{
	return (mo->waiting_count + mo->aside_count + mo->locked_count <
	    MO_WAITING_MAX);
}

size_t
mo_count(const struct mo *mo)
{
	const struct mo_batch *b;
	size_t n = mo->waiting_count + mo->aside_count + mo->locked_count;

	TAILQ_FOREACH(b, &mo->running, entry)
		n += b->text_count;
	TAILQ_FOREACH(b, &mo->halves, entry)
		n += b->text_count;
	return (n);
}

void
mo_moved(struct mo *mo)
{
	mo->moved_ms = clock_mono_ms();
	mo->why[0] = '\0';
	database_worked(mo->gateway->database, DATABASE_TEXTS);
}

const struct mo_counts *
mo_counts(const struct mo *mo)
{
	return (&mo->counts);
}

int64_t
mo_waits_ms(const struct mo *mo)
{
	return (mo_count(mo) != 0 ? clock_mono_ms() - mo->moved_ms : 0);
}

static bool
mo_texts_any(const struct mo_texts *texts, bool (*is)(const struct mo_text *,
    const void *), const void *what)
{
	const struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry) {
		if (is(t, what))
			return (true);
	}
	return (false);
}

bool
mo_any(const struct mo *mo, const struct mo_texts *others,
    bool (*is)(const struct mo_text *, const void *), const void *what)
{
	const struct mo_batch *b;

	TAILQ_FOREACH(b, &mo->running, entry) {
		if (mo_texts_any(&b->texts, is, what))
			return (true);
	}
	TAILQ_FOREACH(b, &mo->halves, entry) {
		if (mo_texts_any(&b->texts, is, what))
			return (true);
	}
	return (mo_texts_any(others, is, what));
}

static bool
mo_text_owed(const struct mo_text *t, const void *record)
{
	return (t->record != 0 && t->record <= *(const uint64_t *)record);
}

bool
mo_owes(const struct mo *mo, uint64_t record)
{
	return (mo_any(mo, &mo->waiting, mo_text_owed, &record));
}

static void
mo_texts_each(struct mo_texts *texts, bool in_doubt,
    void (*each)(void *arg, const struct item *, bool in_doubt), void *arg)
{
	const struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry) {
		if (t->record != 0)
			each(arg, &t->item, in_doubt || t->in_doubt);
	}
}

void
mo_each(struct mo *mo, void (*each)(void *arg, const struct item *,
    bool in_doubt), void *arg)
{
	struct mo_batch *b;

	TAILQ_FOREACH(b, &mo->running, entry)
		mo_texts_each(&b->texts, b->store_us != 0, each, arg);
	TAILQ_FOREACH(b, &mo->halves, entry)
		mo_texts_each(&b->texts, false, each, arg);
	mo_texts_each(&mo->locked, false, each, arg);
	mo_texts_each(&mo->waiting, false, each, arg);
}

bool
mo_alone(const struct mo *mo)
{
	return (mo->running_count == 1 && mo->waiting_count == 0 &&
	    pg_pipe_waiting_ms(database_pipe(mo->gateway->database)) <
	    MO_PROMPT_MS);
}

size_t
mo_locked(const struct mo *mo)
{
	return (mo->locked_count);
}
