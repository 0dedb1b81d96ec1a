/*
 * Forms of place names. Runs when a content is compiled. The endings overlap:
 * a form too many costs a node in a trie, one too few a report without a place.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text/lexicon.h"
#include "text/places.h"

/* Words from the first on that are declined in a longer name; its last one
 * always is. Each word more would be ten times as many forms. */
#define PLACES_NAME_DECLINED 2

struct places_word {
	char		 stem[LEXICON_PATTERN_MAX];
	const char	*endings;	/* with a space between; "-" is none */
};

struct places_name {
	struct places_word words[PLACES_NAME_WORDS];
	size_t		 count;
	void		(*form)(void *, const char *);
	void		*arg;
};

/* By how the name ends, longest first; what is cut off to get the stem is in
 * `cut`. The first ending makes the name itself. */
struct places_rule {
	const char	*end;
	size_t		 cut;
	const char	*endings;
};

/* The last word of a Serbian name. Romani speakers say -ovco. */
static const struct places_rule places_serbian[] = {
	{ "ac", 2, "ac ca cu ce cem com co coste costar coske" },
	{ "ci", 2, "ci ce ca cima aca" },
	{ "ce", 2, "ce ca cu cem ci cima aca ceste" },
	{ "ka", 2, "ka ke ki ci ku ko kom kama kate katar" },
	{ "a", 1, "a e i u o om ama ate atar" },
	{ "o", 1, "o a u om oste ostar" },
	{ "e", 1, "e a u em i ima om ama este estar" },
	{ "i", 1, "i a e u ima ma" },
	/* Leskovac for short; "leske" is Romani for "to him". */
	{ "sk", 0, "- a u o om i este estar" },
	{ "", 0, "- a u e o om em i este estar eske" },
};

/* Words before the last one, adjectives as a rule. */
static const struct places_rule places_adjective[] = {
	{ "a", 1, "a e o i u og oga om ome oj im eg ega em emu" },
	{ "e", 1, "e a o i u og oga om ome oj im eg ega em emu" },
	{ "i", 1, "i a e o u og oga om ome oj im eg ega em emu" },
	{ "o", 1, "o a e i u og oga om ome oj im" },
	{ "", 0, "- a u og oga om ome oj e o im" },
};

static const struct places_rule places_as_is[] = {
	{ "", 0, "-" },
};

static const struct places_rule places_albanian[] = {
	{ "ice", 1, "e a es s en -" },
	{ "e", 1, "e a es s en ve -" },
	{ "a", 1, "a e es s en" },
	{ "i", 1, "i iu it in - a" },
	{ "k", 0, "- u ut un" },
	{ "", 0, "- i it in ve" },
};

static const struct places_rule *
places_rule_for(const struct places_rule *rules, const char *word)
{
	size_t len = strlen(word), end;

	for (;; rules++) {
		end = strlen(rules->end);
		if (len > end + 1 && strcmp(word + len - end, rules->end) == 0)
			return (rules);
		if (end == 0)
			return (rules);
	}
}

static void
places_say(const struct places_name *n, size_t word, char *out, size_t len)
{
	const struct places_word *w;
	const char *e, *end;
	size_t at;

	if (word == n->count) {
		out[len] = '\0';
		n->form(n->arg, out);
		return;
	}
	w = &n->words[word];
	if (len > 0)
		out[len++] = ' ';
	for (e = w->endings; *e != '\0'; e = *end != '\0' ? end + 1 : end) {
		end = strchrnul(e, ' ');
		at = len + strlen(w->stem) + (size_t)(end - e);
		if (at + 1 >= LEXICON_PATTERN_MAX)
			return;
		at = (size_t)(stpcpy(out + len, w->stem) - out);
		if (*e != '-')
			at = (size_t)((char *)mempcpy(out + at, e,
			    (size_t)(end - e)) - out);
		places_say(n, word + 1, out, at);
	}
}

static void
places_word_set(struct places_word *w, const char *word,
    const struct places_rule *rules)
{
	const struct places_rule *rule = places_rule_for(rules, word);

	snprintf(w->stem, sizeof w->stem, "%.*s",
	    (int)(strlen(word) - rule->cut), word);
	w->endings = rule->endings;
}

/* Ternoc i Madh, Ternocit te Madh. */
static bool
places_is_joint(const char *word)
{
	return (strcmp(word, "i") == 0 || strcmp(word, "e") == 0);
}

static const struct places_rule *
places_rules(enum places_grammar grammar, size_t word, bool last)
{
	switch (grammar) {
	case PLACES_SERBIAN:
		if (last)
			return (places_serbian);
		return (word < PLACES_NAME_DECLINED ? places_adjective :
		    places_as_is);
	case PLACES_ALBANIAN:
		return (word == 0 ? places_albanian : places_as_is);
	case PLACES_AS_IS:
		break;
	}
	return (places_as_is);
}

bool
places_name_fits(const char *name)
{
	size_t words = 1;

	for (const char *s = name; *s != '\0'; s++)
		words += *s == ' ';
	return (words <= PLACES_NAME_WORDS &&
	    strlen(name) < LEXICON_PATTERN_MAX);
}

void
places_forms(const char *name, enum places_grammar grammar,
    void (*form)(void *, const char *), void *arg)
{
	struct places_name n = { .form = form, .arg = arg };
	char copy[LEXICON_PATTERN_MAX], out[LEXICON_PATTERN_MAX];
	const struct places_rule *rules;
	char *word, *rest = copy, *save;

	if (!places_name_fits(name))
		return;
	memcpy(copy, name, strlen(name) + 1);
	for (; (word = strtok_r(rest, " ", &save)) != NULL; rest = NULL) {
		rules = places_rules(grammar, n.count, *save == '\0');
		places_word_set(&n.words[n.count], word, rules);
		if (grammar == PLACES_ALBANIAN && n.count > 0 &&
		    places_is_joint(word))
			n.words[n.count] = (struct places_word){
				.endings = "i e te se" };
		n.count++;
	}
	if (n.count > 0)
		places_say(&n, 0, out, 0);
}
