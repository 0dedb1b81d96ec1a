/*
 * Pieces of the state, as they are read and said. Runs in glasctl and glas-web;
 * pure.
 */
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "show/status.h"

const char *
show_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return (s != NULL ? s : "");
}

long long
show_number(const json_t *object, const char *key)
{
	return ((long long)json_integer_value(json_object_get(object, key)));
}

int64_t
show_time(const json_t *object, const char *key)
{
	int64_t at;
	int offset;

	return (clock_parse(show_text(object, key), &at, &offset) == 0 ? at :
	    -1);
}

void
show_span(int64_t seconds, char words[SHOW_TIME_MAX])
{
	static const struct {
		int64_t		 from, s;
		const char	*unit;
	} units[] = { { 172800, 86400, "days" }, { 7200, 3600, "h" },
		{ 120, 60, "min" }, { 0, 1, "s" } };
	int n = 0;

	if (seconds < 0)
		seconds = 0;
	while (seconds < units[n].from)
		n++;
	snprintf(words, SHOW_TIME_MAX, "%lld %s",
	    (long long)(seconds / units[n].s), units[n].unit);
}

void
show_unready(struct buf *b, const json_t *status)
{
	const size_t before = b->len;
	json_t *link;
	size_t n;

	json_array_foreach(json_object_get(status, "links"), n, link) {
		if (json_is_true(json_object_get(link, "up")) ||
		    strcmp(show_text(link, "kind"), "status") == 0)
			continue;
		buf_printf(b, "%s%s is %s", b->len != before ? ", " : "",
		    show_text(link, "name"), show_text(link, "state"));
	}
}
