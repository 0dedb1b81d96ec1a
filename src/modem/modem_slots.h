/*
 * Slots that glasd has been offered: known again when the store is listed, and
 * deleted once glasd has them.
 */
#ifndef GLAS_MODEM_SLOTS_H
#define GLAS_MODEM_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "modem/modem.h"
#include "modem/modem_gammu.h"

void	 slots_init(const struct modem_settings *);
/* In a word what is wrong with the store, or "". */
const char *slots_trouble(void);

/* A list is read from now on, or no more. */
void	 slots_listing(bool);
/* Whether there is room for one more. */
bool	 slots_have_room(void);
/* Whether this one is here, or was when the list was begun: what the list has of
 * it is no news. */
bool	 slots_know(int slot);
/* One more, whose text is offered, or needs no ack. There must be room. */
void	 slots_add(int slot, const struct gammu_text *, bool acked);
void	 slots_acked(int slot);

enum slots_deleted {
	SLOTS_NOTHING,		/* is to be deleted now */
	SLOTS_TRIED,
	SLOTS_CHANGED		/* another text stands there: list again */
};
/* Tries to delete one. Leaves when the modem is gone. */
enum slots_deleted slots_delete(void);
/* When (monotonic ms) there will be one to delete; INT64_MAX for none. */
int64_t	 slots_due(void);

#endif
