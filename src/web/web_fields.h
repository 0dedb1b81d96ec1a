/*
 * The fields of a request, by name, in a JSON object.
 */
#ifndef GLAS_WEB_FIELDS_H
#define GLAS_WEB_FIELDS_H

#include <jansson.h>

struct evhttp_request;

/* Those of the address, the caller's; NULL when it has no proper ones. A value
 * that is no text is {"hex": octets}. */
json_t	*fields_query(struct evhttp_request *);
/* The same, of what was sent: by GET the address, else the body. */
json_t	*fields_given(struct evhttp_request *);

#endif
