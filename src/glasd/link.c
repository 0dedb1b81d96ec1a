/*
 * The processes behind the links. Runs in glasd; owns them, their pipes and
 * timers. A link that breaks the protocol, stays silent past its deadline or
 * dies is hung up on, killed by its process id and started again with
 * back-off; that is the one path of recovery.
 */
#include <sys/queue.h>
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/link_program.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/record.h"
#include "lib/clock.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"
#include "lib/utf8.h"
#include "sms/link_msg.h"

#define LINK_HELLO_MS		10000
#define LINK_PING_MS		30000
#define LINK_PONG_MS		10000
#define LINK_STOP_MS		8000
#define LINK_BACKOFF_MIN_MS	500
#define LINK_BACKOFF_MAX_MS	60000
#define LINK_STEADY_MS		60000	/* up so long: back-off begins anew */
#define LINK_NACK_MS		2000
#define LINK_LISTING_DEATHS	2
#define LINK_READ_MAX		65536
#define LINK_ID_MAX		255	/* octets */
#define LINK_ACKS_MAX		32	/* a line: so many ids fit */
#define LINK_DETAIL_MAX		120	/* octets */
#define LINK_WORD_MAX		40
#define LINK_OUT_MAX		(4u << 20)

struct link {
	TAILQ_ENTRY(link)	 entry;
	struct links		*links;
	const struct config_link *config;
	enum link_state		 state;
	bool			 pause;
	bool			 remove;	/* not in the configuration */
	pid_t			 pid;		/* 0: no process to wait for */
	int			 in_fd;		/* its stdin */
	int			 out_fd;	/* its stdout */
	struct event		*readable;
	struct event		*writable;
	struct event		*timer;
	bool			 pinged;
	bool			 busy;
	int64_t			 up_at;
	int64_t			 backoff_ms;
	struct buf		 in;
	struct buf		 out;
	json_t			*acks;		/* ids of this pass */
	/* what it last said */
	char			*said;
	char			*detail;
	char			*operator_name;
	int			 signal_dbm, sim_used, sim_size;
	bool			 sandbox;
	bool			 pin_refused;
	unsigned int		 listing_deaths; /* in a row */
	int64_t			 seen_at;
	unsigned int		 received, sent, restarts, violations;
};

struct links {
	TAILQ_HEAD(, link)	 list;
	struct gateway		*gateway;
	struct event		*child;
	bool			 stopping;
	bool			 settled;	/* acks wait for this pass */
};

static void	 link_read(evutil_socket_t, short, void *);
static void	 link_write(evutil_socket_t, short, void *);

static void
link_after(struct link *l, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = (ms % 1000) * 1000 };

	evtimer_add(l->timer, &tv);
}

/* What a link says of itself, fit to be shown: whole characters, not many. */
static char *
link_words(const char *words, size_t max)
{
	struct buf b = { 0 };
	size_t len;
	char *s;

	utf8_visible(&b, words, strlen(words));
	for (len = b.len < max ? b.len : max; len != 0 && len < b.len &&
	    (b.data[len] & 0xc0) == 0x80; len--)
		;
	s = xstrndup(buf_str(&b), len);
	buf_clear(&b);
	return (s);
}

static void
link_say(struct link *l, const char *state, const char *detail)
{
	char *said = link_words(state, LINK_WORD_MAX);
	char *words = link_words(detail, LINK_DETAIL_MAX);
	bool changed = strcmp(l->said, said) != 0 ||
	    strcmp(l->detail, words) != 0;

	free(l->said);
	l->said = said;
	free(l->detail);
	l->detail = words;
	if (!changed)
		return;
	log_notice("link=%s state=%s detail=\"%s\"", l->config->name, l->said,
	    l->detail);
	database_links_changed(l->links->gateway->database);
}

static void
link_set_state(struct link *l, enum link_state state)
{
	static const struct {
		bool from[3];
	} moves[] = {
		[LINK_DOWN] = { { [LINK_STARTING] = true, [LINK_UP] = true } },
		[LINK_STARTING] = { { [LINK_DOWN] = true } },
		[LINK_UP] = { { [LINK_STARTING] = true } },
	};

	if (!moves[state].from[l->state])
		panic("link=%s cannot go from state %d to %d", l->config->name,
		    (int)l->state, (int)state);
	l->state = state;
}

/*
 * Starting.
 */

/* What the link is told. */
static json_t *
link_settings(const struct link *l)
{
	json_t *settings = link_program_settings(l->config, !l->pin_refused);

	/* Something in the store kills it: it reads without decoding. */
	if (l->listing_deaths >= LINK_LISTING_DEATHS)
		json_object_set_new(settings, "raw-listing",
		    json_string("yes"));
	return (settings);
}

static void
link_greet(struct link *l)
{
	link_send(l, json_pack("{s:s, s:i, s:s, s:o, s:i}", "t", "start",
	    "protocol", LINK_PROTOCOL, "name", l->config->name, "settings",
	    link_settings(l), "window", l->config->window));
}

static void
link_retry(struct link *l)
{
	link_after(l, l->backoff_ms);
	l->backoff_ms *= 2;
	if (l->backoff_ms > LINK_BACKOFF_MAX_MS)
		l->backoff_ms = LINK_BACKOFF_MAX_MS;
}

static void
link_start(struct link *l)
{
	const struct gateway *g = l->links->gateway;
	struct proc proc;

	if (link_program_start(g->config, l->config, &proc) == -1) {
		link_say(l, "down", "cannot be started");
		link_retry(l);
		return;
	}
	l->pid = proc.pid;
	l->in_fd = proc.in;
	l->out_fd = proc.out;
	link_set_state(l, LINK_STARTING);
	link_say(l, "starting", "");
	l->pinged = false;
	l->busy = false;
	l->readable = event_new(g->base, l->out_fd, EV_READ | EV_PERSIST,
	    link_read, l);
	l->writable = event_new(g->base, l->in_fd, EV_WRITE, link_write, l);
	if (l->readable == NULL || l->writable == NULL)
		fatal("out of memory: no events for a link");
	event_add(l->readable, NULL);
	link_greet(l);
	link_after(l, LINK_HELLO_MS);
}

/*
 * Stopping.
 */

/* The one way down. What it had in flight has no known outcome. */
static void
link_down(struct link *l, const char *why)
{
	event_free(l->readable);
	event_free(l->writable);
	l->readable = l->writable = NULL;
	close(l->in_fd);
	close(l->out_fd);
	evtimer_del(l->timer);
	if (l->pid != 0)
		kill(l->pid, SIGKILL);
	buf_reset(&l->in);
	buf_reset(&l->out);
	json_array_clear(l->acks);
	if (l->state == LINK_UP &&
	    clock_mono_ms() - l->up_at > LINK_STEADY_MS)
		l->backoff_ms = LINK_BACKOFF_MIN_MS;
	if (strcmp(l->said, "listing") == 0)
		l->listing_deaths++;
	link_set_state(l, LINK_DOWN);
	link_say(l, "down", why);
	l->restarts++;
	mt_link_down(l->links->gateway->mt, l);
	if (!l->links->stopping && !l->remove)
		link_retry(l);
}

/* It broke the protocol or a deadline. */
void
link_hangup(struct link *l, const char *why)
{
	l->violations++;
	log_warn("link=%s hung up on: %s", l->config->name, why);
	link_down(l, why);
}

static void
link_timer(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;

	(void)fd;
	(void)what;
	switch (l->state) {
	case LINK_DOWN:
		if (l->pid != 0)	/* not buried yet */
			link_retry(l);
		else
			link_start(l);
		break;
	case LINK_STARTING:
		link_hangup(l, "no hello");
		break;
	case LINK_UP:
		if (l->links->stopping || l->remove) {
			link_down(l, "stopped");
		} else if (l->busy || l->pinged) {
			link_hangup(l, l->busy ? "hangs" : "no pong");
		} else {
			l->pinged = true;
			link_send(l, json_pack("{s:s}", "t", "ping"));
			link_after(l, LINK_PONG_MS);
		}
		break;
	}
}

static void
links_child(evutil_socket_t sig, short what, void *arg)
{
	struct links *links = arg;
	struct link *l;
	char words[PROC_WORDS];
	pid_t pid;
	int status;

	(void)sig;
	(void)what;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		proc_describe(status, words);
		TAILQ_FOREACH(l, &links->list, entry) {
			if (l->pid == pid)
				break;
		}
		log_info("link=%s pid=%d ended: %s",
		    l != NULL ? l->config->name : "", (int)pid, words);
		/* Its last words may still be in the pipe: the end of file
		 * brings it down. */
		if (l != NULL)
			l->pid = 0;
	}
}

/*
 * Reading.
 */

static void
link_got_hello(struct link *l, const json_t *msg)
{
	if (l->state != LINK_STARTING ||
	    link_msg_int(msg, "protocol") != LINK_PROTOCOL) {
		link_hangup(l, "hello out of place or of another protocol");
		return;
	}
	link_set_state(l, LINK_UP);
	l->up_at = clock_mono_ms();
}

static void
link_got_state(struct link *l, const json_t *msg)
{
	const json_t *value;

	if ((value = json_object_get(msg, "signal_dbm")) != NULL)
		l->signal_dbm = (int)json_integer_value(value);
	if ((value = json_object_get(msg, "sim_used")) != NULL)
		l->sim_used = (int)json_integer_value(value);
	if ((value = json_object_get(msg, "sim_size")) != NULL)
		l->sim_size = (int)json_integer_value(value);
	if ((value = json_object_get(msg, "operator")) != NULL) {
		free(l->operator_name);
		l->operator_name = link_words(json_string_value(value),
		    LINK_WORD_MAX);
	}
	if ((value = json_object_get(msg, "sandbox")) != NULL)
		l->sandbox = json_is_true(value);
	if (strcmp(link_msg_str(msg, "state"), "ready") == 0)
		l->listing_deaths = 0;
	if (strcmp(link_msg_str(msg, "detail"), "pin-refused") == 0)
		l->pin_refused = true;
	link_say(l, link_msg_str(msg, "state"), link_msg_str(msg, "detail"));
	mt_link_ready(l->links->gateway->mt, l);
}

static void
link_got_busy(struct link *l, const json_t *msg)
{
	json_int_t ms = link_msg_int(msg, "deadline_ms");

	l->busy = true;
	link_after(l, ms < 0 || ms > 600000 ? 600000 : ms);
}

static void
link_got_nothing(struct link *l, const json_t *msg)
{
	(void)l;
	(void)msg;
}

/* The link keeps its copy until the ack at the end of this pass. */
static void
link_owe_ack(struct link *l, const json_t *msg)
{
	json_array_append(l->acks, json_object_get(msg, "id"));
	l->links->settled = false;
}

static void
link_got_mo(struct link *l, const json_t *msg)
{
	l->received++;
	if (mo_receive(l->links->gateway, l->config->name, msg) == -1)
		link_hangup(l, "mo with a field that cannot be");
	else
		link_owe_ack(l, msg);
}

static void
link_got_raw(struct link *l, const json_t *msg)
{
	l->received++;
	if (mo_receive_raw(l->links->gateway, l->config->name, msg) == -1)
		link_hangup(l, "raw with a field that cannot be");
	else
		link_owe_ack(l, msg);
}

static void
link_got_call(struct link *l, const json_t *msg)
{
	mo_receive_call(l->links->gateway, l->config->name, msg);
	link_owe_ack(l, msg);
}

static void
link_got_submitted(struct link *l, const json_t *msg)
{
	if (mt_submitted(l->links->gateway->mt, l, msg) == -1)
		link_hangup(l, "submitted for what it was not given");
	else
		link_owe_ack(l, msg);
}

static void
link_got_report(struct link *l, const json_t *msg)
{
	mt_status_report(l->links->gateway->mt, l, msg);
	link_owe_ack(l, msg);
}

static void
link_got_ussd(struct link *l, const json_t *msg)
{
	log_info("link=%s ussd=answered", l->config->name);
	link_owe_ack(l, msg);
}

static void (*const link_got[])(struct link *, const json_t *) = {
	[LINK_MSG_HELLO] = link_got_hello,
	[LINK_MSG_STATE] = link_got_state,
	[LINK_MSG_BUSY] = link_got_busy,
	[LINK_MSG_PONG] = link_got_nothing,
	[LINK_MSG_MO] = link_got_mo,
	[LINK_MSG_RAW] = link_got_raw,
	[LINK_MSG_CALL] = link_got_call,
	[LINK_MSG_SUBMITTED] = link_got_submitted,
	[LINK_MSG_STATUS_REPORT] = link_got_report,
	[LINK_MSG_USSD_RESULT] = link_got_ussd,
};

static void
link_got_message(struct link *l, const json_t *msg)
{
	unsigned int extra;
	const char *why;
	enum link_msg_type type = link_msg_check(msg, LINK_MSG_FROM_LINK, &why,
	    &extra);

	if (type == LINK_MSG_TYPES || type >= sizeof link_got /
	    sizeof link_got[0] || link_got[type] == NULL) {
		link_hangup(l, why != NULL ? why : "not a message of a link");
		return;
	}
	if (l->state == LINK_STARTING && type != LINK_MSG_HELLO) {
		link_hangup(l, "hello must come first");
		return;
	}
	if (strlen(link_msg_str(msg, "id")) > LINK_ID_MAX) {
		link_hangup(l, "an id that is too long");
		return;
	}
	l->seen_at = clock_wall_us();
	l->busy = false;
	l->pinged = false;
	if (l->state == LINK_UP && !l->links->stopping && !l->remove)
		link_after(l, LINK_PING_MS);
	link_got[type](l, msg);
}

static void
link_read(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	char chunk[LINK_READ_MAX];
	ssize_t n = read(fd, chunk, sizeof chunk);
	enum jsonl_got got;
	json_t *msg;

	(void)what;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		link_down(l, "ended");
		return;
	}
	buf_add(&l->in, chunk, (size_t)n);
	while ((got = jsonl_take(&l->in, &msg)) == JSONL_OBJECT) {
		link_got_message(l, msg);
		json_decref(msg);
		if (l->state == LINK_DOWN)
			return;
	}
	if (got == JSONL_BAD)
		link_hangup(l, "not a line of JSON");
}

/*
 * Writing.
 */

static void
link_write(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	ssize_t n = write(fd, l->out.data, l->out.len);

	(void)what;
	if (n > 0)
		buf_drain(&l->out, (size_t)n);
	else if (n == -1 && errno != EAGAIN && errno != EINTR)
		return;		/* the end of file on its stdout follows */
	if (l->out.len != 0)
		event_add(l->writable, NULL);
}

void
link_send(struct link *l, json_t *msg)
{
	if (msg == NULL)
		panic("link=%s a message could not be made", l->config->name);
	if (l->state != LINK_DOWN) {
		if (jsonl_add(&l->out, msg) == -1)
			panic("link=%s a message is too long", l->config->name);
	}
	json_decref(msg);
}

static void
link_answer_some(struct link *l, json_t *ids, bool durable)
{
	if (durable)
		link_send(l, json_pack("{s:s, s:o}", "t", "ack", "ids", ids));
	else
		link_send(l, json_pack("{s:s, s:o, s:i}", "t", "nack", "ids",
		    ids, "wait_ms", LINK_NACK_MS));
}

static void
link_answer(struct link *l, bool durable)
{
	json_t *ids = json_array(), *id;
	size_t n;

	json_array_foreach(l->acks, n, id) {
		json_array_append(ids, id);
		if (json_array_size(ids) == LINK_ACKS_MAX) {
			link_answer_some(l, ids, durable);
			ids = json_array();
		}
	}
	if (json_array_size(ids) != 0)
		link_answer_some(l, ids, durable);
	else
		json_decref(ids);
	json_array_clear(l->acks);
}

void
links_answer(struct links *links, bool durable)
{
	struct link *l;

	if (links->settled)
		return;
	links->settled = true;
	TAILQ_FOREACH(l, &links->list, entry) {
		link_answer(l, durable);
		if (l->out.len > LINK_OUT_MAX)
			link_hangup(l, "does not read what it is told");
	}
}

/* Without waiting to be told that there is room: there nearly always is. */
void
links_flush(struct links *links)
{
	struct link *l;

	TAILQ_FOREACH(l, &links->list, entry) {
		if (l->state != LINK_DOWN && l->out.len != 0)
			link_write(l->in_fd, EV_WRITE, l);
	}
}

/*
 * The list.
 */

static struct link *
link_new(struct links *links, const struct config_link *config)
{
	struct link *l = xcalloc(1, sizeof *l);

	l->links = links;
	l->config = config;
	l->said = xstrdup("down");
	l->detail = xstrdup("");
	l->operator_name = xstrdup("");
	l->acks = json_array();
	l->backoff_ms = LINK_BACKOFF_MIN_MS;
	l->sandbox = true;
	l->timer = evtimer_new(links->gateway->base, link_timer, l);
	if (l->timer == NULL)
		fatal("out of memory: no timer for a link");
	TAILQ_INSERT_TAIL(&links->list, l, entry);
	return (l);
}

static void
link_free(struct link *l)
{
	TAILQ_REMOVE(&l->links->list, l, entry);
	if (l->readable != NULL) {
		event_free(l->readable);
		event_free(l->writable);
		close(l->in_fd);
		close(l->out_fd);
	}
	if (l->pid != 0)
		kill(l->pid, SIGKILL);
	event_free(l->timer);
	buf_clear(&l->in);
	buf_clear(&l->out);
	json_decref(l->acks);
	free(l->said);
	free(l->detail);
	free(l->operator_name);
	free(l);
}

struct links *
links_new(struct gateway *g)
{
	struct links *links = xcalloc(1, sizeof *links);

	TAILQ_INIT(&links->list);
	links->gateway = g;
	links->settled = true;
	links->child = evsignal_new(g->base, SIGCHLD, links_child, links);
	if (links->child == NULL)
		fatal("out of memory: no signal event");
	evsignal_add(links->child, NULL);
	for (size_t n = 0; n < g->config->link_count; n++)
		link_new(links, &g->config->links[n]);
	return (links);
}

void
links_start(struct links *links)
{
	struct link *l;

	TAILQ_FOREACH(l, &links->list, entry) {
		if (l->state == LINK_DOWN)
			link_start(l);
	}
}

static void
link_ask_stop(struct link *l)
{
	if (l->state == LINK_DOWN) {
		evtimer_del(l->timer);
		return;
	}
	link_send(l, json_pack("{s:s}", "t", "stop"));
	link_after(l, LINK_STOP_MS);
}

void
links_stop(struct links *links)
{
	struct link *l;

	links->stopping = true;
	TAILQ_FOREACH(l, &links->list, entry)
		link_ask_stop(l);
}

bool
links_stopped(const struct links *links)
{
	const struct link *l;

	TAILQ_FOREACH(l, &links->list, entry) {
		if (l->state != LINK_DOWN)
			return (false);
	}
	return (true);
}

void
links_free(struct links *links)
{
	struct link *l;

	if (links == NULL)
		return;
	while ((l = TAILQ_FIRST(&links->list)) != NULL)
		link_free(l);
	event_free(links->child);
	free(links);
}

static bool
link_config_equal(const struct config_link *a, const struct config_link *b)
{
	const char *x = a->command != NULL ? a->command : "";
	const char *y = b->command != NULL ? b->command : "";

	return (a->kind == b->kind && a->window == b->window &&
	    a->rate == b->rate && a->report == b->report &&
	    strcmp(x, y) == 0 && json_equal(a->settings, b->settings));
}

static const struct config_link *
links_config(const struct config *config, const char *name)
{
	for (size_t n = 0; n < config->link_count; n++) {
		if (strcmp(config->links[n].name, name) == 0)
			return (&config->links[n]);
	}
	return (NULL);
}

void
links_reload(struct links *links)
{
	const struct config *config = links->gateway->config;
	struct link *l, *next;

	for (l = TAILQ_FIRST(&links->list); l != NULL; l = next) {
		const struct config_link *c = links_config(config,
		    l->config->name);
		bool same = c != NULL && link_config_equal(c, l->config);

		next = TAILQ_NEXT(l, entry);
		if (c == NULL) {
			if (l->state != LINK_DOWN)
				link_down(l, "not in the configuration");
			mt_link_gone(links->gateway->mt, l);
			link_free(l);
			continue;
		}
		l->config = c;
		if (!same) {
			l->pin_refused = false;
			l->backoff_ms = LINK_BACKOFF_MIN_MS;
			if (l->state != LINK_DOWN)
				link_down(l, "new configuration");
		}
	}
	for (size_t n = 0; n < config->link_count; n++) {
		if (links_find(links, config->links[n].name) == NULL)
			link_start(link_new(links, &config->links[n]));
	}
}

struct link *
links_find(struct links *links, const char *name)
{
	struct link *l;

	TAILQ_FOREACH(l, &links->list, entry) {
		if (strcmp(l->config->name, name) == 0)
			break;
	}
	return (l);
}

struct link *
links_next(struct links *links, struct link *l)
{
	return (l == NULL ? TAILQ_FIRST(&links->list) : TAILQ_NEXT(l, entry));
}

const char *
link_name(const struct link *l)
{
	return (l->config->name);
}

const struct config_link *
link_config(const struct link *l)
{
	return (l->config);
}

bool
link_ready(const struct link *l)
{
	return (l->state == LINK_UP && !l->pause && !l->links->stopping &&
	    (strcmp(l->said, "ready") == 0 || strcmp(l->said, "listing") == 0));
}

void
link_pause(struct link *l, bool pause)
{
	l->pause = pause;
	log_notice("link=%s pause=%s", l->config->name, pause ? "yes" : "no");
	database_links_changed(l->links->gateway->database);
	if (!pause)
		mt_link_ready(l->links->gateway->mt, l);
}

void
link_view(struct link *l, struct link_view *view, bool reset)
{
	*view = (struct link_view){ .name = l->config->name,
		.kind = link_kind_name(l->config->kind),
		.state = l->pause && l->state == LINK_UP ? "paused" : l->said,
		.detail = l->detail, .signal_dbm = l->signal_dbm,
		.operator_name = l->operator_name, .sim_used = l->sim_used,
		.sim_size = l->sim_size, .seen_at = l->seen_at,
		.received = l->received, .sent = l->sent,
		.restarts = l->restarts, .violations = l->violations,
		.sandbox = l->sandbox };
	if (reset)
		l->received = l->sent = 0;
}

void
link_count_sent(struct link *l)
{
	l->sent++;
}
