/*
 * Who sent it. Runs in glasd and glasctl; pure. An originator is whatever the
 * network, a modem or a stranger wrote there: it is judged, never trusted, and
 * comes out as printable ASCII.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "lib/utf8.h"
#include "sms/msisdn.h"

#define MSISDN_DIGITS_MIN	9	/* with the country code */
#define MSISDN_DIGITS_MAX	15	/* E.164 */
#define MSISDN_SHORT_MIN	3
#define MSISDN_SHORT_MAX	6
#define MSISDN_NATIONAL_MIN	8	/* without the trunk zero */
#define MSISDN_COUNTRY_MAX	3

/* The home mobile number without its trunk zero: 6x and 6 or 7 digits more,
 * 67x and as many. */
#define MSISDN_MOBILE_MIN	8
#define MSISDN_MOBILE_MAX	10

/* Numbers that cost who writes to them, and that nobody who texts us can have:
 * in Serbia premium, free and shared ones; beyond all countries those of
 * services (ITU-T E.164: 800, 808, 878, 888, 979, 991) and of satellites and
 * ships (870, 881 to 883). */
static const char *const msisdn_never[] = { "+38178", "+38190", "+381800",
	"+381700", "+800", "+808", "+87", "+88", "+979", "+99" };

/* Whose people are here, and where people from here are: mobile telephones
 * alone, since other numbers of these countries may be premium ones. */
static const struct {
	const char	*country, *prefixes;
} msisdn_home[] = {
	{ "381", "+3816,"			/* Serbia */
	    "+3834,+3897,"			/* Kosovo, North Macedonia */
	    "+35987,+35988,+35989,+35998,+35999," /* Bulgaria */
	    "+3556,+3826,+3876,+3859,"		/* AL, ME, BA, HR */
	    "+38630,+38631,+38640,+38641,+38651,+3866,+38670,+38671," /* SI */
	    "+3620,+3630,+3631,+3650,+3670,+407," /* Hungary, Romania */
	    "+4365,+4366,+4367,+4368,+4369,"	/* Austria */
	    "+4915,+4916,+4917,"		/* Germany */
	    "+4175,+4176,+4177,+4178,+4179" },	/* Switzerland */
};

/* An originator taken apart. */
struct msisdn_parts {
	char	 digits[MSISDN_MAX];
	size_t	 len;
	bool	 plus;
	bool	 letters;
	bool	 absurd;	/* signs that no number has, or too many */
};

static void
msisdn_print(const char *originator, char out[MSISDN_MAX])
{
	const char *end = originator + strlen(originator);
	size_t n = 0;

	while (originator < end && n < MSISDN_MAX - 1) {
		uint32_t c = utf8_next(&originator, end);

		if (c > 0x7f)
			out[n++] = '?';
		else if (c >= ' ' && c <= '~')
			out[n++] = (char)c;
	}
	out[n] = '\0';
}

static void
msisdn_read(struct msisdn_parts *p, const char *s)
{
	*p = (struct msisdn_parts){ .len = 0 };
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (isdigit(c) && p->len < MSISDN_MAX - 1)
			p->digits[p->len++] = *s;
		else if (isalpha(c) || c > 0x7f)
			p->letters = true;
		else if (c == '+' && p->len == 0 && !p->plus)
			p->plus = true;
		else if (strchr(" -./()", c) == NULL)
			p->absurd = true;
	}
}

static void
msisdn_drop(struct msisdn_parts *p, size_t at, size_t n)
{
	memmove(p->digits + at, p->digits + at + n, p->len - at - n + 1);
	p->len -= n;
}

static bool
msisdn_begins(const char *s, const char *prefix)
{
	return (strncmp(s, prefix, strlen(prefix)) == 0);
}

/* Zeros behind the home country code: "+381 (0) 6x". */
static void
msisdn_drop_trunk(struct msisdn_parts *p, const char *country)
{
	size_t len = strlen(country);

	if (!msisdn_begins(p->digits, country))
		return;
	while (p->digits[len] == '0')
		msisdn_drop(p, len, 1);
}

/* Puts the country code in front of a national number. */
static void
msisdn_add_country(struct msisdn_parts *p, const char *country)
{
	size_t len = strlen(country);

	if (len > MSISDN_COUNTRY_MAX || p->len + len >= MSISDN_MAX) {
		p->absurd = true;
		return;
	}
	memmove(p->digits + len, p->digits, p->len + 1);
	memcpy(p->digits, country, len);
	p->len += len;
}

static bool
msisdn_is_mobile(const struct msisdn_parts *p)
{
	return (p->digits[0] == '6' && p->len >= MSISDN_MOBILE_MIN &&
	    p->len <= MSISDN_MOBILE_MAX);
}

/* True for a number of the home country without its trunk zero. */
static bool
msisdn_is_national(const struct msisdn_parts *p, const char *ton,
    const char *country)
{
	if (msisdn_is_mobile(p))
		return (true);
	return (strcmp(ton, "national") == 0 &&
	    p->len >= MSISDN_NATIONAL_MIN &&
	    !msisdn_begins(p->digits, country));
}

/* Turns the digits into E.164 without '+'; false when they are no number of a
 * person. */
static bool
msisdn_to_e164(struct msisdn_parts *p, const char *ton, const char *country)
{
	bool whole = p->plus || strcmp(ton, "international") == 0;

	if (msisdn_begins(p->digits, "00")) {
		whole = true;
		msisdn_drop(p, 0, 2);
		if (p->digits[0] == '0')
			return (false);
	}
	if (p->digits[0] == '0') {
		msisdn_drop(p, 0, 1);
		if (p->len < MSISDN_NATIONAL_MIN)
			return (false);
		msisdn_add_country(p, country);
	} else if (!whole && msisdn_is_national(p, ton, country)) {
		msisdn_add_country(p, country);
	} else if (!whole && p->len <= MSISDN_DIGITS_MIN) {
		return (false);
	}
	msisdn_drop_trunk(p, country);
	return (!p->absurd && p->digits[0] != '0' &&
	    p->len >= MSISDN_DIGITS_MIN && p->len <= MSISDN_DIGITS_MAX);
}

/* As IMS and some aggregators write a number (RFC 3966); letters would make it a
 * machine. */
static const char *
msisdn_skip_scheme(const char *originator)
{
	return (strncasecmp(originator, "tel:", 4) == 0 ? originator + 4 :
	    originator);
}

enum msisdn_kind
msisdn_normalise(const char *originator, const char *ton, const char *country,
    char out[MSISDN_MAX])
{
	struct msisdn_parts p;

	msisdn_print(originator, out);
	msisdn_read(&p, msisdn_skip_scheme(originator));
	if (p.letters || (strcmp(ton, "alphanumeric") == 0 && out[0] != '\0'))
		return (MSISDN_ALPHA);
	if (p.absurd)
		return (MSISDN_NONE);
	if (p.len >= MSISDN_SHORT_MIN && p.len <= MSISDN_SHORT_MAX) {
		memcpy(out, p.digits, p.len + 1);
		return (MSISDN_SHORT);
	}
	if (!msisdn_to_e164(&p, ton, country))
		return (MSISDN_NONE);
	out[0] = '+';
	memcpy(out + 1, p.digits, p.len + 1);
	return (MSISDN_PERSON);
}

static bool
msisdn_is_e164(const char *s)
{
	size_t digits = strspn(s + (*s == '+'), "0123456789");

	return (*s == '+' && s[1] != '0' && s[1 + digits] == '\0' &&
	    digits >= MSISDN_DIGITS_MIN && digits <= MSISDN_DIGITS_MAX);
}

const char *
msisdn_home_prefixes(const char *country)
{
	for (size_t i = 0; i < sizeof msisdn_home / sizeof *msisdn_home; i++) {
		if (strcmp(msisdn_home[i].country, country) == 0)
			return (msisdn_home[i].prefixes);
	}
	return (NULL);
}

bool
msisdn_answerable(const char *msisdn, const char *prefixes)
{
	const size_t n_never = sizeof msisdn_never / sizeof *msisdn_never;
	bool found = false;

	if (!msisdn_is_e164(msisdn))
		return (false);
	for (size_t i = 0; i < n_never; i++) {
		if (msisdn_begins(msisdn, msisdn_never[i]))
			return (false);
	}
	while (*(prefixes += strspn(prefixes, ", \t")) != '\0') {
		size_t len = strcspn(prefixes, ", \t");

		found = found || strncmp(msisdn, prefixes, len) == 0;
		prefixes += len;
	}
	return (found);
}
