/*
 * What the database is owed of the answers that were given without it. Runs in
 * glasd; owns nothing: the answers are those of struct away, known by the text
 * that they answer, from the pass in which it was answered until it stands in
 * the database. mo makes their rows with it, mt their results.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mt.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/segment.h"
#include "store/pg.h"

/*
 * The answers.
 */

/* Nodes of all trees begin with their key: a token or an identity. */
static int
away_compare(const void *a, const void *b)
{
	return (memcmp(a, b, SEAL_TOKEN_LEN));
}

void
away_answer_free(void *node)
{
	struct away_answer *a = node;

	for (unsigned int n = 0; n < a->count; n++)
		free(a->replies[n].text);
	free(a);
}

void *
away_lookup(void *const *tree, const uint8_t *key)
{
	void *const *node = tfind(key, tree, away_compare);

	return (node != NULL ? *node : NULL);
}

void *
away_insert(void **tree, void *new, size_t *count)
{
	void **node = tsearch(new, tree, away_compare);

	if (node == NULL)
		fatal("out of memory: answers while the database is away");
	*count += *node == new;
	return (*node);
}

const struct away_answer *
away_find(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	return (away_lookup(&away->answers, identity));
}

const struct away_reply *
away_reply_of(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN],
    enum reply_kind kind)
{
	const struct away_answer *a = away_find(away, identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].kind == kind)
			return (&a->replies[n]);
	}
	return (NULL);
}

bool
away_said(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN],
    enum reply_kind kind)
{
	return (away_reply_of(away, identity, kind) != NULL);
}

struct away_answer *
away_answer_for(struct away *away, const uint8_t *identity)
{
	struct away_answer *a = away_lookup(&away->answers, identity);

	if (a != NULL)
		return (a);
	a = xcalloc(1, sizeof *a);
	memcpy(a->identity, identity, SEAL_TOKEN_LEN);
	return (away_insert(&away->answers, a, &away->answer_count));
}

static void
away_drop(struct away *away, struct away_answer *a)
{
	struct away_person *p = a->stop ?
	    away_lookup(&away->people, a->token) : NULL;

	if (p != NULL && p->stops != 0)
		p->stops--;
	away->past -= a->restored && !a->taken;
	away->stored -= a->stored;
	tdelete(a->identity, &away->answers, away_compare);
	away->answer_count--;
	away_answer_free(a);
}

/* What is to take the place of its row is known until it has. */
void
away_forget(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	struct away_answer *a = away->answer_count == 0 ? NULL :
	    away_lookup(&away->answers, identity);

	if (a != NULL && !a->stored)
		away_drop(away, a);
}

bool
away_stored(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	const struct away_reply *r =
	    away_reply_of(away, identity, REPLY_EMERGENCY);
	struct away_answer *a;

	/* Without a number of the outbox nobody tells what becomes of it, but
	 * that the network took it. */
	if (r == NULL || r->state != AWAY_LIVE || (r->mt < 0 && !r->told))
		return (false);
	a = away_lookup(&away->answers, identity);
	away->stored += !a->stored;
	a->stored = true;
	return (true);
}

struct away_settling {
	unsigned int		 call;
	struct away_answer	*found;
};

static void
away_find_settling(const void *node, VISIT visit, void *arg)
{
	struct away_answer *a = *(void *const *)node;
	struct away_settling *s = arg;

	if ((visit == postorder || visit == leaf) && a->settling == s->call)
		s->found = a;
}

void
away_settled(struct away *away, bool done)
{
	struct away_settling s = { .call = ++away->calls_answered };

	while (done && away->stored != 0) {
		s.found = NULL;
		twalk_r(away->answers, away_find_settling, &s);
		if (s.found == NULL)
			break;
		away_drop(away, s.found);
	}
}

/* What the log that was found at the start does not bring was stored before. */
size_t
away_count(const struct away *away)
{
	const struct journal *j = away->gateway->journal;

	return (away->answer_count -
	    (journal_position(j) >= journal_found(j) ? away->past : 0));
}

/*
 * Results, whose rows may have to be made first.
 */

void
away_took(struct away *away, const struct item *result)
{
	struct away_answer *a = away_lookup(&away->answers, result->identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		if (a->replies[n].mt == result->mt)
			a->replies[n].told = true;
	}
}

void
away_taken(struct away *away, const uint8_t identity[SEAL_TOKEN_LEN])
{
	struct away_answer *a = away->answer_count == 0 ? NULL :
	    away_lookup(&away->answers, identity);

	if (a == NULL || a->taken)
		return;
	a->taken = true;
	away->past -= a->restored;
}

bool
away_waits(struct away *away, const struct item *result)
{
	struct away_answer *a = away_lookup(&away->answers, result->identity);

	if (a == NULL || a->taken || a->stored)
		return (a != NULL);
	/* It was stored before the start, or the disk refused it and its link
	 * has it still. */
	for (unsigned int n = 0; n < a->count; n++) {
		if (a->replies[n].mt == result->mt)
			a->replies[n].state = AWAY_SAVED;
	}
	return (false);
}

/*
 * Danger that was told, for a database that has its texts.
 */

typedef void (*away_put)(struct pg_params *, const uint8_t *identity,
    const struct away_reply *);

struct away_column {
	struct pg_params *params;
	away_put	 put;
	bool		 sorted;	/* by mt_recover(), which follows */
	unsigned int	 call;
};

static void
away_put_identity(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)r;
	pg_item_bytes(p, identity, SEAL_TOKEN_LEN);
}

static void
away_put_id(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	if (r->mt < 0)
		pg_item_null(p);
	else
		pg_item_int(p, r->mt);
}

static void
away_put_text(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	pg_item_text(p, r->text);
}

static void
away_put_encoding(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	enum encoding encoding;

	(void)identity;
	segment_count(r->text, &encoding, NULL);
	pg_item_text(p, encoding_name(encoding));
}

static void
away_put_segments(struct pg_params *p, const uint8_t *identity,
    const struct away_reply *r)
{
	(void)identity;
	pg_item_int(p, segment_count(r->text, NULL, NULL));
}

/* One that has no number of the outbox counts when the network took it; what is
 * in nobody's hands would be in flight for ever. */
static bool
away_is_said(const struct away_column *column, const struct away_reply *r)
{
	return ((r->mt >= 0 || r->told) &&
	    (r->state == AWAY_LIVE || column->sorted));
}

static void
away_said_item(const void *node, VISIT visit, void *arg)
{
	struct away_answer *a = *(void *const *)node;
	const struct away_column *column = arg;

	if (visit != postorder && visit != leaf)
		return;
	a->settling = a->stored ? column->call : 0;
	for (unsigned int n = 0; n < a->count; n++) {
		const struct away_reply *r = &a->replies[n];

		if (r->kind != REPLY_EMERGENCY)
			continue;
		if (away_is_said(column, r))
			column->put(column->params, a->identity, r);
		else
			a->settling = 0;
	}
}

bool
away_said_params(struct away *away, struct pg_params *p, bool sorted)
{
	static const struct {
		enum pg_type type;
		away_put put;
	} columns[] = {
		{ PG_BYTEA, away_put_identity },
		{ PG_INT8, away_put_id },
		{ PG_TEXT, away_put_text },
		{ PG_TEXT, away_put_encoding },
		{ PG_INT4, away_put_segments },
	};

	if (away->answer_count == 0)
		return (false);
	away->calls++;
	for (size_t n = 0; n < sizeof columns / sizeof *columns; n++) {
		struct away_column column = { p, columns[n].put, sorted,
			away->calls };

		pg_array(p, columns[n].type);
		twalk_r(away->answers, away_said_item, &column);
	}
	return (true);
}

/*
 * Texts that are put aside.
 */

void
away_save(const struct away *away, const uint8_t identity[SEAL_TOKEN_LEN],
    struct buf *items)
{
	const struct away_answer *a = away_find(away, identity);

	for (unsigned int n = 0; a != NULL && n < a->count; n++) {
		const struct away_reply *r = &a->replies[n];
		struct item item = { .type = ITEM_ANSWERED, .mt = r->mt,
			.reply_kind = (uint8_t)r->kind, .mr = -1,
			.state = r->told ? MT_ACCEPTED : 0,
			.ud = (const uint8_t *)r->text,
			.ud_len = strlen(r->text) };

		memcpy(item.identity, identity, sizeof item.identity);
		memcpy(item.reference, a->reference, sizeof item.reference);
		record_put(items, &item);
	}
}
