/*
 * What the durable log cannot read or does not find any more: `bad` in its
 * directory, where it lies until somebody takes it away. Runs in glasd; owns no
 * state. Called by the other wal_*.c files. What cannot be put there is logged.
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
	const struct dirent *entry;
	size_t n = 0;
	DIR *d = wal_dir_list(w, WAL_BAD_DIR);

	if (d == NULL)
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
	DIR *d = wal_dir_list(w, WAL_BAD_DIR);

	if (d == NULL)
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
		log_warn("%s/%s/%s: %s", w->dir, WAL_BAD_DIR, bad,
		    strerror(errno));
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
wal_segment_lost(const struct wal *w, const struct wal_segment *seg,
    uint64_t after)
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
