/*
 * A generic aggregator, which way in. Runs in glas-web, called by web_http.c.
 * The names of its fields stand in the configuration. A text is answered with
 * 200 when glasd has it on its disk, and with 503, so that the aggregator
 * brings it again, when that cannot be; the id of the aggregator makes both
 * the same text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/http.h>

#include "lib/hex.h"
#include "lib/mem.h"
#include "web/web.h"
#include "web/web_http.h"
#include "web/web_sms.h"
#include "web/web_submit.h"
#include "web/web_wire.h"

bool
sms_is_field(const json_t *fields, const char *name)
{
	const json_t *value = json_object_get(fields, name);

	return (value == NULL || json_is_null(value) ||
	    json_is_string(value) || json_is_integer(value));
}

const char *
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

/*
 * What was written.
 */

/* -1: it is none. */
static int
sms_octets(struct buf *b, const json_t *value)
{
	const char *hex = json_string_value(json_object_get(value, "hex"));
	uint8_t octets[SMS_TEXT_MAX + 1];
	int n;

	if (json_is_string(value)) {
		buf_add(b, json_string_value(value),
		    json_string_length(value));
		return (0);
	}
	n = hex != NULL ? hex_decode(octets, sizeof octets, hex) : -1;
	if (n > 0)
		buf_add(b, octets, (size_t)n);
	return (n == -1 ? -1 : 0);
}

static json_t *
sms_user_data(const char *alphabet, const struct buf *octets)
{
	char *hex = xmalloc(2 * octets->len + 1);
	json_t *msg;

	hex_encode(hex, octets->data, octets->len);
	msg = json_pack("{s:s, s:s, s:s}", "t", "mo", "alphabet", alphabet,
	    "ud", hex);
	free(hex);
	return (msg);
}

/* What says that it is letters, and is no UTF-8, is read as Latin-1. */
static json_t *
sms_letters(const struct buf *octets)
{
	struct buf letters = { 0 };
	json_t *msg;

	for (size_t n = 0; n < octets->len; n++) {
		uint8_t unit[2] = { 0, octets->data[n] };

		buf_add(&letters, unit, sizeof unit);
	}
	msg = sms_user_data("ucs2", &letters);
	buf_clear(&letters);
	return (msg);
}

/* The message that the text makes, or NULL. The coding is that of Kannel and
 * SMPP: 0 letters, 1 octets, 2 UTF-16. */
static json_t *
sms_message(const json_t *fields)
{
	const json_t *value = json_object_get(fields, web_settings.text_field);
	char room[SMS_NUMBER];
	const char *coding = sms_field(fields, web_settings.coding_field,
	    room);
	bool binary = strcmp(coding, "1") == 0;
	bool ucs2 = strcmp(coding, "2") == 0;
	struct buf octets = { 0 };
	json_t *msg = NULL;

	if (!binary && !ucs2 && !json_is_object(value))
		return (json_pack("{s:s, s:s}", "t", "mo", "text",
		    sms_field(fields, web_settings.text_field, room)));
	if (sms_octets(&octets, value) == 0)
		msg = binary || ucs2 ? sms_user_data(binary ? "binary" :
		    "ucs2", &octets) : sms_letters(&octets);
	buf_clear(&octets);
	return (msg);
}

static size_t
sms_length(const json_t *msg)
{
	return (json_string_length(json_object_get(msg, "text")) +
	    json_string_length(json_object_get(msg, "ud")) / 2);
}

static void
sms_settled(void *req, bool acked)
{
	if (acked)
		http_reply(req, 200, "OK\n");
	else
		http_reply(req, 503, "not now\n");
}

/* Octets where nothing says what they are, are refused: who sends them can be
 * told, and did not mean it. */
static bool
sms_is_text(const json_t *fields)
{
	const json_t *value = json_object_get(fields, web_settings.text_field);

	if (json_is_object(value))
		return (web_settings.coding_field[0] != '\0');
	return (sms_is_field(fields, web_settings.text_field));
}

static void
sms_offer(struct evhttp_request *req, const json_t *fields, const char *from,
    const char *id)
{
	json_t *msg = sms_message(fields);

	if (msg == NULL || sms_length(msg) > SMS_TEXT_MAX) {
		json_decref(msg);
		http_refuse(req, 413, "too long\n");
		return;
	}
	json_object_set_new(msg, "originator", json_string(from));
	json_object_set_new(msg, "network_id", json_string(id));
	wire_offer(msg, false, sms_settled, req);
}

/* The names stand in the configuration, which whoever sends does not see. */
static void
sms_wants(struct evhttp_request *req, const char *one, const char *other)
{
	char *words = xasprintf("the fields %s and %s are wanted, each once\n",
	    one, other);

	http_refuse(req, 400, words);
	free(words);
}

/* A text without words has the field all the same: where it is not there it has
 * another name, and each text would be stored as one without words. Where it
 * stands twice, or what says how it is coded, one would be lost. */
static bool
sms_has_text(const json_t *fields)
{
	const json_t *text = json_object_get(fields, web_settings.text_field);

	return (text != NULL && !json_is_array(text) &&
	    sms_is_field(fields, web_settings.coding_field));
}

static void
sms_wants_text(struct evhttp_request *req)
{
	char *words = xasprintf("the field %s is wanted, once, with the text: "
	    "text-field in glas.conf says what it is called\n",
	    web_settings.text_field);

	http_refuse(req, 400, words);
	free(words);
}

void
sms_take(struct evhttp_request *req, const json_t *fields)
{
	char rooms[2][SMS_NUMBER];
	const char *id = sms_field(fields, web_settings.id_field, rooms[0]);
	const char *from = sms_field(fields, web_settings.from_field,
	    rooms[1]);

	if (id[0] == '\0' || from[0] == '\0')
		sms_wants(req, web_settings.id_field,
		    web_settings.from_field);
	else if (!sms_has_text(fields))
		sms_wants_text(req);
	else if (!sms_is_text(fields))
		http_refuse(req, 400, "the text is not in UTF-8, nor in a "
		    "charset known here that Content-Type names\n");
	else if (strlen(id) > SMS_ID_MAX || strlen(from) > SMS_FROM_MAX)
		http_refuse(req, 413, "too long\n");
	else if (!wire_has_room())
		http_reply(req, 503, "not now\n");
	else
		sms_offer(req, fields, from, id);
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
		sms_wants(req, web_settings.report_id_field,
		    web_settings.report_status_field);
		return;
	}
	if (!wire_has_room()) {
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
