/*
 * Between answer.c and the files that each know one kind of answer. All work on
 * one struct answering.
 */
#ifndef GLAS_ANSWER_PRIVATE_H
#define GLAS_ANSWER_PRIVATE_H

#include "text/answer.h"
#include "text/content_private.h"

#define ANSWER_SECOND INT64_C(1000000)	/* in microseconds */

/* What stands in braces in a text; a list ends with a NULL name. */
struct answer_field {
	const char	*name;		/* "REF" */
	const char	*value;
};

struct answering {
	struct answer	*answer;
	const struct content *content;
	struct reading	*reading;
	const struct answer_given *given;
	struct conversation *conversation;
	bool		 again;		/* what is asked was not answered */
	struct dialog	 left;		/* a list that is not asked about any
					   more, until: since then */
};

/* answer.c */
/* NULL when the content has no text by this key, or content_template.c none. */
const char	*answer_text(const struct answering *, const char *key,
		    enum lang *used);
/* A key, or another where the content, which may be older than the program,
 * has no text by it. */
const char	*answer_key(const struct answering *, const char *key,
		    const char *otherwise);
/* Whether texts in this language keep letters beyond GSM-7: Bulgarian ones are
 * written for them, Serbian Cyrillic is there for those who asked. */
bool		 answer_keeps_letters(enum lang used);
/* A text with the fields filled in that one by this key has, in the alphabet
 * that it is sent in. */
char		*answer_fill(const char *key, const char *text,
		    const struct answer_field *, bool keep);
/* Takes the text. */
void		 answer_add(struct answering *, enum reply_kind, char *text);
void		 answer_act(struct answering *, enum act_kind,
		    const char *key, const char *value);
/* A line in Romani in front of a text in Serbian, where the person writes
 * Romani and it costs no segment more. Takes the text. */
char		*answer_greet(const struct answering *, char *text,
		    enum lang used);
/* A reply by key, in the budget; what is cut comes with DALJE. `fields` may be
 * NULL. */
void		 answer_say(struct answering *, enum reply_kind,
		    const char *key, const struct answer_field *fields);
/* True when the setting's time has passed since then; 0 is never. */
bool		 answer_passed(const struct answering *, int64_t since,
		    enum content_setting every);
/* When the text came, which counts for what it may answer or add to: it may
 * have waited for the database. A clock that was ahead does not count. */
int64_t		 answer_came_at(const struct answering *);
/* True when it came within the setting's time of then. */
bool		 answer_came_within(const struct answering *, int64_t since,
		    enum content_setting within);
/* Until when what is asked now may be answered. */
int64_t		 answer_until(const struct answering *);
void		 answer_ask(struct answering *, enum dialog_ask,
		    const char *about, unsigned int at);
/* One letter for another: a question that is kept has no spaces. */
void		 answer_replace(char *, char from, char to);
/* The day of then in Serbia: 23.11.2026. */
void		 answer_date(int64_t at, char out[16]);
/* On which people may still vote: at midnight that before. */
void		 answer_last_day(const struct content_poll *, char out[16]);

/* answer_case.c: whether a text belongs to a case. One that somebody works on or
 * may work on again: */
bool		 answer_case_open(const struct conversation_case *);
/* Whether what is said now may be more of it: also of one that is finished, where
 * they were just written to about it. */
bool		 answer_case_takes(const struct answering *);
/* A report of something: not only a name of a place, or some words. */
bool		 answer_tells(const struct reading *);
/* The village that a text names in a municipality, NULL: none. */
const struct place *answer_case_village(const struct answering *,
		    const char *text, const char *municipality);
/* The place of the text, or, in that municipality, the village of the case. */
const struct place *answer_case_place(const struct answering *);
/* Where the text is, if it tells; NULL. */
const struct place *answer_case_where(const struct answering *);
/* Reads it as one that is added. */
void		 answer_case_add(struct answering *);
bool		 answer_case_told_twice(const struct answering *);
bool		 answer_case_goes_on(const struct answering *);
bool		 answer_case_corrected(const struct answering *);

/* answer_dialog.c: what a text means after what was asked or said before. */
void		 answer_dialog(struct answering *);
/* What is asked is not asked any more since then; a list that was left is
 * remembered, where nothing else is asked in the end. */
void		 answer_dialog_drop(struct answering *, int64_t since);
void		 answer_dialog_left(struct answering *);
/* A text of more words that names a place is a story. */
#define ANSWER_PLACE_WORDS 5
/* Per cent: below it nobody knows what a text tells of. */
#define ANSWER_UNSURE 50
/* answer_question.c: reads the text as the answer to the question that is open,
 * where it is one. */
void		 answer_to_question(struct answering *);
/* Whether it says a number of the list that was sent; whether its words vote in
 * a poll of it. */
bool		 answer_is_listed(const struct answering *);
bool		 answer_takes_vote(const struct answering *);
/* Begins the question what happened, and keeps with it the place that was
 * said. */
void		 answer_ask_what(struct answering *);
/* The place that was said when that was asked, or NULL: then *among is one of the
 * villages whose name was said, or NULL. */
const struct place	*answer_said_place(const struct answering *,
		    const struct place **among);
/* answer_report.c: the text is of that case. */
void		 answer_follow(struct answering *, const char *reference);
/* answer_asked.c: where the case that was asked for happened. */
void		 answer_place(struct answering *);
/* Which group of those that were listed somebody says to belong to, by its
 * number or in its words; 0: none, or more than one. */
int		 answer_group_said(const struct answering *);
/* "I am a woman", to who asks that, only sounds of danger. */
void		 answer_group_calm(struct answering *);
/* answer_again.c: asks again what is open, in the text before it if there is
 * room; false: there is nothing to ask. */
bool		 answer_again(struct answering *);
/* One text of the last two where they leave room for it. */
void		 answer_join(struct answering *);
/* What comes with another reply: who we are, once; which group, once. */
void		 answer_beside(struct answering *);

/* answer_which.c: villages of one name, to choose from. */
struct answer_which {
	char		 name[PLACE_TEXT_MAX]; /* as a language has it */
	char		 options[PLACES_CALLED_MAX * PLACE_TEXT_MAX];
					/* "1 Leskovac, 2 Presevo" */
};
/* False where there is nothing to choose, or too much. */
bool		 answer_which(const struct answering *, const char *name,
		    enum lang, struct answer_which *);
/* A place as that language calls it; one of those by its municipality, too. */
void		 answer_which_name(const struct answering *,
		    const struct place *, enum lang, char out[PLACE_TEXT_MAX]);
/* The one of them that the text means by its number or its municipality, or by
 * yes where there is one alone; NULL. */
const struct place *answer_which_said(const struct answering *,
		    const char *name);
/* The question where that case happened, in which of the villages of a name, ""
 * for none: begun, read and asked. */
void		 answer_where_begin(struct answering *, const char *reference,
		    const char *name);
struct answer_where {
	char		 reference[DIALOG_ABOUT_MAX];
	char		 name[DIALOG_ABOUT_MAX];
};
struct answer_where answer_where(const struct answering *);
void		 answer_where_ask(struct answering *, enum reply_kind,
		    const struct answer_where *);
void		 answer_where_again(struct answering *);

/* answer_report.c: a place as it is called in the language of the text. */
void		 answer_place_name(const struct place *, enum lang,
		    char out[PLACE_TEXT_MAX]);

/* answer_helped.c: whether a helper speaks of somebody by name; what it means
 * then, true where it may answer what is asked about them; whether it is what
 * nobody does for another, which is said. */
bool		 answer_is_helped(const struct answering *);
bool		 answer_helped(struct answering *);
bool		 answer_helped_refuses(struct answering *);
/* Whether a text of before is of the same person. */
bool		 answer_helped_is(const struct answering *, const char *text);

/* Of the question that is open, for answer_again(). */
void		 answer_what_again(struct answering *);	/* answer_report.c */
void		 answer_erase_again(struct answering *); /* answer_service.c */
void		 answer_form_again(struct answering *);	/* answer_form.c */
void		 answer_solved_again(struct answering *); /* answer_solved.c */
void		 answer_vote_again(struct answering *);	/* answer_civic.c */
void		 answer_attend_which(struct answering *);
/* The number of the event that stands there in the list, from 1 on; 0. */
long		 answer_event_listed(const struct answering *, long at);

/* By intent, found in the table of answer.c. */
void		 answer_report(struct answering *);	/* answer_report.c */
void		 answer_add_to_case(struct answering *);
void		 answer_status(struct answering *);
void		 answer_answer(struct answering *);	/* answer_asked.c */
void		 answer_rights(struct answering *);	/* answer_service.c */
/* Whether a key is that of a topic. */
bool		 answer_is_right(const char *key);
void		 answer_body(struct answering *);
void		 answer_help(struct answering *);
void		 answer_who(struct answering *);
void		 answer_more(struct answering *);
void		 answer_stop(struct answering *);
void		 answer_stop_all(struct answering *);
void		 answer_start(struct answering *);
void		 answer_erase(struct answering *);
void		 answer_language(struct answering *);
void		 answer_unclear(struct answering *);
void		 answer_vote(struct answering *);	/* answer_civic.c */
/* What one can vote for, in all polls that are open. */
void		 answer_vote_how(struct answering *, const char *key);
/* Whether the text is an option of what was listed: then which. How many polls
 * of that ask yes or no; *poll is the last. */
bool		 answer_vote_named(const struct answering *, char code[32]);
size_t		 answer_vote_choices(const struct answering *, long *poll);
/* The word for a vote, and behind it all of an option's name and nothing else, is a
 * vote, whatever it was read as. */
void		 answer_vote_spelled(struct answering *);
void		 answer_attend(struct answering *);
/* answer_solved.c: a text that answers whether a report is solved; one that
 * means no by it, and does not only close the question; the answer; a mark. */
bool		 answer_is_of_solved(const struct answering *);
bool		 answer_takes_no_solved(const struct answering *);
void		 answer_solved(struct answering *);
void		 answer_rate(struct answering *);
void		 answer_duty(struct answering *);
void		 answer_take(struct answering *);
void		 answer_rumour(struct answering *);
void		 answer_subscribe(struct answering *);
void		 answer_form(struct answering *);	/* answer_form.c */

/* answer_form.c */
/* Notes the values beside a report. */
void		 answer_form_beside(struct answering *);
/* To the question for a field that is open, which it closes. */
void		 answer_field_of_form(struct answering *);
/* Whether the text answers it; `tells`: it would be a report, too. Where it does
 * not, but begins with values, these are noted. */
bool		 answer_is_of_form(struct answering *, bool tells);
/* Whether it has the value that was asked for, which may be "no". */
bool		 answer_takes_value(const struct answering *);

#endif
