/*
 * glasctl status: how the running gateway is, on lines of 80 columns, or as
 * JSON. A daemon that does not answer is down.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "show/status.h"

#define CTL_FOR_MAX	48

/* ", for 3 h"; "" where it is not known. */
static const char *
ctl_status_for(const json_t *alert, char words[CTL_FOR_MAX])
{
	int64_t at = show_time(alert, "since");
	char span[SHOW_TIME_MAX];

	words[0] = '\0';
	if (at == -1)
		return (words);
	show_span((clock_wall_us() - at) / 1000000, span);
	snprintf(words, CTL_FOR_MAX, ", for %s", span);
	return (words);
}

static void
ctl_status_link(const json_t *link)
{
	char signal[32] = "-", sim[32] = "-", *rest, *line;
	const char *operator = show_text(link, "operator");
	const char *balance = show_text(link, "balance");

	if (json_is_integer(json_object_get(link, "signal_dbm")))
		snprintf(signal, sizeof signal, "%lld dBm",
		    show_number(link, "signal_dbm"));
	if (json_is_integer(json_object_get(link, "sim_size")))
		snprintf(sim, sizeof sim, "SIM %lld/%lld",
		    show_number(link, "sim_used"),
		    show_number(link, "sim_size"));
	rest = xasprintf("%s%s%s", operator,
	    operator[0] != '\0' && balance[0] != '\0' ? ", " : "", balance);
	line = xasprintf("  %-12s %-6s %-10s %-9s %-10s",
	    show_text(link, "name"), show_text(link, "kind"),
	    show_text(link, "state"), signal, sim);
	if (strlen(line) + 1 + ctl_columns(rest, strlen(rest)) <
	    CTL_COLUMNS) {
		ctl_say(stdout, "%s %s", line, rest);
	} else {
		ctl_say(stdout, "%s", line);
		ctl_say_wrapped("               ", rest);
	}
	free(line);
	free(rest);
}

static void
ctl_status_alert(const json_t *alert)
{
	const char *link = show_text(alert, "link");
	char words[CTL_FOR_MAX];

	ctl_say(stdout, "! %s%s%s%s", show_text(alert, "name"),
	    link[0] != '\0' ? " " : "", link,
	    ctl_status_for(alert, words));
	ctl_say_wrapped("    ", show_text(alert, "text"));
	ctl_say_wrapped("    > ", show_text(alert, "remedy"));
}

/* Why it is not well when nothing is wrong. */
static void
ctl_status_unready(const json_t *status)
{
	struct buf links = { 0 };

	show_unready(&links, status);
	if (links.len != 0) {
		ctl_say(stdout, "! not ready yet");
		ctl_say_wrapped("    ", buf_str(&links));
	}
	buf_clear(&links);
}

static void
ctl_status_show(const json_t *status)
{
	const json_t *spool = json_object_get(status, "spool");
	const json_t *outbox = json_object_get(status, "outbox");
	char *database = xasprintf("database %s",
	    show_text(status, "database"));
	json_t *entry;
	size_t n;

	ctl_say(stdout, "gateway %s: %s; glasd runs since %s",
	    show_text(status, "gateway"), show_text(status, "state"),
	    show_text(status, "started_at"));
	ctl_say_wrapped("", database);
	ctl_say(stdout, "spool %lld octets not stored, %lld texts in hand, "
	    "%lld answered meanwhile", show_number(spool, "octets"),
	    show_number(spool, "texts"),
	    show_number(spool, "answered_meanwhile"));
	/* What the database has queued is in glas.outbox alone. */
	ctl_say(stdout, "in hand %lld replies, %lld segments in flight; "
	    "%lld segments today", show_number(outbox, "waiting"),
	    show_number(outbox, "inflight"),
	    show_number(outbox, "segments_today"));
	ctl_say(stdout, "links");
	json_array_foreach(json_object_get(status, "links"), n, entry)
		ctl_status_link(entry);
	json_array_foreach(json_object_get(status, "alerts"), n, entry)
		ctl_status_alert(entry);
	if (n == 0)
		ctl_status_unready(status);
	free(database);
}

static int
ctl_status_code(const json_t *status)
{
	const char *state = show_text(status, "state");

	if (strcmp(state, "well") == 0)
		return (CTL_DONE);
	return (strcmp(state, "degraded") == 0 ? CTL_DEGRADED : CTL_DOWN);
}

int
ctl_status(const struct ctl *ctl, int argc, char **argv)
{
	bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;
	json_t *status;
	int code;

	if (argc > 2 || (argc == 2 && !as_json))
		return (ctl_misused(ctl));
	status = ctl_control_ask(ctl, json_pack("{s:s}", "do", "status"));
	if (status == NULL)
		return (CTL_DOWN);
	if (as_json) {
		json_dumpf(status, stdout, JSON_ENSURE_ASCII | JSON_INDENT(2));
		putchar('\n');
	} else {
		ctl_status_show(status);
	}
	code = ctl_status_code(status);
	json_decref(status);
	return (code);
}
