/*
 * The control socket: a client says one JSON object in a line, and gets one as
 * the answer. Who may open it is a matter of file permissions.
 */
#ifndef GLAS_CONTROL_H
#define GLAS_CONTROL_H

struct control;
struct gateway;

/* fatal() when the socket cannot be made. */
struct control	*control_new(struct gateway *);
void		 control_free(struct control *);

#endif
