/*
 * From one text to what it means. Deterministic and pure: the same text, hint
 * and content give the same reading.
 */
#ifndef GLAS_READING_H
#define GLAS_READING_H

#include <stdbool.h>

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
	INTENT_ADD,		/* to a case of before */
	INTENT_ANSWER,		/* to what was asked; answer_make() finds it */
	INTENT_MORE,		/* the rest of a long reply */
	INTENT_ERASE,		/* all that is kept of the person */
	INTENT_WHO,		/* who runs this */
	INTENT_BODY,		/* which authority is competent */
	INTENT_ATTEND,		/* comes to an event, or not */
	INTENT_RUMOUR,		/* whether something is true */
	INTENT_SUBSCRIBE,	/* to news of a place */
	INTENT_FORM,		/* what a form of the content asks for */
	INTENT_RATE,		/* how good the work on a report was */
	INTENT_DUTY,		/* registers a telephone for duty */
	INTENT_TAKE,		/* who is on duty takes a report */
	INTENT_COUNT
};

enum choice {
	CHOICE_NONE,
	CHOICE_YES,
	CHOICE_NO
};

/* A text that no person has written, as far as can be told. */
enum machine {
	MACHINE_NONE,
	MACHINE_ECHO,	/* our own words come back */
	MACHINE_AUTO	/* an answering machine */
};

#define READING_NAME_MAX 32

/* "report", "rights", ... */
const char	*intent_name(enum intent);
enum intent	 intent_find(const char *);

struct reading {
	enum intent	 intent;
	/* report: category, "" = left open; body: category; rights: topic,
	 * "" = the list; status, add: digits of the reference, "" = none;
	 * vote: the option; lang: the language asked for; attend: YES or NO;
	 * erase: the code; form: its code; rate: a mark, "" = none; duty: the
	 * code; take: digits of the reference, "" = the newest. Never
	 * NULL. */
	const char	*code;
	char		 argument[32];	/* what code points to when it is not
					   in the content; rights: a number
					   that is no topic's; status, add: one
					   that is no reference; attend: that
					   of the event, "" */
	const char	*guess;		/* best category of a report, also when
					   it is not sure enough for code */
	const char	*second;	/* the one behind it, or what is told
					   besides, "" */
	const char	*about[2];	/* of whatever intent: what it may be
					   about, as a report would, "" */
	const char	*actor;		/* "POLICE", ..., "" */
	const struct place *place;	/* of whatever intent; NULL: none, or
					   ambiguous */
	const struct place *among;	/* ambiguous: one of the villages of
					   its name; NULL */
	enum lang	 lang;
	enum emergency	 emergency;	/* what must be sent at once */
	int		 confidence;	/* per cent */
	enum machine	 machine;
	bool		 nearby;	/* said with where it was: the actor may be
					   no more than the place */
	bool		 somewhere;	/* the name of a place is in it */
	bool		 urgent;	/* somebody is to be woken: guess or
					   second says why */
	bool		 feared;	/* that it is one is learnt: no word says
					   so */
	bool		 life;		/* somebody wants to end their life */
	bool		 worth_answer;	/* false: thanks, adverts, nothing */
	/* For whoever knows what was asked before. */
	bool		 command;	/* by a word for it: leaves a dialog */
	bool		 guessed;	/* a command without its word in front */
	bool		 asks;		/* in words or with a mark for it */
	bool		 leaves;	/* a vote, and STOP behind it */
	bool		 ends;		/* a word that ends a conversation */
	unsigned int	 words;
	enum choice	 polite;	/* a bare yes or no, and thanks */
	enum choice	 choice;	/* of a short text: yes, no */
	enum choice	 consent;	/* the same where it binds them */
	enum choice	 solved;	/* whether it is mended, where that was
					   asked */
	long		 number;	/* the text is this number; -1 */
	bool		 bare;		/* a word for report or a place, and
					   nothing that could be one; the word
					   for a rumour or a question alone */
	bool		 test;		/* begins with the word for a trial */
	size_t		 behind;	/* where the text goes on after that
					   word; its length: nowhere */
	unsigned int	 said;		/* words that are no manners */
	bool		 thanks;	/* thanks somebody: "not understood" is
					   no answer to that */
	size_t		 thanks_at;	/* octet at which they begin, if they end
					   it; 0 */
	char		 helped[READING_NAME_MAX]; /* "for NAME", "" */
	unsigned int	 helped_words;	/* of that, 0 */
	bool		 helped_alone;	/* and nothing else is said */
	bool		 told;		/* begins with a word for report */
	bool		 votes;		/* begins with a word for a vote */
	bool		 unsolved;	/* says that it is not mended */
	const char	*form;		/* whose word is the first, "" */
	struct buf	 trace;		/* lines in words, for explain */
};

/* `before` is the language known of the person, LANG_UND for nobody; it
 * settles ties. The text is valid UTF-8. The reading must be given back to
 * reading_clear(). */
void	 reading_make(struct reading *, const struct content *,
	    const char *text, enum lang before);
void	 reading_clear(struct reading *);
/* Reads once more where it is, as an answer to that: a name that is all of the
 * text means the place, also where it has another meaning. */
void	 reading_where(struct reading *, const struct content *,
	    const char *text);
/* Makes it what another is, which is empty then. */
void	 reading_take(struct reading *, struct reading *from);

#endif
