/*
 * What glasd is told of the modem: its state, its SIM, signal and network.
 */
#ifndef GLAS_MODEM_STATE_H
#define GLAS_MODEM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/modem.h"

/* How the sandbox has come out; nothing is said of it before. */
void	 state_sandbox(bool sandboxed);
/* A word of the protocol for what is under way before the modem is open. */
void	 state_say(const char *state, const char *detail);
/* Waits for the SIM, enters the PIN at most once. Does not return when it
 * cannot be had. The PIN is wiped. */
void	 state_unlock(struct modem_settings *);
/* What has become of the SIM since, in a word; "" when it is well or the modem
 * does not tell. */
const char *state_sim_trouble(void);
/* Reads and says who modem and SIM are; leaves when the SIM does not tell.
 * Returns the IMSI, which stays. */
const char *state_identify(void);
/* Says it all again. */
void	 state_tell(void);
/* The modem is registered with a network, or cannot tell. */
bool	 state_on_air(void);
/* A list is being read, or no more. */
void	 state_listing(bool);
/* Looks at signal, network and fill when it is time; true when it did. */
bool	 state_step(void);
int64_t	 state_due(void);

#endif
