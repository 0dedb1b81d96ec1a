/*
 * What the values of glas.conf may be, beyond their types. Runs in glasd and
 * glasctl while the file is read; pure. What is wrong is told as the rest of a
 * sentence about the value, with what to write.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/mem.h"
#include "store/config_private.h"
#include "store/control_ask.h"

#define DIGITS "0123456789"

const char *
config_check_name(const char *value)
{
	if (!conf_name_valid(value))
		return ("is no name; use 1 to 32 of a-z, 0-9 and -");
	return (NULL);
}

const char *
config_check_country(const char *value)
{
	const size_t len = strlen(value);

	if (len < 1 || len > 3 || strspn(value, DIGITS) != len ||
	    value[0] == '0')
		return ("is no country code; write it like 381");
	return (NULL);
}

const char *
config_check_prefixes(const char *value)
{
	static const char *const why =
	    "is no list of prefixes; write it like +3816,+38344";

	if (strcmp(value, "+") == 0)
		return (NULL);
	for (const char *p = value;; p++) {
		const size_t digits = p[0] == '+' ? strspn(p + 1, DIGITS) : 0;

		if (digits < 1 || digits > 15)
			return (why);
		p += 1 + digits;
		if (*p == '\0')
			return (NULL);
		if (*p != ',')
			return (why);
	}
}

const char *
config_check_imei(const char *value)
{
	if (strlen(value) != 15 || strspn(value, DIGITS) != 15)
		return ("is no IMEI; write its 15 digits, *#06# or the label "
		    "tells them");
	return (NULL);
}

const char *
config_check_connection(const char *value)
{
	if (strcmp(value, "none") == 0)
		return (NULL);
	if (strncmp(value, "at", 2) != 0 || strlen(value) > 9 ||
	    value[2 + strspn(value + 2, DIGITS)] != '\0')
		return ("is neither at, at with a speed such as at115200, nor "
		    "none");
	return (NULL);
}

const char *
config_check_number(const char *value)
{
	const size_t len = strlen(value);

	if (len < 6 || len > 16 || value[0] != '+' ||
	    strspn(value + 1, DIGITS) != len - 1)
		return ("is no number; write it like +381650000000");
	return (NULL);
}

/* A longer one cannot be bound. */
const char *
config_check_control(const char *value)
{
	if (strlen(value) > CONTROL_PATH_MAX)
		return ("is too long for a socket; use a path of at most 107 "
		    "octets");
	return (NULL);
}

const char *
config_check_ussd(const char *value)
{
	const size_t len = strlen(value);

	if (len > 30 || strspn(value, DIGITS "*#") != len)
		return ("is no USSD code; write it like *100#");
	return (NULL);
}

const char *
config_check_listen(const char *value)
{
	const char *port = strrchr(value, ':');
	const size_t digits = port != NULL ? strspn(port + 1, DIGITS) : 0;
	const long number = port != NULL ? strtol(port + 1, NULL, 10) : 0;

	if (port == NULL || port == value || digits > 5 ||
	    port[1 + digits] != '\0' || number < 1 || number > 65535)
		return ("is no address to listen on; write it like "
		    "127.0.0.1:8077 or [::1]:8077");
	return (NULL);
}

/* As glas-web compares them: one by one. */
const char *
config_check_allow(const char *value)
{
	char *list = xstrdup(value), *rest;
	unsigned char address[sizeof(struct in6_addr)];
	bool sound = value[strspn(value, ", ")] != '\0';

	for (char *word = strtok_r(list, ", ", &rest); word != NULL;
	    word = strtok_r(NULL, ", ", &rest))
		sound = sound && inet_pton(strchr(word, ':') != NULL ?
		    AF_INET6 : AF_INET, word, address) == 1;
	free(list);
	return (sound ? NULL : "has something in it that is no address; write "
	    "each, neither names nor networks: 192.0.2.1, 2001:db8::1");
}
