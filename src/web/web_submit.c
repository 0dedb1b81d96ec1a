/*
 * A generic aggregator, which way out. Runs in glas-web, called by web_wire.c.
 * An aggregator cuts texts itself, so the whole text goes with its first
 * segment, and of the others glasd is told that they are taken: it hands them
 * over only when the first was. Owns the requests under way. Reports name a
 * text by our id, where the aggregator was told it, or by one of its own; for
 * those there is a short memory, which is lost with the process, and those
 * replies stay accepted.
 */
#include <sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/util.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_peer.h"
#include "web/web_smssync.h"
#include "web/web_submit.h"
#include "web/web_wire.h"

#define SUBMIT_TAKEN_MAX	4096	/* texts whose reports are awaited */
#define SUBMIT_EARLY_MAX	512	/* reports of what is not known yet */
#define SUBMIT_ID_SIZE		80
#define SUBMIT_DIGITS		18	/* of an id of ours, at most */
#define SUBMIT_SECONDS		30
#define SUBMIT_IDLE_MS		500	/* a peer closes later than that */
#define SUBMIT_ANSWER_MAX	65536

/* A text that the aggregator took, under an id of its own. */
struct submit_taken {
	json_int_t	 mt;
	char		 id[SUBMIT_ID_SIZE];
};

/* A report of what is none of these. */
struct submit_early {
	uint64_t	 turn;		/* that was last when it came first */
	char		 id[SUBMIT_ID_SIZE];
};

/* A request under way; or its connection, for the next one. */
struct submit {
	TAILQ_ENTRY(submit)	 entry;
	json_int_t		 mt;
	uint64_t		 turn;
	bool			 settled;	/* before the answer came */
	bool			 idle;
	struct evhttp_connection *connection;
	struct event		*end;	/* frees the connection, outside it */
};

static struct {
	struct evhttp_uri	*uri;
	char			*host, *path;
	uint16_t		 port;
	int			 refusal;	/* the code that is in the log */
	TAILQ_HEAD(, submit)	 flying, idle;
	struct submit_taken	 taken[SUBMIT_TAKEN_MAX];
	struct submit_early	 early[SUBMIT_EARLY_MAX];
	unsigned int		 next, next_early;
	uint64_t		 turn;		/* of the newest request */
} submit_state = { .flying = TAILQ_HEAD_INITIALIZER(submit_state.flying),
	.idle = TAILQ_HEAD_INITIALIZER(submit_state.idle) };

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
	peer_init(&address, len, submit_state.port);
	submit_state.path = xasprintf("%s%s%s", path[0] != '\0' ? path : "/",
	    query != NULL ? "?" : "", query != NULL ? query : "");
	return (NULL);
}

/*
 * What glasd is told.
 */

static void
submit_settle(struct submit *s, const char *outcome)
{
	if (!s->settled)
		wire_submitted(s->mt, 1, outcome);
	s->settled = true;
}

/* Our own id: a number, and nothing else. 0: it is none. */
static json_int_t
submit_own(const char *id)
{
	size_t len = strspn(id, "0123456789");

	return (len <= SUBMIT_DIGITS && id[len] == '\0' ?
	    strtoll(id, NULL, 10) : 0);
}

/* That it is reported of says that it was taken, also before the answer. */
static void
submit_report_own(json_int_t mt, enum submit_status status,
    void (*done)(void *, bool), void *arg)
{
	struct submit *s;

	TAILQ_FOREACH(s, &submit_state.flying, entry) {
		if (s->mt == mt)
			submit_settle(s, "accepted");
	}
	if (mt == 0)
		done(arg, true);
	else
		wire_reported(mt, (int)status, done, arg);
}

/* The turn that was the last when this was reported first. */
static uint64_t
submit_reported_first(const char *id)
{
	struct submit_early *e;

	for (unsigned int n = 0; n < SUBMIT_EARLY_MAX; n++) {
		e = &submit_state.early[n];
		if (strcmp(e->id, id) == 0)
			return (e->turn);
	}
	e = &submit_state.early[submit_state.next_early++ % SUBMIT_EARLY_MAX];
	e->turn = submit_state.turn;
	strncpy(e->id, id, SUBMIT_ID_SIZE - 1);
	return (e->turn);
}

/* Whether it may be of a text whose answer, with its id, is still on its way:
 * one that was under way when it was reported first. What was sent since is
 * another, and none is under way for longer than SUBMIT_SECONDS. */
static bool
submit_is_early(const char *id)
{
	const struct submit *oldest = TAILQ_FIRST(&submit_state.flying);

	return (oldest != NULL && strlen(id) < SUBMIT_ID_SIZE &&
	    oldest->turn <= submit_reported_first(id));
}

void
submit_report(const char *id, enum submit_status status,
    void (*done)(void *, bool), void *arg)
{
	if (web_settings.send_id[0] == '\0') {
		submit_report_own(submit_own(id), status, done, arg);
		return;
	}
	for (unsigned int n = 0; n < SUBMIT_TAKEN_MAX; n++) {
		const struct submit_taken *t = &submit_state.taken[n];

		if (t->mt == 0 || strcmp(t->id, id) != 0)
			continue;
		wire_reported(t->mt, (int)status, done, arg);
		return;
	}
	done(arg, !submit_is_early(id));
}

/*
 * The request.
 */

static void
submit_escape(struct buf *b, const char *value)
{
	bool json = web_settings.send_json;
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
	if (!web_settings.send_get)
		evhttp_add_header(headers, "Content-Type",
		    web_settings.send_json ? "application/json" :
		    "application/x-www-form-urlencoded");
	submit_fill(&line, web_settings.send_header, words, true);
	name = buf_str(&line);
	value = strchr(name, ':');
	if (value != NULL) {
		*value++ = '\0';
		evhttp_add_header(headers, name, value + strspn(value, " "));
	}
	buf_clear(&line);
	/* Some answer in XML else; send-header may say otherwise. */
	if (evhttp_find_header(headers, "Accept") == NULL)
		evhttp_add_header(headers, "Accept", "application/json");
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
	if (s->idle)
		TAILQ_REMOVE(&submit_state.idle, s, entry);
	else
		TAILQ_REMOVE(&submit_state.flying, s, entry);
	evhttp_connection_free(s->connection);
	event_free(s->end);
	free(s);
}

static void
submit_close(struct submit *s)
{
	struct timeval now = { 0 };

	evtimer_add(s->end, &now);
}

/* For a moment: a peer that closes it while a request is on its way would make
 * the outcome unknown. */
static void
submit_keep(struct submit *s)
{
	struct timeval tv = { .tv_usec = SUBMIT_IDLE_MS * 1000 };

	TAILQ_REMOVE(&submit_state.flying, s, entry);
	TAILQ_INSERT_HEAD(&submit_state.idle, s, entry);
	s->idle = true;
	evtimer_add(s->end, &tv);
}

/* Whether a next request may come on its connection: a peer of HTTP/1.0 closes
 * it after the answer, and the library does not tell. */
static bool
submit_stays(struct evhttp_request *req)
{
	const char *said = evhttp_find_header(
	    evhttp_request_get_input_headers(req), "Connection");

	if (said != NULL)
		return (evutil_ascii_strcasecmp(said, "keep-alive") == 0);
	return (req->major == 1 && req->minor >= 1);
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
submit_took(struct submit *s, const char *answer)
{
	struct submit_taken *t;

	submit_settle(s, "accepted");
	if (web_settings.send_id[0] == '\0')
		return;
	t = &submit_state.taken[submit_state.next++ % SUBMIT_TAKEN_MAX];
	t->mt = s->mt;
	submit_read_id(answer, t->id);
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

/* Whoever looks for the reason finds it, once for each: a wrong password is
 * answered so for each text. */
static void
submit_note(int code, const char *outcome)
{
	if (strcmp(outcome, "accepted") == 0) {
		submit_state.refusal = 0;
		return;
	}
	if (code == 0 || code == submit_state.refusal)
		return;
	submit_state.refusal = code;
	log_warn("send-url answers %d%s", code, code >= 200 && code < 300 ?
	    " without the words of send-success" : "");
}

/* Without a request the answer did not come; with one, and without a code,
 * nobody was reached. */
static void
submit_answered(struct evhttp_request *req, void *arg)
{
	struct submit *s = arg;
	const char *outcome = "unknown";
	char *answer = NULL;
	int code = 0;

	if (req != NULL) {
		struct evbuffer *in = evhttp_request_get_input_buffer(req);
		size_t len = evbuffer_get_length(in);

		code = evhttp_request_get_response_code(req);
		answer = xcalloc(1, len + 1);
		evbuffer_copyout(in, answer, len);
		outcome = submit_outcome(code, answer);
		submit_note(code, outcome);
		if (code == 0)
			peer_away();
	}
	if (strcmp(outcome, "accepted") == 0)
		submit_took(s, answer);
	else
		submit_settle(s, outcome);
	free(answer);
	if (code != 0 && submit_stays(req))
		submit_keep(s);
	else
		submit_close(s);
}

/* A connection that was in use a moment ago, or a new one. */
static struct submit *
submit_new(json_int_t mt)
{
	struct submit *s = TAILQ_FIRST(&submit_state.idle);

	if (s != NULL) {
		evtimer_del(s->end);
		TAILQ_REMOVE(&submit_state.idle, s, entry);
		TAILQ_INSERT_TAIL(&submit_state.flying, s, entry);
		s->idle = s->settled = false;
		s->mt = mt;
		s->turn = ++submit_state.turn;
		return (s);
	}
	s = xcalloc(1, sizeof *s);
	s->mt = mt;
	s->turn = ++submit_state.turn;
	s->connection = evhttp_connection_base_new(web_base, NULL,
	    submit_state.host, submit_state.port);
	s->end = evtimer_new(web_base, submit_end, s);
	if (s->connection == NULL || s->end == NULL)
		fatal("out of memory: no connection to the aggregator");
	evhttp_connection_set_timeout(s->connection, SUBMIT_SECONDS);
	evhttp_connection_set_max_headers_size(s->connection,
	    SUBMIT_ANSWER_MAX);
	evhttp_connection_set_max_body_size(s->connection, SUBMIT_ANSWER_MAX);
	TAILQ_INSERT_TAIL(&submit_state.flying, s, entry);
	return (s);
}

/* With `filled` in the address or as the body, as it is configured. */
static void
submit_request(struct submit *s, const struct submit_word *words,
    const char *filled)
{
	struct evhttp_request *req = evhttp_request_new(submit_answered, s);
	const char *mark = strchr(submit_state.path, '?') != NULL ? "&" : "?";
	char *path = xasprintf("%s%s%s", submit_state.path,
	    web_settings.send_get ? mark : "",
	    web_settings.send_get ? filled : "");

	if (req == NULL)
		fatal("out of memory: no request to the aggregator");
	submit_headers(req, words);
	if (!web_settings.send_get)
		evbuffer_add(evhttp_request_get_output_buffer(req), filled,
		    strlen(filled));
	if (evhttp_make_request(s->connection, req, web_settings.send_get ?
	    EVHTTP_REQ_GET : EVHTTP_REQ_POST, path) == -1) {
		log_warn("mt=%lld no request could be made",
		    (long long)s->mt);
		submit_settle(s, "refused");
		submit_close(s);
	}
	free(path);
}

/* Where a peer on this machine says what became of the text. */
static char *
submit_report_address(const char *ref)
{
	char *secret = evhttp_encode_uri(web_settings.secret);
	char *address = xasprintf("http://%s/sms/%s/report?secret=%s&%s=%s",
	    web_settings.listen, web_settings.name,
	    secret != NULL ? secret : "", web_settings.report_id_field, ref);

	free(secret);
	return (address);
}

static void
submit_send(const json_t *msg)
{
	const char *to = link_msg_str(msg, "recipient");
	json_int_t mt = link_msg_int(msg, "mt");
	char *ref = xasprintf("%lld", (long long)mt);
	char *report = submit_report_address(ref), *filled;
	const struct submit_word words[] = { { "to", to },
	    { "digits", to + (to[0] == '+') },
	    { "text", link_msg_str(msg, "text") }, { "ref", ref },
	    { "coding", strcmp(link_msg_str(msg, "encoding"), "UCS2") == 0 ?
	    "2" : "0" }, { "report", report },
	    { "key", web_settings.send_key }, { NULL, NULL } };
	struct buf body = { 0 };

	submit_fill(&body, web_settings.send_body, words, false);
	filled = buf_str(&body);
	submit_request(submit_new(mt), words, filled);
	buf_clear(&body);
	free(report);
	free(ref);
}

void
submit_take(const json_t *msg)
{
	json_int_t segment = link_msg_int(msg, "segment");

	if (segment > 1)
		wire_submitted(link_msg_int(msg, "mt"), segment, "accepted");
	else if (web_settings.protocol == WEB_SMSSYNC)
		smssync_submit(msg);
	else if (submit_state.uri == NULL)
		wire_submitted(link_msg_int(msg, "mt"), segment, "refused");
	else
		submit_send(msg);
}
