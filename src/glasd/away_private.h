/*
 * What the files away*.c share. Nothing else includes it.
 */
#ifndef GLAS_AWAY_PRIVATE_H
#define GLAS_AWAY_PRIVATE_H

#include "glasd/away.h"

#define AWAY_HOUR_US (INT64_C(3600) * 1000000)

/* Replies in a time that began at: */
struct away_count {
	int		 replies;
	int64_t		 at;		/* wall clock, us */
};

/* What is learnt of a person while the database is away. */
struct away_person {
	uint8_t		 token[SEAL_TOKEN_LEN];
	enum lang	 lang;		/* these as in struct conversation */
	bool		 lang_chosen, cyrillic;
	int64_t		 unclear_at, emergency_at, last_at;
	char		*dialog;	/* dialog_print(); NULL: none */
	int64_t		 dialog_until;
	unsigned int	 outage;	/* after which this was answered: */
	uint8_t		 overdue[SEAL_TOKEN_LEN];
	bool		 overdue_receipt; /* by that of a report */
	int64_t		 overdue_ms;	/* when, clock_mono_ms */
	unsigned int	 stops;		/* texts that say so, not stored yet */
	struct away_count hour, day;
	uint8_t		 words[SEAL_TOKEN_LEN]; /* of the report that had a
					   receipt last, */
	unsigned int	 words_outage;	/* in this one */
};

/* Who was told of danger last, whether the database was there or not; who has
 * the place of another is told once more. */
#define AWAY_HEARD_MAX 1024
struct away_heard {
	uint8_t		 token[SEAL_TOKEN_LEN];
	int64_t		 at;		/* wall clock, us */
};

struct away {
	struct gateway	*gateway;
	struct away_heard heard[AWAY_HEARD_MAX];
	void		*answers;	/* trees of tsearch(3) */
	void		*people;
	size_t		 answer_count, person_count;
	size_t		 stored;	/* answers to texts that are */
	size_t		 past;		/* restored, and their text has not
					   come out of the log */
	unsigned int	 calls;		/* of mt_said(), from 1 */
	unsigned int	 calls_answered;
	struct offered	*offered;
	int64_t		 seen_ms;	/* a text last; clock_mono_ms */
	unsigned int	 outage;	/* their number, from 1 */
	uint64_t	 scanned;	/* record up to which all were seen */
	uint64_t	 record;	/* that is looked at; UINT64_MAX: of this
					   pass, or in memory */
	uint64_t	 missed;	/* the first for which there was no room
					   since the last look; 0: none */
	bool		 greeted;	/* since the start */
	bool		 looked;	/* at what was stored before it */
};

/* NULL when the key is not there. */
void		*away_lookup(void *const *tree, const uint8_t *key);
/* `new` is put in unless the key is there; returns what is there then. */
void		*away_insert(void **tree, void *new, size_t *count);
/* The answer to that text, which is begun when there is none. */
struct away_answer *away_answer_for(struct away *, const uint8_t *identity);

/* Answers a text from the words alone; in doubt whether it is stored, and
 * answered by what the database knows, only its danger. */
void		 away_take(struct away *, const struct item *, bool in_doubt);

/* NULL when too many people wrote: they wait for the database. */
struct away_person *away_person_for(struct away *, const uint8_t *token);
struct away_person *away_person_of(struct away *, const struct item *);
void		 away_person_free(void *);
/* The conversation with them, and what a text has made of it. */
void		 away_person_recall(const struct away *,
		    const struct away_person *, struct conversation *);
void		 away_person_keep(struct away_person *,
		    const struct conversation *);
/* Who wrote during an outage of long ago is nobody to remember. */
void		 away_people_forget(struct away *);

/* That text was answered before a start, or with the database: whether its person
 * knows what is said of danger, and since when. */
void		 away_hear(struct away *, const struct item *);
int64_t		 away_heard_at(const struct away *,
		    const uint8_t token[SEAL_TOKEN_LEN]);

/* A link has offered it, perhaps under the keys before, too. */
void		 away_note(struct away *, const struct item *);

#endif
