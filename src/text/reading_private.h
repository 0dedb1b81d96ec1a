/*
 * Between reading.c and the files that each decide one thing about a text:
 * language.c, category.c, intent.c. All work on one struct reader.
 */
#ifndef GLAS_READING_PRIVATE_H
#define GLAS_READING_PRIVATE_H

#include "text/content_private.h"
#include "text/fold.h"
#include "text/reading.h"

/* A keyword found in the text. */
struct reader_hit {
	uint32_t	 keyword;
	uint32_t	 word;
	uint8_t		 words;
	bool		 mute;	/* inside a longer one, or an echo: no meaning */
};

#define READER_HITS_SMALL 512
#define READER_NEUTRAL 0x80	/* the word means nothing here */

struct reader {
	const struct content *content;
	const char	*text;
	size_t		 len;
	enum lang	 before;
	struct folded	 folded;
	struct reader_hit *hits;	/* by word */
	size_t		 hit_count, hit_room;
	struct reader_hit small_hits[READER_HITS_SMALL];
	/* One octet for each word. */
	uint8_t		*cover;		/* words of the longest phrase on it */
	uint8_t		*marks;		/* PLACES_..., READER_NEUTRAL */
	uint8_t		 small_octets[FOLD_WORDS_SMALL * 2];
	uint8_t		 seen[CONTENT_KEYWORDS_MAX / 8];
	/* What counts, muted hits apart. */
	unsigned int	 signs[SIGN_COUNT];
	unsigned int	 actors[CONTENT_ACTORS_MAX];
	int		 actor;		/* CONTENT_NONE */
	unsigned int	 intents[INTENT_COUNT];	/* hits, by intent */
	bool		 intent_first[INTENT_COUNT]; /* with ^ */
	unsigned int	 options[2];
	int		 language_asked; /* enum lang, or CONTENT_NONE */
	int		 form;		/* whose word is the first */
	unsigned int	 cues[2];	/* by enum cue */
	int		 category[CONTENT_CATEGORIES_MAX];	/* score */
	uint32_t	 category_at[CONTENT_CATEGORIES_MAX];	/* 1 + first
						   word; 0: a pair or none */
	int		 topic[CONTENT_TOPICS_MAX];
	struct reading	*out;
};

/* language.c: out->lang. */
void	 language_decide(struct reader *);

/* category.c: adds up categories, topics, actors and signs, once out->lang is
 * known. */
void	 category_score(struct reader *);
/* The best category or CONTENT_NONE; *second likewise. Danger goes first. */
int	 category_best(const struct reader *, int *second);
/* The best topic or CONTENT_NONE. */
int	 category_best_topic(const struct reader *);
/* A complaint about something: any category but voices. */
bool	 category_complains(const struct reader *);
/* A category whose danger text is always sent. */
bool	 category_danger(const struct reader *);

/* intent.c: out->intent, code and argument, worth_answer. Needs the place. */
void	 intent_decide(struct reader *);

/* One short line of the trace; the later ones are dropped when it is full. */
void	 reader_trace(struct reader *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

static inline const struct keyword *
reader_keyword(const struct reader *r, const struct reader_hit *hit)
{
	return (&r->content->keywords[hit->keyword]);
}

#endif
