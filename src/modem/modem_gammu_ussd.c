/*
 * USSD, by libgammu. Runs in glas-modem; owns the answer to the code that was
 * dialled. Called by modem_ussd.c.
 */
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

static struct {
	bool		 dialled, answered;
	bool		 closed;	/* no session is open, for all we know */
	GSM_USSDStatus	 status;
	unsigned char	 text[(GSM_MAX_USSD_LENGTH + 1) * 2];
} ussd;

void
gammu_on_ussd(GSM_StateMachine *s, GSM_USSDMessage *said, void *arg)
{
	(void)s;
	(void)arg;
	if (said->Status == USSD_ActionNeeded)
		ussd.closed = false;
	if (!ussd.dialled)	/* pushed by the network: not asked for */
		return;
	memcpy(ussd.text, said->Text, sizeof ussd.text);
	ussd.status = said->Status;
	ussd.answered = true;
}

/* What came of it when there is no error. */
static const char *
gammu_ussd_outcome(bool text)
{
	switch (ussd.status) {
	case USSD_ActionNeeded:
		return ("menu");
	case USSD_NotSupported:
		return ("the network does not know this code");
	case USSD_Timeout:
		return ("the network gave up waiting");
	case USSD_Terminated:
	case USSD_AnotherClient:
	case USSD_NoActionNeeded:
	case USSD_Unknown:
		break;
	}
	return (text ? "answered" : "the network ended it without a word");
}

/* A session that is left open takes the next code for a choice in its menu, and
 * some networks hold texts back meanwhile: AT+CUSD=2 ends it. */
static void
gammu_ussd_close(void)
{
	deadline_begin(MODEM_CALL_USSD);
	if (GSM_SetIncomingUSSD(gammu.machine, FALSE) != ERR_NONE ||
	    GSM_SetIncomingUSSD(gammu.machine, TRUE) != ERR_NONE)
		log_info("a USSD session could not be closed");
	deadline_end();
	ussd.closed = true;
}

void
gammu_dial(const char *code, char *text, size_t size, char *outcome,
    size_t outcome_size)
{
	int64_t until = gammu_pump_until(MODEM_CALL_USSD);
	char dialled[32];
	GSM_Error error;

	/* Of a process that died before, or pushed by the network. */
	if (!ussd.closed)
		gammu_ussd_close();
	text[0] = '\0';
	snprintf(dialled, sizeof dialled, "%s", code);
	ussd.answered = false;
	ussd.dialled = true;
	deadline_begin(MODEM_CALL_USSD);
	error = GSM_DialService(gammu.machine, dialled);
	while (error == ERR_NONE && !ussd.answered &&
	    clock_mono_ms() < until && gammu_pump())
		;
	deadline_end();
	ussd.dialled = false;
	if (ussd.answered) {
		gammu_utf8(text, size, ussd.text, GSM_MAX_USSD_LENGTH);
		snprintf(outcome, outcome_size, "%s",
		    gammu_ussd_outcome(text[0] != '\0'));
	} else if (error != ERR_NONE) {
		snprintf(outcome, outcome_size, "the modem refused it: %s",
		    GSM_ErrorName(error));
	} else {
		snprintf(outcome, outcome_size, "no answer within %d s",
		    deadline_of(MODEM_CALL_USSD) / 5 * 4 / 1000);
	}
	if (!ussd.answered || !ussd.closed)
		gammu_ussd_close();
}
