/*
 * Submitting. Runs in glas-modem; owns the queue of segments that glasd has
 * handed over. Called from the main loop. The outcome of each is offered until
 * it is acked. After an outcome that nobody can know the program ends: a late
 * answer of the modem would be taken for that to the next segment.
 */
#include <sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/mem.h"
#include "modem/modem.h"
#include "modem/modem_gammu.h"
#include "modem/modem_submit.h"
#include "modem/modem_wire.h"

#define SUBMIT_UD_MAX	320
#define SUBMIT_DAY_MIN	(24 * 60)

struct submit {
	STAILQ_ENTRY(submit)	 entry;
	json_t			*msg;
};

static STAILQ_HEAD(, submit) submit_queue =
    STAILQ_HEAD_INITIALIZER(submit_queue);

void
submit_take(json_t *msg)
{
	struct submit *s = xcalloc(1, sizeof *s);

	s->msg = json_incref(msg);
	STAILQ_INSERT_TAIL(&submit_queue, s, entry);
}

/* It goes into an AT command. */
static bool
submit_number_ok(const char *number)
{
	size_t digits = strspn(number + (number[0] == '+'), "0123456789");

	return (digits >= 1 && digits <= 20 &&
	    number[digits + (number[0] == '+')] == '\0');
}

static enum gammu_outcome
submit_hand_over(const json_t *msg, int *mr, int *cause, bool *astray)
{
	const char *encoding = link_msg_str(msg, "encoding");
	json_int_t validity = link_msg_int(msg, "validity");
	uint8_t udh[140], ud[SUBMIT_UD_MAX];
	int udh_len = hex_decode(udh, sizeof udh, link_msg_str(msg, "udh"));
	int ud_len = hex_decode(ud, sizeof ud, link_msg_str(msg, "ud"));
	struct gammu_submit submit = {
		.recipient = link_msg_str(msg, "recipient"),
		.ucs2 = strcmp(encoding, "UCS2") == 0,
		.want_report = link_msg_bool(msg, "want_report"),
		.validity_min = validity < 1 || validity > 63 * 7 *
		    SUBMIT_DAY_MIN ? SUBMIT_DAY_MIN : (int)validity,
		.udh = udh,
		.ud = ud,
	};

	*mr = *cause = -1;
	*astray = false;
	if (udh_len < 0 || ud_len < 0 || ud_len % 2 != 0 ||
	    (udh_len > 0 && udh[0] + 1 != udh_len) ||
	    (!submit.ucs2 && strcmp(encoding, "GSM7") != 0) ||
	    !submit_number_ok(submit.recipient))
		return (GAMMU_REJECTED);
	submit.udh_len = (size_t)udh_len;
	submit.ud_len = (size_t)ud_len;
	return (gammu_submit(&submit, mr, cause, astray));
}

static json_t *
submit_outcome(const json_t *msg, enum gammu_outcome outcome, int mr,
    int cause)
{
	static const char *const words[] = {
		[GAMMU_ACCEPTED] = "accepted",
		[GAMMU_REJECTED] = "refused",
		[GAMMU_UNKNOWN] = "unknown",
	};
	json_t *said = json_pack("{s:s, s:I, s:I, s:s}", "t", "submitted",
	    "mt", link_msg_int(msg, "mt"),
	    "segment", link_msg_int(msg, "segment"),
	    "outcome", words[outcome]);

	if (outcome == GAMMU_ACCEPTED && mr >= 0)
		json_object_set_new(said, "mr", json_integer(mr));
	if (outcome == GAMMU_REJECTED)
		json_object_set_new(said, "cause", json_integer(cause));
	return (said);
}

bool
submit_step(void)
{
	struct submit *s = STAILQ_FIRST(&submit_queue);
	enum gammu_outcome outcome;
	bool astray;
	int mr, cause;

	if (s == NULL || wire_room() == 0)
		return (false);
	STAILQ_REMOVE_HEAD(&submit_queue, entry);
	outcome = submit_hand_over(s->msg, &mr, &cause, &astray);
	wire_offer(submit_outcome(s->msg, outcome, mr, cause), "submitted",
	    NULL, 0);
	json_decref(s->msg);
	free(s);
	if (astray)
		modem_down("no-answer", MODEM_EXIT_MODEM);
	return (true);
}
