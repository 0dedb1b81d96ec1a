/*
 * The first line of a client of the control socket, read. Runs in glasd, called
 * by control.c with what has come so far; keeps nothing.
 */
#include <stdio.h>
#include <string.h>

#include "glasd/control_request.h"
#include "lib/jsonl.h"

static const char *const control_verbs[CONTROL_VERBS] = {
	[CONTROL_STATUS] = "status",
	[CONTROL_PAUSE] = "pause",
	[CONTROL_RESUME] = "resume",
	[CONTROL_USSD] = "ussd",
	[CONTROL_USSD_ANSWER] = "ussd-answer",
};

static enum control_verb
control_verb_find(const char *name)
{
	enum control_verb verb = 0;

	while (verb < CONTROL_VERBS && (name == NULL ||
	    strcmp(control_verbs[verb], name) != 0))
		verb++;
	return (verb);
}

static void
control_request_of(struct control_request *r, const json_t *object)
{
	const char *link = json_string_value(json_object_get(object, "link"));
	const char *code = json_string_value(json_object_get(object, "code"));

	r->verb = control_verb_find(json_string_value(json_object_get(object,
	    "do")));
	if (r->verb == CONTROL_VERBS)
		r->error = "unknown command";
	if (link != NULL && strlen(link) < sizeof r->link)
		snprintf(r->link, sizeof r->link, "%s", link);
	if (code != NULL && strlen(code) < sizeof r->code)
		snprintf(r->code, sizeof r->code, "%s", code);
}

enum control_got
control_request_read(struct control_request *r, const char *octets,
    size_t len)
{
	const char *end = len != 0 ? memchr(octets, '\n', len) : NULL;
	json_t *object;

	*r = (struct control_request){ .verb = CONTROL_VERBS };
	if (end == NULL)
		return (len < CONTROL_LINE_MAX ? CONTROL_MORE :
		    CONTROL_ENDLESS);
	if (end - octets >= CONTROL_LINE_MAX)
		return (CONTROL_ENDLESS);
	if (jsonl_parse(octets, (size_t)(end - octets), &object) ==
	    JSONL_OBJECT)
		control_request_of(r, object);
	else
		r->error = "not a JSON object";
	json_decref(object);
	return (CONTROL_REQUEST);
}
