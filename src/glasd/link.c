/*
 * The process behind a link, its pipes and its timer. Runs in glasd. A link
 * that breaks the protocol, stays silent past its deadline or dies is hung up
 * on, killed by its process id and started again with back-off; that is the one
 * path of recovery.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link_private.h"
#include "glasd/link_program.h"
#include "glasd/mt.h"
#include "glasd/session.h"
#include "lib/clock.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"
#include "sms/link_msg.h"

#define LINK_HELLO_MS		10000
#define LINK_PONG_MS		10000
#define LINK_STOP_MS		8000
#define LINK_READ_MAX		65536

static void	 link_read(evutil_socket_t, short, void *);
static void	 link_write(evutil_socket_t, short, void *);

void
link_after(struct link *l, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = (ms % 1000) * 1000 };

	evtimer_add(l->timer, &tv);
}

void
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
link_settings(struct link *l)
{
	json_t *settings = json_deep_copy(l->config->settings);

	if (settings == NULL)
		fatal("out of memory: settings of a link");
	link_pin_give(&l->pin, l->links->gateway, l->config, settings);
	ladder_settings(&l->ladder, settings);
	return (settings);
}

static void
link_greet(struct link *l)
{
	link_send(l, json_pack("{s:s, s:i, s:s, s:s, s:o, s:i}", "t", "start",
	    "protocol", LINK_PROTOCOL, "name", l->config->name, "kind",
	    link_kind_name(l->config->kind), "settings", link_settings(l),
	    "window", l->config->window));
}

static void
link_retry(struct link *l)
{
	link_after(l, ladder_wait(&l->ladder, l->config->back_off_ms));
}

void
link_start(struct link *l)
{
	const struct gateway *g = l->links->gateway;
	struct proc proc;

	/* Before it reads them: what changes meanwhile counts as changed. */
	free(l->secrets);
	l->secrets = link_program_secrets(l->config);
	if (l->holder != NULL) {
		link_say(l, "down", "name-held");
		return;
	}
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
	l->was_ready = false;
	l->started_ms = clock_mono_ms();
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

/* The process and its pipes, where there are any. */
static void
link_cut(struct link *l)
{
	if (l->readable != NULL) {
		event_free(l->readable);
		event_free(l->writable);
		l->readable = l->writable = NULL;
		close(l->in_fd);
		close(l->out_fd);
	}
	if (l->pid != 0)
		kill(l->pid, SIGKILL);
}

static void
link_fell(struct link *l)
{
	const struct link_fall fall = { .state = l->said,
		.detail = l->detail, .busy = l->busy,
		.up_ms = l->state == LINK_UP ? clock_mono_ms() - l->up_at :
		    0 };

	if (l->links->stopping)
		return;
	ladder_fell(&l->ladder, &fall);
	if (l->was_ready)
		link_recent_note(&l->falls);
}

void
link_down(struct link *l, const char *why)
{
	evtimer_del(l->timer);
	link_cut(l);
	buf_reset(&l->in);
	buf_reset(&l->out);
	link_acks_reset(&l->acks);
	link_fell(l);
	link_set_state(l, LINK_DOWN);
	/* What it said itself of why it leaves tells more. */
	if (strcmp(l->said, "down") != 0)
		link_say(l, "down", why);
	l->restarts++;
	mt_link_down(l->links->gateway->mt, l);
	sessions_link_down(l->links->gateway->sessions, l);
	if (!l->links->stopping && l->holder == NULL)
		link_retry(l);
}

/* Past a deadline: what is behind it hangs, or it does. */
static void
link_overdue(struct link *l, const char *why)
{
	l->violations++;
	log_warn("link=%s hung up on: %s", l->config->name, why);
	link_down(l, why);
}

void
link_hangup(struct link *l, const char *why)
{
	link_recent_note(&l->breaches);
	free(l->breach);
	l->breach = xstrdup(why);
	link_overdue(l, why);
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
		link_overdue(l, "no hello");
		break;
	case LINK_UP:
		if (l->links->stopping) {
			link_down(l, "stopped");
		} else if (l->busy || l->pinged) {
			link_overdue(l, l->busy ? "hangs" : "no pong");
		} else {
			l->pinged = true;
			link_send(l, json_pack("{s:s}", "t", "ping"));
			link_after(l, clock_limit_ms("GLAS_LINK_PONG_MS",
			    LINK_PONG_MS));
		}
		break;
	}
}

void
link_ask_stop(struct link *l)
{
	if (l->state == LINK_DOWN) {
		evtimer_del(l->timer);
		return;
	}
	link_send(l, json_pack("{s:s}", "t", "stop"));
	link_after(l, LINK_STOP_MS);
}

/*
 * Made and freed.
 */

struct link *
link_new(struct links *links, const struct config_link *config)
{
	struct link *l = xcalloc(1, sizeof *l);

	l->links = links;
	l->config = config;
	l->said = xstrdup("down");
	l->detail = xstrdup("");
	l->operator_name = xstrdup("");
	l->fell_last = xstrdup("");
	l->breach = xstrdup("");
	l->refusal = xstrdup("");
	link_acks_init(&l->acks);
	ladder_init(&l->ladder);
	link_credit_init(l);
	l->sandbox = true;
	l->timer = evtimer_new(links->gateway->base, link_timer, l);
	if (l->timer == NULL)
		fatal("out of memory: no timer for a link");
	TAILQ_INSERT_TAIL(&links->list, l, entry);
	return (l);
}

void
link_free(struct link *l)
{
	TAILQ_REMOVE(&l->links->list, l, entry);
	link_cut(l);
	event_free(l->timer);
	link_credit_clear(&l->credit);
	link_ussd_clear(&l->ussd);
	buf_clear(&l->in);
	buf_clear(&l->out);
	link_acks_clear(&l->acks);
	free(l->holder);
	free(l->secrets);
	free(l->said);
	free(l->detail);
	free(l->operator_name);
	free(l->fell_last);
	free(l->breach);
	free(l->refusal);
	free(l);
}

/*
 * Reading.
 */

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
		link_down(l, l->busy ? "ended-in-a-call" : "ended");
		return;
	}
	buf_add(&l->in, chunk, (size_t)n);
	while ((got = jsonl_take(&l->in, &msg)) == JSONL_OBJECT) {
		link_message(l, msg);
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

/* Without waiting to be told that there is room: there nearly always is. */
void
link_flush(struct link *l)
{
	if (l->state != LINK_DOWN && l->out.len != 0)
		link_write(l->in_fd, EV_WRITE, l);
}

/*
 * What others ask.
 */

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
link_carries(const struct link *l)
{
	return (l->config->kind != LINK_STATUS);
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

/* What it has not acknowledged stays with it, what it was handed is of unknown
 * outcome. */
static void
link_held(struct link *l)
{
	log_error("link=%s kept down: gateway %s has a link of this name, and "
	    "people would be answered by either: give one of them another name",
	    l->config->name, l->holder);
	evtimer_del(l->timer);
	if (l->state != LINK_DOWN)
		link_down(l, "name-held");
	link_say(l, "down", "name-held");
}

bool
link_is_held(const struct link *l)
{
	return (l->holder != NULL);
}

void
link_hold(struct link *l, const char *holder)
{
	bool was = l->holder != NULL;

	free(l->holder);
	l->holder = holder != NULL ? xstrdup(holder) : NULL;
	if (holder != NULL && !was) {
		link_held(l);
	} else if (holder == NULL && was && !l->links->stopping) {
		log_notice("link=%s no other gateway has its name any more",
		    l->config->name);
		link_after(l, 0);
	}
}

void
link_view(struct link *l, struct link_view *view, bool reset)
{
	struct mt *mt = l->links->gateway->mt;
	const char *trouble = mt_link_trouble(mt, l);

	*view = (struct link_view){ .name = l->config->name,
		.kind = link_kind_name(l->config->kind),
		.state = l->pause && l->state == LINK_UP ? "paused" : l->said,
		.detail = l->detail[0] != '\0' ? l->detail : trouble,
		.signal_dbm = l->signal_dbm,
		.operator_name = l->operator_name, .sim_used = l->sim_used,
		.sim_size = l->sim_size, .seen_at = l->seen_at,
		.received = l->received, .sent = l->sent,
		.withheld = l->withheld,
		.received_all = l->received_all, .sent_all = l->sent_all,
		.restarts = l->restarts, .violations = l->violations,
		.starting_ms = clock_mono_ms() - l->started_ms,
		.holder = l->holder,
		.fell = l->fell ? l->fell_last : NULL,
		.fell_last = l->fell_last,
		.falls = link_recent_count(&l->falls),
		.breaches = link_recent_count(&l->breaches),
		.breach = l->breach, .refused = l->refused,
		.refusals = link_recent_count(&l->refusals),
		.refusal = l->refusal,
		.waiting = mt_link_waiting(mt, l),
		.still_ms = mt_link_still_ms(mt, l),
		.sandbox = l->sandbox,
		.sends = link_sends(l),
		.full = link_full(l), .failover_min = l->config->failover ?
		    l->config->failover_min : -1, .credit = &l->credit };
	if (reset)
		l->received = l->sent = 0;
}

void
link_count_sent(struct link *l)
{
	l->sent++;
	l->sent_all++;
}
