/*
 * The content pack that is shipped, and other files of the source tree.
 */
#ifndef GLAS_SHIPPED_H
#define GLAS_SHIPPED_H

#include <jansson.h>

struct content;

/* A file of the source tree; the caller frees it. */
char		*shipped_path(const char *relative);
/* NULL when it cannot be read: what is wrong is printed. */
json_t		*shipped_pack(void);
/* The same, compiled, after `change` (or NULL) has had it. */
struct content	*shipped_content(void (*change)(json_t *pack));
/* What a group of tests reads with; its setup loads it and its teardown gives it
 * back. */
extern struct content *content;
int		 shipped_load(void **state);
int		 shipped_load_changed(void (*change)(json_t *pack));
int		 shipped_unload(void **state);
/* The entries of one of its files. */
json_t		*shipped_entries(json_t *pack, const char *section);

#endif
