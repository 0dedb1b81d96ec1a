/*
 * Cards to print: what to text and what comes back, page by page for each
 * language. The words on them are keywords of the content, so that a poster
 * never promises what is not read. Pure.
 */
#ifndef GLAS_CARDS_H
#define GLAS_CARDS_H

#include <stdbool.h>

#include "text/reading.h"

struct buf;

/* The word by which people of a language ask for something, in capitals: the
 * one that the help in that language names, or its reply texts name most often,
 * as it is spelt there; else the shortest. `code` is that of the language for
 * INTENT_LANG, else "". False when there is none that is read so; `word` is
 * empty then. */
bool	 cards_word(const struct content *, enum intent, const char *code,
	    enum lang, struct buf *word);

/* One HTML document of A6 pages without script or anything from outside.
 * `number`: where texts are sent to; NULL leaves a line to write it on. */
void	 cards_print(const struct content *, const char *number,
	    struct buf *html);

#endif
