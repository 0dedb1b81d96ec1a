/*
 * Gives a fuzzer the files of its corpus, without libFuzzer: replay_NAME reads
 * tests/corpus/NAME. A test like others, so the faults that were found once are
 * looked for by every build. Speaks TAP.
 */
#include <dirent.h>
#include <err.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
replay_file(const char *name)
{
	static uint8_t text[1 << 20];
	uint8_t *copy;
	size_t len;
	FILE *f;

	if ((f = fopen(name, "re")) == NULL)
		err(1, "%s", name);
	len = fread(text, 1, sizeof text, f);
	fclose(f);
	/* Of its own size, so that reading past the end is seen. */
	if ((copy = malloc(len != 0 ? len : 1)) == NULL)
		err(1, NULL);
	memcpy(copy, text, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int
replay_wanted(const struct dirent *entry)
{
	return (entry->d_name[0] != '.');
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	const char *name = strstr(argv[0], "replay_");
	char dir[PATH_MAX];
	struct dirent **files;
	int count;

	(void)argc;
	if (name == NULL)
		errx(1, "call me replay_NAME");
	name += strlen("replay_");
	snprintf(dir, sizeof dir, "%s/tests/corpus/%s",
	    top != NULL ? top : ".", name);
	if (chdir(dir) == -1 ||
	    (count = scandir(".", &files, replay_wanted, alphasort)) == -1)
		err(1, "%s", dir);
	for (int i = 0; i < count; i++) {
		replay_file(files[i]->d_name);
		free(files[i]);
	}
	free(files);
	printf("1..1\nok 1 - corpus of %s, %d files\n", name, count);
	return (0);
}
