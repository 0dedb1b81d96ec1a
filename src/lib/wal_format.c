/*
 * The octets of the durable log, as wal_private.h draws them: headers of
 * segments and records, and their checks. Runs in glasd; pure. What is no header
 * is an answer.
 */
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/wal_private.h"

#define WAL_SEGMENT_MAGIC UINT64_C(0x31474f4c53414c47) /* "GLASLOG1" */
#define WAL_RECORD_MAGIC UINT32_C(0xd36a91e5)
#define WAL_SEAL_AT 48
#define WAL_CHECK_AT 92
#define WAL_DAY_US (INT64_C(86400) * 1000000)

static void
wal_put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static void
wal_put64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t
wal_get32(const uint8_t *p)
{
	return ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24);
}

static uint64_t
wal_get64(const uint8_t *p)
{
	return ((uint64_t)wal_get32(p) | (uint64_t)wal_get32(p + 4) << 32);
}

/* CRC-32C, bit by bit: headers are short, and the payload has its tag. */
static uint32_t
wal_check(uint32_t crc, const uint8_t *p, size_t len)
{
	for (crc = ~crc; len > 0; len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (0x82f63b78u & -(crc & 1));
	}
	return (~crc);
}

uint32_t
wal_day(int64_t wall_us)
{
	unsigned int year, month, day;
	char text[32];

	clock_format(wall_us, text, sizeof text);
	if (sscanf(text, "%4u-%2u-%2u", &year, &month, &day) != 3)
		panic("wal_day: %s", text);
	return (year * 10000 + month * 100 + day);
}

bool
wal_same_day(int64_t a_us, int64_t b_us)
{
	return (a_us / WAL_DAY_US == b_us / WAL_DAY_US);
}

size_t
wal_record_size(size_t len)
{
	return ((WAL_HEAD + SEAL_DAY_OVERHEAD + len + 7) & ~(size_t)7);
}

static uint32_t
wal_head_check(const uint8_t in[WAL_HEAD])
{
	return (wal_check(wal_check(0, in, 12), in + 16, 8));
}

void
wal_head_encode(const struct wal_head *head, uint8_t out[WAL_HEAD])
{
	wal_put32(out, WAL_RECORD_MAGIC);
	wal_put32(out + 4, head->len);
	wal_put32(out + 8, (uint32_t)head->kind);
	wal_put64(out + 16, head->number);
	wal_put32(out + 12, wal_head_check(out));
}

bool
wal_head_decode(const uint8_t in[WAL_HEAD], struct wal_head *head)
{
	uint32_t kind;

	if (wal_get32(in) != WAL_RECORD_MAGIC ||
	    wal_get32(in + 12) != wal_head_check(in))
		return (false);
	kind = wal_get32(in + 8);
	head->len = wal_get32(in + 4);
	head->number = wal_get64(in + 16);
	if (kind > WAL_KIND_MARK || head->len > WAL_RECORD_MAX ||
	    (kind == WAL_KIND_MARK && head->len != 0))
		return (false);
	head->kind = (enum wal_kind)kind;
	return (true);
}

void
wal_area_encode(const struct wal_segment *seg, const struct seal_day *key,
    uint8_t area[WAL_AREA])
{
	memset(area, 0, WAL_AREA);
	wal_put64(area, WAL_SEGMENT_MAGIC);
	wal_put32(area + 8, WAL_VERSION);
	wal_put32(area + 12, seg->day);
	wal_put64(area + 16, seg->first);
	wal_put64(area + 24, seg->after);
	wal_put64(area + 32, seg->committed);
	wal_put64(area + 40, (uint64_t)seg->begin_us);
	seal_day_close(key, area, WAL_SEAL_AT, "", 0, area + WAL_SEAL_AT);
	wal_put32(area + WAL_CHECK_AT, wal_check(0, area, WAL_CHECK_AT));
	memcpy(area + WAL_COPY, area, WAL_CHECK_AT + 4);
}

static enum wal_area
wal_area_decode_copy(const uint8_t *in, const struct seal_day *key,
    struct wal_segment *seg)
{
	uint8_t nothing[1];

	if (wal_get64(in) != WAL_SEGMENT_MAGIC ||
	    wal_get32(in + WAL_CHECK_AT) != wal_check(0, in, WAL_CHECK_AT))
		return (WAL_AREA_BROKEN);
	if (wal_get32(in + 8) != WAL_VERSION)
		return (WAL_AREA_FOREIGN);
	seg->day = wal_get32(in + 12);
	seg->first = wal_get64(in + 16);
	seg->after = wal_get64(in + 24);
	seg->committed = wal_get64(in + 32);
	seg->begin_us = (int64_t)wal_get64(in + 40);
	if (seg->first == 0 || seg->first > WAL_NUMBER_MAX ||
	    seg->after >= seg->first || seg->committed > seg->after)
		return (WAL_AREA_BROKEN);
	if (key != NULL && seal_day_open(key, in, WAL_SEAL_AT, in + WAL_SEAL_AT,
			       SEAL_DAY_OVERHEAD, nothing) != 0)
		return (WAL_AREA_KEY);
	return (WAL_AREA_SOUND);
}

enum wal_area
wal_area_decode(const uint8_t area[WAL_AREA], const struct seal_day *key,
    struct wal_segment *seg)
{
	enum wal_area got = wal_area_decode_copy(area, key, seg);

	if (got == WAL_AREA_BROKEN)
		got = wal_area_decode_copy(area + WAL_COPY, key, seg);
	return (got);
}
