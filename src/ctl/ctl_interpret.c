/*
 * glasctl interpret: how texts on standard input are understood and answered,
 * by a content pack alone. Needs no database, key or configuration; stores and
 * sends nothing. Each line is a text of a number never seen before.
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/segment.h"
#include "store/pack.h"
#include "text/answer.h"

#ifndef GLAS_CONTENT_DIR
#define GLAS_CONTENT_DIR "etc/content"
#endif

#define INTERPRET_REFERENCE "000000"
#define INTERPRET_SEGMENTS 3
#define INTERPRET_NOW INT64_C(1000000)	/* any time: nobody is known */

/* Undoes \n, \t and \\, and makes the line valid UTF-8. */
static void
interpret_unescape(const char *line, size_t len, struct buf *text)
{
	const char *end = line + len;
	uint32_t c;

	buf_reset(text);
	while (line < end) {
		c = utf8_next(&line, end);
		if (c == '\\' && line < end &&
		    (*line == 'n' || *line == 't' || *line == '\\')) {
			c = *line == 'n' ? '\n' : *line == 't' ? '\t' : '\\';
			line++;
		}
		utf8_put(text, c == 0 ? 0xfffd : c);
	}
	buf_str(text);
}

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

static void
interpret_place(const struct place *place, struct buf *out)
{
	buf_reset(out);
	if (place != NULL)
		buf_printf(out, "%s%s%s", place->municipality,
		    *place->settlement != '\0' ? "/" : "", place->settlement);
	buf_str(out);
}

static void
interpret_print_json(const char *text, const struct reading *r,
    const struct answer *answer, const char *place)
{
	json_t *object = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:i}",
	    "text", text, "intent", intent_name(r->intent),
	    "category", r->code, "actor", r->actor, "place", place,
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
interpret_text(const struct content *content, const char *text, bool json,
    struct buf *place)
{
	const struct answer_given given = {
		.reference = INTERPRET_REFERENCE, .code = "0000",
		.text = text, .now = INTERPRET_NOW,
		.segments = INTERPRET_SEGMENTS };
	struct conversation nobody = { .lang = LANG_UND };
	struct reading reading;
	struct answer answer;

	reading_make(&reading, content, text, LANG_UND);
	answer_make(&answer, content, &reading, &given, &nobody);
	/* A place is that of an event. */
	interpret_place(reading.intent == INTENT_REPORT ||
	    reading.intent == INTENT_UNCLASSIFIED ? reading.place : NULL,
	    place);
	(json ? interpret_print_json : interpret_print)(text, &reading,
	    &answer, (const char *)place->data);
	answer_clear(&answer);
	reading_clear(&reading);
}

static void
interpret_all(const struct content *content, bool json)
{
	struct buf text = { 0 }, place = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			len--;
		interpret_unescape(line, (size_t)len, &text);
		interpret_text(content, (const char *)text.data, json, &place);
	}
	free(line);
	buf_clear(&text);
	buf_clear(&place);
}

static struct content *
interpret_content(const char *dir)
{
	struct buf problems = { 0 };
	struct content *content = NULL;
	json_t *pack = pack_read(dir, &problems);

	if (pack != NULL)
		content = content_new(pack, &problems);
	json_decref(pack);
	if (problems.len > 0)
		ctl_say(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	return (content);
}

/* The installed pack, or, when the program runs in a build tree, the one that
 * stands there. */
static const char *
interpret_default_dir(char *beside, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", beside, size - 1);
	char *slash;

	beside[len > 0 ? len : 0] = '\0';
	slash = strrchr(beside, '/');
	if (slash != NULL &&
	    (size_t)(slash - beside) + sizeof "/etc/content" <= size) {
		strcpy(slash, "/etc/content");
		if (access(beside, R_OK | X_OK) == 0)
			return (beside);
	}
	return (GLAS_CONTENT_DIR);
}

int
ctl_interpret(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "content", required_argument, NULL, 'C' },
		{ NULL, 0, NULL, 0 },
	};
	char beside[4096];
	const char *dir = interpret_default_dir(beside, sizeof beside);
	struct content *content;
	bool json = false;
	int ch;

	optind = 0;
	while ((ch = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (ch) {
		case 'j':
			json = true;
			break;
		case 'C':
			dir = optarg;
			break;
		default:
			return (CTL_MISUSED);
		}
	}
	if (optind != argc) {
		fprintf(stderr, "usage: glasctl interpret [--json] "
		    "[--content DIR]\n");
		return (CTL_MISUSED);
	}
	if ((content = interpret_content(dir)) == NULL)
		return (CTL_FAILED);
	interpret_all(content, json);
	content_free(content);
	return (CTL_DONE);
}
