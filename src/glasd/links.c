/*
 * All links: made from the configuration, started, stopped and told together.
 */
#include <sys/wait.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/gateway.h"
#include "glasd/link_private.h"
#include "glasd/link_program.h"
#include "glasd/mt.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/proc.h"

#define LINK_OUT_MAX	(4u << 20)

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

void
links_answer(struct links *links, bool durable)
{
	struct link *l;

	/* Also of one that is owed no ack: screens and states are answers, too. */
	TAILQ_FOREACH(l, &links->list, entry) {
		if (l->out.len > LINK_OUT_MAX)
			link_hangup(l, "does not read what it is told");
	}
	if (links->settled)
		return;
	links->settled = true;
	TAILQ_FOREACH(l, &links->list, entry)
		link_answer(l, durable);
}

void
links_flush(struct links *links)
{
	struct link *l;

	TAILQ_FOREACH(l, &links->list, entry)
		link_flush(l);
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

/* A secret that was known to others is to be worth nothing after a reload. */
static bool
link_secrets_equal(const struct link *l, const struct config_link *config)
{
	char *now = link_program_secrets(config);
	bool equal = l->secrets != NULL && strcmp(l->secrets, now) == 0;

	free(now);
	return (equal);
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

/* The others are there by now, and take what waits for one that is gone. */
static void
links_forget(struct links *links)
{
	const struct config *config = links->gateway->config;
	struct link *l, *next;

	for (l = TAILQ_FIRST(&links->list); l != NULL; l = next) {
		next = TAILQ_NEXT(l, entry);
		if (links_config(config, l->config->name) != NULL)
			continue;
		mt_link_gone(links->gateway->mt, l);
		link_free(l);
	}
}

void
links_reload(struct links *links)
{
	const struct config *config = links->gateway->config;
	struct link *l;

	TAILQ_FOREACH(l, &links->list, entry) {
		const struct config_link *c = links_config(config,
		    l->config->name);
		bool same = c != NULL && link_config_equal(c, l->config) &&
		    link_secrets_equal(l, c);

		if (c == NULL) {
			if (l->state != LINK_DOWN)
				link_down(l, "not in the configuration");
			continue;
		}
		l->config = c;
		if (!same) {
			if (l->state != LINK_DOWN)
				link_down(l, "new configuration");
			ladder_init(&l->ladder);
			link_credit_clear(&l->credit);
			link_credit_init(l);
		}
	}
	for (size_t n = 0; n < config->link_count; n++) {
		if (links_find(links, config->links[n].name) == NULL)
			link_start(link_new(links, &config->links[n]));
	}
	links_forget(links);
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
links_next_any(struct links *links, struct link *l)
{
	return (l == NULL ? TAILQ_FIRST(&links->list) : TAILQ_NEXT(l, entry));
}

struct link *
links_next(struct links *links, struct link *l)
{
	do
		l = links_next_any(links, l);
	while (l != NULL && !link_carries(l));
	return (l);
}

bool
link_sends(const struct link *l)
{
	const char *protocol = config_setting(l->config, "protocol");

	/* Another program in its place sends as it can. */
	return (l->config->kind != LINK_WEB ||
	    !config_is_glas_web(l->config) ||
	    config_setting(l->config, "send-url") != NULL ||
	    (protocol != NULL && strcmp(protocol, "smssync") == 0));
}

const char *
links_sender(struct links *links, const char *name)
{
	const struct link *own = links_find(links, name), *l, *best = NULL;

	if (own == NULL || link_sends(own))
		return (name);
	TAILQ_FOREACH(l, &links->list, entry) {
		if (link_carries(l) && link_sends(l) && l->config->failover &&
		    (best == NULL || (link_ready(l) && !link_ready(best))))
			best = l;
	}
	return (best != NULL ? best->config->name : "");
}
