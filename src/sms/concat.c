/*
 * Headers and parts of long texts. Runs in glasd and glasctl; pure. Called for
 * every segment that comes in, so it takes any octets.
 */
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"
#include "sms/concat.h"

/* TP-UD holds 140 octets, header included. */
#define UDH_OCTETS_MAX 140

#define UDH_LANGUAGES 13

/* 160 characters; libgammu may double each. */
#define CONCAT_OCTETS_MAX (2 * 160 * 2)

enum udh_element {
	UDH_CONCAT_8 = 0x00,
	UDH_PORT_8 = 0x04,
	UDH_PORT_16 = 0x05,
	UDH_CONCAT_16 = 0x08,
	UDH_SINGLE_SHIFT = 0x24,
	UDH_LOCKING_SHIFT = 0x25
};

/* Neighbours of one coding, whose units are joined before they are read. */
struct concat_run {
	const struct concat_segment *like;
	struct buf units;
};

static void
udh_take_concat(struct udh *u, const uint8_t *v, size_t len, bool wide)
{
	const uint8_t *p = v + (wide ? 2 : 1);

	if (len != (wide ? 4 : 3) || p[0] < 2 || p[1] == 0 || p[1] > p[0])
		return;
	u->concat = true;
	u->wide = wide;
	u->ref = wide ? (uint16_t)(v[0] << 8 | v[1]) : v[0];
	u->max = p[0];
	u->seq = p[1];
}

static void
udh_take_language(uint8_t *language, const uint8_t *v, size_t len)
{
	if (len == 1 && v[0] <= UDH_LANGUAGES)
		*language = v[0];
}

static void
udh_take(struct udh *u, uint8_t element, const uint8_t *v, size_t len)
{
	switch (element) {
	case UDH_CONCAT_8:
		udh_take_concat(u, v, len, false);
		break;
	case UDH_CONCAT_16:
		udh_take_concat(u, v, len, true);
		break;
	case UDH_PORT_8:
	case UDH_PORT_16:
		u->port = true;
		break;
	case UDH_SINGLE_SHIFT:
		udh_take_language(&u->single, v, len);
		break;
	case UDH_LOCKING_SHIFT:
		udh_take_language(&u->locking, v, len);
		break;
	default:
		u->other = true;
		break;
	}
}

void
udh_read(struct udh *u, const uint8_t *octets, size_t len)
{
	size_t at = 1;

	*u = (struct udh){ .sound = true };
	if (len == 0)
		return;
	if (len > UDH_OCTETS_MAX || len != octets[0] + 1u) {
		u->sound = false;
		return;
	}
	while (at < len) {
		if (len - at < 2 || len - at - 2 < octets[at + 1]) {
			*u = (struct udh){ .sound = false };
			return;
		}
		udh_take(u, octets[at], octets + at + 2, octets[at + 1]);
		at += 2u + octets[at + 1];
	}
}

static void
concat_end_run(struct concat_run *run, struct buf *out)
{
	const struct concat_segment *s = run->like;

	if (s != NULL && s->ucs2)
		utf8_from_utf16be(out, run->units.data, run->units.len);
	else if (s != NULL)
		alphabet_shift(out, run->units.data, run->units.len,
		    s->locking, s->single);
	buf_reset(&run->units);
	run->like = NULL;
}

static bool
concat_alike(const struct concat_segment *a, const struct concat_segment *b)
{
	if (a->ucs2 || b->ucs2)
		return (a->ucs2 && b->ucs2);
	return (a->locking == b->locking && a->single == b->single);
}

static void
concat_add(struct concat_run *run, const struct concat_segment *s,
    struct buf *out)
{
	size_t len = s->len & ~(size_t)1;

	if (len > CONCAT_OCTETS_MAX)
		len = CONCAT_OCTETS_MAX;
	if (run->like != NULL && !concat_alike(run->like, s))
		concat_end_run(run, out);
	run->like = s;
	buf_add(&run->units, s->ud, len);
}

/* Sorts the segments; of two with one seq the first counts. */
static void
concat_sort(const struct concat_segment *by_seq[CONCAT_SEGMENTS_MAX + 1],
    const struct concat_segment *segments, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (by_seq[segments[i].seq] == NULL)
			by_seq[segments[i].seq] = &segments[i];
	}
}

void
concat_join(struct buf *out, const struct concat_segment *segments, size_t n,
    unsigned int max)
{
	const struct concat_segment *by_seq[CONCAT_SEGMENTS_MAX + 1] = { NULL };
	struct concat_run run = { .like = NULL };
	bool gap = false;

	if (max < 2) {
		max = n != 0;
		by_seq[1] = segments;
	} else {
		concat_sort(by_seq, segments, n);
	}
	if (max > CONCAT_SEGMENTS_MAX)
		max = CONCAT_SEGMENTS_MAX;
	for (unsigned int seq = 1; seq <= max; seq++) {
		if (by_seq[seq] != NULL) {
			concat_add(&run, by_seq[seq], out);
		} else if (!gap) {
			concat_end_run(&run, out);
			buf_add_str(out, "[...]");
		}
		gap = by_seq[seq] == NULL;
	}
	concat_end_run(&run, out);
	buf_clear(&run.units);
}
