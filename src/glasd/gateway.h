/*
 * The parts of glasd, made by glasd.c in the order of this structure. Each is
 * owned by the module of its name; the others use its header.
 */
#ifndef GLAS_GATEWAY_H
#define GLAS_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct config;
struct content;
struct event_base;
struct seal_keys;

struct gateway {
	struct event_base	*base;
	struct config		*config;
	char			*kept;		/* why a newer one is not in
						   use; or NULL */
	struct seal_keys	*keys;
	const uint8_t		*recall;	/* public key; NULL: none */
	struct content		*content;
	struct journal		*journal;	/* the durable log */
	json_t			*operators;	/* how they tell the credit */
	struct links		*links;
	struct mo		*mo;		/* texts from people */
	struct outbox		*outbox;	/* where the two meet */
	struct mt		*mt;		/* texts to people */
	struct away		*away;		/* while the database is away */
	struct unanswered	*unanswered;	/* who is blocked or silenced */
	struct sessions		*sessions;	/* of USSD */
	struct database		*database;
	struct rekey		*rekey;		/* keys that are replaced */
	struct rewound		*rewound;	/* whether it went backwards */
	struct watch		*watch;		/* for what is wrong */
	struct control		*control;
	struct service		*service;	/* NULL: nobody to tell */
	int64_t			 started_at;
	bool			 stopping;
};

#endif
