/*
 * Numbers of persons in what people write: of telephones and JMBG, in any
 * writing. What stays is said in doc/masking.md. Pure.
 */
#ifndef GLAS_MASK_H
#define GLAS_MASK_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* The numbers that were found, in their order. Zeroed memory is none. */
struct mask {
	const struct mask *open;	/* public ones, that stay; NULL: none */
	struct mask_number *numbers;
	size_t		 count;
	size_t		 marks;		/* "[broj N]" of them */
};

/* Appends the text with "[broj 1]", "[broj 2]" for numbers of telephones and
 * "[JMBG]" for personal numbers. A number that the mask has met keeps its mark,
 * also in another text. Valid UTF-8 stays so; at most twice as long. What is
 * masked once stays as it is, up to MASK_SETTLES octets; in a longer text, a
 * number may be left that can be seen only once many beside it are gone. */
#define MASK_SETTLES 2400
void	 mask_text(struct buf *out, const char *utf8, size_t len,
	    struct mask *);
/* The same of a string, to be freed. */
char	*mask_copy(const char *utf8, struct mask *)
	    __attribute__((warn_unused_result));
/* Whether these digits, four and more, with anything between, are a part of a
 * number that the mask has met. */
bool	 mask_hides(const struct mask *, const char *digits);
/* Octets of the mark that stands there, or 0. */
size_t	 mask_mark(const char *utf8, size_t len);
void	 mask_clear(struct mask *);

#endif
