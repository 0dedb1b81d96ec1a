/*
 * What the pg*.c files share; nobody else includes it.
 */
#ifndef GLAS_PG_PRIVATE_H
#define GLAS_PG_PRIVATE_H

#include <libpq-fe.h>

#include "store/pg.h"

struct pg_result {
	PGresult	*res;
	const char	*sqlstate;	/* instead of that of res; NULL: that */
};

bool	 pg_result_well(const PGresult *);
/* For PQsetNoticeReceiver(): a notice can hold the text of a citizen, and is for
 * nobody. */
void	 pg_no_notice(void *, const PGresult *);

/* A server of a connection string; "" is what libpq takes for itself. */
struct pg_host {
	char	*host, *hostaddr, *port;
};

struct pg_hosts {
	struct pg_host	*at;
	size_t		 count;		/* at least one */
};

/* Looks a service up as well. What cannot be parsed gives one, empty. */
void	 pg_hosts_init(struct pg_hosts *, const char *conninfo);
void	 pg_hosts_clear(struct pg_hosts *);

/* Parameters as libpq takes them; the values lead into those. */
struct pg_bound {
	int		 count;
	const char	*values[PG_PARAMS_MAX];
	int		 lengths[PG_PARAMS_MAX];
	int		 formats[PG_PARAMS_MAX];
	Oid		 types[PG_PARAMS_MAX];
};

/* NULL is no parameters. */
void	 pg_params_bind(const struct pg_params *, struct pg_bound *);

#endif
