/*
 * Slots that glasd has been offered, or has acked. Runs in glas-modem; owns the
 * list of them. Called by modem_receive.c. A slot is deleted only after the
 * ack, and if it still holds what was offered; what cannot be deleted is tried
 * again later. A modem that is gone ends the program.
 */
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_slots.h"

#define SLOTS_STUCK_MAX		256	/* slots that cannot be deleted */
#define SLOTS_TRIES		3	/* before that is said */
#define SLOTS_AGAIN_MS		2000
#define SLOTS_AGAIN_MAX_MS	60000

/* First offered, then acked and to be deleted. */
struct slots_slot {
	int		 slot;
	bool		 acked;
	bool		 report;
	bool		 replaceable;
	uint64_t	 print;
	int		 tries;
	int64_t		 retry_at;
};

static struct {
	bool		 dummy;
	struct slots_slot *list;
	int		 count, room;
	bool		 listing;
	int		*freed;		/* since the list was begun */
	int		 freed_count, freed_room;
	bool		 stuck;
} slots;

void
slots_init(const struct modem_settings *settings)
{
	slots.dummy = settings->dummy;
	slots.room = settings->window + SLOTS_STUCK_MAX;
	slots.list = xcalloc((size_t)slots.room, sizeof *slots.list);
}

const char *
slots_trouble(void)
{
	return (slots.stuck ? "delete-failed" : "");
}

/*
 * Which there are.
 */

static struct slots_slot *
slots_find(int slot)
{
	for (int i = 0; i < slots.count; i++) {
		if (slots.list[i].slot == slot)
			return (&slots.list[i]);
	}
	return (NULL);
}

void
slots_listing(bool listing)
{
	slots.listing = listing;
	if (listing)
		slots.freed_count = 0;
}

/* The list may have been read before the slot was freed: offered once more,
 * its text would be acked, and what stands in the slot by then be deleted. */
static void
slots_freed(int slot)
{
	if (!slots.listing || slots.dummy)
		return;
	if (slots.freed_count == slots.freed_room) {
		slots.freed_room += 64;
		slots.freed = xreallocarray(slots.freed,
		    (size_t)slots.freed_room, sizeof *slots.freed);
	}
	slots.freed[slots.freed_count++] = slot;
}

bool
slots_know(int slot)
{
	for (int i = 0; i < slots.freed_count; i++) {
		if (slots.freed[i] == slot)
			return (true);
	}
	return (slots_find(slot) != NULL);
}

bool
slots_have_room(void)
{
	return (slots.count < slots.room);
}

/* FNV-1a, to tell one text from the next in a slot. */
static uint64_t
slots_hash(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return (hash);
}

static uint64_t
slots_print(const struct gammu_text *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	hash = slots_hash(hash, text->originator, strlen(text->originator));
	hash = slots_hash(hash, text->scts, strlen(text->scts));
	hash = slots_hash(hash, &text->mr, sizeof text->mr);
	hash = slots_hash(hash, text->udh, text->udh_len);
	return (slots_hash(hash, text->ud, text->ud_len));
}

void
slots_add(int slot, const struct gammu_text *text, bool acked)
{
	slots.list[slots.count++] = (struct slots_slot){
		.slot = slot,
		.acked = acked,
		.report = text->kind == GAMMU_REPORT,
		.replaceable = text->replace != 0,
		.print = slots_print(text),
	};
}

void
slots_acked(int slot)
{
	struct slots_slot *s = slots_find(slot);

	if (s != NULL)
		s->acked = true;
}

/*
 * Deleting.
 */

static void
slots_forget(struct slots_slot *s)
{
	slots_freed(s->slot);
	*s = slots.list[--slots.count];
	if (slots.count == 0)
		slots.stuck = false;
}

/* The next one to delete, reports first: they are the ones that fill a SIM
 * without anybody having written. */
static struct slots_slot *
slots_deletable(int64_t now)
{
	struct slots_slot *found = NULL;

	for (int i = 0; i < slots.count; i++) {
		struct slots_slot *s = &slots.list[i];

		if (!s->acked || s->retry_at > now)
			continue;
		if (s->report)
			return (s);
		if (found == NULL)
			found = s;
	}
	return (found);
}

/* Another text may stand in the slot by now: one that replaces the first (TS
 * 23.040, 9.2.3.9), or, after a deletion whose answer was lost, just the next
 * one. Otherwise a slot that is taken does not change. */
static bool
slots_same(const struct slots_slot *s)
{
	struct gammu_text text;

	if (!s->replaceable && s->tries == 0)
		return (true);
	return (gammu_read(s->slot) == GAMMU_OK && gammu_text(&text) == 0 &&
	    slots_print(&text) == s->print);
}

static void
slots_undeleted(struct slots_slot *s, enum gammu_result result)
{
	int64_t wait_ms = SLOTS_AGAIN_MS << (s->tries < 5 ? s->tries : 5);

	if (wait_ms > SLOTS_AGAIN_MAX_MS)
		wait_ms = SLOTS_AGAIN_MAX_MS;
	if (++s->tries == SLOTS_TRIES) {
		log_warn("a text that is stored cannot be deleted: %s",
		    gammu_result_word(result));
		slots.stuck = true;
	}
	s->retry_at = clock_mono_ms() + wait_ms;
	if (result == GAMMU_TIMEOUT)
		gammu_recover();
}

enum slots_deleted
slots_delete(void)
{
	struct slots_slot *s = slots_deletable(clock_mono_ms());
	enum gammu_result result;

	if (s == NULL)
		return (SLOTS_NOTHING);
	if (!slots_same(s)) {
		slots_forget(s);
		return (SLOTS_CHANGED);
	}
	result = gammu_delete(s->slot);
	switch (result) {
	case GAMMU_OK:
	case GAMMU_END:
		slots_forget(s);
		return (SLOTS_TRIED);
	case GAMMU_SKIPPED:
	case GAMMU_REFUSED:
	case GAMMU_FAILED:
	case GAMMU_LOCKED:
	case GAMMU_TIMEOUT:
		slots_undeleted(s, result);
		return (SLOTS_TRIED);
	case GAMMU_GONE:
		break;
	}
	modem_down(gammu_result_word(result), MODEM_EXIT_MODEM);
}

int64_t
slots_due(void)
{
	int64_t due = INT64_MAX;

	for (int i = 0; i < slots.count; i++) {
		if (slots.list[i].acked && slots.list[i].retry_at < due)
			due = slots.list[i].retry_at;
	}
	return (due);
}
