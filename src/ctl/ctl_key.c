/*
 * glasctl key export and import: the key set of a network of offices in one
 * file, so that a second office can read what the first has sealed. Owns the
 * keys as text while it runs, and wipes them. Keys that stand are never
 * replaced: import adds what is missing, or refuses.
 *
 * The file: a first line that says what it is, then "NAME HEX" for each key.
 */
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "lib/hex.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/config.h"

#define CTL_KEY_HEAD	"glas key set 1\n"
#define CTL_KEY_HEX	64
#define CTL_KEYS_MAX	64

struct ctl_key {
	char	 name[16];
	char	 hex[CTL_KEY_HEX + 1];
};

struct ctl_keys {
	struct ctl_key	 key[CTL_KEYS_MAX];
	size_t		 count;
};

/* Whether this is the name of a key that offices share: keys of days are
 * everybody's own. */
static bool
ctl_key_is_shared(const char *name)
{
	static const char *const kinds[] = { "token.", "reply.", "optout." };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t len = strlen(kinds[i]), digits;

		if (strncmp(name, kinds[i], len) != 0)
			continue;
		digits = strspn(name + len, "0123456789");
		return (digits > 0 && digits < 6 && name[len + digits] == '\0');
	}
	return (strcmp(name, SEAL_RECALL_FILE) == 0);
}

/* Adds one key; -1 when it is none. */
static int
ctl_key_add(struct ctl_keys *keys, const char *name, const char *hex)
{
	struct ctl_key *key = &keys->key[keys->count];

	if (keys->count == CTL_KEYS_MAX || !ctl_key_is_shared(name) ||
	    strspn(hex, "0123456789abcdef") != CTL_KEY_HEX ||
	    (hex[CTL_KEY_HEX] != '\n' && hex[CTL_KEY_HEX] != '\0'))
		return (-1);
	snprintf(key->name, sizeof key->name, "%s", name);
	snprintf(key->hex, sizeof key->hex, "%.*s", CTL_KEY_HEX, hex);
	keys->count++;
	return (0);
}

static int
ctl_key_read_file(struct ctl_keys *keys, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name), text[CTL_KEY_HEX + 2] = "";
	FILE *f = fopen(path, "re");
	int result = -1;

	if (f != NULL && fgets(text, sizeof text, f) != NULL)
		result = ctl_key_add(keys, name, text);
	if (result == -1)
		ctl_say(stderr, "glasctl: %s: cannot be read as a key", path);
	if (f != NULL)
		fclose(f);
	seal_wipe(text, sizeof text);
	free(path);
	return (result);
}

/* The keys of a directory; one that is not there has none. */
static int
ctl_key_read_dir(struct ctl_keys *keys, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int result = 0;

	if (d == NULL && errno == ENOENT)
		return (0);
	if (d == NULL) {
		ctl_say(stderr, "glasctl: %s: %s", dir, strerror(errno));
		return (-1);
	}
	while (result == 0 && (entry = readdir(d)) != NULL) {
		if (ctl_key_is_shared(entry->d_name))
			result = ctl_key_read_file(keys, dir, entry->d_name);
	}
	closedir(d);
	return (result);
}

int
ctl_key_write(const char *path, const struct buf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0400);
	int result = -1;

	if (fd != -1 &&
	    write(fd, text->data, text->len) == (ssize_t)text->len &&
	    fsync(fd) == 0)
		result = 0;
	if (result == -1)
		ctl_say(stderr, "glasctl: %s: %s", path, strerror(errno));
	if (fd != -1)
		close(fd);
	return (result);
}

void
ctl_key_wipe(struct buf *text)
{
	if (text->data != NULL)
		seal_wipe(text->data, text->room);
	buf_clear(text);
}

static int
ctl_key_export_run(const char *dir, const char *file)
{
	struct ctl_keys keys = { 0 };
	struct buf text = { 0 };
	int result = -1;

	if (ctl_key_read_dir(&keys, dir) == -1)
		goto out;
	if (keys.count == 0) {
		ctl_say(stderr, "glasctl: %s: has no keys; glasctl init makes "
		    "them", dir);
		goto out;
	}
	buf_add_str(&text, CTL_KEY_HEAD);
	for (size_t i = 0; i < keys.count; i++)
		buf_printf(&text, "%s %s\n", keys.key[i].name,
		    keys.key[i].hex);
	result = ctl_key_write(file, &text);
	if (result == 0)
		ctl_say(stdout, "%zu keys were written to %s. Whoever has "
		    "this file and the database can read every number: keep "
		    "it apart from both, or carry it to another office by "
		    "hand and destroy it there.", keys.count, file);
out:
	seal_wipe(&keys, sizeof keys);
	ctl_key_wipe(&text);
	return (result);
}

/* The keys of an exported file. */
static int
ctl_key_parse(struct ctl_keys *keys, const char *file)
{
	char line[128] = "", *space;
	FILE *f = fopen(file, "re");
	int result = -1;

	if (f == NULL) {
		ctl_say(stderr, "glasctl: %s: %s", file, strerror(errno));
		return (-1);
	}
	if (fgets(line, sizeof line, f) == NULL ||
	    strcmp(line, CTL_KEY_HEAD) != 0)
		goto out;
	while (fgets(line, sizeof line, f) != NULL) {
		space = strchr(line, ' ');
		if (space == NULL)
			goto out;
		*space = '\0';
		if (ctl_key_add(keys, line, space + 1) == -1)
			goto out;
	}
	if (keys->count > 0)
		result = 0;
out:
	if (result == -1)
		ctl_say(stderr, "glasctl: %s: is not what glasctl key export "
		    "writes", file);
	fclose(f);
	seal_wipe(line, sizeof line);
	return (result);
}

static const struct ctl_key *
ctl_key_find(const struct ctl_keys *keys, const char *name)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (strcmp(keys->key[i].name, name) == 0)
			return (&keys->key[i]);
	}
	return (NULL);
}

/* Whether the keys that stand here are of the same set: that for opt-outs never
 * changes, others come and go while keys are replaced. */
static int
ctl_key_compare(const struct ctl_keys *here, const struct ctl_keys *new,
    const char *dir)
{
	for (size_t i = 0; i < here->count; i++) {
		const struct ctl_key *key = ctl_key_find(new,
		    here->key[i].name);

		if (key != NULL ? strcmp(key->hex, here->key[i].hex) == 0 :
		    strncmp(here->key[i].name, "optout.", 7) != 0)
			continue;
		ctl_say(stderr, "glasctl: %s/%s: this office has keys of its "
		    "own, under which its numbers are sealed; only one that "
		    "has received nothing yet can take over others: move them "
		    "away first", dir, here->key[i].name);
		return (-1);
	}
	return (0);
}

static int
ctl_key_store(const struct ctl_keys *here, const struct ctl_keys *new,
    const char *dir)
{
	int result = 0;

	if (mkdir(dir, 0700) == -1 && errno != EEXIST) {
		ctl_say(stderr, "glasctl: %s: %s", dir, strerror(errno));
		return (-1);
	}
	for (size_t i = 0; i < new->count && result == 0; i++) {
		struct buf text = { 0 };
		char *path;

		if (ctl_key_find(here, new->key[i].name) != NULL)
			continue;
		path = xasprintf("%s/%s", dir, new->key[i].name);
		buf_printf(&text, "%s\n", new->key[i].hex);
		result = ctl_key_write(path, &text);
		if (result == 0 && seal_give(dir, new->key[i].name) == -1) {
			ctl_say(stderr, "glasctl: %s: %s", path,
			    strerror(errno));
			result = -1;
		}
		ctl_key_wipe(&text);
		free(path);
	}
	return (result);
}

struct seal_keys *
ctl_keys_load(const char *dir)
{
	const char *error = "no libsodium";
	struct seal_keys *keys = seal_init() == 0 ?
	    seal_keys_load(dir, &error) : NULL;

	if (keys == NULL)
		ctl_say(stderr, "glasctl: %s", error);
	return (keys);
}

/* Loads what is there now, as the gateway will, and tells its public id. */
static int
ctl_key_show(const char *dir)
{
	struct seal_keys *keys = ctl_keys_load(dir);
	uint8_t id[SEAL_KEYSET_LEN];
	char hex[2 * SEAL_KEYSET_LEN + 1];

	if (keys == NULL)
		return (-1);
	seal_keys_public_id(keys, id);
	hex_encode(hex, id, sizeof id);
	ctl_say(stdout, "The keys in %s are key set %s.", dir, hex);
	seal_keys_free(keys);
	return (0);
}

static int
ctl_key_import_run(const char *dir, const char *file)
{
	struct ctl_keys here = { 0 }, new = { 0 };
	int result = -1;

	if (ctl_key_parse(&new, file) == 0 &&
	    ctl_key_read_dir(&here, dir) == 0 &&
	    ctl_key_compare(&here, &new, dir) == 0 &&
	    ctl_key_store(&here, &new, dir) == 0)
		result = ctl_key_show(dir);
	seal_wipe(&here, sizeof here);
	seal_wipe(&new, sizeof new);
	return (result);
}

int
ctl_key_with(const struct ctl *ctl, int argc, char **argv,
    int (*work)(const char *dir, const char *file))
{
	struct ctl_options options;
	struct config *config;
	int result = CTL_FAILED, rest;

	if (ctl_options_read(ctl, argc, argv, &options, 1, &rest) == -1)
		return (CTL_MISUSED);
	config = ctl_config(ctl);
	if (config != NULL && work(config->gateway.key_dir, argv[rest]) == 0)
		result = CTL_DONE;
	config_free(config);
	return (result);
}

int
ctl_key_export(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_key_with(ctl, argc, argv, ctl_key_export_run));
}

int
ctl_key_import(const struct ctl *ctl, int argc, char **argv)
{
	return (ctl_key_with(ctl, argc, argv, ctl_key_import_run));
}
