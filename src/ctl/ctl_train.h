/*
 * glasctl train: what its parts share.
 */
#ifndef GLAS_CTL_TRAIN_H
#define GLAS_CTL_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "text/learn.h"

struct content;

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

/* ctl_train_read.c */
/* Adds the texts of a file. */
void	 train_file(struct train *, const char *file);
/* What an intent and a code are called in the content; -1 when that is nothing
 * that a text can mean. */
int	 train_label(const struct train *, const char *intent, const char *code,
	    struct learn_label *) __attribute__((warn_unused_result));

/* ctl_train_score.c */
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

/* Reads the text, and counts what of it was read right; says it when `show`. */
void	 train_score(struct train_figures *, const struct content *,
	    const struct train_row *, bool show);
void	 train_print(const struct train_figures *learnt,
	    const struct train_figures *keywords);

#endif
