/*
 * Third step of the MO path: segments of long texts. Runs in glasd, on batches
 * whose context is there. A segment joins the newest group of its originator,
 * reference and count; when all are here the text is whole. Segments of
 * different originators never meet: the token is part of the key.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "lib/log.h"
#include "lib/utf8.h"
#include "store/pg.h"

enum {	/* columns of glas_gw.mo_groups() */
	GROUP_N,
	GROUP_ID,
	GROUP_MESSAGE,
	GROUP_REFERENCE,
	GROUP_SEQ,
	GROUP_SEALED
};

int
mo_concat_ref(const struct udh *udh)
{
	return (udh->wide ? 65536 + udh->ref : udh->ref);
}

/* While keys are replaced, it may be sealed for the token before. */
static int
mo_concat_unseal(const struct seal_keys *keys, const uint8_t *token,
    const char *msisdn, const struct buf *sealed, uint8_t *plain)
{
	uint8_t before[SEAL_TOKEN_LEN];
	int len = seal_open(keys, token, SEAL_TOKEN_LEN, sealed->data,
	    sealed->len, plain);

	if (len != -1 || msisdn == NULL || !seal_keys_two(keys))
		return (len);
	seal_token(keys, SEAL_TOKEN_BEFORE, msisdn, strlen(msisdn), before);
	return (seal_open(keys, before, sizeof before, sealed->data,
	    sealed->len, plain));
}

uint8_t *
mo_concat_open(struct mo *mo, const uint8_t *token, const char *msisdn,
    const struct buf *sealed, struct item *item)
{
	uint8_t *plain;
	const uint8_t *p;
	int len;

	if (sealed->len < SEAL_OVERHEAD)
		return (NULL);
	plain = xmalloc(sealed->len);
	len = mo_concat_unseal(mo->gateway->keys, token, msisdn, sealed,
	    plain);
	p = plain;
	if (len != -1 && record_next(&p, plain + len, item) == 1)
		return (plain);
	log_error("a stored segment cannot be opened: is this the key set?");
	free(plain);
	return (NULL);
}

static struct mo_group *
mo_group_new(struct mo_batch *b, const uint8_t *token, int ref,
    unsigned int max, int64_t id)
{
	struct mo_group *g;

	b->groups = xreallocarray(b->groups, b->group_count + 1,
	    sizeof *b->groups);
	g = &b->groups[b->group_count++];
	*g = (struct mo_group){ .ref = ref, .max = max, .id = id };
	memcpy(g->token, token, SEAL_TOKEN_LEN);
	return (g);
}

static struct mo_group *
mo_group_by_id(const struct mo_batch *b, int64_t id)
{
	for (unsigned int n = 0; n < b->group_count; n++) {
		if (b->groups[n].id == id)
			return (&b->groups[n]);
	}
	return (NULL);
}

/* The newest one with that key: a reference is used again by and by. */
static struct mo_group *
mo_group_find(struct mo_batch *b, const struct mo_text *t)
{
	for (unsigned int n = b->group_count; n-- > 0;) {
		struct mo_group *g = &b->groups[n];

		if (g->ref == mo_concat_ref(&t->udh) && g->max == t->udh.max &&
		    memcmp(g->token, t->token, SEAL_TOKEN_LEN) == 0)
			return (g);
	}
	return (NULL);
}

static bool
mo_group_has(const struct mo_group *g, uint8_t seq)
{
	for (unsigned int n = 0; n < g->count; n++) {
		if (g->segments[n].seq == seq)
			return (true);
	}
	return (false);
}

/* Takes over `octets`, which the item leads into. */
static void
mo_group_add(struct mo_group *g, uint8_t seq, const struct item *item,
    uint8_t *octets)
{
	g->segments = xreallocarray(g->segments, g->count + 1,
	    sizeof *g->segments);
	g->segments[g->count++] = (struct mo_segment){ .seq = seq,
		.item = *item, .octets = octets };
}

bool
mo_concat_asks(const struct mo_batch *b, const struct mo_text *t)
{
	const struct mo_text *o;

	if (!t->udh.concat)
		return (false);
	TAILQ_FOREACH(o, &b->texts, entry) {
		if (o == t)
			break;
		if (o->udh.concat && o->udh.max == t->udh.max &&
		    mo_concat_ref(&o->udh) == mo_concat_ref(&t->udh) &&
		    memcmp(o->token, t->token, SEAL_TOKEN_LEN) == 0)
			return (false);
	}
	return (true);
}

static void
mo_concat_row(struct mo_batch *b, const struct mo_text *t,
    const struct pg_result *r, int row)
{
	struct mo_group *g = mo_group_find(b, t);
	int64_t id = pg_int(r, row, GROUP_ID);
	uint8_t seq = (uint8_t)pg_int(r, row, GROUP_SEQ), *octets;
	struct buf sealed = { 0 };
	struct item item;

	if (g == NULL || g->id != id) {
		g = mo_group_new(b, t->token, mo_concat_ref(&t->udh),
		    t->udh.max, id);
		g->message = pg_int(r, row, GROUP_MESSAGE);
		snprintf(g->reference, sizeof g->reference, "%s",
		    pg_text(r, row, GROUP_REFERENCE));
	}
	pg_bytes(r, row, GROUP_SEALED, &sealed);
	octets = mo_concat_open(b->mo, t->token, t->item.msisdn, &sealed,
	    &item);
	if (octets != NULL)
		mo_group_add(g, seq, &item, octets);
	buf_clear(&sealed);
}

void
mo_concat_known(struct mo_batch *b, const struct pg_result *r)
{
	struct mo_text *t = TAILQ_FIRST(&b->texts);
	int n = 1, row = 0;

	/* GROUP_N counts the texts that ask, from 1. */
	for (; t != NULL && row < pg_rows(r); t = TAILQ_NEXT(t, entry)) {
		if (!mo_concat_asks(b, t))
			continue;
		for (; row < pg_rows(r) && pg_int(r, row, GROUP_N) == n; row++)
			mo_concat_row(b, t, r, row);
		n++;
	}
}

static void
mo_concat_text(struct mo_batch *b, struct mo_text *t)
{
	struct mo_group *g = mo_group_find(b, t);
	struct item item;
	uint8_t *octets;

	/* A number that is here already, in an open group, is another long
	 * text with the same reference. */
	if (g != NULL && mo_group_has(g, t->udh.seq))
		g = NULL;
	if (g == NULL)
		g = mo_group_new(b, t->token, mo_concat_ref(&t->udh),
		    t->udh.max, -(int64_t)b->group_count);
	octets = mo_item_copy(&t->item, &item);
	mo_group_add(g, t->udh.seq, &item, octets);
	t->group = (unsigned int)(g - b->groups) + 1;
	if (g->message != 0) {
		t->role = MO_LATE;
		memcpy(t->reference, g->reference, sizeof t->reference);
	} else {
		t->role = g->count == g->max ? MO_LAST : MO_PART;
	}
	/* Until the text has its id: whoever comes later is late. */
	if (t->role == MO_LAST) {
		g->fresh_close = true;
		g->message = -1;
	}
}

/* The same message offered twice, and both in this batch. */
static bool
mo_seen_before(const struct mo_batch *b, const struct mo_text *t)
{
	const struct mo_text *o;

	TAILQ_FOREACH(o, &b->texts, entry) {
		if (o == t)
			return (false);
		if (o->due_group == 0 && (memcmp(o->item.identity,
		    t->item.identity, SEAL_TOKEN_LEN) == 0 ||
		    (t->item.offered_before && memcmp(o->item.identity,
		    t->item.identity_before, SEAL_TOKEN_LEN) == 0)))
			return (true);
	}
	return (false);
}

static void
mo_concat_segments(const struct mo_batch *b, const struct mo_text *t,
    struct buf *utf8)
{
	const struct mo_group *g = t->role == MO_LAST ?
	    &b->groups[t->group - 1] : NULL;
	unsigned int n, count = g != NULL ? g->count : 1;
	struct concat_segment *s = xcalloc(count, sizeof *s);

	for (n = 0; n < count; n++) {
		const struct item *item = g != NULL ? &g->segments[n].item :
		    &t->item;
		struct udh udh;

		udh_read(&udh, item->udh, item->udh_len);
		s[n] = (struct concat_segment){
			.seq = g != NULL ? g->segments[n].seq : 1,
			.ucs2 = item->alphabet == ITEM_UCS2,
			.locking = udh.locking, .single = udh.single,
			.ud = item->ud, .len = item->ud_len };
	}
	concat_join(utf8, s, count, g != NULL ? g->max : 1);
	free(s);
}

/* The text as it was written. */
static void
mo_concat_read(const struct mo_batch *b, struct mo_text *t)
{
	struct buf raw = { 0 }, clean = { 0 };

	if (t->item.alphabet == ITEM_TEXT)
		buf_add(&raw, t->item.ud, t->item.ud_len);
	else if (t->item.alphabet == ITEM_BINARY)
		buf_printf(&raw, "[binary, %zu octets]", t->item.ud_len);
	else
		mo_concat_segments(b, t, &raw);
	utf8_visible(&clean, (const char *)raw.data, raw.len);
	t->plain = xstrdup(buf_str(&clean));
	buf_clear(&raw);
	buf_clear(&clean);
}

void
mo_concat_original(const struct mo_batch *b, struct mo_text *t)
{
	const struct mo_group *g;

	if (t->role != MO_LAST) {
		record_put(&t->original, &t->item);
		t->segments = 1;
		return;
	}
	g = &b->groups[t->group - 1];
	for (unsigned int n = 0; n < g->count; n++)
		record_put(&t->original, &g->segments[n].item);
	t->segments = g->count;
}

/* The group as it was when its time ran out. */
static struct mo_group *
mo_concat_due_group(struct mo_batch *b, const struct mo_text *t)
{
	struct mo_group *g = mo_group_new(b, t->token,
	    mo_concat_ref(&t->udh), t->udh.max, t->due_group);
	const uint8_t *p = t->due_items.data;
	const uint8_t *end = p + t->due_items.len;
	struct item item, copy;
	struct udh udh;

	while (record_next(&p, end, &item) == 1) {
		uint8_t *octets = mo_item_copy(&item, &copy);

		udh_read(&udh, copy.udh, copy.udh_len);
		mo_group_add(g, udh.seq, &copy, octets);
	}
	return (g);
}

/* A text whose time ran out. Since then it may have been closed, by the segment
 * that was missing or by a call whose answer was lost, or have grown. */
static void
mo_concat_due(struct mo_batch *b, struct mo_text *t)
{
	struct mo_group *g = mo_group_by_id(b, t->due_group);

	t->role = MO_SEEN;
	if (g != NULL && g->message != 0)
		return;
	if (g == NULL)
		g = mo_concat_due_group(b, t);
	g->message = -1;
	g->fresh_close = true;
	t->group = (unsigned int)(g - b->groups) + 1;
	t->role = MO_LAST;
	if (g->count < g->max)
		t->note = t->due_crowded ? "segments are missing; too many "
		    "long texts were unfinished" : "segments are missing";
}

void
mo_concat_join(struct mo_batch *b)
{
	struct mo_text *t;

	TAILQ_FOREACH(t, &b->texts, entry) {
		if (t->due_group != 0)
			mo_concat_due(b, t);
		else if (t->role == MO_SEEN || mo_seen_before(b, t))
			t->role = MO_SEEN;
		else if (t->udh.concat)
			mo_concat_text(b, t);
		if (t->role == MO_LATE)
			t->note = "late segment of a long text";
		if (t->role != MO_SEEN && t->role != MO_PART)
			mo_concat_read(b, t);
	}
	mo_answer(b);
}
