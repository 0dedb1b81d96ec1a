/*
 * What is tried next with a link that went down: it is started again, sooner
 * or later; its store is read slot by slot; its modem is reset.
 */
#ifndef GLAS_LINK_LADDER_H
#define GLAS_LINK_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct link_ladder {
	int64_t		 wait_ms;	/* before the next start */
	int64_t		 fell_at;	/* clock_mono_ms */
	unsigned int	 falls;		/* in mid-call, in short order */
	bool		 careful;	/* it fell while it listed */
	int		 killer;	/* slot in which it fell then; 0: none */
	bool		 reset;		/* at the next start */
	bool		 deaf;		/* not heard of anybody since */
};

/* How it went down. */
struct link_fall {
	const char	*state;		/* what it had said last */
	const char	*detail;
	bool		 busy;		/* in a call to its modem */
	int64_t		 up_ms;		/* since its hello; 0: none */
};

/* As if it had never gone down. */
void		 ladder_init(struct link_ladder *);
void		 ladder_said(struct link_ladder *, const char *state,
		    const char *detail);
void		 ladder_fell(struct link_ladder *, const struct link_fall *);
/* How long to wait before the next start, at most max_ms: twice as long each
 * time. */
int64_t		 ladder_wait(struct link_ladder *, int64_t max_ms);
/* Adds to the settings what this start is to do besides. */
void		 ladder_settings(struct link_ladder *, json_t *settings);

#endif
