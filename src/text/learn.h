/*
 * Learns weights from labelled texts: the entries of the section "weights".
 * Deterministic: the same texts in the same order and the same content give the
 * same weights. Pure.
 */
#ifndef GLAS_LEARN_H
#define GLAS_LEARN_H

#include <stddef.h>

#include <jansson.h>

#include "text/reading.h"

#define LEARN_LABELS_MAX 4

/* What a text means, as somebody has said. */
struct learn_label {
	enum intent	 intent;
	const char	*code;		/* "" where the intent has none */
};

enum learn_danger {
	LEARN_SAFE,
	LEARN_DANGER,
	LEARN_NOT_SAID
};

struct learn_text {
	const char	*text;		/* valid UTF-8 */
	struct learn_label labels[LEARN_LABELS_MAX]; /* the first is meant,
					   others would do */
	size_t		 label_count;	/* 0: nothing is said of its meaning */
	enum learn_danger danger;
	enum lang	 lang;		/* LANG_UND: cannot be told */
	double		 importance;	/* 1 as a rule */
};

struct learn;

/* The content reads keywords and places, must outlive this, and has no weights
 * or they are not used. */
struct learn	*learn_new(const struct content *);
void		 learn_free(struct learn *);
/* Keeps nothing of the text but its features. */
void		 learn_add(struct learn *, const struct learn_text *);

/* Adds the keywords of the content as short texts of what they mean, so that
 * plain words stay plain, also where nobody has labelled a text with them. */
void		 learn_add_keywords(struct learn *);

/* Texts added, counted from 0, are left out when their number modulo `folds`
 * is `fold`; none when `folds` is 0. The entries are the caller's. */
json_t		*learn_weights(const struct learn *, size_t fold, size_t folds);

#endif
