/*
 * What glasctl status shows. Runs in glasd; reads the other parts, changes
 * nothing. Every degraded state has a name here, a text and a remedy.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/outbox.h"
#include "glasd/reserve.h"
#include "glasd/rewound.h"
#include "glasd/status.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "store/config.h"

#define STATUS_SIM_FULL 70	/* per cent */
#define STATUS_UNREAD	3	/* answers in a row */
#define STATUS_SPOOL_BIG (64u << 20)

static void
status_alert(json_t *alerts, const char *name, const char *link,
    const char *text, const char *remedy)
{
	json_array_append_new(alerts, json_pack("{s:s, s:s, s:s, s:s}",
	    "name", name, "link", link, "text", text, "remedy", remedy));
}

static void
status_time(json_t *object, const char *key, int64_t at)
{
	char text[32];

	if (at == 0) {
		json_object_set_new(object, key, json_null());
		return;
	}
	clock_format(at, text, sizeof text);
	json_object_set_new(object, key, json_string(text));
}

static json_t *
status_number(int value)
{
	return (value != 0 ? json_integer(value) : json_null());
}

/* By what a link says of itself, else by its kind: a cable is no remedy for a
 * program that is missing. */
static const char *
status_link_remedy(const struct link_view *v)
{
	static const struct {
		const char *said, *remedy;
	} remedies[] = {
		{ "cannot be started", "its program is missing or may not be "
		    "run: glasd -t names it" },
		{ "paused", "glasctl resume lets it go on" },
		{ "pin-needed", "put the PIN of the SIM into pin-file" },
		{ "pin-refused", "correct the PIN in pin-file, restart glasd" },
		{ "puk-needed", "unlock the SIM in a phone" },
	};

	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
		if (strcmp(remedies[i].said, v->detail) == 0 ||
		    strcmp(remedies[i].said, v->state) == 0)
			return (remedies[i].remedy);
	}
	if (strcmp(v->kind, link_kind_name(LINK_MODEM)) == 0)
		return ("look at cable, SIM and antenna; the log says more");
	return ("look at what its program reaches; the log says more");
}

static void
status_credit_alert(const struct link_view *v, json_t *alerts)
{
	char *amount = link_credit_words(v->credit), *text;

	if (amount != NULL && v->credit->low) {
		text = v->credit->days_left >= 0 ?
		    xasprintf("the credit is %s: about %d days", amount,
		    v->credit->days_left) :
		    xasprintf("the credit is %s", amount);
		status_alert(alerts, "credit-low", v->name, text,
		    "top up its SIM: without credit nobody is answered");
		free(text);
	}
	free(amount);
	if (v->credit->unread >= STATUS_UNREAD)
		status_alert(alerts, "credit-unread", v->name,
		    "no amount in its last answers about the credit",
		    "select answer from glas.credit; write balance-pattern, or "
		    "another balance, in glas.conf");
}

static json_t *
status_credit(const struct link_view *v)
{
	char *amount = link_credit_words(v->credit);
	json_t *said = amount != NULL ? json_string(amount) : json_null();

	free(amount);
	return (said);
}

static void
status_link_alerts(const struct link_view *v, json_t *alerts)
{
	if (strcmp(v->state, "ready") != 0 && strcmp(v->state, "listing") != 0)
		status_alert(alerts, "link-not-ready", v->name,
		    v->detail[0] != '\0' ? v->detail : v->state,
		    status_link_remedy(v));
	else if (v->detail[0] != '\0' && strcmp(v->detail, "unsandboxed") != 0 &&
	    strcmp(v->state, "ready") == 0)
		status_alert(alerts, "link-trouble", v->name, v->detail,
		    "doc/modems.md says what to do about it");
	if (!v->sandbox)
		status_alert(alerts, "unsandboxed", v->name,
		    "the link could not lock itself in",
		    "use a kernel with Landlock, or start glasd as root");
	if (v->sim_size != 0 &&
	    v->sim_used * 100 >= v->sim_size * STATUS_SIM_FULL)
		status_alert(alerts, "sim-nearly-full", v->name,
		    "the message store of the SIM fills up",
		    "see whether the link reads; restart it with pause and "
		    "resume");
	if (v->full)
		status_alert(alerts, "daily-limit", v->name,
		    "the segments of the day of this link are spent: its "
		    "replies are held",
		    "raise its segments-per-day, or wait for midnight UTC");
	status_credit_alert(v, alerts);
}

static json_t *
status_links(struct gateway *g, json_t *alerts, int *ready)
{
	json_t *links = json_array();

	for (struct link *l = links_next(g->links, NULL); l != NULL;
	    l = links_next(g->links, l)) {
		struct link_view v;
		json_t *o;

		link_view(l, &v, false);
		*ready += link_ready(l);
		status_link_alerts(&v, alerts);
		o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:i,"
		    " s:i}", "name", v.name, "kind", v.kind, "state", v.state,
		    "detail", v.detail, "signal_dbm",
		    status_number(v.signal_dbm), "operator", v.operator_name,
		    "sim_used", v.sim_size != 0 ? json_integer(v.sim_used) :
		    json_null(), "sim_size", status_number(v.sim_size),
		    "restarts", (int)v.restarts, "violations",
		    (int)v.violations);
		status_time(o, "last_seen_at", v.seen_at);
		json_object_set_new(o, "balance", status_credit(&v));
		json_array_append_new(links, o);
	}
	return (links);
}

/* Nothing has failed; it is only not all there yet. */
static void
status_no_link_alert(const struct gateway *g, json_t *alerts)
{
	char *remedy;

	if (g->config->link_count != 0)
		return;
	remedy = xasprintf("add a section [modem NAME] with its imei or device "
	    "to %s, see glas.conf(5), then reload glasd", g->config->file);
	status_alert(alerts, "no-link", "",
	    "no modem is configured: nobody can be heard or answered", remedy);
	free(remedy);
}

static void
status_spool_alerts(struct gateway *g, json_t *alerts)
{
	if (journal_failing(g->journal))
		status_alert(alerts, "spool-failing", "",
		    "the disk refuses: texts stay where they are",
		    "free space or replace the disk");
	if (journal_full(g->journal))
		status_alert(alerts, "spool-full", "",
		    "too little is free on the disk of the spool: new texts "
		    "stay with their links",
		    "free space on that disk, or give the spool a larger one; "
		    "a database that is away fills it");
	if (journal_backlog(g->journal) > STATUS_SPOOL_BIG)
		status_alert(alerts, "spool-grows", "",
		    "many texts wait for the database",
		    "see why the database is away or slow");
}

static void
status_mo_alerts(struct gateway *g, json_t *alerts)
{
	if (mo_blocked(g->mo) > 0)
		status_alert(alerts, "texts-blocked", "",
		    "texts wait for rows that somebody has locked",
		    "see who in pg_stat_activity: a transaction left open");
}

/* By the beginning of an SQLSTATE; the first that fits. */
static const struct {
	const char	*sqlstate;
	const char	*remedy;
} status_remedies[] = {
	{ "25006", "this server only reads: promote it, or let `database` name "
	    "all servers, with target_session_attrs=read-write" },
	{ "28", "see pg_hba.conf and the password in `database`" },
	{ "53100", "free space on the disk of PostgreSQL" },
	{ "53300", "end sessions that nobody needs, or raise max_connections" },
	{ "53", "PostgreSQL lacks memory or files: see its log" },
	{ "55", "somebody holds a table: see pg_locks and pg_stat_activity" },
	{ "57", "PostgreSQL starts or stops, or somebody ends what it does" },
	{ "", "see the log of PostgreSQL, or mend what it says" },
};

static const char *
status_database_remedy(const char *sqlstate)
{
	size_t n = 0;

	while (strncmp(sqlstate, status_remedies[n].sqlstate,
	    strlen(status_remedies[n].sqlstate)) != 0)
		n++;
	return (status_remedies[n].remedy);
}

static const char *
status_database(struct gateway *g, json_t *alerts)
{
	const char *sqlstate, *why = database_trouble(g->database, &sqlstate);

	if (why != NULL && sqlstate[0] != '\0')
		status_alert(alerts, "database-failing", "", why,
		    status_database_remedy(sqlstate));
	else if (why != NULL)
		status_alert(alerts, "database-away", "", why,
		    "texts are kept; start PostgreSQL or mend what it says");
	return (database_words(g->database));
}

static void
status_rewound_alert(const struct gateway *g, json_t *alerts)
{
	if (rewound_reading(g->rewound))
		status_alert(alerts, "database-rewound", "",
		    "the database is older than what was stored in it: what it "
		    "would send is held, the log is read again",
		    "wait until the log is read");
	else if (rewound_since(g->rewound) != 0)
		status_alert(alerts, "database-rewound", "",
		    "the database is older than what was stored in it: what it "
		    "would send is held",
		    "look through glas.outbox where reason = '" REWOUND_REASON
		    "', then glasctl resume outbox");
}

static const char *
status_word(size_t alerts, size_t links, int ready)
{
	if (alerts == 0)
		return ("well");
	return (links > 0 && ready == 0 ? "down" : "degraded");
}

json_t *
status_make(struct gateway *g)
{
	json_t *alerts = json_array(), *links, *status;
	const char *database = status_database(g, alerts);
	int ready = 0, cap = g->config->limits.segments_per_day;

	links = status_links(g, alerts, &ready);
	status_no_link_alert(g, alerts);
	status_rewound_alert(g, alerts);
	status_spool_alerts(g, alerts);
	status_mo_alerts(g, alerts);
	if (cap != 0 && database_spent(g->database) >= cap)
		status_alert(alerts, "daily-limit", "",
		    "the segments of the day are spent: replies are held",
		    "raise segments-per-day, or wait for midnight UTC");
	status = json_pack("{s:s, s:s, s:o, s:{s:I, s:I, s:I, s:I},"
	    " s:{s:I, s:I, s:i}, s:s, s:o}", "state",
	    status_word(json_array_size(alerts), json_array_size(links), ready),
	    "gateway", g->config->gateway.name, "links", links,
	    "spool", "octets", (json_int_t)journal_backlog(g->journal),
	    "texts", (json_int_t)mo_count(g->mo),
	    "answered_meanwhile", (json_int_t)away_count(g->away),
	    "reserved", (json_int_t)reserve_count(
	    database_reserve_away(g->database)),
	    "outbox", "waiting", (json_int_t)outbox_count(g->outbox),
	    "inflight", (json_int_t)mt_inflight(g->mt),
	    "segments_today", database_spent(g->database),
	    "database", database, "alerts", alerts);
	status_time(status, "started_at", g->started_at);
	return (status);
}
