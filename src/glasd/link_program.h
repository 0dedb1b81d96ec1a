/*
 * The programs behind links: which one, as which user, with which settings.
 */
#ifndef GLAS_LINK_PROGRAM_H
#define GLAS_LINK_PROGRAM_H

#include <stdbool.h>

#include <jansson.h>

#include "store/config.h"

struct buf;
struct proc;

/* Starts it, as the user of links when this process is root. -1: it cannot be;
 * the log says why. */
int		 link_program_start(const struct config *,
		    const struct config_link *, struct proc *)
		    __attribute__((warn_unused_result));
/* What it is told: its section, and the PIN out of its file if that is wanted;
 * a PIN that cannot be read is logged and left out. */
json_t		*link_program_settings(const struct config_link *, bool pin);
/* Before anything is started: false when the program or the PIN is not there,
 * with a line for each in `problems`. */
bool		 link_program_check(const struct config *,
		    const struct config_link *, struct buf *problems);

#endif
