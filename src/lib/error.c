/*
 * The last reason that was given, in words. Runs in all programs; owns one
 * text, called where files of a gateway are opened.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/error.h"

#define ERROR_TEXT_MAX (4096 + 256)	/* a path, and what is said of it */

const char *
error_text(const char *fmt, ...)
{
	static char text[ERROR_TEXT_MAX];
	char made[ERROR_TEXT_MAX];
	int reason = errno;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(made, sizeof made, fmt, ap);
	va_end(ap);
	/* Not at once: the old text may be one of the arguments. */
	memcpy(text, made, sizeof text);
	errno = reason;
	return (text);
}
