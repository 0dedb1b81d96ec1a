/*
 * Telephones as gateways, by the protocol of SMSsync. Runs in glas-web, called
 * by web_http.c and web_submit.c. The telephone posts what it received, and
 * asks now and then for what it is to send. So texts wait here, for less time
 * than glasd waits for an outcome; while the telephone does not come, the link
 * says so, and nothing is handed over.
 *
 * A text is given to the telephone once: some versions send whatever an answer
 * holds, each time. When the answer is out, it counts as accepted; or, with
 * `confirm`, when the telephone has said that it has it.
 */
#include <sys/queue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/http.h>

#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_fields.h"
#include "web/web_http.h"
#include "web/web_refused.h"
#include "web/web_sms.h"
#include "web/web_smssync.h"
#include "web/web_submit.h"
#include "web/web_wire.h"

#define SMSSYNC_SENT_MAX	1024	/* texts whose results are awaited */
#define SMSSYNC_ASK_MAX		100	/* results asked for at a time */
#define SMSSYNC_SAY_MAX		1000	/* ids in a request that are looked at */
#define SMSSYNC_WAIT_MS		540000	/* glasd hangs up after 660,000 */
#define SMSSYNC_TAKE_MS		60000	/* an answer on its way */
#define SMSSYNC_UUID_SIZE	37

/* Android: Activity.RESULT_OK, and the errors of SmsManager. */
#define SMSSYNC_RESULT_OK	(-1)
#define SMSSYNC_RESULT_ERRORS	100

/* A text that is not settled. */
struct smssync_text {
	TAILQ_ENTRY(smssync_text) entry;
	json_int_t	 mt;
	char		*to, *text;
	char		 uuid[SMSSYNC_UUID_SIZE];
	bool		 given;
	unsigned long	 turn;		/* of the answer that settles it, or 0 */
	int64_t		 until;		/* monotonic ms */
};

/* One that the telephone has. */
struct smssync_sent {
	json_int_t	 mt;		/* 0: nothing more is awaited */
	char		 uuid[SMSSYNC_UUID_SIZE];
	bool		 confirmed;
};

static struct {
	TAILQ_HEAD(, smssync_text) texts;
	struct smssync_sent	 sent[SMSSYNC_SENT_MAX];
	unsigned int		 next;
	unsigned long		 turn;
	bool			 here;
	bool			 mute;		/* it confirmed nothing, as is
						   said of the link */
	int64_t			 heard;		/* monotonic ms */
	struct event		*sweep;
} smssync = { .texts = TAILQ_HEAD_INITIALIZER(smssync.texts) };

/*
 * Texts.
 */

static void
smssync_settle(struct smssync_text *t, const char *outcome)
{
	wire_submitted(t->mt, 1, outcome);
	TAILQ_REMOVE(&smssync.texts, t, entry);
	free(t->to);
	free(t->text);
	free(t);
}

static void
smssync_accept(struct smssync_text *t)
{
	struct smssync_sent *s = &smssync.sent[smssync.next++ %
	    SMSSYNC_SENT_MAX];

	s->mt = t->mt;
	memcpy(s->uuid, t->uuid, sizeof s->uuid);
	s->confirmed = web_settings.confirm;
	smssync_settle(t, "accepted");
}

/* Nobody can guess it: whoever knows it was given the text. */
static void
smssync_uuid(char uuid[SMSSYNC_UUID_SIZE])
{
	uint8_t octets[16];
	char hex[2 * sizeof octets + 1];

	if (getentropy(octets, sizeof octets) == -1)
		fatal("no random numbers");
	hex_encode(hex, octets, sizeof octets);
	snprintf(uuid, SMSSYNC_UUID_SIZE, "%.8s-%.4s-4%.3s-a%.3s-%.12s", hex,
	    hex + 8, hex + 13, hex + 17, hex + 20);
}

void
smssync_submit(const json_t *msg)
{
	struct smssync_text *t = xcalloc(1, sizeof *t);

	t->mt = link_msg_int(msg, "mt");
	t->to = xstrdup(link_msg_str(msg, "recipient"));
	t->text = xstrdup(link_msg_str(msg, "text"));
	t->until = clock_mono_ms() + SMSSYNC_WAIT_MS;
	smssync_uuid(t->uuid);
	TAILQ_INSERT_TAIL(&smssync.texts, t, entry);
	/* It went away before glasd heard of that. */
	if (!smssync.here)
		smssync_settle(t, "refused");
}

/* The answer of that turn is out. */
static void
smssync_out(struct evhttp_request *req, void *arg)
{
	unsigned long turn = (unsigned long)(uintptr_t)arg;
	struct smssync_text *t, *next;

	(void)req;
	for (t = TAILQ_FIRST(&smssync.texts); t != NULL; t = next) {
		next = TAILQ_NEXT(t, entry);
		if (t->turn == turn)
			smssync_accept(t);
	}
}

static void
smssync_await(struct evhttp_request *req)
{
	evhttp_request_set_on_complete_cb(req, smssync_out,
	    (void *)(uintptr_t)smssync.turn);
}

/*
 * Whether the telephone comes.
 */

static void
smssync_overdue(struct smssync_text *t, int64_t now)
{
	if (t->given && now > t->until)
		smssync_settle(t, "unknown");
	else if (!t->given && (now > t->until || !smssync.here))
		smssync_settle(t, "refused");
}

static void
smssync_sweep(evutil_socket_t fd, short what, void *arg)
{
	int64_t now = clock_mono_ms();
	struct smssync_text *t, *next;

	(void)fd;
	(void)what;
	(void)arg;
	if (smssync.here && now - smssync.heard >
	    1000 * (int64_t)web_settings.away_s) {
		smssync.here = false;
		wire_carries(false, SMSSYNC_AWAY);
	}
	for (t = TAILQ_FIRST(&smssync.texts); t != NULL; t = next) {
		next = TAILQ_NEXT(t, entry);
		smssync_overdue(t, now);
	}
}

static void
smssync_heard(void)
{
	struct timeval tv = { .tv_sec = 1 };

	smssync.heard = clock_mono_ms();
	if (smssync.here)
		return;
	smssync.here = true;
	smssync.mute = false;
	wire_carries(true, "");
	if (smssync.sweep != NULL)
		return;
	smssync.sweep = event_new(web_base, -1, EV_PERSIST, smssync_sweep,
	    NULL);
	if (smssync.sweep == NULL)
		fatal("out of memory: no timer for texts");
	event_add(smssync.sweep, &tv);
}

/*
 * What it brings.
 */

static void
smssync_say(struct evhttp_request *req, int code, const char *error)
{
	http_reply_json(req, code, json_pack("{s:{s:b, s:s?}}", "payload",
	    "success", error == NULL, "error", error));
}

/* What was brought is not kept, and glasd is told. */
static void
smssync_refuse(struct evhttp_request *req, int code, const char *error)
{
	refused_note(error, code != 403);
	smssync_say(req, code, error);
}

static void
smssync_settled(void *req, bool acked)
{
	smssync_say(req, acked ? 200 : 503, acked ? NULL : "not now");
}

/* Nothing, octets, a fraction, a list: 200 would say that it is kept. */
static bool
smssync_is_text(const json_t *message)
{
	return (json_is_string(message) || json_is_integer(message));
}

/* Ids begin anew when the program is installed again: the time belongs to
 * them. */
static void
smssync_message(struct evhttp_request *req, const json_t *fields)
{
	char rooms[4][SMS_NUMBER], *id;
	const char *from = sms_field(fields, "from", rooms[0]);
	const char *text = sms_field(fields, "message", rooms[1]);
	const char *number = sms_field(fields, "message_id", rooms[2]);
	const char *time = sms_field(fields, "sent_timestamp", rooms[3]);

	if (from[0] == '\0' || number[0] == '\0' ||
	    !smssync_is_text(json_object_get(fields, "message")))
		smssync_refuse(req, 400, "no id, no sender, or no text, or two");
	else if (strlen(text) > SMS_TEXT_MAX || strlen(from) > SMS_FROM_MAX ||
	    strlen(number) + strlen(time) > SMS_ID_MAX)
		smssync_refuse(req, 413, "too long");
	else if (!wire_has_room())
		smssync_say(req, 503, "not now");
	else {
		id = xasprintf("%s %s", number, time);
		wire_offer(json_pack("{s:s, s:s, s:s, s:s}", "t", "mo",
		    "originator", from, "text", text, "network_id", id),
		    false, smssync_settled, req);
		free(id);
	}
}

/*
 * What it asks for.
 */

/* What it was given and never confirmed, it may have sent. */
static void
smssync_unconfirmed(void)
{
	struct smssync_text *t, *next;
	bool any = false;

	for (t = TAILQ_FIRST(&smssync.texts); t != NULL; t = next) {
		next = TAILQ_NEXT(t, entry);
		if (!t->given || t->turn != 0)
			continue;
		smssync_settle(t, "unknown");
		any = true;
	}
	if (!any)
		return;
	smssync.mute = true;
	wire_say(json_pack("{s:s, s:s, s:s}", "t", "state", "state", "ready",
	    "detail", "not-confirmed"));
}

/* One answer that did not reach it does not say that it never will. */
static void
smssync_confirms(void)
{
	if (!smssync.mute || !smssync.here)
		return;
	smssync.mute = false;
	wire_carries(true, "");
}

static json_t *
smssync_give(void)
{
	json_t *messages = json_array();
	struct smssync_text *t;

	TAILQ_FOREACH(t, &smssync.texts, entry) {
		if (t->given)
			continue;
		t->given = true;
		t->turn = web_settings.confirm ? 0 : smssync.turn;
		t->until = clock_mono_ms() + SMSSYNC_TAKE_MS;
		json_array_append_new(messages, json_pack("{s:s, s:s, s:s}",
		    "to", t->to, "message", t->text, "uuid", t->uuid));
	}
	return (messages);
}

static void
smssync_send(struct evhttp_request *req, const json_t *fields)
{
	(void)fields;
	smssync.turn++;
	if (web_settings.confirm)
		smssync_unconfirmed();
	else
		smssync_await(req);
	http_reply_json(req, 200, json_pack("{s:{s:b, s:n, s:s, s:s, s:o}}",
	    "payload", "success", true, "error", "task", "send",
	    "secret", web_settings.secret, "messages", smssync_give()));
}

static struct smssync_sent *
smssync_sent_find(const char *uuid)
{
	for (unsigned int n = 0; n < SMSSYNC_SENT_MAX; n++) {
		if (smssync.sent[n].mt != 0 &&
		    strcmp(smssync.sent[n].uuid, uuid) == 0)
			return (&smssync.sent[n]);
	}
	return (NULL);
}

/* Whether the telephone may send it now. */
static bool
smssync_confirm(const char *uuid)
{
	struct smssync_sent *s = smssync_sent_find(uuid);
	struct smssync_text *t;

	if (s != NULL && !s->confirmed)
		return (s->confirmed = true);
	TAILQ_FOREACH(t, &smssync.texts, entry) {
		if (strcmp(t->uuid, uuid) != 0)
			continue;
		if (!t->given || t->turn != 0)
			return (false);
		t->turn = smssync.turn;
		return (true);
	}
	return (false);
}

/* No secret comes with this; but who does not know the ids gets nothing. */
static void
smssync_queued(struct evhttp_request *req, const json_t *fields)
{
	json_t *confirmed = json_array();
	const json_t *uuid;
	size_t i;

	smssync.turn++;
	json_array_foreach (json_object_get(fields, "queued_messages"), i,
	    uuid) {
		if (i < SMSSYNC_SAY_MAX && json_is_string(uuid) &&
		    smssync_confirm(json_string_value(uuid)))
			json_array_append(confirmed, (json_t *)(uintptr_t)uuid);
	}
	if (json_array_size(confirmed) != 0)
		smssync_confirms();
	smssync_await(req);
	http_reply_json(req, 200, json_pack("{s:o}", "message_uuids",
	    confirmed));
}

/*
 * What it tells of those that it has.
 */

static void
smssync_wanted(struct evhttp_request *req)
{
	json_t *wanted = json_array();

	for (unsigned int n = 0; n < SMSSYNC_SENT_MAX; n++) {
		if (smssync.sent[n].mt != 0 &&
		    json_array_size(wanted) < SMSSYNC_ASK_MAX)
			json_array_append_new(wanted,
			    json_string(smssync.sent[n].uuid));
	}
	http_reply_json(req, 200, json_pack("{s:o}", "message_uuids",
	    wanted));
}

/* 0 stands where it knows nothing. So does RESULT_OK without a word beside it,
 * as the protocol is documented; the program itself has a word there. */
static void
smssync_result(const json_t *result)
{
	const char *uuid = json_string_value(json_object_get(result, "uuid"));
	const char *word = json_string_value(json_object_get(result,
	    "delivered_result_message"));
	json_int_t sent = json_integer_value(json_object_get(result,
	    "sent_result_code"));
	json_int_t delivered = json_integer_value(json_object_get(result,
	    "delivered_result_code"));
	struct smssync_sent *s = uuid != NULL ? smssync_sent_find(uuid) : NULL;
	bool failed = sent > 0 && sent < SMSSYNC_RESULT_ERRORS;
	bool arrived = delivered == SMSSYNC_RESULT_OK &&
	    (word == NULL || *word != '\0');

	if (s == NULL || (!failed && !arrived))
		return;
	wire_reported(s->mt, failed ? SUBMIT_FAILED : SUBMIT_DELIVERED, NULL,
	    NULL);
	s->mt = 0;
}

/* Some versions write the list as a string that holds JSON. */
static void
smssync_results(struct evhttp_request *req, const json_t *fields)
{
	const json_t *list = json_object_get(fields, "message_result");
	json_t *parsed = json_is_string(list) ?
	    json_loads(json_string_value(list), JSON_REJECT_DUPLICATES,
	    NULL) : NULL;
	const json_t *result;
	size_t i;

	json_array_foreach (parsed != NULL ? parsed : list, i, result)
		smssync_result(result);
	json_decref(parsed);
	smssync_say(req, 200, NULL);
}

static void
smssync_outcome(struct evhttp_request *req, const json_t *fields)
{
	if (evhttp_request_get_command(req) == EVHTTP_REQ_GET)
		smssync_wanted(req);
	else
		smssync_results(req, fields);
}

/*
 * Which of these it is.
 */

static bool
smssync_may(struct evhttp_request *req, const json_t *fields)
{
	const char *secret = json_string_value(json_object_get(fields,
	    "secret"));

	return (http_secret_given(req) ||
	    (secret != NULL && http_secret_is(secret)));
}

static const struct smssync_task {
	const char	*name;		/* "" for none: a text */
	enum evhttp_cmd_type method;	/* or 0 for both */
	bool		 open;
	void		(*take)(struct evhttp_request *, const json_t *);
} smssync_tasks[] = {
	{ "", EVHTTP_REQ_POST, false, smssync_message },
	{ "send", EVHTTP_REQ_GET, false, smssync_send },
	{ "sent", EVHTTP_REQ_POST, true, smssync_queued },
	{ "result", 0, false, smssync_outcome },
};

static const struct smssync_task *
smssync_task_find(const char *name, enum evhttp_cmd_type method)
{
	for (size_t n = 0; n < sizeof smssync_tasks / sizeof smssync_tasks[0];
	    n++) {
		const struct smssync_task *t = &smssync_tasks[n];

		if (strcmp(t->name, name) == 0 &&
		    (t->method == 0 || t->method == method))
			return (t);
	}
	return (NULL);
}

void
smssync_take(struct evhttp_request *req, const json_t *fields)
{
	json_t *query = fields_query(req);
	const char *name = json_string_value(json_object_get(query, "task"));
	const struct smssync_task *task = smssync_task_find(
	    name != NULL ? name : "", evhttp_request_get_command(req));
	bool may = smssync_may(req, fields);

	json_decref(query);
	if (may)
		smssync_heard();
	if (task == NULL && may)
		smssync_refuse(req, 404, "no such task");
	else if (task == NULL)
		smssync_say(req, 404, "no such task");
	else if (!may && !task->open)
		smssync_refuse(req, 403, "not for you: no right secret");
	else
		task->take(req, fields);
}
