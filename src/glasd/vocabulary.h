/*
 * The content in use (gateway.content): where it comes from, and when it goes.
 */
#ifndef GLAS_VOCABULARY_H
#define GLAS_VOCABULARY_H

struct gateway;
struct pg_pipe;
struct vocabulary;

/* What was kept of the database is in use at once, where it was. */
struct vocabulary *vocabulary_new(struct gateway *, struct pg_pipe *);
/* The content in use stays the gateway's. */
void		 vocabulary_free(struct vocabulary *);

/* Where there is none so far, loads the installed one; fatal() when it cannot be
 * used. */
void		 vocabulary_need(struct vocabulary *);
/* Fetches it when the database has another version than it last gave. */
void		 vocabulary_check(struct vocabulary *, const char *version);
/* The file with it may be gone: the database is to give it once more. */
void		 vocabulary_lost(struct vocabulary *);
/* The version in use; "" when that is none of the database. */
const char	*vocabulary_used(const struct vocabulary *);
/* Lets go of what was in use before, when no text leads into it. */
void		 vocabulary_free_old(struct vocabulary *);

#endif
