/*
 * For each line of standard input, twice a line: encoding, segments, units and
 * the letters that it is sent in; first in the cheap ones, then as for somebody
 * who asked for Cyrillic. "\n" stands for a newline. Used by test_letters.py to
 * compare src/text/script.c and src/sms/segment.c with the functions in SQL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "sms/segment.h"
#include "text/script.h"

static size_t
letters_unescape(char *line)
{
	char *out = line;

	for (const char *p = line; *p != '\0' && *p != '\n'; p++) {
		if (p[0] == '\\' && p[1] == 'n') {
			*out++ = '\n';
			p++;
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
	return ((size_t)(out - line));
}

static void
letters_print(const char *text, size_t len, bool keep)
{
	struct buf sent = { 0 };
	enum encoding encoding;
	unsigned int segments, units;

	script_to_gsm7(&sent, text, len, keep);
	segments = segment_count(buf_str(&sent), &encoding, &units);
	printf("%s\t%u\t%u\t", encoding_name(encoding), segments, units);
	for (const char *p = buf_str(&sent); *p != '\0'; p++) {
		if (*p == '\n')
			fputs("\\n", stdout);
		else
			putchar(*p);
	}
	putchar('\n');
	buf_clear(&sent);
}

int
main(void)
{
	char *line = NULL;
	size_t room = 0, len;

	while (getline(&line, &room, stdin) > 0) {
		len = letters_unescape(line);
		letters_print(line, len, false);
		letters_print(line, len, true);
	}
	free(line);
	return (0);
}
