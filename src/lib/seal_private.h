/*
 * Between the seal*.c files alone.
 */
#ifndef GLAS_SEAL_PRIVATE_H
#define GLAS_SEAL_PRIVATE_H

#include "lib/seal.h"

#define SEAL_KEY_LEN 32
#define SEAL_KEYS_MAX 64 /* files of one key set */
#define SEAL_NAME_MAX 32
#define SEAL_ID_MAX 65535

enum seal_kind {
	SEAL_KIND_OPTOUT,
	SEAL_KIND_TOKEN,
	SEAL_KIND_REPLY
};

/* What is derived from one file; the octets of the file are not kept. */
struct seal_key {
	enum seal_kind	 kind;
	uint32_t	 id;
	uint8_t		 work[SEAL_KEY_LEN];	/* hashing, or sealing rows */
	uint8_t		 number[SEAL_KEY_LEN];	/* sealing phone numbers */
	uint8_t		 name[SEAL_KEY_LEN];	/* the public id */
};

/* In locked, read-only memory; sorted by kind, then by id. */
struct seal_keys {
	size_t		 count;
	struct seal_key	 key[SEAL_KEYS_MAX];
};

/* Nonce, sealed text, tag: SEAL_DAY_OVERHEAD more octets than the text. */
void	 seal_aead_close(const uint8_t key[SEAL_KEY_LEN], const void *ad,
	    size_t ad_len, const void *plain, size_t len, uint8_t *out);
int	 seal_aead_open(const uint8_t key[SEAL_KEY_LEN], const void *ad,
	    size_t ad_len, const uint8_t *sealed, size_t len, uint8_t *plain)
	    __attribute__((warn_unused_result));

/* A number that is to be sealed; the caller wipes it. */
void	 seal_pad(uint8_t padded[SEAL_NUMBER_MAX], const char *msisdn);

/* seal_keys.c */
enum seal_purpose {
	SEAL_PURPOSE_WORK = 1,
	SEAL_PURPOSE_NUMBER,
	SEAL_PURPOSE_NAME
};
/* The key for a purpose, from the octets of a file; `context` has 8 letters. */
void	 seal_derive(uint8_t out[SEAL_KEY_LEN],
	    const uint8_t master[SEAL_KEY_LEN], const char *context,
	    enum seal_purpose);
/* The key of this kind with this id, or NULL. */
const struct seal_key *seal_keys_find(const struct seal_keys *, enum seal_kind,
	    uint32_t id);
/* The one to write with. seal_keys_load() has made sure that there is one. */
const struct seal_key *seal_keys_newest(const struct seal_keys *,
	    enum seal_kind);
/* The one before that, or NULL. */
const struct seal_key *seal_keys_before(const struct seal_keys *,
	    enum seal_kind);
/* The public id with the keys that `counts` lets through. */
void	 seal_keys_id(const struct seal_keys *,
	    bool (*counts)(const struct seal_key *, const void *arg),
	    const void *arg, uint8_t id[SEAL_KEYSET_LEN]);

/* Calls `each` for every key file until it says -1. */
int	 seal_dir_each(int dirfd, int (*each)(const char *name,
	    enum seal_kind, uint32_t id, void *arg), void *arg)
	    __attribute__((warn_unused_result));

/* seal_file.c */
/* The key directory, checked; -1 with *error. */
int	 seal_dir_open(const char *dir, const char **error)
	    __attribute__((warn_unused_result));
/* The 32 octets of a file in it. -1 with *error and errno (ENOENT: not
 * there). */
int	 seal_file_read(int dirfd, const char *dir, const char *name,
	    uint8_t octets[SEAL_KEY_LEN], const char **error)
	    __attribute__((warn_unused_result));
/* Makes a key file whole or not at all. 1: made, 0: was there, -1 with
 * *error. */
int	 seal_file_create(int dirfd, const char *dir, const char *name,
	    const char **error) __attribute__((warn_unused_result));
/* Overwrites it as far as the disk does. */
int	 seal_file_scrub(int dirfd, const char *name)
	    __attribute__((warn_unused_result));

#endif
