/*
 * Between the seal*.c files alone.
 */
#ifndef GLAS_SEAL_PRIVATE_H
#define GLAS_SEAL_PRIVATE_H

#include "lib/seal.h"

#define SEAL_KEY_LEN 32
#define SEAL_KEYS_MAX 64 /* files of one key set */

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

struct seal_day {
	uint8_t		 key[SEAL_KEY_LEN];
};

/* The key of this kind with this id, or NULL. */
const struct seal_key *seal_keys_find(const struct seal_keys *, enum seal_kind,
	    uint32_t id);
/* The one to write with. seal_keys_load() has made sure that there is one. */
const struct seal_key *seal_keys_newest(const struct seal_keys *,
	    enum seal_kind);

/* The key directory, checked; -1 with *error. */
int	 seal_dir_open(const char *dir, const char **error)
	    __attribute__((warn_unused_result));
/* The 32 octets of a file in it. -1 with *error and errno (ENOENT: not
 * there). */
int	 seal_file_read(int dirfd, const char *dir, const char *name,
	    uint8_t octets[SEAL_KEY_LEN], const char **error)
	    __attribute__((warn_unused_result));

#endif
