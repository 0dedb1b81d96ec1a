/*
 * Reads a configuration file against tables of keys. Runs in glasd and
 * glasctl; owns nothing when it is done. Called by src/store/config.c. Goes on
 * after a mistake, so that one run names them all.
 */
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"

#define CONF_PROBLEMS_MAX 50	/* a file of another sort would fill the log */
#define CONF_MARK "\001"	/* no line holds a control character */

struct conf_heading {
	const struct conf_section	*section;
	char				*name;
	unsigned int			 line;
};

struct conf_reader {
	const char			*file;
	const struct conf_section	*sections;
	size_t				 section_count;
	void				*arg;
	struct buf			*problems;
	unsigned int			 problem_count;
	unsigned int			 line;
	const char			*text;		/* of this line */
	struct conf_heading		*headings;	/* those so far */
	size_t				 heading_count;
	/* the section that the reader is in */
	const struct conf_section	*section;	/* NULL: none */
	bool				 skip;		/* unknown: pass over */
	void				*into;
	unsigned int			 section_line;
	unsigned int			 section_problems;	/* before it */
	unsigned int			 key_line[CONF_KEYS_MAX];
	bool				 key_given[CONF_KEYS_MAX];
};

static void conf_problem(struct conf_reader *, unsigned int line,
    const char *, ...) __attribute__((format(printf, 3, 4)));

static void
conf_problem(struct conf_reader *r, unsigned int line, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	if (++r->problem_count > CONF_PROBLEMS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	/* Of the file as a whole there is no line. */
	if (line == 0)
		buf_printf(r->problems, "%s: %s\n", r->file, what);
	else
		buf_printf(r->problems, "%s:%u: %s\n", r->file, line, what);
	if (r->problem_count == CONF_PROBLEMS_MAX)
		buf_printf(r->problems, "%s:%u: too many problems; mend these "
		    "first\n", r->file, line);
}

static void
conf_key_take(struct conf_reader *r, const struct conf_key *key,
    const char *value)
{
	const char *why = conf_store(key, value, r->into);

	if (why == NULL && r->section->setting != NULL)
		why = r->section->setting(r->into, key->name, value);
	if (why != NULL)
		conf_problem(r, r->line, "%s %s", key->name, why);
}

static void
conf_key_unknown(struct conf_reader *r, const char *name)
{
	const char *near = NULL;

	for (size_t i = 0; i < r->section->key_count; i++)
		near = conf_nearer(name, near, r->section->keys[i].name);
	if (near != NULL)
		conf_problem(r, r->line, "unknown key '%s' in [%s]; did you "
		    "mean '%s'? see glas.conf(5)", name, r->section->kind,
		    near);
	else
		conf_problem(r, r->line, "unknown key '%s' in [%s]; take it "
		    "out, see glas.conf(5)", name, r->section->kind);
}

/* A key beside the table. */
static void
conf_key_other(struct conf_reader *r, const char *name, const char *value)
{
	const char *why = NULL;

	if (!r->section->open)
		conf_key_unknown(r, name);
	else if (r->section->setting != NULL)
		why = r->section->setting(r->into, name, value);
	if (why != NULL)
		conf_problem(r, r->line, "%s %s", name, why);
}

/* A key = value of the file. A key without a value has its default. */
static void
conf_key_found(struct conf_reader *r, const char *name, const char *value)
{
	size_t i = 0;

	if (r->skip)
		return;
	if (r->section == NULL) {
		conf_problem(r, r->line, "'%s' stands before the first "
		    "[section]; put it behind its heading", name);
		return;
	}
	if (name[0] == '\0') {
		conf_problem(r, r->line, "nothing stands before the =; write "
		    "key = value");
		return;
	}
	while (i < r->section->key_count &&
	    strcmp(r->section->keys[i].name, name) != 0)
		i++;
	if (i == r->section->key_count) {
		conf_key_other(r, name, value);
		return;
	}
	if (r->key_line[i] != 0) {
		conf_problem(r, r->line, "'%s' stands in line %u already; "
		    "keep one of them", name, r->key_line[i]);
		return;
	}
	r->key_line[i] = r->line;
	r->key_given[i] = value[0] != '\0';
	if (r->key_given[i])
		conf_key_take(r, &r->section->keys[i], value);
}

/* Fills in what the section left out. */
static void
conf_section_end(struct conf_reader *r)
{
	const struct conf_section *section = r->section;
	const char *why = NULL;

	if (section == NULL)
		return;
	for (size_t i = 0; i < section->key_count; i++) {
		const struct conf_key *key = &section->keys[i];

		if (r->key_given[i])
			continue;
		if (key->required)
			conf_problem(r, r->section_line, "[%s] lacks '%s': %s",
			    section->kind, key->name, key->help);
		else if (key->fallback != NULL)
			conf_key_take(r, key, key->fallback);
	}
	/* A key that was refused would look like one left out. */
	if (section->end != NULL && r->problem_count == r->section_problems)
		why = section->end(r->into);
	if (why != NULL)
		conf_problem(r, r->section_line, "%s", why);
	r->section = NULL;
}

static void
conf_section_begin(struct conf_reader *r, const struct conf_section *section,
    const char *name)
{
	if (section->key_count > CONF_KEYS_MAX)
		panic("too many keys in the table of [%s]", section->kind);
	r->section = section;
	r->section_line = r->line;
	r->section_problems = r->problem_count;
	memset(r->key_line, 0, sizeof r->key_line);
	memset(r->key_given, 0, sizeof r->key_given);
	r->into = section->begin(r->arg, section, name);
	r->headings = xreallocarray(r->headings, r->heading_count + 1,
	    sizeof r->headings[0]);
	r->headings[r->heading_count++] = (struct conf_heading){
		.section = section,
		.name = name != NULL ? xstrdup(name) : NULL,
		.line = r->line
	};
}

/* The earlier heading of the same kind without names, or of the same name. */
static const struct conf_heading *
conf_heading_find(const struct conf_reader *r,
    const struct conf_section *section, const char *name)
{
	for (size_t i = 0; i < r->heading_count; i++) {
		const struct conf_heading *h = &r->headings[i];

		if (name == NULL ? h->section == section :
		    h->name != NULL && strcmp(h->name, name) == 0)
			return (h);
	}
	return (NULL);
}

/* What is wrong with the heading [kind name], said; the keys that follow are
 * checked all the same. */
static void
conf_heading_check(struct conf_reader *r, const struct conf_section *section,
    const char *name)
{
	const struct conf_heading *before;

	if (!section->named && name != NULL)
		conf_problem(r, r->line, "[%s] takes no name; write [%s]",
		    section->kind, section->kind);
	if (section->named && name == NULL)
		conf_problem(r, r->line, "[%s] has no name; write [%s NAME]",
		    section->kind, section->kind);
	else if (section->named && !conf_name_valid(name))
		conf_problem(r, r->line, "'%s' is no name for a [%s]; use 1 to "
		    "%d of a-z, 0-9 and -", name, section->kind, CONF_NAME_MAX);
	if (section->named && name == NULL)
		return;
	before = conf_heading_find(r, section, section->named ? name : NULL);
	if (before != NULL && !section->named)
		conf_problem(r, r->line, "[%s] stands in line %u already; put "
		    "its keys there", section->kind, before->line);
	else if (before != NULL)
		conf_problem(r, r->line, "[%s %s] stands in line %u already; "
		    "give this one another name", before->section->kind, name,
		    before->line);
}

static void
conf_heading_unknown(struct conf_reader *r, const char *kind)
{
	const char *near = NULL;

	r->skip = true;
	for (size_t i = 0; i < r->section_count; i++)
		near = conf_nearer(kind, near, r->sections[i].kind);
	if (kind[0] == '\0')
		conf_problem(r, r->line, "[] names no section; see "
		    "glas.conf(5)");
	else if (near != NULL)
		conf_problem(r, r->line, "unknown section [%s]; did you mean "
		    "[%s]? see glas.conf(5)", kind, near);
	else
		conf_problem(r, r->line, "unknown section [%s]; take it out, "
		    "see glas.conf(5)", kind);
}

/* libinih passes over what follows a heading on its line. */
static void
conf_heading_tail(struct conf_reader *r)
{
	const char *tail = strchr(r->text, ']');

	if (tail == NULL)
		return;
	tail += 1 + strspn(tail + 1, " \t");
	if (*tail != '\0' && *tail != ';' && *tail != '#')
		conf_problem(r, r->line, "something follows the ]; put it on a "
		    "line of its own");
}

/* A heading of the file, as libinih cuts it out: "kind" or "kind name". */
static void
conf_heading_found(struct conf_reader *r, const char *heading)
{
	char text[64], *save, *kind, *name;
	const struct conf_section *section = NULL;
	size_t len;

	conf_section_end(r);
	r->skip = false;
	conf_heading_tail(r);
	snprintf(text, sizeof text, "%s", heading);
	kind = strtok_r(text, " \t", &save);
	name = kind != NULL ? strtok_r(NULL, "", &save) : NULL;
	if (name != NULL) {
		name += strspn(name, " \t");
		for (len = strlen(name); len > 0 && (name[len - 1] == ' ' ||
		    name[len - 1] == '\t'); len--)
			name[len - 1] = '\0';
	}
	for (size_t i = 0; kind != NULL && i < r->section_count; i++) {
		if (strcmp(r->sections[i].kind, kind) == 0)
			section = &r->sections[i];
	}
	if (section == NULL) {
		conf_heading_unknown(r, kind != NULL ? kind : "");
		return;
	}
	conf_heading_check(r, section, name);
	if (!section->named)
		name = NULL;
	else if (name == NULL)
		name = text + strlen(text);
	conf_section_begin(r, section, name);
}

static int
conf_found(void *arg, const char *heading, const char *name, const char *value)
{
	struct conf_reader *r = arg;

	if (strcmp(name, CONF_MARK) != 0)
		conf_key_found(r, name, value);
	else if (strcmp(heading, CONF_MARK) != 0)
		conf_heading_found(r, heading);
	return (1);
}

/* What libinih would not see: it knows neither the length of a line nor what
 * may stand in it. */
static const char *
conf_line_wrong(const char *line, size_t len)
{
	if (strlen(line) != len)
		return ("holds a NUL");
	if (len > CONF_LINE_MAX)
		return ("is longer than 199 octets; shorten it");
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)line[i] < 0x20 && line[i] != '\t') ||
		    line[i] == 0x7f)
			return ("holds a control character; take it out");
	}
	if (!utf8_valid(line, len))
		return ("is not UTF-8; save the file as UTF-8");
	return (NULL);
}

/*
 * libinih tells the line of its first mistake only, and nothing of a heading
 * without keys. So it gets line for line: before each a heading and behind
 * each a key that no file can hold. Under which heading this key is found tells
 * whether the line was one.
 */
static void
conf_line(struct conf_reader *r, const char *line, size_t len)
{
	char text[CONF_LINE_MAX + 16];
	const char *why = conf_line_wrong(line, len);

	if (why != NULL) {
		conf_problem(r, r->line, "the line %s", why);
		return;
	}
	snprintf(text, sizeof text, "[" CONF_MARK "]\n%s\n" CONF_MARK "=\n",
	    line);
	r->text = line;
	if (ini_parse_string(text, conf_found, r) == 0)
		return;
	conf_problem(r, r->line, "the line is neither [section] nor key = "
	    "value; mend it, or put ; before a comment");
	if (line[strspn(line, " \t")] == '[') {
		/* Its keys are not those of the section before. */
		conf_section_end(r);
		r->skip = true;
	}
}

/* Without line end and byte order mark. */
static void
conf_lines(struct conf_reader *r, FILE *f)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t got;

	while ((got = getline(&line, &room, f)) != -1) {
		size_t len = (size_t)got;
		const char *start = line;

		while (len > 0 && (line[len - 1] == '\n' ||
		    line[len - 1] == '\r'))
			line[--len] = '\0';
		if (++r->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
			start += 3;
			len -= 3;
		}
		conf_line(r, start, len);
	}
	free(line);
}

/* Those without names are there, with their defaults, all the same. */
static void
conf_missing_sections(struct conf_reader *r)
{
	conf_section_end(r);
	r->line = 0;
	for (size_t i = 0; i < r->section_count; i++) {
		const struct conf_section *section = &r->sections[i];

		if (!section->named &&
		    conf_heading_find(r, section, NULL) == NULL) {
			conf_section_begin(r, section, NULL);
			conf_section_end(r);
		}
	}
}

int
conf_read(const char *file, const struct conf_section *sections, size_t count,
    void *arg, struct buf *problems)
{
	struct conf_reader r = { .file = file, .sections = sections,
		.section_count = count, .arg = arg, .problems = problems };
	FILE *f = fopen(file, "re");

	if (f != NULL)
		conf_lines(&r, f);
	if (f == NULL || ferror(f))
		conf_problem(&r, 0, "cannot be read: %s; name another with -c, "
		    "or see glas.conf(5)", strerror(errno));
	else
		conf_missing_sections(&r);
	if (f != NULL)
		fclose(f);
	for (size_t i = 0; i < r.heading_count; i++)
		free(r.headings[i].name);
	free(r.headings);
	return (r.problem_count == 0 ? 0 : -1);
}
