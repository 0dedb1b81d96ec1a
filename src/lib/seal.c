/*
 * Sealing, tokens and chance: the primitives over libsodium. Runs in glasd and
 * glasctl; owns no state but libsodium's own. A forged or broken input is an
 * answer (-1), never a failure of the process; a request that no caller may
 * make is a panic.
 */
#include <limits.h>
#include <sodium.h>
#include <string.h>

#include "lib/log.h"
#include "lib/seal.h"
#include "lib/seal_private.h"

#define SEAL_VERSION 1
#define SEAL_NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEAL_TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_PREFIX_LEN 3 /* version, key id */

_Static_assert(
    SEAL_NONCE_LEN + SEAL_TAG_LEN == SEAL_DAY_OVERHEAD, "nonce, tag");
_Static_assert(SEAL_PREFIX_LEN + SEAL_DAY_OVERHEAD == SEAL_OVERHEAD, "prefix");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SEAL_KEY_LEN &&
		   crypto_generichash_KEYBYTES == SEAL_KEY_LEN,
    "one length for all keys");

int
seal_init(void)
{
	return (sodium_init() < 0 ? -1 : 0);
}

void
seal_token(const struct seal_keys *keys, enum seal_key_use use,
    const void *what, size_t len, uint8_t token[SEAL_TOKEN_LEN])
{
	const struct seal_key *key = NULL;

	switch (use) {
	case SEAL_TOKEN:
		key = seal_keys_newest(keys, SEAL_KIND_TOKEN);
		break;
	case SEAL_TOKEN_BEFORE:
		key = seal_keys_before(keys, SEAL_KIND_TOKEN);
		break;
	case SEAL_OPTOUT:
		key = seal_keys_newest(keys, SEAL_KIND_OPTOUT);
		break;
	}
	if (key == NULL || crypto_generichash(token, SEAL_TOKEN_LEN, what, len,
			       key->work, sizeof key->work) != 0)
		panic("seal_token: use %d, %zu octets", (int)use, len);
}

/* Nonce, text, tag. The nonce is random: with 192 bits two never meet. */
void
seal_aead_close(const uint8_t key[SEAL_KEY_LEN], const void *ad, size_t ad_len,
    const void *plain, size_t len, uint8_t *out)
{
	randombytes_buf(out, SEAL_NONCE_LEN);
	if (crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEAL_NONCE_LEN,
		NULL, plain, len, ad, ad_len, NULL, out, key) != 0)
		panic("seal: cannot seal %zu octets", len);
}

int
seal_aead_open(const uint8_t key[SEAL_KEY_LEN], const void *ad, size_t ad_len,
    const uint8_t *sealed, size_t len, uint8_t *plain)
{
	if (len < SEAL_DAY_OVERHEAD || len > INT_MAX ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
		sealed + SEAL_NONCE_LEN, len - SEAL_NONCE_LEN, ad, ad_len,
		sealed, key) != 0)
		return (-1);
	return ((int)(len - SEAL_DAY_OVERHEAD));
}

/* The prefix needs no tag of its own: another version is refused, another id
 * is another key. */
static void
seal_put_prefix(uint8_t *out, uint32_t id)
{
	out[0] = SEAL_VERSION;
	out[1] = (uint8_t)(id >> 8);
	out[2] = (uint8_t)id;
}

static const struct seal_key *
seal_get_prefix(const struct seal_keys *keys, const uint8_t *sealed, size_t len)
{
	if (len < SEAL_OVERHEAD || sealed[0] != SEAL_VERSION)
		return (NULL);
	return (seal_keys_find(
	    keys, SEAL_KIND_REPLY, (uint32_t)sealed[1] << 8 | sealed[2]));
}

size_t
seal_close(const struct seal_keys *keys, const void *ad, size_t ad_len,
    const void *plain, size_t len, uint8_t *out)
{
	const struct seal_key *key = seal_keys_newest(keys, SEAL_KIND_REPLY);

	seal_put_prefix(out, key->id);
	seal_aead_close(
	    key->work, ad, ad_len, plain, len, out + SEAL_PREFIX_LEN);
	return (len + SEAL_OVERHEAD);
}

int
seal_open(const struct seal_keys *keys, const void *ad, size_t ad_len,
    const uint8_t *sealed, size_t len, uint8_t *plain)
{
	const struct seal_key *key = seal_get_prefix(keys, sealed, len);

	if (key == NULL)
		return (-1);
	return (seal_aead_open(key->work, ad, ad_len, sealed + SEAL_PREFIX_LEN,
	    len - SEAL_PREFIX_LEN, plain));
}

void
seal_pad(uint8_t padded[SEAL_NUMBER_MAX], const char *msisdn)
{
	size_t len = strnlen(msisdn, SEAL_NUMBER_MAX);

	if (len == SEAL_NUMBER_MAX)
		panic("seal_pad: a number of %d characters or more",
		    SEAL_NUMBER_MAX);
	memset(padded, 0, SEAL_NUMBER_MAX);
	memcpy(padded, msisdn, len);
}

void
seal_msisdn(const struct seal_keys *keys, const uint8_t token[SEAL_TOKEN_LEN],
    const char *msisdn, uint8_t out[SEAL_MSISDN_LEN])
{
	const struct seal_key *key = seal_keys_newest(keys, SEAL_KIND_REPLY);
	uint8_t padded[SEAL_NUMBER_MAX];

	seal_pad(padded, msisdn);
	seal_put_prefix(out, key->id);
	seal_aead_close(key->number, token, SEAL_TOKEN_LEN, padded,
	    sizeof padded, out + SEAL_PREFIX_LEN);
	seal_wipe(padded, sizeof padded);
}

int
seal_msisdn_open(const struct seal_keys *keys,
    const uint8_t token[SEAL_TOKEN_LEN], const uint8_t sealed[SEAL_MSISDN_LEN],
    char msisdn[SEAL_NUMBER_MAX])
{
	const struct seal_key *key;
	uint8_t padded[SEAL_NUMBER_MAX];
	int ret = -1;

	key = seal_get_prefix(keys, sealed, SEAL_MSISDN_LEN);
	if (key != NULL &&
	    seal_aead_open(key->number, token, SEAL_TOKEN_LEN,
		sealed + SEAL_PREFIX_LEN, SEAL_MSISDN_LEN - SEAL_PREFIX_LEN,
		padded) == SEAL_NUMBER_MAX &&
	    padded[SEAL_NUMBER_MAX - 1] == '\0') {
		memcpy(msisdn, padded, sizeof padded);
		ret = 0;
	}
	seal_wipe(padded, sizeof padded);
	return (ret);
}

void
seal_random(void *buf, size_t len)
{
	randombytes_buf(buf, len);
}

uint32_t
seal_random_below(uint32_t bound)
{
	return (randombytes_uniform(bound));
}

void
seal_wipe(void *buf, size_t len)
{
	sodium_memzero(buf, len);
}
