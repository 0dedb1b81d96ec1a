/*
 * glas-modem's end of the link protocol: lines in and out, and the window of
 * what was offered and not yet acked.
 */
#ifndef GLAS_MODEM_WIRE_H
#define GLAS_MODEM_WIRE_H

#include <stdint.h>

#include <jansson.h>

#include "sms/link_msg.h"

/* Room for so many offers; forgets those that there are. */
void	 wire_set_window(int);

/* The next whole message from glasd, the caller's to json_decref(), or NULL.
 * Leaves the program at the end of the input and on rubbish. */
json_t	*wire_next(enum link_msg_type *);
/* Waits until glasd has something to say, `fd` (if not -1) has something to
 * read, or the time is over (-1: for ever). */
enum wire_heard {
	WIRE_HEARD_NOTHING,	/* of `fd` */
	WIRE_HEARD_SOMETHING,
	WIRE_HEARD_END
};
enum wire_heard wire_wait(int fd, int timeout_ms);

/* Queues one message, takes the reference. */
void	 wire_say(json_t *);
void	 wire_flush(void);

/* How many more messages may be offered. */
int	 wire_room(void);
/* Queues a message that must not be forgotten, under its own id or, without
 * one, an id made of `origin`, and keeps it until its ack; then calls
 * done(tag), if there is one, which may offer again. Takes the reference. There
 * must be room. */
void	 wire_offer(json_t *, const char *origin, void (*done)(int tag),
	    int tag);
/* An ack or a nack has come. */
void	 wire_settle(const json_t *, enum link_msg_type);
/* Offers again what was refused with a nack, when its time has come. Returns
 * when (monotonic ms) to call again, INT64_MAX for never. */
int64_t	 wire_repeat(void);

/* Tells glasd that the next message may take so long. Nothing is said when
 * what was said last still covers it. */
void	 wire_busy(int deadline_ms);
/* Tells glasd that no call is under way, if it thinks so. */
void	 wire_idle(void);

#endif
