/* Numbers and other originators of messages. Pure. */
#ifndef GLAS_MSISDN_H
#define GLAS_MSISDN_H

#include <stdbool.h>

#define MSISDN_MAX 24	/* with '+' and NUL; E.164 has at most 15 digits */

enum msisdn_kind {
	MSISDN_PERSON,	/* E.164: may be answered */
	MSISDN_SHORT,	/* 3 to 6 digits: a service */
	MSISDN_ALPHA,	/* a name: a machine */
	MSISDN_NONE	/* empty or absurd */
};

/* Brings an originator into normal form: +3816..., for a person; the digits of
 * a service; for the rest what is printable ASCII of it, cut, with '?' for a
 * character beyond ASCII. `country` is the home country code ("381"); 06x,
 * 6x.., 00381.., 381.., +381 (0) 6x, tel:+381.. are all one. `ton` is the type
 * of number as the link says it: "international", "national", "alphanumeric" or
 * "" when unknown; then ten digits and more without 0 in front are taken for
 * E.164. */
enum msisdn_kind msisdn_normalise(const char *originator, const char *ton,
	    const char *country, char out[MSISDN_MAX]);

/* Who is answered where nothing else is said, as a list of prefixes: mobile
 * telephones of that country, its neighbours, and where its people work. NULL
 * when nobody has thought of that country. */
const char *msisdn_home_prefixes(const char *country);

/* True when the number may be answered: E.164 that begins with one of the
 * prefixes, a list such as "+3816,+38344"; "+" allows all persons, "" nobody.
 * Premium, free and satellite numbers are never answered, whatever the list
 * says. */
bool	 msisdn_answerable(const char *msisdn, const char *prefixes);

#endif
