/*
 * The tables that places are found by, made once with a content and then only
 * read. Runs in glasd and glasctl; owns them. Every form of every name is a
 * pattern; a second table has the skeletons of the same forms, for spellings
 * that nobody foresaw. A form that cannot be added is in no text.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/content_section.h"
#include "text/lexicon.h"
#include "text/places_private.h"

#define PLACES_SKELETON_MIN 5	/* letters of a skeleton that may be guessed */

/* While a name is added. */
struct places_adding {
	struct places	*places;
	size_t		 entry;
	uint32_t	 said;
	bool		 based;		/* the base form has been added */
	char		 skeleton[LEXICON_PATTERN_MAX];	/* added last, with: */
	uint32_t	 value;
};

/* False when it cannot be added: no text has it then. */
static bool
places_add_pattern(struct lexicon *lexicon, const char *pattern,
    uint32_t value)
{
	return (lexicon_add(lexicon, pattern, value) == 0);
}

static void
places_add_form(void *arg, const char *form)
{
	struct places_adding *a = arg;
	char skeleton[LEXICON_PATTERN_MAX];
	uint32_t value = (uint32_t)a->entry << PLACES_SAID_BITS | a->said;

	if (a->based)
		value |= PLACES_SAID_INFLECTED;
	a->based = true;
	if (!places_add_pattern(a->places->exact, form, value) ||
	    (a->said & (PLACES_SAID_SHORT | PLACES_SAID_STAR)) != 0)
		return;
	/* Vowels at the end are none of it: many forms share one. */
	if (fold_skeleton_text(skeleton, form) < PLACES_SKELETON_MIN ||
	    (strcmp(skeleton, a->skeleton) == 0 && value == a->value))
		return;
	places_add_pattern(a->places->skeletons, skeleton, value);
	memcpy(a->skeleton, skeleton, sizeof skeleton);
	a->value = value;
}

static void
places_add_adjective(struct places_adding *a, const struct folded *f)
{
	char pattern[LEXICON_PATTERN_MAX + 1];

	if (f->len < LEXICON_PATTERN_MAX) {
		memcpy(stpcpy(pattern, f->text), "*", 2);
		places_add_form(a, pattern);
	}
}

/* `as` is another spelling that has been added: one that folds to the same
 * would add nothing. */
static void
places_add_name(struct places *p, size_t entry, const char *name,
    const char *as, enum places_grammar grammar)
{
	struct places_adding a = { .places = p, .entry = entry };
	size_t len = strlen(name);
	struct folded f, other;

	fold_make(&f, name, len);
	fold_make(&other, as, strlen(as));
	if (len > 1 && name[len - 1] == '*') {
		a.said = PLACES_SAID_STAR;
		places_add_adjective(&a, &f);
	} else if (strcmp(f.text, other.text) != 0) {
		if (f.len <= PLACES_SHORT)
			a.said = PLACES_SAID_SHORT;
		places_forms(f.text, grammar, places_add_form, &a);
	}
	fold_clear(&other);
	fold_clear(&f);
}

static void
places_add_names(struct places *p, size_t entry, const json_t *e)
{
	const json_t *aliases = json_object_get(e, "aliases"), *alias;
	const char *name = content_text_of(e, "settlement"), *other;
	size_t i;

	if (*name == '\0')
		name = content_text_of(e, "municipality");
	places_add_name(p, entry, name, "", PLACES_SERBIAN);
	places_add_name(p, entry, content_text_of(e, "cyrillic"), name,
	    PLACES_SERBIAN);
	places_add_name(p, entry, content_text_of(e, "sq"), "",
	    PLACES_ALBANIAN);
	places_add_name(p, entry, content_text_of(e, "bg"), name,
	    PLACES_AS_IS);
	json_array_foreach(aliases, i, alias) {
		other = json_string_value(alias);
		places_add_name(p, entry, other, "", PLACES_SERBIAN);
		places_add_name(p, entry, other, "", PLACES_ALBANIAN);
	}
}

/* The municipality called so; one that is not there is `self`. */
static size_t
places_municipality(const struct places *p, const char *name, size_t self)
{
	for (size_t i = 0; i < p->count; i++) {
		if (*p->entries[i].place.settlement == '\0' &&
		    strcmp(p->entries[i].place.municipality, name) == 0)
			return (i);
	}
	return (self);
}

/* What an entry is in: "city municipality of Vranje" is the kind of one. */
static const char *
places_parent(const json_t *e)
{
	const char *of = strstr(content_text_of(e, "kind"), " of ");

	if (*content_text_of(e, "settlement") == '\0' && of != NULL)
		return (of + 4);
	return (content_text_of(e, "municipality"));
}

static const char *
places_copy(const json_t *e, const char *field)
{
	return (xstrdup(content_text_of(e, field)));
}

static void
places_keep_entries(struct places *p, const json_t *entries)
{
	const json_t *e;
	size_t i;

	p->entries = xcalloc(json_array_size(entries), sizeof *p->entries);
	json_array_foreach(entries, i, e) {
		if (json_is_null(e))
			continue;
		p->entries[p->count++] = (struct places_entry){
			.place = {
				.municipality = places_copy(e, "municipality"),
				.settlement = places_copy(e, "settlement"),
				.cyrillic = places_copy(e, "cyrillic"),
				.sq = places_copy(e, "sq"),
				.bg = places_copy(e, "bg"),
			},
			.common = content_bool_of(e, "common_word"),
		};
	}
}

struct places *
places_new(const json_t *entries)
{
	struct places *p = xcalloc(1, sizeof *p);
	size_t i, n = 0;
	const json_t *e;

	p->exact = lexicon_new();
	p->skeletons = lexicon_new();
	places_keep_entries(p, entries);
	json_array_foreach(entries, i, e) {
		if (json_is_null(e))
			continue;
		p->entries[n].municipality = places_municipality(p,
		    places_parent(e), n);
		places_add_names(p, n++, e);
	}
	lexicon_pack(p->exact);
	lexicon_pack(p->skeletons);
	return (p);
}

static void
places_clear(struct place *place)
{
	free((char *)place->municipality);
	free((char *)place->settlement);
	free((char *)place->cyrillic);
	free((char *)place->sq);
	free((char *)place->bg);
}

void
places_free(struct places *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->count; i++) {
		places_clear(&p->entries[i].place);
	}
	free(p->entries);
	lexicon_free(p->exact);
	lexicon_free(p->skeletons);
	free(p);
}
