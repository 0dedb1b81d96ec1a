/*
 * All use of libsodium. Keys are 32 octets in locked memory, loaded from files
 * of the key directory (0700; files 0400, looser is refused).
 */
#ifndef GLAS_SEAL_H
#define GLAS_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_TOKEN_LEN		16	/* a keyed hash, BLAKE2b-128 */
#define SEAL_KEYSET_LEN		8	/* public id of a key set */
/* What sealing adds: version 1, key id 2, nonce 24, tag 16. */
#define SEAL_OVERHEAD		43

/* Must be called once before anything else. -1: no libsodium. */
int	 seal_init(void) __attribute__((warn_unused_result));

/*
 * The key set of a network of offices. Files in the key directory:
 *   token.1     finds the same person again
 *   reply.1     seals reply copies, original texts, quarantined PDUs
 *   optout.0    finds opt-outs and blocks; never changes
 * Each holds 64 hexadecimal digits and a newline. The number after the dot is
 * the key id; of several the highest is used to write, all to read.
 */
struct seal_keys;

enum seal_key_use {
	SEAL_TOKEN,
	SEAL_TOKEN_BEFORE,	/* while keys are replaced: the old token */
	SEAL_OPTOUT
};

/* All *error texts read "FILE: what; what to do", static or until the next
 * call. */

/* Makes the directory and what is missing in it, each file whole or not at
 * all, none ever overwritten; says how many files it made, -1 with *error. Made
 * by root, they belong to whom the directory belongs to. */
int	 seal_keys_create(const char *dir, const char **error)
	    __attribute__((warn_unused_result));
/* The same for a file that another put there; -1 with errno. Nobody but root
 * can give files away, and nobody else needs to: then it does nothing. */
int	 seal_give(const char *dir, const char *name)
	    __attribute__((warn_unused_result));
/* NULL with *error: a kind is missing, a file or the directory is open to
 * others, is a link, or holds no key. */
struct seal_keys *seal_keys_load(const char *dir, const char **error)
	    __attribute__((warn_unused_result));
/* NULL is no key set. Wipes. */
void	 seal_keys_free(struct seal_keys *);
/* The public id: the same wherever the same key set is loaded, another one as
 * soon as a key is added, taken away or changed; tells nothing of the keys. */
void	 seal_keys_public_id(const struct seal_keys *,
	    uint8_t id[SEAL_KEYSET_LEN]);

/*
 * Keys that are replaced, step by step: sql/code/77_rekey.sql. The new files
 * token.N and reply.N stand beside the old ones for a while.
 */

/* Whether the keys before are here, too; only then there is a
 * SEAL_TOKEN_BEFORE. */
bool	 seal_keys_two(const struct seal_keys *);
/* The highest number of a token or reply key. */
uint32_t seal_keys_number(const struct seal_keys *);
/* The public id that the key set has with the token and reply keys of these
 * numbers alone, both included. */
void	 seal_keys_part_id(const struct seal_keys *, uint32_t first,
	    uint32_t last, uint8_t id[SEAL_KEYSET_LEN]);
/* Makes token.N and reply.N where they are missing; says how many it made, -1
 * with *error. */
int	 seal_keys_add(const char *dir, uint32_t number, const char **error)
	    __attribute__((warn_unused_result));
/* Overwrites and deletes token and reply keys with numbers below; says how
 * many, -1 with *error. What only they open cannot be read again. */
int	 seal_keys_drop(const char *dir, uint32_t below, const char **error)
	    __attribute__((warn_unused_result));

/* A token of anything: the number in E.164, or the identity of a message. */
void	 seal_token(const struct seal_keys *, enum seal_key_use,
	    const void *what, size_t len, uint8_t token[SEAL_TOKEN_LEN]);

/* Seals with XChaCha20-Poly1305 under the newest reply key; `ad` (associated
 * data: what row this belongs to) must be given again to open. out holds
 * len + SEAL_OVERHEAD octets; returns that length. */
size_t	 seal_close(const struct seal_keys *, const void *ad, size_t ad_len,
	    const void *plain, size_t len, uint8_t *out);
/* Returns the plain length (len - SEAL_OVERHEAD), or -1 when it is forged,
 * broken, or sealed under a key that is not here. */
int	 seal_open(const struct seal_keys *, const void *ad, size_t ad_len,
	    const uint8_t *sealed, size_t len, uint8_t *plain)
	    __attribute__((warn_unused_result));

/* A number, padded to one length, sealed for the citizen with this token. The
 * caller has checked that it is no longer with its NUL; E.164 is 17. */
#define SEAL_NUMBER_MAX 24
#define SEAL_MSISDN_LEN (SEAL_NUMBER_MAX + SEAL_OVERHEAD)
void	 seal_msisdn(const struct seal_keys *,
	    const uint8_t token[SEAL_TOKEN_LEN], const char *msisdn,
	    uint8_t out[SEAL_MSISDN_LEN]);
int	 seal_msisdn_open(const struct seal_keys *,
	    const uint8_t token[SEAL_TOKEN_LEN],
	    const uint8_t sealed[SEAL_MSISDN_LEN],
	    char msisdn[SEAL_NUMBER_MAX])
	    __attribute__((warn_unused_result));

/*
 * The recall copy of a number, where the network wants one: whoever has the
 * private half of a key pair opens it, and that is kept offline. The public half
 * is DIR/recall.pub.
 */
#define SEAL_RECALL_FILE	"recall.pub"
#define SEAL_RECALL_KEY_LEN	32
#define SEAL_RECALL_LEN		77	/* head 5, number 24, box 48 */

enum seal_recall {
	SEAL_RECALL_NONE,	/* the network has no such key */
	SEAL_RECALL_THERE,
	SEAL_RECALL_BAD		/* *error says why */
};

enum seal_recall seal_recall_load(const char *dir,
	    uint8_t pub[SEAL_RECALL_KEY_LEN], const char **error)
	    __attribute__((warn_unused_result));
void	 seal_recall_make(uint8_t pub[SEAL_RECALL_KEY_LEN],
	    uint8_t private[SEAL_RECALL_KEY_LEN]);
/* The public half of a private one; -1 when it is none. */
int	 seal_recall_public(const uint8_t private[SEAL_RECALL_KEY_LEN],
	    uint8_t pub[SEAL_RECALL_KEY_LEN])
	    __attribute__((warn_unused_result));
/* Padded as by seal_msisdn(). */
void	 seal_recall_close(const uint8_t pub[SEAL_RECALL_KEY_LEN],
	    const char *msisdn, uint8_t out[SEAL_RECALL_LEN]);
/* -1 when it is broken, or sealed for another key. */
int	 seal_recall_open(const uint8_t private[SEAL_RECALL_KEY_LEN],
	    const uint8_t *sealed, size_t len, char msisdn[SEAL_NUMBER_MAX])
	    __attribute__((warn_unused_result));

/*
 * The key of a day, for the durable log: DIR/log.YYYYMMDD, made when `create`.
 * Opaque; seal_day_* are like seal_close and seal_open without the key id.
 */
struct seal_day;
#define SEAL_DAY_OVERHEAD 40	/* nonce 24, tag 16 */
/* NULL with *error, as seal_keys_load(). */
struct seal_day *seal_day_load(const char *dir, uint32_t yyyymmdd, bool create,
	    const char **error) __attribute__((warn_unused_result));
void	 seal_day_free(struct seal_day *);
/* Overwrites and deletes the key file: what it sealed cannot be read again. A
 * key that is not there is erased. -1 has been logged. */
int	 seal_day_erase(const char *dir, uint32_t yyyymmdd);
void	 seal_day_close(const struct seal_day *, const void *ad, size_t ad_len,
	    const void *plain, size_t len, uint8_t *out);
int	 seal_day_open(const struct seal_day *, const void *ad, size_t ad_len,
	    const uint8_t *sealed, size_t len, uint8_t *plain)
	    __attribute__((warn_unused_result));

void	 seal_random(void *, size_t);
uint32_t seal_random_below(uint32_t);
/* Keeps the compiler from leaving it out. */
void	 seal_wipe(void *, size_t);

#endif
