/*
 * Calls. Runs in glas-modem; owns nothing. Called from the main loop. A call is
 * rejected at once, also while there is no room to tell of it.
 */
#include "modem/modem_call.h"
#include "modem/modem_gammu.h"
#include "modem/modem_wire.h"

bool
call_step(void)
{
	char number[GAMMU_NUMBER_SIZE];
	bool rings = gammu_rings();

	if (rings)
		gammu_hang_up();
	if (wire_room() == 0 || !gammu_take_call(number))
		return (rings);
	wire_offer(json_pack("{s:s, s:s}", "t", "call", "originator", number),
	    "call", NULL, 0);
	return (true);
}
