/*
 * A text read against a form of the content: values in any order, separated by
 * anything, with or without the names of their fields; what is left is text.
 * Deterministic and pure, in time linear in the text.
 */
#ifndef GLAS_FORM_H
#define GLAS_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "text/content.h"

#define FORM_FIELDS_MAX 16
#define FORM_NO_FIELD (-1)

struct content_form;

struct form_given {
	int64_t		 now;		/* us since 1970 */
	unsigned int	 have;		/* fields that have a value: 1 << n */
	int		 asked;		/* the text answers for this field */
	const char	*village;	/* which of those of this name was asked;
					   NULL: that was not */
	bool		 agrees;	/* the text says yes */
};

struct form_reading {
	unsigned int	 found;		/* fields with a value: 1 << n */
	/* As they are stored: the code of a choice, digits, 2026-11-23,
	 * Municipality/Settlement, text. NULL where there is none. */
	char		*values[FORM_FIELDS_MAX];
	int		 wrong;		/* first field that has a value that
					   cannot be, FORM_NO_FIELD */
	char		*unread;	/* what belongs to no field, "" */
	bool		 begins;	/* with a value that stands apart */
	const struct place *among;	/* of the wrong field: one of the villages
					   of the name that stands there; NULL */
};

/* The text is valid UTF-8. Give back with form_clear(). */
void	 form_read(struct form_reading *, const struct content *,
	    const struct content_form *, const char *text,
	    const struct form_given *);
void	 form_clear(struct form_reading *);
/* The text is this number and nothing else, in digits or in words, or which of
 * a list it is ("the second one"); -1. */
long	 form_number_said(const char *text);
/* The same where it is which of a list. */
long	 form_order_said(const char *text);

#endif
