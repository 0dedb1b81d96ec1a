/*
 * glasctl train: labelled texts out of files. Owns nothing. A line with a mistake
 * is told by file and line, and counted.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ctl_train.h"
#include "lib/mem.h"
#include "text/content.h"
#include "text/weights.h"

#define TRAIN_DOUBTFUL 0.3	/* importance of what a person would ask of */
#define TRAIN_NO_MEANING "-"	/* says of danger and language alone */

/* Where a mistake is. */
struct train_at {
	const char	*file;
	size_t		 line;
};

static void __attribute__((format(printf, 3, 4)))
train_wrong(struct train *t, const struct train_at *at, const char *fmt, ...)
{
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	ctl_say(stderr, "%s:%zu: %s", at->file, at->line, what);
	free(what);
	t->wrong++;
}

int
train_label(const struct train *t, const char *intent, const char *code,
    struct learn_label *label)
{
	label->intent = intent_find(intent);
	label->code = "";
	switch (label->intent) {
	case INTENT_COUNT:
		return (-1);
	case INTENT_REPORT:
	case INTENT_RIGHTS:
		break;
	default:
		return (weights_can_mean(label->intent) ? 0 : -1);
	}
	if (label->intent == INTENT_RIGHTS && *code == '\0')
		return (0);
	label->code = content_code(t->content,
	    label->intent == INTENT_REPORT, code);
	return (label->code != NULL ? 0 : -1);
}

/* [ALT:CODE] and [ALT:intent/CODE] in a note. */
static void
train_alternatives(struct train *t, const struct train_at *at,
    struct train_row *row)
{
	const char *s = row->cells[TRAIN_NOTE];
	struct learn_text *text = &row->text;

	while ((s = strstr(s, "[ALT:")) != NULL) {
		const char *code = s + 5;
		size_t len = strcspn(code, "]");
		char *alt = xstrndup(code, len), *slash = strchr(alt, '/');

		if (slash != NULL)
			*slash++ = '\0';
		if (text->label_count == LEARN_LABELS_MAX ||
		    train_label(t, slash != NULL ? alt :
		    row->cells[TRAIN_INTENT], slash != NULL ? slash : alt,
		    &text->labels[text->label_count]) == -1)
			train_wrong(t, at, "[ALT:%.*s] is nothing that a text "
			    "can mean; write a code, or intent/code", (int)len,
			    code);
		else
			text->label_count++;
		free(alt);
		s = code + len;
	}
}

static void
train_meaning(struct train *t, const struct train_at *at,
    struct train_row *row)
{
	struct learn_text *text = &row->text;
	enum lang lang = lang_find(row->cells[TRAIN_LANG]);

	text->importance = row->doubtful ? TRAIN_DOUBTFUL : 1;
	text->danger = strstr(row->cells[TRAIN_NOTE], "[EMERG]") != NULL ?
	    LEARN_DANGER : LEARN_SAFE;
	text->lang = lang;
	if (lang == LANG_COUNT)
		train_wrong(t, at, "no language is called \"%s\"; sr-Latn, "
		    "sr-Cyrl, sq, rom, bg, en, mix and und are",
		    row->cells[TRAIN_LANG]);
	if (strcmp(row->cells[TRAIN_INTENT], TRAIN_NO_MEANING) == 0)
		return;
	if (train_label(t, row->cells[TRAIN_INTENT],
	    row->cells[TRAIN_CATEGORY], &text->labels[0]) == -1) {
		train_wrong(t, at, "\"%s\" \"%s\" is nothing that a text can "
		    "mean; correct intent or category",
		    row->cells[TRAIN_INTENT], row->cells[TRAIN_CATEGORY]);
		return;
	}
	text->label_count = 1;
	train_alternatives(t, at, row);
}

/* Takes the line. */
static void
train_line(struct train *t, const struct train_at *at, char *line)
{
	struct train_row row = { .line = line, .file = at->file,
		.number = at->line };
	struct buf text = { 0 };
	char *rest = line;
	size_t n = 0;

	for (; rest != NULL && n < TRAIN_COLUMNS; n++)
		row.cells[n] = strsep(&rest, "\t");
	for (size_t i = n; i < TRAIN_COLUMNS; i++)
		row.cells[i] = "";
	if (n < TRAIN_NOTE || rest != NULL) {
		train_wrong(t, at, "has not the columns text, intent, "
		    "category, place, lang, note; put a tab between them");
		free(line);
		return;
	}
	ctl_unescape(row.cells[TRAIN_TEXT], strlen(row.cells[TRAIN_TEXT]),
	    &text);
	row.text.text = (const char *)text.data;
	row.doubtful = strstr(row.cells[TRAIN_NOTE], "[LOWCONF") != NULL;
	train_meaning(t, at, &row);
	if (t->count == t->room) {
		t->room = t->room == 0 ? 1024 : t->room * 2;
		t->rows = xreallocarray(t->rows, t->room, sizeof *t->rows);
	}
	t->rows[t->count++] = row;
}

void
train_file(struct train *t, const char *file)
{
	struct train_at at = { .file = file };
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (f == NULL) {
		train_wrong(t, &at, "%s; name a file with labelled texts",
		    strerror(errno));
		return;
	}
	while ((len = getline(&line, &room, f)) > 0) {
		at.line++;
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		/* The first line says what the columns are. */
		if (at.line > 1 && len > 0)
			train_line(t, &at, xstrdup(line));
	}
	free(line);
	fclose(f);
}
