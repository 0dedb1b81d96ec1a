/*
 * Codes dialled by hand (glasctl ussd). Runs in glasd, called by control.c and
 * link_message.c; owns the last answer of a link, which is kept in memory alone,
 * since it may be about anything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/link_private.h"
#include "glasd/link_ussd.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "sms/link_msg.h"

#define USSD_AWAITED_MS	90000	/* then another may be dialled */
#define USSD_ANSWER_MAX	1000	/* octets that are kept */
#define USSD_CODE_MAX	20

void
link_ussd_clear(struct link_ussd *u)
{
	free(u->answer);
	u->answer = NULL;
}

const char *
link_ussd_ask(struct link *l, const char *code)
{
	struct link_ussd *u = &l->ussd;
	size_t len = strspn(code, "0123456789*#");
	char id[16];

	if (len == 0 || len > USSD_CODE_MAX || code[len] != '\0')
		return ("that is no USSD code; write it like *100#");
	if (!link_ready(l))
		return ("the link is not ready: glasctl status says why");
	if (u->asked_ms != 0 &&
	    clock_mono_ms() - u->asked_ms < USSD_AWAITED_MS)
		return ("another code is being dialled; try again in a minute");
	link_ussd_clear(u);
	u->asked_ms = clock_mono_ms();
	snprintf(id, sizeof id, "c%u", ++u->number);
	link_send(l, json_pack("{s:s, s:s, s:s}", "t", "ussd", "id", id,
	    "code", code));
	return (NULL);
}

const char *
link_ussd_answer(const struct link *l)
{
	return (l->ussd.answer);
}

void
link_ussd_got(struct link *l, const json_t *msg)
{
	struct link_ussd *u = &l->ussd;
	char id[16];

	snprintf(id, sizeof id, "c%u", u->number);
	if (u->asked_ms == 0 || strcmp(link_msg_str(msg, "id"), id) != 0)
		return;
	u->asked_ms = 0;
	link_ussd_clear(u);
	u->answer = link_words(link_msg_str(msg, "text"), USSD_ANSWER_MAX);
}
