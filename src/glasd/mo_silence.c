/*
 * Who is not answered whatever they say: machines, and whose number is blocked;
 * to who is silenced only danger is told. Runs in glasd, in memory, called by
 * mo_answer for one text after another.
 */
#include "glasd/mo_private.h"
#include "store/config.h"

#define MO_SAID_MOST 3	/* times that the same is answered, */
#define MO_SAID_ALIKE 6	/* numbers aside, if it may be a report; */
#define MO_SAID_WORD 9	/* of an answer, which has no more words than: */
#define MO_ANSWER_WORDS 3

/* Who is silenced may be a person after all: danger is told once an hour, as to
 * everybody, and STOP and START hold, without a vote before them. */
static bool
mo_breaks_silence(const struct reading *r)
{
	return (r->emergency != EMERGENCY_NONE || r->intent == INTENT_STOP ||
	    r->intent == INTENT_START);
}

const char *
mo_silence_reason(const struct config *config, const struct mo_citizen *c,
    const struct mo_text *t)
{
	if (c->silence == SILENCE_BLOCKED)
		return ("the number is blocked");
	switch (t->item.kind) {
	case MSISDN_ALPHA:
		return ("the sender is a name: a machine");
	case MSISDN_SHORT:
		return ("the sender is a short code: a machine");
	case MSISDN_NONE:
		return ("the sender has no number");
	case MSISDN_PERSON:
		break;
	}
	if (!msisdn_answerable(t->item.msisdn,
	    config->limits.answer_prefixes))
		return ("numbers of this kind are not answered");
	if (t->item.alphabet == ITEM_BINARY || t->udh.port)
		return ("not a text for people");
	if (t->role == MO_LATE)
		return ("added to its text");
	if (c->conv.stopped && t->reading.intent == INTENT_START &&
	    item_is_old(&t->item))
		return ("a START of long ago: the STOP may be newer");
	if (c->silence == SILENCE_SILENCED && !mo_breaks_silence(&t->reading))
		return ("the sender is silenced");
	return (NULL);
}

/* Commands may be the same each time, answers for long, and who may be in danger
 * says it as often as they like. */
static bool
mo_silence_repeats(const struct reading *r, struct mo_said_count said)
{
	if (r->emergency != EMERGENCY_NONE)
		return (false);
	if (r->words > MO_ANSWER_WORDS)
		return (said.same > MO_SAID_MOST ||
		    said.alike > MO_SAID_ALIKE);
	return (said.same > MO_SAID_WORD && !r->command);
}

const char *
mo_silence_machine(struct mo_citizen *c, const struct mo_text *t)
{
	struct mo_said_count said = mo_said_count(c, t);

	switch (t->reading.machine) {
	case MACHINE_ECHO:
		return ("one of our own replies came back");
	case MACHINE_AUTO:
		return ("an answering machine");
	case MACHINE_NONE:
		break;
	}
	if (mo_silence_repeats(&t->reading, said))
		return ("the same words again and again");
	return (NULL);
}
