/*
 * A generic aggregator, which way in. Runs in glas-web, called by web_http.c.
 * The names of its fields stand in the configuration. A text is answered with
 * 200 when glasd has it on its disk, and with 503, so that the aggregator
 * brings it again, when that cannot be; the id of the aggregator makes both
 * the same text.
 */
#include <stdio.h>
#include <string.h>

#include <event2/http.h>

#include "lib/mem.h"
#include "web/web.h"
#include "web/web_http.h"
#include "web/web_link.h"
#include "web/web_sms.h"
#include "web/web_submit.h"

#define SMS_TEXT_MAX	4096	/* octets; as in the link protocol */
#define SMS_ID_MAX	200
#define SMS_FROM_MAX	40
#define SMS_NUMBER	32

/* A value as a string, "" when it is not there; numbers are written out in
 * `room`. */
static const char *
sms_field(const json_t *fields, const char *name, char room[SMS_NUMBER])
{
	const json_t *value = json_object_get(fields, name);

	if (json_is_integer(value)) {
		snprintf(room, SMS_NUMBER, "%lld",
		    (long long)json_integer_value(value));
		return (room);
	}
	return (json_is_string(value) ? json_string_value(value) : "");
}

static void
sms_settled(void *req, bool acked)
{
	if (acked)
		http_reply(req, 200, "OK\n");
	else
		http_reply(req, 503, "not now\n");
}

void
sms_take(struct evhttp_request *req, const json_t *fields)
{
	char rooms[3][SMS_NUMBER];
	const char *id = sms_field(fields, web_settings.id_field, rooms[0]);
	const char *from = sms_field(fields, web_settings.from_field,
	    rooms[1]);
	const char *text = sms_field(fields, web_settings.text_field,
	    rooms[2]);

	if (id[0] == '\0' || from[0] == '\0')
		http_reply(req, 400, "no id, or no sender\n");
	else if (strlen(text) > SMS_TEXT_MAX || strlen(id) > SMS_ID_MAX ||
	    strlen(from) > SMS_FROM_MAX)
		http_reply(req, 413, "too long\n");
	else if (!link_has_room())
		http_reply(req, 503, "not now\n");
	else
		link_offer(json_pack("{s:s, s:s, s:s, s:s}", "t", "mo",
		    "originator", from, "text", text, "network_id", id),
		    false, sms_settled, req);
}

/* Whether the word stands in a list with spaces. */
static bool
sms_among(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; len != 0 && (p = strstr(p, word)) != NULL;
	    p += len) {
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == '\0' || p[len] == ' '))
			return (true);
	}
	return (false);
}

void
sms_report(struct evhttp_request *req, const json_t *fields)
{
	char rooms[2][SMS_NUMBER];
	const char *id = sms_field(fields, web_settings.report_id_field,
	    rooms[0]);
	const char *status = sms_field(fields,
	    web_settings.report_status_field, rooms[1]);

	if (id[0] == '\0' || status[0] == '\0') {
		http_reply(req, 400, "no id, or no status\n");
		return;
	}
	if (!link_has_room()) {
		http_reply(req, 503, "not now\n");
		return;
	}
	if (sms_among(web_settings.report_delivered, status))
		submit_report(id, SUBMIT_DELIVERED, sms_settled, req);
	else if (sms_among(web_settings.report_failed, status))
		submit_report(id, SUBMIT_FAILED, sms_settled, req);
	else
		http_reply(req, 200, "OK\n");
}
