/*
 * Calls, by libgammu. Runs in glas-modem; owns the number of the call that
 * rings. Called by modem_call.c.
 */
#include <string.h>

#include "lib/log.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

static struct {
	bool		 ringing, ended;
	unsigned char	 number[(GSM_MAX_NUMBER_LENGTH + 1) * 2];
} caller;

void
gammu_on_call(GSM_StateMachine *s, GSM_Call *call, void *arg)
{
	(void)s;
	(void)arg;
	/* NO CARRIER. Not CallLocalEnd, which is no word of the modem but of
	 * libgammu when AT+CHUP was taken: it may ring once more all the
	 * same. */
	if (call->Status == GSM_CALL_CallRemoteEnd ||
	    call->Status == GSM_CALL_CallEnd)
		caller.ended = true;
	if (call->Status != GSM_CALL_IncomingCall)
		return;
	memcpy(caller.number, call->PhoneNumber, sizeof caller.number);
	caller.ringing = true;
}

bool
gammu_take_call(char number[GAMMU_NUMBER_SIZE])
{
	bool ringing = caller.ringing;

	if (ringing)
		gammu_utf8(number, GAMMU_NUMBER_SIZE, caller.number,
		    GSM_MAX_NUMBER_LENGTH);
	caller.ringing = false;
	return (ringing);
}

bool
gammu_take_call_end(void)
{
	bool ended = caller.ended;

	caller.ended = false;
	return (ended);
}

void
gammu_hang_up(void)
{
	GSM_Error error;

	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_CancelCall(gammu.machine, 0, TRUE);
	deadline_end();
	if (error != ERR_NONE)
		log_info("a call could not be rejected: %s",
		    GSM_ErrorName(error));
}
