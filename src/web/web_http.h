/*
 * The HTTP server of glas-web: which requests are heard, who may make them,
 * and how they are answered.
 */
#ifndef GLAS_WEB_HTTP_H
#define GLAS_WEB_HTTP_H

#include <jansson.h>

struct evhttp_request;

/* Binds; before the sandbox. -1 with the log when it cannot. */
int	 http_listen(void) __attribute__((warn_unused_result));

/* Answers in plain text and closes the connection; the request is gone then. */
void	 http_reply(struct evhttp_request *, int code, const char *text);
/* The same, with 200 and JSON. */
void	 http_reply_json(struct evhttp_request *, const char *text);

#endif
