/* What an answer says and does, for tests of conversations and forms. */
#include <string.h>

#include "answered.h"

bool
answered_says(const struct answer *answer, const char *words)
{
	return (answer->count > 0 &&
	    strstr(answer->replies[answer->count - 1].text, words) != NULL);
}

bool
answered_does(const struct answer *answer, enum act_kind kind, const char *key,
    const char *value)
{
	for (unsigned int i = 0; i < answer->act_count; i++) {
		if (answer->acts[i].kind == kind &&
		    strcmp(answer->acts[i].key, key) == 0 &&
		    strcmp(answer->acts[i].value, value) == 0)
			return (true);
	}
	return (false);
}

unsigned int
answered_count(const struct answer *answer, enum act_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < answer->act_count; i++)
		count += answer->acts[i].kind == kind;
	return (count);
}
