/*
 * glas-web's end of the link protocol: lines in and out, and what was offered
 * and not yet acked.
 */
#ifndef GLAS_WEB_WIRE_H
#define GLAS_WEB_WIRE_H

#include <stdbool.h>

#include <jansson.h>

/* Reads `start` and says `hello`; blocks. Returns the message, the caller's. */
json_t	*wire_begin(void);
/* From now on the event loop reads what glasd says. */
void	 wire_listen(void);

/* Queues one message, takes the reference. */
void	 wire_say(json_t *);
/* That texts can be handed over, or why not in a word. */
void	 wire_carries(bool, const char *detail);

/* False: as much as the window holds is offered, or waits to be. */
bool	 wire_has_room(void);
/* Offers a message under an id of its own, takes the reference. done(arg, true)
 * is called at its ack, done(arg, false) at its nack, and it is forgotten
 * then; `keep`: it is offered again after a nack. done may be NULL. Without
 * room it waits for some. */
void	 wire_offer(json_t *, bool keep, void (*done)(void *, bool), void *arg);
/* Tells what became of a segment: accepted, refused or unknown. */
void	 wire_submitted(json_int_t mt, json_int_t segment, const char *outcome);
/* Tells what became of a text after that, with a TP-Status. Without `done` it
 * is kept until glasd has it. */
void	 wire_reported(json_int_t mt, int status, void (*done)(void *, bool),
	    void *arg);

/* Offers a message that is answered: answered(arg, the answer) is called then,
 * answered(arg, NULL) when it cannot be taken, or after two seconds. Waits for
 * room. */
void	 wire_ask(json_t *, void (*answered)(void *, const json_t *),
	    void *arg);

#endif
