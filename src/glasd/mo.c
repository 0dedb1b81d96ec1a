/*
 * The path of a text from a person, in order of its files:
 *
 *   mo_receive     what a link offers: number in normal form, identity, log
 *   mo.c           (here) out of the log into batches; one citizen's texts
 *                  never in two batches at once
 *   mo_met         who has not been met is taken for new
 *   mo_context     one call: what is known of the originators
 *   mo_erased      whoever was erased has not new limits
 *   mo_concat      segments of long texts are joined
 *   mo_understand  from words to meaning
 *   mo_answer      what is replied, within limits
 *   mo_overdue     and what long after
 *   mo_store       one call: the batch stands in the database
 *   mo_stored      replies go on their way; what was refused is set apart
 *   mo_released    and begins anew when people say so
 *
 * Runs in glasd. Owns every text between the log and the database. A text
 * leaves by journal_done(): stored, counted as seen, or in quarantine. When
 * the database goes away all batches fall back into the queue, in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mo_private.h"
#include "glasd/reserve.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"

#define MO_REST_MS 1000
#define MO_BLOCKED_S 10
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

/* Back to the head of the queue, in order. */
static void
mo_unblock(evutil_socket_t fd, short what, void *arg)
{
	struct mo *mo = arg;
	struct mo_text *t;

	(void)fd;
	(void)what;
	while ((t = TAILQ_LAST(&mo->blocked, mo_texts)) != NULL) {
		TAILQ_REMOVE(&mo->blocked, t, entry);
		mo->blocked_count--;
		TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
		mo->waiting_count++;
	}
	mo_pump(mo);
}

void
mo_late(struct mo *mo, struct mo_text *t)
{
	if (!t->late && !t->in_doubt && t->record != 0)
		away_late(mo->gateway->away, &t->item);
	t->late = true;
}

void
mo_block(struct mo *mo, struct mo_text *t)
{
	struct timeval tv = { .tv_sec = MO_BLOCKED_S };

	log_warn("link=%s a text waits: somebody has locked a row that it "
	    "needs", t->item.link);
	TAILQ_INSERT_TAIL(&mo->blocked, t, entry);
	if (mo->blocked_count++ == 0)
		evtimer_add(mo->unblock, &tv);
	mo_late(mo, t);
}

struct mo *
mo_new(struct gateway *g)
{
	struct mo *mo = xcalloc(1, sizeof *mo);

	mo->gateway = g;
	TAILQ_INIT(&mo->waiting);
	TAILQ_INIT(&mo->running);
	TAILQ_INIT(&mo->halves);
	TAILQ_INIT(&mo->blocked);
	mo->unblock = evtimer_new(g->base, mo_unblock, mo);
	mo->again = evtimer_new(g->base, mo_rested, mo);
	if (mo->again == NULL || mo->unblock == NULL)
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
	mo_texts_free(&mo->blocked);
	mo->waiting_count = mo->blocked_count = 0;
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
	event_free(mo->unblock);
	event_free(mo->again);
	free(mo);
}

/*
 * Texts.
 */

struct mo_text *
mo_text_new(const struct item *item, uint64_t record)
{
	struct mo_text *t = xcalloc(1, sizeof *t);

	t->item = *item;
	t->octets = xmalloc(item->udh_len + item->ud_len);
	if (item->udh_len != 0)
		memcpy(t->octets, item->udh, item->udh_len);
	if (item->ud_len != 0)
		memcpy(t->octets + item->udh_len, item->ud, item->ud_len);
	t->item.udh = t->octets;
	t->item.ud = t->octets + item->udh_len;
	t->record = record;
	t->taken_at = clock_mono_us();
	udh_read(&t->udh, t->item.udh, t->item.udh_len);
	return (t);
}

void
mo_text_reset(struct mo_text *t)
{
	free(t->plain);
	free(t->text);
	free(t->asked_text);
	t->plain = t->text = t->asked_text = NULL;
	mask_clear(&t->mask);
	buf_clear(&t->original);
	reading_clear(&t->reading);
	t->role = MO_WHOLE;
	t->group = 0;
	t->id = 0;
	t->report = t->test = t->postponed = false;
	t->reference[0] = '\0';
	t->silent = t->unsent = t->note = NULL;
	t->replies = 0;
}

void
mo_text_free(struct mo_text *t)
{
	mo_text_reset(t);
	buf_clear(&t->due_items);
	free(t->octets);
	free(t);
}

void
mo_text_tokens(struct mo *mo, struct mo_text *t)
{
	const char *msisdn = t->item.msisdn;

	seal_token(mo->gateway->keys, SEAL_TOKEN, msisdn, strlen(msisdn),
	    t->token);
	seal_token(mo->gateway->keys, SEAL_OPTOUT, msisdn, strlen(msisdn),
	    t->optout);
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
	mo_texts_tokens(mo, &mo->blocked);
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

bool
mo_room(const struct mo *mo)
{
	return (mo->waiting_count + mo->aside_count + mo->blocked_count <
	    MO_WAITING_MAX);
}

size_t
mo_count(const struct mo *mo)
{
	const struct mo_batch *b;
	size_t n = mo->waiting_count + mo->aside_count + mo->blocked_count;

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
mo_texts_owe(const struct mo_texts *texts, uint64_t record)
{
	const struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry) {
		if (t->record != 0 && t->record <= record)
			return (true);
	}
	return (false);
}

bool
mo_owes(const struct mo *mo, uint64_t record)
{
	const struct mo_batch *b;

	TAILQ_FOREACH(b, &mo->running, entry) {
		if (mo_texts_owe(&b->texts, record))
			return (true);
	}
	TAILQ_FOREACH(b, &mo->halves, entry) {
		if (mo_texts_owe(&b->texts, record))
			return (true);
	}
	return (mo_texts_owe(&mo->waiting, record));
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
	mo_texts_each(&mo->blocked, false, each, arg);
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
mo_blocked(const struct mo *mo)
{
	return (mo->blocked_count);
}

/*
 * Batches.
 */

static struct mo_batch *
mo_batch_new(struct mo *mo)
{
	struct mo_batch *b = xcalloc(1, sizeof *b);

	b->mo = mo;
	TAILQ_INIT(&b->texts);
	return (b);
}

void
mo_batch_reset(struct mo_batch *b)
{
	struct mo_text *t;

	TAILQ_FOREACH(t, &b->texts, entry)
		mo_text_reset(t);
	for (unsigned int n = 0; n < b->reply_count; n++) {
		const struct mo_reply *r = &b->replies[n];

		/* What is not handed over is not spent. */
		if (r->planned) {
			database_spend(b->mo->gateway->database,
			    -(int)r->segments);
			links_spend(b->mo->gateway->links,
			    r->cause->via, -(int)r->segments);
		}
		free(r->text);
	}
	for (unsigned int n = 0; n < b->group_count; n++) {
		for (unsigned int s = 0; s < b->groups[n].count; s++)
			free(b->groups[n].segments[s].octets);
		free(b->groups[n].segments);
	}
	for (unsigned int n = 0; n < b->act_count; n++) {
		free(b->acts[n].key);
		free(b->acts[n].value);
	}
	free(b->replies);
	free(b->acts);
	free(b->groups);
	free(b->citizens);
	b->replies = NULL;
	b->acts = NULL;
	b->groups = NULL;
	b->citizens = NULL;
	b->reply_count = b->act_count = 0;
	b->group_count = b->citizen_count = 0;
}

void
mo_batch_free(struct mo_batch *b)
{
	struct mo_text *t;

	mo_batch_reset(b);
	while ((t = TAILQ_FIRST(&b->texts)) != NULL) {
		TAILQ_REMOVE(&b->texts, t, entry);
		mo_text_free(t);
	}
	free(b);
}

void
mo_rest(struct mo *mo)
{
	struct timeval tv = { .tv_sec = MO_REST_MS / 1000,
		.tv_usec = (MO_REST_MS % 1000) * 1000 };

	mo->resting = true;
	evtimer_add(mo->again, &tv);
}

/* Its texts go to the head of the queue. */
static void
mo_batch_back(struct mo_batch *b)
{
	struct mo *mo = b->mo;
	struct mo_text *t;

	mo_batch_reset(b);
	while ((t = TAILQ_LAST(&b->texts, mo_texts)) != NULL) {
		TAILQ_REMOVE(&b->texts, t, entry);
		TAILQ_INSERT_HEAD(&mo->waiting, t, entry);
		mo->waiting_count++;
	}
	mo_batch_free(b);
}

void
mo_batch_retry(struct mo_batch *b, const char *why)
{
	struct mo *mo = b->mo;
	struct mo_batch *half;

	if (strcmp(mo->why, why) != 0)
		log_warn("batch of %u texts goes back into the queue: %s",
		    b->text_count, why);
	snprintf(mo->why, sizeof mo->why, "%s", why);
	TAILQ_REMOVE(&mo->running, b, entry);
	mo->running_count--;
	/* The other halves hold later texts of the same people. */
	while ((half = TAILQ_LAST(&mo->halves, mo_batches)) != NULL) {
		TAILQ_REMOVE(&mo->halves, half, entry);
		mo_batch_back(half);
	}
	mo_batch_back(b);
	mo_rest(mo);
}

static bool
mo_texts_have(const struct mo_texts *texts, const uint8_t *token)
{
	const struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry) {
		if (memcmp(t->token, token, SEAL_TOKEN_LEN) == 0)
			return (true);
	}
	return (false);
}

/* A citizen with a text in a batch that is not stored yet waits for it. */
static bool
mo_citizen_running(const struct mo *mo, const uint8_t *token)
{
	const struct mo_batch *b;

	TAILQ_FOREACH(b, &mo->running, entry) {
		if (mo_texts_have(&b->texts, token))
			return (true);
	}
	TAILQ_FOREACH(b, &mo->halves, entry) {
		if (mo_texts_have(&b->texts, token))
			return (true);
	}
	return (mo_texts_have(&mo->blocked, token));
}

/* Two octets of each token in a batch. Tokens are keyed hashes: nobody can
 * choose one that fills it. */
struct mo_sieve {
	uint8_t	 bits[UINT16_MAX / 8 + 1];
};

static unsigned int
mo_sieve_place(const uint8_t *token)
{
	return ((unsigned int)token[0] << 8 | token[1]);
}

static void
mo_sieve_add(struct mo_sieve *sieve, const struct mo_texts *texts)
{
	const struct mo_text *t;

	TAILQ_FOREACH(t, texts, entry) {
		unsigned int place = mo_sieve_place(t->token);

		sieve->bits[place / 8] |= (uint8_t)(1 << place % 8);
	}
}

static void
mo_sieve_add_batches(struct mo_sieve *sieve, const struct mo_batches *batches)
{
	const struct mo_batch *b;

	TAILQ_FOREACH(b, batches, entry)
		mo_sieve_add(sieve, &b->texts);
}

/* False says for certain that the citizen has no text in a batch. */
static bool
mo_sieve_has(const struct mo_sieve *sieve, const uint8_t *token)
{
	unsigned int place = mo_sieve_place(token);

	return ((sieve->bits[place / 8] >> place % 8 & 1) != 0);
}

/* Takes what may go now, in order. A citizen who was passed over is not in
 * the batch later on: mo_citizen_running() gives the same answer again. */
static struct mo_batch *
mo_batch_fill(struct mo *mo)
{
	struct mo_batch *b = mo_batch_new(mo);
	struct mo_sieve sieve = { 0 };
	struct mo_text *t, *next;

	mo_sieve_add_batches(&sieve, &mo->running);
	mo_sieve_add_batches(&sieve, &mo->halves);
	mo_sieve_add(&sieve, &mo->blocked);
	for (t = TAILQ_FIRST(&mo->waiting);
	    t != NULL && b->text_count < MO_BATCH_MAX; t = next) {
		next = TAILQ_NEXT(t, entry);
		if (mo_sieve_has(&sieve, t->token) &&
		    mo_citizen_running(mo, t->token))
			continue;
		TAILQ_REMOVE(&mo->waiting, t, entry);
		mo->waiting_count--;
		if (t->item.type == ITEM_RAW) {
			mo_quarantine(mo, t, "the link cannot read it");
			continue;
		}
		TAILQ_INSERT_TAIL(&b->texts, t, entry);
		b->text_count++;
	}
	return (b);
}

static struct mo_batch *
mo_batch_next(struct mo *mo)
{
	struct mo_batch *b = TAILQ_FIRST(&mo->halves);

	if (b != NULL)
		TAILQ_REMOVE(&mo->halves, b, entry);
	else
		b = mo_batch_fill(mo);
	if (b->text_count != 0)
		return (b);
	mo_batch_free(b);
	return (NULL);
}

void
mo_pump(struct mo *mo)
{
	struct gateway *g = mo->gateway;
	struct mo_batch *b;

	while (!mo->resting && database_ready(g->database) &&
	    reserve_enough(database_reserve(g->database)) &&
	    mo->running_count <
	    (TAILQ_EMPTY(&mo->halves) ? MO_BATCHES_MAX : 1)) {
		if ((b = mo_batch_next(mo)) == NULL)
			break;
		TAILQ_INSERT_TAIL(&mo->running, b, entry);
		mo->running_count++;
		mo_context_fetch(b);
	}
}
