/*
 * Any octets as what a link, or glasd, says in the link protocol. Goes through
 * src/lib/jsonl.c and src/sms/link_msg.c.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "lib/jsonl.h"
#include "sms/link_msg.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const fuzz_fields[] = {
	"t", "id", "originator", "ids", "mt", "wait_ms", "end", "settings",
	"text", "ud", "none",
};

static void
fuzz_fields_can_be_read(const json_t *msg)
{
	for (size_t i = 0; i < sizeof fuzz_fields / sizeof *fuzz_fields; i++) {
		assert(link_msg_str(msg, fuzz_fields[i]) != NULL);
		(void)link_msg_int(msg, fuzz_fields[i]);
		(void)link_msg_bool(msg, fuzz_fields[i]);
	}
}

static bool
fuzz_check(const json_t *msg, enum link_msg_side side)
{
	unsigned int extra = 0;
	const char *why = NULL;
	enum link_msg_type type = link_msg_check(msg, side, &why, &extra);

	fuzz_fields_can_be_read(msg);
	if (type == LINK_MSG_TYPES) {
		assert(why != NULL && why[0] != '\0');
		return (false);
	}
	assert(why == NULL);
	assert(extra < json_object_size(msg));
	assert(strcmp(link_msg_name(type), link_msg_str(msg, "t")) == 0);
	return (true);
}

/* What was read can be said again, and means the same. */
static void
fuzz_say_again(const json_t *msg)
{
	struct buf out = { 0 };
	json_t *back;

	if (jsonl_add(&out, msg) == 0) {
		assert(memchr(out.data, '\n', out.len) ==
		    out.data + out.len - 1);
		assert(jsonl_take(&out, &back) == JSONL_OBJECT);
		assert(json_equal(msg, back) && out.len == 0);
		json_decref(back);
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct buf in = { 0 };
	json_t *msg;
	size_t before;

	buf_add(&in, octets, len);
	for (before = in.len; jsonl_take(&in, &msg) == JSONL_OBJECT;
	    before = in.len) {
		assert(in.len < before);
		assert(!fuzz_check(msg, LINK_MSG_FROM_LINK) ||
		    !fuzz_check(msg, LINK_MSG_FROM_GLASD));
		fuzz_say_again(msg);
		json_decref(msg);
	}
	assert(msg == NULL && in.len == before);
	buf_clear(&in);
	return (0);
}
