/*
 * The table of the link protocol and the one check that every message passes.
 * Runs in glasd and in all links; pure.
 */
#include <string.h>

#include "lib/jsonl.h"
#include "sms/link_msg.h"

#define LINK_MSG_FIELDS 18

struct link_msg_field {
	const char	*name;
	json_type	 type;	/* JSON_TRUE stands for any boolean */
	bool		 required;
};

#define MUST(name, type) { name, type, true }
#define MAY(name, type) { name, type, false }

static const struct link_msg_table {
	const char		*name;
	enum link_msg_side	 side;
	struct link_msg_field	 fields[LINK_MSG_FIELDS];
} link_msgs[LINK_MSG_TYPES] = {
	[LINK_MSG_HELLO] = { "hello", LINK_MSG_FROM_LINK,
	    { MUST("protocol", JSON_INTEGER), MUST("kind", JSON_STRING),
	    MAY("version", JSON_STRING) } },
	[LINK_MSG_STATE] = { "state", LINK_MSG_FROM_LINK,
	    { MUST("state", JSON_STRING), MAY("signal_dbm", JSON_INTEGER),
	    MAY("operator", JSON_STRING), MAY("imei", JSON_STRING),
	    MAY("sim", JSON_STRING), MAY("sim_used", JSON_INTEGER),
	    MAY("sim_size", JSON_INTEGER), MAY("detail", JSON_STRING),
	    MAY("sandbox", JSON_TRUE) } },
	[LINK_MSG_BUSY] = { "busy", LINK_MSG_FROM_LINK,
	    { MUST("deadline_ms", JSON_INTEGER) } },
	[LINK_MSG_PONG] = { "pong", LINK_MSG_FROM_LINK, { { 0 } } },
	[LINK_MSG_MO] = { "mo", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("originator", JSON_STRING),
	    MAY("ton", JSON_STRING), MAY("scts", JSON_STRING),
	    MAY("smsc", JSON_STRING), MAY("sim", JSON_STRING),
	    MAY("alphabet", JSON_STRING), MAY("class", JSON_INTEGER),
	    MAY("replace", JSON_INTEGER), MAY("udh", JSON_STRING),
	    MAY("ud", JSON_STRING), MAY("text", JSON_STRING),
	    MAY("network_id", JSON_STRING) } },
	[LINK_MSG_RAW] = { "raw", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("slot", JSON_INTEGER),
	    MUST("pdu", JSON_STRING), MAY("sim", JSON_STRING) } },
	[LINK_MSG_CALL] = { "call", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("originator", JSON_STRING) } },
	[LINK_MSG_SESSION] = { "session", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("session", JSON_STRING),
	    MUST("event", JSON_STRING), MUST("msisdn", JSON_STRING),
	    MAY("input", JSON_STRING), MAY("cumulative", JSON_TRUE) } },
	[LINK_MSG_SUBMITTED] = { "submitted", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("mt", JSON_INTEGER),
	    MUST("segment", JSON_INTEGER), MUST("outcome", JSON_STRING),
	    MAY("mr", JSON_INTEGER), MAY("cause", JSON_INTEGER),
	    MAY("detail", JSON_STRING) } },
	[LINK_MSG_STATUS_REPORT] = { "status-report", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("status", JSON_INTEGER),
	    MAY("mt", JSON_INTEGER), MAY("mr", JSON_INTEGER),
	    MAY("recipient", JSON_STRING), MAY("time", JSON_STRING) } },
	[LINK_MSG_USSD_RESULT] = { "ussd-result", LINK_MSG_FROM_LINK,
	    { MUST("id", JSON_STRING), MUST("code", JSON_STRING),
	    MUST("text", JSON_STRING), MAY("outcome", JSON_STRING) } },
	[LINK_MSG_LOOK] = { "look", LINK_MSG_FROM_LINK, { { 0 } } },
	[LINK_MSG_REFUSED] = { "refused", LINK_MSG_FROM_LINK,
	    { MUST("count", JSON_INTEGER), MUST("why", JSON_STRING) } },
	[LINK_MSG_START] = { "start", LINK_MSG_FROM_GLASD,
	    { MUST("protocol", JSON_INTEGER), MUST("name", JSON_STRING),
	    MUST("settings", JSON_OBJECT), MUST("window", JSON_INTEGER),
	    MAY("kind", JSON_STRING) } },
	[LINK_MSG_PING] = { "ping", LINK_MSG_FROM_GLASD, { { 0 } } },
	[LINK_MSG_STOP] = { "stop", LINK_MSG_FROM_GLASD, { { 0 } } },
	[LINK_MSG_ACK] = { "ack", LINK_MSG_FROM_GLASD,
	    { MUST("ids", JSON_ARRAY) } },
	[LINK_MSG_NACK] = { "nack", LINK_MSG_FROM_GLASD,
	    { MUST("ids", JSON_ARRAY), MUST("wait_ms", JSON_INTEGER) } },
	[LINK_MSG_ANSWER] = { "answer", LINK_MSG_FROM_GLASD,
	    { MUST("id", JSON_STRING), MUST("session", JSON_STRING),
	    MUST("text", JSON_STRING), MUST("end", JSON_TRUE) } },
	[LINK_MSG_SUBMIT] = { "submit", LINK_MSG_FROM_GLASD,
	    { MUST("mt", JSON_INTEGER), MUST("segment", JSON_INTEGER),
	    MUST("recipient", JSON_STRING), MUST("encoding", JSON_STRING),
	    MUST("udh", JSON_STRING), MUST("ud", JSON_STRING),
	    MUST("want_report", JSON_TRUE),
	    MUST("validity", JSON_INTEGER), MAY("text", JSON_STRING) } },
	[LINK_MSG_USSD] = { "ussd", LINK_MSG_FROM_GLASD,
	    { MUST("id", JSON_STRING), MUST("code", JSON_STRING) } },
	[LINK_MSG_STATUS] = { "status", LINK_MSG_FROM_GLASD,
	    { MUST("part", JSON_STRING), MAY("value", JSON_OBJECT) } },
};

const char *
link_msg_name(enum link_msg_type type)
{
	return (type < LINK_MSG_TYPES ? link_msgs[type].name : "?");
}

static enum link_msg_type
link_msg_find(const char *name, enum link_msg_side side)
{
	enum link_msg_type type;

	for (type = 0; type < LINK_MSG_TYPES; type++) {
		if (link_msgs[type].side == side &&
		    strcmp(link_msgs[type].name, name) == 0)
			break;
	}
	return (type);
}

static bool
link_msg_field_ok(const struct link_msg_field *f, const json_t *value)
{
	if (value == NULL)
		return (!f->required);
	if (f->type == JSON_TRUE)
		return (json_is_boolean(value));
	return (json_typeof(value) == f->type);
}

enum link_msg_type
link_msg_check(const json_t *msg, enum link_msg_side side, const char **why,
    unsigned int *extra)
{
	const char *name = json_string_value(json_object_get(msg, "t"));
	enum link_msg_type type;
	size_t known = 1; /* t itself */

	*why = NULL;
	*extra = 0;
	if (name == NULL) {
		*why = "no t";
		return (LINK_MSG_TYPES);
	}
	type = link_msg_find(name, side);
	if (type == LINK_MSG_TYPES) {
		*why = "unknown t";
		return (type);
	}
	for (const struct link_msg_field *f = link_msgs[type].fields;
	    f->name != NULL; f++) {
		const json_t *value = json_object_get(msg, f->name);

		if (!link_msg_field_ok(f, value)) {
			*why = f->name;
			return (LINK_MSG_TYPES);
		}
		known += value != NULL;
	}
	*extra = (unsigned int)(json_object_size(msg) - known);
	return (type);
}

json_t *
link_msg_next(struct buf *in, enum link_msg_type *type, const char **why)
{
	unsigned int extra;
	json_t *msg;

	*why = NULL;
	switch (jsonl_take(in, &msg)) {
	case JSONL_NONE:
		return (NULL);
	case JSONL_BAD:
		*why = "no line of the protocol";
		return (NULL);
	case JSONL_OBJECT:
		break;
	}
	*type = link_msg_check(msg, LINK_MSG_FROM_GLASD, why, &extra);
	if (*type != LINK_MSG_TYPES)
		return (msg);
	json_decref(msg);
	return (NULL);
}

const char *
link_msg_str(const json_t *msg, const char *field)
{
	const char *s = json_string_value(json_object_get(msg, field));

	return (s != NULL ? s : "");
}

json_int_t
link_msg_int(const json_t *msg, const char *field)
{
	return (json_integer_value(json_object_get(msg, field)));
}

bool
link_msg_bool(const json_t *msg, const char *field)
{
	return (json_is_true(json_object_get(msg, field)));
}
