/*
 * Between content*.c and those who read with a content: intent.c, category.c,
 * language.c, reading.c. What a pack is when it is compiled.
 */
#ifndef GLAS_CONTENT_PRIVATE_H
#define GLAS_CONTENT_PRIVATE_H

#include "text/content.h"
#include "text/content_section.h"
#include "text/lexicon.h"
#include "text/mask.h"
#include "text/places.h"
#include "text/weights.h"

enum keyword_kind {
	KEYWORD_INTENT,		/* code: enum intent */
	KEYWORD_CATEGORY,	/* code: index in categories */
	KEYWORD_TOPIC,		/* code: index in topics */
	KEYWORD_ACTOR,		/* code: index in actors */
	KEYWORD_LANGUAGE,	/* code: enum lang that is asked for */
	KEYWORD_OPTION,		/* code: enum option */
	KEYWORD_SIGN,		/* code: enum sign */
	KEYWORD_CUE,		/* code: enum cue */
	KEYWORD_FORM,		/* code: index in forms */
	KEYWORD_CONCEPT,	/* code: index in concepts; weights use it */
	KEYWORD_WORD,		/* a small word: tells the language */
	KEYWORD_PART,		/* half of a pair, nothing alone */
	KEYWORD_KINDS
};

/* Of a vote without digits. */
enum option {
	OPTION_YES,
	OPTION_NO
};

/* Words that mean nothing alone and turn what stands beside them. */
enum sign {
	SIGN_QUESTION,	/* may they, how do I */
	SIGN_PAST,	/* yesterday, they hit me: an event */
	SIGN_CIVIC,	/* neighbour, school: life in common */
	SIGN_THANKS,
	SIGN_GREETING,
	SIGN_POLITE,
	SIGN_ADVERT,
	SIGN_MACHINE,	/* a service speaks, or we ourselves */
	SIGN_NEUTRAL,	/* takes the meaning of words inside it away */
	SIGN_AT,	/* in, near: a place may follow */
	SIGN_VILLAGE,	/* village, quarter: a place stands beside it */
	SIGN_TEST,	/* first: the text is a trial */
	SIGN_FOR,	/* first: for somebody else, whose name follows */
	SIGN_END,	/* alone: closes a question */
	SIGN_UNABLE,	/* alone: does not come to what was announced */
	SIGN_ASK,	/* first: a question for a debate follows */
	SIGN_AUTO,	/* an answering machine speaks */
	SIGN_TEXTING,	/* speaks of texts, numbers, lists of those who get them */
	SIGN_KEEP,	/* wants to stay on a list: "do not sign me out" */
	SIGN_OTHERS,	/* somebody else does it: "his messages" */
	SIGN_CONSENT,	/* agrees to what was asked: yes, I do */
	SIGN_REFUSAL,	/* does not: "better not" */
	SIGN_UNSOLVED,	/* what was told of is not mended */
	SIGN_MATTER,	/* a fine, an inspection, a ban: no text of ours */
	SIGN_KIN,	/* my, aunt, neighbour: a name may follow */
	SIGN_COUNT
};

enum cue {
	CUE_ALONE,	/* danger whatever the text is about */
	CUE_WITH,	/* danger where the category says emergency_on_cue */
	CUE_LIFE,	/* to one's own life; as alone, told in kind words */
	CUE_WHOLE,	/* as alone, where the text says nothing else */
	CUE_COUNT
};

struct keyword {
	const char	*pattern;	/* folded, without ^ */
	enum keyword_kind kind;
	int		 code;
	uint8_t		 langs;		/* 1 << enum lang */
	uint8_t		 letters;	/* up to the first `*` */
	uint8_t		 words;
	uint8_t		 weight;
	bool		 first;		/* counts only as first word */
};

/* "a + b": a keyword of no pattern of its own that counts when both are in the
 * text, anywhere. A half is a keyword or, "@POLICE", an actor. */
struct keyword_pair {
	uint32_t	 keyword;
	struct {
		bool	 actor;
		uint32_t index;		/* in keywords or actors */
	} half[2];
};

#define CONTENT_ACTORS_MAX 16
#define CONTENT_CATEGORIES_MAX 64
#define CONTENT_CONCEPTS_MAX 128
#define CONTENT_TOPICS_MAX 64
#define CONTENT_KEYWORDS_MAX 24576
#define CONTENT_VOICE 9		/* group of categories that complain of nothing */
#define CONTENT_NONE (-1)

struct content_category {
	struct category	 category;
	long		 group;
	int		 topic;		/* index, CONTENT_NONE */
	const char	*name[LANG_COUNT]; /* NULL: none */
	int		 by_actor[CONTENT_ACTORS_MAX]; /* category it is then */
	const char	*body;		/* key of the text on who is competent */
};

struct content_topic {
	const char	*code;
	long		 number;
	const char	*name[LANG_COUNT];
};

struct content_reply {
	const char	*key;
	const char	*text[LANG_COUNT];
	bool		 reviewed[LANG_COUNT];
	int64_t		 valid_until[LANG_COUNT]; /* us since 1970; 0: ever */
};

#define CONTENT_OPTIONS_MAX 9

struct content_poll {
	long		 number;
	const char	*title[LANG_COUNT];
	const char	*options[CONTENT_OPTIONS_MAX];
	size_t		 option_count;
	bool		 yes_no;	/* 1 is yes, 2 is no */
	int64_t		 closes_at;	/* s since 1970 */
};

struct content_event {
	long		 number;
	const char	*title[LANG_COUNT];
	const char	*venue;
	int64_t		 starts_at;	/* s since 1970 */
};

/* News that people ask for beside those of a place. */
struct content_list {
	const char	*code;
	const char	**words;	/* folded, the code among them */
	size_t		 word_count;
};

#define CONTENT_FORMS_MAX 32
#define CONTENT_FIELDS_OF_FORM_MAX 16	/* a bit each in an unsigned int */
#define CONTENT_CHOICES_MAX 32
#define CONTENT_CODE_MAX 24		/* octets of a form's or field's name */
/* In the lexicon of a form: the field and which option its words mean. */
#define CONTENT_FORM_VALUE(field, option) \
	((uint32_t)(field) << 8 | (uint32_t)(option))
#define CONTENT_FORM_LABEL 0xff		/* they name the field itself */

enum form_type {
	FORM_CHOICE,
	FORM_PLACE,
	FORM_NUMBER,
	FORM_DATE,
	FORM_TEXT
};

struct content_form_field {
	const char	*name;		/* small letters: a column */
	size_t		 entry;		/* in its section, from 1 on */
	long		 position;
	enum form_type	 type;
	bool		 required;
	long		 min, max;	/* of a number */
	const char	*choices[CONTENT_CHOICES_MAX]; /* codes */
	size_t		 choice_count;
	const char	*ask[LANG_COUNT];
	const char	*example[LANG_COUNT];
};

struct content_form {
	const char	*code;		/* capitals */
	size_t		 entry;
	const char	*name[LANG_COUNT];
	const char	*thanks;	/* key of a reply; "" = that of all */
	struct content_form_field fields[CONTENT_FIELDS_OF_FORM_MAX];
	size_t		 field_count;	/* by position */
	struct lexicon	*lexicon;	/* labels and words of choices */
};

struct content_letter {
	uint32_t	 letter;	/* small */
	uint8_t		 langs;
};

enum content_setting {
	CONTENT_UNCLEAR_EVERY,		/* seconds */
	CONTENT_EMERGENCY_EVERY,	/* seconds */
	CONTENT_NAMED_FROM,		/* per cent of confidence */
	CONTENT_DIALOG_WITHIN,		/* seconds */
	CONTENT_FOLLOWUP_WITHIN,	/* seconds */
	CONTENT_SAME_WITHIN,		/* seconds */
	CONTENT_ASK_GROUP,		/* 0 or 1 */
	CONTENT_CATEGORY_FROM,		/* per cent of confidence */
	CONTENT_COMMAND_FROM,		/* per cent */
	CONTENT_DANGER_FROM,		/* per cent */
	CONTENT_SETTINGS
};

struct content {
	struct lexicon	*lexicon;
	struct keyword	*keywords;
	size_t		 keyword_count;
	struct keyword_pair *pairs;
	size_t		 pair_count;
	struct content_category *categories;
	size_t		 category_count;
	struct content_topic *topics;
	size_t		 topic_count;
	struct content_reply *replies;	/* by key */
	size_t		 reply_count;
	const char	*actors[CONTENT_ACTORS_MAX];
	size_t		 actor_count;
	const char	*concepts[CONTENT_CONCEPTS_MAX];
	size_t		 concept_count;
	struct content_letter *letters;	/* by letter */
	size_t		 letter_count;
	struct places	*places;
	struct content_poll *polls;
	size_t		 poll_count;
	struct content_event *events;
	size_t		 event_count;
	struct content_list *lists;
	size_t		 list_count;
	struct content_form *forms;
	size_t		 form_count;
	struct weights	*weights;	/* NULL: keywords alone */
	struct echo	*echo;		/* our own words */
	struct mask	 open;		/* numbers that they tell */
	long		 settings[CONTENT_SETTINGS];
	char		**strings;	/* all that the others point into */
	size_t		 string_count, string_room;
	size_t		 left;		/* octets free in the newest */
};

/* content_entry.c: where findings go. */
struct content_sink {
	void		(*report)(void *arg, const struct content_finding *);
	void		*arg;
};
void	 content_report(const struct content_sink *, bool error,
	    const char *section, size_t entry, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
/* The entries of a section: an array, maybe empty, of those that are sound and
 * null where one is not, so that indices stay. */
json_t	*content_sound_entries(const json_t *pack, const char *section,
	    const struct content_sink *);

/* A copy that lives as long as the content. */
const char *content_keep(struct content *, const char *);
/* Takes the pack. NULL when it cannot be used. */
struct content *content_compile(json_t *pack, const struct content_sink *);

/* What words are looked up for: the entries of these sections. */
struct content_words {
	json_t		*keywords;
	json_t		*cues;
	json_t		*languages;
	json_t		*concepts;
};
/* All of them into the lexicon; takes the entries. */
void	 content_compile_keywords(struct content *, struct content_words *,
	    const struct content_sink *);

/* The next pattern of a list with commas between, to be freed; NULL: no more. */
char	*content_next_pattern(const char **list);
/* A pattern as the lexicon takes it: folded word by word, each with its `*`. To
 * be freed. */
char	*content_fold_pattern(const char *pattern);
/* Languages as words are written: "sr" is both scripts; 0: there is none. */
uint8_t	 content_langs(const char *lang);

/* content_texts.c: the language that is called so; LANG_COUNT, and a finding,
 * when none is. */
enum lang content_language(const char *name, bool error, const char *section,
	    size_t number, const struct content_sink *);
/* An object of texts by language, the field of an entry; what no language is
 * called gives a warning. */
void	 content_names(struct content *, const json_t *entry,
	    const char *field, const char *section, size_t number,
	    const char *names[LANG_COUNT], const struct content_sink *);
void	 content_compile_replies(struct content *, json_t *replies,
	    const struct content_sink *);
/* One of them in a language, after the fallbacks of content_text(). */
const char *content_nearest(const char *const by_lang[LANG_COUNT], enum lang,
	    const char *otherwise);
/* A topic may have the code of a category. */
const char *content_topic_name(const struct content_topic *, enum lang);
/* The text in this very language, whoever has read it; NULL: none. */
const char *content_text_unreviewed(const struct content *, const char *key,
	    enum lang);
/* Whether the text that content_text() gives is out of date. */
bool	 content_text_expired(const struct content *, const char *key,
	    enum lang, bool cyrillic, int64_t now);

/* content_form.c: forms, and their fields once these are there. */
void	 content_compile_forms(struct content *, json_t *forms,
	    const struct content_sink *);
void	 content_compile_form_fields(struct content *, json_t *fields,
	    const struct content_sink *);
void	 content_free_forms(struct content *);
int	 content_find_form(const struct content *, const char *code);
/* "choice", ... */
const char *content_form_type_name(enum form_type);

/* content_live.c: polls, events and lists, which no file has. */
void	 content_compile_live(struct content *, const json_t *pack);
void	 content_free_live(struct content *);
const char *content_poll_title(const struct content_poll *, enum lang);
/* The code of the list that this folded word means; NULL. */
const char *content_list_by_word(const struct content *, const char *word,
    size_t len);
const char *content_event_title(const struct content_event *, enum lang);

/* The index of an actor, which becomes known by being asked for; CONTENT_NONE
 * when there are too many. */
int	 content_actor(struct content *, const char *code);
const char *content_sign_name(int sign);
int	 content_find_category(const struct content *, const char *code);
int	 content_find_topic(const struct content *, const char *code);
/* Those that a topic number has, or CONTENT_NONE. */
int	 content_topic_by_number(const struct content *, long number);

#endif
