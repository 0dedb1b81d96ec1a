/*
 * What the pg*.c files share; nobody else includes it.
 */
#ifndef GLAS_PG_PRIVATE_H
#define GLAS_PG_PRIVATE_H

#include <libpq-fe.h>

#include "store/pg.h"

struct pg_result {
	PGresult	*res;
	const char	*sqlstate;	/* overrides that of res; NULL = as it is */
};

/* Object id of the type of parameter n, from 0. */
uint32_t pg_param_oid(const struct pg_params *, int n);

#endif
