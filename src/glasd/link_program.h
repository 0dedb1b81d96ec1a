/*
 * The programs behind links: which one, as which user.
 */
#ifndef GLAS_LINK_PROGRAM_H
#define GLAS_LINK_PROGRAM_H

#include "store/config.h"

struct proc;

/* Starts it, as the user of links when this process is root. -1: it cannot be;
 * the log says why. */
int		 link_program_start(const struct config *,
		    const struct config_link *, struct proc *)
		    __attribute__((warn_unused_result));
/* Which files with secrets it finds at a start, in words that are others when
 * one of them has changed: to be freed. */
char		*link_program_secrets(const struct config_link *);

#endif
