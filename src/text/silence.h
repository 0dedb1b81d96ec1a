/*
 * Whether somebody is answered, as the database says it.
 */
#ifndef GLAS_SILENCE_H
#define GLAS_SILENCE_H

#include <stdbool.h>

struct reading;

enum silence {
	SILENCE_NONE,
	SILENCE_SILENCED,	/* only when they may be in danger */
	SILENCE_BLOCKED		/* not even then */
};

/* "silenced", "blocked"; all else is none. */
enum silence	 silence_find(const char *word);
/* Whether that is told to them. */
bool		 silence_lets(enum silence, bool danger);
/* Leaves of what they say no more than holds. */
void		 silence_narrow(enum silence, struct reading *);

#endif
