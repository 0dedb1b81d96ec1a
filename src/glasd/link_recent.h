/* How often something happened to a link lately. */
#ifndef GLAS_LINK_RECENT_H
#define GLAS_LINK_RECENT_H

#include <stdint.h>

#define LINK_RECENT_MAX	16	/* more are not told apart */
#define LINK_RECENT_MS	3600000	/* lately */

/* Zeroed memory: never. */
struct link_recent {
	int64_t		 at[LINK_RECENT_MAX];	/* clock_mono_ms, a ring */
	unsigned int	 next;
	unsigned int	 count;
};

/* It happens now. */
void		 link_recent_note(struct link_recent *);
unsigned int	 link_recent_count(const struct link_recent *);

#endif
