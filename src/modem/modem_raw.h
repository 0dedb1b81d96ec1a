/*
 * Slots that libgammu cannot handle: read, offered and deleted with our own AT
 * commands, as the PDUs that they hold.
 */
#ifndef GLAS_MODEM_RAW_H
#define GLAS_MODEM_RAW_H

#include <stdbool.h>

#include "modem/modem.h"

void	 raw_init(const struct modem_settings *, const char *imsi);
/* Closes libgammu, offers these slots (flat numbers), deletes what is acked
 * within some seconds, opens libgammu again. Numbers that could be taken become
 * -1: they are known here from now on. */
void	 raw_session(int *slots, int count);
/* The same for one slot (0: none); then finds which slots of all stores are
 * taken, at most `max`, and returns how many. */
int	 raw_session_taken(int slot, int *slots, int max);
/* Whether a slot has been offered here and is not deleted yet. */
bool	 raw_knows(int slot);
/* Whether something has been acked since, and waits for a session. */
bool	 raw_owes(void);

#endif
