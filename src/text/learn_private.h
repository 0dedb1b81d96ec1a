/*
 * Between learn.c and learn_weights.c: texts, as the features that they have.
 */
#ifndef GLAS_LEARN_PRIVATE_H
#define GLAS_LEARN_PRIVATE_H

#include "lib/mem.h"
#include "text/learn.h"
#include "text/weights.h"

struct learn_feature {
	uint64_t	 hash;
	size_t		 text;		/* offset in texts */
};

struct learn_example {
	size_t		 first, count;	/* in ids */
	size_t		 classes[LEARN_LABELS_MAX];
	size_t		 class_count;
	size_t		 danger;	/* its class; SIZE_MAX: not said */
	size_t		 lang;		/* SIZE_MAX: none */
	float		 importance;
};

struct learn_class {
	char		 name[48];
	enum weights_group group;
};

struct learn {
	const struct content *content;
	struct learn_feature *features;
	size_t		 feature_count, feature_room;
	uint32_t	*slots;		/* 1 + feature, by hash */
	size_t		 mask;
	struct buf	 texts;		/* of features, NUL behind each */
	struct learn_example *examples;
	size_t		 example_count, example_room;
	uint32_t	*ids;		/* features of all examples */
	size_t		 id_count, id_room;
	struct learn_class classes[WEIGHTS_CLASSES_MAX];
	size_t		 class_count;
};

#endif
