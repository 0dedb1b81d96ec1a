/*
 * Calls. Runs in glas-modem; owns the last caller's number, since one call
 * rings many times. Called from the main loop.
 */
#include <string.h>

#include "lib/clock.h"
#include "modem/modem_call.h"
#include "modem/modem_gammu.h"
#include "modem/modem_wire.h"

/* Rings of one number so near are one call, unless its end was heard: a network
 * rings every five seconds, and somebody who lets it ring three times in a row
 * has called three times. */
#define CALL_SAME_MS	10000

static char call_last[GAMMU_NUMBER_SIZE];
static int64_t call_last_at = INT64_MIN / 2;

bool
call_step(void)
{
	char number[GAMMU_NUMBER_SIZE];
	bool same;

	if (gammu_take_call_end())
		call_last_at = INT64_MIN / 2;
	if (wire_room() == 0 || !gammu_take_call(number))
		return (false);
	gammu_hang_up();
	same = strcmp(number, call_last) == 0 &&
	    clock_mono_ms() - call_last_at < CALL_SAME_MS;
	memcpy(call_last, number, sizeof call_last);
	call_last_at = clock_mono_ms();
	if (!same)
		wire_offer(json_pack("{s:s, s:s}", "t", "call",
		    "originator", number), "call", NULL, 0);
	return (true);
}
