/*
 * Third step of the MT path: the text of a reply becomes segments, under a
 * reference that no other reply of the hour is likely to have. Runs in glasd.
 */
#include "glasd/mt_private.h"
#include "lib/mem.h"
#include "lib/seal.h"

bool
mt_segment(struct mt_reply *r)
{
	r->segments = xcalloc(1, sizeof *r->segments);
	return (segment_text(r->row->text, (uint8_t)seal_random_below(256),
	    SEGMENTS_MAX, r->segments) == 0);
}
