/*
 * Why a text was not sent or not delivered. Runs in all programs; pure tables.
 * Where the standard leaves open whose fault a cause is, the class says what
 * operators use it for: 21, 29 and 50 most often mean that a prepaid SIM has
 * no money left or is barred.
 */
#include <stddef.h>

#include "sms/cause.h"

struct cause {
	short		 first, last;
	enum cause_class class;
	const char	*words;
};

/* In order of their numbers: the first row that holds a number counts. */
static const struct cause causes[] = {
	/* TS 24.011, annex E-2: RP-Cause */
	{ 1, 1, CAUSE_RECIPIENT, "unassigned number" },
	{ 3, 3, CAUSE_RECIPIENT, "no route to the number" },
	{ 8, 8, CAUSE_CREDIT, "barred by the operator" },
	{ 10, 10, CAUSE_CREDIT, "barred: no credit or blocked" },
	{ 17, 17, CAUSE_TRY_AGAIN, "network failure" },
	{ 21, 21, CAUSE_CREDIT, "rejected: often no credit" },
	{ 22, 22, CAUSE_TRY_AGAIN, "congestion or memory full" },
	{ 27, 27, CAUSE_TRY_AGAIN, "destination out of service" },
	{ 28, 28, CAUSE_SIM, "unidentified subscriber" },
	{ 29, 29, CAUSE_CREDIT, "facility rejected" },
	{ 30, 30, CAUSE_RECIPIENT, "unknown subscriber" },
	{ 38, 38, CAUSE_TRY_AGAIN, "network out of order" },
	{ 41, 41, CAUSE_TRY_AGAIN, "temporary failure" },
	{ 42, 42, CAUSE_TRY_AGAIN, "congestion" },
	{ 47, 47, CAUSE_TRY_AGAIN, "resources unavailable" },
	{ 50, 50, CAUSE_CREDIT, "texting not subscribed" },
	{ 69, 69, CAUSE_SIM, "texting not offered by this network" },
	{ 81, 81, CAUSE_MESSAGE, "invalid reference" },
	{ 95, 95, CAUSE_MESSAGE, "invalid message" },
	{ 96, 96, CAUSE_MESSAGE, "mandatory information invalid" },
	{ 97, 97, CAUSE_MESSAGE, "message type not offered" },
	{ 98, 98, CAUSE_TRY_AGAIN, "message out of turn" },
	{ 99, 99, CAUSE_MESSAGE, "information element not offered" },
	{ 111, 111, CAUSE_TRY_AGAIN, "protocol error" },
	{ 127, 127, CAUSE_TRY_AGAIN, "interworking error" },
	{ 0, 127, CAUSE_TRY_AGAIN, "a cause of the network without a name" },
	/* TS 23.040, 9.2.3.22: TP-Failure-Cause */
	{ 128, 128, CAUSE_MESSAGE, "interworking not offered" },
	{ 129, 129, CAUSE_MESSAGE, "silent messages not offered" },
	{ 130, 130, CAUSE_MESSAGE, "message cannot be replaced" },
	{ 143, 143, CAUSE_MESSAGE, "protocol identifier error" },
	{ 144, 144, CAUSE_MESSAGE, "alphabet not offered" },
	{ 145, 145, CAUSE_MESSAGE, "message class not offered" },
	{ 159, 159, CAUSE_MESSAGE, "data coding error" },
	{ 160, 160, CAUSE_MESSAGE, "command cannot be carried out" },
	{ 161, 161, CAUSE_MESSAGE, "command not offered" },
	{ 175, 175, CAUSE_MESSAGE, "command error" },
	{ 176, 176, CAUSE_MESSAGE, "message form not offered" },
	{ 192, 192, CAUSE_TRY_AGAIN, "message centre busy" },
	{ 193, 193, CAUSE_CREDIT, "no subscription at the message centre" },
	{ 194, 194, CAUSE_TRY_AGAIN, "message centre failure" },
	{ 195, 195, CAUSE_RECIPIENT, "invalid number" },
	{ 196, 196, CAUSE_RECIPIENT, "the recipient is barred" },
	{ 197, 197, CAUSE_MESSAGE, "rejected as a duplicate" },
	{ 198, 198, CAUSE_MESSAGE, "form of validity period not offered" },
	{ 199, 199, CAUSE_MESSAGE, "validity period not offered" },
	{ 208, 208, CAUSE_SIM, "SIM storage full" },
	{ 209, 209, CAUSE_SIM, "SIM without message storage" },
	{ 210, 210, CAUSE_SIM, "error in the modem" },
	{ 211, 211, CAUSE_SIM, "modem memory full" },
	{ 212, 212, CAUSE_TRY_AGAIN, "SIM application busy" },
	{ 213, 213, CAUSE_SIM, "SIM data download error" },
	{ 224, 254, CAUSE_MESSAGE, "refused by an application" },
	{ 255, 255, CAUSE_TRY_AGAIN, "unspecified error" },
	{ 128, 255, CAUSE_TRY_AGAIN, "a failure without a name" },
	/* TS 27.005, 3.2.5: the modem's own */
	{ 300, 300, CAUSE_SIM, "modem failure" },
	{ 301, 301, CAUSE_SIM, "message service of the modem reserved" },
	{ 302, 302, CAUSE_SIM, "operation not allowed" },
	{ 303, 303, CAUSE_SIM, "operation not offered by the modem" },
	{ 304, 304, CAUSE_MESSAGE, "invalid PDU" },
	{ 305, 305, CAUSE_MESSAGE, "invalid text parameter" },
	{ 310, 310, CAUSE_SIM, "no SIM" },
	{ 311, 311, CAUSE_SIM, "PIN wanted" },
	{ 312, 312, CAUSE_SIM, "modem lock code wanted" },
	{ 313, 313, CAUSE_SIM, "SIM failure" },
	{ 314, 314, CAUSE_SIM, "SIM busy" },
	{ 315, 315, CAUSE_SIM, "wrong SIM" },
	{ 316, 316, CAUSE_SIM, "PUK wanted" },
	{ 317, 317, CAUSE_SIM, "PIN2 wanted" },
	{ 318, 318, CAUSE_SIM, "PUK2 wanted" },
	{ 320, 320, CAUSE_SIM, "memory failure" },
	{ 321, 321, CAUSE_SIM, "invalid memory index" },
	{ 322, 322, CAUSE_SIM, "memory full" },
	{ 330, 330, CAUSE_SIM, "number of the message centre unknown" },
	{ 331, 331, CAUSE_TRY_AGAIN, "no network" },
	{ 332, 332, CAUSE_TRY_AGAIN, "network time-out" },
	{ 340, 340, CAUSE_SIM, "no acknowledgement expected" },
	{ 300, 499, CAUSE_TRY_AGAIN, "a modem error without a name" },
	{ 500, 500, CAUSE_TRY_AGAIN, "unknown error" },
	{ 512, 532, CAUSE_TRY_AGAIN, "an error of this modem's maker" },
};
static const struct cause cause_unknown = {
	0, 0, CAUSE_TRY_AGAIN, "unknown cause"
};

static const struct cause *
cause_find(int number)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (number >= causes[i].first && number <= causes[i].last)
			return (&causes[i]);
	}
	return (&cause_unknown);
}

enum cause_class
cause_of_cms(int cms_error)
{
	return (cause_find(cms_error)->class);
}

const char *
cause_words(int cms_error)
{
	return (cause_find(cms_error)->words);
}

enum report_outcome
cause_of_status(int tp_status)
{
	if (tp_status < 0 || tp_status > 255)
		return (REPORT_PENDING);
	if (tp_status <= 0x1f)
		return (REPORT_DELIVERED);
	if (tp_status <= 0x3f) /* the message centre goes on trying */
		return (REPORT_PENDING);
	/* Permanent, or given up; the reserved values read as rejected. */
	return (REPORT_FAILED);
}
