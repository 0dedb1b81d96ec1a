/*
 * Logging for all programs. Runs everywhere; owns the program's name, the level
 * and how many lines were lost. A line that cannot be written is lost: logging
 * never fails a caller, nor keeps one waiting for who does not read it.
 */
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"

#define LOG_WAIT_MS 20

static const char *log_program = "glas";
static enum log_level log_least = LOG_LEVEL_INFO;
static unsigned long log_lost;

static const struct {
	const char *word;
	char journal; /* sd-daemon(3) priority */
} log_levels[] = {
	[LOG_LEVEL_ERROR] = { "error", '3' },
	[LOG_LEVEL_WARN] = { "warn", '4' },
	[LOG_LEVEL_NOTICE] = { "notice", '5' },
	[LOG_LEVEL_INFO] = { "info", '6' },
	[LOG_LEVEL_DEBUG] = { "debug", '7' },
};

enum log_level
log_level_of(const char *word)
{
	for (size_t n = 0; n < sizeof log_levels / sizeof log_levels[0]; n++) {
		if (strcmp(log_levels[n].word, word) == 0)
			return ((enum log_level)n);
	}
	return (LOG_LEVEL_INFO);
}

void
log_init(const char *program, enum log_level level)
{
	log_program = program;
	log_least = level;
}

/* A pipe that says so takes PIPE_BUF octets at once, a socket more; a file is
 * always ready. Where the reader is gone, write(2) says it. Who reads and is slow
 * is waited for; once for who does not. */
static bool
log_room(void)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	return (poll(&p, 1, log_lost == 0 ? LOG_WAIT_MS : 0) == 1);
}

static void
log_write(enum log_level level, const char *text)
{
	char line[PIPE_BUF];
	size_t n = 0;

	if (getenv("JOURNAL_STREAM") != NULL)
		n += (size_t)snprintf(line, sizeof line, "<%c>",
		    log_levels[level].journal);
	n += (size_t)snprintf(line + n, 128, "%.64s: %s: ", log_program,
	    log_levels[level].word);
	for (const char *p = text; *p != '\0' && n < sizeof line - 8; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f)
			line[n++] = (char)c;
		else
			n += (size_t)snprintf(line + n, 5, "\\x%02x", c);
	}
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

static void
log_tell_lost(void)
{
	char text[80];

	snprintf(text, sizeof text, "%lu lines were lost here: nobody read the "
	    "log", log_lost);
	log_lost = 0;
	log_write(LOG_LEVEL_WARN, text);
}

static void log_line(enum log_level, const char *, va_list)
    __attribute__((format(printf, 2, 0)));

static void
log_line(enum log_level level, const char *fmt, va_list ap)
{
	char text[1024];

	if (level > log_least)
		return;
	vsnprintf(text, sizeof text, fmt, ap);
	if (log_lost != 0 && log_room())
		log_tell_lost();
	if (log_lost == 0 && log_room())
		log_write(level, text);
	else
		log_lost++;
}

#define LOG_FUNCTION(name, level)         \
	void name(const char *fmt, ...)   \
	{                                 \
		va_list ap;               \
                                          \
		va_start(ap, fmt);        \
		log_line(level, fmt, ap); \
		va_end(ap);               \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_notice, LOG_LEVEL_NOTICE)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

void
fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	exit(1);
}

void
panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	abort();
}
