/*
 * The list of alerts. Runs in glasd; owned by watch.c, which fills it; read by
 * status.c and database_upkeep.c. An alert is known by its name and its link:
 * while the two are put again at each look, it is the same one, with the same
 * time since when, whatever its text says meanwhile. Over a start that time is
 * kept by the database.
 */
#include <sys/queue.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/alerts.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "store/record.h"

#define ALERTS_RECALL_MS	600000	/* after a start; longer than it takes
					   for a modem to be given up */

static const struct {
	const char	*name;
	bool		 there;		/* the database knows it by itself */
} alerts_names[ALERTS] = {
	[ALERT_CONFIGURATION] = { "configuration", false },
	[ALERT_NO_LINK] = { "no-link", false },
	[ALERT_LINK_DOWN] = { "link-down", false },
	[ALERT_LINK_STARTING] = { "link-starting", false },
	[ALERT_LINK_SEARCHING] = { "link-searching", false },
	[ALERT_LINK_PAUSED] = { "link-paused", false },
	[ALERT_LINK_TROUBLE] = { "link-trouble", false },
	[ALERT_LINK_RESTARTS] = { "link-restarts", false },
	[ALERT_LINK_VIOLATIONS] = { "link-violations", false },
	[ALERT_LINK_REFUSES] = { "link-refuses", false },
	[ALERT_LINK_UNSANDBOXED] = { "link-unsandboxed", false },
	[ALERT_SIM_NEARLY_FULL] = { "sim-nearly-full", false },
	[ALERT_CREDIT_LOW] = { "credit-low", false },
	[ALERT_CREDIT_UNREAD] = { "credit-unread", false },
	[ALERT_VALIDITY_UNREAD] = { "validity-unread", false },
	[ALERT_SIM_EXPIRES] = { "sim-expires", false },
	[ALERT_DAILY_LIMIT] = { "daily-limit", false },
	[ALERT_OUTBOX_STUCK] = { "outbox-stuck", false },
	[ALERT_SPOOL_FAILING] = { "spool-failing", false },
	[ALERT_SPOOL_FULL] = { "spool-full", false },
	[ALERT_SPOOL_GROWS] = { "spool-grows", false },
	[ALERT_SPOOL_DAMAGED] = { "spool-damaged", false },
	[ALERT_SPOOL_IN_MEMORY] = { "spool-in-memory", false },
	[ALERT_KEYS_WITH_SPOOL] = { "keys-with-spool", false },
	[ALERT_KEYS_MISSING] = { "keys-missing", false },
	[ALERT_TEXTS_BLOCKED] = { "texts-blocked", false },
	[ALERT_REFERENCES_LOW] = { "references-low", false },
	[ALERT_DATABASE_AWAY] = { "database-away", false },
	[ALERT_DATABASE_FAILING] = { "database-failing", false },
	[ALERT_DATABASE_LOCKED] = { "database-locked", false },
	[ALERT_CLOCK] = { "clock", false },
	[ALERT_NAME_TAKEN] = { "name-taken", true },
	[ALERT_DATABASE_REWOUND] = { "database-rewound", true },
};

struct alerts_entry {
	TAILQ_ENTRY(alerts_entry) entry;
	enum alert	 alert;
	char		 link[LINK_NAME_MAX];
	char		*text;
	char		*remedy;
	int64_t		 since;		/* wall clock, us */
	bool		 put;		/* in this look */
};

TAILQ_HEAD(alerts_entries, alerts_entry);

struct alerts {
	struct alerts_entries list;	/* in the order of enum alert */
	bool		 changed;
	bool		 connected;	/* what the database knew is here */
	json_t		*known;		/* of before the start, or NULL */
	int64_t		 forget_ms;	/* that; clock_mono_ms */
	json_t		*others;
};

struct alerts *
alerts_new(void)
{
	struct alerts *a = xcalloc(1, sizeof *a);

	TAILQ_INIT(&a->list);
	a->others = json_array();
	a->forget_ms = clock_mono_ms() + ALERTS_RECALL_MS;
	return (a);
}

static void
alerts_entry_free(struct alerts *a, struct alerts_entry *e)
{
	TAILQ_REMOVE(&a->list, e, entry);
	free(e->text);
	free(e->remedy);
	free(e);
}

void
alerts_free(struct alerts *a)
{
	struct alerts_entry *e;

	if (a == NULL)
		return;
	while ((e = TAILQ_FIRST(&a->list)) != NULL)
		alerts_entry_free(a, e);
	json_decref(a->known);
	json_decref(a->others);
	free(a);
}

/*
 * Since when.
 */

static const char *
alerts_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return (s != NULL ? s : "");
}

/* The one of that name and link in an array; NULL when there is none. */
static const json_t *
alerts_find(const json_t *array, const char *name, const char *link)
{
	json_t *object;
	size_t n;

	json_array_foreach(array, n, object) {
		if (strcmp(alerts_text(object, "name"), name) == 0 &&
		    strcmp(alerts_text(object, "link"), link) == 0)
			return (object);
	}
	return (NULL);
}

/* A time to come is of a clock that was wrong. */
static void
alerts_recall_one(const struct alerts *a, struct alerts_entry *e)
{
	const json_t *known = alerts_find(a->known,
	    alerts_names[e->alert].name, e->link);
	int64_t since;
	int offset;

	if (known != NULL &&
	    clock_parse(alerts_text(known, "since"), &since, &offset) == 0 &&
	    since < e->since)
		e->since = since;
}

void
alerts_recall(struct alerts *a, const char *known)
{
	struct alerts_entry *e;

	if (a->connected)
		return;
	a->connected = true;
	a->known = json_loads(known, 0, NULL);
	TAILQ_FOREACH(e, &a->list, entry)
		alerts_recall_one(a, e);
}

void
alerts_others(struct alerts *a, const char *others)
{
	json_t *array = json_loads(others, 0, NULL);

	if (json_is_array(array)) {
		json_decref(a->others);
		a->others = json_incref(array);
	}
	json_decref(array);
}

/*
 * A look.
 */

void
alerts_begin(struct alerts *a)
{
	struct alerts_entry *e;

	TAILQ_FOREACH(e, &a->list, entry)
		e->put = false;
	if (a->known != NULL && clock_mono_ms() >= a->forget_ms) {
		json_decref(a->known);
		a->known = NULL;
	}
}

static struct alerts_entry *
alerts_entry_new(struct alerts *a, enum alert alert, const char *link)
{
	struct alerts_entry *e = xcalloc(1, sizeof *e), *after;

	e->alert = alert;
	strncpy(e->link, link, sizeof e->link - 1);
	e->since = clock_wall_us();
	alerts_recall_one(a, e);
	TAILQ_FOREACH_REVERSE(after, &a->list, alerts_entries, entry) {
		if (after->alert <= alert)
			break;
	}
	if (after != NULL)
		TAILQ_INSERT_AFTER(&a->list, after, e, entry);
	else
		TAILQ_INSERT_HEAD(&a->list, e, entry);
	log_notice("alert=%s link=%s", alerts_names[alert].name, e->link);
	a->changed = true;
	return (e);
}

/* Some of it is what others say: in JSON only whole characters can be. */
static void
alerts_words(char **words, const char *said)
{
	struct buf b = { 0 };

	utf8_visible(&b, said, strlen(said));
	free(*words);
	*words = xstrdup(buf_str(&b));
	buf_clear(&b);
}

void
alerts_put(struct alerts *a, enum alert alert, const char *link,
    const char *text, const char *remedy)
{
	struct alerts_entry *e;

	TAILQ_FOREACH(e, &a->list, entry) {
		if (e->alert == alert && strcmp(e->link, link) == 0)
			break;
	}
	if (e == NULL)
		e = alerts_entry_new(a, alert, link);
	e->put = true;
	alerts_words(&e->text, text);
	alerts_words(&e->remedy, remedy);
}

void
alerts_end(struct alerts *a)
{
	struct alerts_entry *e, *next;

	for (e = TAILQ_FIRST(&a->list); e != NULL; e = next) {
		next = TAILQ_NEXT(e, entry);
		if (e->put)
			continue;
		log_notice("alert=%s link=%s over",
		    alerts_names[e->alert].name, e->link);
		alerts_entry_free(a, e);
		a->changed = true;
	}
}

bool
alerts_changed(struct alerts *a)
{
	bool changed = a->changed;

	a->changed = false;
	return (changed);
}

/*
 * What is shown.
 */

static json_t *
alerts_object(const struct alerts_entry *e)
{
	char since[32];

	clock_format(e->since, since, sizeof since);
	return (json_pack("{s:s, s:s, s:s, s:s, s:s}", "name",
	    alerts_names[e->alert].name, "link", e->link, "since", since,
	    "text", e->text, "remedy", e->remedy));
}

json_t *
alerts_own(const struct alerts *a)
{
	json_t *array = json_array();
	const struct alerts_entry *e;

	TAILQ_FOREACH(e, &a->list, entry) {
		if (!alerts_names[e->alert].there)
			json_array_append_new(array, alerts_object(e));
	}
	return (array);
}

/* What both know is told once, as it is known here. */
static bool
alerts_is_own(const struct alerts *a, const json_t *other)
{
	const struct alerts_entry *e;

	TAILQ_FOREACH(e, &a->list, entry) {
		if (strcmp(alerts_names[e->alert].name,
		    alerts_text(other, "name")) == 0 &&
		    strcmp(e->link, alerts_text(other, "link")) == 0)
			return (true);
	}
	return (false);
}

json_t *
alerts_list(const struct alerts *a)
{
	json_t *array = json_array(), *other;
	const struct alerts_entry *e;
	size_t n;

	TAILQ_FOREACH(e, &a->list, entry)
		json_array_append_new(array, alerts_object(e));
	json_array_foreach(a->others, n, other) {
		if (!alerts_is_own(a, other))
			json_array_append(array, other);
	}
	return (array);
}
