/*
 * glasctl doctor: the database, as the gateway sees it: connection, version,
 * settings that a text depends on, schema, keys, content. Owns one connection
 * while it looks.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/doctor.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "store/check.h"
#include "store/config.h"
#include "store/content.h"
#include "store/pg.h"
#include "text/content.h"

#define DOCTOR_PG_LEAST		150000
#define DOCTOR_PG_FREE		5	/* connections */
#define DOCTOR_PG_APART_S	5

static const char doctor_query[] =
    "select current_setting('server_version'),"
    " current_setting('server_version_num')::int,"
    " current_setting('fsync'), current_setting('full_page_writes'),"
    " current_setting('synchronous_commit'),"
    " current_setting('server_encoding'),"
    " (select reset_val from pg_settings where name = 'TimeZone'),"
    " current_setting('max_connections')::int"
    "  - current_setting('superuser_reserved_connections')::int"
    "  - (select sum(numbackends) from pg_stat_database)::int,"
    " extract(epoch from clock_timestamp())::bigint, current_database(),"
    " current_setting('max_connections'),"
    " current_setting('transaction_read_only')::bool";

enum doctor_column {
	DOCTOR_PG_VERSION,
	DOCTOR_PG_NUMBER,
	DOCTOR_PG_FSYNC,
	DOCTOR_PG_PAGES,
	DOCTOR_PG_COMMIT,
	DOCTOR_PG_ENCODING,
	DOCTOR_PG_ZONE,
	DOCTOR_PG_ROOM,
	DOCTOR_PG_TIME,
	DOCTOR_PG_NAME,
	DOCTOR_PG_MOST,
	DOCTOR_PG_READS
};

/* Settings of which another value than this one costs texts. */
static const struct doctor_setting {
	enum doctor_column	 column;
	const char		*name;
	const char		*bad;
	const char		*why;
} doctor_settings[] = {
	{ DOCTOR_PG_FSYNC, "fsync", "off", "a power cut takes what was "
	    "stored, or the whole database, with it" },
	{ DOCTOR_PG_PAGES, "full_page_writes", "off", "a power cut can tear "
	    "pages that are not mended then" },
	{ DOCTOR_PG_COMMIT, "synchronous_commit", "off", "what the gateway "
	    "believes to be stored can be lost in a crash, and its log has "
	    "let go of it after keep-committed hours" },
};

/* How many are wrong. */
static int
doctor_pg_settings(struct doctor *d, const struct pg_result *r)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof doctor_settings /
	    sizeof doctor_settings[0]; i++) {
		const struct doctor_setting *s = &doctor_settings[i];

		if (strcmp(pg_text(r, 0, (int)s->column), s->bad) != 0)
			continue;
		doctor_say(d, DOCTOR_WRONG, "postgresql", "%s is %s: %s: "
		    "alter system set %s = on, also for the role and the "
		    "database, and reload", s->name, s->bad, s->why, s->name);
		wrong++;
	}
	return (wrong);
}

static void
doctor_pg_server(struct doctor *d, const struct pg_result *r)
{
	int wrong = doctor_pg_settings(d, r);

	if (pg_int(r, 0, DOCTOR_PG_NUMBER) < DOCTOR_PG_LEAST)
		doctor_say(d, DOCTOR_WRONG, "postgresql", "version %s is too "
		    "old: Glas needs 15 or later: pg_upgradecluster",
		    pg_text(r, 0, DOCTOR_PG_VERSION));
	else if (strcmp(pg_text(r, 0, DOCTOR_PG_ENCODING), "UTF8") != 0)
		doctor_say(d, DOCTOR_WRONG, "postgresql", "the database has "
		    "encoding %s, in which not all that people write has room: "
		    "make it anew with encoding UTF8",
		    pg_text(r, 0, DOCTOR_PG_ENCODING));
	else if (pg_int(r, 0, DOCTOR_PG_ROOM) < DOCTOR_PG_FREE)
		doctor_say(d, DOCTOR_WARNING, "postgresql", "%lld of %s "
		    "connections are free, and the gateway may find none: end "
		    "sessions that nobody needs, or raise max_connections",
		    (long long)pg_int(r, 0, DOCTOR_PG_ROOM),
		    pg_text(r, 0, DOCTOR_PG_MOST));
	else if (wrong == 0 && !pg_bool(r, 0, DOCTOR_PG_READS))
		doctor_say(d, DOCTOR_OK, "postgresql", "version %s, commits "
		    "are durable, %lld connections are free",
		    pg_text(r, 0, DOCTOR_PG_VERSION),
		    (long long)pg_int(r, 0, DOCTOR_PG_ROOM));
}

static void
doctor_pg_time(struct doctor *d, const struct pg_result *r)
{
	long long apart = (long long)(clock_wall_us() / 1000000 -
	    pg_int(r, 0, DOCTOR_PG_TIME));
	const char *zone = pg_text(r, 0, DOCTOR_PG_ZONE);

	if (apart > DOCTOR_PG_APART_S || apart < -DOCTOR_PG_APART_S)
		doctor_say(d, DOCTOR_WRONG, "database time", "the clock here "
		    "is %lld s %s that of the database: leases, limits and "
		    "deadlines go by both: let one keep both, such as chrony",
		    apart < 0 ? -apart : apart, apart < 0 ? "behind" :
		    "ahead of");
	else if (strcmp(zone, "UTC") == 0 || strcmp(zone, "Etc/UTC") == 0 ||
	    strcmp(zone, "GMT") == 0)
		doctor_say(d, DOCTOR_WARNING, "database time", "psql shows "
		    "times in %s, which nobody lives by: alter database %s set "
		    "timezone = 'Europe/Belgrade'", zone,
		    pg_text(r, 0, DOCTOR_PG_NAME));
	else
		doctor_say(d, DOCTOR_OK, "database time", "as here, shown in "
		    "%s", zone);
}

static size_t
doctor_entries(const json_t *pack, const char *section)
{
	return (json_array_size(json_object_get(json_object_get(pack, section),
	    "entries")));
}

/* NULL, with what is wrong with it in `problems`. */
static json_t *
doctor_content_get(struct pg_client *c, struct buf *problems)
{
	struct pg_result *r = pg_query(c, "select glas_gw.content() is null",
	    NULL);
	json_t *pack = NULL;

	if (!pg_ok(r))
		buf_printf(problems, "%s", pg_error(r));
	else if (pg_bool(r, 0, 0))
		buf_printf(problems, "there is none in the database");
	else
		pack = content_fetch(c, problems);
	pg_result_free(r);
	return (pack);
}

/* No pack with an error comes in: what is found was right for the version
 * before this one. */
struct doctor_lack {
	unsigned int	 errors;
	char		*first;
};

static void
doctor_content_found(void *arg, const struct content_finding *f)
{
	struct doctor_lack *lack = arg;

	if (f->error && lack->errors++ == 0)
		lack->first = xstrdup(f->what);
}

static void
doctor_content_check(const json_t *pack, struct doctor_lack *lack)
{
	char today[32];

	clock_format(clock_wall_us(), today, sizeof today);
	today[strlen("2026-11-23")] = '\0';
	if (pack != NULL)
		content_check(pack, today, doctor_content_found, lack);
}

static void
doctor_content(struct doctor *d, struct pg_client *c)
{
	struct doctor_lack lack = { 0 };
	struct buf problems = { 0 };
	json_t *pack = doctor_content_get(c, &problems);
	size_t keywords = doctor_entries(pack, "keywords");
	size_t replies = doctor_entries(pack, "replies");
	struct content *content;

	doctor_content_check(pack, &lack);
	content = content_new(pack, &problems);
	if (content != NULL && lack.errors > 0)
		doctor_say(d, DOCTOR_WARNING, "content", "it is of an older "
		    "version, and some are not answered in full: %u error%s, "
		    "such as: %s: glasctl content export, take over what is "
		    "lacking from %s, then content check and content import",
		    lack.errors, lack.errors == 1 ? "" : "s", lack.first,
		    d->config->gateway.content_dir);
	else if (content != NULL)
		doctor_say(d, DOCTOR_OK, "content", "%zu keywords and %zu "
		    "texts", keywords, replies);
	else
		doctor_say(d, DOCTOR_WRONG, "content", "%s: bring it there: "
		    "glasctl content import --database CONNINFO %s",
		    buf_str(&problems), d->config->gateway.content_dir);
	content_free(content);
	buf_clear(&problems);
	free(lack.first);
}

/* False when nothing further can be asked. */
static bool
doctor_schema(struct doctor *d)
{
	struct buf problems = { 0 }, warnings = { 0 };
	bool well = check_database(d->config, d->keys, &problems, &warnings);

	doctor_say_lines(d, DOCTOR_WRONG, "schema", &problems);
	doctor_say_lines(d, DOCTOR_WARNING, "schema", &warnings);
	if (well && warnings.len + problems.len == 0)
		doctor_say(d, DOCTOR_OK, "schema", "of this version%s",
		    d->keys != NULL ? ", and sealed under these keys" : "");
	well = well && warnings.len == 0;
	buf_clear(&problems);
	buf_clear(&warnings);
	return (well);
}

void
doctor_database(struct doctor *d)
{
	const char *conninfo = d->config->gateway.database;
	struct buf why = { 0 };
	struct pg_client *c = pg_client_open(conninfo, &why);
	struct pg_result *r;

	if (c == NULL) {
		doctor_say(d, DOCTOR_WRONG, "database", "%s: %s",
		    buf_str(&why), pg_client_away(conninfo) ? "start it, or "
		    "mend the way to it; glasd keeps what comes until then" :
		    "correct `database` in the configuration, or run glasctl "
		    "init");
		buf_clear(&why);
		return;
	}
	r = pg_query(c, doctor_query, NULL);
	if (pg_ok(r)) {
		doctor_pg_server(d, r);
		doctor_pg_time(d, r);
	} else {
		doctor_say(d, DOCTOR_WRONG, "postgresql", "%s", pg_error(r));
	}
	pg_result_free(r);
	if (doctor_schema(d))
		doctor_content(d, c);
	pg_client_close(c);
	buf_clear(&why);
}
