/*
 * The HTTP server of glas-web: which requests are heard, who may make them,
 * and how they are answered.
 */
#ifndef GLAS_WEB_HTTP_H
#define GLAS_WEB_HTTP_H

#include <stdbool.h>

#include <jansson.h>

struct evhttp_request;

/* Binds; before the sandbox. -1 with the log when it cannot. */
int	 http_listen(void) __attribute__((warn_unused_result));

/* Answers and closes the connection; the request is gone then. */
void	 http_send(struct evhttp_request *, int code, const char *type,
	    const char *body);
/* Answers in plain text; the same. */
void	 http_reply(struct evhttp_request *, int code, const char *text);
/* The same, and glasd is told: what was brought is not kept. */
void	 http_refuse(struct evhttp_request *, int code, const char *text);
/* The same with what JSON says of it; takes the reference. */
void	 http_reply_json(struct evhttp_request *, int code, json_t *);

/* Whether header or address bring the secret; whether this is it. There may be
 * none to bring. */
bool	 http_secret_given(struct evhttp_request *);
bool	 http_secret_is(const char *given);

#endif
