/*
 * The room that the log leaves on its disk.
 */
#ifndef GLAS_SPOOL_ROOM_H
#define GLAS_SPOOL_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct wal;

struct spool_room {
	bool		 full;
	bool		 spent;		/* and half of the reserve is, too */
	int64_t		 look_ms;	/* at the disk again, clock_mono; 0: at
					   once */
};

/* Call it often: it looks at the disk now and then, and sets `full` while less
 * than the reserve is free, though all is deleted that the log need not have.
 * What is free then is for danger and for what is sent; once it is `spent`, for
 * the latter alone.
 * `reserve_mib` of 0: 5 % of the disk, but no less than 50 MiB and no more than
 * 1 GiB. */
void		 spool_room_look(struct spool_room *, struct wal *,
		    int reserve_mib);

#endif
