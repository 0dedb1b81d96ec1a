/*
 * USSD codes that glasd wants dialled, such as the one that tells the credit.
 */
#ifndef GLAS_MODEM_USSD_H
#define GLAS_MODEM_USSD_H

#include <stdbool.h>

#include <jansson.h>

/* Queues a `ussd`; takes a reference of its own. Only the last few wait. */
void	 ussd_take(json_t *);
/* Dials the first one, if there is one. */
bool	 ussd_step(void);

#endif
