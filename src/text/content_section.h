/*
 * The shape of a content pack: an object of sections, each {"note": text,
 * "entries": [...]}, an entry being an object of the fields declared here. Pure.
 */
#ifndef GLAS_CONTENT_SECTION_H
#define GLAS_CONTENT_SECTION_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum content_type {
	CONTENT_TEXT,
	CONTENT_BOOL,
	CONTENT_INT,
	CONTENT_LIST,	/* array of texts */
	CONTENT_LINES,	/* the same, each on a line of the file */
	CONTENT_NAMES	/* object: a language, or another code, to a text */
};

struct content_field {
	const char	*name;
	enum content_type type;
	bool		 required;	/* there, and not "" */
	bool		 key;		/* tells entries of a section apart */
};

#define CONTENT_FIELDS_MAX 16

struct content_section {
	const char	*name;		/* also of the file: NAME.json */
	bool		 optional;	/* a pack may do without it */
	struct content_field fields[CONTENT_FIELDS_MAX];
};

/* The sections, in the order of their names; NULL behind the last. */
const struct content_section *content_section_at(size_t index);
const struct content_section *content_section_find(const char *name);

/* The field of an entry: "", false, 0 or NULL when it is not there or not of
 * the type that it should have. */
const char	*content_text_of(const json_t *entry, const char *field);
bool		 content_bool_of(const json_t *entry, const char *field);
long		 content_int_of(const json_t *entry, const char *field);

/* How entries stand in a file: by their key fields, octet by octet. */
int		 content_section_compare(const struct content_section *,
		    const json_t *a, const json_t *b);

#endif
