/* What the files of the gateway's database share; database.c says which. */
#ifndef GLAS_DATABASE_PRIVATE_H
#define GLAS_DATABASE_PRIVATE_H

#include "glasd/database.h"
#include "glasd/spent.h"
#include "store/instance.h"

#define DATABASE_LEASE_US	(INT64_C(15) * 1000000)

enum database_state {
	DATABASE_DOWN,
	DATABASE_GREETING,	/* connected; the first calls are under way */
	DATABASE_READY,
	DATABASE_REFUSED	/* connected to one that is not for us */
};

/* What a kind of work has met since it last went well. */
struct database_trouble {
	char		 sqlstate[6];
	char		*why;		/* NULL: nothing */
	int64_t		 since;		/* clock_mono_ms */
};

struct database {
	struct gateway		*gateway;
	struct pg_pipe		*pipe;
	struct chores		*chores;
	struct reserve		*reserve;
	struct reserve		*reserve_away;
	enum database_state	 state;
	char			*refusal;
	bool			 name_taken;	/* that was why, last */
	char			 instance[INSTANCE_SIZE];
	bool			 instance_kept;	/* on the disk */
	struct database_trouble	 down;		/* why it went down last */
	struct database_trouble	 works[DATABASE_WORKS];
	bool			 away;
	int64_t			 down_at;	/* clock_mono_ms */
	int64_t			 drop_ms;	/* without an answer */
	int64_t			 ahead_us;	/* its clock, of ours */
	struct event		*tick;
	unsigned int		 ticks;
	uint64_t		 behind;	/* record: see database_caught_up() */
	bool			 links_changed;
	bool			 links_held;	/* some, by another gateway */
	bool			 notified;	/* since the last tick */
	struct vocabulary	*vocabulary;
	struct spent		 spent;
};

/* database_greet.c */
/* Says who this is; the state becomes ready or refused, or the connection is
 * dropped. */
void	 database_greet(struct database *);

/* database_watch.c */
/* Looks each tick whether it is away, or back. */
void	 database_watch(struct database *);
/* It is here, for the first time or again: what came meanwhile goes first. */
void	 database_back(struct database *);
/* The connection is gone; before the state says so. */
void	 database_lost(struct database *, const char *sqlstate,
	    const char *why);
/* It has owed an answer, or there was no connection, for too long. */
bool	 database_silent(const struct database *);
void	 database_watch_clear(struct database *);

/* database_upkeep.c */
/* How the links are; before the first claim, since another gateway may have a
 * link of that name. */
void	 database_links_put(struct database *);
/* Things that are due every so many seconds: each tick, while it answers. */
void	 database_upkeep(struct database *);

#endif
