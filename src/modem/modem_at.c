/*
 * AT commands on a bare tty. Runs in glas-modem; owns nothing. Called to find
 * the port of a modem and to handle slots that libgammu cannot. A modem that
 * does not answer costs the deadline of the one command, never more.
 */
#include <sys/file.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/clock.h"
#include "modem/modem_at.h"

#define AT_ESCAPE_MS	100	/* for its answer, which is thrown away */

static const struct {
	const char	*name;
	speed_t		 speed;
} at_speeds[] = {
	{ "at9600", B9600 },
	{ "at19200", B19200 },
	{ "at38400", B38400 },
	{ "at57600", B57600 },
	{ "at115200", B115200 },
	{ "at230400", B230400 },
	{ "at460800", B460800 },
	{ "at921600", B921600 },
};

static int
at_set_line(int fd, const char *connection)
{
	struct termios t;

	if (tcgetattr(fd, &t) == -1)
		return (-1);
	cfmakeraw(&t);
	t.c_cflag |= CREAD | CLOCAL;
	t.c_cflag &= (tcflag_t)~CRTSCTS;
	for (size_t i = 0; i < sizeof at_speeds / sizeof at_speeds[0]; i++) {
		if (strcmp(connection, at_speeds[i].name) == 0)
			cfsetspeed(&t, at_speeds[i].speed);
	}
	if (tcsetattr(fd, TCSANOW, &t) == -1)
		return (-1);
	return (tcflush(fd, TCIOFLUSH));
}

/* A modem whose host died between AT+CMGS and the text takes all it is told for
 * that text, until it is told to leave it. */
static void
at_escape(int fd)
{
	struct pollfd line = { .fd = fd, .events = POLLIN };

	if (write(fd, "\033\r", 2) == 2)
		(void)poll(&line, 1, AT_ESCAPE_MS);
	tcflush(fd, TCIFLUSH);
}

enum at_open
at_open(const char *device, const char *connection, int *fd)
{
	*fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (*fd == -1)
		return (AT_NOT_THERE);
	if (flock(*fd, LOCK_EX | LOCK_NB) == -1) {
		close(*fd);
		return (AT_IN_USE);
	}
	if (at_set_line(*fd, connection) == -1) {
		close(*fd);
		return (AT_NOT_THERE);
	}
	at_escape(*fd);
	return (AT_OPENED);
}

static int
at_write(int fd, const char *s, size_t len, int64_t until)
{
	struct pollfd line = { .fd = fd, .events = POLLOUT };

	while (len > 0) {
		int64_t left = until - clock_mono_ms();
		ssize_t n;

		if (left <= 0 || poll(&line, 1, (int)left) != 1)
			return (-1);
		n = write(fd, s, len);
		if (n <= 0)
			return (-1);
		s += n;
		len -= (size_t)n;
	}
	return (0);
}

/* 0 for OK, -1 for an error, 1 when the answer goes on. */
static int
at_final(const char *line)
{
	static const char *const errors[] = { "ERROR", "+CME ERROR",
		"+CMS ERROR", "COMMAND NOT SUPPORT" };

	if (strncmp(line, "OK\r", 3) == 0)
		return (0);
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		if (strncmp(line, errors[i], strlen(errors[i])) == 0)
			return (-1);
	}
	return (1);
}

/* Looks at each whole line of the answer so far. */
static int
at_outcome(const char *answer)
{
	const char *line = answer, *end;

	while ((end = strchr(line, '\n')) != NULL) {
		int outcome = at_final(line);

		if (outcome != 1)
			return (outcome);
		line = end + 1;
	}
	return (1);
}

int
at_command(int fd, const char *command, int timeout_ms,
    char answer[AT_ANSWER_SIZE])
{
	int64_t until = clock_mono_ms() + timeout_ms;
	struct pollfd line = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	int outcome = 1;

	answer[0] = '\0';
	tcflush(fd, TCIFLUSH);
	if (at_write(fd, command, strlen(command), until) == -1 ||
	    at_write(fd, "\r", 1, until) == -1)
		return (-1);
	while (outcome == 1) {
		int64_t left = until - clock_mono_ms();
		ssize_t n;

		if (left <= 0 || len + 1 == AT_ANSWER_SIZE ||
		    poll(&line, 1, (int)left) != 1)
			return (-1);
		n = read(fd, answer + len, AT_ANSWER_SIZE - 1 - len);
		if (n <= 0)
			return (-1);
		for (ssize_t i = 0; i < n; i++) {
			if (answer[len] == '\0')
				answer[len] = ' ';
			len++;
		}
		answer[len] = '\0';
		outcome = at_outcome(answer);
	}
	return (outcome);
}

static char *
at_find(char *answer, const char *prefix)
{
	char *line = answer;

	while (strncmp(line, prefix, strlen(prefix)) != 0) {
		line = strchr(line, '\n');
		if (line == NULL)
			return (NULL);
		line++;
	}
	return (line);
}

static char *
at_cut(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	return (line);
}

char *
at_line(char *answer, const char *prefix)
{
	char *line = at_find(answer, prefix);

	return (line != NULL ? at_cut(line) : NULL);
}

char *
at_line_after(char *answer, const char *prefix)
{
	char *line = at_find(answer, prefix);

	if (line == NULL)
		return (NULL);
	/* What stands behind the final result may be half a line, and the last
	 * one. */
	line += strcspn(line, "\r\n");
	line += strspn(line, "\r\n");
	return (at_cut(line));
}
