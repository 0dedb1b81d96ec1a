/*
 * Likeness of two texts by the words that they share. Runs in glasd and
 * glasctl; owns nothing. Bounded: long texts are compared by their beginnings.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold.h"
#include "text/similar.h"

#define SIMILAR_WORDS 100

static int
similar_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return ((x > y) - (x < y));
}

/* FNV-1a of each folded word, sorted, each once. */
static size_t
similar_words(const char *text, uint32_t words[SIMILAR_WORDS])
{
	struct folded f;
	size_t n, kept = 0;

	fold_make(&f, text, strlen(text));
	n = f.count < SIMILAR_WORDS ? f.count : SIMILAR_WORDS;
	for (size_t i = 0; i < n; i++) {
		const char *s = f.text + f.words[i].at;

		words[i] = 2166136261u;
		for (size_t k = 0; k < f.words[i].len; k++)
			words[i] = (words[i] ^ (uint8_t)s[k]) * 16777619u;
	}
	fold_clear(&f);
	qsort(words, n, sizeof *words, similar_compare);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || words[i] != words[i - 1])
			words[kept++] = words[i];
	}
	return (kept);
}

double
similar(const char *a, const char *b)
{
	uint32_t x[SIMILAR_WORDS] = { 0 }, y[SIMILAR_WORDS] = { 0 };
	size_t n = similar_words(a, x), m = similar_words(b, y);
	size_t i = 0, k = 0, shared = 0;

	while (i < n && k < m) {
		shared += x[i] == y[k];
		if (x[i] <= y[k])
			i++;
		else
			k++;
		if (i > 0 && k < m && x[i - 1] == y[k])
			k++;
	}
	return (n + m > shared ? (double)shared / (double)(n + m - shared) :
	    0);
}
