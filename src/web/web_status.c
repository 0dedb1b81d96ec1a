/*
 * What an operator looks at: a page, the metrics, and in a word whether the
 * gateway is well. Runs in glas-web where it serves a [status NAME], called by
 * web_http.c. Owns what glasd told last and the requests that wait for news: a
 * request asks it, but once a second at most, and does not wait for longer than
 * two. A glasd that is silent is what there is to tell then.
 */
#include <sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <event2/http.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "show/metrics.h"
#include "show/page.h"
#include "show/status.h"
#include "sms/link_msg.h"
#include "web/web.h"
#include "web/web_http.h"
#include "web/web_status.h"
#include "web/web_wire.h"

#define STATUS_FRESH_MS	1000
#define STATUS_WAIT_MS	2000

struct status_asked {
	STAILQ_ENTRY(status_asked)	 entry;
	struct evhttp_request		*req;
	void				(*answer)(struct evhttp_request *);
};

static struct {
	json_t		*told;		/* as glasctl status --json; or NULL */
	json_t		*hours;
	int64_t		 told_ms;	/* clock_mono_ms */
	json_t		*pieces;	/* of what is being told; or NULL */
	bool		 asked;		/* and the end not heard yet */
	bool		 silent;	/* it did not answer in time */
	struct event	*patience;
	STAILQ_HEAD(, status_asked) waiting;
} status_state = { .waiting = STAILQ_HEAD_INITIALIZER(status_state.waiting) };

/*
 * Answers.
 */

static void
status_page(struct evhttp_request *req)
{
	const struct page_facts facts = { .status = status_state.told,
		.hours = status_state.hours, .silent = status_state.silent,
		.age_s = (clock_mono_ms() - status_state.told_ms) / 1000 };
	struct buf page = { 0 };

	page_write(&page, &facts);
	http_send(req, 200, PAGE_TYPE, buf_str(&page));
	buf_clear(&page);
}

static void
status_metrics(struct evhttp_request *req)
{
	struct buf text = { 0 };

	metrics_write(&text, status_state.silent ? NULL : status_state.told);
	http_send(req, 200, METRICS_TYPE, buf_str(&text));
	buf_clear(&text);
}

static bool
status_has_alert(const char *name)
{
	json_t *alert;
	size_t n;

	json_array_foreach(json_object_get(status_state.told, "alerts"), n,
	    alert) {
		if (strcmp(show_text(alert, "name"), name) == 0)
			return (true);
	}
	return (false);
}

/* Why it takes no texts, or cannot; NULL: it does. */
static const char *
status_down(void)
{
	if (status_state.silent)
		return ("glasd does not answer");
	if (status_has_alert("spool-failing"))
		return ("the disk of the spool refuses: texts are not taken");
	if (status_has_alert("spool-full"))
		return ("the disk of the spool is full: texts are not taken");
	if (status_has_alert("no-link"))
		return ("no link is configured: nobody is heard or answered");
	if (strcmp(show_text(status_state.told, "state"), "down") == 0)
		return ("no link is ready: nobody is heard or answered");
	return (NULL);
}

static void
status_name_alerts(struct buf *line)
{
	json_t *alert;
	size_t n;

	json_array_foreach(json_object_get(status_state.told, "alerts"), n,
	    alert) {
		const char *link = show_text(alert, "link");

		buf_printf(line, " %s%s%s", show_text(alert, "name"),
		    link[0] != '\0' ? "/" : "", link);
	}
	if (n == 0) {
		buf_add_str(line, " ");
		show_unready(line, status_state.told);
	}
}

/* What is degraded still takes texts: that is a matter for the operator, not
 * for whoever decides to start it anew or to send elsewhere. */
static void
status_health(struct evhttp_request *req)
{
	const char *down = status_down();
	struct buf line = { 0 };

	if (down != NULL) {
		buf_printf(&line, "down: %s\n", down);
	} else if (strcmp(show_text(status_state.told, "state"),
	    "well") == 0) {
		buf_add_str(&line, "ok\n");
	} else {
		buf_add_str(&line, "ok, degraded; texts are taken:");
		status_name_alerts(&line);
		buf_add_str(&line, "\n");
	}
	http_reply(req, down != NULL ? 503 : 200, buf_str(&line));
	buf_clear(&line);
}

static void
status_answer_all(void)
{
	struct status_asked *a;

	while ((a = STAILQ_FIRST(&status_state.waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&status_state.waiting, entry);
		a->answer(a->req);
		free(a);
	}
}

/*
 * What glasd tells.
 */

static void
status_end(void)
{
	json_decref(status_state.told);
	status_state.told = json_incref(json_object_get(status_state.pieces,
	    "gateway"));
	json_object_set(status_state.told, "links",
	    json_object_get(status_state.pieces, "link"));
	json_object_set(status_state.told, "alerts",
	    json_object_get(status_state.pieces, "alert"));
	json_decref(status_state.hours);
	status_state.hours = json_incref(json_object_get(status_state.pieces,
	    "hours"));
	json_decref(status_state.pieces);
	status_state.pieces = NULL;
	status_state.told_ms = clock_mono_ms();
	status_state.asked = false;
	status_state.silent = status_state.told == NULL;
	evtimer_del(status_state.patience);
	status_answer_all();
}

void
status_got(const json_t *msg)
{
	const char *part = link_msg_str(msg, "part");
	json_t *value = json_object_get(msg, "value");
	json_t *array;

	if (status_state.pieces == NULL)
		status_state.pieces = json_pack("{s:[], s:[]}", "link",
		    "alert");
	array = json_object_get(status_state.pieces, part);
	if (strcmp(part, "end") == 0)
		status_end();
	else if (json_is_array(array))
		json_array_append(array, value);
	else
		json_object_set(status_state.pieces, part, value);
}

static void
status_no_answer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	status_state.silent = true;
	status_answer_all();
}

/*
 * Requests.
 */

static void
status_ask(void)
{
	const struct timeval patience = { .tv_sec = STATUS_WAIT_MS / 1000 };

	if (!evtimer_pending(status_state.patience, NULL))
		evtimer_add(status_state.patience, &patience);
	if (status_state.asked)
		return;
	status_state.asked = true;
	wire_say(json_pack("{s:s}", "t", "look"));
}

static const struct {
	const char	*path;
	void		(*answer)(struct evhttp_request *);
} status_paths[] = {
	{ "/", status_page },
	{ "/metrics", status_metrics },
	{ "/healthz", status_health },
};

void
status_take(struct evhttp_request *req, const char *path)
{
	struct status_asked *a;
	size_t n = 0, count = sizeof status_paths / sizeof status_paths[0];

	while (n < count && strcmp(status_paths[n].path, path) != 0)
		n++;
	if (n == count) {
		http_reply(req, 404, "nothing is here\n");
		return;
	}
	if (!status_state.silent && status_state.told != NULL &&
	    clock_mono_ms() - status_state.told_ms < STATUS_FRESH_MS) {
		status_paths[n].answer(req);
		return;
	}
	a = xcalloc(1, sizeof *a);
	a->req = req;
	a->answer = status_paths[n].answer;
	STAILQ_INSERT_TAIL(&status_state.waiting, a, entry);
	status_ask();
}

void
status_init(void)
{
	status_state.patience = evtimer_new(web_base, status_no_answer, NULL);
	if (status_state.patience == NULL)
		fatal("out of memory: no timer for glasd");
}
