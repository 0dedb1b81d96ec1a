/*
 * Between reading.c and the files that each decide one thing about a text:
 * language.c, category.c, weigh.c, intent.c. All work on one struct reader.
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

/* What weights say of a text. */
#define WEIGHING_HEARD_MAX 2048

struct weighing {
	bool		 done;		/* false: there are no weights */
	int		 sums[WEIGHTS_CLASSES_MAX];
	double		 shares[WEIGHTS_CLASSES_MAX];	/* of its group */
	double		 danger;	/* how likely, from 0 to 1 */
	/* Features that spoke: to say why. */
	struct weighing_heard {
		struct weights_of weights;
		uint32_t word;
		uint8_t	 words;
	} heard[WEIGHING_HEARD_MAX];
	size_t		 heard_count;
};

#define READER_HITS_SMALL 512
#define READER_NEUTRAL 0x80	/* the word means nothing here */
#define READER_MANNERS_WORDS 4	/* words within which thanks are the matter */
#define READER_COMMAND_WORDS 4	/* a command among more words is none */

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
	bool		 mistyped;	/* the first word was guessed */
	unsigned int	 cues[CUE_COUNT];	/* by enum cue */
	int		 category[CONTENT_CATEGORIES_MAX];	/* score */
	uint32_t	 category_at[CONTENT_CATEGORIES_MAX];	/* 1 + first
						   word; 0: a pair or none */
	int		 topic[CONTENT_TOPICS_MAX];
	uint32_t	 concept_at[CONTENT_CONCEPTS_MAX]; /* 1 + first word */
	struct reading	*out;
	struct weighing	 weighing;	/* last: not zeroed as a whole */
};

/* reading.c: looks at a text up to its place: what language, category and
 * places say. Give back with reader_end(), which leaves *out. */
void	 reader_begin(struct reader *, struct reading *out,
	    const struct content *, const char *text, enum lang before);
void	 reader_end(struct reader *);

/* known.c: whether it is a word of a pattern that is there; whether it was
 * learnt. */
bool	 known_keyword(const struct content *, const struct folded *,
	    size_t word);
bool	 known_learnt(const struct content *, const char *word, size_t len);

/* spaced.c: words that were written letter by letter. */
void	 spaced_read(struct folded *);
/* digits.c: words in which a digit stands for a letter, put together. */
void	 digits_read(const struct content *, struct folded *);
/* doubles.c: letters that came twice, or in each other's place. */
void	 doubles_read(const struct content *, struct folded *);

/* command_typo.c: whether the first word, which is none that the content knows, is
 * a command with a letter wrong; then *hit is it. */
bool	 command_typo(struct reader *, struct reader_hit *);

/* language.c: out->lang. */
void	 language_decide(struct reader *);
/* Letters alone, such as those of S.O.S., are of no language. */
bool	 language_has_words(const struct folded *);

/* consent.c: yes or no to what may be done for them, or neither. */
enum choice consent_read(const struct reader *);
/* What it begins with, behind manners; *behind is the word after that. */
enum choice consent_first(const struct reader *, size_t *behind);
/* There is a no in it. */
bool	 consent_is_refused(const struct reader *);

/* solved.c: whether it says that what was told of is mended, or is not. */
enum choice solved_read(const struct reader *);

/* category.c: adds up categories, topics, actors and signs, once out->lang is
 * known. */
void	 category_score(struct reader *);
/* The best category or CONTENT_NONE; *second likewise. Danger goes first. */
int	 category_best(const struct reader *, int *second);
/* The best topic or CONTENT_NONE. */
int	 category_best_topic(const struct reader *);
/* It is urgent, and no danger says so: somebody is held. */
bool	 category_wakes(const struct category *);
/* One that does, which words tell of besides what it was given; CONTENT_NONE. */
int	 category_besides(const struct reader *, const char *given);
/* Words tell of one, be it that or another. */
bool	 category_urgent(const struct reader *, const char *given);
/* A complaint about something: any category but voices. */
bool	 category_complains(const struct reader *);
/* A category whose danger text is always sent. */
bool	 category_danger(const struct reader *);

/* danger.c: words of danger, or weights that find it likely enough. */
bool	 reader_in_danger(const struct reader *);
/* out->emergency and life, once intent and category are decided. */
void	 danger_decide(struct reader *);

/* weigh.c: what the weights of the content say; not done when it has none.
 * Needs the place. */
void	 weigh_text(struct reader *);
/* What was learnt tells of danger, as content has it. */
bool	 weigh_tells_danger(const struct reader *);
/* It tells so surely of something else that a word such as "burns" is none: a
 * lamp does not, a mine is a name. The values of a form were not learnt from. */
bool	 weigh_rules_out_danger(const struct reader *);
/* The best class of an intent and the one behind it, or CONTENT_NONE. */
int	 weigh_best(const struct reader *, enum intent, int *second);
/* How much all classes of each intent speak for it, of 1; nothing when nothing
 * was weighed. */
void	 weigh_intents(const struct reader *, double shares[INTENT_COUNT]);
/* The intent that all its classes together speak most for, of those that are
 * possible with the share they have; unclassified where none is. */
enum intent weigh_intent(const struct reader *,
	    bool (*possible)(const struct reader *, enum intent, double share));
/* The intent is known from elsewhere: its classes share what there is. */
void	 weigh_assume(struct reader *, enum intent);
/* It is a report of that group of categories: those share what there is.
 * Returns how much of it they had before. */
double	 weigh_narrow(struct reader *, long group);
/* The language of the text, by weights where they tell. */
enum lang weigh_language(const struct reader *);
/* The code of a category or topic that a class has, "" for none. */
const char *weigh_code(const struct reader *, int cls);
int	 weigh_per_cent(const struct reader *, int cls);
/* Lines of the trace: how likely they are, and which words speak most for the
 * first. `second` may be CONTENT_NONE. */
void	 weigh_explain(struct reader *, int cls, int second);

/* intent.c: out->intent, code and argument, worth_answer. Needs the place. */
void	 intent_decide(struct reader *);

/* intent_argument.c: what is said with an intent, into out->code. */
/* The first reference in the text; false: there is none. */
bool	 intent_reference(struct reader *);
/* The same behind a word for status; out->argument is a number that is no
 * reference, and out->code empty then. */
void	 intent_status_of(struct reader *);
/* The same right behind the word that adds. */
void	 intent_added_to(struct reader *);
/* The four digits that confirm an erasure, behind the word for it. */
void	 intent_erase_code(struct reader *);
/* A list that is left, or asked for, is called by its municipality. */
void	 intent_list(struct reader *);
bool	 intent_list_word(struct reader *);
/* The number that stands behind the word for right, or -1. */
long	 intent_topic_number(const struct reader *);
/* The topic of that number; with -1 the one that the text speaks of. */
void	 intent_topic(struct reader *, long number);
/* The form whose word is the first gets more from the text than a place. */
bool	 intent_has_values(const struct reader *);
/* What is voted for: a number, or yes or no. */
void	 intent_duty_code(struct reader *);
void	 intent_mark(struct reader *);
void	 intent_event(struct reader *);
bool	 intent_ends_with_number(const struct reader *);
void	 intent_option(struct reader *);
bool	 intent_is_negative(const struct reader *, size_t word);

/* intent_denied.c: a no stands in front of the word for a command. */
bool	 intent_is_denied(const struct reader *, enum intent);

/* intent_story.c: words behind the word for a command, which is the first; and
 * whether, with that for who is competent, they tell a story. */
size_t	 intent_words_behind(const struct reader *, enum intent);
bool	 intent_tells_story(const struct reader *);

/* intent_empty.c: a place is named, or one of several villages; and whether words
 * for that, or for reporting, are all there is. */
bool	 intent_is_somewhere(const struct reader *);
bool	 intent_is_empty(const struct reader *);

/* intent_doubt.c: whether what was learnt speaks for a command; it, or danger,
 * against one; and for a person where there are words of machines. */
bool	 intent_is_borne_out(const struct reader *, enum intent);
bool	 intent_is_doubted(const struct reader *, enum intent);
bool	 intent_is_of_person(const struct reader *, double nothing);
/* What is to end is not what we send: they want to stay, or others write. */
bool	 intent_is_not_ours(const struct reader *);
/* It names texts; what it is about is a fine, a ban, a form, and no texts. */
bool	 intent_names_texts(const struct reader *);
bool	 intent_is_of_matter(const struct reader *);

/* intent_past.c: something has happened. */
bool	 intent_tells_past(const struct reader *);

/* intent_weigh.c: out->intent and the rest by what was learnt. */
void	 intent_weigh(struct reader *);

/* subject.c: what a report is about, by words. */
void	 subject_by_words(struct reader *);
/* By weights: left open when the best is not likely enough. Of which group it is
 * may have been said: that counts where the rest does not tell, but says of no
 * category that it is that one. */
void	 subject_weighed(struct reader *);
/* What any text tells of. What is added to a case is no report, and yet tells of
 * something; the word for it, and the number of the case, do not. */
void	 subject_about(struct reader *);

/* helped.c: who is helped, behind the word that says "for". */
void	 helped_read(struct reader *);

/* One short line of the trace; the later ones are dropped when it is full. */
void	 reader_trace(struct reader *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

static inline const struct keyword *
reader_keyword(const struct reader *r, const struct reader_hit *hit)
{
	return (&r->content->keywords[hit->keyword]);
}

/* A concept is how words begin; half of a pair is nothing alone, and often a word
 * that all languages have; so is whose aunt somebody is. */
static inline bool
reader_means(const struct keyword *k)
{
	return (k->kind != KEYWORD_PART && k->kind != KEYWORD_CONCEPT &&
	    (k->kind != KEYWORD_SIGN || k->code != SIGN_KIN));
}

#endif
