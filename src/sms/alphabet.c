/*
 * GSM 7-bit texts. Runs in all programs; pure. Any octets are taken: what is no
 * character becomes U+FFFD.
 */
#include <uchar.h>

#include <utf8proc.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/utf8.h"
#include "sms/alphabet.h"

#define ALPHABET_ESC		0x1b
#define ALPHABET_C_CEDILLA	0x09

/* What libgammu makes of an escape that stands before no extension. */
#define ALPHABET_LONE_ESC	0xb9

enum alphabet_language {
	ALPHABET_DEFAULT,
	ALPHABET_TURKISH,
	ALPHABET_SPANISH,
	ALPHABET_PORTUGUESE,
	ALPHABET_BENGALI,	/* the first of those in Indian scripts */
	ALPHABET_URDU = 13
};

/* TS 23.038, 6.2.1: the default alphabet in the order of its codes. */
static const char16_t alphabet_default[] =
    u"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    u" !\"#¤%&'()*+,-./0123456789:;<=>?"
    u"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    u"¿abcdefghijklmnopqrstuvwxyzäöñüà";

/* A.3.1 and A.3.3: locking shift tables; Spanish has none. */
static const char16_t alphabet_turkish[] =
    u"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ"
    u" !\"#¤%&'()*+,-./0123456789:;<=>?"
    u"İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    u"çabcdefghijklmnopqrstuvwxyzäöñüà";
static const char16_t alphabet_portuguese[] =
    u"@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
    u" !\"#º%&'()*+,-./0123456789:;<=>?"
    u"ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§"
    u"~abcdefghijklmnopqrstuvwxyzãõ`üà";

/* Extension tables as pairs of a code and what it stands for. All languages
 * have the first, these three have more (A.2.1 to A.2.3). */
static const char16_t alphabet_extension[] =
    u"\n\f\x14^({)}/\\<[=~>]@|e€";
static const char16_t alphabet_extension_portuguese[] =
    u"\x05ê\tç\vÔ\fô\x0eÁ\x0fá\x12Φ\x13Γ\x15Ω\x16Π\x17Ψ\x18Σ"
    u"\x19Θ\x1fÊAÀIÍOÓUÚ[Ã\\ÕaÂiíoóuú{ã|õ\x7fâ";
static const char16_t *const alphabet_extension_more[] = {
	[ALPHABET_DEFAULT] = u"",
	[ALPHABET_TURKISH] = u"GĞIİSŞcçgğiısş",
	[ALPHABET_SPANISH] = u"\tçAÁIÍOÓUÚaáiíoóuú",
	[ALPHABET_PORTUGUESE] = alphabet_extension_portuguese,
};

/* A.3.4 to A.3.12: the scripts of India stand in Unicode in one order, each in
 * a block of its own, and their locking shift tables follow it. Below 0x80: an
 * ASCII character; above: 0x80 plus the place in the block; 0: in the tail of
 * the script. A place that the standard leaves empty takes the letter that
 * Unicode has there. Two slips of the printed tables are not followed: Kannada
 * 0x24 is DDA there as in all others (printed: a second PA), Tamil 0x24 of the
 * single shift is the digit eight (printed: a second nine). */
static const uint8_t alphabet_indian[128] = {
	0x81, 0x82, 0x83, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x0a, 0x8c,
	0x8d, 0x0d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
	0x98, 0x99, 0x9a, 0x00, 0x9b, 0x9c, 0x9d, 0x9e, 0x20, 0x21, 0x9f, 0xa0,
	0xa1, 0xa2, 0xa3, 0xa4, 0x29, 0x28, 0xa5, 0xa6, 0x2c, 0xa7, 0x2e, 0xa8,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b,
	0xa9, 0xaa, 0xab, 0x3f, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xb2, 0xb3,
	0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xbc, 0xbd, 0xbe, 0xbf, 0xc0, 0xc1,
	0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd,
	0x00, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b,
	0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,
	0x78, 0x79, 0x7a, 0x00, 0x00, 0x00, 0x00, 0x00,
};
static const struct alphabet_script {
	uint16_t base;
	uint8_t	 tail[6];	/* codes 0x60 and 0x7b to 0x7f */
} alphabet_scripts[] = {
	{ 0x0980, { 0x4e, 0x57, 0x5c, 0x5d, 0x70, 0x71 } },
	{ 0x0a80, { 0x50, 0x60, 0x61, 0x62, 0x63, 0x71 } },
	{ 0x0900, { 0x50, 0x72, 0x7b, 0x7c, 0x7e, 0x7f } },
	{ 0x0c80, { 0x55, 0x56, 0x60, 0x61, 0x62, 0x63 } },
	{ 0x0d00, { 0x57, 0x60, 0x61, 0x62, 0x63, 0x79 } },
	{ 0x0b00, { 0x56, 0x57, 0x60, 0x61, 0x62, 0x63 } },
	{ 0x0a00, { 0x51, 0x70, 0x71, 0x72, 0x73, 0x74 } },
	{ 0x0b80, { 0x50, 0x57, 0x70, 0x71, 0x72, 0x79 } },
	{ 0x0c00, { 0x55, 0x56, 0x60, 0x61, 0x62, 0x63 } },
};

/* A.3.13. */
static const uint16_t alphabet_urdu[128] = {
	0x0627, 0x0622, 0x0628, 0x067b, 0x0680, 0x067e, 0x06a6, 0x062a,
	0x06c2, 0x067f, 0x000a, 0x0679, 0x067d, 0x000d, 0x067a, 0x067c,
	0x062b, 0x062c, 0x0681, 0x0684, 0x0683, 0x0685, 0x0686, 0x0687,
	0x062d, 0x062e, 0x062f, 0x0000, 0x068c, 0x0688, 0x0689, 0x068a,
	0x0020, 0x0021, 0x068f, 0x068d, 0x0630, 0x0631, 0x0691, 0x0693,
	0x0029, 0x0028, 0x0699, 0x0632, 0x002c, 0x0696, 0x002e, 0x0698,
	0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037,
	0x0038, 0x0039, 0x003a, 0x003b, 0x069a, 0x0633, 0x0634, 0x003f,
	0x0635, 0x0636, 0x0637, 0x0638, 0x0639, 0x0641, 0x0642, 0x06a9,
	0x06aa, 0x06ab, 0x06af, 0x06b3, 0x06b1, 0x0644, 0x0645, 0x0646,
	0x06ba, 0x06bb, 0x06bc, 0x0648, 0x06c4, 0x06d5, 0x06c1, 0x06be,
	0x0621, 0x06cc, 0x06d0, 0x06d2, 0x064d, 0x0650, 0x064f, 0x0657,
	0x0654, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067,
	0x0068, 0x0069, 0x006a, 0x006b, 0x006c, 0x006d, 0x006e, 0x006f,
	0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
	0x0078, 0x0079, 0x007a, 0x0655, 0x0651, 0x0653, 0x0656, 0x0670,
};

/* A.2.4 to A.2.13: what the single shift tables of all ten have. */
static const char16_t alphabet_single_common[] =
    u"@£$¥¿\"¤%&'\f*+\r-/<=>¡^¡_#*";
/* And what each has of its own, in the order of these codes. */
static const uint8_t alphabet_single_codes[] = {
	0x19, 0x1a, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25,
	0x26, 0x27, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x30, 0x31, 0x32, 0x33, 0x34,
	0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3f,
};
static const uint16_t
    alphabet_single_own[][sizeof alphabet_single_codes] = {
	{ /* Bengali */
	    0x09e6, 0x09e7, 0x09e8, 0x09e9, 0x09ea, 0x09eb, 0x09ec, 0x09ed,
	    0x09ee, 0x09ef, 0x09df, 0x09e0, 0x09e1, 0x09e2, 0x09e3, 0x09f2,
	    0x09f3, 0x09f4, 0x09f5, 0x09f6, 0x09f7, 0x09f8, 0x09f9, 0x09fa },
	{ /* Gujarati */
	    0x0964, 0x0965, 0x0ae6, 0x0ae7, 0x0ae8, 0x0ae9, 0x0aea, 0x0aeb,
	    0x0aec, 0x0aed, 0x0aee, 0x0aef },
	{ /* Hindi */
	    0x0964, 0x0965, 0x0966, 0x0967, 0x0968, 0x0969, 0x096a, 0x096b,
	    0x096c, 0x096d, 0x096e, 0x096f, 0x0951, 0x0952, 0x0953, 0x0954,
	    0x0958, 0x0959, 0x095a, 0x095b, 0x095c, 0x095d, 0x095e, 0x095f,
	    0x0960, 0x0961, 0x0962, 0x0963, 0x0970, 0x0971 },
	{ /* Kannada */
	    0x0964, 0x0965, 0x0ce6, 0x0ce7, 0x0ce8, 0x0ce9, 0x0cea, 0x0ceb,
	    0x0cec, 0x0ced, 0x0cee, 0x0cef, 0x0cde, 0x0cf1, 0x0cf2 },
	{ /* Malayalam */
	    0x0964, 0x0965, 0x0d66, 0x0d67, 0x0d68, 0x0d69, 0x0d6a, 0x0d6b,
	    0x0d6c, 0x0d6d, 0x0d6e, 0x0d6f, 0x0d70, 0x0d71, 0x0d72, 0x0d73,
	    0x0d74, 0x0d75, 0x0d7a, 0x0d7b, 0x0d7c, 0x0d7d, 0x0d7e, 0x0d7f },
	{ /* Oriya */
	    0x0964, 0x0965, 0x0b66, 0x0b67, 0x0b68, 0x0b69, 0x0b6a, 0x0b6b,
	    0x0b6c, 0x0b6d, 0x0b6e, 0x0b6f, 0x0b5c, 0x0b5d, 0x0b5f, 0x0b70,
	    0x0b71 },
	{ /* Punjabi */
	    0x0964, 0x0965, 0x0a66, 0x0a67, 0x0a68, 0x0a69, 0x0a6a, 0x0a6b,
	    0x0a6c, 0x0a6d, 0x0a6e, 0x0a6f, 0x0a59, 0x0a5a, 0x0a5b, 0x0a5c,
	    0x0a5e, 0x0a75 },
	{ /* Tamil */
	    0x0964, 0x0965, 0x0be6, 0x0be7, 0x0be8, 0x0be9, 0x0bea, 0x0beb,
	    0x0bec, 0x0bed, 0x0bee, 0x0bef, 0x0bf3, 0x0bf4, 0x0bf5, 0x0bf6,
	    0x0bf7, 0x0bf8, 0x0bfa },
	{ /* Telugu */
	    0x0000, 0x0000, 0x0c66, 0x0c67, 0x0c68, 0x0c69, 0x0c6a, 0x0c6b,
	    0x0c6c, 0x0c6d, 0x0c6e, 0x0c6f, 0x0c58, 0x0c59, 0x0c78, 0x0c79,
	    0x0c7a, 0x0c7b, 0x0c7c, 0x0c7d, 0x0c7e, 0x0c7f },
	{ /* Urdu */
	    0x0600, 0x0601, 0x06f0, 0x06f1, 0x06f2, 0x06f3, 0x06f4, 0x06f5,
	    0x06f6, 0x06f7, 0x06f8, 0x06f9, 0x060c, 0x060d, 0x060e, 0x060f,
	    0x0610, 0x0611, 0x0612, 0x0613, 0x0614, 0x061b, 0x061f, 0x0640,
	    0x0652, 0x0658, 0x066b, 0x066c, 0x0672, 0x0673, 0x06cd, 0x06d4 },
};

/* Text on its way through the tables, septet by septet. */
struct alphabet_reader {
	struct buf	*out;
	uint8_t		 locking;
	uint8_t		 single;
	bool		 escaped;
};

const char *
encoding_name(enum encoding encoding)
{
	switch (encoding) {
	case ENCODING_GSM7:
		return ("GSM7");
	case ENCODING_UCS2:
		return ("UCS2");
	}
	panic("encoding %d", (int)encoding);
}

/* The code of a character in the default alphabet, the escape apart; -1. */
static int
alphabet_code(uint32_t c)
{
	if (c == ALPHABET_ESC)
		return (-1);
	if (c < 128 && alphabet_default[c] == c)
		return ((int)c);
	for (int i = 0; i < 128; i++) {
		if (alphabet_default[i] == c)
			return (i);
	}
	return (-1);
}

/* The escaped code of a character of the extension table; -1. */
static int
alphabet_extension_code(uint32_t c)
{
	for (const char16_t *p = alphabet_extension; *p != 0; p += 2) {
		if (p[1] == c)
			return (p[0]);
	}
	return (-1);
}

unsigned int
alphabet_septets(uint32_t c)
{
	int code = alphabet_code(c);

	if (code != -1)
		return (code != ALPHABET_C_CEDILLA);
	return (alphabet_extension_code(c) != -1 ? 2 : 0);
}

static uint32_t
alphabet_pair(const char16_t *pairs, uint8_t code)
{
	for (; *pairs != 0; pairs += 2) {
		if (pairs[0] == code)
			return (pairs[1]);
	}
	return (0);
}

/* What an escaped code stands for, 0 when nothing. */
static uint32_t
alphabet_escaped(uint8_t language, uint8_t code)
{
	uint32_t c = alphabet_pair(alphabet_extension, code);

	if (c != 0)
		return (c);
	if (language < ALPHABET_BENGALI || language > ALPHABET_URDU)
		return (alphabet_pair(alphabet_extension_more[
		    language <= ALPHABET_PORTUGUESE ? language : 0], code));
	if (code < sizeof alphabet_single_common / sizeof(char16_t) - 1)
		return (alphabet_single_common[code]);
	if (code >= 'A' && code <= 'Z')
		return (code);
	for (size_t i = 0; i < sizeof alphabet_single_codes; i++) {
		if (alphabet_single_codes[i] == code)
			return (alphabet_single_own[language -
			    ALPHABET_BENGALI][i]);
	}
	return (0);
}

static uint32_t
alphabet_indian_letter(const struct alphabet_script *script, uint8_t code)
{
	uint8_t place = alphabet_indian[code];
	uint32_t c;

	if (place != 0 && place < 0x80)
		return (place);
	if (place != 0)
		place &= 0x7f;
	else
		place = script->tail[code == 0x60 ? 0 : code - 0x7b + 1];
	c = (uint32_t)script->base + place;
	return (utf8proc_category((utf8proc_int32_t)c) !=
	    UTF8PROC_CATEGORY_CN ? c : 0xfffd);
}

/* What a code stands for that is no escape. */
static uint32_t
alphabet_locked(uint8_t language, uint8_t code)
{
	if (language == ALPHABET_TURKISH)
		return (alphabet_turkish[code]);
	if (language == ALPHABET_PORTUGUESE)
		return (alphabet_portuguese[code]);
	if (language == ALPHABET_URDU)
		return (alphabet_urdu[code]);
	if (language >= ALPHABET_BENGALI && language < ALPHABET_URDU)
		return (alphabet_indian_letter(
		    &alphabet_scripts[language - ALPHABET_BENGALI], code));
	return (alphabet_default[code]);
}

static void
alphabet_end(struct alphabet_reader *r)
{
	if (r->escaped)
		utf8_put(r->out, ' ');
	r->escaped = false;
}

static void
alphabet_feed(struct alphabet_reader *r, uint8_t code)
{
	uint32_t c = 0;

	if (code == ALPHABET_ESC) {
		alphabet_end(r);
		r->escaped = true;
		return;
	}
	if (r->escaped)
		c = alphabet_escaped(r->single, code);
	r->escaped = false;
	utf8_put(r->out, c != 0 ? c : alphabet_locked(r->locking, code));
}

/* One unit as libgammu decoded it back into septets. A unit that the default
 * alphabet has not did not come from one and stays as it is. */
static void
alphabet_feed_unit(struct alphabet_reader *r, const uint8_t unit[2])
{
	uint32_t c = (uint32_t)unit[0] << 8 | unit[1];
	int code = c == ALPHABET_LONE_ESC ? ALPHABET_ESC : alphabet_code(c);

	if (code != -1) {
		alphabet_feed(r, (uint8_t)code);
		return;
	}
	alphabet_end(r);
	code = alphabet_extension_code(c);
	if (code == -1) {
		utf8_from_utf16be(r->out, unit, 2);
		return;
	}
	alphabet_feed(r, ALPHABET_ESC);
	alphabet_feed(r, (uint8_t)code);
}

void
alphabet_shift(struct buf *b, const uint8_t *utf16, size_t len,
    uint8_t locking, uint8_t single)
{
	struct alphabet_reader r = { b, locking, single, false };

	for (size_t i = 0; i + 1 < len; i += 2)
		alphabet_feed_unit(&r, utf16 + i);
	alphabet_end(&r);
}
