/*
 * Texts in the modem, by libgammu: slots read and deleted, texts that came
 * without a slot. Runs in glas-modem; owns what was read last, in one of
 * libgammu's big structs. Called by modem_receive.c and modem_raw.c.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_alter.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

#define GAMMU_AT_FOLDER		100000
#define GAMMU_DUMMY_FOLDER	10000
#define GAMMU_DIRECT_MAX	512	/* of some KiB each, in one burst */
#define GAMMU_EMPTIES_MAX	16
#define GAMMU_SEPTETS_MAX	160
#define GAMMU_UNITS_MAX		127	/* UCS-2 units in 255 octets */
#define GAMMU_PDU_SIZE		352	/* twice what a TPDU can have */

static struct {
	GSM_MultiSMSMessage	*read;
	int			 empties;	/* met in a row */
	bool			 arrived;
	GSM_SMSMessage		*direct;	/* in no slot: */
	int			 directs, room;
	int			 dropped;	/* for want of it */
} inbox;

void
gammu_receive_open(void)
{
	if (inbox.read != NULL)
		return;
	inbox.read = xcalloc(1, sizeof *inbox.read);
}

/*
 * What arrives.
 */

/* The modem has no other copy. */
static void
gammu_keep_direct(const GSM_SMSMessage *sms)
{
	if (inbox.directs == GAMMU_DIRECT_MAX) {
		inbox.dropped++;
		return;
	}
	if (inbox.directs == inbox.room) {
		inbox.room = inbox.room != 0 ? 2 * inbox.room : 8;
		inbox.direct = xreallocarray(inbox.direct, (size_t)inbox.room,
		    sizeof *inbox.direct);
	}
	inbox.direct[inbox.directs++] = *sms;
}

/* A state says that the whole text came along: it is in no slot. A bare +CMTI
 * or +CDSI leaves it 0, and only wakes us. */
void
gammu_on_sms(GSM_StateMachine *s, GSM_SMSMessage *sms, void *arg)
{
	(void)s;
	(void)arg;
	if (sms->State == SMS_UnRead)
		gammu_keep_direct(sms);
	else
		inbox.arrived = true;
}

void
gammu_receive_wake(void)
{
	inbox.arrived = true;
}

bool
gammu_arrived(void)
{
	bool arrived = inbox.arrived;

	inbox.arrived = false;
	return (arrived);
}

bool
gammu_take_direct(void)
{
	if (inbox.dropped != 0)
		log_warn("%d texts came in a burst without slots and are "
		    "lost", inbox.dropped);
	inbox.dropped = 0;
	if (inbox.directs == 0)
		return (false);
	inbox.read->SMS[0] = inbox.direct[0];
	inbox.read->Number = 1;
	inbox.directs--;
	memmove(inbox.direct, inbox.direct + 1,
	    (size_t)inbox.directs * sizeof *inbox.direct);
	return (true);
}

/*
 * Slots.
 */

void
gammu_slot(int slot, int *folder, int *number)
{
	if (gammu.dummy) {
		*folder = slot / GAMMU_DUMMY_FOLDER;
		*number = slot % GAMMU_DUMMY_FOLDER;
	} else {
		*folder = slot / GAMMU_AT_FOLDER + 1;
		*number = slot % GAMMU_AT_FOLDER - gammu.from_zero;
	}
}

int
gammu_flat(int folder, int number)
{
	if (gammu.dummy)
		return (folder * GAMMU_DUMMY_FOLDER + number);
	return ((folder - 1) * GAMMU_AT_FOLDER + number + gammu.from_zero);
}

/* Folder and memory are left to libgammu to find: what it says of them while
 * it lists one store is wrong after a deletion in the other one. */
static void
gammu_aim(int slot)
{
	inbox.read->Number = 0;
	inbox.read->SMS[0].Folder = 0;
	inbox.read->SMS[0].Memory = 0;
	inbox.read->SMS[0].Location = slot;
	inbox.read->SMS[0].PDU = 0;
}

/* Where the reading stands. After an error the dummy phone leaves the number
 * in its folder, not the flat one. */
static int
gammu_aimed(void)
{
	const GSM_SMSMessage *sms = &inbox.read->SMS[0];

	if (gammu.dummy && sms->Location > 0 &&
	    sms->Location < GAMMU_DUMMY_FOLDER)
		return (sms->Folder * GAMMU_DUMMY_FOLDER + sms->Location);
	return (sms->Location);
}

enum gammu_result
gammu_next(bool first, int *slot)
{
	int before = first ? 0 : *slot;
	enum gammu_result result;
	GSM_Error error;

	gammu_aim(before);
	deadline_begin(MODEM_CALL_LIST);
	error = GSM_GetNextSMS(gammu.machine, inbox.read, first);
	deadline_end();
	result = gammu_result(error);
	*slot = gammu_aimed();
	/* Only the dummy phone can have several texts in one slot. */
	if (result == GAMMU_OK && inbox.read->Number != 1)
		result = GAMMU_REFUSED;
	/* A PDU that is only "00" is called empty, but it is not the end. To
	 * modems that cannot list, libgammu moves on at the end as well. */
	if (result == GAMMU_END && *slot > before &&
	    ++inbox.empties < GAMMU_EMPTIES_MAX)
		return (GAMMU_SKIPPED);
	if (result != GAMMU_END || first)
		inbox.empties = 0;
	/* Refused without a slot: it was the list that it did not like. */
	if (result == GAMMU_REFUSED && *slot <= before)
		return (GAMMU_FAILED);
	return (result);
}

enum gammu_result
gammu_read(int slot)
{
	GSM_Error error;

	gammu_aim(slot);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMS(gammu.machine, inbox.read);
	deadline_end();
	return (gammu_result(error));
}

/* libgammu's driver lets pass what some modems put behind a PDU, and no more. */
static bool
gammu_is_whole(const GSM_SMSMessage *sms, const uint8_t *octets, size_t len,
    size_t end)
{
	return (sms->PDU == SMS_Status_Report || end >= len ||
	    octets[end] == 0xff || octets[end] == 0x89);
}

enum gammu_result
gammu_decode(int slot, const char *pdu)
{
	GSM_SMSMessage *sms = &inbox.read->SMS[0];
	uint8_t octets[GAMMU_PDU_SIZE] = { 0 };
	int len = hex_decode(octets, sizeof octets, pdu);
	size_t end = 0;
	GSM_Error error;

	if (len == -1)
		return (GAMMU_REFUSED);
	memset(sms, 0, sizeof *sms);
	inbox.read->Number = 1;
	deadline_begin(MODEM_CALL_LIST);
	error = GSM_DecodePDUFrame(GSM_GetGlobalDebug(), sms, octets,
	    (size_t)len, &end, TRUE);
	deadline_end();
	sms->Location = slot;
	sms->InboxFolder = sms->PDU == SMS_Deliver;
	if (error == ERR_NONE && !gammu_is_whole(sms, octets, (size_t)len, end))
		error = ERR_UNKNOWN;
	return (gammu_result(error));
}

enum gammu_result
gammu_delete(int slot)
{
	GSM_Error error;

	gammu_aim(slot);
	deadline_begin(MODEM_CALL_DELETE);
	error = GSM_DeleteSMS(gammu.machine, &inbox.read->SMS[0]);
	deadline_end();
	return (gammu_result(error));
}

static void
gammu_time(char *dst, size_t size, const GSM_DateTime *t)
{
	int zone = t->Timezone / 60;

	dst[0] = '\0';
	if (t->Year < 1970 || t->Year > 9999 || t->Month < 1 ||
	    t->Month > 12 || t->Day < 1 || t->Day > 31 || t->Hour < 0 ||
	    t->Hour > 23 || t->Minute < 0 || t->Minute > 59 ||
	    t->Second < 0 || t->Second > 59 || zone <= -24 * 60 ||
	    zone >= 24 * 60)
		return;
	snprintf(dst, size, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
	    t->Year, t->Month, t->Day, t->Hour, t->Minute, t->Second,
	    zone < 0 ? '-' : '+', abs(zone) / 60, abs(zone) % 60);
}

/* Length counts what came from the air: septets before escapes were joined,
 * UCS-2 units before "~" was doubled, octets. */
static int
gammu_user_data(const GSM_SMSMessage *sms, struct gammu_text *text)
{
	size_t length = (size_t)sms->Length;

	switch (sms->Coding) {
	case SMS_Coding_Default_No_Compression:
		if (sms->Length < 0 || sms->Length > GAMMU_SEPTETS_MAX)
			return (-1);
		text->alphabet = "gsm7";
		text->ud_len = 2 * gammu_units(sms->Text, length);
		memcpy(text->ud, sms->Text, text->ud_len);
		return (0);
	case SMS_Coding_Unicode_No_Compression:
		if (sms->Length < 0 || sms->Length > (gammu.dummy ?
		    GAMMU_SEPTETS_MAX : GAMMU_UNITS_MAX))
			return (-1);
		text->alphabet = "ucs2";
		text->ud_len = 2 * length;
		if (gammu.dummy)	/* from a file, unaltered */
			memcpy(text->ud, sms->Text, text->ud_len);
		else
			alter_restore(text->ud, sms->Text, length);
		return (0);
	case SMS_Coding_8bit:
		if (sms->Length < 0 || length > sizeof text->ud)
			return (-1);
		text->alphabet = "binary";
		text->ud_len = length;
		memcpy(text->ud, sms->Text, text->ud_len);
		return (0);
	case SMS_Coding_Unicode_Compression:
	case SMS_Coding_Default_Compression:
		break;
	}
	return (-1);
}

static enum gammu_kind
gammu_kind(const GSM_SMSMessage *sms)
{
	if (sms->PDU == SMS_Status_Report)
		return (GAMMU_REPORT);
	return (sms->PDU == SMS_Deliver && sms->InboxFolder ? GAMMU_DELIVER :
	    GAMMU_OTHER);
}

int
gammu_text(struct gammu_text *text)
{
	const GSM_SMSMessage *sms = &inbox.read->SMS[0];

	memset(text, 0, offsetof(struct gammu_text, udh));
	text->udh_len = text->ud_len = 0;
	/* A longer header has been written over the fields behind it. */
	if (sms->UDH.Length < 0 || sms->UDH.Length > (int)sizeof text->udh)
		return (-1);
	text->kind = gammu_kind(sms);
	gammu_utf8(text->originator, sizeof text->originator, sms->Number,
	    GSM_MAX_NUMBER_LENGTH);
	gammu_utf8(text->smsc, sizeof text->smsc, sms->SMSC.Number,
	    GSM_MAX_NUMBER_LENGTH);
	gammu_time(text->scts, sizeof text->scts, &sms->DateTime);
	text->class = sms->Class;
	text->replace = sms->ReplaceMessage;
	text->mr = sms->MessageReference;
	text->status = sms->DeliveryStatus;
	if (text->kind == GAMMU_REPORT) {
		gammu_time(text->discharge, sizeof text->discharge,
		    &sms->SMSCTime);
		return (0);
	}
	/* A header that is longer than the user data has been read from beyond
	 * the PDU: it would be another one each time. */
	if (sms->UDH.Length > 0 && sms->Length == 0 &&
	    sms->Coding != SMS_Coding_8bit)
		return (-1);
	text->udh_len = (size_t)sms->UDH.Length;
	memcpy(text->udh, sms->UDH.Text, text->udh_len);
	return (gammu_user_data(sms, text));
}
