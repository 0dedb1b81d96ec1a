/*
 * What stands before the HTTP library: limits on connections and time, and
 * what the library would let pass without a word.
 */
#ifndef GLAS_WEB_GATE_H
#define GLAS_WEB_GATE_H

#include <stdbool.h>

struct evhttp;
struct evhttp_bound_socket;
struct evhttp_request;

/* Each connection of the server passes here. */
void	 gate_set(struct evhttp *, struct evhttp_bound_socket *);
/* Whether the address stands in `allow`. */
bool	 gate_lists(const char *address);
/* False: its head has what the library does not tell of. */
bool	 gate_passes(struct evhttp_request *);

#endif
