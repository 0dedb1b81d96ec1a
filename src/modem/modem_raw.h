/*
 * Slots that libgammu cannot handle: read, offered and deleted with our own AT
 * commands, as the PDUs that they hold.
 */
#ifndef GLAS_MODEM_RAW_H
#define GLAS_MODEM_RAW_H

#include <stdbool.h>

#include "modem/modem.h"

void	 raw_init(const struct modem_settings *, const char *imsi);
enum raw_decoded {
	RAW_DECODED,		/* and taken */
	RAW_UNDECODABLE,	/* it is offered as it is */
	RAW_LATER		/* there is no room now */
};
/* Takes the PDU of a slot, in hexadecimal. */
typedef enum raw_decoded raw_decode(int slot, const char *pdu);
/* Closes libgammu, takes these slots (flat numbers), deletes what was offered as
 * a PDU and is acked within some seconds, opens libgammu again. Numbers that
 * could be taken become -1. */
void	 raw_session(int *slots, int count, raw_decode *);
/* The same for all slots of all stores; the killer (0: none) is not decoded. */
void	 raw_session_all(int killer, raw_decode *);
/* Whether a killer is not deleted yet: libgammu must not list. */
bool	 raw_has_killer(void);
/* Whether a slot has been offered here and is not deleted yet. */
bool	 raw_knows(int slot);
/* Whether something has been acked since, and waits for a session. */
bool	 raw_owes(void);

#endif
