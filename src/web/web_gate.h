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
/* Whether it comes from an address that may, as far as `allow` says. */
bool	 gate_allows(struct evhttp_request *);
/* False: its head has what the library does not tell of. */
bool	 gate_passes(struct evhttp_request *);

#endif
