/*
 * Who is not answered, for while the database is away: numbers that are
 * blocked, people who are silenced.
 */
#ifndef GLAS_UNANSWERED_H
#define GLAS_UNANSWERED_H

#include "text/silence.h"

struct gateway;
struct unanswered;

struct unanswered *unanswered_new(struct gateway *);
void		 unanswered_free(struct unanswered *);
/* Asks the database who they are. When it connects, when something has changed
 * there, and now and then. */
void		 unanswered_ask(struct unanswered *);
/* Writes the list down again: its file may be gone. */
void		 unanswered_keep(const struct unanswered *);
/* As the database said last, also before a start. */
enum silence	 unanswered_find(const struct unanswered *,
		    const char *msisdn);

#endif
