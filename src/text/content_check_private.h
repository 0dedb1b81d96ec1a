/*
 * Between content_check.c and the files that each check one subject.
 */
#ifndef GLAS_CONTENT_CHECK_PRIVATE_H
#define GLAS_CONTENT_CHECK_PRIVATE_H

#include "text/content_private.h"

struct content_checking {
	const json_t	*pack;
	const char	*today;		/* "2026-11-23" */
	const struct content_sink *sink;
	const struct content *content;	/* NULL: it does not compile */
};

/* The languages that people are written to in, in the order of tables;
 * LANG_UND behind the last. */
extern const enum lang content_spoken[];

json_t	*content_entries(const json_t *pack, const char *section);
/* Each key of a reply once, with the number of the entry where it stands first:
 * entries of one stand together. */
void	 content_each_key(const struct content_checking *,
	    void (*check)(const struct content_checking *, const char *key,
	    size_t number));
/* The noon of a day written as 2026-11-23, wall clock; -1: no such day. */
int	 content_check_noon(const char *day, int64_t *at);
/* "sr-Cyrl bg": names of a list, with a space between them. */
void	 content_list_lang(struct buf *, enum lang);

/* content_check_texts.c: each reply text by itself. */
void	 content_check_texts(const struct content_checking *);
/* content_check_keys.c: which texts are there, and which are asked for. */
void	 content_check_keys(const struct content_checking *);
/* content_check_spoken.c: whether all is said in each language. */
void	 content_check_spoken(const struct content_checking *);
/* content_check_words.c: what words, topics and categories stand for. */
void	 content_check_words(const struct content_checking *);
/* content_check_forms.c: what compiling a form does not see. */
void	 content_check_forms(const struct content_checking *);

#endif
