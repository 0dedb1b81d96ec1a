/*
 * From a reading and what is remembered of a person to what is answered and
 * what is remembered then. Pure: no clock, no database.
 */
#ifndef GLAS_ANSWER_H
#define GLAS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "text/reading.h"

struct conversation_case {
	char		 reference[16];	/* "" = none that may be told */
	char		 status[16];	/* "new", "open", ... */
	int64_t		 since;
};

/* What is remembered of a person; answer_make() returns it changed. */
struct conversation {
	enum lang	 lang;		/* LANG_UND: not known yet */
	bool		 lang_chosen;	/* by word; a text does not change it */
	bool		 cyrillic;	/* asked for Cyrillic letters */
	bool		 stopped;	/* between STOP and START */
	int64_t		 unclear_at;	/* UNCLEAR last sent, us, 0 = never */
	int64_t		 emergency_at;	/* EMERG or UXO last sent */
	/* The case that a STATUS asks for: the one named, if it is theirs,
	 * or their newest when none was named. */
	struct conversation_case asked;
};

enum reply_kind {
	REPLY_EMERGENCY,
	REPLY_RECEIPT,
	REPLY_RIGHTS,
	REPLY_STATUS,
	REPLY_SERVICE,	/* help, language, stop, start */
	REPLY_UNCLEAR
};
/* "emergency", "receipt", ... */
const char	*reply_kind_name(enum reply_kind);

#define ANSWER_REPLIES_MAX 4

struct answer {
	bool		 report;	/* a report is to be made */
	unsigned int	 count;
	struct {
		enum reply_kind	 kind;
		char		*text;	/* valid UTF-8, as it will be sent */
	} replies[ANSWER_REPLIES_MAX];
	const char	*silent;	/* why nothing is answered, or NULL */
};

/* `reference` is what a new report would get; `now` in microseconds;
 * `segments` is the budget of a reply. */
void	 answer_make(struct answer *, const struct content *,
	    const struct reading *, const char *reference, int64_t now,
	    unsigned int segments, struct conversation *);
void	 answer_clear(struct answer *);

#endif
