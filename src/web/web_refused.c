/*
 * What was brought and refused. Runs in glas-web, called by what answers
 * requests; owns the count. Who brings it may never look at the answer: a field
 * of another name, or a secret that was changed on one side, would lose each
 * text while all seems well. So glasd is told, once a second at most: whoever
 * knocks without end costs it nothing. Nor does a stranger hide what is to be
 * mended: why something from who may was refused stands for as long as
 * glasd tells of it.
 */
#include <stdint.h>
#include <string.h>

#include <event2/event.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "web/web.h"
#include "web/web_refused.h"
#include "web/web_wire.h"

#define REFUSED_WHY	120
#define REFUSED_STANDS_MS	(3600 * INT64_C(1000))

static struct {
	unsigned int	 count;		/* and not told yet */
	char		 why[REFUSED_WHY];	/* of the last */
	int64_t		 stands;	/* before whatever strangers do; until,
					   monotonic ms */
	struct event	*rest;
} refused;

static void
refused_tell(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval second = { .tv_sec = 1 };

	(void)fd;
	(void)what;
	(void)arg;
	if (refused.count == 0)
		return;
	wire_say(json_pack("{s:s, s:I, s:s}", "t", "refused", "count",
	    (json_int_t)refused.count, "why", refused.why));
	refused.count = 0;
	evtimer_add(refused.rest, &second);
}

/* The first line, cut between two letters: what is no UTF-8 is no message. */
static void
refused_why(const char *why)
{
	size_t len = strcspn(why, "\n");

	if (len > REFUSED_WHY - 1)
		len = REFUSED_WHY - 1;
	while (len > 0 && (why[len] & 0xc0) == 0x80)
		len--;
	memcpy(refused.why, why, len);
	refused.why[len] = '\0';
}

void
refused_note(const char *why, bool known)
{
	int64_t now = clock_mono_ms();

	refused.count++;
	if (known || now >= refused.stands)
		refused_why(why);
	if (known)
		refused.stands = now + REFUSED_STANDS_MS;
	if (refused.rest == NULL)
		refused.rest = evtimer_new(web_base, refused_tell, NULL);
	if (refused.rest == NULL)
		fatal("out of memory: no timer for what is refused");
	if (!evtimer_pending(refused.rest, NULL))
		refused_tell(-1, 0, NULL);
}
