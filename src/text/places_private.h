/*
 * The tables of the gazetteer, which places_table.c makes, and what is found of
 * them in a text. For the files places*.c.
 */
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

#define PLACES_SPOTS_MAX 32	/* names looked at in one text */
#define PLACES_MANY 8		/* places of one name */

/* A name in a text. */
struct places_spot {
	size_t		 word, words;
	bool		 guess;		/* by skeleton, or: */
	bool		 typo;		/* with a letter wrong */
	uint32_t	 values[PLACES_MANY];
	size_t		 count;
	bool		 municipality;	/* one of the values names one */
};

struct places_search {
	const struct places *places;
	const struct folded *folded;
	bool		 asked;		/* the text answers where */
	uint8_t		*marks;
	struct places_spot spots[PLACES_SPOTS_MAX];
	size_t		 count;
	size_t		 named[PLACES_SPOTS_MAX]; /* municipalities */
	size_t		 named_count;
};

const struct places_entry *places_entry(const struct places_search *,
	    uint32_t value);
bool	 places_is_municipality(const struct places_search *, uint32_t value);
/* For a lexicon: keeps in a spot the longest names that begin at the word. */
void	 places_found(void *spot, uint32_t value, size_t word, size_t words);
/* Where nothing is named as it is written: spots with one letter wrong. */
void	 places_typo_spots(struct places_search *);
/* The place that is meant, and the spot that names it; NULL when that is not
 * sure. What cannot be meant is dropped from the spots. */
const struct places_entry *places_decide(struct places_search *,
	    const struct places_spot **);
/* Where what may be meant are villages of one name, one of them; NULL. */
const struct place *places_among(const struct places_search *);

#endif
