/*
 * glasd -t: whether the gateway could run with this configuration.
 */
#ifndef GLAS_CHECK_H
#define GLAS_CHECK_H

#include <stdbool.h>

struct config;

/* Looks at keys, content, the programs of the links, and the database; starts
 * and changes nothing. A line for each finding on stderr, what it is and what
 * to do; or one on stdout when all is well. A database that is away is well. */
bool		 check_run(const struct config *);

#endif
