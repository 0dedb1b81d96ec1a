/*
 * What the log says of replies. Runs in glasd, called by rewound.c when a
 * database went backwards; owns what it has read until that is done.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/journal.h"
#include "glasd/mt.h"
#include "glasd/rewound_log.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/pg.h"

/* What the log says last of a reply. */
struct rewound_last {
	int64_t		 mt;
	bool		 settled;
};

static int
rewound_told_compare(const void *a, const void *b)
{
	return (memcmp(a, b, SEAL_TOKEN_LEN));
}

static int
rewound_last_compare(const void *a, const void *b)
{
	const struct rewound_last *x = a, *y = b;

	return (x->mt < y->mt ? -1 : x->mt > y->mt);
}

/* `new` goes in unless its like is there; returns what is there then. */
static void *
rewound_insert(void **tree, void *new, int (*compare)(const void *,
    const void *))
{
	void **node = tsearch(new, tree, compare);

	if (node == NULL)
		fatal("out of memory: replies of before");
	if (*node != new)
		free(new);
	return (*node);
}

static void
rewound_scan_told(struct rewound_log *l, const struct item *item)
{
	struct away_answer *a = xcalloc(1, sizeof *a);

	memcpy(a->identity, item->identity, sizeof a->identity);
	a = rewound_insert(&l->told, a, rewound_told_compare);
	for (unsigned int n = 0; n < a->count; n++) {
		if (a->replies[n].mt == item->mt)
			return;
	}
	if (a->count == ANSWER_REPLIES_MAX)
		return;
	if (item->reference[0] != '\0')
		memcpy(a->reference, item->reference, sizeof a->reference);
	a->replies[a->count++] = (struct away_reply){ .mt = item->mt,
		.kind = (enum reply_kind)item->reply_kind,
		.state = AWAY_HELD,
		.text = xstrndup((const char *)item->ud, item->ud_len) };
}

static void
rewound_scan_last(struct rewound_log *l, const struct item *item)
{
	struct rewound_last *last = xcalloc(1, sizeof *last);

	last->mt = item->mt;
	last = rewound_insert(&l->last, last, rewound_last_compare);
	last->settled = item->type == ITEM_RESULT;
}

static void
rewound_scan(void *arg, uint64_t record, const struct item *item)
{
	(void)record;
	if (item->type == ITEM_ANSWERED ||
	    (item->type == ITEM_INTENT && item->ud_len != 0))
		rewound_scan_told(arg, item);
	if (item->type == ITEM_INTENT || mt_goes_again(item) ||
	    (item->type == ITEM_RESULT && item->state != MT_MORE))
		rewound_scan_last(arg, item);
}

void
rewound_log_read(struct rewound_log *l, struct journal *journal,
    uint64_t record)
{
	journal_scan(journal, record, rewound_scan, l);
}

void
rewound_log_clear(struct rewound_log *l)
{
	tdestroy(l->told, away_answer_free);
	tdestroy(l->last, free);
	*l = (struct rewound_log){ 0 };
}

const struct away_answer *
rewound_log_told(const struct rewound_log *l,
    const uint8_t identity[SEAL_TOKEN_LEN])
{
	void *const *node = tfind(identity, &l->told, rewound_told_compare);

	return (node != NULL ? *node : NULL);
}

static void
rewound_add_unsettled(const void *node, VISIT visit, void *arg)
{
	const struct rewound_last *last = *(void *const *)node;

	if ((visit == postorder || visit == leaf) && !last->settled)
		pg_item_int(arg, last->mt);
}

void
rewound_log_unsettled(const struct rewound_log *l, struct pg_params *p)
{
	twalk_r(l->last, rewound_add_unsettled, p);
}
