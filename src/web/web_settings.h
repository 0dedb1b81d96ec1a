/*
 * The settings of a section, as glasd gives them.
 */
#ifndef GLAS_WEB_SETTINGS_H
#define GLAS_WEB_SETTINGS_H

#include <jansson.h>

#include "web/web.h"

/* From the `start` message; what does not stand there has its default. Leaves
 * when the secret cannot be read, or is none. */
void	 settings_read(struct web_settings *, const json_t *start);

#endif
