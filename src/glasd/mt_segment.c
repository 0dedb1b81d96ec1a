/*
 * Third step of the MT path: the text of a reply becomes segments. The
 * reference that a phone joins them by comes from the row: 256 replies go by
 * until another has it, and a second attempt has the same, so that only what
 * the network has not taken yet is sent again. Runs in glasd.
 */
#include "glasd/mt_private.h"
#include "lib/mem.h"

bool
mt_segment(struct mt_reply *r)
{
	r->segments = xcalloc(1, sizeof *r->segments);
	if (segment_text(r->row->text, (uint8_t)r->row->id, SEGMENTS_MAX,
	    r->segments) == -1)
		return (false);
	mt_segment_next(r, 0);
	return (true);
}

void
mt_segment_next(struct mt_reply *r, unsigned int from)
{
	r->next = from;
	while (r->next < r->segments->count &&
	    (r->row->taken & 1u << r->next) != 0)
		r->next++;
}
