/*
 * glasctl train: learns weights from labelled texts, or says by
 * cross-validation how well texts would be read with them. Owns the texts while
 * it runs. A file with a mistake is named with its line, and nothing is
 * written.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "store/pg.h"
#include "text/learn.h"
#include "text/places.h"
#include "text/weights.h"

#define TRAIN_FOLDS_MAX 100
#define TRAIN_ABOUT "What each feature of a text speaks for, in 32nds of a \
power of e. Written by glasctl train from etc/training; do not edit."
#define TRAIN_DOUBTFUL 0.3	/* importance of what a person would ask of */
#define TRAIN_CORRECTED 3	/* and of what a person has set right */

enum train_column {
	TRAIN_TEXT,
	TRAIN_INTENT,
	TRAIN_CATEGORY,
	TRAIN_PLACE,
	TRAIN_LANG,
	TRAIN_NOTE,
	TRAIN_COLUMNS
};

/* A line of a file. */
struct train_row {
	char		*line;		/* what the others point into */
	const char	*cells[TRAIN_COLUMNS];
	struct learn_text text;
	bool		 doubtful;
	const char	*file;
	size_t		 number;
};

struct train {
	bool		 verbose;	/* say what is read otherwise */
	const char	*dir;		/* of the content pack */
	json_t		*pack;
	struct content	*content;	/* of the pack, without weights */
	struct train_row *rows;
	size_t		 count, room;
	size_t		 wrong;		/* lines with a mistake */
	const char	*database;	/* NULL: none */
	size_t		 corrected;	/* texts learnt from it */
	size_t		 folds;		/* 0: learn, and write */
};

/* Where a mistake is. */
struct train_at {
	const char	*file;
	size_t		 line;
};

enum train_figure {
	TRAIN_RIGHT_INTENT,
	TRAIN_RIGHT_BOTH,
	TRAIN_LEFT_OPEN,
	TRAIN_RIGHT_PLACE,
	TRAIN_RIGHT_LANG,
	TRAIN_DANGER,
	TRAIN_NO_ALARM,
	TRAIN_FIGURES
};

struct train_figures {
	size_t		 good[TRAIN_FIGURES];
	size_t		 all[TRAIN_FIGURES];
};

static void __attribute__((format(printf, 3, 4)))
train_wrong(struct train *t, const struct train_at *at, const char *fmt, ...)
{
	va_list ap;
	char *what;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&what, fmt, ap);
	va_end(ap);
	if (len >= 0) {
		ctl_say(stderr, "%s:%zu: %s", at->file, at->line, what);
		free(what);
	}
	t->wrong++;
}

/* --- reading ------------------------------------------------------------ */

/* "CODE" or "intent/CODE", and what it is called in the content; -1 when it is
 * nothing. */
static int
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

static void
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

/* Corrections of case workers, which say what this office needs to learn. */
static int
train_database(struct train *t, struct learn *l, const char *conninfo)
{
	struct pg_client *c = ctl_open(conninfo);
	struct pg_result *r;
	int result = -1;

	if (c == NULL)
		return (-1);
	r = pg_query(c, "select text, category from glas_data.labels()", NULL);
	if (!pg_ok(r))
		ctl_say(stderr, "glasctl: %s; --database names the owner of "
		    "the schema, or a superuser", pg_error(r));
	else
		result = 0;
	for (int i = 0; result == 0 && i < pg_rows(r); i++) {
		struct learn_text text = { .text = pg_text(r, i, 0),
			.label_count = 1, .danger = LEARN_NOT_SAID,
			.lang = LANG_UND, .importance = TRAIN_CORRECTED };

		if (train_label(t, "report", pg_text(r, i, 1),
		    &text.labels[0]) == -1)
			continue;
		learn_add(l, &text);
		t->corrected++;
	}
	pg_result_free(r);
	pg_client_close(c);
	return (result);
}

/* --- scoring ------------------------------------------------------------ */

static void
train_count(struct train_figures *f, enum train_figure which, bool good)
{
	f->all[which]++;
	f->good[which] += good;
}

static bool
train_place_is(const struct place *place, const char *wanted)
{
	char name[PLACE_TEXT_MAX];

	return (strcmp(place != NULL ? place_text(place, name) : "",
	    wanted) == 0);
}

/* Whether the note has [ALTLANG:lang]. */
static bool
train_lang_will_do(const char *note, enum lang lang)
{
	char flag[32];

	snprintf(flag, sizeof flag, "[ALTLANG:%s]", lang_name(lang));
	return (strstr(note, flag) != NULL);
}

static void
train_score_meaning(struct train_figures *f, const struct train_row *row,
    const struct reading *r)
{
	bool intent = false, both = false;

	for (size_t i = 0; i < row->text.label_count; i++) {
		const struct learn_label *label = &row->text.labels[i];
		const char *code = i > 0 || r->intent == INTENT_REPORT ||
		    r->intent == INTENT_RIGHTS ? label->code :
		    row->cells[TRAIN_CATEGORY];

		if (label->intent != r->intent)
			continue;
		intent = true;
		both |= strcmp(code, r->code) == 0;
	}
	train_count(f, TRAIN_RIGHT_INTENT, intent);
	train_count(f, TRAIN_RIGHT_BOTH, both);
	train_count(f, TRAIN_LEFT_OPEN, r->intent == INTENT_REPORT &&
	    *r->code == '\0');
}

static void
train_show(const struct train_row *row, const struct reading *r)
{
	ctl_say(stdout, "%s:%zu: %s: %s %s, danger %s, %s: read %s %s "
	    "(%s %d %%, %s), danger %s, %s", row->file, row->number,
	    row->text.text, row->cells[TRAIN_INTENT],
	    row->cells[TRAIN_CATEGORY],
	    row->text.danger == LEARN_DANGER ? "yes" : "no",
	    row->cells[TRAIN_LANG], intent_name(r->intent), r->code,
	    r->guess, r->confidence, r->second,
	    r->emergency != EMERGENCY_NONE ? "yes" : "no",
	    lang_name(r->lang));
}

static void
train_score(struct train_figures *f, const struct content *content,
    const struct train_row *row, bool show)
{
	struct reading r;
	bool due = row->text.danger == LEARN_DANGER;

	reading_make(&r, content, row->text.text, LANG_UND);
	train_count(f, due ? TRAIN_DANGER : TRAIN_NO_ALARM,
	    (r.emergency != EMERGENCY_NONE) == due);
	if (!row->doubtful) {
		train_score_meaning(f, row, &r);
		train_count(f, TRAIN_RIGHT_PLACE, train_place_is(r.place,
		    row->cells[TRAIN_PLACE]));
		if (row->text.lang != LANG_UND)
			train_count(f, TRAIN_RIGHT_LANG,
			    r.lang == row->text.lang ||
			    train_lang_will_do(row->cells[TRAIN_NOTE],
			    r.lang));
	}
	if (show)
		train_show(row, &r);
	reading_clear(&r);
}

static void
train_print(const struct train_figures *learnt,
    const struct train_figures *keywords)
{
	static const char *const names[TRAIN_FIGURES] = {
		[TRAIN_RIGHT_INTENT] = "intent",
		[TRAIN_RIGHT_BOTH] = "intent and category",
		[TRAIN_LEFT_OPEN] = "category left open",
		[TRAIN_RIGHT_PLACE] = "place",
		[TRAIN_RIGHT_LANG] = "language",
		[TRAIN_DANGER] = "danger found",
		[TRAIN_NO_ALARM] = "no false alarm",
	};

	ctl_say(stdout, "%-20s %12s %9s %9s", "", "", "learnt", "keywords");
	for (size_t i = 0; i < TRAIN_FIGURES; i++) {
		double all = learnt->all[i] > 0 ? (double)learnt->all[i] : 1;

		ctl_say(stdout, "%-20s %5zu/%-6zu %7.1f %% %7.1f %%",
		    names[i], learnt->good[i], learnt->all[i],
		    100 * (double)learnt->good[i] / all,
		    100 * (double)keywords->good[i] / all);
	}
}

/* --- commands ----------------------------------------------------------- */

static struct content *
train_content(const struct train *t, json_t *entries)
{
	json_t *pack = json_copy(t->pack);
	struct buf problems = { 0 };
	struct content *content;

	json_object_set_new(pack, "weights", json_pack("{s:s, s:O}", "note",
	    "", "entries", entries));
	content = content_new(pack, &problems);
	if (content == NULL)
		ctl_say(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	return (content);
}

static int
train_validate(const struct train *t, const struct learn *l)
{
	struct train_figures learnt = { 0 }, keywords = { 0 };
	size_t folds = t->folds;

	for (size_t fold = 0; fold < folds; fold++) {
		json_t *entries = learn_weights(l, fold, folds);
		struct content *content = train_content(t, entries);

		json_decref(entries);
		if (content == NULL)
			return (-1);
		for (size_t i = fold; i < t->count; i += folds)
			train_score(&learnt, content, &t->rows[i],
			    t->verbose);
		content_free(content);
	}
	for (size_t i = 0; i < t->count; i++)
		train_score(&keywords, t->content, &t->rows[i], false);
	train_print(&learnt, &keywords);
	return (0);
}

static int
train_write(const struct train *t, const struct learn *l)
{
	json_t *section = json_pack("{s:s, s:o}", "note", TRAIN_ABOUT,
	    "entries", learn_weights(l, 0, 0));
	struct buf problems = { 0 };
	int result = pack_write_section(t->dir, "weights", section, &problems);

	if (result == 0)
		ctl_say(stdout, "%s/weights.json: learnt from %zu texts.",
		    t->dir, t->count + t->corrected);
	else
		ctl_say(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	json_decref(section);
	return (result);
}

static void
train_clear(struct train *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free((char *)t->rows[i].text.text);
		free(t->rows[i].line);
	}
	free(t->rows);
	content_free(t->content);
	json_decref(t->pack);
}

/* The pack, and what it is without weights. */
static int
train_load(struct train *t)
{
	struct buf problems = { 0 };
	json_t *none = json_array();

	t->pack = pack_read(t->dir, &problems);
	if (t->pack != NULL)
		t->content = train_content(t, none);
	else
		ctl_say(stderr, "%s", buf_str(&problems));
	buf_clear(&problems);
	json_decref(none);
	return (t->content != NULL ? 0 : -1);
}

static int
train_run(struct train *t)
{
	struct learn *l;
	int result = 0;

	if (t->wrong > 0 || t->count == 0) {
		ctl_say(stderr, "glasctl: %s; nothing was learnt",
		    t->wrong > 0 ? "correct these lines" : "no texts");
		return (-1);
	}
	l = learn_new(t->content);
	for (size_t i = 0; i < t->count; i++)
		learn_add(l, &t->rows[i].text);
	learn_add_keywords(l);
	if (t->database != NULL)
		result = train_database(t, l, t->database);
	if (result == 0)
		result = (t->folds > 0 ? train_validate : train_write)(t, l);
	learn_free(l);
	return (result);
}

/* Options into *t; -1 when they are wrong. */
static int
train_options(struct train *t, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "folds", required_argument, NULL, 'f' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "content", required_argument, NULL, 'C' },
		{ "database", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int ch;

	optind = 0;
	while ((ch = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (ch) {
		case 'f':
			t->folds = strtoul(optarg, &end, 10);
			if (*end != '\0' || t->folds < 2 ||
			    t->folds > TRAIN_FOLDS_MAX)
				return (-1);
			break;
		case 'v':
			t->verbose = true;
			break;
		case 'C':
			t->dir = optarg;
			break;
		case 'd':
			t->database = optarg;
			break;
		default:
			return (-1);
		}
	}
	return (optind < argc ? 0 : -1);
}

static int
train_name_compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

int
ctl_train(const struct ctl *ctl, int argc, char **argv)
{
	char beside[4096];
	struct train t = { .dir = ctl_content_dir(beside, sizeof beside) };
	int result = CTL_FAILED;

	if (train_options(&t, argc, argv) == -1)
		return (ctl_misused(ctl));
	if (train_load(&t) == 0) {
		/* A shell may sort names by its language. */
		qsort(argv + optind, (size_t)(argc - optind), sizeof *argv,
		    train_name_compare);
		for (int i = optind; i < argc; i++)
			train_file(&t, argv[i]);
		if (train_run(&t) == 0)
			result = CTL_DONE;
	}
	train_clear(&t);
	return (result);
}
