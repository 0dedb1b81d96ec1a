/*
 * USSD sessions, as a gateway of an operator or aggregator brings them.
 */
#ifndef GLAS_WEB_USSD_H
#define GLAS_WEB_USSD_H

#include <jansson.h>

struct evhttp_request;

/* Africa's Talking: a form, answered by "CON ..." or "END ...". */
void	 ussd_take(struct evhttp_request *, const json_t *fields);
/* Its notice that a session is over. */
void	 ussd_take_end(struct evhttp_request *, const json_t *fields);
/* Ours: an object with session, msisdn and input, answered by one with text
 * and more. */
void	 ussd_take_json(struct evhttp_request *, const json_t *fields);

#endif
