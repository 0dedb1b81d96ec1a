/*
 * What a person wants, by what was learnt, where no rule of intent.c is
 * certain. Runs in glasd and glasctl. A guess must not do what only a word may:
 * which intents a text can have is looked at before their shares are.
 */
#include "text/reading_private.h"
#include "text/reference.h"

#define INTENT_GUESS_WORDS 16	/* no command stands in a long text */
#define INTENT_CLEAR_FROM 0.9	/* share of a command that needs no word */
#define INTENT_AGAIN_FROM 0.85	/* share of START without its word */
#define INTENT_VOTE_FROM 0.6	/* share of a vote without a word for it */
#define INTENT_HELP_FROM 50	/* per cent; below it is no command */
#define INTENT_NOTHING_FROM 0.75 /* share of it, where words complain */
#define INTENT_REFUSAL_WORDS 2	/* that begin with no: only that is said */
#define INTENT_TELEPHONE 9	/* digits; a report has six, a day eight */
#define INTENT_NAMED_WORDS 3	/* fewer name the police, and tell nothing */
#define INTENT_SHARE_MIN 0.2	/* less is no guess: it is not understood */

/* What is said with an intent that weights have found. */
static void
intent_fill(struct reader *r, enum intent intent, int cls)
{
	switch (intent) {
	case INTENT_RIGHTS:
		/* Who is not sure of the topic sends the list. */
		if (r->out->confidence >=
		    r->content->settings[CONTENT_CATEGORY_FROM])
			r->out->code = weigh_code(r, cls);
		break;
	case INTENT_STATUS:
		intent_status_of(r);
		break;
	case INTENT_VOTE:
		intent_option(r);
		break;
	case INTENT_LANG:
		if (r->language_asked != CONTENT_NONE)
			r->out->code = lang_name(
			    (enum lang)r->language_asked);
		break;
	case INTENT_REPORT:
	case INTENT_HELP:
	case INTENT_STOP:
	case INTENT_START:
	case INTENT_UNCLASSIFIED:
	case INTENT_ADD:
	case INTENT_ANSWER:
	case INTENT_MORE:
	case INTENT_ERASE:
	case INTENT_WHO:
	case INTENT_BODY:
	case INTENT_ATTEND:
	case INTENT_RUMOUR:
	case INTENT_SUBSCRIBE:
	case INTENT_FORM:
	case INTENT_RATE:
	case INTENT_DUTY:
	case INTENT_TAKE:
	case INTENT_COUNT:
		break;
	}
}

/* Has a word for it, wherever it stands and whatever it is part of. */
static bool
intent_is_named(const struct reader *r, enum intent intent)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (k->kind == KEYWORD_INTENT && k->code == (int)intent)
			return (true);
	}
	return (false);
}

/* Has a word for something else. */
static bool
intent_is_named_other(const struct reader *r, enum intent intent)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		const struct keyword *k = reader_keyword(r, &r->hits[i]);

		if (k->kind == KEYWORD_INTENT && k->code != (int)intent)
			return (true);
	}
	return (false);
}

/* What changes something for the sender is not done on a guess, and a question
 * is no vote. Without its word in the first place, STOP is of who speaks of
 * texts: "I have had enough" may be of anything. What a text complains of, or
 * its place, is the reason then ("my husband goes through my phone"), or it is
 * no STOP ("stop violence in Vranje"): it has to be likelier, as START without
 * its word has. Police and fines are sent by others. Whoever wants all erased has
 * a word for it. */
static bool
intent_is_clear(const struct reader *r, enum intent intent, double share)
{
	bool clear = share >= INTENT_CLEAR_FROM;
	bool meant = r->signs[SIGN_TEXTING] > 0 || (r->intent_first[intent] &&
	    r->folded.count <= READER_COMMAND_WORDS);
	bool sure = meant && share * 100 >=
	    (double)r->content->settings[CONTENT_COMMAND_FROM];

	if (intent == INTENT_VOTE)
		return ((r->intents[INTENT_VOTE] > 0 ||
		    (share >= INTENT_VOTE_FROM &&
		    !intent_is_named_other(r, INTENT_VOTE))) &&
		    r->signs[SIGN_QUESTION] == 0);
	if (r->folded.count > INTENT_GUESS_WORDS || intent_is_of_matter(r) ||
	    ((category_complains(r) || r->out->place != NULL) &&
	    !(sure && clear)))
		return (false);
	/* "Do not erase." */
	if (intent == INTENT_STOP)
		return (sure && !intent_is_not_ours(r) &&
		    (clear || r->actor == CONTENT_NONE ||
		    intent_names_texts(r)) &&
		    (r->options[OPTION_NO] == 0 ||
		    r->folded.count > INTENT_REFUSAL_WORDS));
	return (intent_is_named(r, intent) ||
	    (intent == INTENT_START && share >= INTENT_AGAIN_FROM));
}

/* A language is wished for, where it is not what somebody was beaten or fined for:
 * then, and where others are spoken of, the wish speaks of texts. */
static bool
intent_is_wish(const struct reader *r)
{
	if (r->cues[CUE_WITH] > 0 || r->signs[SIGN_MATTER] > 0)
		return (false);
	return (r->signs[SIGN_TEXTING] > 0 || (r->signs[SIGN_PAST] == 0 &&
	    r->actor == CONTENT_NONE));
}

/* How a report stands is asked by its number: one like a telephone's is to be
 * called. */
static bool
intent_has_telephone(const struct reader *r)
{
	size_t digits = 0;

	for (size_t i = 0; i < r->folded.count; i++) {
		const struct fold_word *w = &r->folded.words[i];

		/* The number of a report may stand there twice. */
		if (!w->digits || w->len >= REFERENCE_MIN)
			digits = 0;
		if (w->digits)
			digits += w->len;
		if (digits >= INTENT_TELEPHONE)
			return (true);
	}
	return (false);
}

/* Commands, where nobody is in danger that can be seen. */
static bool
intent_may_be_meant(const struct reader *r, enum intent intent, double share)
{
	if (intent == INTENT_LANG)
		return (intent_is_wish(r));
	if (intent == INTENT_STATUS)
		return (intent_is_named(r, intent) ||
		    !intent_has_telephone(r));
	if (intent == INTENT_VOTE || intent == INTENT_STOP ||
	    intent == INTENT_START || intent == INTENT_ERASE)
		return (intent_is_clear(r, intent, share));
	return (true);
}

/* "Report, police": what is complained of may have the word for it in it. */
static bool
intent_is_announced(const struct reader *r)
{
	return (category_complains(r) && !r->folded.question &&
	    r->signs[SIGN_QUESTION] == 0 &&
	    intent_words_behind(r, INTENT_REPORT) < r->folded.count);
}

/* Whoever may be in danger has reported, or asks; so has who complains, or speaks
 * of the police, unless it is likely that they chat, and who tells of those who
 * are competent. What happened somewhere is told, whatever is asked of it. */
static bool
intent_is_possible(const struct reader *r, enum intent intent, double share)
{
	bool about = category_complains(r) || r->signs[SIGN_MATTER] > 0 ||
	    r->intent_first[INTENT_BODY];
	bool actor = r->actor != CONTENT_NONE, danger = reader_in_danger(r);

	if (intent == INTENT_UNCLASSIFIED)
		return (!danger && !r->intent_first[INTENT_BODY] &&
		    (share >= INTENT_NOTHING_FROM || (!about && !actor)));
	if (share < INTENT_SHARE_MIN && !about && r->out->place == NULL &&
	    (!actor || r->folded.count < INTENT_NAMED_WORDS) && !danger)
		return (false);
	if (intent == INTENT_REPORT)
		return (true);
	if (intent == INTENT_RIGHTS)
		return (!intent_is_announced(r) &&
		    (!intent_is_somewhere(r) || !intent_tells_past(r)));
	if (danger)
		return (false);
	return (intent_may_be_meant(r, intent, share));
}

void
intent_weigh(struct reader *r)
{
	enum intent intent = weigh_intent(r, intent_is_possible);
	int second, best = weigh_best(r, intent, &second);

	r->out->intent = intent;
	r->out->confidence = weigh_per_cent(r, best);
	r->out->command = intent != INTENT_REPORT &&
	    intent != INTENT_UNCLASSIFIED && intent != INTENT_VOTE &&
	    (intent != INTENT_HELP ||
	    r->out->confidence >= INTENT_HELP_FROM);
	intent_fill(r, intent, best);
	reader_trace(r, "%s: by what was learnt", intent_name(intent));
}
