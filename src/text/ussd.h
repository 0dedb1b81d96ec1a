/*
 * USSD menus: where somebody stands in them, what they type, and the screen
 * that comes next. What is on the screens is content. Pure: what is to be done
 * is told to whoever calls.
 */
#ifndef GLAS_USSD_H
#define GLAS_USSD_H

#include <stdbool.h>
#include <stdint.h>

#include "text/content.h"
#include "text/lang.h"
#include "text/reading.h"
#include "text/silence.h"

struct buf;

#define USSD_SEPTETS	182	/* of a screen; 3GPP TS 23.038, 160 octets */
#define USSD_UNITS	80	/* of UCS-2 */
#define USSD_PLACE_MAX	256	/* what is longer is no place */
#define USSD_CHOSEN_MAX	96
#define USSD_LINE_MAX	480

enum ussd_at {
	USSD_MAIN,
	USSD_SUBJECT,		/* of a report: who or what */
	USSD_PLACE,
	USSD_TEXT,
	USSD_REPORTED,
	USSD_TOPICS,
	USSD_TOPIC,
	USSD_REFERENCE,		/* is asked for */
	USSD_STATUS,
	USSD_POLLS,
	USSD_OPTIONS,
	USSD_VOTED,
	USSD_LANGUAGES,
	USSD_LATER,		/* the answer comes by text; or they ask again */
	USSD_UNHEARD,		/* it is taken down, and that is all */
	USSD_ATS
};

/* All zeros is the main menu in no language: ussd_begin(). */
struct ussd_state {
	enum ussd_at	 at;
	enum lang	 lang;
	bool		 cyrillic;
	bool		 wrong;		/* what was typed before the pages is no
					   choice */
	unsigned int	 page;
	char		 code[16];	/* category or topic */
	char		 reference[16];
	char		 status[16];	/* of a case; "" = none that is theirs */
	int64_t		 since;
	long		 poll, option;
	enum emergency	 emergency;
	enum silence	 silence;
	bool		 textless;	/* no text goes to them */
	char		 place[USSD_PLACE_MAX];	/* as it was typed */
};

/* What was typed asks for a deed. */
enum ussd_deed {
	USSD_NOTHING,
	USSD_REPORT,	/* take down the text; its reference goes into the
			   state */
	USSD_TELL,	/* take down the text, such as a vote */
	USSD_LOOK_UP	/* the case of the reference, "" = their newest:
			   ussd_found() or ussd_not_found_out() */
};

struct ussd_step {
	enum ussd_deed	 deed;
	char		*text;		/* to be freed; NULL */
	char		 chosen[USSD_CHOSEN_MAX]; /* for ussd_read() */
};

void	 ussd_begin(struct ussd_state *, enum lang, bool cyrillic);
/* The same person at the main menu. */
void	 ussd_begin_again(struct ussd_state *);
/* One thing that was typed; an empty one changes nothing. `now` in us. */
void	 ussd_input(const struct content *, struct ussd_state *,
	    const char *input, int64_t now, struct ussd_step *);
/* Whether what is typed now is taken as it stands, with any star in it: words
 * that are no place, or of danger. */
bool	 ussd_takes_text(const struct content *, struct ussd_state *,
	    const char *input);
/* Whether they are told what they ask for. */
bool	 ussd_is_heard(const struct ussd_state *);
/* Whether there is nothing to go on with. */
bool	 ussd_ended(const struct ussd_state *);
/* Whether the screen ends the session: it is the last page of such. */
bool	 ussd_is_over(const struct content *, const struct ussd_state *,
	    int64_t now);

/* The case that was looked up; status "" when there is none. */
void	 ussd_found(struct ussd_state *, const char *reference,
	    const char *status, int64_t since);
/* It cannot be looked up now, or is not told to them: the step becomes a text
 * to be taken down, where that can be answered. */
void	 ussd_not_found_out(const struct content *, struct ussd_state *,
	    struct ussd_step *);

/* The screen, in the letters and length that a telephone shows. Returns true
 * when it ends the session. */
bool	 ussd_screen(const struct content *, const struct ussd_state *,
	    int64_t now, struct buf *);
/* Whether another page follows. ussd_screen.c */
bool	 ussd_has_next(const struct content *, const struct ussd_state *,
	    int64_t now);

/* The word up to a space, "" when it has none or is longer; returns what follows
 * it. ussd_read.c */
#define USSD_WORD_MAX 16	/* octets with the end */
const char *ussd_word(const char *words, char word[USSD_WORD_MAX]);
/* The code behind a number of the menu of subjects; NULL: none. The list is
 * the text USSD_SUBJECT_CODES. */
const char *ussd_subject(const struct content *, long number);
/* A reading of a text that was given by menu: what was chosen there is known,
 * and the words tell the rest. "" changes nothing. ussd_read.c */
void	 ussd_read(struct reading *, const struct content *,
	    const char *chosen);

/* As it stands in the log, without what is being told; and from there, false
 * when that cannot be. ussd_line.c */
void	 ussd_print(const struct ussd_state *, char line[USSD_LINE_MAX]);
bool	 ussd_scan(struct ussd_state *, const char *line);

#endif
