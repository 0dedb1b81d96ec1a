/*
 * Content packs in directories. Runs in glasctl (content check, import, export,
 * interpret) and in glasd -t; owns nothing between calls. A pack is small and
 * read whole; a file that cannot be read is named with the remedy.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/keep.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "text/content_section.h"

#define PACK_FILE_MAX (16 << 20)	/* octets */

/* A file while it is read. */
struct pack_file {
	int		 fd;
	size_t		 left;		/* octets that it may still have */
	int		 error;		/* errno, or 0 */
};

/* What jansson calls for more: octets read, 0 at the end, (size_t)-1. */
static size_t
pack_more(void *part, size_t room, void *file)
{
	struct pack_file *f = file;
	ssize_t n;

	do {
		n = read(f->fd, part, room);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		f->error = errno;
	else if ((size_t)n > f->left)
		f->error = EFBIG;
	else
		f->left -= (size_t)n;
	return (f->error == 0 ? (size_t)n : (size_t)-1);
}

static json_t *
pack_read_section(const char *dir, const struct content_section *s,
    struct buf *problems)
{
	char *file = xasprintf("%s/%s.json", dir, s->name);
	struct pack_file f = { .left = PACK_FILE_MAX };
	json_t *section = NULL;
	json_error_t error;

	if (s->optional && access(file, F_OK) == -1 && errno == ENOENT) {
		section = json_pack("{s:s, s:[]}", "note", "", "entries");
	} else if ((f.fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		f.error = errno;
	} else {
		section = json_load_callback(pack_more, &f,
		    JSON_REJECT_DUPLICATES, &error);
		close(f.fd);
	}
	if (f.error != 0)
		buf_printf(problems, "%s:0: %s; a pack has this file\n", file,
		    strerror(f.error));
	else if (section == NULL)
		buf_printf(problems, "%s:%d: %s; correct the file\n",
		    file, error.line, error.text);
	free(file);
	return (section);
}

static bool
pack_has(const char *file, const char *end)
{
	const struct content_section *s;

	for (size_t i = 0; (s = content_section_at(i)) != NULL; i++) {
		if (strlen(s->name) == (size_t)(end - file) &&
		    strncmp(s->name, file, (size_t)(end - file)) == 0)
			return (true);
	}
	return (false);
}

/* A file under a name that is none of a pack would be passed over in silence.
 * False when there is one. */
static bool
pack_has_no_others(const char *dir, struct buf *problems)
{
	const struct content_section *s;
	const struct dirent *e;
	DIR *d = opendir(dir);
	bool none = true;

	while (d != NULL && (e = readdir(d)) != NULL) {
		const char *end = strrchr(e->d_name, '.');

		if (end == NULL || strcmp(end, ".json") != 0 ||
		    pack_has(e->d_name, end))
			continue;
		none = false;
		buf_printf(problems, "%s/%s:0: not a file of a pack: give it "
		    "its right name or move it away; a pack has", dir,
		    e->d_name);
		for (size_t i = 0; (s = content_section_at(i)) != NULL; i++)
			buf_printf(problems, " %s", s->name);
		buf_add_str(problems, "\n");
	}
	if (d != NULL)
		closedir(d);
	return (none);
}

json_t *
pack_read(const char *dir, struct buf *problems)
{
	const struct content_section *s;
	json_t *pack, *section;
	bool complete;

	if (access(dir, R_OK | X_OK) == -1) {
		buf_printf(problems, "%s: %s; name a directory with a content "
		    "pack\n", dir, strerror(errno));
		return (NULL);
	}
	pack = json_object();
	complete = pack_has_no_others(dir, problems);
	for (size_t i = 0; (s = content_section_at(i)) != NULL; i++) {
		section = pack_read_section(dir, s, problems);
		if (section == NULL)
			complete = false;
		else
			json_object_set_new(pack, s->name, section);
	}
	if (complete)
		return (pack);
	json_decref(pack);
	return (NULL);
}

/* The entry with its fields in the order of the section; unknown ones last. */
static json_t *
pack_ordered(const struct content_section *s, json_t *entry)
{
	json_t *ordered = json_object(), *value;
	const struct content_field *f;
	const char *key;

	for (f = s->fields; f->name != NULL; f++) {
		value = json_object_get(entry, f->name);
		if (value != NULL)
			json_object_set(ordered, f->name, value);
	}
	json_object_foreach(entry, key, value)
		json_object_set(ordered, key, value);
	return (ordered);
}

static int
pack_compare(const void *a, const void *b, void *section)
{
	return (content_section_compare(section, *(json_t *const *)a,
	    *(json_t *const *)b));
}

static void
pack_print_entry(const struct content_section *s, json_t *entry,
    struct buf *out)
{
	json_t *ordered = pack_ordered(s, entry), *names, *value;
	char *line;
	struct content_field const *f;
	bool lines = false;

	/* What is inside an entry has no order of its own: by name. */
	for (f = s->fields; f->name != NULL; f++) {
		lines |= f->type == CONTENT_LINES;
		names = json_object_get(ordered, f->name);
		if (f->type != CONTENT_NAMES || !json_is_object(names))
			continue;
		line = json_dumps(names, JSON_SORT_KEYS);
		value = line != NULL ? json_loads(line, 0, NULL) : NULL;
		if (value != NULL)
			json_object_set_new(ordered, f->name, value);
		free(line);
	}
	line = json_dumps(ordered, JSON_PRESERVE_ORDER |
	    (lines ? JSON_INDENT(1) : 0));
	buf_add_str(out, line != NULL ? line : "{}");
	free(line);
	json_decref(ordered);
}

static void
pack_print(const struct content_section *s, const json_t *section,
    struct buf *out)
{
	json_t *list = json_object_get(section, "entries");
	json_t *note = json_object_get(section, "note");
	size_t n = json_array_size(list);
	json_t **sorted = xcalloc(n, sizeof(json_t *));
	char *text = json_dumps(note, JSON_ENCODE_ANY);

	for (size_t i = 0; i < n; i++)
		sorted[i] = json_array_get(list, i);
	if (n > 1)
		qsort_r(sorted, n, sizeof(json_t *), pack_compare, (void *)s);
	buf_printf(out, "{\n\"note\": %s,\n\"entries\": [\n",
	    text != NULL ? text : "\"\"");
	for (size_t i = 0; i < n; i++) {
		pack_print_entry(s, sorted[i], out);
		buf_add_str(out, i + 1 < n ? ",\n" : "\n");
	}
	buf_add_str(out, "]\n}\n");
	free(text);
	free(sorted);
}

/* -1 with a line in `problems`. */
static int
pack_write_file(const char *dir, const struct content_section *s,
    const json_t *section, struct buf *problems)
{
	char *file = xasprintf("%s/%s.json", dir, s->name);
	struct buf text = { 0 };
	int result;

	pack_print(s, section, &text);
	result = keep_put(file, text.data, text.len, 0644);
	if (result == -1)
		buf_printf(problems, "%s:0: %s; make the directory writable\n",
		    file, strerror(errno));
	buf_clear(&text);
	free(file);
	return (result);
}

int
pack_write_section(const char *dir, const char *name, const json_t *section,
    struct buf *problems)
{
	return (pack_write_file(dir, content_section_find(name), section,
	    problems));
}

int
pack_write(const char *dir, const json_t *pack, struct buf *problems)
{
	const struct content_section *s;
	int result = 0;

	if (mkdir(dir, 0755) == -1 && errno != EEXIST) {
		buf_printf(problems, "%s:0: %s; name a directory that can be "
		    "made\n", dir, strerror(errno));
		return (-1);
	}
	for (size_t i = 0; (s = content_section_at(i)) != NULL; i++) {
		if (pack_write_file(dir, s, json_object_get(pack, s->name),
		    problems) == -1)
			result = -1;
	}
	return (result);
}

/* The line of the nth "{" that stands two levels deep. */
static size_t
pack_find_line(FILE *f, size_t entry)
{
	size_t line = 1, depth = 0;
	bool quoted = false;
	int c;

	while ((c = getc(f)) != EOF) {
		if (c == '\n')
			line++;
		if (quoted) {
			if (c == '\\')
				getc(f);
			else if (c == '"')
				quoted = false;
			continue;
		}
		if (c == '"')
			quoted = true;
		else if (c == '}' || c == ']')
			depth -= depth > 0;
		else if ((c == '{' || c == '[') && ++depth == 3 && c == '{' &&
		    --entry == 0)
			return (line);
	}
	return (1);
}

size_t
pack_line(const char *dir, const char *section, size_t entry)
{
	char *file = xasprintf("%s/%s.json", dir, section);
	FILE *f = entry > 0 ? fopen(file, "re") : NULL;
	size_t line = 1;

	if (f != NULL) {
		line = pack_find_line(f, entry);
		fclose(f);
	}
	free(file);
	return (line);
}
