/*
 * Words on a terminal, and words on standard input. Owns nothing. All output of
 * glasctl passes through ctl_say(), so that no octet from a stranger or from
 * the database steers a terminal.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "lib/utf8.h"

void
ctl_say(FILE *out, const char *fmt, ...)
{
	struct buf clean = { 0 };
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	utf8_visible(&clean, text, strlen(text));
	if (clean.len == 0 || clean.data[clean.len - 1] != '\n')
		buf_add(&clean, "\n", 1);
	fwrite(clean.data, 1, clean.len, out);
	buf_clear(&clean);
	free(text);
}

size_t
ctl_columns(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return (n);
}

void
ctl_say_hanging(FILE *out, const char *margin, size_t indent,
    const char *words)
{
	struct buf line = { 0 };
	size_t used = strlen(margin);
	bool empty = true;

	buf_add_str(&line, margin);
	words += strspn(words, " ");
	while (*words != '\0') {
		size_t len = strcspn(words, " ");
		size_t columns = ctl_columns(words, len);

		if (!empty && used + 1 + columns >= CTL_COLUMNS) {
			ctl_say(out, "%s", buf_str(&line));
			buf_reset(&line);
			buf_printf(&line, "%*s", (int)indent, "");
			used = indent;
			empty = true;
		}
		buf_printf(&line, "%s%.*s", empty ? "" : " ", (int)len, words);
		used += !empty + columns;
		empty = false;
		words += len + strspn(words + len, " ");
	}
	ctl_say(out, "%s", buf_str(&line));
	buf_clear(&line);
}

void
ctl_say_wrapped(const char *margin, const char *words)
{
	ctl_say_hanging(stdout, margin, strlen(margin), words);
}

void
ctl_unescape(const char *line, size_t len, struct buf *text)
{
	const char *end = line + len;
	uint32_t c;

	buf_reset(text);
	while (line < end) {
		c = utf8_next(&line, end);
		if (c == '\\' && line < end &&
		    (*line == 'n' || *line == 't' || *line == '\\')) {
			c = *line == 'n' ? '\n' : *line == 't' ? '\t' : '\\';
			line++;
		}
		utf8_put(text, c == 0 ? 0xfffd : c);
	}
	buf_str(text);
}
