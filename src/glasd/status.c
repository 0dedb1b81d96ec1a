/*
 * What glasctl status, glasctl metrics and the page of the operator show. Runs
 * in glasd; reads the other parts, changes nothing. What is wrong is in
 * alerts.h, by watch.c.
 */
#include "config.h"

#include <stdlib.h>

#include "glasd/alerts.h"
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
#include "glasd/status.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/jsonl.h"
#include "store/config.h"
#include "store/pg.h"

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

/*
 * Links.
 */

static void
status_credit(json_t *link, const struct link_credit *credit)
{
	char *amount = link_credit_words(credit);

	json_object_set_new(link, "balance",
	    amount != NULL ? json_string(amount) : json_null());
	free(amount);
	json_object_set_new(link, "valid_days_left", credit->valid_until != 0 ?
	    json_integer(link_credit_valid_left(credit)) : json_null());
	if (credit->known)
		json_object_set_new(link, "credit", json_pack("{s:I, s:s, s:o}",
		    "hundredths", (json_int_t)credit->credit.hundredths,
		    "currency", credit->credit.currency, "days_left",
		    credit->days_left >= 0 ? json_integer(credit->days_left) :
		    json_null()));
}

static json_t *
status_link(struct link *l)
{
	struct link_view v;
	json_t *o;

	link_view(l, &v, false);
	o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:s, s:o, s:o}",
	    "name", v.name, "kind", v.kind, "state", v.state,
	    "detail", v.detail, "up", link_ready(l),
	    "signal_dbm", status_number(v.signal_dbm),
	    "operator", v.operator_name,
	    "sim_used", v.sim_size != 0 ? json_integer(v.sim_used) :
	    json_null(), "sim_size", status_number(v.sim_size));
	json_object_update_new(o, json_pack(
	    "{s:I, s:I, s:I, s:i, s:i, s:I, s:I, s:I, s:I, s:I}",
	    "calls_withheld", (json_int_t)v.withheld,
	    "received", (json_int_t)v.received_all,
	    "sent", (json_int_t)v.sent_all,
	    "segments_today", link_spent(l),
	    "segments_per_day", link_config(l)->segments_per_day,
	    "waiting", (json_int_t)v.waiting,
	    "still_ms", (json_int_t)v.still_ms,
	    "restarts", (json_int_t)v.restarts,
	    "violations", (json_int_t)v.violations,
	    "refused", (json_int_t)v.refused));
	status_time(o, "last_seen_at", v.seen_at);
	status_credit(o, v.credit);
	return (o);
}

static json_t *
status_links(struct gateway *g, size_t *carry, size_t *ready)
{
	json_t *links = json_array();

	for (struct link *l = links_next_any(g->links, NULL); l != NULL;
	    l = links_next_any(g->links, l)) {
		*carry += link_carries(l);
		*ready += link_carries(l) && link_ready(l);
		json_array_append_new(links, status_link(l));
	}
	return (links);
}

/*
 * The rest.
 */

static json_t *
status_spool(const struct gateway *g)
{
	return (json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
	    "octets", (json_int_t)journal_backlog(g->journal),
	    "records", (json_int_t)journal_behind(g->journal),
	    "torn", (json_int_t)journal_torn(g->journal),
	    "set_aside", (json_int_t)watch_set_aside(g->watch),
	    "texts", (json_int_t)mo_count(g->mo),
	    "answered_meanwhile", (json_int_t)away_count(g->away),
	    "reserved", (json_int_t)reserve_count(
	    database_reserve_away(g->database))));
}

/* Since glasd was started. */
static json_t *
status_texts(const struct gateway *g)
{
	const struct mo_counts *counts = mo_counts(g->mo);

	return (json_pack("{s:I, s:I, s:I, s:I}",
	    "stored", (json_int_t)counts->stored,
	    "seen", (json_int_t)counts->seen,
	    "quarantined", (json_int_t)counts->quarantined,
	    "stored_after_us", (json_int_t)counts->stored_after_us));
}

static json_t *
status_results(const struct gateway *g)
{
	json_t *results = json_object();

	for (int state = MT_QUEUED; state < MT_STATES; state++)
		json_object_set_new(results,
		    mt_state_name((enum mt_state)state),
		    json_integer((json_int_t)mt_results(g->mt,
		    (enum mt_state)state)));
	return (results);
}

static json_t *
status_outbox(const struct gateway *g)
{
	return (json_pack("{s:I, s:I, s:i, s:i, s:o}",
	    "waiting", (json_int_t)outbox_count(g->outbox),
	    "inflight", (json_int_t)mt_inflight(g->mt),
	    "segments_today", database_spent(g->database),
	    "segments_per_day", g->config->limits.segments_per_day,
	    "results", status_results(g)));
}

/* Down is what takes no texts, for whatever reason. A link that is not ready
 * yet, and no more than that, has no alert. */
static const char *
status_word(const struct gateway *g, size_t alerts, size_t links, size_t ready)
{
	if ((links > 0 && ready == 0) || journal_failing(g->journal) != NULL ||
	    journal_refuses(g->journal))
		return ("down");
	return (alerts == 0 && ready == links ? "well" : "degraded");
}

json_t *
status_make(struct gateway *g)
{
	json_t *status, *alerts, *links;
	size_t carry = 0, ready = 0;

	watch_look(g->watch);
	alerts = alerts_list(watch_alerts(g->watch));
	links = status_links(g, &carry, &ready);
	status = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "state",
	    status_word(g, json_array_size(alerts), carry, ready),
	    "gateway", g->config->gateway.name, "version", PACKAGE_VERSION,
	    "links", links, "spool", status_spool(g),
	    "texts", status_texts(g), "outbox", status_outbox(g));
	json_object_update_new(status, json_pack("{s:s, s:b, s:I, s:b, s:o}",
	    "database", database_words(g->database),
	    "away", database_away(g->database),
	    "database_waits_ms",
	    (json_int_t)pg_pipe_waiting_ms(database_pipe(g->database)),
	    "keys_with_spool", watch_keys_with_spool(g->watch),
	    "alerts", alerts));
	status_time(status, "started_at", g->started_at);
	status_time(status, "at", clock_wall_us());
	return (status);
}

/*
 * In pieces.
 */

#define STATUS_PIECE_MAX	(JSONL_MAX - 256)

static void
status_piece(struct link *l, const char *part, json_t *value)
{
	if (value != NULL &&
	    json_dumpb(value, NULL, 0, JSON_COMPACT) < STATUS_PIECE_MAX)
		link_send(l, json_pack("{s:s, s:s, s:O}", "t", "status",
		    "part", part, "value", value));
}

static void
status_pieces(struct link *l, const char *part, const json_t *array)
{
	json_t *value;
	size_t n;

	json_array_foreach(array, n, value)
		status_piece(l, part, value);
}

void
status_tell(struct gateway *g, struct link *l)
{
	json_t *status = status_make(g);
	json_t *links = json_incref(json_object_get(status, "links"));
	json_t *alerts = json_incref(json_object_get(status, "alerts"));

	json_object_del(status, "links");
	json_object_del(status, "alerts");
	status_piece(l, "gateway", status);
	status_pieces(l, "link", links);
	status_pieces(l, "alert", alerts);
	status_piece(l, "hours", database_hours(g->database));
	link_send(l, json_pack("{s:s, s:s}", "t", "status", "part", "end"));
	json_decref(links);
	json_decref(alerts);
	json_decref(status);
}
