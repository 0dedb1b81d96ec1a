/*
 * Any octets as a configuration file. Goes through src/lib/conf.c and
 * conf_value.c.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/conf.h"
#include "lib/mem.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct fuzz_values {
	char	*name;
	char	*path;
	char	*word;
	int	 number;
	bool	 yes;
};

static const struct conf_key fuzz_keys[] = {
	{ .name = "name", .type = CONF_STRING, .required = true,
	    .into = offsetof(struct fuzz_values, name), .help = "a name" },
	{ .name = "path", .type = CONF_PATH,
	    .into = offsetof(struct fuzz_values, path) },
	{ .name = "word", .type = CONF_WORD, .words = "a bc def",
	    .fallback = "a", .into = offsetof(struct fuzz_values, word) },
	{ .name = "number", .type = CONF_INT, .min = -3, .max = 1000,
	    .fallback = "7", .into = offsetof(struct fuzz_values, number) },
	{ .name = "yes", .type = CONF_BOOL, .fallback = "no",
	    .into = offsetof(struct fuzz_values, yes) },
};

static struct fuzz_values fuzz_kept;
static struct fuzz_values *fuzz_last;

static void
fuzz_clear(void)
{
	const struct conf_section section = { .keys = fuzz_keys,
		.key_count = sizeof fuzz_keys / sizeof fuzz_keys[0] };

	if (fuzz_last == NULL)
		return;
	assert(fuzz_last->number >= -3 && fuzz_last->number <= 1000);
	assert(fuzz_last->path == NULL || fuzz_last->path[0] == '/');
	conf_section_clear(&section, fuzz_last);
	fuzz_last = NULL;
}

static void *
fuzz_begin(void *arg, const struct conf_section *section, const char *name)
{
	(void)arg;
	assert(section->named == (name != NULL));
	fuzz_clear();
	memset(&fuzz_kept, 0, sizeof fuzz_kept);
	fuzz_last = &fuzz_kept;
	return (fuzz_last);
}

static const char *
fuzz_setting(void *into, const char *key, const char *value)
{
	assert(into == fuzz_last);
	assert(key[0] != '\0' && strlen(key) + strlen(value) < CONF_LINE_MAX);
	return (NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *text, size_t len)
{
	static const struct conf_section sections[] = {
		{ .kind = "once", .keys = fuzz_keys, .key_count = 5,
		    .begin = fuzz_begin },
		{ .kind = "named", .named = true, .keys = fuzz_keys,
		    .key_count = 5, .begin = fuzz_begin },
		{ .kind = "open", .named = true, .open = true,
		    .keys = fuzz_keys, .key_count = 5, .begin = fuzz_begin,
		    .setting = fuzz_setting },
	};
	struct buf problems = { 0 };
	char path[64];
	int fd = memfd_create("conf", MFD_CLOEXEC), result;

	if (fd == -1 || write(fd, text, len) != (ssize_t)len)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	result = conf_read(path, sections, 3, NULL, &problems);
	assert((result == -1) == (problems.len != 0));
	for (size_t i = 0; i < problems.len; i++)
		assert(problems.data[i] >= 0x20 || problems.data[i] == '\n' ||
		    problems.data[i] == '\t');
	fuzz_clear();
	buf_clear(&problems);
	close(fd);
	return (0);
}
