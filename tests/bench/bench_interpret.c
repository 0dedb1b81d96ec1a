/*
 * How fast texts are understood and masked, against what was promised: texts a
 * second on one core, memory, time to load the pack, and whether time grows with
 * length alone. Prints each figure with its ratio to the promise (1 and more is
 * kept).
 *
 *	bench_interpret CONTENT-DIR CORPUS.tsv
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "text/mask.h"
#include "text/reading.h"

#define BENCH_TEXTS_MAX 4096
#define BENCH_RATE 40000.0	/* texts a second */
#define BENCH_LOAD 100.0	/* ms */
#define BENCH_MEMORY 16384.0	/* KiB that reading and content may add */
#define BENCH_HOSTILE 65536	/* octets of the longest text */

static char *bench_texts[BENCH_TEXTS_MAX];
static size_t bench_count;

static void
bench_load_corpus(const char *file)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t room = 0;

	if (f == NULL) {
		perror(file);
		exit(2);
	}
	while (bench_count < BENCH_TEXTS_MAX && getline(&line, &room, f) > 0)
		bench_texts[bench_count++] = xstrndup(line,
		    strcspn(line, "\t\n"));
	free(line);
	fclose(f);
}

static long
bench_memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_maxrss);
}

static double
bench_read(const struct content *content, const char *text)
{
	int64_t before = clock_mono_us();
	struct mask mask = { .open = content_open_numbers(content) };
	struct reading reading;

	reading_make(&reading, content, text, LANG_UND);
	reading_clear(&reading);
	free(mask_copy(text, &mask));
	mask_clear(&mask);
	return ((double)(clock_mono_us() - before));
}

/* Others work on the machine, too: what a core can do is told by the quickest
 * pass through the corpus. */
static void
bench_rate(const struct content *content)
{
	int64_t begun = clock_mono_us(), before, passed, least = INT64_MAX;
	double rate;

	do {
		before = clock_mono_us();
		for (size_t i = 0; i < bench_count; i++)
			(void)bench_read(content, bench_texts[i]);
		passed = clock_mono_us() - before;
		if (passed < least)
			least = passed;
	} while (before + passed - begun < 2000000);
	rate = (double)bench_count / (double)least * 1e6;
	printf("texts a second\t%.0f\t%.2f\n", rate, rate / BENCH_RATE);
}

/* Repeats a pattern to a length; times it at two lengths. */
static void
bench_hostile(const struct content *content, const char *pattern)
{
	char *text = xmalloc(BENCH_HOSTILE + 1);
	size_t len = strlen(pattern);
	double shorter, longer;

	for (size_t i = 0; i < BENCH_HOSTILE; i++)
		text[i] = pattern[i % len];
	text[BENCH_HOSTILE] = '\0';
	longer = bench_read(content, text);
	text[BENCH_HOSTILE / 8] = '\0';
	shorter = bench_read(content, text);
	printf("8 times the length of '%.12s'\t%.0f us\t%.2f\n", pattern,
	    longer, 8 * shorter / longer);
	free(text);
}

int
main(int argc, char **argv)
{
	static const char *const hostile[] = { "a", "a ", "policija ",
		"gori lezeci policajac ", "1 ", "12345678 ", "u selu ",
		"vranje bujanovac ", "a1", "vojska njiva ", "sh", "nj'",
		"064 123 4567 ", "0641234567, ", "0 ", "08.30 ", "+",
		"1 500 000 ", "v0da ", "u Vrnajuu " };
	struct buf problems = { 0 };
	struct content *content;
	long memory;
	double load;
	int64_t before;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_interpret CONTENT CORPUS\n");
		return (2);
	}
	bench_load_corpus(argv[2]);
	memory = bench_memory();
	before = clock_mono_us();
	content = content_new(pack_read(argv[1], &problems), &problems);
	if (content == NULL) {
		fprintf(stderr, "%s", buf_str(&problems));
		return (2);
	}
	load = (double)(clock_mono_us() - before) / 1000;
	printf("load, ms\t%.1f\t%.2f\n", load, BENCH_LOAD / load);
	bench_rate(content);
	memory = bench_memory() - memory;
	printf("memory, KiB\t%ld\t%.2f\n", memory,
	    BENCH_MEMORY / (double)memory);
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
		bench_hostile(content, hostile[i]);
	content_free(content);
	for (size_t i = 0; i < bench_count; i++)
		free(bench_texts[i]);
	buf_clear(&problems);
	return (0);
}
