/*
 * One event, one line, key=value, to standard error. No line may hold a phone
 * number or the text of a message: a line carries ids (mo=, mt=, link=).
 * Bytes that are not printable ASCII are escaped, so a line cannot be forged.
 */
#ifndef GLAS_LOG_H
#define GLAS_LOG_H

enum log_level {
	LOG_LEVEL_ERROR,	/* a person must act */
	LOG_LEVEL_WARN,
	LOG_LEVEL_NOTICE,	/* a link or the database changed state */
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* The level of that word, such as "warn"; of another, info. */
enum log_level log_level_of(const char *word);

/* Sets the name that starts each line and the least important level shown.
 * `program` must stay valid. */
void	 log_init(const char *program, enum log_level level);

void	 log_error(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_notice(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));

/* This process cannot work (configuration, key, memory): says why and what to
 * do, exits 1. */
void	 fatal(const char *, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

/* A bug, an impossible state: says so and dumps core. */
void	 panic(const char *, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

#endif
