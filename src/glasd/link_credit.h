/*
 * The credit of the SIM of a link: asked for by USSD now and then, read, told to
 * the database, and, when it ends, to who looks after the gateway.
 */
#ifndef GLAS_LINK_CREDIT_H
#define GLAS_LINK_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "text/credit.h"

struct event;
struct link;
struct links;

struct link_credit {
	struct event	*timer;		/* the next question */
	int64_t		 asked_ms;	/* the last one; clock_mono_ms, 0 none */
	int64_t		 late_ms;	/* since when the next one waits; 0 */
	unsigned int	 number;	/* of questions */
	bool		 awaited;	/* the last has no answer yet */
	bool		 of_validity;	/* the last was not for the credit */
	/* the answer: */
	int64_t		 at;		/* wall clock, us; 0 none yet */
	bool		 read;		/* an amount was found in it */
	bool		 stored;
	char		*answer;	/* when none was */
	int		 valid_day;	/* until when the SIM is valid, days since
					   1970; 0 it does not say */
	/* the last amount: */
	bool		 known;
	struct credit	 credit;
	bool		 low;
	int		 days_left;	/* -1 not known */
	unsigned int	 unread;	/* answers since then */
	unsigned int	 unanswered;	/* questions in a row */
	/* the last day until which it is valid: */
	int		 valid_until;	/* 0 not known */
	int		 valid_days;	/* with fewer than these it ends soon */
	unsigned int	 valid_unread;	/* answers to its own code since then */
};

void		 link_credit_init(struct link *);
void		 link_credit_clear(struct link_credit *);
/* The link says how it is: the first question goes when it is ready. */
void		 link_credit_ready(struct link *);
/* The network refused a text for want of credit: soon it is asked. */
void		 link_credit_doubt(struct link *);
/* The answer to a code that was dialled. */
void		 link_credit_answer(struct link *, const json_t *msg);
/* What the database has not heard yet is told to it. */
void		 links_credit_put(struct links *);

/* How many days the SIM is valid from today, in UTC; negative when it is not any
 * more. Only where valid_until is known. */
int		 link_credit_valid_left(const struct link_credit *);
/* The amount in words, "85.50 RSD"; the caller frees. NULL while not known. */
char		*link_credit_words(const struct link_credit *)
		    __attribute__((warn_unused_result));

/* How operators tell the credit, out of `operators-file`. NULL with the reason
 * in the log: then only what stands beside a currency is found. */
json_t		*link_credit_operators(const char *file)
		    __attribute__((warn_unused_result));

#endif
