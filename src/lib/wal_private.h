/*
 * Between the wal_*.c files alone: what is in a segment file, and the log in
 * memory. All numbers on disk are little-endian.
 *
 *	offset 0	segment header, 96 octets
 *	offset 512	the same once more
 *	offset 1024	records, each on a boundary of 8 octets: header of 24,
 *			nonce, sealed payload, tag, zeros up to the boundary
 *
 *	segment header			record header
 *	 0  magic			 0  magic
 *	 8  version			 4  payload length
 *	12  day, yyyymmdd		 8  kind
 *	16  first record number		12  check of 0-11 and 16-23
 *	24  newest durable before	16  record number
 *	32  committed when it began
 *	40  begun at, wall clock, us
 *	48  nothing, sealed, with 0-47 as associated data: fits the key
 *	88  zeros
 *	92  check of 0-91
 *
 * A segment that was given up after an I/O error may hold records behind its
 * last durable one. "Newest durable before" of the next segment voids them.
 *
 * How far the log has come, the oldest segment on the left: numbers of records
 * above, octets in the file of the active segment below.
 *
 *	 marked    committed     read      newest                put
 *	    |          |           |          |                   |
 *	+---v-----+----v----+------v----------v---------+---------v-------+
 *	| segment | segment | active: durable | kernel  | pending | zeros |
 *	+---------+---------+-----------------^---------^---------+-------^
 *	                                      |         |                 |
 *	                                     end     written            size
 *
 *	marked		wal_mark(), or the header by wal_begin(): what a start
 *			will find committed
 *	committed	wal_commit(): the database has it; never above newest
 *	read		wal_read(), the number of a cursor; wal_cursor_pass()
 *			moves it on, above newest too
 *	newest, end	wal_write_out(), after fdatasync: it may be acked
 *	written		wal_flush(): the kernel has it
 *	put, pending	wal_append(): sealed, in memory
 *
 * A failure takes put and pending back to newest (wal_abandon()), but not next,
 * the number of the next record: what was lost leaves a gap.
 */
#ifndef GLAS_WAL_PRIVATE_H
#define GLAS_WAL_PRIVATE_H

#include <sys/queue.h>
#include <dirent.h>

#include "lib/mem.h"
#include "lib/seal.h"
#include "lib/wal.h"

#define WAL_VERSION 1
#define WAL_AREA 1024		/* where records begin */
#define WAL_COPY 512		/* where the second header is */
#define WAL_HEAD 24		/* octets of a record header */
#define WAL_WINDOW (64u << 10)	/* octets read or written at once */
#define WAL_NUMBER_MAX (UINT64_MAX >> 1)
#define WAL_NAME_MAX 64
#define WAL_ASIDE "new"		/* a segment before it has its name */

enum wal_kind {
	WAL_KIND_RECORD,
	WAL_KIND_MARK	/* number: all up to it is committed; no payload */
};

struct wal_head {
	enum wal_kind	 kind;
	uint32_t	 len;
	uint64_t	 number;
};

struct wal_segment {
	TAILQ_ENTRY(wal_segment) entry;
	uint64_t	 id;		/* grows along the list */
	uint64_t	 first;
	uint64_t	 after;
	uint64_t	 committed;
	int64_t		 begin_us;
	uint32_t	 day;
	uint64_t	 last;	/* newest durable record in or before it */
	uint64_t	 end;	/* behind the last durable octet */
	uint64_t	 size;	/* of the file */
	int		 fd;	/* open while it holds what is not committed, so
				 * that it can be saved when somebody removes
				 * it, and of the newest one; else -1 */
};
TAILQ_HEAD(wal_segments, wal_segment);

struct wal_key {
	uint32_t	 day;
	struct seal_day	*key;
};

struct wal {
	char		*dir;
	char		*key_dir;
	size_t		 segment_size;
	int64_t		 keep_us;
	bool		 hold;
	char		*why;		/* it failed last; NULL: it has not */
	int		 dirfd;		/* holds the lock */
	struct wal_segments segments;	/* oldest first */
	uint64_t	 next_id;
	struct wal_key	*keys;		/* of the days of kept segments */
	size_t		 key_count;

	struct wal_segment *active;	/* NULL: the next append begins one */
	uint64_t	 written;	/* offset behind what the kernel has */
	struct buf	 pending;	/* sealed, to be written there */
	uint64_t	 next;		/* number of the next record */
	uint64_t	 put;		/* number of the last one appended */
	uint64_t	 newest;	/* number of the last durable one */
	uint64_t	 committed;
	uint64_t	 marked;	/* committed as the log says */
	int64_t		 marked_ms;
	bool		 failed;	/* the next wal_sync() must say so */
	bool		 complained;	/* no segment can be begun: logged */
	unsigned int	 restored;	/* times something was removed */
	int64_t		 restore_ms;	/* when the next piece of it may be
					   made anew */
	struct wal_recovery found;
};

/* wal_format.c: octets. */
uint32_t wal_day(int64_t wall_us);
bool	 wal_same_day(int64_t a_us, int64_t b_us);
size_t	 wal_record_size(size_t len);
void	 wal_head_encode(const struct wal_head *, uint8_t out[WAL_HEAD]);
/* Is there a sound header? */
bool	 wal_head_decode(const uint8_t in[WAL_HEAD], struct wal_head *);
void	 wal_area_encode(const struct wal_segment *, const struct seal_day *,
	    uint8_t area[WAL_AREA]);
enum wal_area {
	WAL_AREA_SOUND,
	WAL_AREA_BROKEN,	/* neither copy can be read */
	WAL_AREA_FOREIGN,	/* of a version unknown here */
	WAL_AREA_KEY		/* sealed with another key (only if given) */
};
enum wal_area wal_area_decode(const uint8_t area[WAL_AREA],
	    const struct seal_day *, struct wal_segment *);

/* wal_segment.c: one file. */
void	 wal_segment_name(const struct wal_segment *, char[WAL_NAME_MAX]);
bool	 wal_segment_parse_name(const char *, uint64_t *first);
int	 wal_segment_open(const struct wal *, const struct wal_segment *,
	    int flags) __attribute__((warn_unused_result));
/* Makes the file aside, so that one under a segment's name is always whole.
 * Its descriptor, or -1 with errno and no file. */
int	 wal_segment_make(const struct wal *, const struct wal_segment *,
	    const struct seal_day *) __attribute__((warn_unused_result));
/* Gives it its name, in the place of an empty segment of that name. -1: it may
 * have it, or come to have it after a crash. */
int	 wal_segment_publish(const struct wal *, const struct wal_segment *)
	    __attribute__((warn_unused_result));
/* Makes it anew out of what is open of it: octets up to `end`, in a file of
 * that size. -1 with errno: it is open as before. */
int	 wal_segment_copy(const struct wal *, struct wal_segment *,
	    uint64_t end, uint64_t size) __attribute__((warn_unused_result));
/* Copies octets from..to, as far as they can be read, and syncs. */
int	 wal_copy(int to_fd, int fd, uint64_t from, uint64_t to)
	    __attribute__((warn_unused_result));

/* wal_bad.c: DIR/bad. */
/* Says there, once, that its file is gone, and how many records after that one
 * with it. */
void	 wal_segment_lost(const struct wal *, const struct wal_segment *,
	    uint64_t after);
/* Says there, once, that what is not committed of what stood before it is. */
void	 wal_front_lost(const struct wal *, const struct wal_segment *front);
/* Says there, once, that the whole log is gone. */
void	 wal_log_lost(const struct wal *);
/* Copies octets from..to of a segment there, once; that it did, it remembers in
 * a file without contents whose name begins with a dot. */
void	 wal_segment_set_aside(const struct wal *, const struct wal_segment *,
	    int fd, uint64_t from, uint64_t to);
/* Forgets that of segments which are not there any more. */
void	 wal_bad_forget(const struct wal *);
/* Moves a whole file there. */
int	 wal_segment_banish(const struct wal *, const char *name)
	    __attribute__((warn_unused_result));

/* wal_reader.c: the records of one segment file, one after another. */
enum wal_got {
	WAL_GOT_RECORD,	/* head, plain */
	WAL_GOT_MARK,	/* head */
	WAL_GOT_BAD,	/* from..at cannot be read, at it goes on; lost */
	WAL_GOT_END	/* nothing valid from..end */
};

struct wal_reader {
	int		 fd;
	const struct seal_day *key;
	uint64_t	 at;
	uint64_t	 end;	/* may grow between calls */
	uint64_t	 limit;	/* records above are void; may grow */
	uint64_t	 last;	/* number of the last record read */
	struct wal_head	 head;
	struct buf	 plain;
	uint64_t	 from;
	uint64_t	 lost;	/* records missing in from..at, at least 1 */
	struct buf	 window;
	uint64_t	 window_at;
};

/* Takes the descriptor. */
void	 wal_reader_open(struct wal_reader *, int fd, const struct seal_day *,
	    const struct wal_segment *);
void	 wal_reader_close(struct wal_reader *);
enum wal_got wal_reader_next(struct wal_reader *);

/* wal_recover.c: from files to a log in memory. -1 with *error. */
int	 wal_recover(struct wal *, const char **error)
	    __attribute__((warn_unused_result));

/* wal_dir.c */
/* The names in it ("."), or in a directory in it; NULL with errno. */
DIR	*wal_dir_list(const struct wal *, const char *name)
	    __attribute__((warn_unused_result));
/* Opens and locks the directory, makes it if missing. -1 with *error. */
int	 wal_dir_open(struct wal *, const char **error)
	    __attribute__((warn_unused_result));
/* Has somebody removed what is open there? */
bool	 wal_removed(int fd);
/* Makes anew what somebody has removed: what is written to at once, the others
 * for half a second, or however long all of it takes. -1 with *error: not all of
 * it, or not yet. */
int	 wal_restore(struct wal *, bool all, const char **error)
	    __attribute__((warn_unused_result));

/* wal.c */
const struct seal_day *wal_key_of(struct wal *, uint32_t day, bool create,
	    const char **error) __attribute__((warn_unused_result));

#endif
