/*
 * What links say: each message checked against the table of the link protocol
 * and handed on.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link_private.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/status.h"
#include "glasd/session.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/link_msg.h"
#include "text/mask.h"

#define LINK_PING_MS		30000	/* of silence, then it is asked */
#define LINK_BUSY_MAX_MS	600000
#define LINK_ID_MAX		255	/* octets */
#define LINK_DETAIL_MAX		120	/* octets */
#define LINK_WORD_MAX		40
#define LINK_DBM_LEAST		(-200)
#define LINK_SLOTS_MOST		100000
#define LINK_REFUSED_MOST	1000000	/* in a second */
#define LINK_LOOK_MAX		(256u << 10)	/* unread, then no more */

char *
link_words(const char *words, size_t max)
{
	struct buf b = { 0 };
	size_t len;
	char *s;

	utf8_visible(&b, words, strlen(words));
	for (len = b.len < max ? b.len : max; len != 0 && len < b.len &&
	    (b.data[len] & 0xc0) == 0x80; len--)
		;
	s = xstrndup(buf_str(&b), len);
	buf_clear(&b);
	return (s);
}

/* What a link says of itself is logged and shown: were there a number in it of
 * somebody who wrote, it goes. It is one line, or the next one would be read as
 * said by glasd. */
static char *
link_masked(const char *words, size_t max)
{
	struct mask mask = { .open = NULL };
	char *masked = mask_copy(words, &mask);
	char *s = link_words(masked, max);

	for (char *c = s; (c = strchr(c, '\n')) != NULL;)
		*c = ' ';
	mask_clear(&mask);
	free(masked);
	return (s);
}

/* What it did last, and why it went down when that is not mended yet. */
static void
link_said_state(struct link *l)
{
	if (strcmp(l->said, "down") == 0) {
		l->fell = true;
		free(l->fell_last);
		l->fell_last = xstrdup(l->detail);
	} else if (strcmp(l->said, "starting") != 0) {
		l->fell = false;
	}
	l->was_ready = l->was_ready || strcmp(l->said, "ready") == 0;
}

void
link_say(struct link *l, const char *state, const char *detail)
{
	char *said = link_masked(state, LINK_WORD_MAX);
	char *words = link_masked(detail, LINK_DETAIL_MAX);
	bool changed = strcmp(l->said, said) != 0 ||
	    strcmp(l->detail, words) != 0;

	free(l->said);
	l->said = said;
	free(l->detail);
	l->detail = words;
	link_said_state(l);
	if (!changed)
		return;
	log_notice("link=%s state=%s detail=\"%s\"", l->config->name, l->said,
	    l->detail);
	database_links_changed(l->links->gateway->database);
}

static void
link_got_hello(struct link *l, const json_t *msg)
{
	if (l->state != LINK_STARTING ||
	    link_msg_int(msg, "protocol") != LINK_PROTOCOL) {
		link_hangup(l, "hello out of place or of another protocol");
		return;
	}
	link_set_state(l, LINK_UP);
	l->up_at = clock_mono_ms();
}

/* What cannot be is not known. */
static void
link_got_number(const json_t *msg, const char *field, int least, int most,
    int *into)
{
	json_int_t n = link_msg_int(msg, field);

	if (json_object_get(msg, field) != NULL)
		*into = n >= least && n <= most ? (int)n : 0;
}

static void
link_got_state(struct link *l, const json_t *msg)
{
	const json_t *value;

	link_got_number(msg, "signal_dbm", LINK_DBM_LEAST, 0, &l->signal_dbm);
	link_got_number(msg, "sim_used", 0, LINK_SLOTS_MOST, &l->sim_used);
	link_got_number(msg, "sim_size", 0, LINK_SLOTS_MOST, &l->sim_size);
	if ((value = json_object_get(msg, "operator")) != NULL) {
		free(l->operator_name);
		l->operator_name = link_masked(json_string_value(value),
		    LINK_WORD_MAX);
	}
	if ((value = json_object_get(msg, "sandbox")) != NULL)
		l->sandbox = json_is_true(value);
	link_say(l, link_msg_str(msg, "state"), link_msg_str(msg, "detail"));
	ladder_said(&l->ladder, l->said, l->detail);
	link_pin_said(&l->pin, l->links->gateway, l->config, l->said,
	    l->detail);
	mt_link_ready(l->links->gateway->mt, l);
	link_credit_ready(l);
}

static void
link_got_busy(struct link *l, const json_t *msg)
{
	json_int_t ms = link_msg_int(msg, "deadline_ms");

	l->busy = true;
	link_after(l, ms < 0 || ms > LINK_BUSY_MAX_MS ? LINK_BUSY_MAX_MS : ms);
}

static void
link_got_nothing(struct link *l, const json_t *msg)
{
	(void)l;
	(void)msg;
}

static void
link_bring(struct link *l, const json_t *msg,
    int (*receive)(struct gateway *, const char *, const json_t *),
    const char *wrong)
{
	if (!link_may_bring(l, msg))
		return;
	l->received++;
	l->received_all++;
	if (receive(l->links->gateway, l->config->name, msg) == -1)
		link_hangup(l, wrong);
	else
		link_owe_taken(l, msg);
}

static void
link_got_mo(struct link *l, const json_t *msg)
{
	link_bring(l, msg, mo_receive, "mo with a field that cannot be");
}

static void
link_got_raw(struct link *l, const json_t *msg)
{
	link_bring(l, msg, mo_receive_raw, "raw with a field that cannot be");
}

static void
link_got_call(struct link *l, const json_t *msg)
{
	if (!link_may_bring(l, msg))
		return;
	/* Of nobody: to store it would help nobody either. */
	if (link_msg_str(msg, "originator")[0] == '\0') {
		l->withheld++;
		link_owe_settled(l, msg);
		return;
	}
	mo_receive_call(l->links->gateway, l->config->name, msg);
	link_owe_taken(l, msg);
}

static void
link_got_session(struct link *l, const json_t *msg)
{
	if (session_take(l->links->gateway->sessions, l, msg) == -1)
		link_hangup(l, "session with a field that cannot be, or more "
		    "than its window");
}

static void
link_got_submitted(struct link *l, const json_t *msg)
{
	if (mt_submitted(l->links->gateway->mt, l, msg) == -1)
		link_hangup(l, "submitted for what it was not given");
	else
		link_owe_settled(l, msg);
}

static void
link_got_report(struct link *l, const json_t *msg)
{
	if (!link_in_window(l))
		return;
	if (mt_status_report(l->links->gateway->mt, l, msg) == -1)
		link_hangup(l, "a status-report that is of no text");
	else
		link_owe_taken(l, msg);
}

static void
link_got_ussd(struct link *l, const json_t *msg)
{
	link_credit_answer(l, msg);
	link_ussd_got(l, msg);
	link_owe_settled(l, msg);
}

/* Nobody else shows it to people. Who asks again before the answer is out
 * would have the state written down without end. */
static void
link_got_look(struct link *l, const json_t *msg)
{
	(void)msg;
	if (link_carries(l))
		link_hangup(l, "look, which is for [status NAME] alone");
	else if (l->out.len > LINK_LOOK_MAX)
		link_hangup(l, "look, before it has read the answer");
	else
		status_tell(l->links->gateway, l);
}

/* What it brings is no part of it: nothing is lost here, but out there. */
static void
link_got_refused(struct link *l, const json_t *msg)
{
	json_int_t count = link_msg_int(msg, "count");

	l->refused += count > 0 && count < LINK_REFUSED_MOST ? count : 1;
	free(l->refusal);
	l->refusal = link_masked(link_msg_str(msg, "why"), LINK_DETAIL_MAX);
	link_recent_note(&l->refusals);
}

static void (*const link_got[])(struct link *, const json_t *) = {
	[LINK_MSG_HELLO] = link_got_hello,
	[LINK_MSG_STATE] = link_got_state,
	[LINK_MSG_BUSY] = link_got_busy,
	[LINK_MSG_PONG] = link_got_nothing,
	[LINK_MSG_MO] = link_got_mo,
	[LINK_MSG_RAW] = link_got_raw,
	[LINK_MSG_CALL] = link_got_call,
	[LINK_MSG_SESSION] = link_got_session,
	[LINK_MSG_SUBMITTED] = link_got_submitted,
	[LINK_MSG_STATUS_REPORT] = link_got_report,
	[LINK_MSG_USSD_RESULT] = link_got_ussd,
	[LINK_MSG_LOOK] = link_got_look,
	[LINK_MSG_REFUSED] = link_got_refused,
};

void
link_message(struct link *l, const json_t *msg)
{
	unsigned int extra;
	const char *why;
	enum link_msg_type type = link_msg_check(msg, LINK_MSG_FROM_LINK, &why,
	    &extra);

	if (type == LINK_MSG_TYPES || type >= sizeof link_got /
	    sizeof link_got[0] || link_got[type] == NULL) {
		link_hangup(l, why != NULL ? why : "not a message of a link");
		return;
	}
	if (l->state == LINK_STARTING && type != LINK_MSG_HELLO) {
		link_hangup(l, "hello must come first");
		return;
	}
	if (strlen(link_msg_str(msg, "id")) > LINK_ID_MAX) {
		link_hangup(l, "an id that is too long");
		return;
	}
	l->seen_at = clock_wall_us();
	l->busy = false;
	l->pinged = false;
	if (l->state == LINK_UP && !l->links->stopping)
		link_after(l, clock_limit_ms("GLAS_LINK_PING_MS",
		    LINK_PING_MS));
	link_got[type](l, msg);
}
