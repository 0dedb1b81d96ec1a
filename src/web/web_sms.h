/*
 * Texts that an aggregator brings, and what it tells of those it took.
 */
#ifndef GLAS_WEB_SMS_H
#define GLAS_WEB_SMS_H

#include <jansson.h>

struct evhttp_request;

void	 sms_take(struct evhttp_request *, const json_t *fields);
void	 sms_report(struct evhttp_request *, const json_t *fields);

#endif
