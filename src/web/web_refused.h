/* What was brought and refused, for glasd to count and to tell of. */
#ifndef GLAS_WEB_REFUSED_H
#define GLAS_WEB_REFUSED_H

#include <stdbool.h>

/* One more, and in words why: no number and no text is in them. `known`: it came
 * from who may. */
void	 refused_note(const char *why, bool known);

#endif
