/*
 * The port of the modem: where it is, and whether it can be used.
 */
#ifndef GLAS_MODEM_PORT_H
#define GLAS_MODEM_PORT_H

#include "modem/modem.h"

/* Fills in `device` where only an IMEI is known, and makes it a real path.
 * NULL, or in a word why there is none. */
const char *port_find(struct modem_settings *);
/* Asks the modem to begin anew. NULL: it cannot be asked, or "reset", with
 * which to leave: it goes away, and comes back as another device. */
const char *port_reset(const struct modem_settings *);
/* NULL, or in a word why the modem at that port cannot be used. Not knowing is
 * no reason. */
const char *port_check(const struct modem_settings *);

#endif
