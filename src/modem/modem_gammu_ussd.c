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
	unsigned char	 text[(GSM_MAX_USSD_LENGTH + 1) * 2];
} ussd;

void
gammu_on_ussd(GSM_StateMachine *s, GSM_USSDMessage *said, void *arg)
{
	(void)s;
	(void)arg;
	if (!ussd.dialled)	/* pushed by the network: not asked for */
		return;
	memcpy(ussd.text, said->Text, sizeof ussd.text);
	ussd.answered = true;
}

void
gammu_dial(const char *code, char *text, size_t size)
{
	int64_t until = clock_mono_ms() + deadline_of(MODEM_CALL_USSD) / 5 * 4;
	char dialled[32];
	GSM_Error error;

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
	if (ussd.answered)
		gammu_utf8(text, size, ussd.text, GSM_MAX_USSD_LENGTH);
	else
		log_info("no answer to a USSD code: %s", GSM_ErrorName(error));
}
