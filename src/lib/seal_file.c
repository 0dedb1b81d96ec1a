/*
 * Key files: made, read, overwritten. Runs in glasd and glasctl; owns nothing
 * but what it makes whole or not at all. Nothing looser than its owner alone is
 * read, links are not followed, a file that stands is never overwritten. Every
 * refusal names the file and the remedy.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/hex.h"
#include "lib/seal.h"
#include "lib/seal_private.h"

#define SEAL_FILE_LEN (2 * SEAL_KEY_LEN + 1) /* digits and a newline */

int
seal_dir_open(const char *dir, const char **error)
{
	struct stat st;
	int fd;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1) {
		*error = error_text("%s: %s; it must be a directory of the "
		    "gateway's own, mode 0700, made by glasctl init", dir,
		    strerror(errno));
		return (-1);
	}
	if (fstat(fd, &st) == -1 || (st.st_mode & 077) != 0) {
		*error = error_text("%s: others than its owner may enter it; "
		    "chmod 0700 %s, and make new keys if anybody has",
		    dir, dir);
		close(fd);
		return (-1);
	}
	return (fd);
}

static int
seal_file_check(int fd, const char *dir, const char *name, const char **error)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		*error = error_text("%s/%s: not a file; put the key file there",
		    dir, name);
	else if ((st.st_mode & 077) != 0)
		*error = error_text("%s/%s: others than its owner may read it; "
		    "chmod 0400 %s/%s, and make a new key if anybody has",
		    dir, name, dir, name);
	else if (st.st_size != SEAL_FILE_LEN)
		*error = error_text("%s/%s: %lld octets, a key file has %d; "
		    "restore it from a copy",
		    dir, name, (long long)st.st_size, SEAL_FILE_LEN);
	else
		return (0);
	return (-1);
}

int
seal_file_read(int dirfd, const char *dir, const char *name,
    uint8_t master[SEAL_KEY_LEN], const char **error)
{
	char text[SEAL_FILE_LEN + 1] = "";
	int fd, ret = -1;

	/* O_NONBLOCK: a FIFO must not hold the start. */
	fd = openat(dirfd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		*error = error_text("%s/%s: %s; %s", dir, name,
		    strerror(errno), errno == EACCES ?
		    "chown it to the user of the gateway, mode 0400" :
		    "put the key file there");
		return (-1);
	}
	if (seal_file_check(fd, dir, name, error) == -1)
		goto out;
	if (read(fd, text, SEAL_FILE_LEN) != SEAL_FILE_LEN ||
	    text[SEAL_FILE_LEN - 1] != '\n') {
		*error = error_text("%s/%s: does not end with a newline; "
		    "restore it from a copy",
		    dir, name);
		goto out;
	}
	text[SEAL_FILE_LEN - 1] = '\0';
	if (hex_decode(master, SEAL_KEY_LEN, text) != SEAL_KEY_LEN) {
		*error = error_text("%s/%s: not 64 hexadecimal digits; "
		    "restore it from a copy",
		    dir, name);
		goto out;
	}
	ret = 0;
out:
	seal_wipe(text, sizeof text);
	close(fd);
	errno = 0;
	return (ret);
}

/* What root makes is for whom the directory is: the gateway. */
static int
seal_give_at(int dirfd, const char *name)
{
	struct stat st;

	if (geteuid() != 0)
		return (0);
	if (fstat(dirfd, &st) == -1)
		return (-1);
	return (fchownat(
	    dirfd, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW));
}

int
seal_give(const char *dir, const char *name)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int ret = -1, reason;

	if (fd == -1)
		return (-1);
	ret = seal_give_at(fd, name);
	reason = errno;
	close(fd);
	errno = reason;
	return (ret);
}

static int
seal_file_fill(int dirfd, const char *name)
{
	uint8_t master[SEAL_KEY_LEN];
	char text[SEAL_FILE_LEN + 1];
	int fd, ret = -1;

	fd = openat(dirfd, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
	if (fd == -1)
		return (-1);
	randombytes_buf(master, sizeof master);
	hex_encode(text, master, sizeof master);
	text[SEAL_FILE_LEN - 1] = '\n';
	if (write(fd, text, SEAL_FILE_LEN) == SEAL_FILE_LEN &&
	    seal_give_at(dirfd, name) == 0 && fsync(fd) == 0)
		ret = 0;
	seal_wipe(master, sizeof master);
	seal_wipe(text, sizeof text);
	if (close(fd) == -1)
		ret = -1;
	return (ret);
}

/* Written aside, then linked to its name, which unlike rename() cannot take the
 * place of a key that another process made meanwhile. */
int
seal_file_create(int dirfd, const char *dir, const char *name,
    const char **error)
{
	char aside[SEAL_NAME_MAX + 8];
	int ret = -1;

	if (faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return (0);
	snprintf(aside, sizeof aside, "new.%s", name);
	unlinkat(dirfd, aside, 0);
	if (seal_file_fill(dirfd, aside) == 0) {
		if (linkat(dirfd, aside, dirfd, name, 0) == 0)
			ret = fsync(dirfd) == 0 ? 1 : -1;
		else if (errno == EEXIST)
			ret = 0;
	}
	if (ret == -1)
		*error = error_text("%s/%s: cannot be made: %s; make room or "
		    "give the gateway the directory",
		    dir, name, strerror(errno));
	unlinkat(dirfd, aside, 0);
	return (ret);
}

/* Overwriting is for disks that write in place; on others what counts is that
 * the file system has forgotten the blocks, and that is all it can do. */
int
seal_file_scrub(int dirfd, const char *name)
{
	uint8_t noise[SEAL_FILE_LEN];
	struct stat st;
	int fd, ret = -1;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISREG(st.st_mode) || fchmodat(dirfd, name, 0600, 0) == -1)
		return (-1);
	fd = openat(dirfd, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	randombytes_buf(noise, sizeof noise);
	if (write(fd, noise, sizeof noise) == (ssize_t)sizeof noise &&
	    fsync(fd) == 0)
		ret = 0;
	close(fd);
	return (ret);
}
