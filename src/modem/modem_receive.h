/*
 * Receiving: texts and status reports out of the slots of the modem, offered
 * to glasd, deleted once glasd has them.
 */
#ifndef GLAS_MODEM_RECEIVE_H
#define GLAS_MODEM_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/modem.h"

void	 receive_init(const struct modem_settings *, const char *imsi);
/* Some deletions, some readings, a fraction of a second in all. True when
 * there was something to do. */
bool	 receive_step(void);
/* Reads slot by slot, without a list; says which before each is decoded, so
 * that glasd knows of which we died. The killer (0: none) is not decoded. */
void	 receive_one_by_one(int killer);
/* When (monotonic ms) there will be something to do by itself. */
int64_t	 receive_due(void);

#endif
