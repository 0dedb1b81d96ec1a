/*
 * Logging for all programs. Runs everywhere; owns nothing but the program's
 * name and the level. A line that cannot be written is lost: logging never
 * fails a caller.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"

static const char *log_program = "glas";
static enum log_level log_least = LOG_LEVEL_INFO;

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

static void log_line(enum log_level, const char *, va_list)
    __attribute__((format(printf, 2, 0)));

static void
log_line(enum log_level level, const char *fmt, va_list ap)
{
	char text[1024], line[4200];
	size_t n = 0;
	int len;

	if (level > log_least)
		return;
	vsnprintf(text, sizeof text, fmt, ap);
	if (getenv("JOURNAL_STREAM") != NULL) {
		len = snprintf(line, sizeof line, "<%c>",
		    log_levels[level].journal);
		n += (size_t)len;
	}
	len = snprintf(line + n, 128, "%.64s: %s: ", log_program,
	    log_levels[level].word);
	n += (size_t)len;
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
