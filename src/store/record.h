/*
 * Items of the durable log: what came in, what is about to be submitted, what
 * became of it. One flat structure, one codec, one fuzz target. Pure.
 */
#ifndef GLAS_RECORD_H
#define GLAS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/msisdn.h"

#define LINK_NAME_MAX 33
#define ITEM_CHOSEN_MAX 96

enum item_type {
	ITEM_MO = 1,	/* a segment or a text from a person */
	ITEM_RAW,	/* a PDU that the link could not decode */
	ITEM_CALL,	/* a missed call */
	ITEM_ANSWERED,	/* a text was answered while the database was away */
	ITEM_INTENT,	/* a segment is about to be handed to a link */
	ITEM_RESULT,	/* what became of it */
	ITEM_REPORT,	/* a status report */
	ITEM_SESSION	/* where somebody stands in the menus of USSD */
};

enum item_alphabet {
	ITEM_GSM7,
	ITEM_UCS2,
	ITEM_BINARY,
	ITEM_TEXT	/* ud is UTF-8 */
};

/* Fields that a type does not use are zero. */
struct item {
	enum item_type	 type;
	char		 link[LINK_NAME_MAX];
	char		 msisdn[MSISDN_MAX]; /* originator or recipient */
	enum msisdn_kind kind;
	enum item_alphabet alphabet;
	bool		 away;		/* belongs to an answer given while the
					   database was away */
	int64_t		 at;		/* wall clock, us */
	int64_t		 scts;		/* us, 0 unknown */
	uint8_t		 identity[SEAL_TOKEN_LEN];
	bool		 offered_before; /* maybe, under the keys before: */
	uint8_t		 identity_before[SEAL_TOKEN_LEN];
	int64_t		 mt;		/* outbox id; ITEM_REPORT: 0 when it
					   is told by mr and msisdn */
	uint64_t	 intent;	/* record that holds the intent */
	uint8_t		 segment;	/* from 1 */
	uint8_t		 state;		/* enum mt_state, or 0: more to come */
	int32_t		 mr;		/* -1 none; 256: taken, and the network
					   gave none */
	int32_t		 cause;
	int32_t		 attempts;	/* ITEM_RESULT: of which attempt */
	int64_t		 due_at;	/* when to try again, 0 never */
	char		 reference[16];	/* ITEM_ANSWERED; ITEM_MO: told on a
					   screen */
	char		 chosen[ITEM_CHOSEN_MAX]; /* ITEM_MO by USSD: as
					   ussd_read() takes it; else "" */
	uint8_t		 reply_kind;	/* ITEM_ANSWERED: enum reply_kind */
	const uint8_t	*udh;
	size_t		 udh_len;
	const uint8_t	*ud;		/* user data, PDU, or text of a reply */
	size_t		 ud_len;
};

/* Whether a text was long under way when it came: in the drawer of a SIM, at its
 * centre. */
bool	 item_is_old(const struct item *);
/* When a text was written, as far as that is known. */
int64_t	 item_written_at(const struct item *);

/* Appends the item. */
void	 record_put(struct buf *, const struct item *);

/* Takes the next item; its pointers lead into the record. 1 an item, 0 the
 * end, -1 the record is not one of ours. */
int	 record_next(const uint8_t **p, const uint8_t *end, struct item *)
	    __attribute__((warn_unused_result));

#endif
