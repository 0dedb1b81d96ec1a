/*
 * Calls, by libgammu. Runs in glas-modem; owns those who have called since that
 * was asked last: a send or a code takes seconds, in which several may. Called
 * by modem_call.c.
 */
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

#define CALL_WAITING	8
/* Rings of one number so near are one call, unless its end was heard: a network
 * rings every five seconds, and somebody who lets it ring three times in a row
 * has called three times. */
#define CALL_SAME_MS	10000

static struct {
	bool		 ringing;
	int64_t		 until;		/* a ring is of the same call */
	char		 last[GAMMU_NUMBER_SIZE];
	char		 waiting[CALL_WAITING][GAMMU_NUMBER_SIZE];
	unsigned int	 first, count;
} callers = { .until = INT64_MIN };

static void
gammu_note_caller(const char number[GAMMU_NUMBER_SIZE])
{
	unsigned int place = (callers.first + callers.count) % CALL_WAITING;

	if (callers.count == CALL_WAITING) {
		log_warn("a call is lost: %d wait to be told", CALL_WAITING);
		return;
	}
	memcpy(callers.waiting[place], number, GAMMU_NUMBER_SIZE);
	callers.count++;
}

static void
gammu_ring(const unsigned char *utf16)
{
	char number[GAMMU_NUMBER_SIZE] = "";
	int64_t now = clock_mono_ms();
	bool same;

	gammu_utf8(number, sizeof number, utf16, GSM_MAX_NUMBER_LENGTH);
	same = now < callers.until && strcmp(number, callers.last) == 0;
	memcpy(callers.last, number, sizeof callers.last);
	callers.until = now + CALL_SAME_MS;
	callers.ringing = true;
	if (!same)
		gammu_note_caller(number);
}

void
gammu_on_call(GSM_StateMachine *s, GSM_Call *call, void *arg)
{
	(void)s;
	(void)arg;
	/* NO CARRIER. Not CallLocalEnd, which is no word of the modem but of
	 * libgammu when AT+CHUP was taken: it may ring once more all the
	 * same. */
	if (call->Status == GSM_CALL_CallRemoteEnd ||
	    call->Status == GSM_CALL_CallEnd) {
		callers.until = INT64_MIN;
		callers.ringing = false;
	} else if (call->Status == GSM_CALL_IncomingCall) {
		gammu_ring(call->PhoneNumber);
	}
}

bool
gammu_rings(void)
{
	bool ringing = callers.ringing;

	callers.ringing = false;
	return (ringing);
}

bool
gammu_take_call(char number[GAMMU_NUMBER_SIZE])
{
	if (callers.count == 0)
		return (false);
	memcpy(number, callers.waiting[callers.first], GAMMU_NUMBER_SIZE);
	callers.first = (callers.first + 1) % CALL_WAITING;
	callers.count--;
	return (true);
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
