/*
 * Where a case happened, and which of the villages of one name is meant: asked by
 * municipality, answered by number or by municipality. Runs in glasd and glasctl;
 * owns nothing. The question that is open names the village: the same are found
 * by it when the answer comes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "text/answer_private.h"

/* The municipality of a place, as that language calls it. */
static void
which_municipality(const struct answering *a, const struct place *p,
    enum lang lang, char out[PLACE_TEXT_MAX])
{
	const struct place *m = places_named(a->content->places,
	    p->municipality);

	if (m != NULL)
		answer_place_name(m, lang, out);
	else
		snprintf(out, PLACE_TEXT_MAX, "%s", p->municipality);
}

bool
answer_which(const struct answering *a, const char *name, enum lang lang,
    struct answer_which *w)
{
	const struct place *places[PLACES_CALLED_MAX];
	size_t count = places_called(a->content->places, name, places);
	size_t len = 0;
	char where[PLACE_TEXT_MAX];

	for (size_t i = 0; i < count && len < sizeof w->options; i++) {
		which_municipality(a, places[i], lang, where);
		len += (size_t)snprintf(w->options + len,
		    sizeof w->options - len, "%s%zu %s", i > 0 ? ", " : "",
		    i + 1, where);
	}
	/* Other languages may have a name for one of them alone. */
	if (count > 0 && answer_keeps_letters(lang) &&
	    *places[0]->cyrillic != '\0')
		name = places[0]->cyrillic;
	snprintf(w->name, sizeof w->name, "%s", name);
	return (count > 0);
}

void
answer_which_name(const struct answering *a, const struct place *p,
    enum lang lang, char out[PLACE_TEXT_MAX])
{
	const struct place *places[PLACES_CALLED_MAX];
	char where[PLACE_TEXT_MAX];
	size_t len;

	answer_place_name(p, lang, out);
	if (strchr(out, '/') != NULL || places_called(a->content->places,
	    p->settlement, places) == 0)
		return;
	which_municipality(a, p, lang, where);
	len = strlen(where);
	if (len + 1 + strlen(out) >= PLACE_TEXT_MAX)
		return;
	where[len++] = '/';
	memmove(out + len, out, strlen(out) + 1);
	memcpy(out, where, len);
}

const struct place *
answer_which_said(const struct answering *a, const char *name)
{
	const struct place *places[PLACES_CALLED_MAX], *said;
	size_t count = places_called(a->content->places, name, places);
	long number = a->reading->number;
	struct reading r;
	char *both;

	if (count == 0)
		return (NULL);
	if (number >= 0)
		return (number >= 1 && number <= (long)count ?
		    places[number - 1] : NULL);
	if (count == 1 && (a->reading->choice == CHOICE_YES ||
	    a->reading->consent == CHOICE_YES))
		return (places[0]);
	both = xasprintf("%s, %s", name, a->given->text);
	reading_make(&r, a->content, both, a->conversation->lang);
	said = r.place;
	reading_clear(&r);
	free(both);
	return (said != NULL && strcmp(said->settlement, name) == 0 ? said :
	    NULL);
}

void
answer_where_begin(struct answering *a, const char *reference,
    const char *name)
{
	char about[DIALOG_ABOUT_MAX];

	snprintf(about, sizeof about, "%s%s%s", reference,
	    *name != '\0' ? "/" : "", name);
	answer_replace(about, ' ', '_');
	answer_ask(a, DIALOG_PLACE, about, 0);
}

struct answer_where
answer_where(const struct answering *a)
{
	const char *about = a->conversation->dialog.about;
	const char *slash = strchr(about, '/');
	struct answer_where w = { .name = "" };

	snprintf(w.reference, sizeof w.reference, "%.*s",
	    (int)strcspn(about, "/"), about);
	if (slash != NULL)
		snprintf(w.name, sizeof w.name, "%s", slash + 1);
	answer_replace(w.name, '_', ' ');
	return (w);
}

void
answer_where_ask(struct answering *a, enum reply_kind kind,
    const struct answer_where *where)
{
	enum lang lang = LANG_SR_LATN;
	struct answer_which which;
	const struct answer_field fields[] = {
		{ "REF", where->reference },
		{ "PLACE", which.name },
		{ "OPTIONS", which.options },
		{ "LINE", answer_text(a, "LINE", NULL) },
		{ NULL, NULL },
	};
	bool some;

	(void)answer_text(a, "ASKWHICH", &lang);
	some = answer_which(a, where->name, lang, &which);
	answer_say(a, kind, some ? answer_key(a, "ASKWHICH", "ASKPLACE") :
	    "ASKPLACE", fields);
}

void
answer_where_again(struct answering *a)
{
	const struct answer_where where = answer_where(a);

	answer_where_ask(a, REPLY_SERVICE, &where);
}
