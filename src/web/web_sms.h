/*
 * Texts that an aggregator brings, and what it tells of those it took.
 */
#ifndef GLAS_WEB_SMS_H
#define GLAS_WEB_SMS_H

#include <jansson.h>

struct evhttp_request;

#define SMS_TEXT_MAX	4096	/* octets; as in the link protocol */
#define SMS_ID_MAX	200
#define SMS_FROM_MAX	40
#define SMS_NUMBER	32

/* Whether it is text, a whole number, null, or not there at all. */
bool	 sms_is_field(const json_t *fields, const char *name);
/* Such a value as a string, "" when it is not there; numbers are written out in
 * `room`. */
const char *sms_field(const json_t *fields, const char *name,
	    char room[SMS_NUMBER]);

void	 sms_take(struct evhttp_request *, const json_t *fields);
void	 sms_report(struct evhttp_request *, const json_t *fields);

#endif
