/*
 * Preloaded into glas-modem by tests that start it often: libgammu sleeps for
 * fixed times of up to half a second between commands, for modems that are
 * slower than a simulated one. Those become a millisecond; the short ones by
 * which it looks for octets stay.
 */
#include <time.h>
#include <unistd.h>

#define HASTEN_FROM_US	50000
#define HASTEN_TO_US	1000

int
usleep(useconds_t us)
{
	struct timespec ts;

	if (us >= HASTEN_FROM_US)
		us = HASTEN_TO_US;
	ts.tv_sec = us / 1000000;
	ts.tv_nsec = (long)(us % 1000000) * 1000;
	return (nanosleep(&ts, NULL));
}
