/*
 * Parameters of statements in PostgreSQL's binary format. Runs in glasd and
 * glasctl; pure. Wrong use (an item without an array, too many) is a bug.
 */
#include <endian.h>
#include <string.h>

#include "lib/log.h"
#include "store/pg_private.h"

#define PG_EPOCH_US	INT64_C(946684800000000) /* 2000-01-01 */
#define PG_EPOCH_DAYS	10957
#define PG_ARRAY_HEAD	20	/* dimensions, nulls, type, size, lower bound */

static const struct {
	uint32_t type;	/* OIDs never change: pg_type.dat */
	uint32_t array;
} pg_oids[] = {
	[PG_BOOL] = { 16, 1000 },
	[PG_INT4] = { 23, 1007 },
	[PG_INT8] = { 20, 1016 },
	[PG_FLOAT4] = { 700, 1021 },
	[PG_TEXT] = { 25, 1009 },
	[PG_BYTEA] = { 17, 1001 },
	[PG_TIMESTAMPTZ] = { 1184, 1185 },
	[PG_INTERVAL] = { 1186, 1187 },
	[PG_DATE] = { 1082, 1182 },
};

static void
pg_put32(struct pg_params *p, uint32_t value)
{
	uint32_t be = htobe32(value);

	buf_add(&p->bytes, &be, sizeof be);
}

static void
pg_put64(struct pg_params *p, uint64_t value)
{
	uint64_t be = htobe64(value);

	buf_add(&p->bytes, &be, sizeof be);
}

static void
pg_poke32(struct pg_params *p, size_t offset, uint32_t value)
{
	uint32_t be = htobe32(value);

	memcpy(p->bytes.data + offset, &be, sizeof be);
}

static void
pg_param_begin(struct pg_params *p, enum pg_type type, bool array)
{
	if (p->count == PG_PARAMS_MAX)
		panic("more than %d parameters", PG_PARAMS_MAX);
	/* An empty text has a place too: NULL would be the null value. */
	buf_str(&p->bytes);
	p->at[p->count].offset = p->bytes.len;
	p->at[p->count].length = 0;
	p->at[p->count].type = type;
	p->at[p->count].array = array;
	p->count++;
}

static void
pg_param_end(struct pg_params *p)
{
	p->at[p->count - 1].length =
	    (int)(p->bytes.len - p->at[p->count - 1].offset);
}

/* The octets of an integer-like value; returns nothing for other types. */
static void
pg_put_int(struct pg_params *p, enum pg_type type, int64_t value)
{
	uint8_t flag = value != 0;

	switch (type) {
	case PG_BOOL:
		buf_add(&p->bytes, &flag, 1);
		return;
	case PG_INT4:
		pg_put32(p, (uint32_t)value);
		return;
	case PG_INT8:
		pg_put64(p, (uint64_t)value);
		return;
	case PG_TIMESTAMPTZ:
		pg_put64(p, (uint64_t)(value - PG_EPOCH_US));
		return;
	case PG_INTERVAL:
		pg_put64(p, (uint64_t)value);
		pg_put64(p, 0); /* days, months */
		return;
	case PG_DATE:
		pg_put32(p, (uint32_t)(value - PG_EPOCH_DAYS));
		return;
	case PG_FLOAT4:
	case PG_TEXT:
	case PG_BYTEA:
		break;
	}
	panic("not an integer parameter: type %d", (int)type);
}

void
pg_param_null(struct pg_params *p, enum pg_type type)
{
	pg_param_begin(p, type, false);
	p->at[p->count - 1].length = -1;
}

void
pg_param_int(struct pg_params *p, enum pg_type type, int64_t value)
{
	pg_param_begin(p, type, false);
	pg_put_int(p, type, value);
	pg_param_end(p);
}

void
pg_param_text(struct pg_params *p, const char *s)
{
	pg_param_begin(p, PG_TEXT, false);
	buf_add(&p->bytes, s, strlen(s));
	pg_param_end(p);
}

void
pg_param_bytes(struct pg_params *p, const void *data, size_t len)
{
	pg_param_begin(p, PG_BYTEA, false);
	buf_add(&p->bytes, data, len);
	pg_param_end(p);
}

void
pg_array(struct pg_params *p, enum pg_type type)
{
	pg_param_begin(p, type, true);
	pg_put32(p, 0);			/* no dimension while it is empty */
	pg_put32(p, 0);			/* no nulls */
	pg_put32(p, pg_oids[type].type);
	pg_param_end(p);
}

/* Counts one more item in the array that was begun last. */
static size_t
pg_item_begin(struct pg_params *p)
{
	size_t head;
	uint32_t size = 0;

	if (p->count == 0 || !p->at[p->count - 1].array)
		panic("an item without an array");
	head = p->at[p->count - 1].offset;
	if (p->at[p->count - 1].length < PG_ARRAY_HEAD) {
		pg_poke32(p, head, 1);
		pg_put32(p, 0);
		pg_put32(p, 1);
	} else {
		memcpy(&size, p->bytes.data + head + 12, sizeof size);
		size = be32toh(size);
	}
	pg_poke32(p, head + 12, size + 1);
	return (head);
}

void
pg_item_null(struct pg_params *p)
{
	size_t head = pg_item_begin(p);

	pg_poke32(p, head + 4, 1);
	pg_put32(p, UINT32_MAX);
	pg_param_end(p);
}

void
pg_item_int(struct pg_params *p, int64_t value)
{
	size_t length;

	pg_item_begin(p);
	length = p->bytes.len;
	pg_put32(p, 0);
	pg_put_int(p, p->at[p->count - 1].type, value);
	pg_poke32(p, length, (uint32_t)(p->bytes.len - length - 4));
	pg_param_end(p);
}

void
pg_item_int_or_null(struct pg_params *p, int64_t value)
{
	if (value == 0)
		pg_item_null(p);
	else
		pg_item_int(p, value);
}

void
pg_item_float(struct pg_params *p, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	pg_item_begin(p);
	pg_put32(p, sizeof bits);
	pg_put32(p, bits);
	pg_param_end(p);
}

void
pg_item_text(struct pg_params *p, const char *s)
{
	pg_item_bytes(p, s, strlen(s));
}

void
pg_item_bytes(struct pg_params *p, const void *data, size_t len)
{
	pg_item_begin(p);
	pg_put32(p, (uint32_t)len);
	buf_add(&p->bytes, data, len);
	pg_param_end(p);
}

void
pg_params_clear(struct pg_params *p)
{
	buf_clear(&p->bytes);
	p->count = 0;
}

void
pg_params_bind(const struct pg_params *p, struct pg_bound *bound)
{
	bound->count = p != NULL ? p->count : 0;
	for (int n = 0; n < bound->count; n++) {
		enum pg_type type = p->at[n].type;

		bound->values[n] = p->at[n].length == -1 ? NULL :
		    (const char *)p->bytes.data + p->at[n].offset;
		bound->lengths[n] = p->at[n].length;
		bound->formats[n] = 1;
		bound->types[n] = p->at[n].array ? pg_oids[type].array :
		    pg_oids[type].type;
	}
}
