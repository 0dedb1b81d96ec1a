/*
 * Whether a gateway could run with a configuration, part by part. Each adds a
 * line for each finding to `problems`: "WHERE: what it is, and what to do". What
 * may pass by itself goes to `warnings`.
 */
#ifndef GLAS_STORE_CHECK_H
#define GLAS_STORE_CHECK_H

#include <stdbool.h>

#include <jansson.h>

struct buf;
struct config;
struct config_link;
struct seal_keys;

/* The key set, which the caller frees, or NULL. */
struct seal_keys *check_keys(const struct config *, struct buf *problems)
	    __attribute__((warn_unused_result));
/* The key for copies that are opened offline, where there is one. */
bool	 check_recall(const struct config *, struct buf *problems);
/* The pack in content-dir, which serves until the database was heard. */
bool	 check_content(const struct config *, struct buf *problems);
/* Whether a log that is there has its keys, which lie under the name of the
 * gateway. */
bool	 check_log(const struct config *, struct buf *problems);
/* The directory of the log, and this. */
bool	 check_spool(const struct config *, struct buf *problems,
	    struct buf *warnings);

/* check_control.c: whether the control socket can be made where `control` says,
 * as far as that is not taken: what lies there and is no socket stays. */
bool	 check_control(const struct config *, struct buf *problems);
/* Whether the gateway that gave this status is another: glasctl would speak to
 * that one. */
bool	 check_control_other(const struct config *, const json_t *status,
	    struct buf *problems);

/* check_link.c: the program of a link, its IMEI, its PIN and its secrets. */
bool	 check_link(const struct config *, const struct config_link *,
	    struct buf *problems, struct buf *warnings);
/* Whom links run as, where that is not who runs this. */
bool	 check_link_user(const struct config *, struct buf *problems);

/* check_database.c: the schema, whether it was sealed under these keys (of no
 * keys nothing is said), and whether another has the name of this gateway. One
 * that is away, or only reads, is well: a start does not wait for it. */
bool	 check_database(const struct config *, const struct seal_keys *,
	    struct buf *problems, struct buf *warnings);

#endif
