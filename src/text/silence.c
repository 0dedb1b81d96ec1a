/*
 * Who is not answered. Pure.
 */
#include <string.h>

#include "text/reading.h"
#include "text/silence.h"

enum silence
silence_find(const char *word)
{
	if (strcmp(word, "blocked") == 0)
		return (SILENCE_BLOCKED);
	return (strcmp(word, "silenced") == 0 ? SILENCE_SILENCED :
	    SILENCE_NONE);
}

bool
silence_lets(enum silence silence, bool danger)
{
	return (silence == SILENCE_NONE ||
	    (silence == SILENCE_SILENCED && danger));
}

/* A machine may vote: what stands before STOP is not done. */
void
silence_narrow(enum silence silence, struct reading *r)
{
	if (silence != SILENCE_SILENCED || !r->leaves)
		return;
	r->intent = INTENT_STOP;
	r->code = "";
	r->leaves = false;
}
