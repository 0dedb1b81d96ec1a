/*
 * Learning: multinomial logistic regression by FTRL-proximal, which leaves most
 * weights at nothing. Runs in glasctl; owns nothing but what it works with.
 * Takes seconds for some thousand texts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/learn_private.h"

/* Chosen by cross-validation over etc/training. */
#define LEARN_ROUNDS 15		/* times that each text is seen */
#define LEARN_RATE 0.2F
#define LEARN_BETA 1.0F
#define LEARN_SPARSE 6.0F	/* more leaves fewer weights */
#define LEARN_SMALL 0.02F	/* more makes weights smaller */
#define LEARN_ALIKE 0.3F	/* share of labels that would do, too */
#define LEARN_TIMES 2		/* texts that a feature is in, at least */
#define LEARN_LEAST 0.003F	/* errors that nobody learns from */
#define LEARN_VALUE_MAX 127
#define LEARN_VALUE_MIN 5

#define LEARN_NOBODY UINT32_MAX

/* One group of classes while it is learnt: a row for each feature that counts,
 * a column for each class; row 0 is the bias. */
struct learn_head {
	enum weights_group group;
	size_t		 classes[WEIGHTS_CLASSES_MAX];
	size_t		 count;
	size_t		 stride;
	float		*w, *z, *n;
};

/* Who is learnt from, and the rows of their features. */
struct learn_choice {
	const struct learn *learn;
	size_t		*examples;
	size_t		 example_count;
	uint32_t	*rows;		/* by feature, LEARN_NOBODY */
	size_t		 row_count;
};

/*
 * One group.
 */

static void
learn_head_init(struct learn_head *h, const struct learn *l,
    enum weights_group group, size_t rows)
{
	*h = (struct learn_head){ .group = group };
	for (size_t i = 0; i < l->class_count; i++) {
		if (l->classes[i].group == group)
			h->classes[h->count++] = i;
	}
	h->stride = (h->count + 7) & ~(size_t)7;
	h->w = xcalloc(rows * h->stride, sizeof *h->w);
	h->z = xcalloc(rows * h->stride, sizeof *h->z);
	h->n = xcalloc(rows * h->stride, sizeof *h->n);
}

static void
learn_head_clear(struct learn_head *h)
{
	free(h->w);
	free(h->z);
	free(h->n);
}

/* What the answer should be, a share for each class. False: there is none. */
static bool
learn_target(const struct learn_head *h, const struct learn_example *e,
    float *target)
{
	size_t alike = e->class_count > 0 ? e->class_count - 1 : 0;
	float others = alike > 0 ? LEARN_ALIKE / (float)alike : 0;

	for (size_t k = 0; k < h->count; k++) {
		target[k] = 0;
		if (h->group == WEIGHTS_DANGER)
			target[k] = h->classes[k] == e->danger ? 1 : 0;
		if (h->group == WEIGHTS_LANGUAGE)
			target[k] = h->classes[k] == e->lang ? 1 : 0;
		if (h->group != WEIGHTS_MEANING)
			continue;
		for (size_t i = 0; i < e->class_count; i++) {
			if (e->classes[i] == h->classes[k])
				target[k] += i > 0 ? others : alike > 0 ?
				    1 - LEARN_ALIKE : 1;
		}
	}
	switch (h->group) {
	case WEIGHTS_DANGER:
		return (e->danger != SIZE_MAX);
	case WEIGHTS_LANGUAGE:
		return (e->lang != SIZE_MAX);
	default:
		return (e->class_count > 0);
	}
}

/* Turns sums into shares of one. */
static void
learn_softmax(float *sums, size_t count)
{
	float most = sums[0], all = 0;

	for (size_t k = 1; k < count; k++) {
		if (sums[k] > most)
			most = sums[k];
	}
	for (size_t k = 0; k < count; k++) {
		sums[k] = expf(sums[k] - most);
		all += sums[k];
	}
	for (size_t k = 0; k < count; k++)
		sums[k] /= all;
}

static void
learn_answer(const struct learn_head *h, const uint32_t *rows, size_t count,
    float *sums)
{
	memcpy(sums, h->w, h->stride * sizeof *sums);
	for (size_t i = 0; i < count; i++) {
		const float *w = h->w + rows[i] * h->stride;

		for (size_t k = 0; k < h->stride; k++)
			sums[k] += w[k];
	}
	learn_softmax(sums, h->count);
}

/* FTRL-proximal, one coordinate. */
static void
learn_correct(struct learn_head *h, size_t at, float error, float sparse)
{
	float n = h->n[at] + error * error, root = sqrtf(n), z, pull;

	z = h->z[at] + error - (root - sqrtf(h->n[at])) / LEARN_RATE *
	    h->w[at];
	h->n[at] = n;
	h->z[at] = z;
	pull = fabsf(z) - sparse;
	h->w[at] = pull <= 0 ? 0 : copysignf(pull, -z) /
	    ((LEARN_BETA + root) / LEARN_RATE + LEARN_SMALL);
}

static void
learn_from(struct learn_head *h, const struct learn_example *e,
    const uint32_t *rows, size_t count)
{
	float sums[WEIGHTS_CLASSES_MAX], target[WEIGHTS_CLASSES_MAX], error;

	if (!learn_target(h, e, target))
		return;
	learn_answer(h, rows, count, sums);
	for (size_t k = 0; k < h->count; k++) {
		error = (sums[k] - target[k]) * e->importance;
		if (fabsf(error) < LEARN_LEAST)
			continue;
		learn_correct(h, k, error, 0);
		for (size_t i = 0; i < count; i++)
			learn_correct(h, rows[i] * h->stride + k, error,
			    LEARN_SPARSE);
	}
}

/*
 * Who is learnt from.
 */

static void
learn_choose(struct learn_choice *c, const struct learn *l, size_t fold,
    size_t folds)
{
	unsigned int *times = xcalloc(l->feature_count + 1, sizeof *times);

	*c = (struct learn_choice){ .learn = l, .row_count = 1 };
	c->examples = xcalloc(l->example_count + 1, sizeof *c->examples);
	c->rows = xcalloc(l->feature_count + 1, sizeof *c->rows);
	for (size_t i = 0; i < l->example_count; i++) {
		const struct learn_example *e = &l->examples[i];

		if (folds != 0 && i % folds == fold)
			continue;
		c->examples[c->example_count++] = i;
		for (size_t n = 0; n < e->count; n++)
			times[l->ids[e->first + n]]++;
	}
	for (size_t i = 0; i < l->feature_count; i++)
		c->rows[i] = times[i] < LEARN_TIMES ? LEARN_NOBODY :
		    (uint32_t)c->row_count++;
	free(times);
}

static void
learn_choice_clear(struct learn_choice *c)
{
	free(c->examples);
	free(c->rows);
}

/* Another order each time, the same on each machine. */
static void
learn_shuffle(size_t *list, size_t count, uint64_t *state)
{
	size_t other, kept;

	for (size_t i = count; i > 1; i--) {
		*state = *state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		other = (size_t)(*state >> 33) % i;
		kept = list[i - 1];
		list[i - 1] = list[other];
		list[other] = kept;
	}
}

static void
learn_head_run(struct learn_head *h, struct learn_choice *c)
{
	const struct learn *l = c->learn;
	uint32_t *rows = xcalloc(l->id_count + 1, sizeof *rows);
	uint64_t state = 1;

	for (int round = 0; round < LEARN_ROUNDS; round++) {
		learn_shuffle(c->examples, c->example_count, &state);
		for (size_t i = 0; i < c->example_count; i++) {
			const struct learn_example *e =
			    &l->examples[c->examples[i]];
			size_t count = 0;

			for (size_t n = 0; n < e->count; n++) {
				rows[count] = c->rows[l->ids[e->first + n]];
				count += rows[count] != LEARN_NOBODY;
			}
			learn_from(h, e, rows, count);
		}
	}
	free(rows);
}

/*
 * What is written.
 */

static int
learn_value(float weight)
{
	long value = lroundf(weight * WEIGHTS_UNIT);

	if (value > LEARN_VALUE_MAX)
		return (LEARN_VALUE_MAX);
	return (value < -LEARN_VALUE_MAX ? -LEARN_VALUE_MAX : (int)value);
}

static int
learn_compare_texts(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* Those that begin alike share a line: a difference of two trainings is short,
 * and so is the list. */
static void
learn_put_lines(char *const *lines, size_t count, json_t *list)
{
	struct buf line = { 0 };

	for (size_t i = 0; i < count; i++) {
		buf_printf(&line, "%s%s", line.len > 0 ? ", " : "", lines[i]);
		if (i + 1 < count && lines[i + 1][0] == lines[i][0])
			continue;
		json_array_append_new(list, json_string(buf_str(&line)));
		buf_reset(&line);
	}
	buf_clear(&line);
}

static json_t *
learn_class_features(const struct learn_head *h, const struct learn_choice *c,
    size_t k)
{
	const struct learn *l = c->learn;
	char **lines = xcalloc(c->row_count, sizeof *lines);
	json_t *list = json_array();
	size_t count = 0;

	for (size_t i = 0; i < l->feature_count; i++) {
		int value = c->rows[i] == LEARN_NOBODY ? 0 :
		    learn_value(h->w[c->rows[i] * h->stride + k]);

		if (abs(value) >= LEARN_VALUE_MIN)
			lines[count++] = xasprintf("%s %d",
			    (const char *)l->texts.data + l->features[i].text,
			    value);
	}
	if (count > 1)
		qsort(lines, count, sizeof *lines, learn_compare_texts);
	learn_put_lines(lines, count, list);
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
	return (list);
}

static void
learn_group(struct learn_choice *c, enum weights_group group, json_t *entries)
{
	struct learn_head h;

	learn_head_init(&h, c->learn, group, c->row_count);
	if (h.count > 0)
		learn_head_run(&h, c);
	for (size_t k = 0; k < h.count; k++)
		json_array_append_new(entries, json_pack("{s:s, s:i, s:o}",
		    "class", c->learn->classes[h.classes[k]].name,
		    "bias", (int)lroundf(h.w[k] * WEIGHTS_UNIT),
		    "features", learn_class_features(&h, c, k)));
	learn_head_clear(&h);
}

json_t *
learn_weights(const struct learn *l, size_t fold, size_t folds)
{
	json_t *entries = json_array();
	struct learn_choice c;

	learn_choose(&c, l, fold, folds);
	for (enum weights_group group = 0; group < WEIGHTS_GROUPS; group++)
		learn_group(&c, group, entries);
	learn_choice_clear(&c);
	return (entries);
}
