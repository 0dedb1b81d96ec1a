/*
 * A file that is written aside and takes its name when it is whole. Runs in
 * glasd and glasctl; owns nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/keep.h"
#include "lib/mem.h"

static int
keep_write(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len != 0) {
		n = write(fd, text, len);
		if (n == -1 && errno != EINTR)
			return (-1);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return (fsync(fd));
}

int
keep_put(const char *file, const void *text, size_t len, mode_t mode)
{
	char *new = xasprintf("%s.new", file);
	int fd, rc, reason;

	/* One that was left behind may be of another mode, or owner. */
	(void)unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	rc = fd != -1 ? keep_write(fd, text, len) : -1;
	if (fd != -1 && close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = rename(new, file);
	reason = errno;
	if (rc == -1 && fd != -1)
		(void)unlink(new);
	free(new);
	errno = reason;
	return (rc);
}
