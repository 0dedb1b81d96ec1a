/*
 * The durable log seen by the gateway: items of one pass of the loop go in as
 * one record, come out again in order, and are done when the database has
 * them.
 */
#ifndef GLAS_JOURNAL_H
#define GLAS_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "store/record.h"

struct gateway;
struct journal;

/* Opens the log in the spool directory; fatal() when that cannot be. */
struct journal	*journal_open(struct gateway *);
void		 journal_close(struct journal *);

/*
 * In each pass: items are added, the record of the pass is written, read (when
 * it holds texts alone, at once: the database may look into them while the disk
 * writes) and synced. Nobody is told that an item was taken before it is.
 */
/* Adds an item to the record of this pass. */
void		 journal_add(struct journal *, const struct item *);
/* Adds one that nobody will offer again: when the disk refuses, it goes into
 * the record of the next pass. */
void		 journal_keep(struct journal *, const struct item *);
/* Appends the record of this pass, if there is one. False: the log takes none;
 * journal_sync() will say so. */
bool		 journal_write(struct journal *);
/* The number of the record that was written last. */
uint64_t	 journal_newest(const struct journal *);
/* Whether the sync may be put off a little: nothing but texts is written that
 * were read already. */
bool		 journal_waits(struct journal *);
/* Makes durable what was written; true also when there was nothing. When false,
 * none of the items since it was true last may be taken as written, and those
 * that are to be kept are in the next record. */
bool		 journal_sync(struct journal *);

/* Reads on in the log and hands items to mo and mt, as far as these have room
 * and the database is up. */
void		 journal_read(struct journal *);
/* One item of that record is in the database, or needs nothing there. */
void		 journal_done(struct journal *, uint64_t record);
/* How far journal_read() is. */
uint64_t	 journal_position(const struct journal *);
/* Whether it goes on, or there is nothing to read: false while the database is
 * away, or takes nothing. */
bool		 journal_moves(const struct journal *);
/* The newest record of before the start: what stands up to there may be in the
 * database already. */
uint64_t	 journal_found(const struct journal *);

/* The database has gone backwards: reads again what comes after that record,
 * whoever has it in hand must have let go of it. What was read before is
 * known by journal_again(). */
void		 journal_rewind(struct journal *, uint64_t after);
bool		 journal_again(const struct journal *, uint64_t record);
/* All that was to be read again is in the database. */
bool		 journal_reread(const struct journal *);
/* All up to this record is in the database, as far as that is known. */
uint64_t	 journal_stored(const struct journal *);

/* Calls back for each item of the records after that one, and for those of
 * this pass. */
typedef void	 journal_each(void *arg, uint64_t record, const struct item *);
void		 journal_scan(struct journal *, uint64_t after, journal_each *,
		    void *arg);

/* All of the log is in the database. */
bool		 journal_drained(const struct journal *);
/* Up to and with this record all is in the database. */
uint64_t	 journal_committed(const struct journal *);

/* For the status: octets of log not yet in the database. */
uint64_t	 journal_backlog(const struct journal *);
/* Records of it that are not. */
uint64_t	 journal_behind(const struct journal *);
/* Octets cut from its end when it was opened; pieces that are set aside. */
uint64_t	 journal_torn(const struct journal *);
size_t		 journal_set_aside(const struct journal *);
/* Why the log fails, in words; NULL when it does not. */
const char	*journal_failing(const struct journal *);
/* In each pass. True when something of the spool was removed and made anew: what
 * others keep there is to be written again. */
bool		 journal_look(struct journal *);
/* As it has found it: what is free on the disk is for other items than new
 * texts; why its files are not where the next start looks for them, in words,
 * or NULL. */
bool		 journal_full(const struct journal *);
const char	*journal_missing(const struct journal *);
/* For one of the two: new texts are not to be taken; nor those that tell of
 * danger. */
bool		 journal_refuses(const struct journal *);
bool		 journal_refuses_danger(const struct journal *);

#endif
