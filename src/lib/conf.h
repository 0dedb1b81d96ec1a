/*
 * Configuration files: INI, by libinih, against tables of keys. The programs'
 * tables stand elsewhere (src/store/config_keys.c); this knows no key by name.
 */
#ifndef GLAS_CONF_H
#define GLAS_CONF_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define CONF_LINE_MAX	199	/* octets; libinih cuts a longer one */
#define CONF_KEYS_MAX	64	/* in one table */
#define CONF_NAME_MAX	32	/* octets of the name in [kind name] */

enum conf_type {
	CONF_STRING,	/* char * */
	CONF_PATH,	/* char *, absolute */
	CONF_WORD,	/* char *, one out of `words` */
	CONF_INT,	/* int, from min to max */
	CONF_BOOL	/* bool, "yes" or "no" */
};

#define CONF_NOWHERE ((size_t)-1)

struct conf_key {
	const char	*name;
	enum conf_type	 type;
	bool		 required;
	const char	*fallback;	/* as it would stand in the file; NULL:
					   stays zero */
	int		 min, max;
	const char	*words;		/* "error warn info" */
	const char	*(*check)(const char *value); /* NULL: it is well; else
					   what is wrong and what to do */
	size_t		 into;		/* offset in what begin() returned, or
					   CONF_NOWHERE */
	const char	*help;
};

/* A kind of section: [kind] once, or [kind NAME] any number of times. */
struct conf_section {
	const char		*kind;
	bool			 named;	/* names differ among all kinds */
	bool			 open;	/* keys beside the table are settings */
	const struct conf_key	*keys;
	size_t			 key_count;
	/* Returns the memory that the keys go to; name is NULL for [kind]. The
	 * memory must not move before the next begin(). */
	void			*(*begin)(void *arg,
				    const struct conf_section *,
				    const char *name);
	/* May be NULL. Called with each key and its text: first those of the
	 * file in its order, then the defaults that are not NULL. Says what is
	 * wrong with it, or NULL. */
	const char		*(*setting)(void *into, const char *key,
				    const char *value);
	/* May be NULL. After the last key of a section without a mistake: what
	 * is wrong with it as a whole and what to do, or NULL. */
	const char		*(*end)(const void *into);
};

/* Reads the file; a section that is not there gets its defaults if it is of
 * the kind without names. Adds a line "FILE:LINE: what, and what to do" to
 * `problems` for each thing that is wrong, without a line where it is the file
 * as a whole.
 * -1 if there was any: all strings read so far are still the caller's. */
int	 conf_read(const char *file, const struct conf_section *, size_t count,
	    void *arg, struct buf *problems)
	    __attribute__((warn_unused_result));

/* Stores one value as its key says. NULL, or what is wrong with it; valid until
 * the next call. */
const char *conf_store(const struct conf_key *, const char *value, void *into);
/* What a misspelt word may have meant: `other` if it is near and nearer than
 * `best`, which may be NULL; else `best`. */
const char *conf_nearer(const char *wrong, const char *best,
	    const char *other);

/* Frees the strings of the table. */
void	 conf_section_clear(const struct conf_section *, void *into);

/* True for [a-z0-9-]{1,32}. */
bool	 conf_name_valid(const char *);

#endif
