/*
 * The durable log of glasd. Owns the log, the record being filled, and which
 * records were read and are not done. Called from the loop of glasd.c and by
 * links, mo and mt. When the disk refuses, journal_sync() says so and the links
 * are told to keep what they have.
 */
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/journal_ring.h"
#include "glasd/mo.h"
#include "glasd/mt.h"
#include "glasd/spool_room.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/wal.h"
#include "store/check.h"
#include "store/config.h"

#define JOURNAL_IDLE_S 60
#define JOURNAL_STUCK_MS 2000	/* so long nothing was read, though there is */
#define JOURNAL_LOOK_MS 250	/* at the files */
#define JOURNAL_WAIT_MS 5	/* a sync is put off so long at most */

struct journal {
	struct gateway		*gateway;
	struct wal		*wal;
	struct wal_cursor	*cursor;
	struct buf		 filling;
	bool			 mixed;	/* it holds other items than texts */
	struct buf		 kept;	/* what must not be lost and is not
					   durable */
	bool			 unsynced; /* something was written since */
	bool			 refused; /* not all that should have been */
	bool			 prompt; /* somebody waits for the sync */
	int64_t			 written_ms; /* what is unsynced, clock_mono */
	struct event		*wait;
	struct buf		 texts;	/* the newest record, when it can be
					   read from here: */
	uint64_t		 unread; /* its number, or 0 */
	bool			 failing;
	char			*missing; /* why its files are not where a start
					   looks for them, or NULL */
	int64_t			 look_ms; /* at them again, clock_mono */
	unsigned int		 restored; /* by wal_restored(), seen */
	struct spool_room	 disk;
	uint64_t		 newest;
	uint64_t		 found;	/* the newest one at the start */
	uint64_t		 torn;	/* octets then */
	uint64_t		 position;
	int64_t			 read_ms; /* when something was read, or was
					   not there; clock_mono */
	uint64_t		 done;	/* all records up to this one are */
	uint64_t		 again;	/* up to here it was read before */
	bool			 dry;	/* nothing was left to read */
	struct journal_ring	 open;
	struct event		*idle;
};

/* An idle log turns the day, and deletes what it need not keep. What waits for
 * its sync is not idle: journal_sync() must hear how that went. */
static void
journal_idle(evutil_socket_t fd, short what, void *arg)
{
	struct journal *j = arg;

	(void)fd;
	(void)what;
	if (!j->unsynced && wal_sync(j->wal) == -1)
		log_error("spool=failing");
}

/* The pass after this event syncs. */
static void
journal_waited(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* The keys of the days belong to one log: two gateways can share the rest. */
static char *
journal_key_dir(const struct config *config)
{
	char *dir = xasprintf("%s/log-%s", config->gateway.key_dir,
	    config->gateway.name);

	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		fatal("%s cannot be made: %s: give key-dir to the user of "
		    "glasd", dir, strerror(errno));
	return (dir);
}

struct journal *
journal_open(struct gateway *g)
{
	struct journal *j = xcalloc(1, sizeof *j);
	struct timeval idle = { .tv_sec = JOURNAL_IDLE_S };
	char *key_dir;
	struct wal_settings settings = {
		.dir = g->config->gateway.spool_dir,
		.keep_us = (int64_t)g->config->gateway.keep_committed_hours *
		    3600 * 1000000,
		.hold = true,
	};
	struct wal_recovery found;
	struct buf problem = { 0 };
	const char *error;

	if (!check_log(g->config, &problem)) {
		problem.len--;	/* the end of the line */
		fatal("%s", buf_str(&problem));
	}
	settings.key_dir = key_dir = journal_key_dir(g->config);
	j->gateway = g;
	j->wal = wal_open(&settings, &found, &error);
	free(key_dir);
	if (j->wal == NULL)
		fatal("%s", error);
	log_notice("spool=open records=%llu segments=%llu torn=%llu "
	    "set_aside=%llu", (unsigned long long)found.records,
	    (unsigned long long)found.segments,
	    (unsigned long long)found.torn,
	    (unsigned long long)found.set_aside);
	j->torn = found.torn;
	j->position = j->done = wal_committed(j->wal);
	j->newest = j->found = wal_newest(j->wal);
	j->cursor = wal_cursor_open(j->wal, j->position);
	j->idle = event_new(g->base, -1, EV_PERSIST, journal_idle, j);
	j->wait = evtimer_new(g->base, journal_waited, NULL);
	if (j->idle == NULL || j->wait == NULL)
		fatal("out of memory: no timer for the log");
	evtimer_add(j->idle, &idle);
	return (j);
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	event_free(j->idle);
	event_free(j->wait);
	wal_cursor_close(j->cursor);
	wal_close(j->wal);
	buf_clear(&j->filling);
	buf_clear(&j->kept);
	buf_clear(&j->texts);
	free(j->missing);
	ring_clear(&j->open);
	free(j);
}

void
journal_add(struct journal *j, const struct item *item)
{
	record_put(&j->filling, item);
	j->mixed = j->mixed || item->type != ITEM_MO;
}

void
journal_keep(struct journal *j, const struct item *item)
{
	journal_add(j, item);
	record_put(&j->kept, item);
}

/* What is removed is made anew. */
static void
journal_look_files(struct journal *j)
{
	const char *why = NULL;

	if (clock_mono_ms() < j->look_ms)
		return;
	j->look_ms = clock_mono_ms() + JOURNAL_LOOK_MS;
	if (wal_look(j->wal, &why) == 0)
		why = NULL;
	if (why != NULL && j->missing == NULL)
		log_error("spool=missing %s", why);
	else if (why == NULL && j->missing != NULL)
		log_notice("spool=found");
	free(j->missing);
	j->missing = why != NULL ? xstrdup(why) : NULL;
}

bool
journal_look(struct journal *j)
{
	unsigned int restored = j->restored;

	journal_look_files(j);
	spool_room_look(&j->disk, j->wal,
	    j->gateway->config->gateway.spool_reserve_mib);
	j->restored = wal_restored(j->wal);
	return (j->restored != restored);
}

bool
journal_write(struct journal *j)
{
	uint64_t number;

	if (j->filling.len == 0)
		return (true);
	number = wal_append(j->wal, j->filling.data, j->filling.len);
	if (!j->unsynced)
		j->written_ms = clock_mono_ms();
	j->unsynced = true;
	j->refused = j->refused || number == 0;
	j->unread = 0;
	if (number != 0 && !j->mixed && j->position == j->newest) {
		j->unread = number;
		buf_reset(&j->texts);
		buf_add(&j->texts, j->filling.data, j->filling.len);
	}
	j->prompt = j->prompt || j->unread == 0;
	if (number != 0)
		j->newest = number;
	buf_reset(&j->filling);
	j->mixed = false;
	return (number != 0);
}

bool
journal_waits(struct journal *j)
{
	struct timeval tv = { .tv_usec = JOURNAL_WAIT_MS * 1000 };

	if (!j->unsynced || j->prompt || j->unread != 0 ||
	    clock_mono_ms() - j->written_ms >= JOURNAL_WAIT_MS)
		return (false);
	if (!evtimer_pending(j->wait, NULL))
		evtimer_add(j->wait, &tv);
	return (true);
}

bool
journal_sync(struct journal *j)
{
	bool ok;

	if (!j->unsynced)
		return (true);
	ok = wal_sync(j->wal) == 0 && !j->refused;
	j->unsynced = j->refused = j->prompt = false;
	j->unread = 0;
	evtimer_del(j->wait);
	if (ok) {
		buf_reset(&j->kept);
		wal_commit(j->wal, j->done);
	} else {
		j->newest = wal_newest(j->wal);
		buf_add(&j->filling, j->kept.data, j->kept.len);
		j->mixed = j->mixed || j->kept.len != 0;
	}
	if (ok == j->failing)
		log_error("spool=%s", ok ? "well" :
		    "failing remedy=\"free space or replace the disk\"");
	j->failing = !ok;
	return (ok);
}

uint64_t
journal_newest(const struct journal *j)
{
	return (j->newest);
}

void
journal_done(struct journal *j, uint64_t number)
{
	/* An intent from before the last start, which was settled by
	 * mt_recover(), is not there. */
	ring_done(&j->open, number);
}

uint64_t
journal_position(const struct journal *j)
{
	return (j->position);
}

bool
journal_moves(const struct journal *j)
{
	return (database_ready(j->gateway->database) &&
	    clock_mono_ms() - j->read_ms < JOURNAL_STUCK_MS);
}

uint64_t
journal_found(const struct journal *j)
{
	return (j->found);
}

void
journal_rewind(struct journal *j, uint64_t after)
{
	j->again = j->position > j->found ? j->position : j->found;
	j->found = j->again;
	wal_cursor_close(j->cursor);
	j->cursor = wal_cursor_open(j->wal, after);
	j->position = j->done = after;
	ring_reset(&j->open);
	j->unread = 0;
	j->dry = false;
}

bool
journal_again(const struct journal *j, uint64_t record)
{
	return (record <= j->again);
}

bool
journal_reread(const struct journal *j)
{
	/* The last of them may be gone by now. */
	return (j->done >= j->again || (ring_is_empty(&j->open) && j->dry));
}

uint64_t
journal_stored(const struct journal *j)
{
	return (j->done);
}

/* Hands one item to whom it concerns; true when somebody will call
 * journal_done() for it. */
static bool
journal_dispatch(struct journal *j, uint64_t number, const struct item *item)
{
	struct gateway *g = j->gateway;

	switch (item->type) {
	case ITEM_MO:
	case ITEM_RAW:
	case ITEM_CALL:
		mo_take(g->mo, item, number);
		return (true);
	case ITEM_INTENT:
		return (mt_intent_open(g->mt, number));
	case ITEM_RESULT:
		mt_result_take(g->mt, item, number);
		return (true);
	case ITEM_REPORT:
		mt_report_take(g->mt, item, number);
		return (true);
	case ITEM_ANSWERED:
	case ITEM_SESSION:
		break;
	}
	return (false);
}

static void
journal_read_record(struct journal *j, uint64_t number, const uint8_t *p,
    size_t len)
{
	const uint8_t *end = p + len;
	struct item item;
	int got;

	ring_push(&j->open, number);
	/* Kept open while it is read: items may be done at once. */
	ring_open(&j->open, number);
	while ((got = record_next(&p, end, &item)) == 1) {
		ring_open(&j->open, number);
		if (!journal_dispatch(j, number, &item))
			journal_done(j, number);
	}
	if (got == -1)
		log_error("record=%llu is not readable; the rest of it is "
		    "passed over", (unsigned long long)number);
	journal_done(j, number);
}

void
journal_read(struct journal *j)
{
	struct gateway *g = j->gateway;
	uint64_t number, done, before = j->position;
	const void *payload;
	size_t len;
	int got;

	/* A database that comes back may be one that lacks the last days. */
	wal_hold(j->wal, !database_ready(g->database) || !journal_reread(j));
	if (j->unread != 0 && database_ready(g->database) && mo_room(g->mo)) {
		wal_cursor_pass(j->cursor, j->unread);
		j->position = j->unread;
		j->unread = 0;
		journal_read_record(j, j->position, j->texts.data,
		    j->texts.len);
	}
	while (database_ready(g->database) && mo_room(g->mo) &&
	    mt_outcomes_room(g->mt)) {
		got = wal_read(j->cursor, &payload, &len, &number);
		j->dry = got == 0;
		if (got == 0)
			break;
		if (got == -1)
			continue;
		j->position = number;
		journal_read_record(j, number, payload, len);
	}
	if (j->position != before || j->position >= j->newest)
		j->read_ms = clock_mono_ms();
	done = ring_advance(&j->open, j->done);
	if (done != j->done)
		wal_commit(j->wal, done);
	j->done = done;
}

/* Calls back for each item of one record; the callback may add others. */
static void
journal_scan_record(uint64_t number, const uint8_t *p, size_t len,
    journal_each *each, void *arg)
{
	const uint8_t *end = p + len;
	struct item item;

	while (record_next(&p, end, &item) == 1)
		each(arg, number, &item);
}

void
journal_scan(struct journal *j, uint64_t after, journal_each *each, void *arg)
{
	struct wal_cursor *cursor = wal_cursor_open(j->wal, after);
	struct buf filling = { 0 };
	const void *payload;
	uint64_t number;
	size_t len;
	int got;

	buf_add(&filling, j->filling.data, j->filling.len);
	while ((got = wal_read(cursor, &payload, &len, &number)) != 0) {
		if (got == 1)
			journal_scan_record(number, payload, len, each, arg);
	}
	wal_cursor_close(cursor);
	journal_scan_record(UINT64_MAX, filling.data, filling.len, each, arg);
	buf_clear(&filling);
}

bool
journal_drained(const struct journal *j)
{
	return (ring_is_empty(&j->open) && j->position >= j->newest);
}

uint64_t
journal_committed(const struct journal *j)
{
	return (wal_committed(j->wal));
}

uint64_t
journal_backlog(const struct journal *j)
{
	return (wal_backlog(j->wal));
}

uint64_t
journal_behind(const struct journal *j)
{
	return (j->newest > j->done ? j->newest - j->done : 0);
}

uint64_t
journal_torn(const struct journal *j)
{
	return (j->torn);
}

size_t
journal_set_aside(const struct journal *j)
{
	return (wal_set_aside(j->wal));
}

const char *
journal_failing(const struct journal *j)
{
	return (j->failing ? wal_why(j->wal) : NULL);
}

bool
journal_full(const struct journal *j)
{
	return (j->disk.full);
}

const char *
journal_missing(const struct journal *j)
{
	return (j->missing);
}

bool
journal_refuses(const struct journal *j)
{
	return (j->disk.full || j->missing != NULL);
}

bool
journal_refuses_danger(const struct journal *j)
{
	return (j->disk.spent || j->missing != NULL);
}
