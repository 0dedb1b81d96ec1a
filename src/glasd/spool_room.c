/*
 * Keeps a part of the spool's disk free of new texts: what is sent, and what
 * became of it, must still be written down when the database is away for
 * longer than the disk lasts. Half of it is for texts that tell of danger, too.
 * Runs in glasd, called by journal.c in each pass of the loop. A disk that does
 * not say how full it is counts as not full: the log finds out by itself.
 */
#include "glasd/spool_room.h"
#include "lib/clock.h"
#include "lib/disk.h"
#include "lib/log.h"
#include "lib/wal.h"

#define SPOOL_LOOK_MS	250

/* Whether less is free than one part of so many of the reserve. */
static bool
spool_room_short(const struct wal *wal, int reserve_mib, unsigned int parts)
{
	uint64_t room, size;

	return (wal_room(wal, &room, &size) == 0 &&
	    room < disk_reserve(size, reserve_mib) / parts);
}

/* What is kept against a database that goes backwards is worth less than a text
 * that would not be taken. */
static bool
spool_room_is_full(struct wal *wal, int reserve_mib)
{
	unsigned int shed = 0;
	bool full;

	while ((full = spool_room_short(wal, reserve_mib, 1)) && wal_shed(wal))
		shed++;
	if (shed != 0)
		log_warn("spool=short: %u segments that are in the database go "
		    "before keep-committed is over", shed);
	return (full);
}

void
spool_room_look(struct spool_room *s, struct wal *wal, int reserve_mib)
{
	int64_t now = clock_mono_ms();
	bool before = s->full;

	if (s->look_ms != 0 && now < s->look_ms)
		return;
	s->look_ms = now + SPOOL_LOOK_MS;
	s->full = spool_room_is_full(wal, reserve_mib);
	s->spent = s->full && spool_room_short(wal, reserve_mib, 2);
	if (s->full && !before)
		log_error("spool=full remedy=\"free space on its disk\": new "
		    "texts stay with their links, but danger");
	else if (before && !s->full)
		log_notice("spool=roomy");
}
