/*
 * What the files of glas-web share: settings, and the ways out.
 */
#ifndef GLAS_WEB_H
#define GLAS_WEB_H

#include <stdbool.h>

struct event_base;

enum web_protocol {
	WEB_AGGREGATOR,
	WEB_SMSSYNC
};

struct web_settings {
	enum web_protocol protocol;
	char		*name;		/* of the section */
	bool		 status;	/* it is a [status NAME] */
	char		*listen;
	char		*secret;	/* "" = none */
	char		*allow;		/* as address_list() has them, "" = all */
	int		 connections;
	int		 body_max;	/* octets */
	int		 seconds;	/* for a whole request */
	int		 window;
	/* the aggregator, as it brings texts */
	bool		 get;		/* by the address alone, too */
	char		*ussd;		/* "no", "cumulative", "last" */
	char		*id_field, *from_field, *text_field;
	char		*coding_field;	/* "" = what comes is UTF-8 */
	/* and takes them */
	char		*send_url, *send_header, *send_key;
	bool		 send_get;
	bool		 send_json;	/* not a form */
	char		*send_body, *send_success, *send_id;
	/* and tells what became of them */
	char		*report_id_field, *report_status_field;
	char		*report_delivered, *report_failed;
	/* a telephone that asks for texts */
	bool		 confirm;	/* it says which it has taken */
	int		 away_s;	/* without a request */
};

extern struct web_settings web_settings;
extern struct event_base *web_base;

/* The exit status tells nothing that the log does not. */
void	 web_leave(int status) __attribute__((noreturn));
/* It cannot work: says state `down` with the detail, which glasd shows. */
void	 web_down(const char *detail) __attribute__((noreturn));

#endif
