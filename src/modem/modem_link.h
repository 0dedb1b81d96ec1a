/*
 * glas-modem's end of the link protocol: lines in and out, and the window of
 * what was offered and not yet acked.
 */
#ifndef GLAS_MODEM_LINK_H
#define GLAS_MODEM_LINK_H

#include <stdint.h>

#include <jansson.h>

#include "sms/link_msg.h"

/* Room for so many offers; forgets those that there are. */
void	 link_set_window(int);

/* The next whole message from glasd, the caller's to json_decref(), or NULL.
 * Leaves the program at the end of the input and on rubbish. */
json_t	*link_next(enum link_msg_type *);
/* Waits until glasd has something to say, `fd` (if not -1) has something to
 * read, or the time is over (-1: for ever). */
enum link_heard {
	LINK_HEARD_NOTHING,	/* of `fd` */
	LINK_HEARD_SOMETHING,
	LINK_HEARD_END
};
enum link_heard link_wait(int fd, int timeout_ms);

/* Queues one message, takes the reference. */
void	 link_say(json_t *);
void	 link_flush(void);

/* How many more messages may be offered. */
int	 link_room(void);
/* Queues a message that must not be forgotten, under its own id or, without
 * one, an id made of `origin`, and keeps it until its ack; then calls
 * done(tag), if there is one, which may offer again. Takes the reference. There
 * must be room. */
void	 link_offer(json_t *, const char *origin, void (*done)(int tag),
	    int tag);
/* An ack or a nack has come. */
void	 link_settle(const json_t *, enum link_msg_type);
/* Offers again what was refused with a nack, when its time has come. Returns
 * when (monotonic ms) to call again, INT64_MAX for never. */
int64_t	 link_repeat(void);

/* Tells glasd that the next message may take so long. Nothing is said when
 * what was said last still covers it. */
void	 link_busy(int deadline_ms);
/* Tells glasd that no call is under way, if it thinks so. */
void	 link_free(void);

#endif
