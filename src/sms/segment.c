/*
 * From a text to SMS-SUBMIT segments. Runs in glasd and glasctl; pure. Called
 * for every text that goes out, and to tell an admin what one will cost.
 */
#include <string.h>

#include "lib/utf8.h"
#include "sms/segment.h"

/* Septets, or UCS-2 units, that one segment holds: alone, and beside the
 * header of six octets. */
#define SEGMENT_GSM7_ALONE	160
#define SEGMENT_GSM7_PART	153
#define SEGMENT_UCS2_ALONE	70
#define SEGMENT_UCS2_PART	67

/* What a text needs in one encoding, character by character. */
struct segment_meter {
	unsigned int	 units;		/* of all segments */
	unsigned int	 parts;		/* segments, were there a header */
	unsigned int	 filled;	/* units of the last of them */
	unsigned int	 room;		/* of a part */
};

/* Both encodings side by side: which one it is shows at the end. */
struct segment_count {
	bool			 gsm7;	/* all characters so far are in it */
	struct segment_meter	 septets;
	struct segment_meter	 ucs2;
};

/* A character is never cut: what does not fit begins the next part. */
static void
segment_meter_add(struct segment_meter *m, unsigned int units)
{
	m->units += units;
	if (m->filled + units > m->room) {
		m->parts++;
		m->filled = 0;
	}
	m->filled += units;
}

static void
segment_count_init(struct segment_count *n)
{
	*n = (struct segment_count){
		.gsm7 = true,
		.septets = { .parts = 1, .room = SEGMENT_GSM7_PART },
		.ucs2 = { .parts = 1, .room = SEGMENT_UCS2_PART },
	};
}

static void
segment_count_add(struct segment_count *n, uint32_t c)
{
	unsigned int septets = n->gsm7 ? alphabet_septets(c) : 0;

	if (septets == 0)
		n->gsm7 = false;
	else
		segment_meter_add(&n->septets, septets);
	segment_meter_add(&n->ucs2, c >= 0x10000 ? 2 : 1);
}

static void
segment_count_add_text(struct segment_count *n, const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		segment_count_add(n, utf8_next(&text, end));
}

static unsigned int
segment_count_result(const struct segment_count *n)
{
	if (n->gsm7)
		return (n->septets.units <= SEGMENT_GSM7_ALONE ? 1 :
		    n->septets.parts);
	return (n->ucs2.units <= SEGMENT_UCS2_ALONE ? 1 : n->ucs2.parts);
}

unsigned int
segment_count(const char *text, enum encoding *encoding, unsigned int *units)
{
	struct segment_count n;

	segment_count_init(&n);
	segment_count_add_text(&n, text);
	if (encoding != NULL)
		*encoding = n.gsm7 ? ENCODING_GSM7 : ENCODING_UCS2;
	if (units != NULL)
		*units = n.gsm7 ? n.septets.units : n.ucs2.units;
	return (segment_count_result(&n));
}

static void
segment_put_unit(struct segment *s, uint32_t unit)
{
	s->ud[s->ud_len++] = (uint8_t)(unit >> 8);
	s->ud[s->ud_len++] = (uint8_t)unit;
}

static void
segment_put(struct segment *s, uint32_t c, unsigned int units)
{
	if (c >= 0x10000) {
		segment_put_unit(s, 0xd7c0 + (c >> 10));
		c = 0xdc00 | (c & 0x3ff);
	}
	segment_put_unit(s, c);
	s->units += units;
}

static unsigned int
segment_units_of(enum encoding encoding, uint32_t c)
{
	if (encoding == ENCODING_GSM7)
		return (alphabet_septets(c));
	return (c >= 0x10000 ? 2 : 1);
}

/* The room of each segment of a text cut into `count`. */
static unsigned int
segment_room(enum encoding encoding, unsigned int count)
{
	if (encoding == ENCODING_GSM7)
		return (count == 1 ? SEGMENT_GSM7_ALONE : SEGMENT_GSM7_PART);
	return (count == 1 ? SEGMENT_UCS2_ALONE : SEGMENT_UCS2_PART);
}

static void
segment_put_header(struct segment *s, uint8_t ref, unsigned int max,
    unsigned int seq)
{
	const uint8_t udh[] = { 5, 0, 3, ref, (uint8_t)max, (uint8_t)seq };

	memcpy(s->udh, udh, sizeof udh);
	s->udh_len = sizeof udh;
}

int
segment_text(const char *text, uint8_t ref, unsigned int max,
    struct segments *out)
{
	const char *end = text + strlen(text);
	struct segment *s = out->segment;
	unsigned int room;

	*out = (struct segments){ .count = 0 };
	out->count = segment_count(text, &out->encoding, &out->units);
	if (out->count > max || out->count > SEGMENTS_MAX)
		return (-1);
	room = segment_room(out->encoding, out->count);
	while (text < end) {
		uint32_t c = utf8_next(&text, end);
		unsigned int units = segment_units_of(out->encoding, c);

		if (s->units + units > room)
			s++;
		segment_put(s, c, units);
	}
	for (unsigned int i = 0; i < out->count && out->count > 1; i++)
		segment_put_header(&out->segment[i], ref, out->count, i + 1);
	return (0);
}

/* True when what was counted so far and the tail fit. */
static bool
segment_fits(struct segment_count n, const char *tail, unsigned int max)
{
	segment_count_add_text(&n, tail);
	return (segment_count_result(&n) <= max);
}

static bool
segment_is_space(uint32_t c)
{
	return (c == ' ' || c == '\n' || c == '\r' || c == 0xa0);
}

/* Where to cut: behind the last word that leaves room for the tail, or, when
 * that throws away more than half of what would fit, inside a word. More text
 * never needs fewer segments, so the first that does not fit ends it. */
static size_t
segment_cut_at(const char *text, const char *tail, unsigned int max)
{
	const char *p = text, *end = text + strlen(text), *before;
	size_t word = 0, any = 0;
	struct segment_count n;
	bool in_word = false;

	segment_count_init(&n);
	for (before = p; p < end && segment_fits(n, tail, max); before = p) {
		uint32_t c = utf8_next(&p, end);

		any = (size_t)(before - text);
		if (segment_is_space(c) && in_word)
			word = any;
		in_word = !segment_is_space(c);
		segment_count_add(&n, c);
	}
	return (word > any / 2 ? word : any);
}

void
segment_cut(char *text, const char *tail, unsigned int max)
{
	size_t at;

	if (segment_count(text, NULL, NULL) <= max)
		return;
	at = segment_cut_at(text, tail, max);
	memcpy(text + at, tail, strlen(tail) + 1);
}
