/*
 * A generic aggregator, which way out. Runs in glas-web, called by web_link.c.
 * An aggregator cuts texts itself, so the whole text goes with its first
 * segment, and of the others glasd is told that they are taken: it hands them
 * over only when the first was. Owns a short memory of what was taken under
 * which id, for the reports; it is lost with the process, and those replies
 * stay accepted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/util.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_link.h"
#include "web/web_submit.h"

#define SUBMIT_TAKEN_MAX	4096	/* texts whose reports are awaited */
#define SUBMIT_SEGMENTS_MAX	10
#define SUBMIT_ID_SIZE		80
#define SUBMIT_TO_SIZE		24
#define SUBMIT_SECONDS		30
#define SUBMIT_ANSWER_MAX	65536

/* A text that the aggregator took. */
struct submit_taken {
	json_int_t	 mt;
	char		 id[SUBMIT_ID_SIZE];
	char		 to[SUBMIT_TO_SIZE];
	uint8_t		 mr[SUBMIT_SEGMENTS_MAX];
	unsigned int	 segments;
	int		 status;	/* -1: no report yet */
};

/* A request under way. */
struct submit {
	json_int_t	 mt;
	char		 to[SUBMIT_TO_SIZE];
	struct evhttp_connection *connection;
	struct event	*end;		/* frees the connection, outside it */
};

static struct {
	struct evhttp_uri	*uri;
	char			*host, *path;
	uint16_t		 port;
	struct submit_taken	 taken[SUBMIT_TAKEN_MAX];
	unsigned int		 next;
	uint8_t			 mr;
} submit_state;

const char *
submit_init(void)
{
	struct evhttp_uri *uri;
	const char *host, *scheme, *path, *query;
	struct sockaddr_storage address;
	int len = sizeof address;

	if (web_settings.send_url[0] == '\0')
		return (NULL);
	uri = submit_state.uri = evhttp_uri_parse(web_settings.send_url);
	host = uri != NULL ? evhttp_uri_get_host(uri) : NULL;
	scheme = uri != NULL ? evhttp_uri_get_scheme(uri) : NULL;
	/* Nothing is looked up here: a name would need files and a resolver. */
	if (host == NULL || scheme == NULL || strcmp(scheme, "http") != 0 ||
	    evutil_parse_sockaddr_port(host, (struct sockaddr *)&address,
	    &len) == -1)
		return ("bad-send-url");
	path = evhttp_uri_get_path(uri);
	query = evhttp_uri_get_query(uri);
	submit_state.host = xstrdup(host);
	submit_state.port = (uint16_t)(evhttp_uri_get_port(uri) == -1 ? 80 :
	    evhttp_uri_get_port(uri));
	submit_state.path = xasprintf("%s%s%s", path[0] != '\0' ? path : "/",
	    query != NULL ? "?" : "", query != NULL ? query : "");
	return (NULL);
}

/*
 * What glasd is told.
 */

static void
submit_say(json_int_t mt, json_int_t segment, const char *outcome, int mr)
{
	json_t *msg = json_pack("{s:s, s:I, s:I, s:s}", "t", "submitted",
	    "mt", mt, "segment", segment, "outcome", outcome);

	if (mr >= 0)
		json_object_set_new(msg, "mr", json_integer(mr));
	link_offer(msg, true, NULL, NULL);
}

/* Of who brought the report, done() hears whether it is safe. */
static void
submit_tell_status(const struct submit_taken *t, unsigned int segment,
    void (*done)(void *, bool), void *arg)
{
	link_offer(json_pack("{s:s, s:i, s:s, s:i}", "t", "status-report",
	    "mr", t->mr[segment], "recipient", t->to, "status", t->status),
	    done == NULL, done, arg);
}

static void
submit_accept(struct submit_taken *t, json_int_t segment)
{
	unsigned int n = t->segments;

	if (n == SUBMIT_SEGMENTS_MAX) {
		submit_say(t->mt, segment, "accepted", -1);
		return;
	}
	t->mr[n] = submit_state.mr++;
	t->segments++;
	submit_say(t->mt, segment, "accepted", t->mr[n]);
	if (t->status >= 0)
		submit_tell_status(t, n, NULL, NULL);
}

void
submit_report(const char *id, enum submit_status status,
    void (*done)(void *, bool), void *arg)
{
	for (unsigned int n = 0; n < SUBMIT_TAKEN_MAX; n++) {
		struct submit_taken *t = &submit_state.taken[n];

		if (t->segments == 0 || strcmp(t->id, id) != 0)
			continue;
		t->status = (int)status;
		for (unsigned int s = 1; s < t->segments; s++)
			submit_tell_status(t, s, NULL, NULL);
		submit_tell_status(t, 0, done, arg);
		return;
	}
	done(arg, true);
}

/*
 * The request.
 */

static void
submit_escape(struct buf *b, const char *value)
{
	bool json = strcmp(web_settings.send_type, "json") == 0;
	json_t *string = json ? json_string(value) : NULL;
	char *escaped = json ? json_dumps(string, JSON_ENCODE_ANY |
	    JSON_ENSURE_ASCII) : evhttp_uriencode(value, -1, 1);
	size_t len = escaped != NULL ? strlen(escaped) : 0;

	if (json && len >= 2)
		buf_add(b, escaped + 1, len - 2);	/* no quotes */
	else if (escaped != NULL)
		buf_add(b, escaped, len);
	free(escaped);
	json_decref(string);
}

struct submit_word {
	const char	*name, *value;
};

/* The template with {name} for each value; `plain`: as they are. */
static void
submit_fill(struct buf *b, const char *template,
    const struct submit_word *words, bool plain)
{
	for (const char *p = template; *p != '\0';) {
		const struct submit_word *w = words;
		size_t len = 0;

		for (; *p == '{' && w->name != NULL; w++) {
			len = strlen(w->name);
			if (strncmp(p + 1, w->name, len) == 0 &&
			    p[1 + len] == '}')
				break;
		}
		if (*p != '{' || w->name == NULL) {
			buf_add(b, p++, 1);
			continue;
		}
		if (plain)
			buf_add_str(b, w->value);
		else
			submit_escape(b, w->value);
		p += len + 2;
	}
}

static void
submit_headers(struct evhttp_request *req, const struct submit_word *words)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct buf line = { 0 };
	char *name, *value;

	evhttp_add_header(headers, "Host", submit_state.host);
	evhttp_add_header(headers, "Connection", "close");
	evhttp_add_header(headers, "Content-Type",
	    strcmp(web_settings.send_type, "json") == 0 ? "application/json" :
	    "application/x-www-form-urlencoded");
	submit_fill(&line, web_settings.send_header, words, true);
	name = buf_str(&line);
	value = strchr(name, ':');
	if (value != NULL) {
		*value++ = '\0';
		evhttp_add_header(headers, name, value + strspn(value, " "));
	}
	buf_clear(&line);
}

/*
 * The answer.
 */

static void
submit_end(evutil_socket_t fd, short what, void *arg)
{
	struct submit *s = arg;

	(void)fd;
	(void)what;
	evhttp_connection_free(s->connection);
	event_free(s->end);
	free(s);
}

/* The id that the aggregator gave it stands behind send-id. */
static void
submit_read_id(const char *answer, char id[SUBMIT_ID_SIZE])
{
	const char *p = web_settings.send_id[0] != '\0' ?
	    strstr(answer, web_settings.send_id) : NULL;
	size_t len;

	id[0] = '\0';
	if (p == NULL)
		return;
	p += strlen(web_settings.send_id);
	p += strspn(p, " \"");
	len = strcspn(p, "\",<}] \t\r\n");
	if (len < SUBMIT_ID_SIZE) {
		memcpy(id, p, len);
		id[len] = '\0';
	}
}

static void
submit_took(const struct submit *s, const char *answer)
{
	struct submit_taken *t = &submit_state.taken[submit_state.next++ %
	    SUBMIT_TAKEN_MAX];

	*t = (struct submit_taken){ .mt = s->mt, .status = -1 };
	memcpy(t->to, s->to, sizeof t->to);
	submit_read_id(answer, t->id);
	submit_accept(t, 1);
}

/* Whoever has said no before it took the text can be asked again. */
static const char *
submit_outcome(int code, const char *answer)
{
	if (code >= 200 && code < 300)
		return (strstr(answer, web_settings.send_success) != NULL ?
		    "accepted" : "refused");
	if (code == 0 || code == 503 || (code >= 300 && code < 500))
		return ("refused");
	return ("unknown");
}

/* Without a request the answer did not come; with one, and without a code,
 * nobody was reached. */
static void
submit_answered(struct evhttp_request *req, void *arg)
{
	struct submit *s = arg;
	struct timeval now = { 0 };
	const char *outcome = "unknown";
	char *answer = NULL;

	if (req != NULL) {
		struct evbuffer *in = evhttp_request_get_input_buffer(req);
		size_t len = evbuffer_get_length(in);

		answer = xcalloc(1, len + 1);
		evbuffer_copyout(in, answer, len);
		outcome = submit_outcome(evhttp_request_get_response_code(req),
		    answer);
	}
	if (strcmp(outcome, "accepted") == 0)
		submit_took(s, answer);
	else
		submit_say(s->mt, 1, outcome, -1);
	free(answer);
	evtimer_add(s->end, &now);
}

static void
submit_send(const json_t *msg)
{
	struct submit *s = xcalloc(1, sizeof *s);
	const char *to = link_msg_str(msg, "recipient");
	char ref[24];
	const struct submit_word words[] = { { "to", to },
	    { "digits", to + (to[0] == '+') },
	    { "text", link_msg_str(msg, "text") }, { "ref", ref },
	    { "key", web_settings.send_key }, { NULL, NULL } };
	struct timeval now = { 0 };
	struct evhttp_request *req;
	struct buf body = { 0 };

	s->mt = link_msg_int(msg, "mt");
	snprintf(s->to, sizeof s->to, "%s", to);
	snprintf(ref, sizeof ref, "%lld", (long long)s->mt);
	s->connection = evhttp_connection_base_new(web_base, NULL,
	    submit_state.host, submit_state.port);
	s->end = evtimer_new(web_base, submit_end, s);
	req = evhttp_request_new(submit_answered, s);
	if (s->connection == NULL || s->end == NULL || req == NULL)
		fatal("out of memory: no request to the aggregator");
	evhttp_connection_set_timeout(s->connection, SUBMIT_SECONDS);
	evhttp_connection_set_max_body_size(s->connection, SUBMIT_ANSWER_MAX);
	submit_headers(req, words);
	submit_fill(&body, web_settings.send_body, words, false);
	evbuffer_add(evhttp_request_get_output_buffer(req), body.data,
	    body.len);
	buf_clear(&body);
	if (evhttp_make_request(s->connection, req, EVHTTP_REQ_POST,
	    submit_state.path) == -1) {
		log_warn("mt=%s no request could be made", ref);
		submit_say(s->mt, 1, "refused", -1);
		evtimer_add(s->end, &now);
	}
}

static struct submit_taken *
submit_find(json_int_t mt)
{
	for (unsigned int n = 0; n < SUBMIT_TAKEN_MAX; n++) {
		if (submit_state.taken[n].segments != 0 &&
		    submit_state.taken[n].mt == mt)
			return (&submit_state.taken[n]);
	}
	return (NULL);
}

void
submit_take(const json_t *msg)
{
	json_int_t mt = link_msg_int(msg, "mt");
	json_int_t segment = link_msg_int(msg, "segment");
	struct submit_taken *t = segment > 1 ? submit_find(mt) : NULL;

	if (submit_state.uri == NULL)
		submit_say(mt, segment, "refused", -1);
	else if (segment == 1)
		submit_send(msg);
	else if (t != NULL)
		submit_accept(t, segment);
	else
		submit_say(mt, segment, "accepted", -1);
}
