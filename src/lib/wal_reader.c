/*
 * Reads one segment file of the durable log, record by record, through a
 * window, and finds its way again behind what cannot be read. Runs in glasd;
 * owns its descriptor and two buffers, neither larger than the largest record.
 * Called at start and by cursors. Never fails: what the disk does not give is
 * taken for zeros, which are no record.
 */
#include <string.h>
#include <unistd.h>

#include "lib/wal_private.h"

#define WAL_BLOCK 4096 /* what a bad sector takes away */

void
wal_reader_open(struct wal_reader *r, int fd, const struct seal_day *key,
    const struct wal_segment *seg)
{
	*r = (struct wal_reader){ .fd = fd,
		.key = key,
		.at = WAL_AREA,
		.end = seg->end,
		.limit = seg->last,
		.last = seg->first - 1 };
}

void
wal_reader_close(struct wal_reader *r)
{
	if (r->fd != -1)
		close(r->fd);
	r->fd = -1;
	buf_clear(&r->window);
	buf_clear(&r->plain);
}

static void
wal_buf_fit(struct buf *b, size_t len)
{
	/* One large record does not hold its memory while a cursor lives. */
	if (b->room < len || (b->room > 4 * WAL_WINDOW && len <= WAL_WINDOW)) {
		buf_clear(b);
		b->data = xmalloc(len);
		b->room = len;
	}
	b->len = len;
}

static void
wal_reader_fill(struct wal_reader *r, uint64_t at, size_t len)
{
	wal_buf_fit(&r->window, len);
	r->window_at = at;
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(r->fd, r->window.data + done, len - done,
		    (off_t)(at + done));
		size_t skip;

		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		skip = n == 0 ? len - done :
		    WAL_BLOCK - (size_t)((at + done) % WAL_BLOCK);
		if (skip > len - done)
			skip = len - done;
		memset(r->window.data + done, 0, skip);
		done += skip;
	}
}

/* `len` octets at `at`, or NULL when they are not all before the end. */
static const uint8_t *
wal_reader_peek(struct wal_reader *r, uint64_t at, size_t len)
{
	uint64_t left;

	if (at > r->end || (left = r->end - at) < len)
		return (NULL);
	if (at < r->window_at || at + len > r->window_at + r->window.len) {
		size_t want = len > WAL_WINDOW ? len : WAL_WINDOW;

		wal_reader_fill(r, at, left < want ? (size_t)left : want);
	}
	return (r->window.data + (at - r->window_at));
}

static bool
wal_reader_head(struct wal_reader *r, uint64_t at, struct wal_head *head)
{
	const uint8_t *p = wal_reader_peek(r, at, WAL_HEAD);

	return (p != NULL && wal_head_decode(p, head) &&
		wal_record_size(head->len) <= r->end - at);
}

/* A valid record of this segment at this place? Then head and plain are set. */
static bool
wal_reader_try(struct wal_reader *r, uint64_t at)
{
	const uint8_t *p;
	size_t size;

	if (!wal_reader_head(r, at, &r->head) || r->head.number > r->limit ||
	    (r->head.kind == WAL_KIND_RECORD && r->head.number <= r->last))
		return (false);
	size = WAL_HEAD + SEAL_DAY_OVERHEAD + r->head.len;
	if ((p = wal_reader_peek(r, at, size)) == NULL)
		return (false);
	wal_buf_fit(&r->plain, r->head.len + 1);
	r->plain.len = r->head.len;
	return (seal_day_open(r->key, p, WAL_HEAD, p + WAL_HEAD,
		    size - WAL_HEAD, r->plain.data) == (int)r->head.len);
}

/* Records missing before the one in head. All that a mark speaks of stood
 * before it. */
static uint64_t
wal_reader_gap(const struct wal_reader *r)
{
	uint64_t before = r->head.number;

	if (r->head.kind == WAL_KIND_RECORD)
		before--;
	return (before > r->last ? before - r->last : 0);
}

/* Looks for the next valid record behind r->from. One with a sound header that
 * does not open is passed over whole, which bounds the work by the file. */
static enum wal_got
wal_reader_resync(struct wal_reader *r)
{
	struct wal_head head;
	uint64_t at = r->from;

	while (r->end - at >= WAL_HEAD) {
		at += wal_reader_head(r, at, &head) ?
		    wal_record_size(head.len) : 8;
		if (at >= r->end || !wal_reader_try(r, at))
			continue;
		r->lost = wal_reader_gap(r);
		if (r->lost == 0)
			r->lost = 1;
		r->at = at;
		return (WAL_GOT_BAD);
	}
	return (WAL_GOT_END);
}

enum wal_got
wal_reader_next(struct wal_reader *r)
{
	r->from = r->at;
	if (r->at >= r->end || r->end - r->at < WAL_HEAD)
		return (WAL_GOT_END);
	if (!wal_reader_try(r, r->at))
		return (wal_reader_resync(r));
	r->at += wal_record_size(r->head.len);
	if (r->head.number > r->last)
		r->last = r->head.number;
	return (r->head.kind == WAL_KIND_MARK ? WAL_GOT_MARK : WAL_GOT_RECORD);
}
