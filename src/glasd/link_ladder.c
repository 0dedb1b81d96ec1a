/*
 * The ladder of recovery of a link. Runs in glasd; owns nothing: each link has
 * its rungs. Called by link.c. What is merely missing (unplugged, no SIM) is
 * waited for. What falls while it lists its store may have a text in there
 * that kills it: it lists one by one, saying which, and the one in which it
 * falls then is read without decoding. What falls again and again in mid-call
 * has its modem reset.
 */
#include <stdio.h>
#include <string.h>

#include "glasd/link_ladder.h"
#include "lib/clock.h"

#define LADDER_WAIT_MS		500
#define LADDER_STEADY_MS	60000	/* up so long: the wait begins anew */
#define LADDER_FALLS		3
#define LADDER_SHORT_ORDER_MS	600000	/* between two that belong together */

void
ladder_init(struct link_ladder *ladder)
{
	*ladder = (struct link_ladder){ .wait_ms = LADDER_WAIT_MS };
}

void
ladder_said(struct link_ladder *ladder, const char *state, const char *detail)
{
	if (strcmp(state, "ready") == 0)
		ladder->careful = false;
	/* It has come to its store, and knows of it. */
	if (strcmp(state, "listing") == 0 || strcmp(state, "ready") == 0)
		ladder->killer = 0;
	if (strcmp(detail, "deaf") == 0)
		ladder->deaf = true;
	else if (strcmp(state, "ready") == 0)
		ladder->deaf = false;
}

/* A program that dies by itself outside of a call has itself to blame. */
static bool
ladder_blames_modem(const struct link_fall *fall)
{
	static const char *const details[] = { "no-answer", "init-failed",
		"deaf" };

	if (strcmp(fall->state, "down") != 0)
		return (fall->busy);
	for (size_t n = 0; n < sizeof details / sizeof details[0]; n++) {
		if (strcmp(fall->detail, details[n]) == 0)
			return (true);
	}
	return (false);
}

void
ladder_fell(struct link_ladder *ladder, const struct link_fall *fall)
{
	int64_t now = clock_mono_ms();

	if (fall->up_ms > LADDER_STEADY_MS)
		ladder->wait_ms = LADDER_WAIT_MS;
	if (strcmp(fall->state, "listing") == 0) {
		ladder->careful = true;
		if (sscanf(fall->detail, "slot %d", &ladder->killer) == 1)
			return;
	}
	if (!ladder_blames_modem(fall))
		return;
	if (now - ladder->fell_at > LADDER_SHORT_ORDER_MS)
		ladder->falls = 0;
	ladder->fell_at = now;
	ladder->falls++;
	/* To start again does not help one that hears nobody. */
	ladder->reset = strcmp(fall->detail, "deaf") == 0 ||
	    ladder->falls >= LADDER_FALLS;
}

int64_t
ladder_wait(struct link_ladder *ladder, int64_t max_ms)
{
	int64_t wait_ms = ladder->wait_ms < max_ms ? ladder->wait_ms : max_ms;

	ladder->wait_ms = 2 * wait_ms;
	return (wait_ms);
}

void
ladder_settings(struct link_ladder *ladder, json_t *settings)
{
	if (ladder->careful)
		json_object_set_new(settings, "one-by-one",
		    json_string("yes"));
	if (ladder->killer != 0)
		json_object_set_new(settings, "raw-slot",
		    json_sprintf("%d", ladder->killer));
	if (ladder->reset)
		json_object_set_new(settings, "reset", json_string("yes"));
	if (ladder->deaf)
		json_object_set_new(settings, "deaf", json_string("yes"));
	ladder->reset = false;
}
