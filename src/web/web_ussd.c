/*
 * USSD sessions. Runs in glas-web, called by web_http.c; owns nothing but the
 * requests that wait for a screen. Where somebody stands is known to glasd
 * alone; here two ways to write it down in HTTP are turned into the link
 * protocol, and back. What cannot be taken down now is answered with 503, and
 * the network tells the person.
 */
#include <string.h>

#include <event2/http.h>

#include "lib/mem.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_http.h"
#include "web/web_sms.h"
#include "web/web_ussd.h"
#include "web/web_wire.h"

#define USSD_SESSION_MAX 200	/* octets, as all that follow */
#define USSD_NUMBER_MAX	40
#define USSD_INPUT_MAX	2048	/* of GSM: 182 characters a hop */

/* A request, in one of the ways. */
struct ussd_asked {
	const char	*wanted;	/* the fields that must be there */
	const char	*session, *number, *input;
	const char	*event;		/* NULL: by the input */
	bool		 cumulative;
	void		(*answered)(void *, const json_t *);
};

/* As of a text; NULL when it is none. */
static const char *
ussd_field(const json_t *fields, const char *name, char room[SMS_NUMBER])
{
	return (sms_is_field(fields, name) ? sms_field(fields, name, room) :
	    NULL);
}

static void
ussd_ask(struct evhttp_request *req, const struct ussd_asked *a)
{
	const char *event = a->event;

	if (event == NULL)
		event = a->input == NULL || *a->input == '\0' ? "begin" : "input";
	if (strcmp(web_settings.ussd, "no") == 0)
		http_refuse(req, 404, "nothing is here\n");
	else if (a->session == NULL || a->number == NULL || a->input == NULL)
		http_refuse(req, 400, "each field must be text, once, in UTF-8 "
		    "or in a charset known here that Content-Type names\n");
	else if (*a->session == '\0' || *a->number == '\0')
		http_refuse(req, 400, a->wanted);
	else if (strlen(a->session) > USSD_SESSION_MAX ||
	    strlen(a->number) > USSD_NUMBER_MAX ||
	    strlen(a->input) > USSD_INPUT_MAX)
		http_refuse(req, 413, "too long\n");
	else
		wire_ask(json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "t",
		    "session", "session", a->session, "event", event,
		    "msisdn", a->number, "input", a->input, "cumulative",
		    a->cumulative), a->answered, req);
}

/*
 * Africa's Talking.
 */

static void
ussd_answer(void *req, const json_t *answer)
{
	struct buf text = { 0 };

	if (answer == NULL) {
		http_reply(req, 503, "not now\n");
		return;
	}
	buf_printf(&text, "%s %s", link_msg_bool(answer, "end") ? "END" :
	    "CON", link_msg_str(answer, "text"));
	http_reply(req, 200, buf_str(&text));
	buf_clear(&text);
}

void
ussd_take(struct evhttp_request *req, const json_t *fields)
{
	char rooms[3][SMS_NUMBER];
	const struct ussd_asked a = {
		.wanted = "sessionId and phoneNumber are wanted\n",
		.session = ussd_field(fields, "sessionId", rooms[0]),
		.number = ussd_field(fields, "phoneNumber", rooms[1]),
		.input = ussd_field(fields, "text", rooms[2]),
		.cumulative = strcmp(web_settings.ussd, "cumulative") == 0,
		.answered = ussd_answer };

	ussd_ask(req, &a);
}

static void
ussd_ended(void *req, const json_t *answer)
{
	http_reply(req, answer != NULL ? 200 : 503,
	    answer != NULL ? "OK\n" : "not now\n");
}

void
ussd_take_end(struct evhttp_request *req, const json_t *fields)
{
	char rooms[2][SMS_NUMBER];
	const struct ussd_asked a = {
		.wanted = "sessionId and phoneNumber are wanted\n",
		.session = ussd_field(fields, "sessionId", rooms[0]),
		.number = ussd_field(fields, "phoneNumber", rooms[1]),
		.input = "", .event = "end", .answered = ussd_ended };

	ussd_ask(req, &a);
}

/*
 * Ours.
 */

static void
ussd_answer_json(void *req, const json_t *answer)
{
	if (answer == NULL) {
		http_reply(req, 503, "not now\n");
		return;
	}
	http_reply_json(req, 200, json_pack("{s:s, s:b}", "text",
	    link_msg_str(answer, "text"), "more",
	    !link_msg_bool(answer, "end")));
}

void
ussd_take_json(struct evhttp_request *req, const json_t *fields)
{
	const json_t *end = json_object_get(fields, "end");
	bool ends = json_is_true(end);
	char rooms[3][SMS_NUMBER];
	const struct ussd_asked a = {
		.wanted = "session and msisdn are wanted\n",
		.session = ussd_field(fields, "session", rooms[0]),
		.number = ussd_field(fields, "msisdn", rooms[1]),
		.input = ussd_field(fields, "input", rooms[2]),
		.event = ends ? "end" : NULL,
		.answered = ends ? ussd_ended : ussd_answer_json };

	/* As a hop it would be one that nobody typed. */
	if (end != NULL && !json_is_boolean(end))
		http_refuse(req, 400, "end is true or false, without quotes\n");
	else
		ussd_ask(req, &a);
}
