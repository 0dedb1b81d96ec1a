/*
 * Cursors over the durable log. Run in glasd beside the writer and in the same
 * thread; own a descriptor and their buffers. Called by journal.c.
 * A segment is found again by its id at every call, since the writer may have
 * deleted it meanwhile; what cannot be read is set aside and passed over.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/wal_private.h"

struct wal_cursor {
	struct wal *wal;
	uint64_t number; /* read up to here */
	uint64_t segment; /* id of the one last opened */
	struct wal_reader reader;
};

struct wal_cursor *
wal_cursor_open(struct wal *w, uint64_t number)
{
	struct wal_cursor *c = xcalloc(1, sizeof *c);

	c->wal = w;
	c->number = number;
	c->reader.fd = -1;
	return (c);
}

void
wal_cursor_close(struct wal_cursor *c)
{
	if (c == NULL)
		return;
	wal_reader_close(&c->reader);
	free(c);
}

void
wal_cursor_pass(struct wal_cursor *c, uint64_t number)
{
	if (number > c->number)
		c->number = number;
}

/* The next segment with something to read, or the newest, where it will be. */
static const struct wal_segment *
wal_cursor_next_segment(const struct wal_cursor *c)
{
	const struct wal_segment *seg;

	TAILQ_FOREACH(seg, &c->wal->segments, entry) {
		if (seg->id > c->segment && (seg->last > c->number ||
		    TAILQ_NEXT(seg, entry) == NULL))
			break;
	}
	return (seg);
}

static const struct wal_segment *
wal_cursor_segment(const struct wal_cursor *c)
{
	const struct wal_segment *seg;

	TAILQ_FOREACH(seg, &c->wal->segments, entry) {
		if (seg->id == c->segment)
			break;
	}
	return (seg);
}

/* What somebody has removed can be read as long as it is open. */
static int
wal_cursor_open_segment(const struct wal *w, const struct wal_segment *seg)
{
	if (seg->fd != -1)
		return (fcntl(seg->fd, F_DUPFD_CLOEXEC, 0));
	return (wal_segment_open(w, seg, O_RDONLY));
}

enum wal_step {
	WAL_STEP_RECORD,
	WAL_STEP_BAD,
	WAL_STEP_ON,
	WAL_STEP_NOTHING
};

/* A file or key that is gone is passed over; a lack of descriptors or memory
 * is not, since that ends. Keys of uncommitted segments are always loaded. */
static enum wal_step
wal_cursor_enter(struct wal_cursor *c, const struct wal_segment *seg)
{
	const struct seal_day *key;
	char name[WAL_NAME_MAX];
	const char *error;
	int fd = -1;

	key = wal_key_of(c->wal, seg->day, false, &error);
	if (key != NULL) {
		if ((fd = wal_cursor_open_segment(c->wal, seg)) == -1) {
			if (errno != ENOENT)
				return (WAL_STEP_NOTHING);
			error = strerror(errno);
			wal_segment_lost(c->wal, seg, c->number);
		}
	}
	c->segment = seg->id;
	if (fd != -1) {
		wal_reader_open(&c->reader, fd, key, seg);
		return (WAL_STEP_ON);
	}
	wal_segment_name(seg, name);
	log_error("%s/%s: passed over: %s", c->wal->dir, name, error);
	return (WAL_STEP_BAD);
}

/* At the end of what is valid. True: durable records are missing there. */
static bool
wal_cursor_lost(struct wal_cursor *c, const struct wal_segment *seg)
{
	struct wal_reader *r = &c->reader;

	if (r->last >= seg->last)
		return (false);
	wal_segment_set_aside(c->wal, seg, r->fd, r->from, r->end);
	r->at = r->end;
	r->last = seg->last;
	return (true);
}

static enum wal_step
wal_cursor_end(struct wal_cursor *c, const struct wal_segment *seg)
{
	bool lost = wal_cursor_lost(c, seg) && seg->last > c->number;

	if (TAILQ_NEXT(seg, entry) != NULL)
		wal_reader_close(&c->reader);
	else if (!lost)
		return (WAL_STEP_NOTHING);
	return (lost ? WAL_STEP_BAD : WAL_STEP_ON);
}

static enum wal_step
wal_cursor_step(struct wal_cursor *c, const struct wal_segment *seg)
{
	struct wal_reader *r = &c->reader;

	r->end = seg->end;
	r->limit = seg->last;
	switch (wal_reader_next(r)) {
	case WAL_GOT_RECORD:
		if (r->head.number <= c->number)
			return (WAL_STEP_ON);
		c->number = r->head.number;
		return (WAL_STEP_RECORD);
	case WAL_GOT_MARK:
		return (WAL_STEP_ON);
	case WAL_GOT_BAD:
		if (r->last < c->number)
			return (WAL_STEP_ON); /* read by somebody before */
		wal_segment_set_aside(c->wal, seg, r->fd, r->from, r->at);
		return (WAL_STEP_BAD);
	case WAL_GOT_END:
		return (wal_cursor_end(c, seg));
	}
	return (WAL_STEP_NOTHING);
}

/* In an open segment, or the next one; what is not there any more is left. */
static enum wal_step
wal_cursor_advance(struct wal_cursor *c)
{
	const struct wal_segment *seg;

	if (c->reader.fd == -1) {
		if ((seg = wal_cursor_next_segment(c)) == NULL)
			return (WAL_STEP_NOTHING);
		return (wal_cursor_enter(c, seg));
	}
	if ((seg = wal_cursor_segment(c)) == NULL) {
		wal_reader_close(&c->reader);
		return (WAL_STEP_ON);
	}
	return (wal_cursor_step(c, seg));
}

int
wal_read(struct wal_cursor *c, const void **payload, size_t *len,
    uint64_t *number)
{
	enum wal_step step;

	do
		step = wal_cursor_advance(c);
	while (step == WAL_STEP_ON);
	switch (step) {
	case WAL_STEP_RECORD:
		*payload = c->reader.plain.data;
		*len = c->reader.plain.len;
		*number = c->reader.head.number;
		return (1);
	case WAL_STEP_BAD:
		return (-1);
	case WAL_STEP_ON:
	case WAL_STEP_NOTHING:
		break;
	}
	return (0);
}
