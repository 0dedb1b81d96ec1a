/*
 * Batches of the MO path: texts that are understood, answered and stored in one
 * transaction. Runs in glasd; owns the texts of a batch while it runs. One
 * citizen's texts are never in two batches, so that each is understood on what
 * the one before it left. A batch that cannot be stored falls back into the
 * queue of mo.c, in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "glasd/reserve.h"
#include "lib/log.h"
#include "lib/mem.h"

struct mo_batch *
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
		/* What is not handed over is not spent. */
		mo_reply_unplan(b, &b->replies[n]);
		free(b->replies[n].text);
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
mo_batch_leave(struct mo_batch *b)
{
	TAILQ_REMOVE(&b->mo->running, b, entry);
	b->mo->running_count--;
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
		mo_wait_first(mo, t);
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
	mo_batch_leave(b);
	/* The other halves hold later texts of the same people. */
	while ((half = TAILQ_LAST(&mo->halves, mo_batches)) != NULL) {
		TAILQ_REMOVE(&mo->halves, half, entry);
		mo_batch_back(half);
	}
	mo_batch_back(b);
	mo_rest(mo);
}

static bool
mo_text_by(const struct mo_text *t, const void *token)
{
	return (memcmp(t->token, token, SEAL_TOKEN_LEN) == 0);
}

/* A citizen with a text in a batch that is not stored yet waits for it. */
static bool
mo_citizen_running(const struct mo *mo, const uint8_t *token)
{
	return (mo_any(mo, &mo->locked, mo_text_by, token));
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
	mo_sieve_add(&sieve, &mo->locked);
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
