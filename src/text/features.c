/*
 * From a text that has been read up to its place to features. Runs in glasd and
 * glasctl, for each text and each text that is learnt from; owns nothing. Which
 * features there are was chosen by cross-validation over etc/training; a change
 * here makes weights that were learnt before speak of nothing.
 */
#include <string.h>

#include "lib/mem.h"
#include "text/features.h"
#include "text/reading_private.h"

#define FEATURES_WORD_MAX 24	/* letters; a longer one is noise */
#define FEATURES_BEGIN_MIN 3	/* letters of how a word begins */
#define FEATURES_BEGIN_MAX 5
#define FEATURES_END 2		/* of how it ends */
#define FEATURES_STEM 5		/* the same, in a pair */
#define FEATURES_CONCEPTS_MAX 24	/* of one text, for pairs */
#define FEATURES_DIGITS "######"

#define FEATURES_FNV_START UINT64_C(0xcbf29ce484222325)
#define FEATURES_FNV_PRIME UINT64_C(0x100000001b3)

struct features_walk {
	const struct reader *reader;
	void		(*found)(void *, const struct feature *);
	void		*arg;
};

static uint64_t
features_hash_octet(uint64_t hash, char c)
{
	return ((hash ^ (uint8_t)c) * FEATURES_FNV_PRIME);
}

uint64_t
feature_hash(const char *text, size_t len)
{
	uint64_t hash = FEATURES_FNV_START;

	for (size_t i = 0; i < len; i++)
		hash = features_hash_octet(hash, text[i]);
	return (hash);
}

static uint64_t
features_hash_piece(uint64_t hash, const struct feature_piece *p)
{
	if (p->before != '\0')
		hash = features_hash_octet(hash, p->before);
	for (uint8_t i = 0; i < p->len; i++)
		hash = features_hash_octet(hash, p->s[i]);
	return (p->open ? features_hash_octet(hash, '*') : hash);
}

void
feature_text(const struct feature *f, struct buf *out)
{
	for (uint8_t i = 0; i < f->count; i++) {
		const struct feature_piece *p = &f->pieces[i];

		if (i > 0)
			buf_add(out, " ", 1);
		if (p->before != '\0')
			buf_add(out, &p->before, 1);
		buf_add(out, p->s, p->len);
		if (p->open)
			buf_add(out, "*", 1);
	}
}

static void
features_tell(const struct features_walk *w, struct feature *f)
{
	/* Keywords and concepts may stand behind the words that count. */
	if (f->word >= FEATURES_WORDS_MAX)
		f->word = f->words = 0;
	f->hash = FEATURES_FNV_START;
	for (uint8_t i = 0; i < f->count; i++) {
		if (i > 0)
			f->hash = features_hash_octet(f->hash, ' ');
		f->hash = features_hash_piece(f->hash, &f->pieces[i]);
	}
	w->found(w->arg, f);
}

/* A word as it stands in features; `most` letters of it. False when it is too
 * long to mean anything. */
static bool
features_piece(const struct reader *r, size_t word, size_t most,
    struct feature_piece *p)
{
	const struct fold_word *w = &r->folded.words[word];

	*p = (struct feature_piece){ .s = r->folded.text + w->at };
	if (w->digits) {
		p->s = FEATURES_DIGITS;
		p->len = (uint8_t)(w->len < sizeof FEATURES_DIGITS ? w->len :
		    sizeof FEATURES_DIGITS - 1);
	} else if ((r->marks[word] & PLACES_NAME) != 0) {
		p->s = "@";
		p->len = 1;
	} else {
		p->open = w->len > most;
		p->len = (uint8_t)(p->open ? most : w->len);
	}
	return (p->open || w->len <= FEATURES_WORD_MAX);
}

static bool
features_is_word(const struct reader *r, uint32_t word)
{
	return (!r->folded.words[word].digits &&
	    (r->marks[word] & PLACES_NAME) == 0);
}

/* Its last letters: what part of speech it is, and in which language. */
static void
features_end(const struct features_walk *w, uint32_t word)
{
	const struct fold_word *fw = &w->reader->folded.words[word];
	struct feature f = { .word = word, .words = 1, .count = 1 };

	if (fw->len <= FEATURES_END || !features_is_word(w->reader, word))
		return;
	f.pieces[0] = (struct feature_piece){ .before = '*',
		.s = w->reader->folded.text + fw->at + fw->len - FEATURES_END,
		.len = FEATURES_END };
	features_tell(w, &f);
}

/* A word, and how it begins where it is longer. */
static void
features_word(const struct features_walk *w, uint32_t word)
{
	struct feature f = { .word = word, .words = 1, .count = 1 };

	if (features_piece(w->reader, word, SIZE_MAX, &f.pieces[0]))
		features_tell(w, &f);
	if (word == 0) {
		f.pieces[0].before = '^';
		features_tell(w, &f);
	}
	for (size_t n = FEATURES_BEGIN_MIN; n <= FEATURES_BEGIN_MAX; n++) {
		if (features_piece(w->reader, word, n, &f.pieces[0]) &&
		    f.pieces[0].open)
			features_tell(w, &f);
	}
}

/* Two words side by side, and how they begin where that is less. */
static void
features_pair(const struct features_walk *w, uint32_t word)
{
	struct feature f = { .word = word, .words = 2, .count = 2 };

	if (features_piece(w->reader, word, SIZE_MAX, &f.pieces[0]) &&
	    features_piece(w->reader, word + 1, SIZE_MAX, &f.pieces[1]))
		features_tell(w, &f);
	if (features_piece(w->reader, word, FEATURES_STEM, &f.pieces[0]) &&
	    features_piece(w->reader, word + 1, FEATURES_STEM, &f.pieces[1]) &&
	    (f.pieces[0].open || f.pieces[1].open))
		features_tell(w, &f);
}

static void
features_words(const struct features_walk *w)
{
	size_t count = w->reader->folded.count;

	if (count > FEATURES_WORDS_MAX)
		count = FEATURES_WORDS_MAX;
	for (uint32_t i = 0; i < count; i++) {
		features_word(w, i);
		features_end(w, i);
		if (i + 1 < count)
			features_pair(w, i);
	}
}

/* Of the text; `word` is 1 + the one that it is of, 0 for all. */
static void
features_name(const struct features_walk *w, const char *what,
    const char *which, uint32_t word)
{
	size_t len = strlen(which);
	struct feature f = { .word = word > 0 ? word - 1 : 0,
		.words = word > 0, .count = 2,
		.pieces = { { .s = what, .len = (uint8_t)strlen(what) },
		    { .s = which, .len = (uint8_t)len } } };

	if (len <= UINT8_MAX)
		features_tell(w, &f);
}

/* What keywords say of the subject. */
static void
features_subjects(const struct features_walk *w)
{
	const struct reader *r = w->reader;
	const struct content *c = r->content;
	int second, best = category_best(r, &second);
	int topic = category_best_topic(r);

	for (size_t i = 0; i < c->category_count; i++) {
		const char *code = c->categories[i].category.code;

		if (r->category[i] <= 0)
			continue;
		features_name(w, "=category", code, r->category_at[i]);
		if (r->category[i] >= 20)
			features_name(w, "=much", code, r->category_at[i]);
	}
	for (size_t i = 0; i < c->topic_count; i++) {
		if (r->topic[i] > 0)
			features_name(w, "=topic", c->topics[i].code, 0);
	}
	if (best != CONTENT_NONE)
		features_name(w, "=best", c->categories[best].category.code,
		    r->category_at[best]);
	if (second != CONTENT_NONE)
		features_name(w, "=second",
		    c->categories[second].category.code,
		    r->category_at[second]);
	if (topic != CONTENT_NONE)
		features_name(w, "=ask", c->topics[topic].code, 0);
}

/* Concepts that the text has. Returns how many. */
static size_t
features_concepts_of(const struct reader *r,
    struct feature found[FEATURES_CONCEPTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < r->content->concept_count &&
	    count < FEATURES_CONCEPTS_MAX; i++) {
		const char *name = r->content->concepts[i];

		if (r->concept_at[i] == 0)
			continue;
		found[count] = (struct feature){ .count = 1, .words = 1,
			.word = r->concept_at[i] - 1,
			.pieces = { { .s = name, .before = '=',
			.len = (uint8_t)strlen(name) } } };
		count++;
	}
	return (count);
}

/* Each concept, and each two of them. */
static void
features_concepts(const struct features_walk *w)
{
	struct feature found[FEATURES_CONCEPTS_MAX];
	size_t count = features_concepts_of(w->reader, found);

	for (size_t i = 0; i < count; i++) {
		features_tell(w, &found[i]);
		found[i].count = 2;
		for (size_t n = i + 1; n < count; n++) {
			found[i].pieces[1] = found[n].pieces[0];
			features_tell(w, &found[i]);
		}
	}
}

/* Verbs of the past, fines and bans are heard as words: as a sign of their own
 * they cost half a point of category, and rules need them. */
static bool
features_hears(int sign)
{
	return (sign != SIGN_PAST && sign != SIGN_MATTER);
}

static void
features_signs(const struct features_walk *w)
{
	static const char *const cues[] = { "alone", "with" };
	const struct reader *r = w->reader;

	for (int i = 0; i < SIGN_COUNT; i++) {
		if (r->signs[i] > 0 && features_hears(i))
			features_name(w, "=sign", content_sign_name(i), 0);
	}
	for (size_t i = 0; i < r->content->actor_count; i++) {
		if (r->actors[i] > 0)
			features_name(w, "=actor", r->content->actors[i], 0);
	}
	for (enum intent i = 0; i < INTENT_COUNT; i++) {
		if (r->intents[i] > 0)
			features_name(w, r->intent_first[i] ? "=command" :
			    "=intent", intent_name(i), 0);
	}
	for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
		if (r->cues[i] > 0)
			features_name(w, "=cue", cues[i], 0);
	}
}

static void
features_shape(const struct features_walk *w)
{
	static const struct {
		size_t		 words;
		const char	*name;
	} lengths[] = { { 1, "1" }, { 2, "2" }, { 3, "3" }, { 5, "5" },
		{ 8, "8" }, { 12, "12" }, { 20, "20" }, { SIZE_MAX, "many" } };
	const struct reader *r = w->reader;
	size_t i = 0;

	while (r->folded.count > lengths[i].words)
		i++;
	features_name(w, "=words", lengths[i].name, 0);
	features_name(w, "=language", lang_name(r->out->lang), 0);
	if (r->out->place != NULL)
		features_name(w, "=place", *r->out->place->settlement != '\0' ?
		    "settlement" : "municipality", 0);
	if (r->folded.question)
		features_name(w, "=mark", "question", 0);
	if (r->folded.shouted)
		features_name(w, "=mark", "shouted", 0);
}

void
features_each(const struct reader *r,
    void (*found)(void *, const struct feature *), void *arg)
{
	const struct features_walk w = { .reader = r, .found = found,
		.arg = arg };

	features_words(&w);
	features_subjects(&w);
	features_concepts(&w);
	features_signs(&w);
	features_shape(&w);
}
