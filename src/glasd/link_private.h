/*
 * Between link.c, link_message.c and links.c.
 */
#ifndef GLAS_LINK_PRIVATE_H
#define GLAS_LINK_PRIVATE_H

#include <sys/queue.h>
#include <sys/types.h>

#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/link_ladder.h"
#include "glasd/link_pin.h"
#include "glasd/link_recent.h"
#include "glasd/link_ussd.h"
#include "glasd/spent.h"
#include "lib/mem.h"

struct event;

struct link_cap {
	struct spent		 spent;
	int			 full_cap;	/* a text did not fit into */
	int64_t			 full_day;
};

/* Its items of the log, as far as they are not read. Those up to the record
 * `mark`, and those behind, are counted apart: no list of records is kept. */
struct link_share {
	size_t			 older, newer;
	uint64_t		 mark, newest;
};

/* Ids that the link is to be told of. */
struct link_acks {
	json_t			*settled;	/* of what it was asked for */
	json_t			*taken;		/* into the log, in this pass */
	json_t			*held;		/* safe, but it is to wait */
	json_t			*refused;	/* there is no room for them */
	struct link_share	 share;
};

struct link {
	TAILQ_ENTRY(link)	 entry;
	struct links		*links;
	const struct config_link *config;
	enum link_state		 state;
	bool			 pause;
	char			*holder;	/* gateway that has its name */
	char			*secrets;	/* as its program found them */
	pid_t			 pid;		/* 0: no process to wait for */
	int			 in_fd;		/* its stdin */
	int			 out_fd;	/* its stdout */
	struct event		*readable;
	struct event		*writable;
	struct event		*timer;
	bool			 pinged;
	bool			 busy;
	bool			 was_ready;	/* since it was started */
	bool			 fell;		/* since it did more than that */
	int64_t			 up_at;
	int64_t			 started_ms;
	struct link_ladder	 ladder;
	struct link_pin		 pin;
	struct link_credit	 credit;
	struct link_cap		 cap;
	struct link_ussd	 ussd;
	struct buf		 in;
	struct buf		 out;
	struct link_acks	 acks;
	/* what it last said */
	char			*said;
	char			*detail;
	char			*operator_name;
	int			 signal_dbm, sim_used, sim_size;
	bool			 sandbox;
	int64_t			 seen_at;
	unsigned int		 received, sent, restarts, violations;
	unsigned int		 received_all, sent_all;
	int64_t			 refused;	/* requests, by a link */
	unsigned int		 withheld;	/* calls without a number */
	/* what went wrong with it */
	char			*fell_last;
	struct link_recent	 falls;
	char			*breach;
	struct link_recent	 breaches;
	char			*refusal;	/* of what was brought to it */
	struct link_recent	 refusals;
};

struct links {
	TAILQ_HEAD(link_list, link) list;
	struct gateway		*gateway;
	struct event		*child;
	bool			 stopping;
	bool			 settled;	/* nobody waits for an ack */
};

/* link.c: the process. */
struct link	*link_new(struct links *, const struct config_link *);
void		 link_free(struct link *);
void		 link_start(struct link *);
/* Asks it to stop; it is killed when it does not. */
void		 link_ask_stop(struct link *);
/* The one way down. What it had in flight has no known outcome. */
void		 link_down(struct link *, const char *why);
/* What it is to be told goes out. */
void		 link_flush(struct link *);
/* Moves of the table in doc/states.md; another one is a bug. */
void		 link_set_state(struct link *, enum link_state);
/* The timer rings then, and not when it was to before. */
void		 link_after(struct link *, int64_t ms);

/* link_message.c: takes a message. */
void		 link_message(struct link *, const json_t *);
/* What a link says, fit to be shown: whole characters, not many. The caller
 * frees. */
char		*link_words(const char *words, size_t max);
/* Notes the state it is in, for those who look. */
void		 link_say(struct link *, const char *state, const char *detail);

/* link_ack.c: what it is owed for what it must not forget. */
void		 link_acks_init(struct link_acks *);
/* Nobody is there to be told. */
void		 link_acks_reset(struct link_acks *);
void		 link_acks_clear(struct link_acks *);
/* The message answers what the link was told to do. */
void		 link_owe_settled(struct link *, const json_t *msg);
/* The message is taken: the link keeps its copy until the ack. */
void		 link_owe_taken(struct link *, const json_t *msg);
/* False: it has offered more than it may, and was hung up on. */
bool		 link_in_window(struct link *);
/* The same for a text: false, too, when there is no room for it, which the link
 * hears. */
bool		 link_may_bring(struct link *, const json_t *msg);
/* Acks (or nacks) what came in this pass, and what was held back before; what
 * still is leaves the links unsettled. */
void		 link_answer(struct link *, bool durable);

#endif
