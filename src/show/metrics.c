/*
 * The state of a gateway in the text format of Prometheus. Runs in glasctl and
 * in glas-web; pure. Counters end in _total, units are base units; no number
 * and no text of anybody is in it. A daemon that does not answer is a metric,
 * too: what reads this hears of it.
 */
#include <stdbool.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "show/metrics.h"
#include "show/status.h"

/* What is one number of one object of the status. */
static const struct metrics_entry {
	const char	*name, *type;
	const char	*group;		/* object in the status, "" itself */
	const char	*key;
	double		 unit;
	const char	*help;
} metrics_gateway[] = {
	{ "glas_texts_stored_total", "counter", "texts", "stored", 1,
	    "Texts stored in the database since the start." },
	{ "glas_texts_seen_total", "counter", "texts", "seen", 1,
	    "Segments that came once more, and were only counted." },
	{ "glas_texts_quarantined_total", "counter", "texts", "quarantined",
	    1, "What could not be stored as a text since the start." },
	{ "glas_texts_in_hand", "gauge", "spool", "texts", 1,
	    "Texts on their way into the database." },
	{ "glas_texts_answered_meanwhile", "gauge", "spool",
	    "answered_meanwhile", 1,
	    "Texts answered while the database was away, and not stored." },
	{ "glas_references_reserved", "gauge", "spool", "reserved", 1,
	    "Numbers of reports that can be told while the database is away." },
	{ "glas_spool_backlog_bytes", "gauge", "spool", "octets", 1,
	    "Octets of the log that are not in the database." },
	{ "glas_spool_backlog_records", "gauge", "spool", "records", 1,
	    "Records of the log that are not in the database." },
	{ "glas_spool_torn_bytes", "gauge", "spool", "torn", 1,
	    "Octets cut from the end of the log at the start." },
	{ "glas_spool_set_aside", "gauge", "spool", "set_aside", 1,
	    "Pieces of the log that could not be read." },
	{ "glas_outbox_waiting", "gauge", "outbox", "waiting", 1,
	    "Replies in the hands of this gateway." },
	{ "glas_outbox_segments_inflight", "gauge", "outbox", "inflight", 1,
	    "Segments whose outcome is not known yet." },
	{ "glas_segments_today", "gauge", "outbox", "segments_today", 1,
	    "Segments spent since midnight UTC." },
	{ "glas_segments_per_day", "gauge", "outbox", "segments_per_day", 1,
	    "How many may be; 0 any." },
	{ "glas_database_away", "gauge", "", "away", 1,
	    "Whether the database counts as away." },
	{ "glas_database_wait_seconds", "gauge", "", "database_waits_ms",
	    0.001, "How long the oldest call has waited for its answer." },
	{ "glas_keys_with_spool", "gauge", "", "keys_with_spool", 1,
	    "Whether the keys are on the disk of the spool." },
}, metrics_link[] = {
	{ "glas_link_up", "gauge", "", "up", 1,
	    "Whether texts can be handed to the link." },
	{ "glas_link_signal_dbm", "gauge", "", "signal_dbm", 1,
	    "Field strength in dBm." },
	{ "glas_link_sim_slots_used", "gauge", "", "sim_used", 1,
	    "Slots of the SIM in use." },
	{ "glas_link_sim_slots", "gauge", "", "sim_size", 1,
	    "Slots of the SIM." },
	{ "glas_link_segments_received_total", "counter", "", "received", 1,
	    "Segments received since the start." },
	{ "glas_link_segments_sent_total", "counter", "", "sent", 1,
	    "Segments that the network has taken since the start." },
	{ "glas_link_segments_today", "gauge", "", "segments_today", 1,
	    "Segments spent since midnight UTC." },
	{ "glas_link_segments_per_day", "gauge", "", "segments_per_day", 1,
	    "How many may be; 0 any." },
	{ "glas_link_waiting", "gauge", "", "waiting", 1,
	    "Replies that wait for the link." },
	{ "glas_link_waiting_seconds", "gauge", "", "still_ms", 0.001,
	    "For how long none of them has gone." },
	{ "glas_link_restarts_total", "counter", "", "restarts", 1,
	    "How often the link went down." },
	{ "glas_link_violations_total", "counter", "", "violations", 1,
	    "How often it was hung up on." },
	{ "glas_link_refused_total", "counter", "", "refused", 1,
	    "What was brought to it and refused since the start." },
	{ "glas_link_credit", "gauge", "credit", "hundredths", 0.01,
	    "The credit of its SIM." },
	{ "glas_link_credit_lasts_seconds", "gauge", "credit", "days_left",
	    86400, "For how long it lasts." },
	{ "glas_link_sim_valid_seconds", "gauge", "", "valid_days_left", 86400,
	    "For how long its SIM is valid." },
};

#define METRICS(table) (sizeof (table) / sizeof (table)[0])

static void
metrics_head(struct buf *b, const char *name, const char *type,
    const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Inside of quotes: these three are escaped, nothing else is special. */
static void
metrics_label(struct buf *b, const char *before, const char *name,
    const char *value)
{
	buf_printf(b, "%s%s=\"", before, name);
	for (; *value != '\0'; value++) {
		if (*value == '\n')
			buf_add_str(b, "\\n");
		else if (*value == '"' || *value == '\\')
			buf_printf(b, "\\%c", *value);
		else
			buf_add(b, value, 1);
	}
	buf_add_str(b, "\"");
}

/* False where there is nothing to tell. */
static bool
metrics_value(const struct metrics_entry *m, const json_t *object,
    double *value)
{
	const json_t *v = json_object_get(m->group[0] != '\0' ?
	    json_object_get(object, m->group) : object, m->key);

	*value = (json_is_true(v) ? 1 : json_number_value(v)) * m->unit;
	return (json_is_number(v) || json_is_boolean(v));
}

static void
metrics_of_gateway(struct buf *b, const json_t *status)
{
	double value;

	for (size_t n = 0; n < METRICS(metrics_gateway); n++) {
		const struct metrics_entry *m = &metrics_gateway[n];

		if (!metrics_value(m, status, &value))
			continue;
		metrics_head(b, m->name, m->type, m->help);
		buf_printf(b, "%s %.15g\n", m->name, value);
	}
}

static void
metrics_of_link(struct buf *b, const struct metrics_entry *m,
    const json_t *link)
{
	const json_t *credit = json_object_get(link, "credit");
	double value;

	if (!metrics_value(m, link, &value))
		return;
	buf_printf(b, "%s", m->name);
	metrics_label(b, "{", "link", show_text(link, "name"));
	if (strcmp(m->key, "up") == 0)
		metrics_label(b, ",", "kind", show_text(link, "kind"));
	if (strcmp(m->key, "hundredths") == 0)
		metrics_label(b, ",", "currency",
		    show_text(credit, "currency"));
	buf_printf(b, "} %.15g\n", value);
}

static void
metrics_of_links(struct buf *b, const json_t *links)
{
	json_t *link;
	size_t i;

	for (size_t n = 0; n < METRICS(metrics_link); n++) {
		const struct metrics_entry *m = &metrics_link[n];

		metrics_head(b, m->name, m->type, m->help);
		json_array_foreach(links, i, link)
			metrics_of_link(b, m, link);
	}
}

static void
metrics_of_alerts(struct buf *b, const json_t *status)
{
	json_t *alert;
	size_t n;

	metrics_head(b, "glas_alert", "gauge",
	    "What is wrong; see the table in doc/states.md.");
	json_array_foreach(json_object_get(status, "alerts"), n, alert) {
		const json_t *gateway = json_object_get(alert, "gateway");

		metrics_label(b, "glas_alert{", "name",
		    show_text(alert, "name"));
		metrics_label(b, ",", "link", show_text(alert, "link"));
		/* One that the database has found is of whom it says. */
		metrics_label(b, ",", "gateway", show_text(gateway != NULL ?
		    alert : status, "gateway"));
		buf_printf(b, "} 1\n");
	}
}

static void
metrics_of_replies(struct buf *b, const json_t *status)
{
	json_t *results = json_object_get(json_object_get(status, "outbox"),
	    "results"), *count;
	const char *state;

	metrics_head(b, "glas_replies_total", "counter",
	    "Replies that came to that state since the start.");
	json_object_foreach(results, state, count) {
		metrics_label(b, "glas_replies_total{", "state", state);
		buf_printf(b, "} %lld\n", (long long)json_integer_value(count));
	}
}

/* How long texts took from the log into the database. */
static void
metrics_of_latency(struct buf *b, const json_t *texts)
{
	metrics_head(b, "glas_text_store_seconds", "summary",
	    "From the log into the database.");
	buf_printf(b, "glas_text_store_seconds_sum %.15g\n"
	    "glas_text_store_seconds_count %lld\n",
	    (double)show_number(texts, "stored_after_us") / 1e6,
	    show_number(texts, "stored"));
}

static void
metrics_of_state(struct buf *b, const json_t *status)
{
	static const char *const states[] = { "well", "degraded", "down" };
	int64_t at = 0;
	int offset;

	metrics_head(b, "glas_info", "gauge", "Who this is.");
	metrics_label(b, "glas_info{", "gateway", show_text(status, "gateway"));
	metrics_label(b, ",", "version", show_text(status, "version"));
	buf_printf(b, "} 1\n");
	metrics_head(b, "glas_state", "gauge", "How glasctl status calls it.");
	for (size_t n = 0; n < METRICS(states); n++) {
		metrics_label(b, "glas_state{", "state", states[n]);
		buf_printf(b, "} %d\n", strcmp(show_text(status, "state"),
		    states[n]) == 0);
	}
	metrics_head(b, "glas_database_up", "gauge",
	    "Whether the database is connected to and of use.");
	buf_printf(b, "glas_database_up %d\n",
	    strcmp(show_text(status, "database"), "up") == 0);
	if (clock_parse(show_text(status, "started_at"), &at, &offset) == 0) {
		metrics_head(b, "glas_start_time_seconds", "gauge",
		    "When it was started.");
		buf_printf(b, "glas_start_time_seconds %lld\n",
		    (long long)(at / 1000000));
	}
}

void
metrics_write(struct buf *b, const json_t *status)
{
	metrics_head(b, "glas_up", "gauge", "Whether glasd answers.");
	buf_printf(b, "glas_up %d\n", status != NULL);
	if (status == NULL)
		return;
	metrics_of_state(b, status);
	metrics_of_gateway(b, status);
	metrics_of_latency(b, json_object_get(status, "texts"));
	metrics_of_replies(b, status);
	metrics_of_links(b, json_object_get(status, "links"));
	metrics_of_alerts(b, status);
}
