/*
 * The state of the modem, its SIM and its network, by libgammu. Runs in
 * glas-modem; owns nothing. Called by modem_state.c.
 */
#include <string.h>

#include "modem/modem_deadline.h"
#include "modem/modem_gammu_private.h"

#define GAMMU_LINE_MAX	1024	/* libgammu copies a line unbounded */

enum gammu_sim
gammu_sim(void)
{
	GSM_SecurityCodeType code = SEC_None;
	GSM_Error error;

	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSecurityStatus(gammu.machine, &code);
	deadline_end();
	if (error == ERR_NOSIM)
		return (GAMMU_SIM_NONE);
	if (error != ERR_NONE)
		return (GAMMU_SIM_UNKNOWN);
	switch (code) {
	case SEC_Pin:
		return (GAMMU_SIM_PIN);
	case SEC_Puk:
		return (GAMMU_SIM_PUK);
	case SEC_None:
	case SEC_SecurityCode:
	case SEC_Pin2:
	case SEC_Puk2:
	case SEC_Phone:
	case SEC_Network:
		break;
	}
	return (GAMMU_SIM_READY);
}

enum gammu_result
gammu_enter_pin(const char *pin)
{
	GSM_SecurityCode code = { .Type = SEC_Pin };
	GSM_Error error;

	snprintf(code.Code, sizeof code.Code, "%s", pin);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_EnterSecurityCode(gammu.machine, &code);
	deadline_end();
	explicit_bzero(&code, sizeof code);
	return (gammu_result(error));
}

static void
gammu_ask(GSM_Error (*ask)(GSM_StateMachine *, char *), char *answer,
    size_t size)
{
	char line[GAMMU_LINE_MAX] = "";

	deadline_begin(MODEM_CALL_STATUS);
	if (ask(gammu.machine, line) != ERR_NONE)
		line[0] = '\0';
	deadline_end();
	snprintf(answer, size, "%s", line);
}

void
gammu_imei(char *imei, size_t size)
{
	gammu_ask(GSM_GetIMEI, imei, size);
}

void
gammu_imsi(char *imsi, size_t size)
{
	gammu_ask(GSM_GetSIMIMSI, imsi, size);
}

/* The dummy phone knows only a percentage. */
static int
gammu_dbm(const GSM_SignalQuality *signal)
{
	if (signal->SignalStrength < -1)
		return (signal->SignalStrength);
	if (signal->SignalPercent >= 0)
		return (-113 + signal->SignalPercent * 62 / 100);
	return (0);
}

void
gammu_radio(struct gammu_radio *radio)
{
	GSM_SignalQuality signal = { .SignalStrength = -1,
		.SignalPercent = -1 };
	GSM_NetworkInfo network = { .State = GSM_NetworkStatusUnknown };
	GSM_Error error;

	*radio = (struct gammu_radio){ .registered = true };
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSignalQuality(gammu.machine, &signal);
	deadline_end();
	if (error == ERR_NONE)
		radio->dbm = gammu_dbm(&signal);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetNetworkInfo(gammu.machine, &network);
	deadline_end();
	if (error != ERR_NONE)	/* many modems cannot tell */
		return;
	radio->registered = network.State != GSM_NoNetwork &&
	    network.State != GSM_RequestingNetwork &&
	    network.State != GSM_RegistrationDenied;
	radio->denied = network.State == GSM_RegistrationDenied;
	gammu_utf8(radio->operator_name, sizeof radio->operator_name,
	    network.NetworkName, sizeof network.NetworkName / 2);
	if (radio->operator_name[0] == '\0')
		snprintf(radio->operator_name, sizeof radio->operator_name,
		    "%.*s", (int)sizeof network.NetworkCode,
		    network.NetworkCode);
}

int
gammu_fill(int *used, int *size)
{
	GSM_SMSMemoryStatus fill = { 0 };
	GSM_Error error;

	if (gammu.dummy)
		return (-1);
	deadline_begin(MODEM_CALL_STATUS);
	error = GSM_GetSMSStatus(gammu.machine, &fill);
	deadline_end();
	if (error != ERR_NONE)
		return (-1);
	*used = fill.SIMUsed + fill.PhoneUsed;
	*size = fill.SIMSize + fill.PhoneSize;
	return (0);
}
