/*
 * How much each feature speaks for what: the compiled section "weights" of a
 * content. Read-only once made. Pure.
 */
#ifndef GLAS_WEIGHTS_H
#define GLAS_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "text/reading.h"

struct content_sink;

#define WEIGHTS_CLASSES_MAX 160	/* what a content can have */
#define WEIGHTS_MAX 131072
#define WEIGHTS_UNIT 32		/* weights of it multiply the odds by e */

/* Classes of one group exclude each other. */
enum weights_group {
	WEIGHTS_MEANING,	/* "report POL_ID", "rights DV", "help" */
	WEIGHTS_DANGER,		/* "danger yes", "danger no" */
	WEIGHTS_LANGUAGE,	/* "language sq" */
	WEIGHTS_GROUPS
};

struct weights_class {
	enum weights_group group;
	enum intent	 intent;
	int		 code;		/* index of the category or topic, or
					   CONTENT_NONE */
	bool		 danger;
	enum lang	 lang;
	int		 bias;
};

struct weight {
	uint8_t		 cls;
	int8_t		 value;
};

struct weights;

/* NULL when there are no entries. One that cannot be used is reported and left
 * out. The content has its categories and topics. */
struct weights	*weights_new(const struct content *, json_t *entries,
		    const struct content_sink *);
void		 weights_free(struct weights *);

const struct weights_class *weights_classes(const struct weights *,
		    size_t *count);
/* What a text can mean to whoever knows nothing of the one before; the rest is
 * told by words of command or by what was asked. */
bool		 weights_can_mean(enum intent);

/* Weights of one feature stand side by side: those of the feature of this hash,
 * none when it is silent. `first` tells features apart. */
struct weights_of {
	uint32_t	 first;
	uint32_t	 count;
};
struct weights_of weights_find(const struct weights *, uint64_t hash);
size_t		 weights_count(const struct weights *);
const struct weight *weights_at(const struct weights *, uint32_t);

#endif
