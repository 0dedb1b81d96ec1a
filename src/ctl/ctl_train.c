/*
 * glasctl train: learns weights from labelled texts, or says by
 * cross-validation how well texts would be read with them. Owns the texts while
 * it runs. A file with a mistake is named with its line, and nothing is
 * written.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ctl_train.h"
#include "lib/mem.h"
#include "store/pack.h"
#include "store/pg.h"
#include "text/learn.h"

#define TRAIN_FOLDS_MAX 100
#define TRAIN_ABOUT "What each feature of a text speaks for, in 32nds of a \
power of e. Written by glasctl train from etc/training; do not edit."
#define TRAIN_CORRECTED 3	/* importance of what a person has set right */

/* Corrections of case workers, which say what this office needs to learn. */
static int
train_database(struct train *t, struct learn *l)
{
	struct pg_client *c = ctl_open(t->database);
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
		result = train_database(t, l);
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
