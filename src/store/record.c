/*
 * The codec of log items: every field in a fixed order, numbers as varints,
 * octets with their length before them. Runs in glasd, and in glasctl for what
 * is in quarantine; pure. What is read back has passed authentication, and is
 * checked all the same.
 */
#include <string.h>

#include "store/record.h"

#define ITEM_DAY_US	(INT64_C(86400) * 1000000)

/* No time zone is a day wrong. Of a clock that is not set, as after a loss of
 * power, all texts are of years ago, or of the future. */
bool
item_is_old(const struct item *item)
{
	return (item->scts > item->at - 365 * ITEM_DAY_US &&
	    item->scts < item->at - ITEM_DAY_US);
}

int64_t
item_written_at(const struct item *item)
{
	return (item_is_old(item) ? item->scts : item->at);
}

static void
record_put_uint(struct buf *b, uint64_t v)
{
	uint8_t octets[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		octets[n++] = (uint8_t)(v | 0x80);
	octets[n++] = (uint8_t)v;
	buf_add(b, octets, n);
}

/* Zigzag: small negative numbers stay small. */
static void
record_put_int(struct buf *b, int64_t v)
{
	record_put_uint(b, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
}

static void
record_put_octets(struct buf *b, const void *octets, size_t len)
{
	record_put_uint(b, len);
	buf_add(b, octets, len);
}

/* RECORD_AWAY is 1, as in logs that know no other flag. */
#define RECORD_AWAY		1
#define RECORD_OFFERED_BEFORE	2
#define RECORD_CHOSEN		4

void
record_put(struct buf *b, const struct item *item)
{
	record_put_uint(b, item->type);
	record_put_octets(b, item->link, strlen(item->link));
	record_put_octets(b, item->msisdn, strlen(item->msisdn));
	record_put_uint(b, item->kind);
	record_put_uint(b, item->alphabet);
	record_put_uint(b, (item->away ? RECORD_AWAY : 0) |
	    (item->offered_before ? RECORD_OFFERED_BEFORE : 0) |
	    (item->chosen[0] != '\0' ? RECORD_CHOSEN : 0));
	record_put_int(b, item->at);
	record_put_int(b, item->scts);
	buf_add(b, item->identity, sizeof item->identity);
	if (item->offered_before)
		buf_add(b, item->identity_before,
		    sizeof item->identity_before);
	record_put_int(b, item->mt);
	record_put_uint(b, item->intent);
	record_put_uint(b, item->segment);
	record_put_uint(b, item->state);
	record_put_int(b, item->mr);
	record_put_int(b, item->cause);
	record_put_int(b, item->attempts);
	record_put_int(b, item->due_at);
	record_put_octets(b, item->reference, strlen(item->reference));
	record_put_uint(b, item->reply_kind);
	record_put_octets(b, item->udh, item->udh_len);
	record_put_octets(b, item->ud, item->ud_len);
	if (item->chosen[0] != '\0')
		record_put_octets(b, item->chosen, strlen(item->chosen));
}

struct record_reader {
	const uint8_t	*p;
	const uint8_t	*end;
	bool		 bad;
};

static uint64_t
record_get_uint(struct record_reader *r, uint64_t max)
{
	uint64_t v = 0;

	for (unsigned int shift = 0; shift < 64 && r->p < r->end; shift += 7) {
		uint8_t octet = *r->p++;

		v |= (uint64_t)(octet & 0x7f) << shift;
		if (octet < 0x80) {
			r->bad = r->bad || v > max;
			return (r->bad ? 0 : v);
		}
	}
	r->bad = true;
	return (0);
}

static int64_t
record_get_int(struct record_reader *r)
{
	uint64_t v = record_get_uint(r, UINT64_MAX);

	return ((int64_t)(v >> 1) ^ -(int64_t)(v & 1));
}

static const uint8_t *
record_get_octets(struct record_reader *r, size_t *len)
{
	const uint8_t *octets;

	*len = record_get_uint(r, (uint64_t)(r->end - r->p));
	if (*len > (size_t)(r->end - r->p)) {
		r->bad = true;
		*len = 0;
	}
	octets = r->p;
	r->p += *len;
	return (octets);
}

static void
record_get_string(struct record_reader *r, char *dst, size_t size)
{
	size_t len;
	const uint8_t *octets = record_get_octets(r, &len);

	if (len >= size) {
		r->bad = true;
		len = 0;
	}
	memcpy(dst, octets, len);
	dst[len] = '\0';
}

static void
record_get_identity(struct record_reader *r, uint8_t identity[SEAL_TOKEN_LEN])
{
	if ((size_t)(r->end - r->p) < SEAL_TOKEN_LEN) {
		r->bad = true;
		r->p = r->end;
		return;
	}
	memcpy(identity, r->p, SEAL_TOKEN_LEN);
	r->p += SEAL_TOKEN_LEN;
}

int
record_next(const uint8_t **p, const uint8_t *end, struct item *item)
{
	struct record_reader r = { .p = *p, .end = end };
	uint64_t flags;

	if (r.p == end)
		return (0);
	*item = (struct item){ 0 };
	item->type = (enum item_type)record_get_uint(&r, ITEM_SESSION);
	record_get_string(&r, item->link, sizeof item->link);
	record_get_string(&r, item->msisdn, sizeof item->msisdn);
	item->kind = (enum msisdn_kind)record_get_uint(&r, MSISDN_NONE);
	item->alphabet = (enum item_alphabet)record_get_uint(&r, ITEM_TEXT);
	flags = record_get_uint(&r, RECORD_AWAY | RECORD_OFFERED_BEFORE |
	    RECORD_CHOSEN);
	item->away = (flags & RECORD_AWAY) != 0;
	item->offered_before = (flags & RECORD_OFFERED_BEFORE) != 0;
	item->at = record_get_int(&r);
	item->scts = record_get_int(&r);
	record_get_identity(&r, item->identity);
	if (item->offered_before)
		record_get_identity(&r, item->identity_before);
	item->mt = record_get_int(&r);
	item->intent = record_get_uint(&r, UINT64_MAX);
	item->segment = (uint8_t)record_get_uint(&r, UINT8_MAX);
	item->state = (uint8_t)record_get_uint(&r, UINT8_MAX);
	item->mr = (int32_t)record_get_int(&r);
	item->cause = (int32_t)record_get_int(&r);
	item->attempts = (int32_t)record_get_int(&r);
	item->due_at = record_get_int(&r);
	record_get_string(&r, item->reference, sizeof item->reference);
	item->reply_kind = (uint8_t)record_get_uint(&r, UINT8_MAX);
	item->udh = record_get_octets(&r, &item->udh_len);
	item->ud = record_get_octets(&r, &item->ud_len);
	if ((flags & RECORD_CHOSEN) != 0)
		record_get_string(&r, item->chosen, sizeof item->chosen);
	if (r.bad || item->type == 0)
		return (-1);
	*p = r.p;
	return (1);
}
