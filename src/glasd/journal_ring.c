/*
 * The records that were read and are not done. Runs in glasd; owns their list.
 * Called by journal.c. An item that is done twice is a bug.
 */
#include <stdlib.h>

#include "glasd/journal_ring.h"
#include "lib/log.h"
#include "lib/mem.h"

#define RING_LEAST	64

void
ring_clear(struct journal_ring *r)
{
	free(r->at);
	*r = (struct journal_ring){ 0 };
}

void
ring_reset(struct journal_ring *r)
{
	r->head = r->count = 0;
}

static struct journal_record *
ring_at(const struct journal_ring *r, size_t n)
{
	return (&r->at[(r->head + n) % r->room]);
}

static void
ring_grow(struct journal_ring *r)
{
	size_t room = r->room != 0 ? 2 * r->room : RING_LEAST;
	struct journal_record *at = xcalloc(room, sizeof *at);

	for (size_t n = 0; n < r->count; n++)
		at[n] = *ring_at(r, n);
	free(r->at);
	r->at = at;
	r->room = room;
	r->head = 0;
}

void
ring_push(struct journal_ring *r, uint64_t number)
{
	if (r->count == r->room)
		ring_grow(r);
	*ring_at(r, r->count++) = (struct journal_record){ .number = number };
}

static struct journal_record *
ring_find(const struct journal_ring *r, uint64_t number)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ring_at(r, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == r->count || ring_at(r, low)->number != number)
		return (NULL);
	return (ring_at(r, low));
}

void
ring_open(struct journal_ring *r, uint64_t number)
{
	ring_find(r, number)->open++;
}

void
ring_done(struct journal_ring *r, uint64_t number)
{
	struct journal_record *record = ring_find(r, number);

	if (record == NULL)
		return;
	if (record->open == 0)
		panic("record=%llu done twice", (unsigned long long)number);
	record->open--;
}

uint64_t
ring_advance(struct journal_ring *r, uint64_t before)
{
	while (r->count != 0 && ring_at(r, 0)->open == 0) {
		before = ring_at(r, 0)->number;
		r->head = (r->head + 1) % r->room;
		r->count--;
	}
	return (before);
}

bool
ring_is_empty(const struct journal_ring *r)
{
	return (r->count == 0);
}
