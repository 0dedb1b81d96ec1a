/*
 * What a report is about, by words or by weights, and what a text tells of that is
 * none. Runs in glasd and glasctl, called by reading.c; owns nothing.
 */
#include <string.h>

#include "text/reading_private.h"

#define SUBJECT_GROUP_FROM 0.1	/* less of a group tells of no kind */

/* How sure a score is, with another one behind it. */
static int
subject_confidence(int score, int second)
{
	int sure = 55 + (score < 40 ? score : 40), doubt;

	if (score <= 0)
		return (30);
	doubt = second * 30 / score;
	return (sure - (doubt < 30 ? doubt : 30));
}

/* "They beat him and took him away": that he is held wakes somebody, whatever it
 * was given. `likely`: per cent of the second. */
static void
subject_besides(struct reader *r, int likely)
{
	const struct content *c = r->content;
	const struct category *second = content_category(c, r->out->second);
	int told = category_besides(r, r->out->code);
	const char *code = r->out->second;

	if (told != CONTENT_NONE)
		code = c->categories[told].category.code;
	else if (likely < c->settings[CONTENT_CATEGORY_FROM] ||
	    second == NULL || !category_wakes(second))
		return;
	if (strcmp(code, r->out->guess) != 0)
		r->out->second = code;
	r->out->urgent = true;
	reader_trace(r, "urgent: it tells of %s", code);
}

void
subject_by_words(struct reader *r)
{
	const struct content_category *cats = r->content->categories;
	int second, best = category_best(r, &second);
	int becomes = CONTENT_NONE;

	r->out->confidence = best == CONTENT_NONE ? 30 :
	    subject_confidence(r->category[best],
	    second != CONTENT_NONE ? r->category[second] : 0);
	if (best == CONTENT_NONE)
		best = content_find_category(r->content, "OTHER");
	if (best == CONTENT_NONE)
		return;
	if (r->actor != CONTENT_NONE)
		becomes = cats[best].by_actor[r->actor];
	if (becomes != CONTENT_NONE) {
		reader_trace(r, "%s by %s: %s", cats[best].category.code,
		    r->out->actor, cats[becomes].category.code);
		best = becomes;
	}
	r->out->guess = r->out->code = cats[best].category.code;
	if (second != CONTENT_NONE && second != best)
		r->out->second = cats[second].category.code;
	subject_besides(r, 0);
}

/* The digit behind the word for a report, as on a keypad; 0: none. */
static long
subject_group(const struct reader *r)
{
	const struct fold_word *w = &r->folded.words[1];

	return (r->intent_first[INTENT_REPORT] && r->folded.count > 1 &&
	    w->digits && w->len == 1 ? r->folded.text[w->at] - '0' : 0);
}

/* The rest does not tell what it is about. */
static bool
subject_unsure(const struct reader *r, int best)
{
	return (weigh_per_cent(r, best) <
	    r->content->settings[CONTENT_CATEGORY_FROM] ||
	    strcmp(weigh_code(r, best), "OTHER") == 0);
}

void
subject_weighed(struct reader *r)
{
	const struct content *c = r->content;
	int second, best = weigh_best(r, INTENT_REPORT, &second);
	int most = 100;

	if (best == CONTENT_NONE)
		return;
	if (subject_group(r) > 0 && subject_unsure(r, best)) {
		if (weigh_narrow(r, subject_group(r)) < SUBJECT_GROUP_FROM)
			most = (int)c->settings[CONTENT_CATEGORY_FROM] - 1;
		best = weigh_best(r, INTENT_REPORT, &second);
	}
	r->out->confidence = weigh_per_cent(r, best);
	if (r->out->confidence > most)
		r->out->confidence = most;
	r->out->guess = weigh_code(r, best);
	if (second != CONTENT_NONE)
		r->out->second = weigh_code(r, second);
	if (r->out->confidence >= c->settings[CONTENT_CATEGORY_FROM])
		r->out->code = r->out->guess;
	subject_besides(r, weigh_per_cent(r, second));
	weigh_explain(r, best, second);
}

/* Shares are of what is told alone from then on. */
static void
subject_about_all(struct reader *r, const char *about[2])
{
	const struct content_category *cats = r->content->categories;
	long from = r->content->settings[CONTENT_CATEGORY_FROM];
	int second, best;

	if (!r->weighing.done) {
		best = category_best(r, &second);
		if (best != CONTENT_NONE)
			about[0] = cats[best].category.code;
		if (second != CONTENT_NONE)
			about[1] = cats[second].category.code;
		return;
	}
	weigh_assume(r, INTENT_REPORT);
	best = weigh_best(r, INTENT_REPORT, &second);
	/* As likely as what gives a report its category, or it is none. */
	if (weigh_per_cent(r, best) >= from)
		about[0] = weigh_code(r, best);
	if (weigh_per_cent(r, second) >= from)
		about[1] = weigh_code(r, second);
}

void
subject_about(struct reader *r)
{
	const struct folded *f = &r->folded;
	struct reading told;
	struct reader behind;
	size_t i = 1;

	if (r->out->intent != INTENT_ADD) {
		subject_about_all(r, r->out->about);
		/* A question for a debate is urgent for nobody. */
		if (strcmp(r->out->code, "DEBATE") != 0)
			r->out->urgent |= category_urgent(r,
			    r->out->about[0]);
		return;
	}
	while (i < f->count && f->words[i].digits)
		i++;
	if (i >= f->count)
		return;
	reader_begin(&behind, &told, r->content, r->text + f->words[i].from,
	    r->before);
	weigh_text(&behind);
	subject_about_all(&behind, r->out->about);
	r->out->urgent = category_urgent(&behind, r->out->about[0]);
	reader_end(&behind);
	reading_clear(&told);
}
