/*
 * Looks for what is wrong. Runs in glasd; owns the list of alerts and a timer.
 * Reads the other parts, changes nothing. Every degraded state has its name in
 * alerts.h; here is when it begins, what is said of it, and the remedy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "glasd/alerts.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/mo.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/watch.h"
#include "lib/disk.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "store/config.h"
#include "text/credit.h"

#define WATCH_SPOOL_BIG		(64u << 20)
#define WATCH_REFERENCES	200	/* of those for an outage */
#define WATCH_CLOCK_S		300	/* that clocks may be apart */
#define SECOND_US		1000000
#define WATCH_DISK_EVERY	10	/* looks */

struct watch {
	struct gateway	*gateway;
	struct alerts	*alerts;
	struct event	*tick;
	unsigned int	 ticks;
	size_t		 set_aside;
	int		 keys_errno;	/* why they are not there; 0: they are */
	bool		 keys_with_spool;
	bool		 spool_in_memory;
};

/* A problem is a line, and may hold a number that is none. */
static void
watch_configuration(struct watch *w)
{
	const char *kept = w->gateway->kept;
	char *first, *covered, *text;

	if (kept == NULL)
		return;
	first = xstrndup(kept, strcspn(kept, "\n"));
	covered = credit_cover(first);
	text = xasprintf("the configuration as it is now is not in use: %s",
	    covered);
	alerts_put(w->alerts, ALERT_CONFIGURATION, "", text,
	    "correct it until glasd -t finds nothing, then reload; glasd goes "
	    "on with the one before, but may not start with this one");
	free(first);
	free(covered);
	free(text);
}

/* Nothing has failed; it is only not all there yet. */
static void
watch_links(struct watch *w)
{
	struct gateway *g = w->gateway;
	struct link_view view;
	char *remedy;

	for (struct link *l = links_next_any(g->links, NULL); l != NULL;
	    l = links_next_any(g->links, l)) {
		link_view(l, &view, false);
		watch_link(w->alerts, &view);
	}
	if (links_next(g->links, NULL) != NULL)
		return;
	remedy = xasprintf("add a section [modem NAME] with its imei or device "
	    "to %s, see glas.conf(5), then reload glasd", g->config->file);
	alerts_put(w->alerts, ALERT_NO_LINK, "",
	    "no modem is configured: nobody can be heard or answered", remedy);
	free(remedy);
}

static void
watch_damaged(struct watch *w)
{
	const char *dir = w->gateway->config->gateway.spool_dir;
	char *text, *remedy;

	if (w->set_aside == 0)
		return;
	text = xasprintf("a part of the log could not be read, or is gone, %zu "
	    "pieces: texts in them may be lost", w->set_aside);
	remedy = xasprintf("see what is in %s/bad, and test the disk; then take "
	    "it away", dir);
	alerts_put(w->alerts, ALERT_SPOOL_DAMAGED, "", text, remedy);
	free(text);
	free(remedy);
}

/* The log knows why: it may be the directory of its keys, and no disk. */
static void
watch_failing(struct watch *w)
{
	char *text = xasprintf("nothing can be written down, texts stay where "
	    "they are: %s", journal_failing(w->gateway->journal));

	alerts_put(w->alerts, ALERT_SPOOL_FAILING, "", text, w->keys_errno != 0 ?
	    "put key-dir back" : "mend what it says: free space, or replace "
	    "the disk");
	free(text);
}

/* A new day needs a new key. Those of before are in memory. */
static void
watch_keys(struct watch *w)
{
	const struct config *c = w->gateway->config;
	char *text;

	if (w->keys_errno == 0)
		return;
	text = xasprintf("%s/log-%s: %s: from midnight UTC on nothing can be "
	    "written down, and glasd cannot be started", c->gateway.key_dir,
	    c->gateway.name, strerror(w->keys_errno));
	alerts_put(w->alerts, ALERT_KEYS_MISSING, "", text,
	    "put it back before midnight UTC, so that the user of glasd can "
	    "write there");
	free(text);
}

static void
watch_spool(struct watch *w)
{
	struct gateway *g = w->gateway;
	const char *missing = journal_missing(g->journal);

	if (missing != NULL)
		alerts_put(w->alerts, ALERT_SPOOL_FAILING, "", missing,
		    "do so while glasd runs, which has open what is not there; "
		    "new texts stay with their links");
	else if (journal_failing(g->journal) != NULL)
		watch_failing(w);
	if (journal_full(g->journal))
		alerts_put(w->alerts, ALERT_SPOOL_FULL, "",
		    "too little is free on the disk of the spool: new texts "
		    "stay with their links, but those that tell of danger",
		    "free space on that disk, or give the spool a larger one; "
		    "a database that is away fills it");
	if (journal_backlog(g->journal) > WATCH_SPOOL_BIG)
		alerts_put(w->alerts, ALERT_SPOOL_GROWS, "",
		    "many texts wait for the database",
		    "see why the database is away or slow");
	watch_damaged(w);
	if (w->spool_in_memory)
		alerts_put(w->alerts, ALERT_SPOOL_IN_MEMORY, "",
		    "the spool is in memory: a reboot takes the texts that "
		    "were acknowledged and are not in the database",
		    "put spool-dir on a disk: what is in it goes along while "
		    "glasd is stopped");
	watch_keys(w);
	if (w->keys_with_spool && !g->config->gateway.keys_with_spool)
		alerts_put(w->alerts, ALERT_KEYS_WITH_SPOOL, "",
		    "the keys are on the disk of the spool: who takes it can "
		    "read the numbers",
		    "move key-dir to another disk or a USB stick, or say "
		    "keys-with-spool = yes in glas.conf");
}

static void
watch_texts(struct watch *w)
{
	struct gateway *g = w->gateway;
	int cap = g->config->limits.segments_per_day;

	if (mo_locked(g->mo) > 0)
		alerts_put(w->alerts, ALERT_TEXTS_BLOCKED, "",
		    "texts wait for rows that somebody has locked",
		    "see who in pg_stat_activity: a transaction left open");
	if (cap != 0 && database_spent(g->database) >= cap)
		alerts_put(w->alerts, ALERT_DAILY_LIMIT, "",
		    "the segments of the day are spent: replies are held",
		    "raise segments-per-day, or wait for midnight UTC");
}

/* By the beginning of an SQLSTATE; the first that fits. */
static const struct watch_database {
	const char	*sqlstate;
	enum alert	 alert;
	const char	*remedy;
} watch_databases[] = {
	{ "25006", ALERT_DATABASE_FAILING, "this server only reads: promote "
	    "it, or let `database` name all servers, with "
	    "target_session_attrs=read-write" },
	{ "28", ALERT_DATABASE_FAILING, "see pg_hba.conf and the password in "
	    "`database`" },
	{ "40P01", ALERT_DATABASE_LOCKED, "others lock what it locks: see "
	    "pg_locks and pg_stat_activity" },
	{ "53100", ALERT_DATABASE_FAILING, "free space on the disk of "
	    "PostgreSQL" },
	{ "53300", ALERT_DATABASE_FAILING, "end sessions that nobody needs, or "
	    "raise max_connections" },
	{ "53", ALERT_DATABASE_FAILING, "PostgreSQL lacks memory or files: see "
	    "its log" },
	{ "55", ALERT_DATABASE_LOCKED, "somebody holds a table: see pg_locks "
	    "and pg_stat_activity" },
	{ "57", ALERT_DATABASE_FAILING, "PostgreSQL starts or stops, or "
	    "somebody ends what it does" },
	{ "", ALERT_DATABASE_FAILING, "see the log of PostgreSQL, or mend what "
	    "it says" },
};

static void
watch_name(struct watch *w)
{
	const struct config *c = w->gateway->config;
	const char *name = c->gateway.name;
	char *text = xasprintf("another glasd has the name %s, and this one "
	    "stays away: texts are kept", name);
	char *remedy = xasprintf("if it is the one before this one, on another "
	    "machine or disk, and is gone: wait a minute; else give this one a "
	    "`name` of its own in %s, move %s/log-%s to log-NAME, and restart "
	    "it", c->file, c->gateway.key_dir, name);

	alerts_put(w->alerts, ALERT_NAME_TAKEN, "", text, remedy);
	free(text);
	free(remedy);
}

/* Whether texts are kept depends on the log, which speaks for itself. */
static const char *
watch_away_remedy(const struct gateway *g)
{
	if (database_refused(g->database))
		return ("PostgreSQL runs: do what is said here");
	if (journal_full(g->journal) || journal_failing(g->journal) != NULL)
		return ("start PostgreSQL or mend what it says");
	return ("texts are kept; start PostgreSQL or mend what it says");
}

static void
watch_database(struct watch *w)
{
	struct gateway *g = w->gateway;
	const char *sqlstate;
	const char *why = database_trouble(g->database, &sqlstate);
	const struct watch_database *d = watch_databases;

	if (why == NULL)
		return;
	if (database_name_taken(g->database)) {
		watch_name(w);
		return;
	}
	if (sqlstate[0] == '\0') {
		alerts_put(w->alerts, ALERT_DATABASE_AWAY, "", why,
		    watch_away_remedy(g));
		return;
	}
	while (strncmp(sqlstate, d->sqlstate, strlen(d->sqlstate)) != 0)
		d++;
	alerts_put(w->alerts, d->alert, "", why, d->remedy);
}

/* Which of the two is wrong cannot be known here. */
static void
watch_clock(struct watch *w)
{
	int64_t ahead = database_ahead_us(w->gateway->database) / SECOND_US;
	int64_t apart = ahead < 0 ? -ahead : ahead;
	char *text;

	if (apart < WATCH_CLOCK_S)
		return;
	text = xasprintf("the clock of this machine is %lld %s %s that of the "
	    "database", (long long)(apart < 7200 ? (apart + 30) / 60 :
	    apart < 172800 ? apart / 3600 : apart / 86400),
	    apart < 7200 ? "min" : apart < 172800 ? "h" : "days",
	    ahead < 0 ? "ahead of" : "behind");
	alerts_put(w->alerts, ALERT_CLOCK, "", text,
	    "set the one that is wrong: timedatectl on both machines; texts "
	    "are dated, sent by day and given up by these clocks");
	free(text);
}

static void
watch_references(struct watch *w)
{
	struct database *d = w->gateway->database;
	size_t left = reserve_count(database_reserve_away(d));
	char *text;

	if (!database_away(d) || left >= WATCH_REFERENCES)
		return;
	text = xasprintf("%zu more reports can be told their number before the "
	    "database is back", left);
	alerts_put(w->alerts, ALERT_REFERENCES_LOW, "", text,
	    "bring the database back; texts are kept, their receipts come "
	    "then");
	free(text);
}

static void
watch_rewound(struct watch *w)
{
	const struct rewound *r = w->gateway->rewound;

	if (rewound_reading(r))
		alerts_put(w->alerts, ALERT_DATABASE_REWOUND, "",
		    "the database is older than what was stored in it: what it "
		    "would send is held, the log is read again",
		    "wait until the log is read");
	else if (rewound_since(r) != 0)
		alerts_put(w->alerts, ALERT_DATABASE_REWOUND, "",
		    "the database is older than what was stored in it: what it "
		    "would send is held",
		    "look through glas.outbox where reason = '" REWOUND_REASON
		    "', then glasctl resume outbox");
}

/* A gateway that stops lets its links go: that is nothing wrong. */
void
watch_look(struct watch *w)
{
	if (w->gateway->stopping)
		return;
	alerts_begin(w->alerts);
	watch_configuration(w);
	watch_links(w);
	watch_spool(w);
	watch_texts(w);
	watch_database(w);
	watch_clock(w);
	watch_references(w);
	watch_rewound(w);
	alerts_end(w->alerts);
}

static void
watch_disk(struct watch *w)
{
	const struct config *c = w->gateway->config;
	char *keys = xasprintf("%s/log-%s", c->gateway.key_dir,
	    c->gateway.name);

	w->set_aside = journal_set_aside(w->gateway->journal);
	w->keys_errno = access(keys, R_OK | W_OK | X_OK) == 0 ? 0 : errno;
	free(keys);
}

static void
watch_ticked(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;

	(void)fd;
	(void)what;
	if (w->ticks++ % WATCH_DISK_EVERY == 0)
		watch_disk(w);
	watch_look(w);
}

struct watch *
watch_new(struct gateway *g)
{
	struct watch *w = xcalloc(1, sizeof *w);
	struct timeval second = { .tv_sec = 1 };

	w->gateway = g;
	w->alerts = alerts_new();
	watch_disk(w);
	w->keys_with_spool = disk_is_same(g->config->gateway.key_dir,
	    g->config->gateway.spool_dir);
	w->spool_in_memory = disk_is_memory(g->config->gateway.spool_dir);
	w->tick = event_new(g->base, -1, EV_PERSIST, watch_ticked, w);
	if (w->tick == NULL)
		fatal("out of memory: no timer for the alerts");
	evtimer_add(w->tick, &second);
	return (w);
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	event_free(w->tick);
	alerts_free(w->alerts);
	free(w);
}

struct alerts *
watch_alerts(struct watch *w)
{
	return (w->alerts);
}

size_t
watch_set_aside(const struct watch *w)
{
	return (w->set_aside);
}

bool
watch_keys_with_spool(const struct watch *w)
{
	return (w->keys_with_spool);
}
