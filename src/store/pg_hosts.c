/*
 * The servers that a connection string names, one by one. Runs in glasd, for
 * pg_pipe.c: libpq goes on to the next by itself when one refuses, but in an
 * event loop nobody tells it when one says nothing at all.
 */
#include <stdlib.h>
#include <string.h>

#include "store/pg_private.h"

#define PG_PORT "5432"	/* where a list of ports has a gap */

/* Element n of a list with commas, xstrdup'd; "" where there is none. */
static char *
pg_hosts_element(const char *list, size_t n)
{
	if (list == NULL)
		return (xstrdup(""));
	for (; n > 0; n--) {
		list += strcspn(list, ",");
		if (*list++ == '\0')
			return (xstrdup(""));
	}
	return (xstrndup(list, strcspn(list, ",")));
}

static size_t
pg_hosts_count(const char *list)
{
	size_t n = 1;

	for (; list != NULL && *list != '\0'; list++)
		n += *list == ',';
	return (n);
}

static void
pg_hosts_add(struct pg_hosts *hosts, const char *names, const char *addresses,
    const char *ports)
{
	size_t n = hosts->count++;
	struct pg_host *h;

	hosts->at = xreallocarray(hosts->at, hosts->count, sizeof *hosts->at);
	h = &hosts->at[n];
	h->host = pg_hosts_element(names, n);
	h->hostaddr = pg_hosts_element(addresses, n);
	/* One port is for all. */
	h->port = pg_hosts_element(ports, pg_hosts_count(ports) == 1 ? 0 : n);
	if (h->port[0] == '\0' && ports != NULL) {
		free(h->port);
		h->port = xstrdup(PG_PORT);
	}
}

void
pg_hosts_init(struct pg_hosts *hosts, const char *conninfo)
{
	char *names = pg_conninfo_get(conninfo, "host");
	char *addresses = pg_conninfo_get(conninfo, "hostaddr");
	char *ports = pg_conninfo_get(conninfo, "port");
	size_t count = pg_hosts_count(names);

	*hosts = (struct pg_hosts){ .at = NULL };
	if (pg_hosts_count(addresses) > count)
		count = pg_hosts_count(addresses);
	while (hosts->count < count)
		pg_hosts_add(hosts, names, addresses, ports);
	free(names);
	free(addresses);
	free(ports);
}

void
pg_hosts_clear(struct pg_hosts *hosts)
{
	for (size_t n = 0; n < hosts->count; n++) {
		free(hosts->at[n].host);
		free(hosts->at[n].hostaddr);
		free(hosts->at[n].port);
	}
	free(hosts->at);
	*hosts = (struct pg_hosts){ .at = NULL };
}
