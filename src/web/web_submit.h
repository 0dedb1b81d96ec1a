/*
 * Texts to people, which an aggregator is asked to send.
 */
#ifndef GLAS_WEB_SUBMIT_H
#define GLAS_WEB_SUBMIT_H

#include <stdbool.h>

#include <jansson.h>

/* TP-Status of 3GPP TS 23.040. */
enum submit_status {
	SUBMIT_DELIVERED = 0,
	SUBMIT_FAILED = 70	/* the service centre has given it up */
};

/* Reads send-url. NULL, or in a word what is wrong with it. */
const char *submit_init(void);
/* A segment from glasd. */
void	 submit_take(const json_t *msg);
/* The aggregator says what became of the text with this id of its own; one that
 * is not known is passed over. done(arg, true): glasd has it, or need not;
 * done(arg, false): it is to be brought again. */
void	 submit_report(const char *id, enum submit_status,
	    void (*done)(void *, bool), void *arg);

#endif
