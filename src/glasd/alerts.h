/*
 * What is wrong now: one list, for glasctl status, for glas.alerts and for the
 * metrics. watch.c says each second what is wrong; here it gets the time since
 * when it is, and is joined by what the database alone knows.
 */
#ifndef GLAS_ALERTS_H
#define GLAS_ALERTS_H

#include <stdbool.h>

#include <jansson.h>

struct alerts;

/* doc/states.md says what each means; a test compares the names. */
enum alert {
	ALERT_CONFIGURATION,
	ALERT_NO_LINK,
	ALERT_LINK_DOWN,
	ALERT_LINK_STARTING,
	ALERT_LINK_SEARCHING,
	ALERT_LINK_PAUSED,
	ALERT_LINK_TROUBLE,
	ALERT_LINK_RESTARTS,
	ALERT_LINK_VIOLATIONS,
	ALERT_LINK_REFUSES,
	ALERT_LINK_UNSANDBOXED,
	ALERT_SIM_NEARLY_FULL,
	ALERT_CREDIT_LOW,
	ALERT_CREDIT_UNREAD,
	ALERT_VALIDITY_UNREAD,
	ALERT_SIM_EXPIRES,
	ALERT_DAILY_LIMIT,
	ALERT_OUTBOX_STUCK,
	ALERT_SPOOL_FAILING,
	ALERT_SPOOL_FULL,
	ALERT_SPOOL_GROWS,
	ALERT_SPOOL_DAMAGED,
	ALERT_SPOOL_IN_MEMORY,
	ALERT_KEYS_WITH_SPOOL,
	ALERT_KEYS_MISSING,
	ALERT_TEXTS_BLOCKED,
	ALERT_REFERENCES_LOW,
	ALERT_DATABASE_AWAY,
	ALERT_DATABASE_FAILING,
	ALERT_DATABASE_LOCKED,
	ALERT_CLOCK,
	ALERT_NAME_TAKEN,
	ALERT_DATABASE_REWOUND,
	ALERTS
};

struct alerts	*alerts_new(void) __attribute__((warn_unused_result));
void		 alerts_free(struct alerts *);

/* A look at everything: what is put between these two is wrong now; what was,
 * and is not put, is over. `link` is "" where it is none of a link. */
void		 alerts_begin(struct alerts *);
void		 alerts_put(struct alerts *, enum alert, const char *link,
		    const char *text, const char *remedy);
void		 alerts_end(struct alerts *);

/* Something began or ended since this was asked last. */
bool		 alerts_changed(struct alerts *);

/* What the database knew of this gateway when it was connected to first: an
 * array of {name, link, since}. What is wrong still, or soon after a start
 * again, has been since then. */
void		 alerts_recall(struct alerts *, const char *known);
/* What the database alone knows: an array like that of alerts_list(). */
void		 alerts_others(struct alerts *, const char *others);

/* An array of {name, link, since, text, remedy}; the caller decrefs. The first
 * is all; the second what the database has to be told. */
json_t		*alerts_list(const struct alerts *)
		    __attribute__((warn_unused_result));
json_t		*alerts_own(const struct alerts *)
		    __attribute__((warn_unused_result));

#endif
