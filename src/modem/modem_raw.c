/*
 * The raw path. Runs in glas-modem; owns the list of slots that were offered
 * as PDUs. Called when libgammu has refused a slot three times, when it cannot
 * list the store, and at start when glasd says so because we fell in a list.
 * A PDU that is read here is decoded by libgammu all the same, by itself, where
 * nothing that the modem does can be blamed on it. What fails is left for the
 * next session; if libgammu cannot be opened again, the program ends.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_at.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu.h"
#include "modem/modem_raw.h"
#include "modem/modem_state.h"
#include "modem/modem_wire.h"

#define RAW_ANSWER_MS	5000
#define RAW_DELETE_MS	15000
#define RAW_ACK_MS	10000	/* how long a session waits for acks */
#define RAW_AGAIN_MS	60000	/* a deletion that failed is tried again */
#define RAW_AGAIN_MAX_MS 3600000
#define RAW_MAX		1024
#define RAW_PDU_SIZE	700	/* hexadecimal; a TPDU has 176 octets */

struct raw_slot {
	int	 slot;
	bool	 acked;
	bool	 killer;
	int64_t	 wait_ms, retry_at;
	char	 pdu[RAW_PDU_SIZE];
};

static struct {
	const struct modem_settings *settings;
	const char	*imsi;
	struct raw_slot	*slots;
	int		 count, room;
	int		 fd;
	bool		 silent;	/* it did not answer */
	bool		 full;		/* there is no room for more */
	char		 stores[2][3];	/* by folder: "SM", "ME" */
	int		 store_count;
	int		 store;		/* selected, -1: none */
	int		 size;		/* of it */
} raw;

void
raw_init(const struct modem_settings *settings, const char *imsi)
{
	raw.settings = settings;
	raw.imsi = imsi;
}

static struct raw_slot *
raw_find(int slot)
{
	for (int i = 0; i < raw.count; i++) {
		if (raw.slots[i].slot == slot)
			return (&raw.slots[i]);
	}
	return (NULL);
}

static void
raw_acked(int slot)
{
	struct raw_slot *s = raw_find(slot);

	if (s != NULL)
		s->acked = true;
}

bool
raw_knows(int slot)
{
	return (raw_find(slot) != NULL);
}

bool
raw_owes(void)
{
	int64_t now = clock_mono_ms();

	for (int i = 0; i < raw.count; i++) {
		if (raw.slots[i].acked && raw.slots[i].retry_at <= now)
			return (true);
	}
	return (false);
}

bool
raw_has_killer(void)
{
	for (int i = 0; i < raw.count; i++) {
		if (raw.slots[i].killer)
			return (true);
	}
	return (false);
}

/*
 * Commands.
 */

static int
raw_command(const char *command, enum modem_call call, int timeout_ms,
    char answer[AT_ANSWER_SIZE])
{
	int64_t until = clock_mono_ms() + timeout_ms;
	int rc;

	deadline_begin(call);
	rc = at_command(raw.fd, command, timeout_ms, answer);
	deadline_end();
	if (rc == -1 && clock_mono_ms() >= until)
		raw.silent = true;
	return (rc);
}

/* Which stores there are, in the order in which libgammu numbers them. */
static int
raw_find_stores(void)
{
	char answer[AT_ANSWER_SIZE], *line;

	raw.store_count = 0;
	raw.store = -1;
	if (raw_command("AT+CPMS=?", MODEM_CALL_STATUS, RAW_ANSWER_MS,
	    answer) == -1 || (line = at_line(answer, "+CPMS:")) == NULL)
		return (-1);
	line[strcspn(line, ")")] = '\0';	/* the stores to read from */
	if (strstr(line, "\"SM\"") != NULL)
		strcpy(raw.stores[raw.store_count++], "SM");
	if (strstr(line, "\"ME\"") != NULL)
		strcpy(raw.stores[raw.store_count++], "ME");
	return (0);
}

static int
raw_select(int store)
{
	char answer[AT_ANSWER_SIZE], command[32], *line;

	if (store == raw.store)
		return (0);
	if (store >= raw.store_count)
		return (-1);
	snprintf(command, sizeof command, "AT+CPMS=\"%s\"",
	    raw.stores[store]);
	if (raw_command(command, MODEM_CALL_STATUS, RAW_ANSWER_MS,
	    answer) == -1)
		return (-1);
	raw.store = store;
	line = at_line(answer, "+CPMS:");
	if (line == NULL || sscanf(line, "+CPMS: %*d,%d", &raw.size) != 1 ||
	    raw.size < 0 || raw.size > RAW_MAX)
		raw.size = 255;
	return (0);
}

/* The PDU of a slot; -1 when it is free or cannot be read. */
static int
raw_read(int slot, char pdu[RAW_PDU_SIZE])
{
	char answer[AT_ANSWER_SIZE], command[32], *line;
	int folder, number;
	size_t len;

	gammu_slot(slot, &folder, &number);
	if (raw_select(folder - 1) == -1)
		return (-1);
	snprintf(command, sizeof command, "AT+CMGR=%d", number);
	if (raw_command(command, MODEM_CALL_LIST, RAW_ANSWER_MS, answer) ==
	    -1 || (line = at_line_after(answer, "+CMGR:")) == NULL)
		return (-1);
	len = strspn(line, "0123456789ABCDEFabcdef");
	/* A PDU that is only "00" is none. */
	if (len <= 2 || len % 2 != 0 || line[len] != '\0' ||
	    len >= RAW_PDU_SIZE)
		return (-1);
	memcpy(pdu, line, len + 1);
	return (0);
}

/* Twice the same: what the line has changed once is not taken for the text. */
static int
raw_read_twice(int slot, char pdu[RAW_PDU_SIZE])
{
	char again[RAW_PDU_SIZE];

	if (raw_read(slot, pdu) == -1 || raw_read(slot, again) == -1)
		return (-1);
	return (strcmp(pdu, again) == 0 ? 0 : -1);
}

/* An SMS-SUBMIT (TS 23.040, 9.2.3.1): a draft, or something sent, is not ours. */
static bool
raw_is_submit(const char *pdu)
{
	unsigned int smsc, first;

	return (sscanf(pdu, "%2x", &smsc) == 1 &&
	    2 * (smsc + 1) < strlen(pdu) &&
	    sscanf(pdu + 2 * (smsc + 1), "%2x", &first) == 1 &&
	    (first & 3) == 1);
}

/*
 * Slots.
 */

static int
raw_open(void)
{
	char answer[AT_ANSWER_SIZE];

	raw.silent = raw.full = false;
	gammu_close();
	if (at_open(raw.settings->device, raw.settings->connection,
	    &raw.fd) != AT_OPENED) {
		log_warn("the port cannot be opened for the raw path");
		return (-1);
	}
	if (raw_command("AT", MODEM_CALL_STATUS, RAW_ANSWER_MS, answer) == -1 ||
	    raw_command("AT+CMGF=0", MODEM_CALL_STATUS, RAW_ANSWER_MS,
	    answer) == -1 || raw_find_stores() == -1) {
		log_warn("the modem does not answer on the raw path");
		close(raw.fd);
		return (-1);
	}
	return (0);
}

static int64_t
raw_ack_until(void)
{
	return (clock_mono_ms() + clock_limit_ms("GLAS_RAW_ACK_MS",
	    RAW_ACK_MS));
}

/* Waits for room as long as for an ack. */
static bool
raw_room(void)
{
	int64_t until = raw_ack_until();

	while (wire_room() == 0 && clock_mono_ms() < until)
		modem_listen(1000);
	return (wire_room() > 0 && raw.count < RAW_MAX);
}

static void
raw_offer(int slot, const char *pdu, bool killer)
{
	char origin[40];
	struct raw_slot *s;

	if (raw.count == raw.room) {
		raw.room = raw.room != 0 ? 2 * raw.room : 16;
		raw.slots = xreallocarray(raw.slots, (size_t)raw.room,
		    sizeof *raw.slots);
	}
	s = &raw.slots[raw.count++];
	*s = (struct raw_slot){ .slot = slot, .killer = killer };
	snprintf(s->pdu, sizeof s->pdu, "%s", pdu);
	snprintf(origin, sizeof origin, "raw:%d", slot);
	wire_offer(json_pack("{s:s, s:i, s:s, s:s}", "t", "raw",
	    "slot", slot, "pdu", pdu, "sim", raw.imsi), origin, raw_acked,
	    slot);
}

/* Without `decode` it is a killer. False when the slot is free, or cannot be read
 * or offered now. */
static bool
raw_take(int slot, raw_decode *decode)
{
	enum raw_decoded decoded = RAW_UNDECODABLE;
	char pdu[RAW_PDU_SIZE];

	if (raw_knows(slot))
		return (true);
	raw.full = raw.full || !raw_room();
	if (raw.silent || raw.full || raw_read_twice(slot, pdu) == -1)
		return (false);
	if (decode != NULL)
		decoded = decode(slot, pdu);
	if (decoded == RAW_LATER)
		raw.full = true;
	if (decoded != RAW_UNDECODABLE)
		return (decoded == RAW_DECODED);
	if (decode != NULL && raw_is_submit(pdu))
		return (false);
	raw_offer(slot, pdu, decode == NULL);
	return (true);
}

/* Some modems number from 0. */
static void
raw_take_all(int killer, raw_decode *decode)
{
	for (int store = 0; store < raw.store_count; store++) {
		if (raw_select(store) == -1)
			continue;
		for (int n = 0; n <= raw.size && !raw.silent && !raw.full; n++) {
			int slot = gammu_flat(store + 1, n);

			if (slot != killer || killer == 0)
				raw_take(slot, decode);
		}
	}
}

/* Deletes what is acked, if it is still that which was acked. */
static void
raw_delete(struct raw_slot *s)
{
	char answer[AT_ANSWER_SIZE], command[32], pdu[RAW_PDU_SIZE];
	int folder, number;

	if (raw_read(s->slot, pdu) == 0 && strcmp(pdu, s->pdu) == 0) {
		gammu_slot(s->slot, &folder, &number);
		snprintf(command, sizeof command, "AT+CMGD=%d", number);
		if (raw_command(command, MODEM_CALL_DELETE, RAW_DELETE_MS,
		    answer) == -1) {
			log_warn("a slot could not be freed");
			s->wait_ms = s->wait_ms == 0 ? RAW_AGAIN_MS :
			    2 * s->wait_ms;
			if (s->wait_ms > RAW_AGAIN_MAX_MS)
				s->wait_ms = RAW_AGAIN_MAX_MS;
			s->retry_at = clock_mono_ms() + s->wait_ms;
			return;
		}
	}
	*s = raw.slots[--raw.count];
}

static void
raw_delete_acked(void)
{
	for (int i = raw.count - 1; i >= 0; i--) {
		if (raw.slots[i].acked &&
		    raw.slots[i].retry_at <= clock_mono_ms())
			raw_delete(&raw.slots[i]);
	}
}

static bool
raw_all_acked(void)
{
	for (int i = 0; i < raw.count; i++) {
		if (!raw.slots[i].acked)
			return (false);
	}
	return (true);
}

/* Waits for the acks and frees the slots. */
static void
raw_settle(void)
{
	int64_t until = raw_ack_until();

	while (!raw_all_acked() && clock_mono_ms() < until)
		modem_listen(1000);
	raw_delete_acked();
}

static void
raw_reopen(void)
{
	const char *why = gammu_open(raw.settings);

	if (why != NULL)
		modem_down(why, MODEM_EXIT_MODEM);
	gammu_listen();
}

void
raw_session(int *slots, int count, raw_decode *decode)
{
	log_notice("handling slots without libgammu");
	if (raw_open() == 0) {
		raw_delete_acked();
		for (int i = 0; i < count; i++) {
			if (raw_take(slots[i], decode))
				slots[i] = -1;
		}
		raw_settle();
		close(raw.fd);
	}
	raw_reopen();
}

void
raw_session_all(int killer, raw_decode *decode)
{
	log_notice("looking into each slot without libgammu");
	state_say("listing", "raw");
	if (raw_open() == 0) {
		raw_delete_acked();
		if (killer != 0 && !raw_take(killer, NULL))
			log_warn("a slot cannot be read without libgammu");
		/* What follows may end us: that one should be gone by then. */
		raw_settle();
		raw_take_all(killer, decode);
		raw_settle();
		close(raw.fd);
	}
	raw_reopen();
}
