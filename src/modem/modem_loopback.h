/*
 * Whether the modem hears: when nobody has written for long, a text to its own
 * number must come back. Off unless the settings say after how long.
 */
#ifndef GLAS_MODEM_LOOPBACK_H
#define GLAS_MODEM_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/modem.h"
#include "modem/modem_gammu.h"

void		 loopback_init(const struct modem_settings *);
/* "deaf", or "". */
const char	*loopback_trouble(void);

/* When (monotonic ms) loopback_step() has something to do. */
int64_t		 loopback_due(void);
/* Sends a text, or finds that one has not come back; then it may leave the
 * program, so that the modem is reset. */
bool		 loopback_step(void);

/* Something has come from the air. */
void		 loopback_heard(void);
/* True when it is a text of ours, which is nobody else's business. */
bool		 loopback_is_ours(const struct gammu_text *);

#endif
