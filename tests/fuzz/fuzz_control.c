/*
 * Any octets as what a client of the control socket sends, as they come: in two
 * pieces. Goes through src/glasd/control_request.c.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/control_request.h"
#include "lib/mem.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum control_got
fuzz_read(struct control_request *r, const uint8_t *octets, size_t len)
{
	/* Exactly as much as there is, so that a step too far is seen. */
	char *came = len != 0 ? xmalloc(len) : NULL;
	enum control_got got;

	if (len != 0)
		memcpy(came, octets, len);
	got = control_request_read(r, came, len);
	free(came);
	assert(got == CONTROL_REQUEST || r->verb == CONTROL_VERBS);
	assert(got != CONTROL_REQUEST ||
	    (r->verb == CONTROL_VERBS) == (r->error != NULL));
	assert(strlen(r->link) < sizeof r->link);
	return (got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct control_request whole, part;
	enum control_got got = fuzz_read(&whole, octets, len), early;
	size_t piece = len != 0 ? octets[len / 2] % len : 0;

	early = fuzz_read(&part, octets, piece);
	if (early != CONTROL_MORE)
		assert(early == got && part.verb == whole.verb &&
		    strcmp(part.link, whole.link) == 0);
	assert(len < CONTROL_LINE_MAX || got != CONTROL_MORE);
	return (0);
}
