/*
 * The settings of one modem, as glasd gives them.
 */
#ifndef GLAS_MODEM_SETTINGS_H
#define GLAS_MODEM_SETTINGS_H

#include <jansson.h>

#include "modem/modem.h"

/* From the `start` message; what does not stand there has its default. */
void	 settings_read(struct modem_settings *, const json_t *start);
/* NULL, or in a word what no modem can be opened with. */
const char *settings_wrong(const struct modem_settings *);

#endif
