/*
 * From the files of a log directory to a log in memory: which segments there
 * are, where the newest ends, what is committed. Runs in glasd at start, called
 * by wal_open() alone. A file or key that is there but cannot be used stops
 * the start with the remedy: going on would pass over texts that were promised
 * to be safe. What is damaged is set aside and counted.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/wal_private.h"

static void
wal_recover_insert(struct wal *w, const struct wal_segment *found)
{
	struct wal_segment *seg = xmemdup(found, sizeof *found), *before;

	TAILQ_FOREACH_REVERSE(before, &w->segments, wal_segments, entry) {
		if (before->first < seg->first)
			break;
	}
	if (before != NULL)
		TAILQ_INSERT_AFTER(&w->segments, before, seg, entry);
	else
		TAILQ_INSERT_HEAD(&w->segments, seg, entry);
}

/* A segment of which nothing can be known, not even its key. */
static int
wal_recover_banish(struct wal *w, const char *name, uint64_t first,
    uint64_t size, const char **error)
{
	uint64_t above = first + size / (WAL_HEAD + SEAL_DAY_OVERHEAD) + 1;

	if (wal_segment_banish(w, name) == -1) {
		*error = error_text("%s/%s: broken, and cannot be moved to bad: "
		    "%s; move it away by hand", w->dir, name, strerror(errno));
		return (-1);
	}
	w->found.set_aside++;
	/* No number that it may have held is given out again. */
	if (first <= WAL_NUMBER_MAX && above > w->next)
		w->next = above;
	return (0);
}

static int
wal_recover_file(struct wal *w, const char *name, uint64_t first,
    const char **error)
{
	struct wal_segment seg = { .first = first, .fd = -1 };
	uint8_t area[WAL_AREA] = { 0 };
	struct stat st;
	enum wal_area got;
	int fd;

	if ((fd = wal_segment_open(w, &seg, O_RDONLY)) == -1 ||
	    fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		*error = error_text("%s/%s: %s; make it a file that the "
		    "gateway may read and write, or move it away to give up "
		    "what it holds", w->dir, name,
		    fd == -1 ? strerror(errno) : "not a file");
		if (fd != -1)
			close(fd);
		return (-1);
	}
	got = pread(fd, area, sizeof area, 0) > 0 ?
	    wal_area_decode(area, NULL, &seg) : WAL_AREA_BROKEN;
	close(fd);
	if (got == WAL_AREA_FOREIGN) {
		*error = error_text("%s/%s: of another format version than %d; "
		    "run the version that wrote it until all is committed",
		    w->dir, name, WAL_VERSION);
		return (-1);
	}
	if (got != WAL_AREA_SOUND || seg.first != first)
		return (wal_recover_banish(w, name, first,
		    (uint64_t)st.st_size, error));
	seg.size = seg.end = (uint64_t)st.st_size;
	wal_recover_insert(w, &seg);
	return (0);
}

static int
wal_recover_list(struct wal *w, const char **error)
{
	DIR *d = wal_dir_list(w, ".");
	struct dirent *entry;
	uint64_t first;
	int ret = 0;

	if (d == NULL) {
		*error = error_text("%s: cannot be listed: %s", w->dir,
		    strerror(errno));
		return (-1);
	}
	while (ret == 0 && (entry = readdir(d)) != NULL) {
		if (wal_segment_parse_name(entry->d_name, &first))
			ret = wal_recover_file(w, entry->d_name, first, error);
	}
	closedir(d);
	return (ret);
}

/* Where each segment ends in numbers: the header of the next one says it. */
static void
wal_recover_limits(struct wal *w)
{
	struct wal_segment *seg, *next;

	TAILQ_FOREACH(seg, &w->segments, entry) {
		next = TAILQ_NEXT(seg, entry);
		seg->id = ++w->next_id;
		seg->last = next != NULL ? next->after : WAL_NUMBER_MAX;
		w->found.segments++;
	}
}

/* Opens a segment whose records matter, so its key must be there and fit. */
static int
wal_recover_reader(struct wal *w, const struct wal_segment *seg,
    struct wal_reader *r, const char **error)
{
	struct wal_segment again;
	uint8_t area[WAL_AREA] = { 0 };
	const struct seal_day *key;
	char name[WAL_NAME_MAX];
	int fd;

	if ((key = wal_key_of(w, seg->day, false, error)) == NULL)
		return (-1);
	wal_segment_name(seg, name);
	if ((fd = wal_segment_open(w, seg, O_RDONLY)) == -1 ||
	    pread(fd, area, sizeof area, 0) < 0) {
		*error = error_text("%s/%s: %s", w->dir, name, strerror(errno));
		if (fd != -1)
			close(fd);
		return (-1);
	}
	if (wal_area_decode(area, key, &again) != WAL_AREA_SOUND) {
		*error = error_text("%s/log.%08u: not the key of %s/%s; "
		    "restore it, or move the segment away to give up what it "
		    "holds", w->key_dir, seg->day, w->dir, name);
		close(fd);
		return (-1);
	}
	wal_reader_open(r, fd, key, seg);
	return (0);
}

/* Octets from `end` on to the last one that is not zero. */
static uint64_t
wal_recover_torn(int fd, uint64_t end)
{
	uint8_t chunk[8192];
	uint64_t torn = 0, at = end;
	ssize_t n;

	while ((n = pread(fd, chunk, sizeof chunk, (off_t)at)) > 0) {
		for (ssize_t i = n; i > 0; i--) {
			if (chunk[i - 1] != 0) {
				torn = at + (uint64_t)i - end;
				break;
			}
		}
		at += (uint64_t)n;
	}
	return (torn);
}

/* Goes on writing in the newest segment, behind its last valid record. What
 * stands there must go first: it could be misread behind new records. Who was
 * killed may not have synced what is taken for durable from here on. */
static int
wal_recover_resume(struct wal *w, struct wal_segment *seg, const char **error)
{
	char name[WAL_NAME_MAX];
	uint64_t torn;

	if ((seg->fd = wal_segment_open(w, seg, O_RDWR)) == -1)
		goto fail;
	torn = wal_recover_torn(seg->fd, seg->end);
	if (torn != 0) {
		if (ftruncate(seg->fd, (off_t)seg->end) == -1)
			goto fail;
		/* Without room the segment is full; that is for appending to
		 * find out. */
		if (posix_fallocate(seg->fd, 0, (off_t)seg->size) != 0)
			seg->size = seg->end;
	}
	if (fsync(seg->fd) == -1)
		goto fail;
	w->found.torn = torn;
	w->active = seg;
	w->written = seg->end;
	return (0);
fail:
	wal_segment_name(seg, name);
	*error = error_text("%s/%s: %s; the gateway must be able to write it",
	    w->dir, name, strerror(errno));
	return (-1);
}

static int
wal_recover_newest(struct wal *w, const char **error)
{
	struct wal_segment *seg = TAILQ_LAST(&w->segments, wal_segments);
	const struct wal_segment *front = TAILQ_FIRST(&w->segments);
	struct wal_reader r;
	enum wal_got got;

	if (wal_recover_reader(w, seg, &r, error) == -1)
		return (-1);
	w->committed = seg->committed;
	seg->end = WAL_AREA;
	while ((got = wal_reader_next(&r)) != WAL_GOT_END) {
		if (got == WAL_GOT_MARK && r.head.number > w->committed)
			w->committed = r.head.number;
		if (got != WAL_GOT_BAD)
			seg->end = r.at;
	}
	seg->last = r.last >= seg->first ? r.last : seg->after;
	wal_reader_close(&r);
	/* What is committed was there, even if it cannot be read now. */
	if (seg->last < w->committed)
		seg->last = w->committed;
	w->marked = w->committed;
	w->newest = w->put = seg->last;
	/* Nothing goes before the log says that it may: see wal_may_go(). */
	if (w->committed < front->after) {
		wal_front_lost(w, front);
		w->committed = front->after;
	}
	if (w->next <= w->newest)
		w->next = w->newest + 1;
	if (w->next < seg->first)
		w->next = seg->first;
	return (wal_recover_resume(w, seg, error));
}

/* Counts what is not committed, sets aside what is bad. The file stays open. */
static int
wal_recover_segment(struct wal *w, struct wal_segment *seg,
    const char **error)
{
	struct wal_reader r;
	enum wal_got got;

	if (wal_recover_reader(w, seg, &r, error) == -1)
		return (-1);
	do {
		switch (got = wal_reader_next(&r)) {
		case WAL_GOT_RECORD:
			if (r.head.number > w->committed)
				w->found.records++;
			break;
		case WAL_GOT_MARK:
			break;
		case WAL_GOT_BAD:
			wal_segment_set_aside(w, seg, r.fd, r.from, r.at);
			w->found.set_aside += r.lost;
			break;
		case WAL_GOT_END:
			if (r.last >= seg->last)
				break;
			wal_segment_set_aside(w, seg, r.fd, r.from, r.end);
			w->found.set_aside += seg->last - r.last;
			break;
		}
	} while (got != WAL_GOT_END);
	if (seg->fd == -1) {
		seg->fd = r.fd;
		r.fd = -1;
	}
	wal_reader_close(&r);
	return (0);
}

/* The day of the next key; false when there is none. */
static bool
wal_recover_key(DIR *d, uint32_t *day)
{
	struct dirent *entry;
	int n;

	while ((entry = readdir(d)) != NULL) {
		n = 0;
		if (sscanf(entry->d_name, "log.%8u%n", day, &n) == 1 &&
		    n == 12 && entry->d_name[n] == '\0')
			return (true);
	}
	return (false);
}

/* Keys whose segments went just before a crash. Only keys older than every
 * segment: a log directory that is not mounted must not cost its keys. What
 * lies in `bad` is of a day that is not known: nobody has looked yet. */
static void
wal_recover_sweep_keys(const struct wal *w)
{
	struct wal_segment *seg;
	uint32_t oldest = UINT32_MAX, day;
	DIR *d;

	TAILQ_FOREACH(seg, &w->segments, entry) {
		if (seg->day < oldest)
			oldest = seg->day;
	}
	if (wal_set_aside(w) != 0 || (d = opendir(w->key_dir)) == NULL)
		return;
	while (wal_recover_key(d, &day)) {
		if (day < oldest && seal_day_erase(w->key_dir, day) == -1)
			break;
	}
	closedir(d);
}

/* The newest segment never goes, nor does its key: where a key is and no
 * segment, somebody has taken the log away. */
static void
wal_recover_missed(const struct wal *w)
{
	uint32_t day;
	DIR *d;

	if ((d = opendir(w->key_dir)) == NULL)
		return;
	if (wal_recover_key(d, &day))
		wal_log_lost(w);
	closedir(d);
}

int
wal_recover(struct wal *w, const char **error)
{
	struct wal_segment *seg;

	unlinkat(w->dirfd, WAL_ASIDE, 0);
	if (wal_recover_list(w, error) == -1)
		return (-1);
	wal_bad_forget(w);
	if (TAILQ_EMPTY(&w->segments)) {
		wal_recover_missed(w);
		return (0);
	}
	wal_recover_limits(w);
	if (wal_recover_newest(w, error) == -1)
		return (-1);
	TAILQ_FOREACH(seg, &w->segments, entry) {
		if (seg->last > w->committed &&
		    wal_recover_segment(w, seg, error) == -1)
			return (-1);
	}
	wal_recover_sweep_keys(w);
	return (0);
}
