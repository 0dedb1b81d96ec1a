/*
 * PostgreSQL. Only the pg*.c files see <libpq-fe.h>. Parameters go in binary,
 * results come in text. Nothing here is ever built into a statement.
 */
#ifndef GLAS_PG_H
#define GLAS_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/mem.h"

/*
 * Parameters: scalars and arrays, appended in the order $1, $2, ... Zeroed
 * memory is an empty list. An item goes into the array begun last.
 */
#define PG_PARAMS_MAX 96

enum pg_type {
	PG_BOOL,
	PG_INT4,
	PG_INT8,
	PG_FLOAT4,
	PG_TEXT,
	PG_BYTEA,
	PG_TIMESTAMPTZ,	/* microseconds since 1970 */
	PG_INTERVAL,	/* microseconds */
	PG_DATE		/* days since 1970 */
};

struct pg_params {
	struct buf	 bytes;
	int		 count;
	struct {
		size_t		 offset;
		int		 length;	/* -1: null */
		enum pg_type	 type;
		bool		 array;
	} at[PG_PARAMS_MAX];
};

void	 pg_param_null(struct pg_params *, enum pg_type);
/* BOOL, INT4, INT8, TIMESTAMPTZ, INTERVAL, DATE. */
void	 pg_param_int(struct pg_params *, enum pg_type, int64_t);
void	 pg_param_text(struct pg_params *, const char *);
void	 pg_param_bytes(struct pg_params *, const void *, size_t);

void	 pg_array(struct pg_params *, enum pg_type);
void	 pg_item_null(struct pg_params *);
void	 pg_item_int(struct pg_params *, int64_t);
/* 0 is null. */
void	 pg_item_int_or_null(struct pg_params *, int64_t);
void	 pg_item_float(struct pg_params *, float);
void	 pg_item_text(struct pg_params *, const char *);
void	 pg_item_bytes(struct pg_params *, const void *, size_t);

void	 pg_params_clear(struct pg_params *);

/* A result, valid during the callback or until pg_result_free(). */
struct pg_result;

bool		 pg_ok(const struct pg_result *);
/* SQLSTATE, "" when ok, "08006" when the connection was lost. */
const char	*pg_sqlstate(const struct pg_result *);
/* By its class: nothing is wrong with what was asked, and the server may do it
 * another time. */
bool		 pg_passes(const char *sqlstate);
/* The primary message of the error alone: never the detail, which can hold
 * the text of a citizen. */
const char	*pg_error(const struct pg_result *);
int		 pg_rows(const struct pg_result *);
bool		 pg_null(const struct pg_result *, int row, int column);
/* "" when null. */
const char	*pg_text(const struct pg_result *, int row, int column);
int64_t		 pg_int(const struct pg_result *, int row, int column);
double		 pg_float(const struct pg_result *, int row, int column);
bool		 pg_bool(const struct pg_result *, int row, int column);
/* Microseconds since 1970; the column is cast to float8 epoch or is a
 * timestamptz in ISO form. 0 when null. */
int64_t		 pg_time(const struct pg_result *, int row, int column);
/* bytea: appends the octets. */
void		 pg_bytes(const struct pg_result *, int row, int column,
		    struct buf *);

/*
 * Blocking, for glasctl and for glasd -t. NULL with the reason in `problem`.
 */
struct pg_client;
struct pg_client *pg_client_open(const char *conninfo, struct buf *problem);
/* Whether that connection could not be made because no server is there, or it
 * is not up to it now; not because it is wrong. Tries again. */
bool		 pg_client_away(const char *conninfo);
void		 pg_client_close(struct pg_client *);
/* One statement with parameters (may be NULL). Never NULL. */
struct pg_result *pg_query(struct pg_client *, const char *statement,
		    const struct pg_params *);
/* A script of several statements without parameters; one implicit
 * transaction unless it says otherwise. */
struct pg_result *pg_script(struct pg_client *, const char *script);
void		 pg_result_free(struct pg_result *);
/* The value of a keyword of a connection string ("user"), which the caller
 * frees; NULL also when the string cannot be parsed. */
char		*pg_conninfo_get(const char *conninfo, const char *keyword);

/*
 * Asynchronous, for glasd: one connection in pipeline mode in the event loop,
 * made again with back-off for ever.
 */
struct event_base;
struct pg_pipe;

struct pg_pipe_events {
	/* The connection is there, statements may be sent. */
	void	(*up)(void *arg);
	/* It is gone; every outstanding statement has been called back with
	 * SQLSTATE 08006 before. `why` is for people; `sqlstate` is "" unless
	 * a server has said so. */
	void	(*down)(void *arg, const char *sqlstate, const char *why);
	/* A notification came on a channel that is listened to. */
	void	(*notified)(void *arg);
};

typedef void (*pg_done)(void *arg, const struct pg_result *);

/* `channel` is listened to, and the application name of the connection. */
struct pg_pipe	*pg_pipe_new(struct event_base *, const char *conninfo,
		    const char *channel, const struct pg_pipe_events *,
		    void *arg);
void		 pg_pipe_free(struct pg_pipe *);
/* Starts connecting; goes on by itself from then on. */
void		 pg_pipe_start(struct pg_pipe *);
/* The connection is of use: when it is lost, the next is made soon. */
void		 pg_pipe_good(struct pg_pipe *);
/* Milliseconds that the oldest outstanding statement has waited, 0 for none. */
int64_t		 pg_pipe_waiting_ms(const struct pg_pipe *);
/* Drops the connection and connects again, as when the peer had died. */
void		 pg_pipe_drop(struct pg_pipe *, const char *why);
/* The same, for what the server answered to a statement. */
void		 pg_pipe_refused(struct pg_pipe *, const struct pg_result *);
/* Sends one statement as a unit (its own implicit transaction). `statement`
 * must be a static string: it is prepared once a connection. `done` is called
 * later, once, never from within this call; also when the connection is down. */
void		 pg_pipe_send(struct pg_pipe *, const char *statement,
		    const struct pg_params *, pg_done done, void *arg);

#endif
