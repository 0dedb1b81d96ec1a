/*
 * glasctl content check: what is wrong with a pack in a directory, by file and
 * line, and how far its texts are. Needs no database; changes nothing. An
 * import looks at the pack in the same way.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "text/content.h"

#define CTL_CONTENT_INDENT 4

struct ctl_content {
	const char	*dir;
	FILE		*out;
	bool		 warnings_shown;
	unsigned int	 errors;
	unsigned int	 warnings;
};

static void
ctl_content_say(void *arg, const struct content_finding *f)
{
	struct ctl_content *c = arg;
	struct buf line = { 0 };

	if (f->error)
		c->errors++;
	else
		c->warnings++;
	if (!f->error && !c->warnings_shown)
		return;
	if (f->section == NULL)
		buf_printf(&line, "%s:0: ", c->dir);
	else
		buf_printf(&line, "%s/%s.json:%zu: ", c->dir, f->section,
		    pack_line(c->dir, f->section, f->entry));
	buf_printf(&line, "%s%s", f->error ? "" : "warning: ", f->what);
	ctl_say_hanging(c->out, "", CTL_CONTENT_INDENT, buf_str(&line));
	buf_clear(&line);
}

static void
ctl_content_today(char day[32])
{
	clock_format(clock_wall_us(), day, 32);
	day[strlen("2026-11-23")] = '\0';
}

static void
ctl_content_summary(const json_t *pack)
{
	struct content_counts counts[LANG_COUNT];
	char today[32];

	ctl_content_today(today);
	content_count(pack, today, counts);
	ctl_say(stdout, "\n%-8s %8s %8s %8s", "", "texts", "samples",
	    "expired");
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		if (counts[lang].texts > 0)
			ctl_say(stdout, "%-8s %8u %8u %8u", lang_name(lang),
			    counts[lang].texts, counts[lang].samples,
			    counts[lang].expired);
	}
	ctl_say(stdout, "\nSamples are texts that nobody has reviewed yet: let "
	    "a speaker, for rights a\nlawyer, read them. Expired ones about "
	    "rights are not sent.\n");
}

/* Reads and checks; NULL when a file cannot be read. */
static json_t *
ctl_content_examine(struct ctl_content *c)
{
	struct buf problems = { 0 };
	json_t *pack = pack_read(c->dir, &problems);
	char today[32];

	if (problems.len > 0)
		ctl_say(c->out, "%s", buf_str(&problems));
	buf_clear(&problems);
	ctl_content_today(today);
	if (pack != NULL)
		content_check(pack, today, ctl_content_say, c);
	return (pack);
}

json_t *
ctl_content_sound(const char *dir)
{
	struct ctl_content c = { .dir = dir, .out = stderr };
	json_t *pack = ctl_content_examine(&c);

	if (c.warnings > 0)
		ctl_say(stderr, "%u warnings: glasctl content check %s shows "
		    "them", c.warnings, dir);
	if (c.errors == 0)
		return (pack);
	json_decref(pack);
	return (NULL);
}

int
ctl_content_check(const struct ctl *ctl, int argc, char **argv)
{
	struct ctl_content c = { .out = stdout, .warnings_shown = true };
	struct ctl_options options;
	json_t *pack;
	int rest;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1)
		return (CTL_MISUSED);
	c.dir = argv[rest];
	pack = ctl_content_examine(&c);
	if (pack == NULL)
		return (CTL_FAILED);
	ctl_content_summary(pack);
	json_decref(pack);
	ctl_say(stdout, "%u error%s, %u warning%s", c.errors,
	    c.errors == 1 ? "" : "s", c.warnings, c.warnings == 1 ? "" : "s");
	return (c.errors > 0 ? CTL_FAILED : CTL_DONE);
}
