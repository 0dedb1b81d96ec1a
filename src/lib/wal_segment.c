/*
 * One segment file of the durable log: its name, its making, and the directory
 * for what cannot be read. Runs in glasd; owns no state. Called by the other
 * wal_*.c files, which decide what a failure means.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/wal_private.h"

#define WAL_BAD_DIR "bad"

void
wal_segment_name(const struct wal_segment *seg, char name[WAL_NAME_MAX])
{
	snprintf(
	    name, WAL_NAME_MAX, "log.%016llx", (unsigned long long)seg->first);
}

bool
wal_segment_parse_name(const char *name, uint64_t *first)
{
	char again[WAL_NAME_MAX];
	unsigned long long n;

	if (sscanf(name, "log.%16llx", &n) != 1)
		return (false);
	*first = n;
	wal_segment_name(&(struct wal_segment){ .first = n }, again);
	return (strcmp(name, again) == 0);
}

int
wal_segment_open(const struct wal *w, const struct wal_segment *seg, int flags)
{
	char name[WAL_NAME_MAX];

	wal_segment_name(seg, name);
	return (openat(
	    w->dirfd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

static int
wal_segment_fill(
    int fd, const struct wal_segment *seg, const struct seal_day *key)
{
	uint8_t area[WAL_AREA];
	int error;

	error = posix_fallocate(fd, 0, (off_t)seg->size);
	if (error != 0) {
		errno = error;
		return (-1);
	}
	wal_area_encode(seg, key, area);
	if (pwrite(fd, area, sizeof area, 0) != (ssize_t)sizeof area)
		return (-1);
	return (fsync(fd));
}

int
wal_segment_make(const struct wal *w, const struct wal_segment *seg,
    const struct seal_day *key)
{
	int fd, error;

	unlinkat(w->dirfd, WAL_ASIDE, 0);
	fd = openat(w->dirfd, WAL_ASIDE,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1 || wal_segment_fill(fd, seg, key) == 0)
		return (fd);
	error = errno;
	unlinkat(w->dirfd, WAL_ASIDE, 0);
	close(fd);
	errno = error;
	return (-1);
}

int
wal_segment_publish(const struct wal *w, const struct wal_segment *seg)
{
	char name[WAL_NAME_MAX];

	wal_segment_name(seg, name);
	if (renameat(w->dirfd, WAL_ASIDE, w->dirfd, name) == -1)
		return (-1);
	return (fsync(w->dirfd));
}

/* Zeros are left out: a sparse file says the same. So it says what the disk
 * does not give. */
static int
wal_copy(int to_fd, int fd, uint64_t from, uint64_t to)
{
	uint8_t chunk[4096];

	for (uint64_t at = from; at < to; at += sizeof chunk) {
		size_t want =
		    to - at < sizeof chunk ? (size_t)(to - at) : sizeof chunk;
		ssize_t n = pread(fd, chunk, want, (off_t)at);
		bool zero = true;

		for (ssize_t i = 0; i < n; i++)
			zero = zero && chunk[i] == 0;
		if (n > 0 && !zero &&
		    pwrite(to_fd, chunk, (size_t)n, (off_t)(at - from)) != n)
			return (-1);
	}
	return (fsync(to_fd));
}

int
wal_segment_copy(const struct wal *w, struct wal_segment *seg, uint64_t end,
    uint64_t size)
{
	int fd, error;

	unlinkat(w->dirfd, WAL_ASIDE, 0);
	fd = openat(w->dirfd, WAL_ASIDE,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return (-1);
	if ((error = posix_fallocate(fd, 0, (off_t)size)) != 0)
		errno = error;
	if (error != 0 || wal_copy(fd, seg->fd, 0, end) == -1 ||
	    wal_segment_publish(w, seg) == -1) {
		error = errno;
		unlinkat(w->dirfd, WAL_ASIDE, 0);
		close(fd);
		errno = error;
		return (-1);
	}
	close(seg->fd);
	seg->fd = fd;
	return (0);
}

static int
wal_bad_open(const struct wal *w)
{
	if (mkdirat(w->dirfd, WAL_BAD_DIR, 0700) == -1 && errno != EEXIST)
		return (-1);
	return (openat(w->dirfd, WAL_BAD_DIR,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/* NULL also where nothing was ever set aside. */
static DIR *
wal_bad_list(const struct wal *w)
{
	int fd = openat(w->dirfd, WAL_BAD_DIR,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d;

	if (fd == -1 || (d = fdopendir(fd)) == NULL) {
		if (fd != -1)
			close(fd);
		return (NULL);
	}
	return (d);
}

size_t
wal_set_aside(const struct wal *w)
{
	const struct dirent *entry;
	size_t n = 0;
	DIR *d;

	if ((d = wal_bad_list(w)) == NULL)
		return (0);
	while ((entry = readdir(d)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(d);
	return (n);
}

void
wal_bad_forget(const struct wal *w)
{
	const struct dirent *entry;
	char name[WAL_NAME_MAX];
	DIR *d;

	if ((d = wal_bad_list(w)) == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (strncmp(entry->d_name, ".log.", 5) != 0)
			continue;
		snprintf(name, sizeof name, "%.20s", entry->d_name + 1);
		if (faccessat(w->dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == -1)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	closedir(d);
}

/* What was set aside is still in its segment, and is met again at each start,
 * also when somebody has seen the copy and taken it away. */
static bool
wal_bad_known(int dirfd, const char *mark)
{
	return (faccessat(dirfd, mark, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

static void
wal_bad_know(int dirfd, const char *mark)
{
	int fd = openat(dirfd, mark,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd != -1)
		close(fd);
}

/* -1: it is not there, or not whole. One that is not known may be such a one. */
static int
wal_bad_copy(const struct wal *w, int dirfd, const char *bad, int fd,
    uint64_t from, uint64_t to)
{
	int ret = -1, copy = openat(dirfd, bad,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	log_warn("%s: offset=%llu cannot be read, set aside as %s/%s", w->dir,
	    (unsigned long long)from, WAL_BAD_DIR, bad);
	if (copy == -1 || (ret = wal_copy(copy, fd, from, to)) == -1)
		log_warn(
		    "%s/%s/%s: %s", w->dir, WAL_BAD_DIR, bad, strerror(errno));
	if (copy != -1)
		close(copy);
	return (ret);
}

void
wal_segment_set_aside(const struct wal *w, const struct wal_segment *seg,
    int fd, uint64_t from, uint64_t to)
{
	char name[WAL_NAME_MAX], mark[WAL_NAME_MAX + 25];
	int dirfd;

	wal_segment_name(seg, name);
	snprintf(mark, sizeof mark, ".%s.%llx", name, (unsigned long long)from);
	if ((dirfd = wal_bad_open(w)) == -1) {
		log_warn("%s/%s: offset=%llu cannot be read; %s: %s", w->dir,
		    name, (unsigned long long)from, WAL_BAD_DIR,
		    strerror(errno));
		return;
	}
	if (!wal_bad_known(dirfd, mark) &&
	    wal_bad_copy(w, dirfd, mark + 1, fd, from, to) == 0)
		wal_bad_know(dirfd, mark);
	close(dirfd);
}

int
wal_segment_banish(const struct wal *w, const char *name)
{
	int dirfd, ret;

	if ((dirfd = wal_bad_open(w)) == -1)
		return (-1);
	ret = renameat(w->dirfd, name, dirfd, name);
	close(dirfd);
	if (ret == 0)
		log_warn("%s/%s: no sound header, set aside in %s", w->dir,
		    name, WAL_BAD_DIR);
	return (ret);
}

/* What lies there is an alert until somebody takes it away. */
static void
wal_bad_say(const struct wal *w, const char *name, const char *words)
{
	int dirfd, fd = -1;

	log_error("%s/%s/%s: %s", w->dir, WAL_BAD_DIR, name, words);
	if ((dirfd = wal_bad_open(w)) != -1)
		fd = openat(dirfd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1) {
		dprintf(fd, "%s\n", words);
		(void)fsync(fd);
		close(fd);
	}
	if (dirfd != -1)
		close(dirfd);
}

void
wal_segment_lost(
    const struct wal *w, const struct wal_segment *seg, uint64_t after)
{
	char name[WAL_NAME_MAX], bad[WAL_NAME_MAX + 8], words[128];

	if (after < seg->first)
		after = seg->first - 1;
	wal_segment_name(seg, name);
	snprintf(bad, sizeof bad, "%s.lost", name);
	snprintf(words, sizeof words,
	    "this file of the log was removed, and %llu records with it",
	    (unsigned long long)(seg->last - after));
	wal_bad_say(w, bad, words);
}

void
wal_front_lost(const struct wal *w, const struct wal_segment *front)
{
	char name[WAL_NAME_MAX], bad[WAL_NAME_MAX + 16], words[192];

	wal_segment_name(front, name);
	snprintf(bad, sizeof bad, "%s.before.lost", name);
	snprintf(words, sizeof words,
	    "what stood in the log before %s was removed: of records %llu to "
	    "%llu, those that are not in the database are lost",
	    name, (unsigned long long)w->committed + 1,
	    (unsigned long long)front->after);
	wal_bad_say(w, bad, words);
}

void
wal_log_lost(const struct wal *w)
{
	wal_bad_say(w, "log.lost", "no log is here, though keys of one are: it "
	    "was moved away, and should come back while glasd does not run; or "
	    "it was removed, and what was not in the database is lost");
}
