/*
 * glasctl content check: what is wrong with a pack in a directory, by file and
 * line. Needs no database; changes nothing.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "text/content.h"

struct ctl_content {
	FILE		*out;
	const char	*dir;
	unsigned int	 errors;
	unsigned int	 warnings;
};

static void
ctl_content_say(void *arg, const struct content_finding *f)
{
	struct ctl_content *c = arg;
	size_t line = 0;

	if (f->error)
		c->errors++;
	else
		c->warnings++;
	if (f->section != NULL)
		line = pack_line(c->dir, f->section, f->entry);
	ctl_say(c->out, "%s%s%s%s:%zu: %s%s", c->dir,
	    f->section != NULL ? "/" : "",
	    f->section != NULL ? f->section : "",
	    f->section != NULL ? ".json" : "", line,
	    f->error ? "" : "warning: ", f->what);
}

/* As it is written in a pack. */
static void
ctl_content_today(char today[32])
{
	clock_format(clock_wall_us(), today, 32);
	today[strlen("2026-11-23")] = '\0';
}

bool
ctl_content_forms_sound(const char *dir, const json_t *pack)
{
	struct ctl_content c = { .out = stderr, .dir = dir };
	char today[32];

	ctl_content_today(today);
	return (content_forms_sound(pack, today, ctl_content_say, &c));
}

int
ctl_content_check(const char *dir)
{
	struct ctl_content c = { .out = stdout, .dir = dir };
	struct buf problems = { 0 };
	char today[32];
	json_t *pack = pack_read(dir, &problems);

	if (problems.len > 0)
		ctl_say(stdout, "%s", buf_str(&problems));
	buf_clear(&problems);
	if (pack == NULL)
		return (CTL_FAILED);
	ctl_content_today(today);
	content_check(pack, today, ctl_content_say, &c);
	json_decref(pack);
	ctl_say(stdout, "%u errors, %u warnings", c.errors, c.warnings);
	return (c.errors > 0 ? CTL_FAILED : CTL_DONE);
}
