/*
 * The trainer: multinomial logistic regression by FTRL-proximal, which leaves
 * most weights at nothing. Runs in glasctl; owns the features of all texts
 * until it is freed. Takes seconds for some thousand texts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "text/features.h"
#include "text/learn.h"
#include "text/reading_private.h"
#include "text/weights.h"

/* Chosen by cross-validation over etc/training. */
#define LEARN_ROUNDS 6		/* times that each text is seen */
#define LEARN_RATE 0.2F
#define LEARN_BETA 1.0F
#define LEARN_SPARSE 2.0F	/* more leaves fewer weights */
#define LEARN_SMALL 0.02F	/* more makes weights smaller */
#define LEARN_ALIKE 0.3F	/* share of labels that would do, too */
#define LEARN_KEYWORD 0.05	/* importance of one as a text */
#define LEARN_TIMES 2		/* texts that a feature is in, at least */
#define LEARN_LEAST 0.003F	/* errors that nobody learns from */
#define LEARN_VALUE_MAX 127
#define LEARN_VALUE_MIN 5

#define LEARN_NOBODY UINT32_MAX

struct learn_feature {
	uint64_t	 hash;
	size_t		 text;		/* offset in texts */
};

struct learn_example {
	size_t		 first, count;	/* in ids */
	size_t		 classes[LEARN_LABELS_MAX];
	size_t		 class_count;
	size_t		 danger;	/* its class; SIZE_MAX: not said */
	size_t		 lang;		/* SIZE_MAX: none */
	float		 importance;
};

struct learn_class {
	char		 name[48];
	enum weights_group group;
};

struct learn {
	const struct content *content;
	struct learn_feature *features;
	size_t		 feature_count, feature_room;
	uint32_t	*slots;		/* 1 + feature, by hash */
	size_t		 mask;
	struct buf	 texts;		/* of features, NUL behind each */
	struct learn_example *examples;
	size_t		 example_count, example_room;
	uint32_t	*ids;		/* features of all examples */
	size_t		 id_count, id_room;
	struct learn_class classes[WEIGHTS_CLASSES_MAX];
	size_t		 class_count;
};

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

struct learn *
learn_new(const struct content *content)
{
	struct learn *l = xcalloc(1, sizeof *l);

	l->content = content;
	l->mask = 0xffff;
	l->slots = xcalloc(l->mask + 1, sizeof *l->slots);
	return (l);
}

void
learn_free(struct learn *l)
{
	if (l == NULL)
		return;
	free(l->features);
	free(l->slots);
	free(l->examples);
	free(l->ids);
	buf_clear(&l->texts);
	free(l);
}

static void *
learn_room(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return (list);
	*room = *room == 0 ? 1024 : *room * 2;
	return (xreallocarray(list, *room, size));
}

static uint32_t *
learn_slot(const struct learn *l, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 29) & l->mask;

	while (l->slots[at] != 0 &&
	    l->features[l->slots[at] - 1].hash != hash)
		at = (at + 1) & l->mask;
	return (&l->slots[at]);
}

static void
learn_grow_slots(struct learn *l)
{
	if (l->feature_count * 2 < l->mask)
		return;
	free(l->slots);
	l->mask = l->mask * 2 + 1;
	l->slots = xcalloc(l->mask + 1, sizeof *l->slots);
	for (size_t i = 0; i < l->feature_count; i++)
		*learn_slot(l, l->features[i].hash) = (uint32_t)i + 1;
}

static uint32_t
learn_feature_of(struct learn *l, const struct feature *f)
{
	uint32_t *slot = learn_slot(l, f->hash);

	if (*slot != 0)
		return (*slot - 1);
	l->features = learn_room(l->features, l->feature_count,
	    &l->feature_room, sizeof *l->features);
	l->features[l->feature_count] = (struct learn_feature){
		.hash = f->hash, .text = l->texts.len };
	feature_text(f, &l->texts);
	buf_add(&l->texts, "", 1);
	*slot = (uint32_t)++l->feature_count;
	learn_grow_slots(l);
	return ((uint32_t)l->feature_count - 1);
}

static void
learn_found(void *arg, const struct feature *f)
{
	struct learn *l = arg;

	l->ids = learn_room(l->ids, l->id_count, &l->id_room, sizeof *l->ids);
	l->ids[l->id_count++] = learn_feature_of(l, f);
}

static size_t
learn_class(struct learn *l, enum weights_group group, const char *what,
    const char *which)
{
	struct learn_class wanted = { .group = group };
	size_t i;

	snprintf(wanted.name, sizeof wanted.name, "%s%s%s", what,
	    *which != '\0' ? " " : "", which);
	for (i = 0; i < l->class_count; i++) {
		if (strcmp(l->classes[i].name, wanted.name) == 0)
			return (i);
	}
	if (i == WEIGHTS_CLASSES_MAX)
		panic("learn: more than %d classes", WEIGHTS_CLASSES_MAX);
	l->classes[l->class_count++] = wanted;
	return (i);
}

static int
learn_compare_ids(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return ((*x > *y) - (*x < *y));
}

/* Each feature of a text counts once. */
static size_t
learn_unique(uint32_t *ids, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(ids, count, sizeof *ids, learn_compare_ids);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	}
	return (kept);
}

void
learn_add(struct learn *l, const struct learn_text *t)
{
	struct learn_example *e;
	struct reading reading;
	struct reader r;

	l->examples = learn_room(l->examples, l->example_count,
	    &l->example_room, sizeof *l->examples);
	e = &l->examples[l->example_count++];
	*e = (struct learn_example){ .first = l->id_count,
		.importance = (float)t->importance, .danger = SIZE_MAX,
		.lang = SIZE_MAX };
	reader_begin(&r, &reading, l->content, t->text, LANG_UND);
	features_each(&r, learn_found, l);
	reader_end(&r);
	reading_clear(&reading);
	e->count = learn_unique(l->ids + e->first, l->id_count - e->first);
	l->id_count = e->first + e->count;
	for (size_t i = 0; i < t->label_count; i++)
		e->classes[e->class_count++] = learn_class(l, WEIGHTS_MEANING,
		    intent_name(t->labels[i].intent), t->labels[i].code);
	if (t->danger != LEARN_NOT_SAID)
		e->danger = learn_class(l, WEIGHTS_DANGER, "danger",
		    t->danger == LEARN_DANGER ? "yes" : "no");
	if (t->lang != LANG_UND)
		e->lang = learn_class(l, WEIGHTS_LANGUAGE, "language",
		    lang_name(t->lang));
}

/* A keyword as a person would write it; NULL when it is none for that. */
static char *
learn_keyword_text(const struct keyword *k)
{
	char *text, *out;

	if (strchr(k->pattern, '@') != NULL)
		return (NULL);
	text = out = xstrdup(k->pattern);
	for (const char *s = k->pattern; *s != '\0'; s++) {
		if (*s != '*' && *s != '+')
			*out++ = *s;
	}
	*out = '\0';
	return (text);
}

void
learn_add_keywords(struct learn *l)
{
	const struct content *c = l->content;

	for (size_t i = 0; i < c->keyword_count; i++) {
		const struct keyword *k = &c->keywords[i];
		struct learn_text t = { .label_count = 1,
			.danger = LEARN_NOT_SAID, .lang = LANG_UND,
			.importance = LEARN_KEYWORD };
		char *text;

		if (k->kind == KEYWORD_CATEGORY)
			t.labels[0] = (struct learn_label){ INTENT_REPORT,
				c->categories[k->code].category.code };
		else if (k->kind == KEYWORD_TOPIC)
			t.labels[0] = (struct learn_label){ INTENT_RIGHTS,
				c->topics[k->code].code };
		else
			continue;
		if ((text = learn_keyword_text(k)) == NULL)
			continue;
		t.text = text;
		learn_add(l, &t);
		free(text);
	}
}

/* --- one group ---------------------------------------------------------- */

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
	size_t alike = e->class_count - 1;
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
	if (h->group == WEIGHTS_DANGER)
		return (e->danger != SIZE_MAX);
	return (h->group != WEIGHTS_LANGUAGE || e->lang != SIZE_MAX);
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

/* --- who is learnt from ------------------------------------------------- */

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

/* --- what is written ---------------------------------------------------- */

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
	for (size_t i = 0; i < count; i++) {
		json_array_append_new(list, json_string(lines[i]));
		free(lines[i]);
	}
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
