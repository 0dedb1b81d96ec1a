/*
 * The directory of the durable log, and what is done when somebody removes it,
 * or a file of it: what is not committed is still open, and is copied to where
 * it was, a piece at a time: a watchdog that ended glasd meanwhile would end what
 * it has open. Runs in glasd; owns the lock. Called by wal.c when a file is
 * missed, and now and then. Until all of it is back no segment is begun; what
 * nobody has open any more is lost, and said in `bad`.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/error.h"
#include "lib/log.h"
#include "lib/wal_private.h"

#define WAL_RESTORE_MS 500	/* at a time, and then as long for others */

/* Makes the directory so that it stays: its name is in the one above. */
static int
wal_dir_make(const char *dir)
{
	int fd, up, ret = -1;

	if (mkdir(dir, 0700) == -1)
		return (errno == EEXIST ? 0 : -1);
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (-1);
	up = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (up != -1) {
		ret = fsync(up);
		close(up);
	}
	close(fd);
	return (ret);
}

int
wal_dir_open(struct wal *w, const char **error)
{
	struct stat st;

	if (wal_dir_make(w->dir) == -1 ||
	    (w->dirfd = open(w->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC)) == -1 ||
	    fstat(w->dirfd, &st) == -1)
		*error = error_text("%s: %s; name a directory that the gateway "
		    "may make or write", w->dir, strerror(errno));
	else if ((st.st_mode & 077) != 0)
		*error = error_text("%s: others than its owner may enter it; "
		    "chmod 0700 %s", w->dir, w->dir);
	else if (flock(w->dirfd, LOCK_EX | LOCK_NB) == -1)
		*error = error_text("%s: %s; stop the other glasd, or give this "
		    "one a directory of its own", w->dir,
		    errno == EWOULDBLOCK ? "in use" : strerror(errno));
	else
		return (0);
	return (-1);
}

DIR *
wal_dir_list(const struct wal *w, const char *name)
{
	int fd = openat(w->dirfd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd != -1 ? fdopendir(fd) : NULL;

	if (d == NULL && fd != -1)
		close(fd);
	return (d);
}

bool
wal_removed(int fd)
{
	struct stat st;

	return (fstat(fd, &st) == 0 && st.st_nlink == 0);
}

static void
wal_count_restored(struct wal *w)
{
	struct wal_segment *seg;

	w->restored++;
	/* Who reads one that was removed finds it anew. */
	TAILQ_FOREACH(seg, &w->segments, entry)
		seg->id = ++w->next_id;
}

/* One of its name takes its place. */
static int
wal_dir_again(struct wal *w, const char **error)
{
	int gone = w->dirfd;

	if (!wal_removed(gone))
		return (0);
	/* It may not come to an open(): what stays is not to be closed. */
	w->dirfd = -1;
	if (wal_dir_open(w, error) == 0) {
		log_error("%s was removed: made anew", w->dir);
		wal_count_restored(w);
		close(gone);
		return (0);
	}
	if (w->dirfd != -1)
		close(w->dirfd);
	w->dirfd = gone;
	return (-1);
}

static bool
wal_segment_removed(const struct wal *w, const struct wal_segment *seg)
{
	char name[WAL_NAME_MAX];

	if (seg->fd != -1)
		return (wal_removed(seg->fd));
	wal_segment_name(seg, name);
	return (faccessat(w->dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == -1 &&
	    errno == ENOENT);
}

static bool
wal_any_removed(const struct wal *w)
{
	const struct wal_segment *seg;

	TAILQ_FOREACH(seg, &w->segments, entry) {
		if (wal_segment_removed(w, seg))
			return (true);
	}
	return (false);
}

/* What is committed was kept for a database that goes backwards, no more. */
static void
wal_segment_forget(struct wal *w, struct wal_segment *seg)
{
	if (seg->last > w->committed)
		wal_segment_lost(w, seg, w->committed);
	TAILQ_REMOVE(&w->segments, seg, entry);
	free(seg);
	wal_count_restored(w);
}

static int
wal_segment_again(struct wal *w, struct wal_segment *seg, const char **error)
{
	bool active = seg == w->active;
	char name[WAL_NAME_MAX];

	wal_segment_name(seg, name);
	if (wal_segment_copy(w, seg, active ? w->written : seg->end,
	    active ? seg->size : seg->end) == 0) {
		log_error("%s/%s was removed: made anew", w->dir, name);
		wal_count_restored(w);
		return (0);
	}
	*error = error_text("%s/%s was removed, and cannot be made anew: %s; "
	    "free space, or make it possible to write there", w->dir, name,
	    strerror(errno));
	return (-1);
}

static int
wal_restore_later(const struct wal *w, const char **error)
{
	*error = error_text("%s: was removed, and is being made anew out of what "
	    "is open: leave it alone, and glasd running", w->dir);
	return (-1);
}

static int
wal_restore_rest(struct wal *w, const char **error)
{
	w->restore_ms = clock_mono_ms() + WAL_RESTORE_MS;
	return (wal_restore_later(w, error));
}

/* First, and never put off: what is sent meanwhile goes into it. */
static int
wal_restore_active(struct wal *w, const char **error)
{
	if (w->active == NULL || !wal_segment_removed(w, w->active))
		return (0);
	return (wal_segment_again(w, w->active, error));
}

static int
wal_restore_others(struct wal *w, int64_t until_ms, const char **error)
{
	struct wal_segment *seg, *next;
	int ret = 0;

	for (seg = TAILQ_FIRST(&w->segments); seg != NULL; seg = next) {
		next = TAILQ_NEXT(seg, entry);
		if (seg == w->active || !wal_segment_removed(w, seg))
			continue;
		if (seg->fd == -1)
			wal_segment_forget(w, seg);
		else if (clock_mono_ms() >= until_ms)
			return (wal_restore_rest(w, error));
		else if (wal_segment_again(w, seg, error) == -1)
			ret = -1;
	}
	return (ret);
}

int
wal_restore(struct wal *w, bool all, const char **error)
{
	int64_t now = clock_mono_ms();
	int ret;

	if (!wal_removed(w->dirfd) && !wal_any_removed(w))
		return (0);
	if (wal_dir_again(w, error) == -1)
		return (-1);
	ret = wal_restore_active(w, error);
	if (!all && now < w->restore_ms)
		return (ret == -1 ? -1 : wal_restore_later(w, error));
	if (wal_restore_others(w, all ? INT64_MAX : now + WAL_RESTORE_MS,
	    error) == -1)
		ret = -1;
	return (ret);
}

unsigned int
wal_restored(const struct wal *w)
{
	return (w->restored);
}

int
wal_look(struct wal *w, const char **error)
{
	struct stat open, there;

	if (wal_restore(w, false, error) == -1)
		return (-1);
	if (lstat(w->dir, &there) == -1) {
		if (errno != ENOENT && errno != ENOTDIR)
			return (0);
	} else if (fstat(w->dirfd, &open) == -1 ||
	    (open.st_dev == there.st_dev && open.st_ino == there.st_ino)) {
		return (0);
	}
	*error = error_text("the directory of the log is not at %s any more: "
	    "move it back there; what is in that place now, move away",
	    w->dir);
	return (-1);
}
