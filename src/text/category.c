/*
 * What a text is about: keywords added up by category and rights topic. Runs in
 * glasd and glasctl. A longer phrase takes the meaning of shorter ones inside
 * it away; a word of another language than the text's hardly counts.
 */
#include "text/reading_private.h"

#define CATEGORY_PAIR 26	/* of two words that belong together */
#define CATEGORY_DANGER 10	/* score from which danger is believed */

/* What was last added to a score. */
struct category_sum {
	size_t		 word;		/* 1 + the first word, 0: nothing */
	int		 weight;
};

#define CATEGORY_SERBIAN \
	(1u << LANG_SR_LATN | 1u << LANG_SR_CYRL)

/* Whether a word of these languages means in this text what it means there. */
static bool
category_native(enum lang text, unsigned int langs)
{
	switch (text) {
	case LANG_SR_LATN:
	case LANG_SR_CYRL:
		return ((langs & CATEGORY_SERBIAN) != 0);
	case LANG_ROM:
	case LANG_BG:
		return ((langs & (CATEGORY_SERBIAN | 1u << text)) != 0);
	case LANG_SQ:
	case LANG_EN:
		return ((langs & 1u << text) != 0);
	case LANG_UND:
	case LANG_MIX:
	case LANG_COUNT:
		break;
	}
	return (true);
}

static bool
category_seen(struct reader *r, uint32_t keyword)
{
	uint8_t bit = (uint8_t)(1u << keyword % 8);
	bool seen = (r->seen[keyword / 8] & bit) != 0;

	r->seen[keyword / 8] |= bit;
	return (seen);
}

/* Phrases that may take away the meaning of what is inside them. */
static bool
category_covers(enum keyword_kind kind)
{
	return (kind == KEYWORD_CATEGORY || kind == KEYWORD_TOPIC ||
	    kind == KEYWORD_SIGN || kind == KEYWORD_INTENT);
}

static void
category_cover(struct reader *r)
{
	const struct keyword *k;

	for (size_t i = 0; i < r->hit_count; i++) {
		size_t word = r->hits[i].word;

		k = reader_keyword(r, &r->hits[i]);
		if (!category_covers(k->kind) || k->words < 2 ||
		    (k->first && word != 0))
			continue;
		for (size_t w = word; w < word + k->words; w++) {
			if (r->cover[w] < k->words)
				r->cover[w] = k->words;
			if (k->kind == KEYWORD_SIGN &&
			    k->code == SIGN_NEUTRAL)
				r->marks[w] |= READER_NEUTRAL;
		}
	}
}

static bool
category_covered(const struct reader *r, const struct reader_hit *hit)
{
	for (size_t w = 0; w < hit->words; w++) {
		if (r->cover[hit->word + w] <= hit->words)
			return (false);
	}
	return (true);
}

static void
category_mute(struct reader *r)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		struct reader_hit *h = &r->hits[i];
		const struct keyword *k = reader_keyword(r, h);

		if (k->first && h->word != 0)
			h->mute = true;
		else if (k->kind == KEYWORD_CATEGORY ||
		    k->kind == KEYWORD_TOPIC || k->kind == KEYWORD_INTENT)
			h->mute = category_covered(r, h);
		else if (k->kind == KEYWORD_CUE || k->kind == KEYWORD_ACTOR ||
		    k->kind == KEYWORD_LANGUAGE)
			h->mute = (r->marks[h->word] & READER_NEUTRAL) != 0;
	}
}

/* Of several patterns that say one thing of one word the best counts. */
static void
category_add(struct category_sum *sum, int *score, size_t word, int weight)
{
	int before = sum->word == word + 1 ? sum->weight : 0;

	if (weight <= before)
		return;
	*score += weight - before;
	sum->word = word + 1;
	sum->weight = weight;
}

static void
category_count_category(struct reader *r, const struct reader_hit *h,
    struct category_sum *sums)
{
	const struct keyword *k = reader_keyword(r, h);

	/* Thanks at the end are manners. */
	if (r->content->categories[k->code].group == CONTENT_VOICE &&
	    k->words == 1 && h->word >= READER_MANNERS_WORDS)
		return;
	category_add(&sums[k->code], &r->category[k->code], h->word,
	    k->weight);
	if (r->category_at[k->code] == 0)
		r->category_at[k->code] = h->word + 1;
}

/* Commands and topics are understood in any language. */
static bool
category_counts(const struct reader *r, const struct keyword *k)
{
	return ((k->kind != KEYWORD_CATEGORY && k->kind != KEYWORD_ACTOR &&
	    k->kind != KEYWORD_SIGN && k->kind != KEYWORD_CUE &&
	    k->kind != KEYWORD_CONCEPT) ||
	    category_native(r->out->lang, k->langs));
}

static void
category_count(struct reader *r, const struct reader_hit *h,
    struct category_sum *categories, struct category_sum *topics)
{
	const struct keyword *k = reader_keyword(r, h);

	switch (k->kind) {
	case KEYWORD_INTENT:
		r->intents[k->code]++;
		r->intent_first[k->code] |= k->first;
		break;
	case KEYWORD_CATEGORY:
		category_count_category(r, h, categories);
		break;
	case KEYWORD_TOPIC:
		category_add(&topics[k->code], &r->topic[k->code], h->word,
		    k->weight);
		break;
	case KEYWORD_ACTOR:
		r->actors[k->code]++;
		break;
	case KEYWORD_LANGUAGE:
		r->language_asked = k->code;
		break;
	case KEYWORD_OPTION:
		r->options[k->code]++;
		break;
	case KEYWORD_SIGN:
		r->signs[k->code] += k->code != SIGN_KIN;
		break;
	case KEYWORD_CUE:
		if (k->code != CUE_WHOLE || h->words == r->folded.count)
			r->cues[k->code]++;
		break;
	case KEYWORD_FORM:
		if (h->word == 0)
			r->form = k->code;
		break;
	case KEYWORD_CONCEPT:
		if (r->concept_at[k->code] == 0)
			r->concept_at[k->code] = h->word + 1;
		break;
	case KEYWORD_WORD:
	case KEYWORD_PART:
	case KEYWORD_KINDS:
		break;
	}
}

static bool
category_half_seen(const struct reader *r, const struct keyword_pair *p, int n)
{
	uint32_t i = p->half[n].index;

	return (p->half[n].actor ? r->actors[i] > 0 :
	    (r->seen[i / 8] & 1u << i % 8) != 0);
}

static void
category_pairs(struct reader *r)
{
	for (size_t i = 0; i < r->content->pair_count; i++) {
		const struct keyword_pair *p = &r->content->pairs[i];
		const struct keyword *k = &r->content->keywords[p->keyword];

		if (!category_half_seen(r, p, 0) ||
		    !category_half_seen(r, p, 1) || !category_counts(r, k))
			continue;
		if (k->kind == KEYWORD_CATEGORY)
			r->category[k->code] += CATEGORY_PAIR;
		else if (k->kind == KEYWORD_TOPIC)
			r->topic[k->code] += CATEGORY_PAIR;
		else if (k->kind == KEYWORD_CUE)
			r->cues[k->code]++;
	}
}

static void
category_actor(struct reader *r)
{
	unsigned int most = 0;

	r->actor = CONTENT_NONE;
	for (size_t i = 0; i < r->content->actor_count; i++) {
		if (r->actors[i] > most) {
			most = r->actors[i];
			r->actor = (int)i;
		}
	}
	r->out->actor = r->actor != CONTENT_NONE ?
	    r->content->actors[r->actor] : "";
}

void
category_score(struct reader *r)
{
	struct category_sum categories[CONTENT_CATEGORIES_MAX] = { 0 };
	struct category_sum topics[CONTENT_TOPICS_MAX] = { 0 };

	category_cover(r);
	category_mute(r);
	r->language_asked = r->form = CONTENT_NONE;
	for (size_t i = 0; i < r->hit_count; i++) {
		if (!r->hits[i].mute &&
		    !category_seen(r, r->hits[i].keyword) &&
		    category_counts(r, reader_keyword(r, &r->hits[i])))
			category_count(r, &r->hits[i], categories, topics);
	}
	category_actor(r);
	category_pairs(r);
	r->cues[CUE_ALONE] += r->cues[CUE_LIFE] + r->cues[CUE_WHOLE];
}

static bool
category_is_danger(const struct reader *r, int category)
{
	return (r->category[category] >= CATEGORY_DANGER &&
	    r->content->categories[category].category.emergency !=
	    EMERGENCY_NONE);
}

/* Danger first, then by score; of equals complaints before voices, then what
 * is said first. */
static bool
category_before(const struct reader *r, int a, int b)
{
	bool danger_a = category_is_danger(r, a);
	bool danger_b = category_is_danger(r, b);
	bool voice_a, voice_b;

	if (danger_a != danger_b)
		return (danger_a);
	if (r->category[a] != r->category[b])
		return (r->category[a] > r->category[b]);
	voice_a = r->content->categories[a].group == CONTENT_VOICE;
	voice_b = r->content->categories[b].group == CONTENT_VOICE;
	if (voice_a != voice_b)
		return (voice_b);
	return (r->category_at[a] != 0 &&
	    r->category_at[a] < r->category_at[b]);
}

int
category_best(const struct reader *r, int *second)
{
	int best = CONTENT_NONE;

	*second = CONTENT_NONE;
	for (int i = 0; i < (int)r->content->category_count; i++) {
		if (r->category[i] <= 0)
			continue;
		if (best == CONTENT_NONE || category_before(r, i, best)) {
			*second = best;
			best = i;
		} else if (*second == CONTENT_NONE ||
		    category_before(r, i, *second)) {
			*second = i;
		}
	}
	return (best);
}

int
category_best_topic(const struct reader *r)
{
	int best = CONTENT_NONE;

	for (int i = 0; i < (int)r->content->topic_count; i++) {
		if (r->topic[i] > 0 && (best == CONTENT_NONE ||
		    r->topic[i] > r->topic[best]))
			best = i;
	}
	return (best);
}

/* A word alone may mean another thing ("closed" for "locked up"), unless what it
 * was given is of the same kind; two that belong together do not. */
static bool
category_is_told(const struct reader *r, int category, int given)
{
	const struct content_category *cats = r->content->categories;
	bool alike = given != CONTENT_NONE &&
	    cats[category].group == cats[given].group;

	return (r->category[category] >=
	    (alike ? CATEGORY_DANGER : CATEGORY_PAIR));
}

bool
category_wakes(const struct category *c)
{
	return (c->urgent && c->emergency == EMERGENCY_NONE);
}

int
category_besides(const struct reader *r, const char *given)
{
	const struct content *content = r->content;
	int is = content_find_category(content, given);

	for (int i = 0; i < (int)content->category_count; i++) {
		if (i != is &&
		    category_wakes(&content->categories[i].category) &&
		    category_is_told(r, i, is))
			return (i);
	}
	return (CONTENT_NONE);
}

bool
category_urgent(const struct reader *r, const char *given)
{
	const struct content *content = r->content;
	int is = content_find_category(content, given);

	return (category_besides(r, given) != CONTENT_NONE ||
	    (is != CONTENT_NONE &&
	    category_wakes(&content->categories[is].category) &&
	    category_is_told(r, is, is)));
}

bool
category_complains(const struct reader *r)
{
	for (size_t i = 0; i < r->content->category_count; i++) {
		if (r->category[i] >= CATEGORY_DANGER &&
		    r->content->categories[i].group != CONTENT_VOICE)
			return (true);
	}
	return (false);
}

bool
category_danger(const struct reader *r)
{
	if (weigh_rules_out_danger(r))
		return (false);
	for (size_t i = 0; i < r->content->category_count; i++) {
		if (category_is_danger(r, (int)i))
			return (true);
	}
	return (false);
}
