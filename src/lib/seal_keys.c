/*
 * Sets of keys. Runs in glasd and glasctl; owns the memory in which they live:
 * locked, read-only after loading, wiped when freed. Their files: seal_file.c.
 *
 * The octets of a file are never used as they are: each purpose has a key
 * derived from them (crypto_kdf), so that no file serves two.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/log.h"
#include "lib/seal.h"
#include "lib/seal_private.h"

static const struct {
	const char *name;
	uint32_t first;
	const char context[crypto_kdf_CONTEXTBYTES + 1];
} seal_kinds[] = {
	[SEAL_KIND_OPTOUT] = { "optout", 0, "glas-opt" },
	[SEAL_KIND_TOKEN] = { "token", 1, "glas-tok" },
	[SEAL_KIND_REPLY] = { "reply", 1, "glas-rep" },
};
#define SEAL_KINDS (sizeof seal_kinds / sizeof seal_kinds[0])

_Static_assert(crypto_kdf_KEYBYTES == SEAL_KEY_LEN, "a file holds a kdf key");

void
seal_derive(uint8_t out[SEAL_KEY_LEN], const uint8_t master[SEAL_KEY_LEN],
    const char *context, enum seal_purpose purpose)
{
	if (crypto_kdf_derive_from_key(
		out, SEAL_KEY_LEN, (uint64_t)purpose, context, master) != 0)
		panic("seal: cannot derive a key for %s", context);
}

/* Kind and id from a file name; -1 for any other file. */
static int
seal_name_parse(const char *name, enum seal_kind *kind, uint32_t *id)
{
	char again[SEAL_NAME_MAX];
	unsigned int n;

	for (size_t i = 0; i < SEAL_KINDS; i++) {
		size_t len = strlen(seal_kinds[i].name);

		if (strncmp(name, seal_kinds[i].name, len) != 0 ||
		    sscanf(name + len, ".%5u", &n) != 1 || n > SEAL_ID_MAX)
			continue;
		snprintf(again, sizeof again, "%s.%u", seal_kinds[i].name, n);
		if (strcmp(name, again) != 0)
			continue;
		*kind = (enum seal_kind)i;
		*id = n;
		return (0);
	}
	return (-1);
}

int
seal_dir_each(int dirfd,
    int (*each)(const char *name, enum seal_kind, uint32_t id, void *arg),
    void *arg)
{
	struct dirent *entry;
	enum seal_kind kind;
	uint32_t id;
	int fd, ret = 0;
	DIR *d;

	if ((fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 3)) == -1)
		return (-1);
	if ((d = fdopendir(fd)) == NULL) {
		close(fd);
		return (-1);
	}
	rewinddir(d);
	while (ret == 0 && (entry = readdir(d)) != NULL) {
		if (seal_name_parse(entry->d_name, &kind, &id) == 0)
			ret = each(entry->d_name, kind, id, arg);
	}
	closedir(d);
	return (ret);
}

static int
seal_create_seen(const char *name, enum seal_kind kind, uint32_t id, void *arg)
{
	bool *seen = arg;

	(void)name;
	(void)id;
	seen[kind] = true;
	return (0);
}

int
seal_keys_create(const char *dir, const char **error)
{
	bool seen[SEAL_KINDS] = { false };
	char name[SEAL_NAME_MAX];
	int dirfd, made = 0;

	if (mkdir(dir, 0700) == -1 && errno != EEXIST) {
		*error = error_text("%s: cannot be made: %s; make its parent "
		    "or name another key-dir", dir, strerror(errno));
		return (-1);
	}
	if ((dirfd = seal_dir_open(dir, error)) == -1)
		return (-1);
	if (seal_dir_each(dirfd, seal_create_seen, seen) == -1) {
		*error = error_text(
		    "%s: cannot be listed: %s", dir, strerror(errno));
		made = -1;
	}
	for (size_t i = 0; made != -1 && i < SEAL_KINDS; i++) {
		int got;

		if (seen[i])
			continue;
		snprintf(name, sizeof name, "%s.%u", seal_kinds[i].name,
		    seal_kinds[i].first);
		got = seal_file_create(dirfd, dir, name, error);
		made = got == -1 ? -1 : made + got;
	}
	close(dirfd);
	return (made);
}

struct seal_loading {
	struct seal_keys *keys;
	const char *dir;
	const char **error;
	int dirfd;
};

/* Makes room for one key at its place in the order, which is that of the
 * enumeration, then of the ids. */
static struct seal_key *
seal_keys_insert(struct seal_keys *keys, enum seal_kind kind, uint32_t id)
{
	size_t at = keys->count++;

	for (; at > 0; at--) {
		const struct seal_key *before = &keys->key[at - 1];

		if (before->kind < kind ||
		    (before->kind == kind && before->id < id))
			break;
		keys->key[at] = *before;
	}
	keys->key[at].kind = kind;
	keys->key[at].id = id;
	return (&keys->key[at]);
}

static int
seal_load_file(const char *name, enum seal_kind kind, uint32_t id, void *arg)
{
	struct seal_loading *l = arg;
	uint8_t master[SEAL_KEY_LEN];
	struct seal_key *key;
	const char *context = seal_kinds[kind].context;

	if (l->keys->count == SEAL_KEYS_MAX) {
		*l->error = error_text("%s: more than %d keys; remove those "
		    "that nothing is sealed with", l->dir, SEAL_KEYS_MAX);
		return (-1);
	}
	if (seal_file_read(l->dirfd, l->dir, name, master, l->error) == -1)
		return (-1);
	key = seal_keys_insert(l->keys, kind, id);
	seal_derive(key->work, master, context, SEAL_PURPOSE_WORK);
	seal_derive(key->number, master, context, SEAL_PURPOSE_NUMBER);
	seal_derive(key->name, master, context, SEAL_PURPOSE_NAME);
	seal_wipe(master, sizeof master);
	return (0);
}

/* One of each kind, or nothing can be written. */
static int
seal_keys_check(const struct seal_keys *keys, const char *dir,
    const char **error)
{
	for (size_t i = 0; i < SEAL_KINDS; i++) {
		if (seal_keys_newest(keys, (enum seal_kind)i) != NULL)
			continue;
		*error = error_text("%s/%s.%u: missing; bring it back from "
		    "the copy that is kept apart: glasctl key import FILE; on "
		    "a new installation glasctl init makes it", dir,
		    seal_kinds[i].name, seal_kinds[i].first);
		return (-1);
	}
	return (0);
}

struct seal_keys *
seal_keys_load(const char *dir, const char **error)
{
	struct seal_loading l = { .dir = dir, .error = error };

	if ((l.dirfd = seal_dir_open(dir, error)) == -1)
		return (NULL);
	if ((l.keys = sodium_malloc(sizeof *l.keys)) == NULL)
		fatal("no locked memory for keys: raise LimitMEMLOCK to 1M");
	memset(l.keys, 0, sizeof *l.keys);
	*error = NULL;
	if (seal_dir_each(l.dirfd, seal_load_file, &l) == -1) {
		if (*error == NULL)
			*error = error_text(
			    "%s: cannot be listed: %s", dir, strerror(errno));
		goto fail;
	}
	if (seal_keys_check(l.keys, dir, error) == -1)
		goto fail;
	if (sodium_mprotect_readonly(l.keys) == -1)
		fatal("cannot protect the memory of keys: %s", strerror(errno));
	close(l.dirfd);
	return (l.keys);
fail:
	seal_keys_free(l.keys);
	close(l.dirfd);
	return (NULL);
}

void
seal_keys_free(struct seal_keys *keys)
{
	sodium_free(keys); /* which wipes */
}

const struct seal_key *
seal_keys_find(const struct seal_keys *keys, enum seal_kind kind, uint32_t id)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->key[i].kind == kind && keys->key[i].id == id)
			return (&keys->key[i]);
	}
	return (NULL);
}

const struct seal_key *
seal_keys_newest(const struct seal_keys *keys, enum seal_kind kind)
{
	for (size_t i = keys->count; i > 0; i--) {
		if (keys->key[i - 1].kind == kind)
			return (&keys->key[i - 1]);
	}
	return (NULL);
}

const struct seal_key *
seal_keys_before(const struct seal_keys *keys, enum seal_kind kind)
{
	const struct seal_key *newest = seal_keys_newest(keys, kind);

	if (newest == &keys->key[0] || newest[-1].kind != kind)
		return (NULL);
	return (newest - 1);
}

void
seal_keys_id(const struct seal_keys *keys,
    bool (*counts)(const struct seal_key *, const void *arg), const void *arg,
    uint8_t id[SEAL_KEYSET_LEN])
{
	const struct seal_key *optout;
	crypto_generichash_state state;
	uint8_t hash[crypto_generichash_BYTES_MIN];

	optout = seal_keys_newest(keys, SEAL_KIND_OPTOUT);
	if (crypto_generichash_init(
		&state, optout->name, sizeof optout->name, sizeof hash) != 0)
		panic("seal_keys_id: no hash");
	for (size_t i = 0; i < keys->count; i++) {
		const struct seal_key *key = &keys->key[i];
		uint8_t head[3] = { (uint8_t)key->kind, (uint8_t)(key->id >> 8),
			(uint8_t)key->id };

		if (!counts(key, arg))
			continue;
		crypto_generichash_update(&state, head, sizeof head);
		crypto_generichash_update(&state, key->name, sizeof key->name);
	}
	crypto_generichash_final(&state, hash, sizeof hash);
	memcpy(id, hash, SEAL_KEYSET_LEN);
	seal_wipe(&state, sizeof state);
}

static bool
seal_keys_all(const struct seal_key *key, const void *arg)
{
	(void)key;
	(void)arg;
	return (true);
}

void
seal_keys_public_id(const struct seal_keys *keys, uint8_t id[SEAL_KEYSET_LEN])
{
	seal_keys_id(keys, seal_keys_all, NULL, id);
}
