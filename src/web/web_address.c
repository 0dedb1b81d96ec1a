/*
 * Addresses in letters. Runs in glas-web; owns nothing. Called by the gate, of
 * who comes, and by the settings, of who may.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "web/web_address.h"

#define ADDRESS_MAPPED	12	/* octets before an IPv4 address in IPv6 */

void
address_write(char text[INET6_ADDRSTRLEN], int family, const void *address)
{
	struct in6_addr six;

	if (family == AF_INET6) {
		memcpy(&six, address, sizeof six);
		if (IN6_IS_ADDR_V4MAPPED(&six)) {
			family = AF_INET;
			address = &six.s6_addr[ADDRESS_MAPPED];
		}
	}
	if (inet_ntop(family, address, text, INET6_ADDRSTRLEN) == NULL)
		text[0] = '\0';
}

char *
address_list(const char *words)
{
	char *copy = xstrdup(words), *rest;
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	struct buf list = { 0 };

	for (char *word = strtok_r(copy, ", ", &rest); word != NULL;
	    word = strtok_r(NULL, ", ", &rest)) {
		int family = strchr(word, ':') != NULL ? AF_INET6 : AF_INET;
		bool sound = inet_pton(family, word, &address) == 1;

		if (sound)
			address_write(text, family, &address);
		buf_printf(&list, "%s,", sound ? text : word);
	}
	free(copy);
	return (buf_str(&list));
}

bool
address_is_listed(const char *list, const char *address)
{
	const size_t len = strlen(address);

	while (*list != '\0') {
		if (strcspn(list, ",") == len &&
		    memcmp(list, address, len) == 0)
			return (true);
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return (false);
}
