/* The tables of the gazetteer: places_table.c makes them, places.c reads them. */
#ifndef GLAS_PLACES_PRIVATE_H
#define GLAS_PLACES_PRIVATE_H

#include "text/places.h"

struct lexicon;

#define PLACES_SHORT 4		/* letters of a name that is too short */

/* A value in the tables: a place and how its name is said. */
#define PLACES_SAID_SHORT	0x1u	/* an alias of few letters */
#define PLACES_SAID_INFLECTED	0x2u
#define PLACES_SAID_STAR	0x4u	/* an adjective made of it */
#define PLACES_SAID_BITS	3

struct places_entry {
	struct place	 place;
	size_t		 municipality;	/* index of the entry it is in; of a
					   city's, that of the city */
	bool		 common;	/* also an ordinary word */
};

struct places {
	struct places_entry *entries;
	size_t		 count;
	struct lexicon	*exact;
	struct lexicon	*skeletons;
};

/* Calls `found`, with word 0, for each name that the words from `word` on are
 * one slip away from; for some more than once. Takes some microseconds. */
void	 places_typos(const struct places *, const struct folded *,
	    size_t word, void (*found)(void *arg, uint32_t value, size_t word,
	    size_t words), void *arg);

#endif
