/*
 * From one text to what it means. Deterministic and pure: the same text, hint
 * and content give the same reading.
 */
#ifndef GLAS_READING_H
#define GLAS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/mem.h"
#include "text/content.h"
#include "text/lang.h"

enum intent {
	INTENT_REPORT,
	INTENT_RIGHTS,
	INTENT_HELP,
	INTENT_STOP,
	INTENT_START,
	INTENT_STATUS,
	INTENT_VOTE,
	INTENT_LANG,
	INTENT_UNCLASSIFIED,
	INTENT_COUNT
};

/* "report", "rights", ... */
const char	*intent_name(enum intent);
enum intent	 intent_find(const char *);

struct reading {
	enum intent	 intent;
	/* report: category, "" = left open; rights: topic, "" = the list;
	 * status: digits of the reference, "" = none; vote: the option;
	 * lang: the language asked for. Never NULL. */
	const char	*code;
	char		 argument[32];	/* what code points to when it is not
					   in the content */
	const char	*guess;		/* best category of a report, also when
					   it is not sure enough for code */
	const char	*second;	/* the one behind it, "" */
	const char	*actor;		/* "POLICE", ..., "" */
	const struct place *place;	/* NULL: none, or ambiguous */
	enum lang	 lang;
	enum emergency	 emergency;	/* what must be sent at once */
	int		 confidence;	/* per cent */
	bool		 worth_answer;	/* false: thanks, adverts, nothing */
	struct buf	 trace;		/* lines in words, for explain */
};

/* `before` is the language known of the person, LANG_UND for nobody; it
 * settles ties. The text is valid UTF-8. The reading must be given back to
 * reading_clear(). */
void	 reading_make(struct reading *, const struct content *,
	    const char *text, enum lang before);
void	 reading_clear(struct reading *);

#endif
