/*
 * Links: one process a modem or other transport. Started, watched, killed and
 * started again here; what they say is checked against the table of the link
 * protocol before anyone sees it.
 */
#ifndef GLAS_LINK_H
#define GLAS_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "store/config.h"

struct gateway;
struct item;
struct link;
struct link_credit;
struct links;

enum link_state {
	LINK_DOWN,	/* no process; a timer starts it */
	LINK_STARTING,	/* process there, no hello yet */
	LINK_UP		/* hello said; the link tells its own state */
};

/* What a link says of itself, for the status and the database. */
struct link_view {
	const char	*name;
	const char	*kind;
	const char	*state;		/* "down", "starting", "ready", ... */
	const char	*detail;
	int		 signal_dbm;	/* 0 unknown */
	const char	*operator_name;
	int		 sim_used;
	int		 sim_size;	/* 0 unknown */
	int64_t		 seen_at;	/* wall clock, us; 0 never */
	unsigned int	 received;	/* segments since last asked with reset */
	unsigned int	 sent;
	unsigned int	 withheld;	/* calls without a number, since then */
	unsigned int	 received_all;	/* since the start of glasd */
	unsigned int	 sent_all;
	unsigned int	 restarts;
	unsigned int	 violations;
	int64_t		 starting_ms;	/* for how long its process runs */
	const char	*holder;	/* gateway that has its name, or NULL */
	const char	*fell;		/* why it went down since it did more
					   than start, or NULL */
	const char	*fell_last;	/* why it went down last, or "" */
	unsigned int	 falls;		/* lately, when it had been ready */
	unsigned int	 breaches;	/* of the protocol, lately */
	const char	*breach;	/* the last of them, or "" */
	int64_t		 refused;	/* what was brought to it and it
					   refused, since the start */
	unsigned int	 refusals;	/* lately */
	const char	*refusal;	/* the last of them, or "" */
	unsigned int	 waiting;	/* replies in its queue */
	int64_t		 still_ms;	/* for how long none of them went */
	bool		 sandbox;
	bool		 sends;		/* texts, and not sessions alone */
	bool		 full;		/* its segments of the day are spent */
	int		 failover_min;	/* -1: nothing goes by others */
	const struct link_credit *credit;
};

struct links	*links_new(struct gateway *);
void		 links_start(struct links *);
/* Asks all to stop; they are given `ms` and killed then. */
void		 links_stop(struct links *);
bool		 links_stopped(const struct links *);
void		 links_free(struct links *);
/* Takes over another list of links from a new configuration: the unchanged go
 * on, the others are stopped and started. */
void		 links_reload(struct links *);

/* Sends acks (or nacks when not durable) for what came in this pass. */
void		 links_answer(struct links *, bool durable);
/* At the end of a pass: what links are to be told goes out. */
void		 links_flush(struct links *);

struct link	*links_find(struct links *, const char *name);
/* NULL begins; NULL ends. The first leaves out those that carry no texts. */
struct link	*links_next(struct links *, struct link *);
struct link	*links_next_any(struct links *, struct link *);
/* False: it is there to look at, nothing is sent or received by it. */
bool		 link_carries(const struct link *);
/* False: it takes what is brought, and has nobody to send by. */
bool		 link_sends(const struct link *);
const char	*link_name(const struct link *);
const struct config_link *link_config(const struct link *);
/* True when it takes texts to send. */
bool		 link_ready(const struct link *);
/* By which link texts go to whoever came by that one: itself, or another where
 * it takes USSD and sends nothing. "": by none. */
const char	*links_sender(struct links *, const char *name);
void		 link_pause(struct link *, bool pause);
/* Another gateway has a link of this name: it has no process until that is
 * gone. NULL: none has. */
void		 link_hold(struct link *, const char *holder);
bool		 link_is_held(const struct link *);
void		 link_view(struct link *, struct link_view *, bool reset);
void		 link_count_sent(struct link *);

/*
 * What it spends, in link_cap.c: segments of the day that are handed over or on
 * their way.
 */
int		 link_spent(const struct link *);
/* Whether so many are within its segments-per-day. */
bool		 link_fits(const struct link *, int segments);
/* A text did not fit: until tomorrow, or a higher cap, it is full. */
void		 link_fill(struct link *);
bool		 link_full(const struct link *);
/* How many it may yet send. */
int		 link_left(const struct link *);
/* The same of the link that what belongs to that name goes by; below zero takes
 * back. */
bool		 links_fit(struct links *, const char *name, int segments);
void		 links_spend(struct links *, const char *name, int segments);
/* At start, for each item of the log: what was sent today. */
void		 links_restore(struct links *, const struct item *);
/* On connecting: what the database knows of it. */
void		 links_spent_ask(struct links *);

/* It broke the protocol or a deadline: it is killed and started again. */
void		 link_hangup(struct link *, const char *why);

/* Sends a message; the object is consumed. Lost when the link is down. */
void		 link_send(struct link *, json_t *);

#endif
