/*
 * The texts that the program asks a content pack for: by which key, with which
 * fields in braces, in how many segments. Declared once: answers are made by
 * this table and packs are checked against it. Pure.
 */
#ifndef GLAS_CONTENT_TEMPLATE_H
#define GLAS_CONTENT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "text/lang.h"

struct content_template {
	/* "RIGHTS_*" is a family: which of it are used, the pack says. */
	const char	*key;
	const char	*fields;	/* "REF! DATE", each may be left out
					   that has no ! */
	/* Segments that it may take with its fields at their longest, in
	 * letters of GSM-7 and in others; 0: printed, never sent. */
	unsigned int	 narrow, wide;
	enum lang	 only;		/* LANG_UND: in every language */
};

/* In the order of their keys; NULL behind the last. */
const struct content_template *content_template_at(size_t index);
/* NULL: the program never asks for it. */
const struct content_template *content_template_find(const char *key);
bool		 content_template_is_family(const struct content_template *);
/* Whether a text by this key has a field of this name. */
bool		 content_template_takes(const char *key, const char *field,
		    size_t len);

#endif
