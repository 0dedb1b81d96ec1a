/*
 * The recall copy of a number: sealed for a public key whose private half is
 * kept offline, so that the machine that makes it cannot open it. Runs in glasd,
 * which makes them, and in glasctl, which makes the keys and opens. Owns
 * nothing. Who has no such key has no recall copies: that is no error.
 */
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/log.h"
#include "lib/seal.h"
#include "lib/seal_private.h"

#define SEAL_RECALL_VERSION 1
#define SEAL_RECALL_NAME_LEN 4
#define SEAL_RECALL_HEAD (1 + SEAL_RECALL_NAME_LEN)

_Static_assert(SEAL_RECALL_HEAD + SEAL_NUMBER_MAX + crypto_box_SEALBYTES ==
		   SEAL_RECALL_LEN, "head, padded number, box");
_Static_assert(crypto_box_PUBLICKEYBYTES == SEAL_RECALL_KEY_LEN &&
		   crypto_box_SECRETKEYBYTES == SEAL_RECALL_KEY_LEN,
    "both halves have one length");

void
seal_recall_make(uint8_t pub[SEAL_RECALL_KEY_LEN],
    uint8_t private[SEAL_RECALL_KEY_LEN])
{
	if (crypto_box_keypair(pub, private) != 0)
		panic("seal_recall_make: no key pair");
}

int
seal_recall_public(const uint8_t private[SEAL_RECALL_KEY_LEN],
    uint8_t pub[SEAL_RECALL_KEY_LEN])
{
	return (crypto_scalarmult_base(pub, private) == 0 ? 0 : -1);
}

/* Version, then what the public key is called: which private half opens it. */
static void
seal_recall_head(const uint8_t pub[SEAL_RECALL_KEY_LEN],
    uint8_t head[SEAL_RECALL_HEAD])
{
	uint8_t hash[crypto_generichash_BYTES_MIN];

	if (crypto_generichash(hash, sizeof hash, pub, SEAL_RECALL_KEY_LEN,
		NULL, 0) != 0)
		panic("seal_recall_head: no hash");
	head[0] = SEAL_RECALL_VERSION;
	memcpy(head + 1, hash, SEAL_RECALL_NAME_LEN);
}

void
seal_recall_close(const uint8_t pub[SEAL_RECALL_KEY_LEN], const char *msisdn,
    uint8_t out[SEAL_RECALL_LEN])
{
	uint8_t padded[SEAL_NUMBER_MAX];

	seal_pad(padded, msisdn);
	seal_recall_head(pub, out);
	/* seal_recall_load() has refused a key that nothing can be sealed for. */
	if (crypto_box_seal(out + SEAL_RECALL_HEAD, padded, sizeof padded,
		pub) != 0)
		panic("seal_recall_close: cannot seal");
	seal_wipe(padded, sizeof padded);
}

int
seal_recall_open(const uint8_t private[SEAL_RECALL_KEY_LEN],
    const uint8_t *sealed, size_t len, char msisdn[SEAL_NUMBER_MAX])
{
	uint8_t pub[SEAL_RECALL_KEY_LEN], head[SEAL_RECALL_HEAD];
	uint8_t padded[SEAL_NUMBER_MAX];
	int ret = -1;

	if (len != SEAL_RECALL_LEN || seal_recall_public(private, pub) == -1)
		return (-1);
	seal_recall_head(pub, head);
	if (memcmp(head, sealed, sizeof head) == 0 &&
	    crypto_box_seal_open(padded, sealed + SEAL_RECALL_HEAD,
		len - SEAL_RECALL_HEAD, pub, private) == 0 &&
	    padded[SEAL_NUMBER_MAX - 1] == '\0') {
		memcpy(msisdn, padded, sizeof padded);
		ret = 0;
	}
	seal_wipe(padded, sizeof padded);
	return (ret);
}

/* A point of low order seals for everybody, which is to say for nobody. */
static bool
seal_recall_is_sound(const uint8_t pub[SEAL_RECALL_KEY_LEN])
{
	uint8_t out[crypto_box_SEALBYTES];

	return (crypto_box_seal(out, NULL, 0, pub) == 0);
}

enum seal_recall
seal_recall_load(const char *dir, uint8_t pub[SEAL_RECALL_KEY_LEN],
    const char **error)
{
	enum seal_recall found = SEAL_RECALL_NONE;
	int dirfd = seal_dir_open(dir, error);

	if (dirfd == -1)
		return (SEAL_RECALL_BAD);
	if (seal_file_read(dirfd, dir, SEAL_RECALL_FILE, pub, error) == 0)
		found = SEAL_RECALL_THERE;
	else if (errno != ENOENT)
		found = SEAL_RECALL_BAD;
	close(dirfd);
	if (found == SEAL_RECALL_THERE && !seal_recall_is_sound(pub)) {
		*error = error_text("%s/%s: nothing can be sealed for it; "
		    "restore it from a copy, or make a new pair with glasctl "
		    "key recall", dir, SEAL_RECALL_FILE);
		found = SEAL_RECALL_BAD;
	}
	return (found);
}
