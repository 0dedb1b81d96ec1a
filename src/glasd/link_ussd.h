/*
 * A code that somebody at glasctl wants dialled by a link, one at a time.
 */
#ifndef GLAS_LINK_USSD_H
#define GLAS_LINK_USSD_H

#include <stdint.h>

#include <jansson.h>

struct link;

struct link_ussd {
	unsigned int	 number;	/* of codes */
	int64_t		 asked_ms;	/* clock_mono_ms; 0: none is awaited */
	char		 code[24];	/* the last one */
	char		*answer;	/* to it, fit to be shown; NULL */
	char		*outcome;	/* "answered", "menu", or why there is
					   no text; NULL */
};

void		 link_ussd_clear(struct link_ussd *);
/* Dials it. NULL, or why not, in words. */
const char	*link_ussd_ask(struct link *, const char *code);
/* What was answered; NULL while nothing was. */
const char	*link_ussd_answer(const struct link *);
/* What came of it, in words; NULL while nothing did. */
const char	*link_ussd_outcome(const struct link *);
/* An answer came; perhaps to another question. */
void		 link_ussd_got(struct link *, const json_t *msg);

#endif
