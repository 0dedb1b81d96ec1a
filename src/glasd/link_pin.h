/*
 * The PIN of a SIM, which three wrong ones lock: one that was entered and not
 * taken is never given again, also not by the next glasd.
 */
#ifndef GLAS_LINK_PIN_H
#define GLAS_LINK_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "lib/seal.h"
#include "store/config.h"

struct gateway;

/* What a link has been given. */
struct link_pin {
	bool		 given;
	bool		 entered;	/* and not known to be taken */
	bool		 unkept;	/* the disk refused to keep that */
	uint8_t		 token[SEAL_TOKEN_LEN];
};

/* Adds the PIN to the settings, if there is one; or `pin-spent`. */
void		 link_pin_give(struct link_pin *, const struct gateway *,
		    const struct config_link *, json_t *settings);
/* The link has said how it is: about to enter the PIN, or past that. */
void		 link_pin_said(struct link_pin *, const struct gateway *,
		    const struct config_link *, const char *state,
		    const char *detail);

#endif
