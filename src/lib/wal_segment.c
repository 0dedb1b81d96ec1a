/*
 * One segment file of the durable log: its name, and its making. Runs in glasd;
 * owns no state. Called by the other wal_*.c files, which decide what a failure
 * means.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/wal_private.h"

void
wal_segment_name(const struct wal_segment *seg, char name[WAL_NAME_MAX])
{
	snprintf(name, WAL_NAME_MAX, "log.%016llx",
	    (unsigned long long)seg->first);
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
	return (openat(w->dirfd, name,
	    flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

/* -1, with errno as it was. */
static int
wal_aside_drop(const struct wal *w, int fd)
{
	int error = errno;

	unlinkat(w->dirfd, WAL_ASIDE, 0);
	close(fd);
	errno = error;
	return (-1);
}

static int
wal_aside_open(const struct wal *w, uint64_t size)
{
	int fd, error;

	unlinkat(w->dirfd, WAL_ASIDE, 0);
	fd = openat(w->dirfd, WAL_ASIDE,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1 || (error = posix_fallocate(fd, 0, (off_t)size)) == 0)
		return (fd);
	errno = error;
	return (wal_aside_drop(w, fd));
}

int
wal_segment_make(const struct wal *w, const struct wal_segment *seg,
    const struct seal_day *key)
{
	uint8_t area[WAL_AREA];
	int fd = wal_aside_open(w, seg->size);

	if (fd == -1)
		return (-1);
	wal_area_encode(seg, key, area);
	if (pwrite(fd, area, sizeof area, 0) != (ssize_t)sizeof area ||
	    fsync(fd) == -1)
		return (wal_aside_drop(w, fd));
	return (fd);
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
int
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
	int fd = wal_aside_open(w, size);

	if (fd == -1)
		return (-1);
	if (wal_copy(fd, seg->fd, 0, end) == -1 ||
	    wal_segment_publish(w, seg) == -1)
		return (wal_aside_drop(w, fd));
	close(seg->fd);
	seg->fd = fd;
	return (0);
}
