/*
 * The durable log: opening, appending, making durable, committing, deleting.
 * Runs in glasd, the only writer; owns the directory (by its lock), the active
 * segment, and the keys of the days that are kept. Called by journal.c in each
 * pass of the loop. A segment that could not be written or synced is given up
 * where its durable part ends, and its descriptor is never synced again: after
 * a failed fsync the kernel may call pages clean that never reached the disk,
 * so that asking again would lie.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/wal_private.h"

#define WAL_SEGMENT_SIZE (8u << 20)
#define WAL_MARK_MS 1000 /* at most one commit mark in this time, */
#define WAL_MARK_RECORDS 1000 /* or when so many more are committed */

static void
wal_segment_free(struct wal_segment *seg)
{
	if (seg->fd != -1)
		close(seg->fd);
	free(seg);
}

static struct wal *
wal_new(const struct wal_settings *set)
{
	struct wal *w = xcalloc(1, sizeof *w);

	w->dir = xstrdup(set->dir);
	w->key_dir = xstrdup(set->key_dir);
	w->segment_size =
	    set->segment_size != 0 ? set->segment_size : WAL_SEGMENT_SIZE;
	w->keep_us = set->keep_us;
	w->hold = set->hold;
	w->dirfd = -1;
	w->next = 1;
	TAILQ_INIT(&w->segments);
	return (w);
}

static void
wal_free(struct wal *w)
{
	struct wal_segment *seg;

	while ((seg = TAILQ_FIRST(&w->segments)) != NULL) {
		TAILQ_REMOVE(&w->segments, seg, entry);
		wal_segment_free(seg);
	}
	for (size_t i = 0; i < w->key_count; i++)
		seal_day_free(w->keys[i].key);
	if (w->dirfd != -1)
		close(w->dirfd);
	buf_clear(&w->pending);
	free(w->keys);
	free(w->dir);
	free(w->key_dir);
	free(w->why);
	free(w);
}

const struct seal_day *
wal_key_of(struct wal *w, uint32_t day, bool create, const char **error)
{
	struct seal_day *key;

	for (size_t i = 0; i < w->key_count; i++) {
		if (w->keys[i].day == day)
			return (w->keys[i].key);
	}
	key = seal_day_load(w->key_dir, day, create, error);
	if (key == NULL)
		return (NULL);
	w->keys = xreallocarray(w->keys, w->key_count + 1, sizeof *w->keys);
	w->keys[w->key_count++] = (struct wal_key){ .day = day, .key = key };
	return (key);
}

static void
wal_key_erase(struct wal *w, uint32_t day)
{
	for (size_t i = 0; i < w->key_count; i++) {
		if (w->keys[i].day != day)
			continue;
		seal_day_free(w->keys[i].key);
		w->keys[i] = w->keys[--w->key_count];
		break;
	}
	if (seal_day_erase(w->key_dir, day) == 0)
		log_info("log key of day=%u erased", day);
}

static void
wal_failed(struct wal *w, const char *why)
{
	free(w->why);
	w->why = xstrdup(why);
}

const char *
wal_why(const struct wal *w)
{
	return (w->why != NULL ? w->why : "");
}

/* Gives the active segment up where its durable part ends. */
static void
wal_abandon(struct wal *w, const char *what)
{
	char name[WAL_NAME_MAX];

	wal_failed(w, strerror(errno));
	wal_segment_name(w->active, name);
	log_error("%s/%s: cannot %s: %s; check the disk", w->dir, name, what,
	    w->why);
	/* A mark may be among what is lost; the segment's header is not. */
	w->marked = w->active->committed;
	/* Only to be tidy: the next segment's header voids what is behind. */
	if (ftruncate(w->active->fd, (off_t)w->active->end) == 0)
		w->active->size = w->active->end;
	w->active = NULL;
	w->put = w->newest;
	buf_reset(&w->pending);
}

/* What is pending goes to the kernel. */
static int
wal_flush(struct wal *w)
{
	size_t done = 0;

	while (done < w->pending.len) {
		ssize_t n = pwrite(w->active->fd, w->pending.data + done,
		    w->pending.len - done, (off_t)(w->written + done));

		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0) {
			wal_abandon(w, "write");
			return (-1);
		}
		done += (size_t)n;
	}
	w->written += done;
	if (w->pending.room > 4 * WAL_WINDOW)
		buf_clear(&w->pending);
	buf_reset(&w->pending);
	return (0);
}

/* What is pending, and what the kernel has, goes to the disk. */
static int
wal_write_out(struct wal *w)
{
	const char *error;

	if (w->active == NULL)
		return (0);
	if (wal_flush(w) == -1)
		return (-1);
	if (w->written == w->active->end)
		return (0);
	if (fdatasync(w->active->fd) == -1) {
		wal_abandon(w, "sync");
		return (-1);
	}
	/* A file that somebody has removed takes writes, and forgets them. */
	if (wal_removed(w->active->fd) && wal_restore(w, false, &error) == -1 &&
	    wal_removed(w->active->fd)) {
		errno = ENOENT;
		wal_abandon(w, "find");
		return (-1);
	}
	w->active->end = w->written;
	w->active->last = w->newest = w->put;
	return (0);
}

static void
wal_complain(struct wal *w, const char *why)
{
	wal_failed(w, why);
	if (!w->complained)
		log_error("%s: no new segment, nothing can be accepted: %s",
		    w->dir, why);
	w->complained = true;
}

/* Writes no more to the active segment, all of which is durable. */
static void
wal_finish(struct wal *w)
{
	if (w->active == NULL)
		return;
	if (ftruncate(w->active->fd, (off_t)w->active->end) == 0)
		w->active->size = w->active->end;
	w->active = NULL;
}

/* Makes the file of a segment, and the key of its day. A key that was made for
 * nothing goes again: alone, it says that a log was lost. -1: no file. */
static int
wal_begin_aside(struct wal *w, const struct wal_segment *seg)
{
	const char *error;
	bool made = wal_key_of(w, seg->day, false, &error) == NULL;
	const struct seal_day *key = wal_key_of(w, seg->day, true, &error);
	int fd;

	if (key == NULL) {
		wal_complain(w, error);
		return (-1);
	}
	if ((fd = wal_segment_make(w, seg, key)) == -1) {
		wal_complain(w, strerror(errno));
		if (made)
			wal_key_erase(w, seg->day);
	}
	return (fd);
}

/* Gives that file its name and puts it in the list. The one before it is
 * durable by now, or given up; it stays in use when there is no room for
 * another, but not once another may have its name: that one's header voids
 * what would follow here. */
static int
wal_begin_file(struct wal *w, const struct wal_segment *seg, int fd)
{
	struct wal_segment *tail = TAILQ_LAST(&w->segments, wal_segments);

	wal_finish(w);
	if (wal_segment_publish(w, seg) == -1) {
		wal_complain(w, strerror(errno));
		close(fd);
		return (-1);
	}
	if (tail != NULL && tail->first == seg->first) {
		TAILQ_REMOVE(&w->segments, tail, entry);
		wal_segment_free(tail);
	}
	w->active = xmemdup(seg, sizeof *seg);
	TAILQ_INSERT_TAIL(&w->segments, w->active, entry);
	w->active->fd = fd;
	w->written = seg->end;
	return (0);
}

/* Begins a segment that has room for a record of this size. */
static int
wal_begin(struct wal *w, size_t size)
{
	struct wal_segment seg = { .fd = -1,
		.first = w->next,
		.after = w->newest,
		.committed = w->committed,
		.begin_us = clock_wall_us(),
		.last = w->newest,
		.end = WAL_AREA,
		.size = w->segment_size };
	const char *error;
	int fd;

	if (wal_restore(w, false, &error) == -1) {
		wal_complain(w, error);
		return (-1);
	}
	seg.id = ++w->next_id;
	if (seg.size < WAL_AREA + size + wal_record_size(0))
		seg.size = WAL_AREA + size + wal_record_size(0);
	seg.day = wal_day(seg.begin_us);
	if ((fd = wal_begin_aside(w, &seg)) == -1 ||
	    wal_begin_file(w, &seg, fd) == -1)
		return (-1);
	w->marked = w->committed;
	w->complained = false;
	return (0);
}

/* Room is kept for a commit mark, so that a full disk does not keep the
 * database's progress from being noted. */
static bool
wal_fits(const struct wal *w, size_t size)
{
	return (w->active != NULL &&
	    wal_same_day(clock_wall_us(), w->active->begin_us) &&
	    w->written + w->pending.len + size + wal_record_size(0) <=
	    w->active->size);
}

static void
wal_put(struct wal *w, const struct wal_head *head, const void *payload)
{
	static const uint8_t zeros[8];
	uint8_t header[WAL_HEAD], *sealed;
	size_t size = wal_record_size(head->len);
	const struct seal_day *key;
	const char *error;

	/* Loaded when the segment was begun or recovered. */
	if ((key = wal_key_of(w, w->active->day, false, &error)) == NULL)
		panic("wal: the key of the active segment is gone: %s", error);
	wal_head_encode(head, header);
	buf_add(&w->pending, header, sizeof header);
	sealed = xmalloc(head->len + SEAL_DAY_OVERHEAD);
	seal_day_close(key, header, sizeof header, payload, head->len, sealed);
	buf_add(&w->pending, sealed, head->len + SEAL_DAY_OVERHEAD);
	buf_add(&w->pending, zeros,
	    size - WAL_HEAD - SEAL_DAY_OVERHEAD - head->len);
	free(sealed);
}

uint64_t
wal_append(struct wal *w, const void *payload, size_t len)
{
	struct wal_head head = { .kind = WAL_KIND_RECORD };

	if (w->failed || len > WAL_RECORD_MAX)
		return (0);
	if (!wal_fits(w, wal_record_size(len))) {
		/* A failure here has lost what was appended before. */
		w->failed = wal_write_out(w) == -1;
		if (w->failed || wal_begin(w, wal_record_size(len)) == -1)
			return (0);
	}
	head.len = (uint32_t)len;
	head.number = w->next++;
	wal_put(w, &head, payload);
	w->put = head.number;
	if (w->pending.len >= WAL_WINDOW && wal_flush(w) == -1) {
		w->failed = true;
		return (0);
	}
	return (head.number);
}

/* Notes in the log what is committed; a new segment's header does that too. */
static int
wal_mark(struct wal *w)
{
	struct wal_head head = { .kind = WAL_KIND_MARK,
		.number = w->committed };

	if (w->committed <= w->marked)
		return (0);
	w->marked_ms = clock_mono_ms();
	if (w->active != NULL &&
	    w->written + w->pending.len + wal_record_size(0) <=
	    w->active->size) {
		wal_put(w, &head, "");
		w->marked = w->committed;
		return (0);
	}
	if (wal_write_out(w) == -1)
		return (-1);
	(void)wal_begin(w, 0); /* has logged; a later mark will do */
	return (0);
}

static bool
wal_last_of_day(const struct wal *w, uint32_t day)
{
	const struct wal_segment *seg;

	TAILQ_FOREACH(seg, &w->segments, entry) {
		if (seg->day == day)
			return (false);
	}
	return (true);
}

/* -1: it is still there. */
static int
wal_delete(struct wal *w, struct wal_segment *seg)
{
	char name[WAL_NAME_MAX];
	uint32_t day = seg->day;

	wal_segment_name(seg, name);
	if (unlinkat(w->dirfd, name, 0) == -1 && errno != ENOENT) {
		log_warn("%s/%s: cannot be deleted: %s", w->dir, name,
		    strerror(errno));
		return (-1);
	}
	TAILQ_REMOVE(&w->segments, seg, entry);
	wal_segment_free(seg);
	/* The key goes when the segment cannot come back: a segment without
	 * its key would stop the next start. */
	if (wal_last_of_day(w, day) && fsync(w->dirfd) == 0)
		wal_key_erase(w, day);
	return (0);
}

/* What the log does not call committed when it is gone, is missed at the next
 * start. It must not come to that where room for saying so is to be made. */
static bool
wal_may_go(const struct wal *w, const struct wal_segment *seg)
{
	return (!w->hold && seg != NULL && TAILQ_NEXT(seg, entry) != NULL &&
	    seg->last <= (w->complained ? w->committed : w->marked));
}

/* The newest segment always stays: it knows the numbers. A segment was written
 * to until the next one began; a clock that was wrong then is no reason to
 * keep it for ever. */
static void
wal_expire(struct wal *w)
{
	struct wal_segment *seg, *next;
	int64_t now = clock_wall_us();

	while (wal_may_go(w, seg = TAILQ_FIRST(&w->segments))) {
		next = TAILQ_NEXT(seg, entry);
		if (next->begin_us > now)
			next->begin_us = now;
		if (now - next->begin_us < w->keep_us ||
		    wal_delete(w, seg) == -1)
			break;
	}
}

bool
wal_shed(struct wal *w)
{
	struct wal_segment *seg = TAILQ_FIRST(&w->segments);

	return (wal_may_go(w, seg) && wal_delete(w, seg) == 0);
}

/* A gateway that nobody texts must let go of yesterday's texts too. */
static void
wal_turn_idle(struct wal *w)
{
	const struct wal_segment *seg = w->active;

	if (seg != NULL && seg->last >= seg->first &&
	    seg->last <= w->committed &&
	    !wal_same_day(clock_wall_us(), seg->begin_us))
		(void)wal_begin(w, 0);
}

int
wal_sync(struct wal *w)
{
	bool failed = w->failed;

	w->failed = false;
	if (failed)
		return (-1);
	if ((w->committed - w->marked >= WAL_MARK_RECORDS ||
	    clock_mono_ms() - w->marked_ms >= WAL_MARK_MS) &&
	    wal_mark(w) == -1)
		return (-1);
	if (wal_write_out(w) == -1)
		return (-1);
	wal_turn_idle(w);
	wal_expire(w);
	return (0);
}

/* What is committed need not be saved from who removes files. The newest one
 * knows the numbers. */
static void
wal_let_go(struct wal *w)
{
	struct wal_segment *seg;

	TAILQ_FOREACH(seg, &w->segments, entry) {
		if (seg->last > w->committed || TAILQ_NEXT(seg, entry) == NULL)
			break;
		if (seg->fd != -1)
			close(seg->fd);
		seg->fd = -1;
	}
}

void
wal_commit(struct wal *w, uint64_t number)
{
	if (number > w->newest)
		number = w->newest;
	if (number > w->committed)
		w->committed = number;
	wal_let_go(w);
	wal_expire(w);
}

void
wal_hold(struct wal *w, bool hold)
{
	w->hold = hold;
}

uint64_t
wal_committed(const struct wal *w)
{
	return (w->committed);
}

uint64_t
wal_newest(const struct wal *w)
{
	return (w->newest);
}

int
wal_room(const struct wal *w, uint64_t *room, uint64_t *size)
{
	struct statvfs fs;

	if (fstatvfs(w->dirfd, &fs) == -1)
		return (-1);
	*room = (uint64_t)fs.f_bavail * fs.f_frsize;
	*size = (uint64_t)fs.f_blocks * fs.f_frsize;
	return (0);
}

uint64_t
wal_backlog(const struct wal *w)
{
	const struct wal_segment *seg;
	uint64_t octets = 0;

	TAILQ_FOREACH_REVERSE(seg, &w->segments, wal_segments, entry) {
		if (seg->last <= w->committed)
			break;
		octets += seg->end;
	}
	return (octets);
}

struct wal *
wal_open(const struct wal_settings *set, struct wal_recovery *found,
    const char **error)
{
	struct wal *w = wal_new(set);

	if (wal_dir_open(w, error) == -1 || wal_recover(w, error) == -1) {
		wal_free(w);
		return (NULL);
	}
	*found = w->found;
	w->marked_ms = clock_mono_ms();
	wal_expire(w);
	return (w);
}

void
wal_close(struct wal *w)
{
	const char *error;

	if (w == NULL)
		return;
	/* What fails here has been logged; nobody is left to tell. */
	if (!w->failed && wal_mark(w) == 0)
		(void)wal_write_out(w);
	if (wal_restore(w, true, &error) == -1)
		log_error("%s", error);
	wal_free(w);
}
