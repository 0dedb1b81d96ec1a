/*
 * Addresses of peers in letters, each in one form, so that letters can be
 * compared: who comes by IPv4 to a socket of both kinds has its IPv4 address.
 */
#ifndef GLAS_WEB_ADDRESS_H
#define GLAS_WEB_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>

/* An in_addr, or an in6_addr. */
void	 address_write(char text[INET6_ADDRSTRLEN], int family,
	    const void *address);
/* The words of a list, each with a comma behind it, to be freed. What is no
 * address stays, and is nobody's. */
char	*address_list(const char *words);
/* Whether it stands in a list as that one makes it. */
bool	 address_is_listed(const char *list, const char *address);

#endif
