/*
 * What a person was asked last and may answer. One question is open at a time;
 * it lives in the database as a short line of words, so that it survives
 * restarts and an admin can read it. Pure.
 */
#ifndef GLAS_DIALOG_H
#define GLAS_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

enum dialog_ask {
	DIALOG_NOTHING,
	DIALOG_WHAT,		/* what happened, and where; about: the place,
				   when it was said, or /village, of which
				   there are several, or for/ and whom it
				   happened to; with _ for a space */
	DIALOG_PLACE,		/* where it happened; about: the reference, or
				   reference/village, of which there are
				   several, with _ for a space */
	DIALOG_GROUP,		/* which group they belong to */
	DIALOG_TOPIC,		/* the list of topics was sent */
	DIALOG_LANGUAGE,	/* the list of languages was sent */
	DIALOG_ERASE,		/* about: the code that confirms it */
	DIALOG_ATTEND,		/* about: the number of the event; yes or no
				   where it was said, and asked to which */
	DIALOG_FIELD,		/* about: form/field/first text/fields that
				   have a value, and with - those that were
				   asked in vain, with commas between: the
				   form may have others by then; and behind
				   / the name of the villages listed */
	DIALOG_SOLVED,		/* whether a report is solved, at 1: how they
				   rate it; about: the reference */
	DIALOG_STEP,		/* the next step to a signed complaint; about:
				   reference/number of the question */
	DIALOG_QUESTION,	/* what somebody asked about a report, or what
				   is added to it; about: the reference */
	DIALOG_DEBATE,		/* what to ask at a debate */
	DIALOG_RUMOUR,		/* which rumour to check */
	DIALOG_VOTE,		/* about: the number of the poll, or ""
				   where there are several */
	DIALOG_MORE		/* about: key of the text/its hash, at: octets
				   of it that were sent */
};

#define DIALOG_ABOUT_MAX 672	/* a village, and all fields of a form */
#define DIALOG_LINE_MAX (DIALOG_ABOUT_MAX + 32)

struct dialog {
	enum dialog_ask	 ask;
	char		 about[DIALOG_ABOUT_MAX];
	unsigned int	 at;
	int64_t		 until;		/* us since 1970 */
};

/* As it stands in the database: "place 104828". "" for none. */
void	 dialog_print(const struct dialog *, char line[DIALOG_LINE_MAX]);
/* From there; what cannot be read is no dialog. */
void	 dialog_scan(struct dialog *, const char *line, int64_t until);

/* Whether that is asked, and `now` is not too late for an answer. */
bool	 dialog_asks(const struct dialog *, enum dialog_ask, int64_t now);
/* Which of those that were listed they come to, or not. */
bool	 dialog_asks_which(const struct dialog *);
/* One of what was sent is to be chosen. */
bool	 dialog_is_list(const struct dialog *);
void	 dialog_begin(struct dialog *, enum dialog_ask, const char *about,
	    unsigned int at, int64_t until);
void	 dialog_end(struct dialog *);

#endif
