/*
 * The page of the operator, its metrics and its health, in a [status NAME].
 */
#ifndef GLAS_WEB_STATUS_H
#define GLAS_WEB_STATUS_H

#include <jansson.h>

struct evhttp_request;

/* Before the first request. */
void	 status_init(void);
/* Answers, at once or when glasd has told. */
void	 status_take(struct evhttp_request *, const char *path);
/* A piece of what glasd tells. */
void	 status_got(const json_t *msg);

#endif
