/*
 * The configuration of glasd and glasctl: one table of keys with type, range,
 * default and help stands in config_keys.c; glas.conf(5) and etc/glas.conf are
 * checked against it by a test.
 */
#ifndef GLAS_CONFIG_H
#define GLAS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct buf;
struct conf_section;

enum link_kind {
	LINK_MODEM,	/* [modem NAME]: glas-modem */
	LINK_WEB,	/* [web NAME]: glas-web */
	LINK_STATUS,	/* [status NAME]: glas-web, for the operator */
	LINK_OTHER	/* [link NAME]: any program, key `command` */
};
const char	*link_kind_name(enum link_kind);
struct config_link;
/* Whether glas-web serves it, and not a program of somebody's own. */
bool		 config_is_glas_web(const struct config_link *);

struct config_link {
	enum link_kind	 kind;
	char		*name;
	char		*command;	/* program and arguments, or NULL for the
					   installed one of the kind */
	json_t		*settings;	/* every key of the section, also by
					   default, as strings; a key without
					   value and default is not there */
	char		*pin_file;	/* read anew at each start of the link */
	bool		 report;	/* ask for status reports */
	int		 rate;		/* segments a minute, 0 = as it comes */
	int		 window;	/* unacked messages from the link */
	int		 back_off_ms;	/* at most, before it is started again */
	int		 rest_ms;	/* when the network takes nothing */
	int		 submit_window;	/* segments handed over, outcome unknown */
	int		 segments_per_day; /* 0 = no limit */
	bool		 failover;	/* gives texts to other links, and takes
					   theirs */
	int		 failover_min;	/* not ready, before it gives them */
	char		*balance;	/* USSD code, or NULL */
	char		*validity;	/* one for its days, or NULL */
	char		*balance_pattern; /* as in text/credit.h, or NULL */
	int		 balance_every_s;
	int		 balance_low;	/* of its currency; 0 never */
	int		 balance_days;	/* left; 0 never */
	int		 balance_valid;	/* days that the SIM is; 0 never */
};

/* No link has this name: glasctl resume takes it for the outbox. */
#define CONFIG_OUTBOX "outbox"

struct config {
	char	*file;
	struct {
		char	*name;
		char	*database;
		char	*key_dir;
		char	*spool_dir;
		char	*control;
		char	*language;
		char	*missed_calls;	/* "queue", "menu", "note" */
		char	*country;	/* "381" */
		char	*content_dir;	/* installed pack */
		char	*link_user;	/* "glas-link" */
		char	*operator_phone; /* or NULL */
		char	*operators_file;
		char	*log_level;
		int	 keep_committed_hours;
		bool	 keys_with_spool; /* on one disk, and known to be */
		int	 spool_reserve_mib;	/* 0: of the size of the disk */
	} gateway;
	struct {
		int	 replies_per_hour;	/* 0 = no limit, like all */
		int	 replies_per_day;
		int	 helper_replies_per_hour;
		int	 helper_replies_per_day;
		int	 segments_per_day;
		int	 segments_per_reply;
		char	*answer_prefixes;	/* never NULL, "+": all */
	} limits;
	struct config_link *links;
	size_t	 link_count;
};

/* What a key of its section says, NULL where it is not there. */
const char	*config_setting(const struct config_link *, const char *key);

/* NULL when anything is wrong; `problems` then has a line for each finding,
 * "FILE:LINE: what, and what to do". */
struct config	*config_load(const char *file, struct buf *problems);
void		 config_free(struct config *);

/* The table, for those who compare the manual with it. */
const struct conf_section *config_sections(size_t *count);

#endif
