/* How much two texts say the same. Pure. */
#ifndef GLAS_SIMILAR_H
#define GLAS_SIMILAR_H

/* The share of their different words that both have, from 0 to 1, whatever the
 * script and the diacritics. Words beyond the first hundred do not count. */
double	 similar(const char *a, const char *b);

#endif
