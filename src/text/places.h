/*
 * The gazetteer: places named in a text, in any case, script or spelling of the
 * four languages. Pure.
 */
#ifndef GLAS_PLACES_H
#define GLAS_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "text/content.h"
#include "text/fold.h"

struct places;

/* What is known of a word from elsewhere. */
#define PLACES_AT	0x01	/* in, near: a place may follow */
#define PLACES_VILLAGE	0x02	/* village, quarter */
#define PLACES_TAKEN	0x04	/* means something else: no guessing */
#define PLACES_EMPTY	0x40	/* says only that something is reported, or
				   is manners */
#define PLACES_STRANGE	0x20	/* nobody knows it: a slip may be in it */
#define PLACES_NAME_WORDS 6	/* of the longest name */
#define PLACES_STRANGE_MIN 6	/* letters; a shorter one is like too many */
/* What places_find() makes known of it. */
#define PLACES_NAME	0x08	/* of the name of a place */
/* What places_mark() does. */
#define PLACES_NAMED	0x10	/* of the name of the one that was found */

/* `entries` are those of the section "places"; a null among them is skipped. */
struct places	*places_new(const json_t *entries);
void		 places_free(struct places *);

/* The place that the text is about; NULL when none is named, or more than one
 * may be meant: where these are villages of one name, or it is one whose name
 * has another meaning, *among is one of them, else NULL. A name of several words
 * that is all of it means the place, also where it has another meaning; `asked`:
 * the text answers where, and one word may: it is *among. `marks` has one octet
 * for each word. `trace` gets a line about the decision. */
const struct place *places_find(const struct places *, const struct folded *,
		    bool asked, uint8_t *marks, struct buf *trace,
		    const struct place **among);

/* The villages of one name, by municipality. How many there are; 0 where there
 * is one alone whose name is no other word, or more than can be asked about. */
#define PLACES_CALLED_MAX 4
size_t		 places_called(const struct places *, const char *settlement,
		    const struct place *called[PLACES_CALLED_MAX]);

/* Whether a word of a text is of the name of a place. */
bool		 places_has(const struct places *, const struct folded *,
		    size_t word);

/* "Municipality" or "Municipality/Settlement", as the gazetteer writes them.
 * Returns `out`. */
#define PLACE_TEXT_MAX 160
const char	*place_text(const struct place *, char out[PLACE_TEXT_MAX]);

/* The one that is written like this; NULL: none. */
const struct place *places_named(const struct places *, const char *text);

/* Marks the words that are names of a place that places_find() gave, or of what
 * it lies in. */
void		 places_mark(const struct places *, const struct folded *,
		    const struct place *, uint8_t *marks);

/* Calls `form` with every form in which a folded name may stand in a text.
 * Serbian names (also written in Cyrillic) are declined, Albanian ones get
 * their definite forms; the base form comes first. */
enum places_grammar {
	PLACES_SERBIAN,
	PLACES_ALBANIAN,
	PLACES_AS_IS
};
void		 places_forms(const char *name, enum places_grammar,
		    void (*form)(void *arg, const char *), void *arg);
/* False when a folded name is too long to be looked for: it has no form. */
bool		 places_name_fits(const char *name);

#endif
