/*
 * The messages of the link protocol, declared once in the table of link_msg.c;
 * doc/link-protocol.md says in words what a link MUST and MAY do.
 */
#ifndef GLAS_LINK_MSG_H
#define GLAS_LINK_MSG_H

#include <stdbool.h>

#include <jansson.h>

struct buf;

#define LINK_PROTOCOL 1

enum link_msg_type {
	/* from the link */
	LINK_MSG_HELLO,
	LINK_MSG_STATE,
	LINK_MSG_BUSY,
	LINK_MSG_PONG,
	LINK_MSG_MO,
	LINK_MSG_RAW,
	LINK_MSG_CALL,
	LINK_MSG_SESSION,
	LINK_MSG_SUBMITTED,
	LINK_MSG_STATUS_REPORT,
	LINK_MSG_USSD_RESULT,
	LINK_MSG_LOOK,
	LINK_MSG_REFUSED,
	/* from glasd */
	LINK_MSG_START,
	LINK_MSG_PING,
	LINK_MSG_STOP,
	LINK_MSG_ACK,
	LINK_MSG_NACK,
	LINK_MSG_ANSWER,
	LINK_MSG_SUBMIT,
	LINK_MSG_USSD,
	LINK_MSG_STATUS,
	LINK_MSG_TYPES
};

enum link_msg_side {
	LINK_MSG_FROM_LINK,
	LINK_MSG_FROM_GLASD
};

/* Checks type, required fields and the JSON types of all declared ones.
 * Returns LINK_MSG_TYPES when the message is not one that `side` may send;
 * *why then says what is wrong. *extra counts undeclared fields. */
enum link_msg_type link_msg_check(const json_t *, enum link_msg_side,
	    const char **why, unsigned int *extra);

/* For links: takes the next whole message of glasd out of what was read; the
 * caller's to json_decref(). NULL: there is none yet, or *why says what came
 * that glasd cannot have meant. */
json_t	*link_msg_next(struct buf *in, enum link_msg_type *,
	    const char **why) __attribute__((warn_unused_result));

const char *link_msg_name(enum link_msg_type);

/* Fields of a checked message; absent optional ones give "", 0 or false. */
const char	*link_msg_str(const json_t *, const char *field);
json_int_t	 link_msg_int(const json_t *, const char *field);
bool		 link_msg_bool(const json_t *, const char *field);

#endif
