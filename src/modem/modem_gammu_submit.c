/*
 * Submitting, by libgammu. Runs in glas-modem; owns the number of the service
 * centre and the message that is composed, one of libgammu's big structs.
 * Called by modem_submit.c.
 */
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "modem/modem_alter.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

static struct {
	GSM_SMSMessage	*sms;
	GSM_SMSC	 smsc;
	bool		 smsc_known;
	bool		 waiting;	/* for the modem's word, which is: */
	bool		 settled;
	int		 status, mr;
} outgoing;

static void
gammu_on_submit(GSM_StateMachine *s, int status, int mr, void *arg)
{
	(void)s;
	(void)arg;
	if (!outgoing.waiting)
		return;
	outgoing.status = status;
	outgoing.mr = mr;
	outgoing.settled = true;
}

/* Opening clears callbacks, and the dummy phone calls this one blindly. */
void
gammu_submit_open(const struct modem_settings *settings)
{
	if (outgoing.sms == NULL)
		outgoing.sms = xcalloc(1, sizeof *outgoing.sms);
	outgoing.smsc_known = settings->smsc[0] != '\0';
	gammu_utf16(outgoing.smsc.Number, GSM_MAX_NUMBER_LENGTH,
	    settings->smsc);
	GSM_SetSendSMSStatusCallback(gammu.machine, gammu_on_submit, NULL);
}

static void
gammu_find_smsc(void)
{
	GSM_Error error;

	if (outgoing.smsc_known)
		return;
	outgoing.smsc.Location = 1;
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMSC(gammu.machine, &outgoing.smsc);
	deadline_end();
	outgoing.smsc_known = error == ERR_NONE;
	if (error != ERR_NONE)
		log_warn("the SIM does not tell its service centre: %s; set "
		    "smsc in the section of this modem", GSM_ErrorName(error));
}

static int
gammu_compose(const struct gammu_submit *submit, GSM_SMSMessage *sms)
{
	uint8_t ud[2 * ALTER_UNITS_MAX];
	size_t len = submit->ud_len;

	if (!alter_fits(submit->ucs2, submit->ud, len, submit->udh_len) ||
	    gammu_units(submit->ud, len / 2) != len / 2)
		return (-1);
	GSM_SetDefaultSMSData(sms);
	sms->PDU = submit->want_report ? SMS_Status_Report : SMS_Submit;
	sms->Class = -1;
	sms->SMSC.Location = 0;	/* the number is here, do not ask for it */
	memcpy(sms->SMSC.Number, outgoing.smsc.Number, sizeof sms->SMSC.Number);
	sms->SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	sms->SMSC.Validity.Relative =
	    (GSM_ValidityPeriod)alter_validity(submit->validity_min);
	gammu_utf16(sms->Number, GSM_MAX_NUMBER_LENGTH, submit->recipient);
	if (submit->udh_len != 0) {
		sms->UDH.Type = UDH_UserUDH;
		sms->UDH.Length = (int)submit->udh_len;
		memcpy(sms->UDH.Text, submit->udh, submit->udh_len);
	}
	memset(sms->Text, 0, sizeof sms->Text);
	if (submit->ucs2) {
		sms->Coding = SMS_Coding_Unicode_No_Compression;
		len = alter_prepare(ud, submit->ud, len);
		memcpy(sms->Text, ud, len);
	} else {
		sms->Coding = SMS_Coding_Default_No_Compression;
		memcpy(sms->Text, submit->ud, len);
	}
	sms->Length = (int)(len / 2);
	return (0);
}

/* Between handing it over and the modem's word. */
static GSM_Error
gammu_hand_over(GSM_SMSMessage *sms)
{
	int64_t until = gammu_pump_until(MODEM_CALL_SEND);
	GSM_Error error;

	outgoing.settled = false;
	outgoing.waiting = true;
	deadline_begin(MODEM_CALL_SEND);
	error = GSM_SendSMS(gammu.machine, sms);
	while (error == ERR_NONE && !outgoing.settled &&
	    clock_mono_ms() < until) {
		if (!gammu_pump())
			error = ERR_DEVICEREADERROR;
	}
	outgoing.waiting = false;	/* its first word counts */
	if (outgoing.settled)
		gammu_hear_out();
	deadline_end();
	return (error);
}

enum gammu_outcome
gammu_submit(const struct gammu_submit *submit, int *mr, int *cause,
    bool *astray)
{
	GSM_SMSMessage *sms = outgoing.sms;
	GSM_Error error;

	*mr = *cause = -1;
	*astray = false;
	gammu_find_smsc();
	if (!outgoing.smsc_known || gammu_compose(submit, sms) == -1)
		return (GAMMU_REJECTED);
	error = gammu_hand_over(sms);
	if (outgoing.settled && outgoing.status == 0) {
		*mr = outgoing.mr;
		return (GAMMU_ACCEPTED);
	}
	if (outgoing.settled) {
		*cause = outgoing.status;
		return (GAMMU_REJECTED);
	}
	log_warn("a submit has no outcome: %s", GSM_ErrorName(error));
	/* A late answer would be taken for that to the next submit. */
	*astray = true;
	/* No prompt came: the text itself was never written. */
	return (error == ERR_TIMEOUT ? GAMMU_REJECTED : GAMMU_UNKNOWN);
}
