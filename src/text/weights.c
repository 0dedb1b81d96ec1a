/*
 * The table of learnt weights. Runs in glasd and glasctl; built once with a
 * content, then only read. Features are known by their hashes alone, so a text
 * costs one look into the table for each of its features.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/features.h"
#include "text/weights.h"

#define WEIGHTS_VALUE_MAX 127
#define WEIGHTS_BIAS_MAX 10000
#define WEIGHTS_FEATURE_MAX 96	/* octets of a feature and its weight */
#define WEIGHTS_BETWEEN ", "

struct weights_slot {
	uint32_t	 check;		/* upper half of the hash; 0: free */
	uint32_t	 first;		/* index in all; they end where those of
					   the next slot begin */
};

/* As it stands in the pack. */
struct weights_raw {
	uint64_t	 hash;
	struct weight	 weight;
};

struct weights {
	struct weights_class classes[WEIGHTS_CLASSES_MAX];
	size_t		 class_count;
	struct weights_slot *slots;	/* and one behind the last */
	size_t		 mask;		/* slots - 1 */
	struct weight	*all;
	size_t		 count;
};

/* While they are compiled. */
struct weights_reading {
	struct weights	*weights;
	const struct content_sink *sink;
	struct weights_raw *raws;
	size_t		 count;
};

static const char *
weights_code(const char *name, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(name, word, len) != 0 || name[len] != ' ')
		return (NULL);
	return (name + len + 1);
}

/* The intent that a name begins with; *code is what follows, or NULL. */
static enum intent
weights_intent(const char *name, const char **code)
{
	enum intent intent;

	*code = NULL;
	for (intent = 0; intent < INTENT_COUNT && *code == NULL; intent++) {
		if (strcmp(intent_name(intent), name) == 0)
			return (intent);
		*code = weights_code(name, intent_name(intent));
	}
	return (*code != NULL ? intent - 1 : INTENT_COUNT);
}

bool
weights_can_mean(enum intent intent)
{
	return (intent <= INTENT_UNCLASSIFIED);
}

static int
weights_meaning_read(const struct content *c, const char *name,
    struct weights_class *cls)
{
	const char *code;

	cls->intent = weights_intent(name, &code);
	if (!weights_can_mean(cls->intent))
		return (-1);
	if (code == NULL)
		return (cls->intent == INTENT_REPORT ? -1 : 0);
	if (cls->intent == INTENT_REPORT)
		cls->code = content_find_category(c, code);
	else if (cls->intent == INTENT_RIGHTS)
		cls->code = content_find_topic(c, code);
	return (cls->code != CONTENT_NONE ? 0 : -1);
}

/* -1: it names nothing in the content. */
static int
weights_class_read(const struct content *c, const char *name,
    struct weights_class *cls)
{
	const char *code;

	*cls = (struct weights_class){ .code = CONTENT_NONE };
	if ((code = weights_code(name, "danger")) != NULL) {
		cls->group = WEIGHTS_DANGER;
		cls->danger = strcmp(code, "yes") == 0;
		return (cls->danger || strcmp(code, "no") == 0 ? 0 : -1);
	}
	if ((code = weights_code(name, "language")) != NULL) {
		cls->group = WEIGHTS_LANGUAGE;
		cls->lang = lang_find(code);
		return (cls->lang != LANG_COUNT ? 0 : -1);
	}
	return (weights_meaning_read(c, name, cls));
}

/* "nema vode 34": the weight stands behind the last space. */
static int
weights_read(const char *s, size_t len, struct weights_raw *raw)
{
	const char *space = memrchr(s, ' ', len);
	char *end;
	long value;

	if (space == NULL || space == s || len > WEIGHTS_FEATURE_MAX)
		return (-1);
	value = strtol(space + 1, &end, 10);
	if (end == space + 1 || end != s + len || value == 0 ||
	    value < -WEIGHTS_VALUE_MAX || value > WEIGHTS_VALUE_MAX)
		return (-1);
	raw->weight.value = (int8_t)value;
	raw->hash = feature_hash(s, (size_t)(space - s));
	return (0);
}

/* Far beyond what any bias is, and nothing overflows. */
static int
weights_bias(long bias)
{
	if (bias > WEIGHTS_BIAS_MAX)
		return (WEIGHTS_BIAS_MAX);
	return (bias < -WEIGHTS_BIAS_MAX ? -WEIGHTS_BIAS_MAX : (int)bias);
}

/* "nema vode 34, nemam 12" */
static void
weights_read_line(struct weights_reading *w, const char *s, size_t number)
{
	size_t len;

	for (;; s += len + strlen(WEIGHTS_BETWEEN)) {
		struct weights_raw *raw = &w->raws[w->count];
		const char *end = strstr(s, WEIGHTS_BETWEEN);

		len = end != NULL ? (size_t)(end - s) : strlen(s);
		raw->weight.cls = (uint8_t)w->weights->class_count;
		if (weights_read(s, len, raw) == 0)
			w->count++;
		else
			content_report(w->sink, true, "weights", number,
			    "\"%.*s\" is no feature with a weight from -%d "
			    "to %d behind it; train again", (int)len, s,
			    WEIGHTS_VALUE_MAX, WEIGHTS_VALUE_MAX);
		if (end == NULL)
			return;
	}
}

static void
weights_read_class(struct weights_reading *w, const struct content *c,
    const json_t *entry, size_t number)
{
	const char *name = content_text_of(entry, "class");
	struct weights_class *cls = &w->weights->classes[
	    w->weights->class_count];
	json_t *item;
	size_t i;

	if (w->weights->class_count == WEIGHTS_CLASSES_MAX ||
	    weights_class_read(c, name, cls) == -1) {
		content_report(w->sink, true, "weights", number,
		    "\"%s\" is nothing that a text can mean; train again, or "
		    "remove it", name);
		return;
	}
	cls->bias = weights_bias(content_int_of(entry, "bias"));
	json_array_foreach(json_object_get(entry, "features"), i, item)
		weights_read_line(w, json_string_value(item), number);
	w->weights->class_count++;
}

static uint32_t
weights_check(uint64_t hash)
{
	return (hash >> 32 != 0 ? (uint32_t)(hash >> 32) : 1);
}

static struct weights_slot *
weights_slot(const struct weights *w, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 29) & w->mask;

	while (w->slots[at].check != 0 &&
	    w->slots[at].check != weights_check(hash))
		at = (at + 1) & w->mask;
	return (&w->slots[at]);
}

/* Counts what each feature has; false: there are too many features for as many
 * slots. */
static bool
weights_fit(struct weights *w, const struct weights_raw *raws, size_t count,
    size_t slots)
{
	struct weights_slot *slot;
	size_t features = 0;

	free(w->slots);
	w->slots = xcalloc(slots + 1, sizeof *w->slots);
	w->mask = slots - 1;
	for (size_t i = 0; i < count; i++) {
		slot = weights_slot(w, raws[i].hash);
		if (slot->check == 0 && 3 * ++features > 2 * slots)
			return (false);
		slot->check = weights_check(raws[i].hash);
		slot->first++;
	}
	return (true);
}

/* Gives each feature its stretch and fills it from its end. A feature has three
 * weights or so, and a small table is in the processor's caches: there are as
 * many slots as features need, which only counting tells. */
static void
weights_place(struct weights *w, const struct weights_raw *raws, size_t count)
{
	uint32_t first = 0;
	size_t slots = 64;

	while (!weights_fit(w, raws, count, slots))
		slots *= 2;
	for (size_t i = 0; i <= slots; i++) {
		first += w->slots[i].first;
		w->slots[i].first = first;
	}
	w->all = xcalloc(count + 1, sizeof *w->all);
	for (size_t i = 0; i < count; i++)
		w->all[--weights_slot(w, raws[i].hash)->first] =
		    raws[i].weight;
	w->count = count;
}

/* How many weights there can be. */
static size_t
weights_room(const json_t *lines)
{
	const json_t *line;
	size_t i, room = 0;

	json_array_foreach(lines, i, line) {
		for (const char *s = json_string_value(line); s != NULL;
		    s = strchr(s + 1, ','))
			room++;
	}
	return (room);
}

struct weights *
weights_new(const struct content *c, json_t *entries,
    const struct content_sink *sink)
{
	struct weights_reading w = { .sink = sink };
	size_t i, room = 0;
	json_t *e;

	if (json_array_size(entries) == 0)
		return (NULL);
	json_array_foreach(entries, i, e)
		room += weights_room(json_object_get(e, "features"));
	if (room > WEIGHTS_MAX) {
		content_report(sink, true, "weights", 0,
		    "%zu weights, %d are allowed; train again", room,
		    WEIGHTS_MAX);
		return (NULL);
	}
	w.weights = xcalloc(1, sizeof *w.weights);
	w.raws = xcalloc(room + 1, sizeof *w.raws);
	json_array_foreach(entries, i, e) {
		if (!json_is_null(e))
			weights_read_class(&w, c, e, i + 1);
	}
	weights_place(w.weights, w.raws, w.count);
	free(w.raws);
	return (w.weights);
}

void
weights_free(struct weights *w)
{
	if (w == NULL)
		return;
	free(w->slots);
	free(w->all);
	free(w);
}

const struct weights_class *
weights_classes(const struct weights *w, size_t *count)
{
	*count = w->class_count;
	return (w->classes);
}

struct weights_of
weights_find(const struct weights *w, uint64_t hash)
{
	const struct weights_slot *slot = weights_slot(w, hash);

	return ((struct weights_of){ slot->first,
		slot[1].first - slot->first });
}

size_t
weights_count(const struct weights *w)
{
	return (w->count);
}

const struct weight *
weights_at(const struct weights *w, uint32_t i)
{
	return (&w->all[i]);
}
