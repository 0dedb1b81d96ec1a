/*
 * Receiving. Runs in glas-modem; owns the list of slots that glasd has been
 * offered or has acked, and the reading position. Called from the main loop.
 *
 * A slot is deleted only after the ack, a list is read on while slots behind
 * it are deleted, and no further than the window: what waits stays in the
 * modem. A slot that libgammu refuses is passed by; after three times it is
 * left to modem_raw.c. What cannot be deleted is tried again later. A modem
 * that does not answer any more ends the program.
 */
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_alter.h"
#include "modem/modem_gammu.h"
#include "modem/modem_link.h"
#include "modem/modem_loopback.h"
#include "modem/modem_raw.h"
#include "modem/modem_receive.h"
#include "modem/modem_state.h"

#define RECEIVE_STEP_TEXTS	16	/* between two looks at stdin */
#define RECEIVE_STEP_MS		50
#define RECEIVE_REFUSALS	3	/* of a slot, before it is read raw */
#define RECEIVE_REFUSED_MAX	64
#define RECEIVE_STUCK_MAX	256	/* slots that cannot be deleted */
#define RECEIVE_ROOM_MS		10000
#define RECEIVE_DUMMY_MS	30000
#define RECEIVE_RAW_AGAIN_MS	600000
#define RECEIVE_AGAIN_MS	2000
#define RECEIVE_AGAIN_MAX_MS	60000

/* What glasd has of a slot: first offered, then acked and to be deleted. */
struct receive_slot {
	int		 slot;
	bool		 acked;
	bool		 report;
	bool		 replaceable;
	uint64_t	 print;
	int		 tries;
	int64_t		 retry_at;
};

static struct {
	const struct modem_settings *settings;
	const char	*imsi;
	struct receive_slot *slots;
	int		 count, room;
	int		*freed;		/* slots, since the list was begun */
	int		 freed_count, freed_room;
	bool		 listing;
	int		 cursor;	/* 0: from the beginning */
	bool		 listed;	/* to the end, once */
	bool		 brought;	/* something new: list again soon */
	int64_t		 list_at;
	int		 failures;	/* lists in a row */
	struct receive_refusal {
		int	 slot, times;
		int64_t	 raw_at;	/* not read raw before */
	} refused[RECEIVE_REFUSED_MAX];
	int		 refusals;
	bool		 stuck;
} receive;

void
receive_init(const struct modem_settings *settings, const char *imsi)
{
	receive.settings = settings;
	receive.imsi = imsi;
	receive.room = settings->window + RECEIVE_STUCK_MAX;
	receive.slots = xcalloc((size_t)receive.room, sizeof *receive.slots);
}

const char *
receive_trouble(void)
{
	return (receive.stuck ? "delete-failed" : "");
}

/*
 * Slots.
 */

static struct receive_slot *
receive_find(int slot)
{
	for (int i = 0; i < receive.count; i++) {
		if (receive.slots[i].slot == slot)
			return (&receive.slots[i]);
	}
	return (NULL);
}

/* The list may have been read before the slot was freed: offered once more,
 * its text would be acked, and what stands in the slot by then be deleted. */
static void
receive_freed(int slot)
{
	if (!receive.listing || receive.settings->dummy)
		return;
	if (receive.freed_count == receive.freed_room) {
		receive.freed_room += 64;
		receive.freed = xreallocarray(receive.freed,
		    (size_t)receive.freed_room, sizeof *receive.freed);
	}
	receive.freed[receive.freed_count++] = slot;
}

static bool
receive_was_freed(int slot)
{
	for (int i = 0; i < receive.freed_count; i++) {
		if (receive.freed[i] == slot)
			return (true);
	}
	return (false);
}

static void
receive_forget(struct receive_slot *s)
{
	receive_freed(s->slot);
	*s = receive.slots[--receive.count];
	if (receive.count == 0)
		receive.stuck = false;
}

/* FNV-1a, to tell one text from the next in a slot. */
static uint64_t
receive_hash(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return (hash);
}

static uint64_t
receive_print(const struct gammu_text *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	hash = receive_hash(hash, text->originator, strlen(text->originator));
	hash = receive_hash(hash, text->scts, strlen(text->scts));
	hash = receive_hash(hash, &text->mr, sizeof text->mr);
	hash = receive_hash(hash, text->udh, text->udh_len);
	return (receive_hash(hash, text->ud, text->ud_len));
}

/*
 * Offering.
 */

static void
receive_acked(int slot)
{
	struct receive_slot *s = receive_find(slot);

	if (s != NULL)
		s->acked = true;
}

static json_t *
receive_mo(const struct gammu_text *text)
{
	char udh[2 * sizeof text->udh + 1], ud[2 * GAMMU_UD_SIZE + 1];
	json_t *msg;

	hex_encode(udh, text->udh, text->udh_len);
	hex_encode(ud, text->ud, text->ud_len);
	msg = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:s, s:s}",
	    "t", "mo", "originator", text->originator,
	    "ton", alter_ton(text->originator), "smsc", text->smsc,
	    "sim", receive.imsi, "alphabet", text->alphabet,
	    "class", text->class, "replace", text->replace,
	    "udh", udh, "ud", ud);
	if (msg != NULL && text->scts[0] != '\0')
		json_object_set_new(msg, "scts", json_string(text->scts));
	return (msg);
}

static json_t *
receive_report(const struct gammu_text *text)
{
	const char *time = text->discharge[0] != '\0' ? text->discharge :
	    text->scts;

	return (json_pack("{s:s, s:i, s:s, s:i, s:s}", "t", "status-report",
	    "mr", text->mr, "recipient", text->originator,
	    "status", text->status, "time", time));
}

static void
receive_offer(const struct gammu_text *text, int slot)
{
	char origin[40];
	int folder, number;

	gammu_slot(slot, &folder, &number);
	snprintf(origin, sizeof origin, "%d:%d", folder, number);
	link_offer(text->kind == GAMMU_REPORT ? receive_report(text) :
	    receive_mo(text), origin, receive_acked, slot);
	receive.brought = true;
}

/* The modem kept no copy (a flash text, a report by +CDS): ours is the only
 * one until the ack. */
static bool
receive_direct(void)
{
	struct gammu_text text;

	if (link_room() == 0 || !gammu_take_direct())
		return (false);
	if (gammu_text(&text) == -1 || text.kind == GAMMU_OTHER) {
		log_warn("a text without a slot could not be decoded");
		return (true);
	}
	loopback_heard();
	if (!loopback_is_ours(&text))
		link_offer(text.kind == GAMMU_REPORT ?
		    receive_report(&text) : receive_mo(&text), "direct", NULL,
		    0);
	return (true);
}

/*
 * Refusals.
 */

static struct receive_refusal *
receive_refusal(int slot)
{
	for (int i = 0; i < receive.refusals; i++) {
		if (receive.refused[i].slot == slot)
			return (&receive.refused[i]);
	}
	return (NULL);
}

static void
receive_refused(int slot)
{
	struct receive_refusal *r = receive_refusal(slot);

	if (raw_knows(slot))
		return;
	if (r == NULL) {
		if (receive.refusals == RECEIVE_REFUSED_MAX)
			return;
		r = &receive.refused[receive.refusals++];
		*r = (struct receive_refusal){ .slot = slot };
		log_warn("a slot holds what libgammu cannot decode");
	}
	r->times++;
}

static void
receive_unrefuse(int slot)
{
	struct receive_refusal *r = receive_refusal(slot);

	if (r != NULL)
		*r = receive.refused[--receive.refusals];
}

/*
 * Reading.
 */

static void
receive_list_begin(void)
{
	receive.listing = true;
	receive.cursor = 0;
	receive.brought = false;
	receive.freed_count = 0;
	(void)gammu_arrived();
	state_listing(true);
	/* If a text in there kills us, glasd must know what we were about. */
	link_flush();
}

static void
receive_list_end(int64_t next_ms)
{
	receive.listing = false;
	receive.list_at = clock_mono_ms() + next_ms;
	state_listing(false);
}

/* The end of the list is not proof that the store is empty, and the network
 * fills freed slots at once. Slots refused are looked at again soon. To find
 * the end costs the dummy phone 30,000 attempts to open a file, and its
 * directories tell what is new. */
static void
receive_list_done(void)
{
	int64_t next_ms = receive.settings->poll_ms;
	bool again = receive.brought && !receive.settings->dummy;

	if (receive.settings->dummy && gammu_fd() != -1 &&
	    next_ms < RECEIVE_DUMMY_MS)
		next_ms = RECEIVE_DUMMY_MS;
	for (int i = 0; i < receive.refusals; i++) {
		if (receive.refused[i].times < RECEIVE_REFUSALS)
			again = true;
	}
	if (again && next_ms > RECEIVE_AGAIN_MS)
		next_ms = RECEIVE_AGAIN_MS;
	receive.failures = 0;
	receive.listed = true;
	receive_list_end(next_ms);
}

/* False when its fields cannot be trusted. */
static bool
receive_slot_text(int slot)
{
	struct gammu_text text;
	bool ours;

	if (receive_find(slot) != NULL || raw_knows(slot) ||
	    receive_was_freed(slot))
		return (true);
	if (gammu_text(&text) == -1)
		return (false);
	receive_unrefuse(slot);
	if (text.kind == GAMMU_OTHER)
		return (true);
	if (receive.listed)	/* before that, it may have lain there long */
		loopback_heard();
	ours = loopback_is_ours(&text);
	receive.slots[receive.count++] = (struct receive_slot){
		.slot = slot,
		.acked = ours,
		.report = text.kind == GAMMU_REPORT,
		.replaceable = text.replace != 0,
		.print = receive_print(&text),
	};
	if (!ours)
		receive_offer(&text, slot);
	return (true);
}

/* A part of the window is kept free for what submits and calls bring. */
static bool
receive_may_read(void)
{
	int window = receive.settings->window;

	return (link_room() > (window >= 4 ? window / 4 : 0) &&
	    receive.count < receive.room);
}

/* False when glasd does not take what it is offered. */
static bool
receive_room(void)
{
	int64_t until = clock_mono_ms() + RECEIVE_ROOM_MS;

	while (!receive_may_read() && clock_mono_ms() < until)
		modem_listen(RECEIVE_STEP_MS);
	return (receive_may_read());
}

/* From the raw path. If libgammu dies of it, glasd knows of which. */
static enum raw_decoded
receive_pdu(int slot, const char *pdu)
{
	enum gammu_result result;
	char detail[32];

	if (receive_find(slot) != NULL)
		return (RAW_DECODED);
	if (!receive_room())
		return (RAW_LATER);
	snprintf(detail, sizeof detail, "slot %d", slot);
	state_say("listing", detail);
	link_flush();
	result = gammu_decode(slot, pdu);
	state_say("listing", "raw");
	link_flush();
	if (result == GAMMU_OK && receive_slot_text(slot))
		return (RAW_DECODED);
	receive_unrefuse(slot);
	return (RAW_UNDECODABLE);
}

void
receive_one_by_one(int killer)
{
	raw_session_all(killer, receive_pdu);
}

/* Hands slots that were refused often enough to the raw path; what it cannot
 * take gets a long rest. The dummy phone has none: there they stay. */
static bool
receive_raw(void)
{
	int slots[RECEIVE_REFUSED_MAX], left[RECEIVE_REFUSED_MAX], n = 0;
	struct receive_refusal *r;

	if (receive.settings->dummy)
		return (false);
	for (int i = 0; i < receive.refusals; i++) {
		if (receive.refused[i].times >= RECEIVE_REFUSALS &&
		    receive.refused[i].raw_at <= clock_mono_ms()) {
			slots[n] = receive.refused[i].slot;
			left[n++] = receive.refused[i].slot;
		}
	}
	if (n == 0 && !raw_owes())
		return (false);
	raw_session(left, n, receive_pdu);
	for (int i = 0; i < n; i++) {
		if (left[i] == -1)
			receive_unrefuse(slots[i]);
		else if ((r = receive_refusal(slots[i])) != NULL)
			r->raw_at = clock_mono_ms() + RECEIVE_RAW_AGAIN_MS;
	}
	receive.list_at = clock_mono_ms();
	return (true);
}

static void
receive_list_failed(enum gammu_result result)
{
	const char *trouble = state_sim_trouble();

	log_warn("the list of texts could not be read: %s",
	    gammu_result_word(result));
	if (trouble[0] != '\0')
		modem_down(trouble, MODEM_EXIT_MODEM);
	if (++receive.failures >= RECEIVE_REFUSALS) {
		if (result == GAMMU_LOCKED || receive.settings->dummy)
			modem_down(gammu_result_word(result),
			    MODEM_EXIT_MODEM);
		receive_one_by_one(0);
		receive.failures = 0;
	}
	receive_list_end(RECEIVE_AGAIN_MS);
}

/* False at the end of the list, or where it cannot go on now. */
static bool
receive_read(void)
{
	enum gammu_result result;

	if (!receive.listing || !receive_may_read())
		return (false);
	result = gammu_next(receive.cursor == 0, &receive.cursor);
	switch (result) {
	case GAMMU_OK:
		if (!receive_slot_text(receive.cursor))
			receive_refused(receive.cursor);
		return (true);
	case GAMMU_SKIPPED:
		return (true);
	case GAMMU_REFUSED:
		receive_refused(receive.cursor);
		return (true);
	case GAMMU_END:
		receive_list_done();
		return (false);
	case GAMMU_FAILED:
	case GAMMU_LOCKED:
		receive_list_failed(result);
		return (false);
	case GAMMU_TIMEOUT:
	case GAMMU_GONE:
		break;
	}
	modem_down(gammu_result_word(result), MODEM_EXIT_MODEM);
}

/*
 * Deleting.
 */

/* The next one to delete, reports first: they are the ones that fill a SIM
 * without anybody having written. */
static struct receive_slot *
receive_deletable(int64_t now)
{
	struct receive_slot *found = NULL;

	for (int i = 0; i < receive.count; i++) {
		struct receive_slot *s = &receive.slots[i];

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
receive_same(const struct receive_slot *s)
{
	struct gammu_text text;

	if (!s->replaceable && s->tries == 0)
		return (true);
	return (gammu_read(s->slot) == GAMMU_OK && gammu_text(&text) == 0 &&
	    receive_print(&text) == s->print);
}

static void
receive_undeleted(struct receive_slot *s, enum gammu_result result)
{
	int64_t wait_ms = RECEIVE_AGAIN_MS << (s->tries < 5 ? s->tries : 5);

	if (wait_ms > RECEIVE_AGAIN_MAX_MS)
		wait_ms = RECEIVE_AGAIN_MAX_MS;
	if (++s->tries == RECEIVE_REFUSALS) {
		log_warn("a text that is stored cannot be deleted: %s",
		    gammu_result_word(result));
		receive.stuck = true;
	}
	s->retry_at = clock_mono_ms() + wait_ms;
	if (result == GAMMU_TIMEOUT)
		gammu_recover();
}

static bool
receive_delete(void)
{
	struct receive_slot *s = receive_deletable(clock_mono_ms());
	enum gammu_result result;

	if (s == NULL)
		return (false);
	if (!receive_same(s)) {
		receive_forget(s);
		receive.brought = true;
		if (receive.list_at > clock_mono_ms() + RECEIVE_AGAIN_MS)
			receive.list_at = clock_mono_ms() + RECEIVE_AGAIN_MS;
		return (true);
	}
	result = gammu_delete(s->slot);
	switch (result) {
	case GAMMU_OK:
	case GAMMU_END:
		receive_forget(s);
		return (true);
	case GAMMU_SKIPPED:
	case GAMMU_REFUSED:
	case GAMMU_FAILED:
	case GAMMU_LOCKED:
	case GAMMU_TIMEOUT:
		receive_undeleted(s, result);
		return (true);
	case GAMMU_GONE:
		break;
	}
	modem_down(gammu_result_word(result), MODEM_EXIT_MODEM);
}

/*
 * The step.
 */

int64_t
receive_due(void)
{
	int64_t due = receive.listing ? INT64_MAX : receive.list_at;

	for (int i = 0; i < receive.count; i++) {
		if (receive.slots[i].acked && receive.slots[i].retry_at < due)
			due = receive.slots[i].retry_at;
	}
	return (due);
}

bool
receive_step(void)
{
	int64_t until = clock_mono_ms() + RECEIVE_STEP_MS;
	bool did = receive_direct(), listing;

	if (!receive.listing && receive_raw())
		return (true);
	if (!receive.listing &&
	    (gammu_arrived() || clock_mono_ms() >= receive.list_at)) {
		receive_list_begin();
		if (raw_has_killer()) {
			receive_one_by_one(0);
			receive_list_end(receive.settings->poll_ms);
		}
	}
	listing = receive.listing;
	for (int n = 0; n < RECEIVE_STEP_TEXTS; n++) {
		bool more = receive_delete();

		more = receive_read() || more;
		if (!more)
			break;
		did = true;
		if (clock_mono_ms() >= until)
			break;
	}
	/* The end of a list may have left slots to the raw path. */
	return (did || (listing && !receive.listing));
}
