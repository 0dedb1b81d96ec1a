/*
 * Deadlines. Runs in glas-modem; owns the real-time timer, whose SIGALRM has
 * no handler: libgammu cannot be interrupted in any other way (a modem that
 * chatters, or stops reading, keeps it inside for ever). glasd, which is told
 * a little more time, kills what even that does not reach.
 */
#include <sys/time.h>
#include <string.h>

#include "modem/modem_deadline.h"
#include "modem/modem_wire.h"

#define DEADLINE_SHORT_MS	8000

static int deadline_ms[MODEM_CALLS];

void
deadline_init(const int ms[MODEM_CALLS])
{
	memcpy(deadline_ms, ms, sizeof deadline_ms);
}

int
deadline_of(enum modem_call call)
{
	return (deadline_ms[call]);
}

static void
deadline_set(int ms)
{
	const struct itimerval timer = {
		.it_value = { .tv_sec = ms / 1000,
		    .tv_usec = ms % 1000 * 1000 },
	};

	setitimer(ITIMER_REAL, &timer, NULL);
}

void
deadline_begin(enum modem_call call)
{
	wire_busy(deadline_ms[call]);
	deadline_set(deadline_ms[call]);
}

void
deadline_begin_short(void)
{
	deadline_set(DEADLINE_SHORT_MS);
}

void
deadline_end(void)
{
	deadline_set(0);
}
