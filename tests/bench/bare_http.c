/*
 * The least that a service of Kannel does to store texts, to measure glas-web
 * and glasd against: with each request the rows of one text are inserted,
 * through libpq's pipeline, and when they are committed, the answer is the
 * reply. Each text is one transaction; or, together, all that came while the
 * last one was committed. The rows are in memory.
 *
 * usage: bare_http CONNINFO FILE PORT REPLY each|together TABLE...
 *
 * FILE: bare_rows.c. Listens on 127.0.0.1, until it is killed.
 */
#include <sys/queue.h>
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include "bare_rows.h"

/* A request whose transaction is under way; they end in their order. */
struct bare_request {
	TAILQ_ENTRY(bare_request)	 entry;
	struct evhttp_request		*req;
	bool				 last;	/* of its transaction */
};

static struct {
	TAILQ_HEAD(bare_list, bare_request) waiting;
	struct event			*writable;
	bool				 together;
	bool				 committing;	/* some together */
	bool				 more;	/* sent since then */
	const char			*reply;
	size_t				 next;
} http = { .waiting = TAILQ_HEAD_INITIALIZER(http.waiting) };

static void
http_flush(void)
{
	int left = PQflush(bare.conn);

	if (left == -1)
		errx(1, "%s", PQerrorMessage(bare.conn));
	if (left == 1)
		event_add(http.writable, NULL);
}

static void
http_answer(struct evhttp_request *req)
{
	struct evbuffer *body = evbuffer_new();

	evhttp_add_header(evhttp_request_get_output_headers(req),
	    "Content-Type", "text/plain; charset=utf-8");
	evbuffer_add(body, http.reply, strlen(http.reply));
	evhttp_send_reply(req, 200, NULL, body);
	evbuffer_free(body);
}

static void
http_commit(void)
{
	http.committing = true;
	http.more = false;
	TAILQ_LAST(&http.waiting, bare_list)->last = true;
	if (PQpipelineSync(bare.conn) == 0)
		errx(1, "%s", PQerrorMessage(bare.conn));
	http_flush();
}

static void
http_committed(void)
{
	struct bare_request *r;
	bool last = false;

	http.committing = false;
	if (http.more)
		http_commit();
	while (!last && (r = TAILQ_FIRST(&http.waiting)) != NULL) {
		TAILQ_REMOVE(&http.waiting, r, entry);
		last = r->last;
		http_answer(r->req);
		free(r);
	}
}

static void
http_results(evutil_socket_t fd, short what, void *arg)
{
	PGresult *res;

	(void)fd;
	(void)what;
	(void)arg;
	if (PQconsumeInput(bare.conn) == 0)
		errx(1, "%s", PQerrorMessage(bare.conn));
	while (!PQisBusy(bare.conn) && !TAILQ_EMPTY(&http.waiting)) {
		res = PQgetResult(bare.conn);
		if (res == NULL)
			continue;
		if (PQresultStatus(res) != PGRES_PIPELINE_SYNC) {
			bare_check(res, PGRES_COMMAND_OK);
			continue;
		}
		PQclear(res);
		http_committed();
	}
}

static void
http_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	http_flush();
}

static void
http_request(struct evhttp_request *req, void *arg)
{
	struct bare_request *r = calloc(1, sizeof *r);

	(void)arg;
	if (r == NULL || http.next == bare.text_count)
		errx(1, "no more texts");
	r->req = req;
	TAILQ_INSERT_TAIL(&http.waiting, r, entry);
	bare_send(&bare.texts[http.next++]);
	http.more = true;
	if (!http.together || !http.committing)
		http_commit();
}

int
main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evhttp *server = evhttp_new(base);
	struct event *readable;

	if (argc < 7)
		errx(1, "usage: bare_http CONNINFO FILE PORT REPLY "
		    "each|together TABLE...");
	bare_init(argv[1], argv[2], argv + 6, argc - 6);
	http.together = strcmp(argv[5], "together") == 0;
	PQsetnonblocking(bare.conn, 1);
	http.reply = argv[4];
	readable = event_new(base, PQsocket(bare.conn), EV_READ | EV_PERSIST,
	    http_results, NULL);
	http.writable = event_new(base, PQsocket(bare.conn), EV_WRITE,
	    http_writable, NULL);
	event_add(readable, NULL);
	evhttp_set_gencb(server, http_request, NULL);
	if (evhttp_bind_socket(server, "127.0.0.1",
	    (uint16_t)strtoul(argv[3], NULL, 10)) == -1)
		errx(1, "port %s is taken", argv[3]);
	return (event_base_dispatch(base) == 0 ? 0 : 1);
}
