/*
 * Nothing here waits for ever: around each call that may block stands a
 * deadline, which glasd is told, and past which this process is gone.
 */
#ifndef GLAS_MODEM_DEADLINE_H
#define GLAS_MODEM_DEADLINE_H

#include "modem/modem.h"

void	 deadline_init(const int ms[MODEM_CALLS]);
/* How long such a call may take, in milliseconds. */
int	 deadline_of(enum modem_call);
/* From begin to end the process lives no longer than the deadline. Not
 * nested. */
void	 deadline_begin(enum modem_call);
/* The same for what takes no time but must not loop: glasd is told nothing, the
 * deadline is less than the time that it leaves us to answer a ping. */
void	 deadline_begin_short(void);
void	 deadline_end(void);

#endif
