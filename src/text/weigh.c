/*
 * What learnt weights say of a text. Runs in glasd and glasctl; owns nothing.
 * Each feature counts once, however often it is there; features that are in no
 * weights are passed over.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "text/features.h"
#include "text/reading_private.h"

#define WEIGH_NO_DANGER 0.04	/* below it a word of danger is none, */
#define WEIGH_NO_DANGER_WORDS 8	/* unless many more stand beside it */
#define WEIGH_WORDS_TRACED 3
#define WEIGH_LANGUAGE_WORDS 3	/* that tell one, where no rule can */
#define WEIGH_LANGUAGE_FROM 0.6	/* below it the one of before stays */
#define WEIGH_WORD_MIN 3	/* letters of one that explains anything */
#define WEIGH_WORD_TEXT 64	/* octets of words that are told */

struct weigh_walk {
	const struct weights *weights;
	struct weighing	*weighing;
	uint8_t		 seen[WEIGHTS_MAX / 8 + 1]; /* a bit a feature */
};

static void
weigh_feature(void *arg, const struct feature *f)
{
	struct weigh_walk *w = arg;
	struct weighing *g = w->weighing;
	struct weights_of of = weights_find(w->weights, f->hash);
	const struct weight *weight = weights_at(w->weights, of.first);
	uint8_t bit = (uint8_t)(1u << of.first % 8);

	if (of.count == 0 || (w->seen[of.first / 8] & bit) != 0 ||
	    g->heard_count == WEIGHING_HEARD_MAX)
		return;
	w->seen[of.first / 8] |= bit;
	for (uint32_t i = 0; i < of.count; i++)
		g->sums[weight[i].cls] += weight[i].value;
	g->heard[g->heard_count++] = (struct weighing_heard){
		.weights = of, .word = f->word, .words = f->words };
}

/* Sums to shares of the group that they are in. */
static void
weigh_share(const struct weights *w, struct weighing *g)
{
	double all[WEIGHTS_GROUPS] = { 0 };
	const struct weights_class *classes;
	int most[WEIGHTS_GROUPS];
	size_t count;

	classes = weights_classes(w, &count);
	for (enum weights_group group = 0; group < WEIGHTS_GROUPS; group++)
		most[group] = INT_MIN;
	for (size_t i = 0; i < count; i++) {
		if (g->sums[i] > most[classes[i].group])
			most[classes[i].group] = g->sums[i];
	}
	for (size_t i = 0; i < count; i++) {
		g->shares[i] = exp((double)(g->sums[i] -
		    most[classes[i].group]) / WEIGHTS_UNIT);
		all[classes[i].group] += g->shares[i];
	}
	for (size_t i = 0; i < count; i++)
		g->shares[i] /= all[classes[i].group];
}

/* By itself, and by what the text may be about: the mean of both finds more
 * than either, at as many false alarms. */
static double
weigh_danger(const struct reader *r)
{
	const struct weights_class *cls;
	double itself = 0, subjects = 0;
	size_t count;

	cls = weights_classes(r->content->weights, &count);
	for (size_t i = 0; i < count; i++, cls++) {
		if (cls->danger)
			itself = r->weighing.shares[i];
		if (cls->group == WEIGHTS_MEANING &&
		    cls->intent == INTENT_REPORT &&
		    r->content->categories[cls->code].category.emergency !=
		    EMERGENCY_NONE)
			subjects += r->weighing.shares[i];
	}
	return ((itself + subjects) / 2);
}

bool
weigh_tells_danger(const struct reader *r)
{
	return (r->weighing.done && r->weighing.danger * 100 >=
	    (double)r->content->settings[CONTENT_DANGER_FROM]);
}

bool
weigh_rules_out_danger(const struct reader *r)
{
	return (r->weighing.done && r->form == CONTENT_NONE &&
	    r->folded.count <= WEIGH_NO_DANGER_WORDS &&
	    r->weighing.danger < WEIGH_NO_DANGER);
}

void
weigh_text(struct reader *r)
{
	const struct weights *w = r->content->weights;
	struct weighing *g = &r->weighing;
	const struct weights_class *classes;
	struct weigh_walk walk;
	size_t count;

	g->done = w != NULL;
	if (!g->done)
		return;
	g->heard_count = 0;
	walk.weights = w;
	walk.weighing = g;
	memset(walk.seen, 0, weights_count(w) / 8 + 1);
	classes = weights_classes(w, &count);
	for (size_t i = 0; i < count; i++)
		g->sums[i] = classes[i].bias;
	features_each(r, weigh_feature, &walk);
	weigh_share(w, g);
	g->danger = weigh_danger(r);
}

void
weigh_intents(const struct reader *r, double shares[INTENT_COUNT])
{
	const struct weights_class *classes;
	size_t count;

	for (enum intent i = 0; i < INTENT_COUNT; i++)
		shares[i] = 0;
	if (!r->weighing.done)
		return;
	classes = weights_classes(r->content->weights, &count);
	for (size_t i = 0; i < count; i++) {
		if (classes[i].group == WEIGHTS_MEANING)
			shares[classes[i].intent] += r->weighing.shares[i];
	}
}

enum intent
weigh_intent(const struct reader *r,
    bool (*possible)(const struct reader *, enum intent, double share))
{
	double shares[INTENT_COUNT];
	enum intent best = INTENT_COUNT;

	weigh_intents(r, shares);
	for (enum intent i = 0; i < INTENT_COUNT; i++) {
		if ((best == INTENT_COUNT || shares[i] > shares[best]) &&
		    possible(r, i, shares[i]))
			best = i;
	}
	return (best != INTENT_COUNT ? best : INTENT_UNCLASSIFIED);
}

static bool
weigh_means(const struct weights_class *cls, enum intent intent)
{
	return (cls->group == WEIGHTS_MEANING && cls->intent == intent);
}

int
weigh_best(const struct reader *r, enum intent intent, int *second)
{
	const double *shares = r->weighing.shares;
	const struct weights_class *classes;
	int best = CONTENT_NONE;
	size_t count;

	*second = CONTENT_NONE;
	classes = weights_classes(r->content->weights, &count);
	for (int i = 0; i < (int)count; i++) {
		if (!weigh_means(&classes[i], intent))
			continue;
		if (best == CONTENT_NONE || shares[i] > shares[best]) {
			*second = best;
			best = i;
		} else if (*second == CONTENT_NONE ||
		    shares[i] > shares[*second]) {
			*second = i;
		}
	}
	return (best);
}

void
weigh_assume(struct reader *r, enum intent intent)
{
	const struct weights_class *classes;
	double all = 0;
	size_t count;

	if (!r->weighing.done)
		return;
	classes = weights_classes(r->content->weights, &count);
	for (size_t i = 0; i < count; i++) {
		if (weigh_means(&classes[i], intent))
			all += r->weighing.shares[i];
	}
	for (size_t i = 0; all > 0 && i < count; i++) {
		if (weigh_means(&classes[i], intent))
			r->weighing.shares[i] /= all;
	}
}

double
weigh_narrow(struct reader *r, long group)
{
	const struct weights_class *classes;
	double all = 0, kept = 0, share;
	size_t count;

	classes = weights_classes(r->content->weights, &count);
	for (size_t i = 0; i < count; i++) {
		if (!weigh_means(&classes[i], INTENT_REPORT))
			continue;
		share = r->weighing.shares[i];
		all += share;
		if (classes[i].code == CONTENT_NONE ||
		    r->content->categories[classes[i].code].group != group)
			r->weighing.shares[i] = 0;
		else
			kept += share;
	}
	weigh_assume(r, INTENT_REPORT);
	return (all > 0 ? kept / all : 0);
}

enum lang
weigh_language(const struct reader *r)
{
	const struct weights_class *classes;
	enum lang best = r->out->lang;
	double most = 0;
	size_t count;

	/* A word or two tell no more than lists do, a command not even that;
	 * two scripts stay two. */
	if (best == LANG_MIX || !r->weighing.done ||
	    r->folded.latin + r->folded.cyrillic < WEIGH_LANGUAGE_WORDS ||
	    (best == LANG_UND && !language_has_words(&r->folded)))
		return (best);
	classes = weights_classes(r->content->weights, &count);
	for (size_t i = 0; i < count; i++) {
		if (classes[i].group == WEIGHTS_LANGUAGE &&
		    r->weighing.shares[i] > most) {
			most = r->weighing.shares[i];
			best = classes[i].lang;
		}
	}
	if (most < WEIGH_LANGUAGE_FROM)
		return (r->before != LANG_UND ? r->before : r->out->lang);
	return (best);
}

const char *
weigh_code(const struct reader *r, int cls)
{
	const struct weights_class *c;
	size_t count;

	if (cls == CONTENT_NONE)
		return ("");
	c = &weights_classes(r->content->weights, &count)[cls];
	if (c->code == CONTENT_NONE)
		return ("");
	return (c->intent == INTENT_REPORT ?
	    r->content->categories[c->code].category.code :
	    r->content->topics[c->code].code);
}

int
weigh_per_cent(const struct reader *r, int cls)
{
	return (cls == CONTENT_NONE ? 0 :
	    (int)lround(100 * r->weighing.shares[cls]));
}

/* What a word, or it and the next, says for the class. */
struct weigh_word {
	int		 value;
	uint32_t	 word;
	uint8_t		 words;
};

static int
weigh_value(const struct reader *r, const struct weighing_heard *h, int cls)
{
	const struct weight *weight = weights_at(r->content->weights,
	    h->weights.first);

	for (uint32_t i = 0; i < h->weights.count; i++) {
		if (weight[i].cls == cls)
			return (weight[i].value);
	}
	return (0);
}

/* A number may be of a person: its digits are not told. */
static void
weigh_word_text(const struct reader *r, const struct weigh_word *w,
    char out[WEIGH_WORD_TEXT])
{
	const struct fold_word *first = &r->folded.words[w->word];
	const struct fold_word *last = first + w->words - 1;
	const char *text = r->folded.text + first->at;
	size_t len = last->at + last->len - first->at, i;

	for (i = 0; i < len && i < WEIGH_WORD_TEXT - 1; i++) {
		out[i] = text[i];
		if (text[i] >= '0' && text[i] <= '9')
			out[i] = '#';
	}
	out[i] = '\0';
}

static void
weigh_explain_words(struct reader *r, struct weigh_word *words, size_t count,
    const char *code)
{
	for (int said = 0; said < WEIGH_WORDS_TRACED; said++) {
		struct weigh_word *best = words;
		char text[WEIGH_WORD_TEXT];

		for (struct weigh_word *w = words; w < words + count; w++) {
			if (w->value > best->value)
				best = w;
		}
		if (best->value <= 0)
			return;
		weigh_word_text(r, best, text);
		reader_trace(r, "word %u '%s' speaks for %s",
		    best->word + 1, text, code);
		best->value = 0;
	}
}

void
weigh_explain(struct reader *r, int cls, int second)
{
	struct weigh_word words[2 * FEATURES_WORDS_MAX];
	const char *code = weigh_code(r, cls);
	size_t count = 2 * FEATURES_WORDS_MAX;

	if (second != CONTENT_NONE)
		reader_trace(r, "%s %d %%, %s %d %%", code,
		    weigh_per_cent(r, cls), weigh_code(r, second),
		    weigh_per_cent(r, second));
	if (r->folded.count < FEATURES_WORDS_MAX)
		count = 2 * r->folded.count;
	memset(words, 0, count * sizeof *words);
	for (size_t i = 0; i < r->weighing.heard_count; i++) {
		const struct weighing_heard *h = &r->weighing.heard[i];
		struct weigh_word *w = &words[2 * h->word + (h->words > 1)];

		if (h->words == 0 || (h->words == 1 &&
		    r->folded.words[h->word].len < WEIGH_WORD_MIN))
			continue;
		w->word = h->word;
		w->words = h->words;
		w->value += weigh_value(r, h, cls);
	}
	weigh_explain_words(r, words, count, code);
}
