/*
 * The status page, from what glasd tells of its state. Runs in glas-web; pure.
 * It needs no script and nothing from elsewhere, and has no number and no text
 * of anybody. All that is not ours to say goes through html_text().
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "show/chart.h"
#include "show/html.h"
#include "show/page.h"
#include "show/page_style.h"
#include "show/status.h"

#define PAGE_ANEW_S	"30"

/*
 * Pieces.
 */

/* The class of a word, by how bad it is. */
static const char *
page_class(const char *state)
{
	static const struct {
		const char	*state, *class;
	} classes[] = { { "well", "well" }, { "ready", "well" },
		{ "listing", "well" }, { "up", "well" }, { "down", "bad" },
		{ "away", "bad" } };

	for (size_t n = 0; n < sizeof classes / sizeof classes[0]; n++) {
		if (strcmp(classes[n].state, state) == 0)
			return (classes[n].class);
	}
	return ("warn");
}

static void
page_state(struct buf *b, const char *state)
{
	buf_printf(b, "<span class=\"state %s\">", page_class(state));
	html_text(b, state);
	buf_add_str(b, "</span>");
}

/* How long before the state was told; the time itself is its title. */
static void
page_since(struct buf *b, const struct page_facts *f, const json_t *object,
    const char *key, const char *before, const char *after)
{
	int64_t at = show_time(object, key);
	int64_t now = show_time(f->status, "at");
	char span[SHOW_TIME_MAX];

	if (at == -1 || now == -1)
		return;
	show_span((now - at) / 1000000 + f->age_s, span);
	buf_printf(b, "%s<time datetime=\"", before);
	html_text(b, show_text(object, key));
	buf_add_str(b, "\" title=\"");
	html_text(b, show_text(object, key));
	buf_printf(b, "\">%s</time>%s", span, after);
}

static void
page_row(struct buf *b, const char *name)
{
	buf_printf(b, "<dt>%s</dt><dd>", name);
}

static void
page_row_end(struct buf *b)
{
	buf_add_str(b, "</dd>\n");
}

/* "12 texts", "1 text" */
static void
page_some(struct buf *b, int64_t count, const char *one, const char *many)
{
	html_count(b, count);
	buf_printf(b, " %s", count == 1 ? one : many);
}

static void
page_row_of(struct buf *b, const char *name, int64_t count, const char *one,
    const char *many)
{
	page_row(b, name);
	page_some(b, count, one, many);
	page_row_end(b);
}

/*
 * What is wrong.
 */

static void
page_alert(struct buf *b, const struct page_facts *f, const json_t *alert)
{
	buf_add_str(b, "<li><h3>");
	html_text(b, show_text(alert, "name"));
	if (show_text(alert, "link")[0] != '\0') {
		buf_add_str(b, " <span>");
		html_text(b, show_text(alert, "link"));
		buf_add_str(b, "</span>");
	}
	page_since(b, f, alert, "since", " <small>for ", "</small>");
	buf_add_str(b, "</h3>\n<p>");
	html_text(b, show_text(alert, "text"));
	buf_add_str(b, "</p>\n<p><strong>To do:</strong> ");
	html_text(b, show_text(alert, "remedy"));
	buf_add_str(b, "</p></li>\n");
}

static void
page_no_alert(struct buf *b, const struct page_facts *f)
{
	struct buf links = { 0 };

	show_unready(&links, f->status);
	if (links.len == 0) {
		buf_add_str(b, "<p>Nothing is.</p></section>\n");
	} else {
		buf_add_str(b, "<p>Nothing so far: ");
		html_text(b, buf_str(&links));
		buf_add_str(b, ".</p></section>\n");
	}
	buf_clear(&links);
}

static void
page_alerts(struct buf *b, const struct page_facts *f)
{
	const json_t *alerts = json_object_get(f->status, "alerts");
	json_t *alert;
	size_t n;

	buf_add_str(b, "<section><h2>What is wrong</h2>\n");
	if (json_array_size(alerts) == 0) {
		page_no_alert(b, f);
		return;
	}
	buf_add_str(b, "<ul class=\"alerts\">\n");
	json_array_foreach(alerts, n, alert)
		page_alert(b, f, alert);
	buf_add_str(b, "</ul></section>\n");
}

/*
 * Links.
 */

/* RSSI, as it is commonly graded for GSM. */
static const char *
page_signal_words(long long dbm)
{
	static const struct {
		int		 dbm;
		const char	*words;
	} grades[] = { { -73, "very good" }, { -83, "good" }, { -93, "fair" },
		{ -103, "weak" } };

	for (size_t n = 0; n < sizeof grades / sizeof grades[0]; n++) {
		if (dbm >= grades[n].dbm)
			return (grades[n].words);
	}
	return ("hardly any");
}

static void
page_signal(struct buf *b, const json_t *link)
{
	long long dbm = show_number(link, "signal_dbm");

	if (!json_is_integer(json_object_get(link, "signal_dbm")))
		return;
	page_row(b, "Signal");
	buf_printf(b, "\xe2\x88\x92%lld dBm, %s <meter min=\"0\" max=\"62\" "
	    "low=\"10\" high=\"20\" optimum=\"62\" value=\"%lld\"></meter>",
	    dbm < 0 ? -dbm : dbm, page_signal_words(dbm),
	    dbm > -113 ? dbm + 113 : 0);
	page_row_end(b);
}

static void
page_sim(struct buf *b, const json_t *link)
{
	long long used = show_number(link, "sim_used");
	long long size = show_number(link, "sim_size");

	if (size <= 0)
		return;
	page_row(b, "SIM");
	/* Yellow from where the alert begins, red before none has room. */
	buf_printf(b, "%lld of %lld slots used <meter min=\"0\" max=\"%lld\" "
	    "low=\"%lld\" high=\"%lld\" optimum=\"0\" value=\"%lld\">"
	    "</meter>", used, size, size, size * 7 / 10, size * 9 / 10, used);
	page_row_end(b);
}

static void
page_credit(struct buf *b, const json_t *link)
{
	const json_t *credit = json_object_get(link, "credit");
	const json_t *days = json_object_get(credit, "days_left");

	if (show_text(link, "balance")[0] == '\0')
		return;
	page_row(b, "Credit");
	html_text(b, show_text(link, "balance"));
	if (json_is_integer(days)) {
		buf_add_str(b, ", about ");
		page_some(b, json_integer_value(days), "day", "days");
		buf_add_str(b, " left");
	}
	page_row_end(b);
}

static void
page_valid(struct buf *b, const json_t *link)
{
	const json_t *days = json_object_get(link, "valid_days_left");

	if (!json_is_integer(days))
		return;
	page_row(b, "SIM valid");
	if (json_integer_value(days) < 0)
		buf_add_str(b, "no more");
	else
		page_some(b, json_integer_value(days), "day more",
		    "days more");
	page_row_end(b);
}

static void
page_today(struct buf *b, const json_t *object)
{
	page_some(b, show_number(object, "segments_today"), "segment",
	    "segments");
	if (show_number(object, "segments_per_day") > 0) {
		buf_add_str(b, " of ");
		html_count(b, show_number(object, "segments_per_day"));
	}
	buf_add_str(b, " since midnight UTC");
}

static void
page_traffic(struct buf *b, const json_t *link)
{
	page_row(b, "Sent");
	page_today(b, link);
	page_row_end(b);
	page_row_of(b, "Waiting", show_number(link, "waiting"), "text",
	    "texts");
	page_row(b, "Since start");
	page_some(b, show_number(link, "received"), "segment", "segments");
	buf_add_str(b, " received, ");
	html_count(b, show_number(link, "sent"));
	buf_add_str(b, " sent");
	page_row_end(b);
}

static void
page_link(struct buf *b, const struct page_facts *f, const json_t *link)
{
	buf_add_str(b, "<li><h3>");
	html_text(b, show_text(link, "name"));
	buf_add_str(b, " <small>");
	html_text(b, show_text(link, "kind"));
	buf_add_str(b, "</small> ");
	page_state(b, show_text(link, "state"));
	buf_add_str(b, "</h3>\n");
	if (show_text(link, "detail")[0] != '\0') {
		buf_add_str(b, "<p>");
		html_text(b, show_text(link, "detail"));
		buf_add_str(b, "</p>\n");
	}
	buf_add_str(b, "<dl>\n");
	if (show_text(link, "operator")[0] != '\0') {
		page_row(b, "Network");
		html_text(b, show_text(link, "operator"));
		page_row_end(b);
	}
	page_signal(b, link);
	page_sim(b, link);
	page_credit(b, link);
	page_valid(b, link);
	page_traffic(b, link);
	page_since(b, f, link, "last_seen_at", "<dt>Heard</dt><dd>",
	    " ago</dd>\n");
	buf_add_str(b, "</dl></li>\n");
}

static void
page_links(struct buf *b, const struct page_facts *f)
{
	json_t *link;
	size_t n;

	buf_add_str(b, "<section><h2>Links</h2>\n<ul>\n");
	json_array_foreach(json_object_get(f->status, "links"), n, link) {
		/* Of what serves this page, the page itself tells. */
		if (strcmp(show_text(link, "kind"), "status") != 0)
			page_link(b, f, link);
	}
	buf_add_str(b, "</ul></section>\n");
}

/*
 * The gateway.
 */

static void
page_queue(struct buf *b, const json_t *status)
{
	const json_t *outbox = json_object_get(status, "outbox");

	buf_add_str(b, "<li><h3>Queue</h3>\n<dl>\n");
	page_row_of(b, "Waiting", show_number(outbox, "waiting"), "text",
	    "texts");
	page_row_of(b, "In flight", show_number(outbox, "inflight"), "segment",
	    "segments");
	page_row(b, "Sent");
	page_today(b, outbox);
	page_row_end(b);
	buf_add_str(b, "</dl></li>\n");
}

static void
page_spool(struct buf *b, const json_t *status)
{
	const json_t *spool = json_object_get(status, "spool");

	buf_add_str(b, "<li><h3>Spool</h3>\n<dl>\n");
	page_row(b, "Not stored");
	html_octets(b, show_number(spool, "octets"));
	page_row_end(b);
	page_row_of(b, "In hand", show_number(spool, "texts"), "text", "texts");
	page_row_of(b, "Set aside", show_number(spool, "set_aside"), "piece",
	    "pieces");
	buf_add_str(b, "</dl></li>\n");
}

static void
page_database(struct buf *b, const json_t *status)
{
	const json_t *spool = json_object_get(status, "spool");
	const char *words = show_text(status, "database");
	const char *why = strchr(words, ':');
	char *word = xstrndup(words, strcspn(words, ":"));

	buf_add_str(b, "<li><h3>Database ");
	page_state(b, word);
	buf_add_str(b, "</h3>\n");
	if (why != NULL) {
		buf_add_str(b, "<p>");
		html_text(b, why + 1);
		buf_add_str(b, "</p>\n");
	}
	if (strcmp(word, "up") != 0 &&
	    strcmp(show_text(status, "state"), "down") != 0)
		buf_add_str(b, "<p>Texts are taken and kept.</p>\n");
	buf_add_str(b, "<dl>\n");
	page_row_of(b, "Answered meanwhile", show_number(spool,
	    "answered_meanwhile"), "text", "texts");
	page_row(b, "References left");
	html_count(b, show_number(spool, "reserved"));
	page_row_end(b);
	buf_add_str(b, "</dl></li>\n");
	free(word);
}

static void
page_charts(struct buf *b, const struct page_facts *f)
{
	buf_add_str(b, "<section><h2>Texts</h2>\n");
	if (strcmp(show_text(f->status, "database"), "up") != 0)
		buf_add_str(b, "<p>The database does not answer: the charts "
		    "are as they were counted last.</p>\n");
	chart_write(b, f->hours);
	buf_add_str(b, "</section>\n");
}

static void
page_silent(struct buf *b, const struct page_facts *f)
{
	char span[SHOW_TIME_MAX];

	if (!f->silent)
		return;
	show_span(f->age_s, span);
	buf_add_str(b, "<p class=\"box silent\"><strong>glasd does not "
	    "answer.</strong> ");
	if (f->status != NULL)
		buf_printf(b, "What follows is %s old. ", span);
	buf_add_str(b, "See <code>systemctl status glas</code> and "
	    "<code>journalctl -u glas</code>.</p>\n");
}

static void
page_head(struct buf *b, const struct page_facts *f)
{
	const char *name = show_text(f->status, "gateway");
	const char *state = f->silent ? "down" : show_text(f->status, "state");

	buf_add_str(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\""
	    "width=device-width, initial-scale=1\">\n"
	    "<meta http-equiv=\"refresh\" content=\"" PAGE_ANEW_S "\">\n"
	    "<title>");
	html_text(b, state);
	buf_add_str(b, ": Glas ");
	html_text(b, name);
	buf_printf(b, "</title>\n%s</head>\n<body>\n<header>\n<h1>Glas ",
	    page_style);
	html_text(b, name);
	buf_add_str(b, " ");
	page_state(b, state);
	buf_add_str(b, "</h1>\n");
	if (f->status != NULL) {
		buf_add_str(b, "<p>Version ");
		html_text(b, show_text(f->status, "version"));
		page_since(b, f, f->status, "started_at", ", runs for ", "");
		buf_add_str(b, ".</p>\n");
	}
	buf_add_str(b, "</header>\n<main>\n");
}

void
page_write(struct buf *b, const struct page_facts *f)
{
	page_head(b, f);
	page_silent(b, f);
	if (f->status != NULL) {
		page_alerts(b, f);
		page_links(b, f);
		buf_add_str(b, "<section><h2>Queue and spool</h2>\n<ul>\n");
		page_queue(b, f->status);
		page_spool(b, f->status);
		page_database(b, f->status);
		buf_add_str(b, "</ul></section>\n");
		page_charts(b, f);
	}
	buf_add_str(b, "</main>\n<footer>No number and no text of anybody is "
	    "on this page. It is asked for anew every " PAGE_ANEW_S
	    " seconds. The same for programs: /metrics and /healthz."
	    "</footer>\n</body>\n</html>\n");
}
