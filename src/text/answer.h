/*
 * From a reading and what is remembered of a person to what is answered, what
 * is done, and what is remembered then. Pure: no clock, no database, no chance.
 */
#ifndef GLAS_ANSWER_H
#define GLAS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "text/dialog.h"
#include "text/reading.h"

#define CONVERSATION_INVITED_MAX 4

struct conversation_case {
	char		 reference[16];	/* "" = none that may be told */
	char		 status[16];	/* "new", "open", ... */
	int64_t		 since;		/* in that status */
	int64_t		 reported_at;	/* written, if days under way */
	int64_t		 told_at;	/* somebody wrote to them about it, 0 =
					   not, or of another one since */
	char		 category[16];	/* "" = open */
	char		 municipality[64]; /* "" = not known */
	char		 settlement[64]; /* "" = not known */
	const char	*text;		/* its first text; NULL: not known */
};

/* What is remembered of a person; answer_make() returns it changed. */
struct conversation {
	enum lang	 lang;		/* LANG_UND: not known yet */
	bool		 lang_chosen;	/* by word; a text does not change it */
	bool		 cyrillic;	/* asked for Cyrillic letters */
	bool		 stopped;	/* between STOP and START */
	bool		 told_who;	/* who runs this and what is kept */
	bool		 asked_group;	/* once ever */
	bool		 helper;	/* reports for others */
	bool		 tester;	/* may try the whole path */
	int64_t		 unclear_at;	/* UNCLEAR last sent, us, 0 = never */
	int64_t		 emergency_at;	/* EMERG or UXO last sent */
	int64_t		 last_at;	/* last text before this one */
	struct dialog	 dialog;
	struct dialog	 erase;		/* the code that was sent for an
					   erasure, at: wrong ones; beside
					   whatever is asked */
	long		 invited[CONVERSATION_INVITED_MAX]; /* to events that
					   are to come, the next first; 0 */
	/* The case that a text may mean: the one named, if it is theirs, or,
	 * when none was named, what they told, or were written to about,
	 * last. */
	struct conversation_case asked;
};

enum reply_kind {
	REPLY_EMERGENCY,
	REPLY_RECEIPT,
	REPLY_RIGHTS,
	REPLY_STATUS,
	REPLY_SERVICE,	/* help, language, stop, start, votes, ... */
	REPLY_UNCLEAR
};
/* "emergency", "receipt", ... */
const char	*reply_kind_name(enum reply_kind);

/* What is done beside answering; the names are those of glas_data.act(). */
enum act_kind {
	ACT_FOLLOW,	/* the text is added; key: reference, value: whom it
			   speaks of, and what it may be about:
			   POLICE/POL_BRIBE/COR, any of them ""; ?POLICE:
			   where it was is by them, and perhaps no more;
			   and /urgent: somebody is to be woken */
	ACT_PLACE,	/* key: reference, value: Municipality/Settlement */
	ACT_GROUP,	/* value: roma, elderly, woman, private */
	ACT_QUESTION,	/* the report is a question for a debate */
	ACT_HELPED,	/* the report is for somebody else; value: nickname */
	ACT_VOTE,	/* key: poll, value: option */
	ACT_ATTEND,	/* key: event, value: yes, no */
	ACT_RUMOUR,
	ACT_SUBSCRIBE,	/* key: list */
	ACT_LEAVE,	/* key: list */
	ACT_ENTRY,	/* of a form; key: its first text/form, value:
			   "complete" or "" */
	ACT_VALUE,	/* key: first text/field */
	ACT_UNREAD,	/* key: first text, value: what is no field's */
	ACT_DUTY,	/* key: the code that registers a telephone */
	ACT_TAKE,	/* key: reference, "" = the newest */
	ACT_SOLVED,	/* key: reference, value: yes, no */
	ACT_RATING,	/* key: reference, value: 1 to 5 */
	ACT_STEP,	/* key: reference/question, value: yes, no */
	ACT_ERASE,
	/* Of the gateway, not of answer_make(). */
	ACT_MACHINE,	/* a machine wrote it; value: why that is thought */
	ACT_BLOCK,	/* value: token of a number that is blocked, hex */
	ACT_CALLBACK	/* they called, and want to be called back */
};
const char	*act_kind_name(enum act_kind);

#define ANSWER_REPLIES_MAX 4
#define ANSWER_ACTS_MAX 20
#define ACT_VALUE_MAX 160

struct answer {
	bool		 report;	/* a report is to be made */
	char		 belongs[16];	/* else: the case that the text is
					   added to, "" = none */
	unsigned int	 count;
	struct {
		enum reply_kind	 kind;
		char		*text;	/* valid UTF-8, as it will be sent */
	} replies[ANSWER_REPLIES_MAX];
	unsigned int	 act_count;
	struct {
		enum act_kind	 kind;
		char		 key[ACT_VALUE_MAX];
		char		*value;
	} acts[ANSWER_ACTS_MAX];
	const char	*silent;	/* why nothing is answered, or NULL */
};

/* What a text is answered with besides its meaning. */
struct answer_given {
	const char	*reference;	/* of the report that it may become */
	const char	*code;		/* four digits that nobody can guess */
	const char	*text;		/* what was written, numbers masked */
	int64_t		 message;	/* its id, 0 while there is none */
	bool		 told;		/* they know the reference already: it
					   is a report whatever was before */
	int64_t		 at;		/* when the text came, us since 1970 */
	int64_t		 written_at;	/* days before; 0: just then */
	int64_t		 now;		/* when it is answered */
	unsigned int	 segments;	/* budget of a reply */
};

/* Whether it may become a report, which needs a reference. */
bool	 answer_may_report(const struct reading *,
	    const struct conversation *);
/* The reading is changed where it is understood only from what was asked
 * before: its intent is INTENT_ANSWER or INTENT_ADD then. */
void	 answer_make(struct answer *, const struct content *,
	    struct reading *, const struct answer_given *,
	    struct conversation *);
void	 answer_clear(struct answer *);

#endif
