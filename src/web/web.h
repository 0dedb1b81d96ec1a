/*
 * What the files of glas-web share: settings, and the ways out.
 */
#ifndef GLAS_WEB_H
#define GLAS_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct event_base;

struct web_settings {
	char		*name;		/* of the section */
	char		*listen;
	char		*secret;	/* "" = none */
	char		*allow;		/* addresses, "" = all */
	int		 connections;
	int		 body_max;	/* octets */
	int		 seconds;	/* for a whole request */
	int		 window;
	/* the aggregator, as it brings texts */
	char		*ussd;		/* "no", "cumulative", "last" */
	char		*id_field, *from_field, *text_field;
	/* and takes them */
	char		*send_url, *send_type, *send_header, *send_key;
	char		*send_body, *send_success, *send_id;
	/* and tells what became of them */
	char		*report_id_field, *report_status_field;
	char		*report_delivered, *report_failed;
};

extern struct web_settings web_settings;
extern struct event_base *web_base;

/* The exit status tells nothing that the log does not. */
void	 web_leave(int status) __attribute__((noreturn));
/* It cannot work; glasd shows the word. */
void	 web_down(const char *detail) __attribute__((noreturn));

#endif
