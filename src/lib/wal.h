/*
 * The durable log: sealed, checksummed records in preallocated segment files
 * in one directory, written by one process, read by cursors of the same
 * process. What wal_sync() has returned 0 for survives a crash.
 *
 * A segment holds records one after another; record numbers start at 1, grow
 * by 1 and are never used again (a failed wal_sync() leaves some out). Each
 * record is sealed under the key of the day on which its segment began; the
 * key is a file of its own (seal_day_load() in seal.h) that goes with the last
 * segment of its day.
 */
#ifndef GLAS_WAL_H
#define GLAS_WAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wal;
struct wal_cursor;

struct wal_settings {
	const char	*dir;		/* segments; made if missing, 0700 */
	const char	*key_dir;	/* keys of the days, of this log alone:
					 * two gateways must not share it */
	size_t		 segment_size;	/* octets, 0 = 8 MiB */
	int64_t		 keep_us;	/* committed segments are kept this long */
	bool		 hold;		/* as after wal_hold() */
};

#define WAL_RECORD_MAX (4u << 20)	/* octets of payload */

/* What was found at start, for the log and the status. */
struct wal_recovery {
	uint64_t	segments;
	uint64_t	records;	/* not yet committed */
	uint64_t	torn;		/* octets cut from the tail */
	uint64_t	set_aside;	/* bad records in the middle, as long as
					 * their segment is not committed */
};

/* Opens the log, cuts a torn tail, finds the first record that is not
 * committed. Bad records in the middle are copied to DIR/bad and passed over.
 * NULL when the directory, a segment or a key that is needed cannot be used,
 * or another process has the log; *error then says why and what to do (static
 * or until the next call). Holds an flock on the directory until wal_close(),
 * which makes durable what is appended and committed. Cursors go first. */
struct wal	*wal_open(const struct wal_settings *, struct wal_recovery *,
		    const char **error) __attribute__((warn_unused_result));
void		 wal_close(struct wal *);

/* Adds a record to what the next wal_sync() makes durable. Returns its number;
 * 0 when it cannot be written (disk full, I/O error, too long): then nothing
 * of it remains. After an I/O error it stays 0 until wal_sync() has said -1. */
uint64_t	 wal_append(struct wal *, const void *payload, size_t len)
		    __attribute__((warn_unused_result));

/* Makes all appended records durable with one fdatasync. -1: none of the
 * records appended since the last success may be taken as written; the segment
 * is abandoned, its records that were durable before are kept, and the next
 * wal_append() begins a new one; their numbers are not used again. Never syncs
 * a descriptor again that failed. With nothing appended it costs nothing but a
 * due commit mark and the deletions; call it now and then, so that a log that
 * nobody writes to lets go of its segments and keys too. */
int		 wal_sync(struct wal *) __attribute__((warn_unused_result));

/* All records up to and with this number are in the database. Kept in memory
 * and written lazily (a commit mark is itself a record). Once it is written,
 * segments that are wholly committed and older than keep_us are deleted, and
 * their day's key with the last of them. */
void		 wal_commit(struct wal *, uint64_t number);
uint64_t	 wal_committed(const struct wal *);
/* Nothing is deleted while it holds, however old: it may be wanted again. */
void		 wal_hold(struct wal *, bool);
/* Deletes the oldest segment before keep_us has passed. False: none may go, or
 * it cannot be deleted. */
bool		 wal_shed(struct wal *);
/* Octets that are free on its file system, and how large that is. -1: the disk
 * does not say. */
int		 wal_room(const struct wal *, uint64_t *room, uint64_t *size)
		    __attribute__((warn_unused_result));
/* Makes anew what somebody has removed of the log, out of what is open. -1 with
 * *error (as of wal_open()): it is not where it is looked for at the next
 * start; nothing that cannot be had again should go into it. Call it now and
 * then. */
int		 wal_look(struct wal *, const char **error)
		    __attribute__((warn_unused_result));
/* How often something was, as far as it could be: what others keep in the
 * directory may be gone as well. */
unsigned int	 wal_restored(const struct wal *);
/* The number of the newest durable record. */
uint64_t	 wal_newest(const struct wal *);
/* Octets written to segments that hold uncommitted records; 0 when there are
 * none. */
uint64_t	 wal_backlog(const struct wal *);
/* Why it failed last, in words; valid until it does again. */
const char	*wal_why(const struct wal *);
/* Files in DIR/bad; 0 also when they cannot be counted. */
size_t		 wal_set_aside(const struct wal *);

/* A cursor reads durable records in order, from the one after `number` on;
 * wal_committed() to go on after a crash, 0 for all that is kept. */
struct wal_cursor *wal_cursor_open(struct wal *, uint64_t number);
void		 wal_cursor_close(struct wal_cursor *);
/* Passes over records up to this one: the caller has it from elsewhere. */
void		 wal_cursor_pass(struct wal_cursor *, uint64_t number);
/* 1: *payload (valid until the next call on this cursor), *len and *number are
 * set; 0: nothing durable is left to read now; -1: one record or more could not
 * be read and were set aside, call again for the next. Numbers grow; they have
 * gaps where records are lost or were never durable. */
int		 wal_read(struct wal_cursor *, const void **payload,
		    size_t *len, uint64_t *number)
		    __attribute__((warn_unused_result));

#endif
