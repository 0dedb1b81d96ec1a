/*
 * glasctl interpret: how texts on standard input are understood and answered,
 * by a content alone. Needs no key, and neither database nor configuration
 * unless its content is asked for; stores and sends nothing. Each line is a
 * text of a number never seen before. Numbers in it are shown as they would be
 * stored: masked.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "sms/segment.h"
#include "text/answer.h"
#include "text/mask.h"
#include "text/places.h"

#define INTERPRET_REFERENCE "000000"
#define INTERPRET_SEGMENTS 3

static json_t *
interpret_replies(const struct answer *answer)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < answer->count; i++) {
		enum encoding encoding;
		unsigned int segments = segment_count(answer->replies[i].text,
		    &encoding, NULL);

		json_array_append_new(list, json_pack("{s:s, s:i, s:s}",
		    "text", answer->replies[i].text,
		    "segments", (int)segments,
		    "encoding", encoding_name(encoding)));
	}
	return (list);
}

static const char *
interpret_emergency(enum emergency emergency)
{
	switch (emergency) {
	case EMERGENCY_EMERG:
		return ("EMERG");
	case EMERGENCY_UXO:
		return ("UXO");
	case EMERGENCY_NONE:
		break;
	}
	return ("");
}

/* A place is that of an event. */
static const char *
interpret_place(const struct reading *r, char out[PLACE_TEXT_MAX])
{
	bool told = r->intent == INTENT_REPORT ||
	    r->intent == INTENT_UNCLASSIFIED;

	return (told && r->place != NULL ? place_text(r->place, out) : "");
}

static void
interpret_print_json(const char *text, const struct reading *r,
    const struct answer *answer, const char *place)
{
	json_t *object = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:i}",
	    "text", text, "intent", intent_name(r->intent),
	    "category", r->code, "guess", r->guess, "second", r->second,
	    "actor", r->actor, "place", place,
	    "lang", lang_name(r->lang),
	    "emergency", interpret_emergency(r->emergency),
	    "replies", interpret_replies(answer),
	    "confidence", r->confidence);

	json_dumpf(object, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(object);
}

static void
interpret_print(const char *text, const struct reading *r,
    const struct answer *answer, const char *place)
{
	const char *line, *end;

	ctl_say(stdout, "%s", text);
	ctl_say(stdout, "    %s %s, %s%s%s%s%s, %d %%",
	    intent_name(r->intent), r->code, lang_name(r->lang),
	    *place != '\0' ? ", " : "", place,
	    *r->actor != '\0' ? ", about " : "", r->actor, r->confidence);
	for (line = (const char *)r->trace.data; line != NULL && *line != '\0';
	    line = *end != '\0' ? end + 1 : end) {
		end = strchrnul(line, '\n');
		ctl_say(stdout, "    . %.*s", (int)(end - line), line);
	}
	for (unsigned int i = 0; i < answer->act_count; i++)
		ctl_say(stdout, "    does %s %s%s%s",
		    act_kind_name(answer->acts[i].kind), answer->acts[i].key,
		    *answer->acts[i].value != '\0' ? ": " : "",
		    answer->acts[i].value);
	for (unsigned int i = 0; i < answer->count; i++)
		ctl_say(stdout, "    %s (%u): %s",
		    reply_kind_name(answer->replies[i].kind),
		    segment_count(answer->replies[i].text, NULL, NULL),
		    answer->replies[i].text);
	if (answer->silent != NULL)
		ctl_say(stdout, "    silent: %s", answer->silent);
}

static void
interpret_text(const struct content *content, const char *plain, bool json)
{
	struct mask mask = { .open = content_open_numbers(content) };
	char *text = mask_copy(plain, &mask);
	int64_t now = clock_wall_us();
	const struct answer_given given = {
		.reference = INTERPRET_REFERENCE, .code = "0000",
		.text = text, .at = now, .now = now,
		.segments = INTERPRET_SEGMENTS };
	struct conversation nobody = { .lang = LANG_UND };
	char place[PLACE_TEXT_MAX];
	struct reading reading;
	struct answer answer;

	reading_make(&reading, content, plain, LANG_UND);
	answer_make(&answer, content, &reading, &given, &nobody);
	if (mask_hides(&mask, reading.code))
		reading.code = "";
	(json ? interpret_print_json : interpret_print)(text, &reading,
	    &answer, interpret_place(&reading, place));
	answer_clear(&answer);
	reading_clear(&reading);
	mask_clear(&mask);
	free(text);
}

static void
interpret_all(const struct content *content, bool json)
{
	struct buf text = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			len--;
		ctl_unescape(line, (size_t)len, &text);
		interpret_text(content, (const char *)text.data, json);
	}
	free(line);
	buf_clear(&text);
}

int
ctl_interpret(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "content", required_argument, NULL, 'C' },
		{ "database", optional_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL, *conninfo = NULL;
	bool json = false, database = false, bad = false;
	struct content *content;
	int ch;

	/* There are no other arguments: a word behind it is the conninfo. */
	optind = 0;
	while ((ch = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (ch) {
		case 'j':
			json = true;
			break;
		case 'C':
			dir = optarg;
			break;
		case 'd':
			database = true;
			conninfo = optarg;
			if (conninfo == NULL && optind < argc &&
			    argv[optind][0] != '-')
				conninfo = argv[optind++];
			break;
		default:
			bad = true;
		}
	}
	if (bad || optind != argc || (database && dir != NULL))
		return (ctl_misused(ctl));
	content = database ? ctl_content_of_database(ctl, conninfo) :
	    ctl_content_of_dir(dir);
	if (content == NULL)
		return (CTL_FAILED);
	interpret_all(content, json);
	content_free(content);
	return (CTL_DONE);
}
