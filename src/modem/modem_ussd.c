/*
 * USSD. Runs in glas-modem; owns the few codes that wait. Called from the main
 * loop. A code without an answer is answered with an empty text.
 */
#include <string.h>

#include "lib/log.h"
#include "modem/modem_gammu.h"
#include "modem/modem_ussd.h"
#include "modem/modem_wire.h"

#define USSD_QUEUE	4
#define USSD_CODE_MAX	20
#define USSD_TEXT_SIZE	3072

static struct {
	json_t	*queue[USSD_QUEUE];
	int	 count;
} ussd;

void
ussd_take(json_t *msg)
{
	if (ussd.count == USSD_QUEUE) {
		log_warn("too many USSD codes wait: one is dropped");
		return;
	}
	ussd.queue[ussd.count++] = json_incref(msg);
}

/* It goes into an AT command as it is. */
static bool
ussd_code_ok(const char *code)
{
	size_t len = strspn(code, "0123456789*#");

	return (len >= 1 && len <= USSD_CODE_MAX && code[len] == '\0');
}

bool
ussd_step(void)
{
	char text[USSD_TEXT_SIZE] = "", outcome[64] = "that is no code";
	const char *code;
	json_t *msg;

	if (ussd.count == 0 || wire_room() == 0)
		return (false);
	msg = ussd.queue[0];
	memmove(ussd.queue, ussd.queue + 1,
	    (size_t)--ussd.count * sizeof ussd.queue[0]);
	code = link_msg_str(msg, "code");
	if (ussd_code_ok(code))
		gammu_dial(code, text, sizeof text, outcome, sizeof outcome);
	wire_offer(json_pack("{s:s, s:s, s:s, s:s, s:s}", "t", "ussd-result",
	    "id", link_msg_str(msg, "id"), "code", code, "text", text,
	    "outcome", outcome),
	    "ussd", NULL, 0);
	json_decref(msg);
	return (true);
}
