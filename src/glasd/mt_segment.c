/*
 * Third step of the MT path: the text of a reply becomes segments. The
 * reference that a phone joins them by comes from the row and the link: 256
 * replies go by until another has it, and a second attempt by the same link has
 * the same, so that only what the network has not taken yet is sent again. By
 * another link all of it is sent, under another reference. Runs in glasd.
 */
#include "glasd/link.h"
#include "glasd/mt_private.h"
#include "lib/mem.h"

static uint8_t
mt_segment_reference(const struct mt_reply *r)
{
	unsigned int n = (unsigned int)r->row->id;

	for (const char *p = link_name(r->link->link); *p != '\0'; p++)
		n += (unsigned char)*p;
	return ((uint8_t)n);
}

bool
mt_segment(struct mt_reply *r)
{
	r->segments = xcalloc(1, sizeof *r->segments);
	if (segment_text(r->row->text, mt_segment_reference(r), SEGMENTS_MAX,
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
