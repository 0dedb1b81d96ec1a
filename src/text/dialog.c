/*
 * The open question of a person, in and out of the line that the database
 * keeps. Runs in glasd and glasctl; owns nothing. What answers it is decided in
 * answer_question.c.
 */
#include <stdio.h>
#include <string.h>

#include "text/dialog.h"

static const char *const dialog_asks_names[] = {
	[DIALOG_NOTHING] = "",
	[DIALOG_WHAT] = "what",
	[DIALOG_PLACE] = "place",
	[DIALOG_GROUP] = "group",
	[DIALOG_TOPIC] = "topic",
	[DIALOG_LANGUAGE] = "language",
	[DIALOG_ERASE] = "erase",
	[DIALOG_ATTEND] = "attend",
	[DIALOG_FIELD] = "field",
	[DIALOG_SOLVED] = "solved",
	[DIALOG_STEP] = "step",
	[DIALOG_QUESTION] = "question",
	[DIALOG_DEBATE] = "debate",
	[DIALOG_RUMOUR] = "rumour",
	[DIALOG_VOTE] = "vote",
	[DIALOG_MORE] = "more",
};

#define DIALOG_ASKS \
	(sizeof dialog_asks_names / sizeof *dialog_asks_names)

void
dialog_print(const struct dialog *d, char line[DIALOG_LINE_MAX])
{
	line[0] = '\0';
	if (d->ask == DIALOG_NOTHING)
		return;
	snprintf(line, DIALOG_LINE_MAX, "%s %s %u", dialog_asks_names[d->ask],
	    d->about[0] != '\0' ? d->about : "-", d->at);
}

void
dialog_scan(struct dialog *d, const char *line, int64_t until)
{
	char ask[16], about[DIALOG_ABOUT_MAX];
	unsigned int at;

	_Static_assert(DIALOG_ABOUT_MAX == 672, "as it is scanned");
	*d = (struct dialog){ .ask = DIALOG_NOTHING };
	if (sscanf(line, "%15s %671s %u", ask, about, &at) != 3)
		return;
	for (size_t i = 1; i < DIALOG_ASKS; i++) {
		if (strcmp(dialog_asks_names[i], ask) != 0)
			continue;
		dialog_begin(d, (enum dialog_ask)i,
		    strcmp(about, "-") != 0 ? about : "", at, until);
	}
}

bool
dialog_asks(const struct dialog *d, enum dialog_ask ask, int64_t now)
{
	return (d->ask == ask && now < d->until);
}

bool
dialog_asks_which(const struct dialog *d)
{
	return (d->ask == DIALOG_ATTEND && (*d->about < '0' ||
	    *d->about > '9'));
}

bool
dialog_is_list(const struct dialog *d)
{
	return (d->ask == DIALOG_GROUP || d->ask == DIALOG_TOPIC ||
	    d->ask == DIALOG_LANGUAGE || d->ask == DIALOG_VOTE ||
	    dialog_asks_which(d) || (d->ask == DIALOG_PLACE &&
	    strchr(d->about, '/') != NULL));
}

void
dialog_begin(struct dialog *d, enum dialog_ask ask, const char *about,
    unsigned int at, int64_t until)
{
	*d = (struct dialog){ .ask = ask, .at = at, .until = until };
	snprintf(d->about, sizeof d->about, "%s", about);
}

void
dialog_end(struct dialog *d)
{
	*d = (struct dialog){ .ask = DIALOG_NOTHING };
}
