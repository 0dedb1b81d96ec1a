/*
 * What was chosen in USSD menus, beside the words. Runs in glasd, called by who
 * has just read the words, mo_understand.c and away.c; owns nothing. What is no
 * choice changes nothing.
 */
#include <stdio.h>
#include <string.h>

#include "text/content_private.h"
#include "text/ussd.h"

#define USSD_SURE 90		/* per cent: they said so themselves */

const char *
ussd_word(const char *words, char word[USSD_WORD_MAX])
{
	size_t len = strcspn(words, " ");

	snprintf(word, USSD_WORD_MAX, "%.*s",
	    len < USSD_WORD_MAX ? (int)len : 0, words);
	return (words + len + (words[len] == ' '));
}

static long
ussd_group_of(const struct content *content, const char *code)
{
	int i = content_find_category(content, code);

	return (i != CONTENT_NONE ? content->categories[i].group : -1);
}

/* A category of that group: this one, or what it is of somebody there, as a
 * bribe is of the police. NULL: neither. */
static const char *
ussd_in_group(const struct content *content, const char *code, long group)
{
	int i = content_find_category(content, code);
	const struct content_category *c;

	if (i == CONTENT_NONE)
		return (NULL);
	c = &content->categories[i];
	if (c->group == group)
		return (c->category.code);
	for (size_t n = 0; n < content->actor_count; n++) {
		const struct content_category *of = c->by_actor[n] !=
		    CONTENT_NONE ? &content->categories[c->by_actor[n]] : NULL;

		if (of != NULL && of->group == group &&
		    strcmp(code, "OTHER") != 0)
			return (of->category.code);
	}
	return (NULL);
}

/* The words tell more than the menu where both speak of the same: beaten, where
 * the police was chosen. "Something else" is no choice against them. */
static void
ussd_read_category(struct reading *r, const struct content *content,
    const char *code)
{
	long group = ussd_group_of(content, code);
	const char *first = ussd_in_group(content, r->guess, group);
	const char *second = ussd_in_group(content, r->second, group);
	const struct category *c;

	if (first != NULL || second != NULL)
		r->code = first != NULL ? first : second;
	else if (group != CONTENT_VOICE || *r->code == '\0')
		r->code = code;
	if (strcmp(r->second, r->code) == 0)
		r->second = r->guess;
	r->guess = r->code;
	if (r->confidence < USSD_SURE)
		r->confidence = USSD_SURE;
	c = content_category(content, r->code);
	if (c != NULL && r->emergency == EMERGENCY_NONE)
		r->emergency = c->emergency;
}

static void
ussd_read_report(struct reading *r, const struct content *content,
    const char *words)
{
	char code[USSD_WORD_MAX];
	const char *known, *place = ussd_word(words, code);
	struct reading where;

	/* What it was read as may have a code of its own, such as a topic. */
	if (r->intent != INTENT_REPORT)
		r->code = r->guess = r->second = "";
	r->intent = INTENT_REPORT;
	r->bare = false;
	r->told = r->worth_answer = true;
	known = content_code(content, true, code);
	if (known != NULL)
		ussd_read_category(r, content, known);
	if (*place != '\0') {
		reading_make(&where, content, place, r->lang);
		if (where.place != NULL)
			r->place = where.place;
		reading_clear(&where);
	}
}

static void
ussd_read_command(struct reading *r, enum intent intent, const char *words)
{
	r->intent = intent;
	snprintf(r->argument, sizeof r->argument, "%s", words);
	r->code = r->argument;
	r->confidence = 95;
	r->command = r->worth_answer = true;
	r->emergency = EMERGENCY_NONE;
}

void
ussd_read(struct reading *r, const struct content *content,
    const char *chosen)
{
	char name[USSD_WORD_MAX];
	const char *words = ussd_word(chosen, name);
	enum intent intent;

	/* A word alone chooses nothing. */
	if (*name == '\0' || words[-1] != ' ')
		return;
	intent = intent_find(name);
	r->machine = MACHINE_NONE;
	if (intent == INTENT_REPORT)
		ussd_read_report(r, content, words);
	else if (intent != INTENT_COUNT)
		ussd_read_command(r, intent, words);
	buf_printf(&r->trace, "by menu: %s\n", name);
	buf_str(&r->trace);
}
