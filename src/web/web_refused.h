/* What was brought and refused, for glasd to count and to tell of. */
#ifndef GLAS_WEB_REFUSED_H
#define GLAS_WEB_REFUSED_H

/* One more, and in words why: no number and no text is in them. */
void	 refused_note(const char *why);

#endif
