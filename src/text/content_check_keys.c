/*
 * Which reply texts are there and which are asked for: by the program
 * (content_template.c), by topics, categories and forms. Runs in glasctl.
 */
#include <stdio.h>
#include <string.h>

#include "text/content_check_private.h"
#include "text/content_template.h"

/* Whether a topic, a category or a form asks for a text of a family. */
static bool
content_pack_asks(const struct content *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->category_count; i++) {
		if (strcmp(c->categories[i].body, key) == 0 ||
		    strcmp(c->categories[i].category.emergency_line, key) == 0)
			return (true);
	}
	for (i = 0; i < c->topic_count; i++) {
		if (strncmp(key, "RIGHTS_", strlen("RIGHTS_")) == 0 &&
		    strcmp(key + strlen("RIGHTS_"), c->topics[i].code) == 0)
			return (true);
	}
	for (i = 0; i < c->form_count; i++) {
		if (strcmp(c->forms[i].thanks, key) == 0)
			return (true);
	}
	return (false);
}

static bool
content_key_used(const struct content *c, const char *key)
{
	const struct content_template *t = content_template_find(key);

	return (t != NULL && (!content_template_is_family(t) ||
	    content_pack_asks(c, key)));
}

static void
content_check_there(const struct content_checking *k)
{
	const struct content_template *t;
	enum lang lang;

	for (size_t i = 0; (t = content_template_at(i)) != NULL; i++) {
		lang = t->only != LANG_UND ? t->only : LANG_SR_LATN;
		if (!content_template_is_family(t) &&
		    content_text_unreviewed(k->content, t->key, lang) == NULL)
			content_report(k->sink, true, "replies", 0,
			    "there is no text %s in %s; write one", t->key,
			    lang_name(lang));
	}
}

static void
content_check_use(const struct content_checking *k, const char *key,
    size_t number)
{
	if (!content_key_used(k->content, key))
		content_report(k->sink, false, "replies", number,
		    "nobody asks for %s; remove it, or correct its key", key);
}

/* A text that an entry leads to: there, and one that is sent. */
static void
content_check_leads(const struct content_checking *k, const char *section,
    size_t number, const char *field, const char *key)
{
	if (*key != '\0' && (content_template_find(key) == NULL ||
	    content_text(k->content, key, LANG_SR_LATN, false, NULL) == NULL))
		content_report(k->sink, true, section, number,
		    "%s leads nowhere: there is no text %s in replies.json; "
		    "write one, or correct the key", field, key);
}

static void
content_check_ends(const struct content_checking *k)
{
	const json_t *e;
	char key[64];
	size_t i;

	json_array_foreach(content_entries(k->pack, "topics"), i, e) {
		snprintf(key, sizeof key, "RIGHTS_%s",
		    content_text_of(e, "code"));
		content_check_leads(k, "topics", i + 1, "the topic", key);
	}
	json_array_foreach(content_entries(k->pack, "categories"), i, e) {
		content_check_leads(k, "categories", i + 1, "emergency_line",
		    content_text_of(e, "emergency_line"));
		content_check_leads(k, "categories", i + 1, "body",
		    content_text_of(e, "body"));
	}
}

void
content_check_keys(const struct content_checking *k)
{
	content_check_there(k);
	content_check_ends(k);
	content_each_key(k, content_check_use);
}
