/*
 * What an answer says and does.
 */
#ifndef GLAS_ANSWERED_H
#define GLAS_ANSWERED_H

#include <stdbool.h>

#include "text/answer.h"

/* Its last reply has these words. */
bool	 answered_says(const struct answer *, const char *words);
/* It does this beside being stored. */
bool	 answered_does(const struct answer *, enum act_kind, const char *key,
	    const char *value);
/* How often it does something of the kind. */
unsigned int	 answered_count(const struct answer *, enum act_kind);

#endif
