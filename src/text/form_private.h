/*
 * Between form.c and the files that each read one type of value. All work on
 * one struct former, whose words are taken one after the other.
 */
#ifndef GLAS_FORM_PRIVATE_H
#define GLAS_FORM_PRIVATE_H

#include "lib/mem.h"
#include "text/content_private.h"
#include "text/fold.h"
#include "text/form.h"

struct form_word {
	int8_t		 label;		/* field that it names, FORM_NO_FIELD */
	bool		 first;		/* of the words of that label */
	bool		 colon;		/* a colon or = follows the label */
	bool		 taken;		/* means something: no text */
};

struct former {
	const struct content *content;
	const struct content_form *form;
	const struct form_given *given;
	struct form_reading *out;
	struct buf	 text;		/* in NFC */
	struct folded	 folded;
	struct form_word *words;
	struct buf	 unread;
};

/* form_words.c: what a word means in any of the languages; -1 for nothing. */
enum form_use {
	FORM_ANYWHERE,
	FORM_ALONE,	/* also an ordinary word: only by itself */
	FORM_ANSWER	/* only where it answers, or stands by a label */
};
enum form_class {
	FORM_NOT,		/* turns what follows round */
	FORM_ABOUT,		/* before a number */
	FORM_AND,		/* within one */
	FORM_NUMBER_SIGN,	/* before one of a list */
	FORM_NUMBER_BEHIND,
	FORM_ABOUT_SUFFIX,	/* behind it */
	FORM_UNIT,		/* a number of these is no count */
	FORM_AGO,
	FORM_DAYS
};
bool	 form_word_of(enum form_class, const struct folded *, size_t word);
int	 form_word_number(const struct folded *, size_t word, enum form_use *);
/* The third of a list is 3. */
int	 form_word_place(const struct folded *, size_t word);
int	 form_word_month(const struct folded *, size_t word);
/* Days from today on. */
bool	 form_word_day(const struct folded *, size_t word, int *days,
	    enum form_use *);

/* form.c */
/* No value for the field is there yet. */
bool	 form_is_free(const struct former *, int field);
/* Whether a field of the type is what was asked for. */
bool	 form_asks(const struct former *, enum form_type);
/* Whether the label at a word stands open for a value of the type. */
bool	 form_label_open(const struct former *, size_t word, enum form_type);
/* The word behind a label of which this is the first. */
size_t	 form_label_end(const struct former *, size_t word);
/* The field that a value at these words is for: that whose label stands before
 * or behind, that was asked for, or the first free one of the type. Its label
 * is *label, or count when there is none. */
int	 form_field_for(const struct former *, size_t word, size_t words,
	    enum form_type, size_t *label);
/* Takes the value, its words and its label. */
void	 form_set(struct former *, int field, const char *value, size_t word,
	    size_t words, size_t label);
/* A value that cannot be: kept as unread, and the field remembered. */
void	 form_set_wrong(struct former *, int field, size_t word, size_t words,
	    size_t label);
void	 form_take(struct former *, size_t word, size_t words);
/* Whether a value may stand there that is also an ordinary word. */
bool	 form_may_mean(const struct former *, size_t word, enum form_use,
	    int field, size_t label);
/* Whether exactly this stands between a word and the next. */
bool	 form_between(const struct former *, size_t word, const char *s);
/* form_date.c, form_place.c, form_number.c: all values of their type. */
void	 form_dates(struct former *);
void	 form_places(struct former *);
void	 form_numbers(struct former *);

#endif
