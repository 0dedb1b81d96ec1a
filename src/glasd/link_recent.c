/*
 * Remembers when something happened to a link last. Runs in glasd, for link.c;
 * owns nothing: each link has its own.
 */
#include "glasd/link_recent.h"
#include "lib/clock.h"

void
link_recent_note(struct link_recent *recent)
{
	recent->at[recent->next] = clock_mono_ms();
	recent->next = (recent->next + 1) % LINK_RECENT_MAX;
	if (recent->count < LINK_RECENT_MAX)
		recent->count++;
}

unsigned int
link_recent_count(const struct link_recent *recent)
{
	int64_t from = clock_mono_ms() - LINK_RECENT_MS;
	unsigned int n = 0;

	for (unsigned int i = 0; i < recent->count; i++)
		n += recent->at[i] > from;
	return (n);
}
