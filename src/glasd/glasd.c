/*
 * glasd: the gateway between links and PostgreSQL. Started by the service
 * manager in the foreground; ends by SIGTERM when what is in flight is done.
 * The only program with the keys, the database and the spool.
 *
 * main() makes the parts in the order of struct gateway; glasd_pass() is what
 * happens after each pass of the event loop.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "glasd/away.h"
#include "glasd/check.h"
#include "glasd/control.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/offered.h"
#include "glasd/outbox.h"
#include "glasd/rekey.h"
#include "glasd/rewound.h"
#include "glasd/service.h"
#include "glasd/session.h"
#include "glasd/unanswered.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"
#include "text/content.h"

#define GLASD_STOP_S 10	/* for what is in flight */

/*
 * The loop.
 */

/* Somebody has emptied the spool: with the log goes what is kept beside it. */
static void
glasd_keep(struct gateway *g)
{
	database_keep(g->database);
	unanswered_keep(g->unanswered);
	rewound_keep(g->rewound);
}

/* What came in this pass is made durable, then acknowledged; what may go out
 * is handed over; what the log holds is read on. While the database has all that
 * there is to do, its answer comes first: one sync is for both. */
static void
glasd_pass(struct gateway *g)
{
	bool written, durable;

	if (journal_look(g->journal))
		glasd_keep(g);
	mt_pick(g->mt);
	sessions_pump(g->sessions);
	written = journal_write(g->journal);
	journal_read(g->journal);
	mo_pump(g->mo);
	if (written)
		mt_submit_repeatable(g->mt);
	links_flush(g->links);
	if (mo_alone(g->mo) && journal_waits(g->journal))
		return;
	durable = journal_sync(g->journal);
	mt_submit(g->mt, durable);
	links_answer(g->links, durable);
	sessions_answer(g->sessions, durable);
	links_flush(g->links);
	journal_read(g->journal);
	mo_pump(g->mo);
	mt_outcomes_flush(g->mt);
}

/* One turn of the loop, and the watchdog hears of it. */
static void
glasd_turn(struct gateway *g)
{
	if (event_base_loop(g->base, EVLOOP_ONCE) == -1)
		fatal("the event loop failed: %s", strerror(errno));
	glasd_pass(g);
	service_turned(g->service);
}

static bool
glasd_finished(const struct gateway *g, int64_t deadline_ms)
{
	if (!g->stopping)
		return (false);
	return (clock_mono_ms() >= deadline_ms ||
	    (links_stopped(g->links) && mt_inflight(g->mt) == 0 &&
	    (journal_drained(g->journal) || !database_ready(g->database))));
}

static void
glasd_run(struct gateway *g)
{
	int64_t deadline_ms = 0;

	glasd_pass(g);	/* what was said while starting goes out */
	service_ready(g->service);
	while (!glasd_finished(g, deadline_ms)) {
		glasd_turn(g);
		if (g->stopping && deadline_ms == 0)
			deadline_ms = clock_mono_ms() + GLASD_STOP_S * 1000;
	}
}

/*
 * Signals.
 */

static void
glasd_stop(evutil_socket_t sig, short what, void *arg)
{
	struct gateway *g = arg;

	(void)what;
	log_notice("stopping signal=%d", (int)sig);
	if (!g->stopping) {
		service_stopping(g->service);
		links_stop(g->links);
	}
	g->stopping = true;
}

/* Names, directories and the database need a restart: they say who we are. */
static bool
glasd_same_place(const struct config *a, const struct config *b)
{
	return (strcmp(a->gateway.name, b->gateway.name) == 0 &&
	    strcmp(a->gateway.database, b->gateway.database) == 0 &&
	    strcmp(a->gateway.key_dir, b->gateway.key_dir) == 0 &&
	    strcmp(a->gateway.spool_dir, b->gateway.spool_dir) == 0 &&
	    strcmp(a->gateway.control, b->gateway.control) == 0);
}

/* Why it goes on with the one that it has; NULL: with the newest. Else nobody
 * would know of it until a start, which fails then. */
static void
glasd_kept(struct gateway *g, const char *why)
{
	if (why != NULL)
		log_error("configuration=kept %s", why);
	free(g->kept);
	g->kept = why != NULL ? xstrdup(why) : NULL;
}

/* All or nothing. */
static void
glasd_reload(evutil_socket_t sig, short what, void *arg)
{
	struct gateway *g = arg;
	struct buf problems = { 0 };
	struct config *new = config_load(g->config->file, &problems);
	struct config *old = g->config;

	(void)sig;
	(void)what;
	if (g->stopping) {
		config_free(new);
	} else if (new == NULL) {
		glasd_kept(g, buf_str(&problems));
	} else if (!glasd_same_place(old, new)) {
		glasd_kept(g, "name, database, key-dir, spool-dir and control "
		    "change by a restart only");
		config_free(new);
	} else {
		g->config = new;
		json_decref(g->operators);
		g->operators =
		    link_credit_operators(new->gateway.operators_file);
		links_reload(g->links);
		config_free(old);
		glasd_kept(g, NULL);
		log_notice("configuration=reloaded links=%zu",
		    new->link_count);
	}
	buf_clear(&problems);
}

static void
glasd_signals(struct gateway *g)
{
	static const struct {
		int	 sig;
		event_callback_fn cb;
	} handlers[] = {
		{ SIGTERM, glasd_stop },
		{ SIGINT, glasd_stop },
		{ SIGHUP, glasd_reload },
	};

	signal(SIGPIPE, SIG_IGN);
	/* A limit on the size of files is to be a full disk, not the end. */
	signal(SIGXFSZ, SIG_IGN);
	for (size_t n = 0; n < sizeof handlers / sizeof handlers[0]; n++) {
		struct event *ev = evsignal_new(g->base, handlers[n].sig,
		    handlers[n].cb, g);

		if (ev == NULL || event_add(ev, NULL) == -1)
			fatal("no handler for signal %d", handlers[n].sig);
	}
}

/*
 * Starting.
 */

/* Keys stay in this process: no core, no debugger of another user. */
static void
glasd_close_up(void)
{
	struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0) == -1 ||
	    setrlimit(RLIMIT_CORE, &none) == -1)
		fatal("this process cannot be made undumpable: %s",
		    strerror(errno));
	umask(0077);
}

/* The log has a file open for each 8 MiB that the database lacks: as many as
 * there may be, not as many as is usual. No link inherits this. */
static void
glasd_descriptors(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1)
		return;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == -1)
		log_warn("no more descriptors: %s", strerror(errno));
}

static struct seal_keys *
glasd_keys(const struct config *config)
{
	const char *error;
	struct seal_keys *keys;

	if (seal_init() == -1)
		fatal("libsodium cannot be used");
	keys = seal_keys_load(config->gateway.key_dir, &error);
	if (keys == NULL)
		fatal("%s", error);
	return (keys);
}

/* For copies that are opened with a key that is kept offline. */
static const uint8_t *
glasd_recall(const struct config *config)
{
	static uint8_t pub[SEAL_RECALL_KEY_LEN];
	const char *error;

	switch (seal_recall_load(config->gateway.key_dir, pub, &error)) {
	case SEAL_RECALL_THERE:
		return (pub);
	case SEAL_RECALL_BAD:
		fatal("%s", error);
	case SEAL_RECALL_NONE:
		break;
	}
	return (NULL);
}

static void
glasd_restore(void *arg, uint64_t record, const struct item *item)
{
	struct gateway *g = arg;

	mt_restore(g->mt, record, item);
	away_restore(g->away, item);
	sessions_restore(g->sessions, item);
}

static void
glasd_remember(void *arg, uint64_t record, const struct item *item)
{
	struct gateway *g = arg;

	(void)record;
	away_remember(g->away, item);
	sessions_restore(g->sessions, item);
}

static void
glasd_restore_spent(void *arg, uint64_t record, const struct item *item)
{
	struct gateway *g = arg;

	(void)record;
	links_restore(g->links, item);
}

/* Reads what the log tells of the time before the start. */
static void
glasd_read_log(struct gateway *g)
{
	uint64_t newest = journal_newest(g->journal);
	uint64_t committed = journal_committed(g->journal);
	uint64_t recent = newest > OFFERED_RECORDS ?
	    newest - OFFERED_RECORDS : 0;

	journal_scan(g->journal, 0, glasd_restore_spent, g);
	journal_scan(g->journal, recent < committed ? recent : committed,
	    glasd_remember, g);
	journal_scan(g->journal, committed, glasd_restore, g);
}

static void
glasd_start(struct gateway *g, struct config *config)
{
	g->config = config;
	g->started_at = clock_wall_us();
	g->base = event_base_new();
	if (g->base == NULL)
		fatal("no event loop");
	g->keys = glasd_keys(config);
	g->recall = glasd_recall(config);
	g->operators = link_credit_operators(config->gateway.operators_file);
	g->journal = journal_open(g);
	g->mo = mo_new(g);
	g->outbox = outbox_new();
	g->mt = mt_new(g);
	g->away = away_new(g);
	g->unanswered = unanswered_new(g);
	g->sessions = sessions_new(g);
	g->database = database_new(g);
	g->rekey = rekey_new(g);
	g->rewound = rewound_new(g);
	g->links = links_new(g);
	glasd_read_log(g);
	g->watch = watch_new(g);
	g->control = control_new(g);
	g->service = service_new(g);
	glasd_signals(g);
	database_start(g->database);
	links_start(g->links);
	log_notice("started gateway=%s links=%zu", config->gateway.name,
	    config->link_count);
}

static void
glasd_end(struct gateway *g)
{
	service_free(g->service);
	control_free(g->control);
	watch_free(g->watch);
	links_free(g->links);
	mo_free(g->mo);
	mt_free(g->mt);
	outbox_free(g->outbox);
	away_free(g->away);
	unanswered_free(g->unanswered);
	database_free(g->database);
	sessions_free(g->sessions);
	rekey_free(g->rekey);
	rewound_free(g->rewound);
	journal_close(g->journal);
	content_free(g->content);
	json_decref(g->operators);
	seal_keys_free(g->keys);
	free(g->kept);
	config_free(g->config);
	log_notice("stopped");
}

static void
glasd_usage(FILE *out)
{
	fprintf(out, "usage: glasd [-t] [-c FILE]\n");
	exit(out == stdout ? 0 : 1);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = GLAS_CONF_FILE;
	struct gateway gateway = { 0 };
	struct buf problems = { 0 };
	struct config *config;
	bool check = false;
	int option;

	while ((option = getopt_long(argc, argv, "c:ht", longs, NULL)) != -1) {
		if (option == 'c')
			file = optarg;
		else if (option == 't')
			check = true;
		else
			glasd_usage(option == 'h' ? stdout : stderr);
	}
	if (optind != argc)
		glasd_usage(stderr);
	log_init("glasd", LOG_LEVEL_INFO);
	config = config_load(file, &problems);
	if (config == NULL) {
		fprintf(stderr, "%s", buf_str(&problems));
		buf_clear(&problems);
		return (1);
	}
	buf_clear(&problems);
	log_init("glasd", log_level_of(config->gateway.log_level));
	if (check) {
		option = check_run(config) ? 0 : 1;
		config_free(config);
		return (option);
	}
	glasd_close_up();
	glasd_descriptors();
	glasd_start(&gateway, config);
	glasd_run(&gateway);
	glasd_end(&gateway);
	return (0);
}
