/*
 * One segment file of the durable log: its octets, its name, its making, and
 * the directory for what cannot be read. Runs in glasd; owns no state. Called
 * by the other wal_*.c files, which decide what a failure means.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/wal_private.h"

#define WAL_SEGMENT_MAGIC UINT64_C(0x31474f4c53414c47) /* "GLASLOG1" */
#define WAL_RECORD_MAGIC UINT32_C(0xd36a91e5)
#define WAL_SEAL_AT 48
#define WAL_CHECK_AT 92
#define WAL_DAY_US (INT64_C(86400) * 1000000)
#define WAL_BAD_DIR "bad"

static void
wal_put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void
wal_put64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t
wal_get32(const uint8_t *p)
{
	return ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24);
}

static uint64_t
wal_get64(const uint8_t *p)
{
	return ((uint64_t)wal_get32(p) | (uint64_t)wal_get32(p + 4) << 32);
}

/* CRC-32C, bit by bit: headers are short, and the payload has its tag. */
static uint32_t
wal_check(uint32_t crc, const uint8_t *p, size_t len)
{
	for (crc = ~crc; len > 0; len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (0x82f63b78u & -(crc & 1));
	}
	return (~crc);
}

uint32_t
wal_day(int64_t wall_us)
{
	unsigned int year, month, day;
	char text[32];

	clock_format(wall_us, text, sizeof text);
	if (sscanf(text, "%4u-%2u-%2u", &year, &month, &day) != 3)
		panic("wal_day: %s", text);
	return (year * 10000 + month * 100 + day);
}

bool
wal_same_day(int64_t a_us, int64_t b_us)
{
	return (a_us / WAL_DAY_US == b_us / WAL_DAY_US);
}

size_t
wal_record_size(size_t len)
{
	return ((WAL_HEAD + SEAL_DAY_OVERHEAD + len + 7) & ~(size_t)7);
}

static uint32_t
wal_head_check(const uint8_t in[WAL_HEAD])
{
	return (wal_check(wal_check(0, in, 12), in + 16, 8));
}

void
wal_head_encode(const struct wal_head *head, uint8_t out[WAL_HEAD])
{
	wal_put32(out, WAL_RECORD_MAGIC);
	wal_put32(out + 4, head->len);
	wal_put32(out + 8, (uint32_t)head->kind);
	wal_put64(out + 16, head->number);
	wal_put32(out + 12, wal_head_check(out));
}

bool
wal_head_decode(const uint8_t in[WAL_HEAD], struct wal_head *head)
{
	uint32_t kind;

	if (wal_get32(in) != WAL_RECORD_MAGIC ||
	    wal_get32(in + 12) != wal_head_check(in))
		return (false);
	kind = wal_get32(in + 8);
	head->len = wal_get32(in + 4);
	head->number = wal_get64(in + 16);
	if (kind > WAL_KIND_MARK || head->len > WAL_RECORD_MAX ||
	    (kind == WAL_KIND_MARK && head->len != 0))
		return (false);
	head->kind = (enum wal_kind)kind;
	return (true);
}

void
wal_area_encode(const struct wal_segment *seg, const struct seal_day *key,
    uint8_t area[WAL_AREA])
{
	memset(area, 0, WAL_AREA);
	wal_put64(area, WAL_SEGMENT_MAGIC);
	wal_put32(area + 8, WAL_VERSION);
	wal_put32(area + 12, seg->day);
	wal_put64(area + 16, seg->first);
	wal_put64(area + 24, seg->after);
	wal_put64(area + 32, seg->committed);
	wal_put64(area + 40, (uint64_t)seg->begin_us);
	seal_day_close(key, area, WAL_SEAL_AT, "", 0, area + WAL_SEAL_AT);
	wal_put32(area + WAL_CHECK_AT, wal_check(0, area, WAL_CHECK_AT));
	memcpy(area + WAL_COPY, area, WAL_CHECK_AT + 4);
}

static enum wal_area
wal_area_decode_copy(
    const uint8_t *in, const struct seal_day *key, struct wal_segment *seg)
{
	uint8_t nothing[1];

	if (wal_get64(in) != WAL_SEGMENT_MAGIC ||
	    wal_get32(in + WAL_CHECK_AT) != wal_check(0, in, WAL_CHECK_AT))
		return (WAL_AREA_BROKEN);
	if (wal_get32(in + 8) != WAL_VERSION)
		return (WAL_AREA_FOREIGN);
	seg->day = wal_get32(in + 12);
	seg->first = wal_get64(in + 16);
	seg->after = wal_get64(in + 24);
	seg->committed = wal_get64(in + 32);
	seg->begin_us = (int64_t)wal_get64(in + 40);
	if (seg->first == 0 || seg->first > WAL_NUMBER_MAX ||
	    seg->after >= seg->first || seg->committed > seg->after)
		return (WAL_AREA_BROKEN);
	if (key != NULL && seal_day_open(key, in, WAL_SEAL_AT, in + WAL_SEAL_AT,
			       SEAL_DAY_OVERHEAD, nothing) != 0)
		return (WAL_AREA_KEY);
	return (WAL_AREA_SOUND);
}

enum wal_area
wal_area_decode(const uint8_t area[WAL_AREA], const struct seal_day *key,
    struct wal_segment *seg)
{
	enum wal_area got = wal_area_decode_copy(area, key, seg);

	if (got == WAL_AREA_BROKEN)
		got = wal_area_decode_copy(area + WAL_COPY, key, seg);
	return (got);
}

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

size_t
wal_set_aside(const struct wal *w)
{
	int fd = openat(w->dirfd, WAL_BAD_DIR,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *entry;
	size_t n = 0;
	DIR *d;

	if (fd == -1 || (d = fdopendir(fd)) == NULL) {
		if (fd != -1)
			close(fd);
		return (0);
	}
	while ((entry = readdir(d)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(d);
	return (n);
}

void
wal_segment_set_aside(const struct wal *w, const struct wal_segment *seg,
    int fd, uint64_t from, uint64_t to)
{
	char name[WAL_NAME_MAX], bad[WAL_NAME_MAX + 24];
	int dirfd, copy = -1;

	wal_segment_name(seg, name);
	snprintf(bad, sizeof bad, "%s.%llx", name, (unsigned long long)from);
	if ((dirfd = wal_bad_open(w)) != -1)
		copy = openat(dirfd, bad,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (copy == -1 && dirfd != -1 && errno == EEXIST)
		goto out;
	log_warn("%s/%s: offset=%llu cannot be read, set aside in %s", w->dir,
	    name, (unsigned long long)from, WAL_BAD_DIR);
	if (copy == -1 || wal_copy(copy, fd, from, to) == -1)
		log_warn(
		    "%s/%s/%s: %s", w->dir, WAL_BAD_DIR, bad, strerror(errno));
out:
	if (copy != -1)
		close(copy);
	if (dirfd != -1)
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
wal_log_lost(const struct wal *w)
{
	wal_bad_say(w, "log.lost", "no log is here, though keys of one are: it "
	    "was moved away, and should come back while glasd does not run; or "
	    "it was removed, and what was not in the database is lost");
}
