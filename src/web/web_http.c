/*
 * The HTTP server. Runs in glas-web, called by the event loop for each whole
 * request that came through the gate. Owns the listener. What the library is
 * lenient about and shows is refused here; each connection carries one request
 * and is closed, so that no octet of a body can be read as the next one.
 */
#include <sys/queue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "show/page.h"
#include "web/web.h"
#include "web/web_fields.h"
#include "web/web_gate.h"
#include "web/web_http.h"
#include "web/web_refused.h"
#include "web/web_sms.h"
#include "web/web_smssync.h"
#include "web/web_status.h"
#include "web/web_ussd.h"

#define HTTP_HEAD_MAX	16384	/* a long text may stand in the address */

#define TOKEN "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* No comma, by which a list of two is made one. */
#define HOST "!$%&'()*+-.:;=[]_~0123456789abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The library would send a body that was not asked for. */
static void
http_body(struct evhttp_request *req, struct evkeyvalq *headers,
    struct evbuffer *body, const char *text)
{
	char length[24];

	if (evhttp_request_get_command(req) != EVHTTP_REQ_HEAD) {
		evbuffer_add(body, text, strlen(text));
		return;
	}
	snprintf(length, sizeof length, "%zu", strlen(text));
	evhttp_add_header(headers, "Content-Length", length);
}

void
http_reply(struct evhttp_request *req, int code, const char *text)
{
	http_send(req, code, "text/plain; charset=utf-8", text);
}

void
http_send(struct evhttp_request *req, int code, const char *type,
    const char *text)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct evbuffer *body = evbuffer_new();

	if (body == NULL)
		fatal("out of memory: no answer to a request");
	evhttp_add_header(headers, "Content-Type", type);
	evhttp_add_header(headers, "Cache-Control", "no-store");
	/* The secret may stand in the address. */
	evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "Content-Security-Policy", PAGE_POLICY);
	evhttp_add_header(headers, "Connection", "close");
	/* It is answered by the version of the request. */
	if (code == 505)
		req->major = req->minor = 1;
	/* After a CONNECT the library never closes. */
	if (req->type == EVHTTP_REQ_CONNECT)
		req->type = EVHTTP_REQ_GET;
	if (code == 503)
		evhttp_add_header(headers, "Retry-After", "2");
	http_body(req, headers, body, text);
	evhttp_send_reply(req, code, NULL, body);
	evbuffer_free(body);
}

void
http_reply_json(struct evhttp_request *req, int code, json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);

	if (text == NULL)
		panic("an answer that is no JSON");
	http_send(req, code, "application/json; charset=utf-8", text);
	free(text);
	json_decref(answer);
}

/*
 * Who may.
 */

/* In a time that does not tell how much of it is right. */
bool
http_secret_is(const char *given)
{
	const char *secret = web_settings.secret;
	size_t len = strlen(secret), given_len = strlen(given);
	unsigned char differs = len != given_len;

	for (size_t i = 0; i < len; i++)
		differs |= (unsigned char)(secret[i] ^
		    (i < given_len ? given[i] : 0));
	return (differs == 0);
}

bool
http_secret_given(struct evhttp_request *req)
{
	const char *value = evhttp_find_header(
	    evhttp_request_get_input_headers(req), "X-Glas-Secret");
	json_t *fields;
	bool right;

	if (web_settings.secret[0] == '\0')
		return (true);
	if (value != NULL)
		return (http_secret_is(value));
	value = evhttp_find_header(evhttp_request_get_input_headers(req),
	    "Authorization");
	if (value != NULL && strncmp(value, "Bearer ", 7) == 0)
		return (http_secret_is(value + 7));
	fields = fields_query(req);
	value = json_string_value(json_object_get(fields, "secret"));
	right = value != NULL && http_secret_is(value);
	json_decref(fields);
	return (right);
}

void
http_refuse(struct evhttp_request *req, int code, const char *text)
{
	refused_note(text, gate_allows(req) &&
	    http_secret_given(req));
	http_reply(req, code, text);
}

/*
 * What is no proper request.
 */

struct http_seen {
	unsigned int	 lengths, hosts, codings;
	bool		 odd;
};

static struct http_seen
http_headers(struct evhttp_request *req)
{
	struct http_seen seen = { 0 };
	const struct evkeyval *h;

	TAILQ_FOREACH(h, evhttp_request_get_input_headers(req), next) {
		if (h->key[0] == '\0' ||
		    h->key[strspn(h->key, TOKEN)] != '\0')
			seen.odd = true;
		if (evutil_ascii_strcasecmp(h->key, "Content-Length") == 0) {
			seen.lengths++;
			if (h->value[0] == '\0' ||
			    h->value[strspn(h->value, "0123456789")] != '\0')
				seen.odd = true;
		}
		if (evutil_ascii_strcasecmp(h->key, "Host") == 0) {
			seen.hosts++;
			if (h->value[strspn(h->value, HOST)] != '\0')
				seen.odd = true;
		}
		seen.codings += evutil_ascii_strcasecmp(h->key,
		    "Transfer-Encoding") == 0;
	}
	return (seen);
}

/* What whoever sends such requests is to mend. */
static const char *
http_refusal(int code)
{
	return (code == 411 ? "a Content-Length is wanted, and no chunks: "
	    "a proxy that buffers requests makes it\n" :
	    code == 501 ? "no proxy is here: GET or POST it\n" :
	    code == 505 ? "HTTP/1.0 or HTTP/1.1 is wanted\n" :
	    "no proper request: its head is not as HTTP has it\n");
}

/* An address of another server, or one that others read as that, is for a
 * proxy. */
static bool
http_is_for_proxy(struct evhttp_request *req)
{
	const char *uri = evhttp_request_get_uri(req);

	return (uri[0] != '/' || uri[1] == '/' || strchr(uri, '#') != NULL);
}

/* The status that refuses it, or 0. */
static int
http_refused(struct evhttp_request *req)
{
	struct http_seen seen = http_headers(req);

	if (evhttp_request_get_command(req) == EVHTTP_REQ_CONNECT)
		return (501);
	if (req->major != 1 || req->minor < 0 || req->minor > 1)
		return (505);
	if (!gate_passes(req) || http_is_for_proxy(req) || seen.odd ||
	    seen.lengths > 1 || seen.hosts > 1 ||
	    (seen.hosts == 0 && req->minor == 1))
		return (400);
	if (seen.codings != 0)
		return (411);	/* what is sent here has a length */
	if (evhttp_request_get_command(req) == EVHTTP_REQ_POST &&
	    seen.lengths == 0)
		return (411);
	return (0);
}

/*
 * Where it goes.
 */

static const struct http_route {
	const char	*before;
	const char	*after;		/* the name of the section stands
					   between them; NULL: nothing does */
	void		(*take)(struct evhttp_request *, const json_t *);
	enum web_protocol protocol;
	bool		 get;		/* whatever the configuration says */
	bool		 asks;		/* for the secret itself */
} http_routes[] = {
	{ "/sms/", "", sms_take, WEB_AGGREGATOR, false, false },
	{ "/sms/", "/report", sms_report, WEB_AGGREGATOR, false, false },
	{ "/smssync/", "", smssync_take, WEB_SMSSYNC, true, true },
	{ "/ussd", NULL, ussd_take, WEB_AGGREGATOR, false, false },
	{ "/ussd/end", NULL, ussd_take_end, WEB_AGGREGATOR, false, false },
	{ "/ussd.json", NULL, ussd_take_json, WEB_AGGREGATOR, false, false },
};

static const struct http_route *
http_route_find(const char *path)
{
	for (size_t n = 0; n < sizeof http_routes / sizeof http_routes[0];
	    n++) {
		const struct http_route *r = &http_routes[n];
		size_t before = strlen(r->before);
		size_t name = strlen(web_settings.name);

		if (r->protocol != web_settings.protocol)
			continue;
		if (r->after == NULL) {
			if (strcmp(path, r->before) == 0)
				return (r);
			continue;
		}
		if (strncmp(path, r->before, before) == 0 &&
		    strncmp(path + before, web_settings.name, name) == 0 &&
		    strcmp(path + before + name, r->after) == 0)
			return (r);
	}
	return (NULL);
}

static bool
http_method_is_of(struct evhttp_request *req, const struct http_route *route)
{
	return (evhttp_request_get_command(req) == EVHTTP_REQ_POST ||
	    route->get || web_settings.get);
}

static void
http_give(struct evhttp_request *req, const struct http_route *route)
{
	json_t *fields = fields_given(req);

	if (fields == NULL)
		http_refuse(req, 400, "neither a form nor a valid JSON "
		    "object: say in Content-Type which it is\n");
	else
		route->take(req, fields);
	json_decref(fields);
}

/* Of who knocks at what is no door, looks behind one, or has neither the secret
 * nor an address that is allowed, nothing is told; nor where no text is taken. */
static void
http_turn_away(struct evhttp_request *req, const struct http_route *route,
    int code, const char *text)
{
	if (route != NULL && !web_settings.status &&
	    http_method_is_of(req, route) &&
	    (gate_allows(req) || http_secret_given(req)))
		http_refuse(req, code, text);
	else
		http_reply(req, code, text);
}

static void
http_take(struct evhttp_request *req, void *arg)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
	const char *path = evhttp_uri_get_path(uri);
	const struct http_route *route = http_route_find(path);
	int code = http_refused(req);

	(void)arg;
	if (code != 0)
		http_turn_away(req, route, code, http_refusal(code));
	else if (strcmp(path, "/healthz") == 0 && !web_settings.status)
		http_reply(req, 200, "ok\n");
	else if (!gate_allows(req) ||
	    !((route != NULL && route->asks) || http_secret_given(req)))
		http_turn_away(req, route, 403, "not for you: no right "
		    "secret, or no address that is allowed\n");
	else if (web_settings.status &&
	    evhttp_request_get_command(req) == EVHTTP_REQ_POST)
		http_reply(req, 405, "GET it\n");
	else if (web_settings.status)
		status_take(req, path);
	else if (route == NULL)
		http_refuse(req, 404, "nothing is here\n");
	else if (!http_method_is_of(req, route))
		http_refuse(req, 405, "POST it\n");
	else
		http_give(req, route);
}

int
http_listen(void)
{
	struct evhttp *http = evhttp_new(web_base);
	char *address = xstrdup(web_settings.listen);
	char *colon = strrchr(address, ':');
	char *host = address[0] == '[' ? address + 1 : address;
	struct evhttp_bound_socket *bound;

	if (http == NULL || colon == NULL)
		fatal("out of memory, or no address to listen on");
	*colon = '\0';
	host[strcspn(host, "]")] = '\0';
	evhttp_set_max_headers_size(http, HTTP_HEAD_MAX);
	evhttp_set_max_body_size(http, web_settings.body_max);
	evhttp_set_timeout(http, web_settings.seconds);
	/* CONNECT, to be refused here. */
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST |
	    EVHTTP_REQ_CONNECT |
	    (web_settings.status ? EVHTTP_REQ_HEAD : 0));
	evhttp_set_gencb(http, http_take, NULL);
	bound = evhttp_bind_socket_with_handle(http, host,
	    (uint16_t)strtoul(colon + 1, NULL, 10));
	free(address);
	if (bound == NULL)
		return (-1);
	gate_set(http, bound);
	return (0);
}
