/*
 * Incoming voice calls: rejected, and told to glasd as missed.
 */
#ifndef GLAS_MODEM_CALL_H
#define GLAS_MODEM_CALL_H

#include <stdbool.h>

bool	 call_step(void);

#endif
