/*
 * What is learnt from: the features of texts, and what each of them means. Runs
 * in glasctl; owns them until it is freed.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "text/features.h"
#include "text/learn_private.h"
#include "text/reading_private.h"

#define LEARN_KEYWORD 0.05	/* importance of one as a text */

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
