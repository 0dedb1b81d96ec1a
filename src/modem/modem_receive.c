/*
 * Receiving. Runs in glas-modem; owns the reading position and the list of
 * slots that libgammu refuses. Called from the main loop.
 *
 * A list is read on while slots behind it are deleted (modem_slots.c), and no
 * further than the window: what waits stays in the modem. A slot that libgammu
 * refuses is passed by; after three times it is left to modem_raw.c. A modem
 * that does not answer any more ends the program.
 */
#include <stdio.h>

#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "modem/modem_alter.h"
#include "modem/modem_gammu.h"
#include "modem/modem_loopback.h"
#include "modem/modem_raw.h"
#include "modem/modem_receive.h"
#include "modem/modem_slots.h"
#include "modem/modem_state.h"
#include "modem/modem_wire.h"

#define RECEIVE_STEP_TEXTS	16	/* between two looks at stdin */
#define RECEIVE_STEP_MS		50
#define RECEIVE_REFUSALS	3	/* of a slot, before it is read raw */
#define RECEIVE_REFUSED_MAX	64
#define RECEIVE_ROOM_MS		10000
#define RECEIVE_DUMMY_MS	30000
#define RECEIVE_RAW_AGAIN_MS	600000
#define RECEIVE_AGAIN_MS	2000

static struct {
	const struct modem_settings *settings;
	const char	*imsi;
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
} receive;

void
receive_init(const struct modem_settings *settings, const char *imsi)
{
	receive.settings = settings;
	receive.imsi = imsi;
}

/*
 * Offering.
 */

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

	return (json_pack("{s:s, s:i, s:s, s:i, s:s, s:s}", "t",
	    "status-report", "mr", text->mr, "recipient", text->originator,
	    "status", text->status, "scts", text->scts, "time", time));
}

static json_t *
receive_message(const struct gammu_text *text)
{
	return (text->kind == GAMMU_REPORT ? receive_report(text) :
	    receive_mo(text));
}

static void
receive_offer(const struct gammu_text *text, int slot)
{
	char origin[40];
	int folder, number;

	gammu_slot(slot, &folder, &number);
	snprintf(origin, sizeof origin, "%d:%d", folder, number);
	wire_offer(receive_message(text), origin, slots_acked, slot);
	receive.brought = true;
}

/* The modem kept no copy (a flash text, a report by +CDS): ours is the only
 * one until the ack. */
static bool
receive_direct(void)
{
	struct gammu_text text;

	if (wire_room() == 0 || !gammu_take_direct())
		return (false);
	if (gammu_text(&text) == -1 || text.kind == GAMMU_OTHER) {
		log_warn("a text without a slot could not be decoded");
		return (true);
	}
	loopback_heard();
	if (!loopback_is_ours(&text))
		wire_offer(receive_message(&text), "direct", NULL, 0);
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
	slots_listing(true);
	(void)gammu_arrived();
	state_listing(true);
	/* If a text in there kills us, glasd must know what we were about. */
	wire_flush();
}

static void
receive_list_end(int64_t next_ms)
{
	receive.listing = false;
	slots_listing(false);
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

	if (slots_know(slot) || raw_knows(slot))
		return (true);
	if (gammu_text(&text) == -1)
		return (false);
	receive_unrefuse(slot);
	if (text.kind == GAMMU_OTHER)
		return (true);
	if (receive.listed)	/* before that, it may have lain there long */
		loopback_heard();
	ours = loopback_is_ours(&text);
	slots_add(slot, &text, ours);
	if (!ours)
		receive_offer(&text, slot);
	return (true);
}

/* A part of the window is kept free for what submits and calls bring. */
static bool
receive_may_read(void)
{
	int window = receive.settings->window;

	return (wire_room() > (window >= 4 ? window / 4 : 0) &&
	    slots_have_room());
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

	if (slots_know(slot))
		return (RAW_DECODED);
	if (!receive_room())
		return (RAW_LATER);
	snprintf(detail, sizeof detail, "slot %d", slot);
	state_say("listing", detail);
	wire_flush();
	result = gammu_decode(slot, pdu);
	state_say("listing", "raw");
	wire_flush();
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
 * The step.
 */

int64_t
receive_due(void)
{
	int64_t list_at = receive.listing ? INT64_MAX : receive.list_at;

	return (slots_due() < list_at ? slots_due() : list_at);
}

/* False when there is nothing to delete now. */
static bool
receive_delete(void)
{
	int64_t soon;

	switch (slots_delete()) {
	case SLOTS_NOTHING:
		return (false);
	case SLOTS_TRIED:
		return (true);
	case SLOTS_CHANGED:
		break;
	}
	receive.brought = true;
	soon = clock_mono_ms() + RECEIVE_AGAIN_MS;
	if (receive.list_at > soon)
		receive.list_at = soon;
	return (true);
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
