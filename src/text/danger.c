/*
 * Whether a text tells of danger: by words of its own, by what it is about, by what
 * was learnt. Runs in glasd and glasctl, called by reading.c when intent and category
 * are decided; owns nothing.
 */
#include "text/reading_private.h"

bool
reader_in_danger(const struct reader *r)
{
	return (category_danger(r) || r->cues[CUE_ALONE] > 0 ||
	    weigh_tells_danger(r));
}

/* Danger that the subjects of the text bring with them, and what it is likely
 * to be about. */
static enum emergency
danger_of_subjects(const struct reader *r)
{
	const struct category *likely = r->weighing.done ?
	    content_category(r->content, r->out->code) : NULL;
	enum emergency found = EMERGENCY_NONE;

	if (likely != NULL && likely->emergency == EMERGENCY_UXO)
		return (EMERGENCY_UXO);
	for (size_t i = 0; i < r->content->category_count; i++) {
		const struct category *c = &r->content->categories[i].category;

		if (r->category[i] < 10 || weigh_rules_out_danger(r))
			continue;
		if (c->emergency == EMERGENCY_UXO)
			return (EMERGENCY_UXO);
		if (c->emergency == EMERGENCY_EMERG)
			found = EMERGENCY_EMERG;
	}
	return (found);
}

/* Words or weights that tell of danger. */
static bool
danger_is_told(const struct reader *r)
{
	const struct category *c = content_category(r->content,
	    r->out->guess);

	/* Values of a form are few words, and not what was learnt from. */
	if (r->out->intent == INTENT_FORM)
		return (category_danger(r) || r->cues[CUE_ALONE] > 0);
	if (reader_in_danger(r))
		return (true);
	/* A cry for help is sent with the word for instructions, too. */
	if (r->out->intent == INTENT_HELP && r->signs[SIGN_MACHINE] == 0 &&
	    r->cues[CUE_WITH] > 0)
		return (true);
	return (c != NULL && c->emergency_on_cue && r->cues[CUE_WITH] > 0);
}

/* Words say so, and not only what was learnt. */
static bool
danger_is_said(const struct reader *r)
{
	return (danger_of_subjects(r) != EMERGENCY_NONE ||
	    category_danger(r) || r->cues[CUE_ALONE] > 0 ||
	    r->cues[CUE_WITH] > 0);
}

/* Who gives a command is in no danger, nor is what wants no answer. */
static bool
danger_is_possible(const struct reader *r)
{
	if (!r->out->worth_answer || r->out->bare)
		return (false);
	return (r->out->intent == INTENT_REPORT ||
	    r->out->intent == INTENT_HELP ||
	    r->out->intent == INTENT_FORM ||
	    r->out->intent == INTENT_ADD ||
	    (r->out->intent == INTENT_LANG &&
	    !r->intent_first[INTENT_LANG]) ||
	    r->out->intent == INTENT_UNCLASSIFIED ||
	    (r->out->intent == INTENT_RIGHTS &&
	    !r->intent_first[INTENT_RIGHTS]));
}

void
danger_decide(struct reader *r)
{
	if (!danger_is_possible(r))
		return;
	r->out->emergency = danger_of_subjects(r);
	if (r->out->emergency == EMERGENCY_NONE && danger_is_told(r))
		r->out->emergency = EMERGENCY_EMERG;
	r->out->feared = r->out->emergency == EMERGENCY_EMERG &&
	    !danger_is_said(r);
	r->out->life = r->cues[CUE_LIFE] > 0;
	if (r->out->emergency != EMERGENCY_NONE)
		reader_trace(r, "danger: %s", r->out->emergency ==
		    EMERGENCY_UXO ? "do not touch" : "call now");
}
