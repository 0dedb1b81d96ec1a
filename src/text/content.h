/*
 * What citizens can say and what they hear: keywords, categories, places,
 * rights topics, reply texts, compiled from a content pack (one JSON object)
 * into tables that reading and answering use. Immutable once made. Pure.
 */
#ifndef GLAS_CONTENT_H
#define GLAS_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "text/lang.h"

struct mask;

struct buf;
struct content;

struct place {
	const char	*municipality;	/* as in the gazetteer, "Vranje" */
	const char	*settlement;	/* "" for the municipality itself */
	/* The smaller of the two in other languages, "" when not known. */
	const char	*cyrillic;
	const char	*sq;
	const char	*bg;
};

/* Emergency text that goes with a category whatever else is said. */
enum emergency {
	EMERGENCY_NONE,
	EMERGENCY_EMERG,
	EMERGENCY_UXO
};

struct category {
	const char	*code;		/* "POL_ID" */
	bool		 named_in_reply;
	bool		 urgent;
	enum emergency	 emergency;	/* always sent for this category */
	bool		 emergency_on_cue; /* sent when the text has a cue */
	const char	*emergency_line; /* key of the line in the receipt */
};

/* One thing that is wrong in a pack, or might be. */
struct content_finding {
	bool		 error;		/* else a warning */
	const char	*section;	/* "keywords"; NULL: the pack */
	size_t		 entry;		/* from 1 on; 0: the section */
	const char	*what;		/* and what to do */
};

/* Reply texts of a language. */
struct content_counts {
	unsigned int	 texts;
	unsigned int	 samples;	/* that nobody has reviewed */
	unsigned int	 expired;
};

/* Compiles a pack, which it takes: section after section is freed, so that a
 * start has no two of it in memory. NULL when there is none, or it cannot be
 * used; `problems` gets one line a finding, "FILE: where: what, and what to do",
 * also for mere warnings. */
struct content	*content_new(json_t *pack, struct buf *problems);
void		 content_free(struct content *);
/* All that is wrong with a pack, from unknown fields to texts that cost too
 * much, by calls of `report`. `today` is written as 2026-11-23. */
void		 content_check(const json_t *pack, const char *today,
		    void (*report)(void *arg, const struct content_finding *),
		    void *arg);

/* How far its texts are. */
void		 content_count(const json_t *pack, const char *today,
		    struct content_counts[LANG_COUNT]);

const struct category *content_category(const struct content *,
		    const char *code);
/* The code of a category, or of a topic, as long as the content lives; NULL
 * when there is none of that name. */
const char	*content_code(const struct content *, bool category,
		    const char *code);
/* The name of a category or topic in a language; the code when it has none. */
const char	*content_name(const struct content *, const char *code,
		    enum lang);
/* A reply text by key and language after the fallbacks (bg: sr-Cyrl, en:
 * sr-Latn, rom: sr-Latn while unreviewed). *used says which language came.
 * NULL when no language has it. `cyrillic`: the person asked for Cyrillic. */
const char	*content_text(const struct content *, const char *key,
		    enum lang, bool cyrillic, enum lang *used);
/* The numbers of authorities and help lines, which its texts tell: what others
 * write of them is not masked. */
const struct mask *content_open_numbers(const struct content *);

#endif
