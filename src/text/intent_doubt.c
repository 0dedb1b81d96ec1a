/*
 * What was learnt, against what a rule of intent.c sees. Runs in glasd and
 * glasctl. Without weights nothing is doubted.
 */
#include <string.h>

#include "text/reading_private.h"

#define INTENT_DOUBT_WORDS 3	/* fewer tell of no danger */
#define INTENT_DOUBT_FROM 0.6	/* share of what speaks against a word */
#define INTENT_DOUBT_STORY 0.9	/* of a report, where nothing else is known */
#define INTENT_DOUBT_SENTENCE 4	/* words from which a command is borne out */
#define INTENT_BORNE_OUT 0.5	/* share of the command then */

/* Whoever gives this command has said so in texts that were learnt from. */
static bool
intent_is_learnt(enum intent intent)
{
	return (intent == INTENT_RIGHTS || intent == INTENT_HELP ||
	    intent == INTENT_STOP || intent == INTENT_START ||
	    intent == INTENT_STATUS || intent == INTENT_VOTE ||
	    intent == INTENT_LANG);
}

bool
intent_is_borne_out(const struct reader *r, enum intent intent)
{
	double shares[INTENT_COUNT];

	weigh_intents(r, shares);
	return (!r->weighing.done || shares[intent] >= INTENT_BORNE_OUT);
}

/* A word for a command is there, and what was learnt speaks for something else:
 * "do not sign me out". In a sentence it has to speak for STOP and START: "send no
 * texts, send a car". What nobody has learnt to say can only be a report, and
 * that has to be likely: "erase the video, said the policeman". Whoever may be
 * in danger gives no command in a sentence. */
bool
intent_is_doubted(const struct reader *r, enum intent intent)
{
	double shares[INTENT_COUNT];

	if (!r->weighing.done || r->folded.count < 2)
		return (false);
	if (r->folded.count >= INTENT_DOUBT_WORDS && reader_in_danger(r))
		return (true);
	weigh_intents(r, shares);
	if (!intent_is_learnt(intent))
		return (shares[INTENT_REPORT] >= INTENT_DOUBT_STORY);
	if ((intent == INTENT_STOP || intent == INTENT_START) &&
	    r->folded.count >= INTENT_DOUBT_SENTENCE &&
	    shares[intent] < INTENT_BORNE_OUT)
		return (true);
	for (enum intent i = 0; i < INTENT_COUNT; i++) {
		if (i != intent && i != INTENT_UNCLASSIFIED &&
		    shares[i] >= INTENT_DOUBT_FROM)
			return (true);
	}
	return (false);
}

/* What machines say is quoted, or asked back: "no emergency service? He beats
 * me." Nobody is a machine below that share of nothing that is meant for us. */
bool
intent_is_of_person(const struct reader *r, double nothing)
{
	double shares[INTENT_COUNT];

	weigh_intents(r, shares);
	return (r->weighing.done && (weigh_tells_danger(r) ||
	    shares[INTENT_UNCLASSIFIED] < nothing));
}

bool
intent_is_not_ours(const struct reader *r)
{
	return (r->signs[SIGN_KEEP] > 0 || r->signs[SIGN_OTHERS] > 0);
}

/* What we send has these names, and fines and police have not: a list may be of
 * voters, and is none. */
bool
intent_names_texts(const struct reader *r)
{
	static const char *const names[] = { "poruk", "sms", "obavest",
		"obavjest", "mesazh", "njoftim", "messag", "texts", "saobst" };
	const struct fold_word *w = r->folded.words;

	for (size_t i = 0; i < r->folded.count; i++) {
		for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
			size_t len = strlen(names[n]);

			if (w[i].len >= len && memcmp(r->folded.text +
			    w[i].at, names[n], len) == 0)
				return (true);
		}
	}
	return (false);
}

bool
intent_is_of_matter(const struct reader *r)
{
	return (r->signs[SIGN_MATTER] > 0 && !intent_names_texts(r));
}
