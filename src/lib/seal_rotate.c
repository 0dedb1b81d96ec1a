/*
 * Keys that are replaced: new files beside the old ones, and the old ones
 * deleted. Runs in glasctl, which does both, and in glasd, which reads with
 * all that are there. Owns nothing. What is done twice is done once; what
 * cannot be done is said, and nothing is half a key.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/seal.h"
#include "lib/seal_private.h"

bool
seal_keys_two(const struct seal_keys *keys)
{
	return (seal_keys_before(keys, SEAL_KIND_TOKEN) != NULL);
}

uint32_t
seal_keys_number(const struct seal_keys *keys)
{
	uint32_t token = seal_keys_newest(keys, SEAL_KIND_TOKEN)->id;
	uint32_t reply = seal_keys_newest(keys, SEAL_KIND_REPLY)->id;

	return (token > reply ? token : reply);
}

struct seal_part {
	uint32_t	 first, last;
};

static bool
seal_part_counts(const struct seal_key *key, const void *arg)
{
	const struct seal_part *part = arg;

	return (key->kind == SEAL_KIND_OPTOUT ||
	    (key->id >= part->first && key->id <= part->last));
}

void
seal_keys_part_id(const struct seal_keys *keys, uint32_t first, uint32_t last,
    uint8_t id[SEAL_KEYSET_LEN])
{
	const struct seal_part part = { .first = first, .last = last };

	seal_keys_id(keys, seal_part_counts, &part, id);
}

int
seal_keys_add(const char *dir, uint32_t number, const char **error)
{
	static const char *const kinds[] = { "token", "reply" };
	char name[SEAL_NAME_MAX];
	int dirfd, made = 0;

	if (number > SEAL_ID_MAX) {
		*error = error_text("%s: no number is left for new keys", dir);
		return (-1);
	}
	if ((dirfd = seal_dir_open(dir, error)) == -1)
		return (-1);
	for (size_t i = 0; made != -1 && i < sizeof kinds / sizeof kinds[0];
	    i++) {
		int got;

		snprintf(name, sizeof name, "%s.%u", kinds[i], number);
		got = seal_file_create(dirfd, dir, name, error);
		made = got == -1 ? -1 : made + got;
	}
	close(dirfd);
	return (made);
}

struct seal_dropping {
	const char	*dir;
	const char	**error;
	int		 dirfd;
	uint32_t	 below;
	int		 count;
};

static int
seal_drop_file(const char *name, enum seal_kind kind, uint32_t id, void *arg)
{
	struct seal_dropping *d = arg;

	if (kind == SEAL_KIND_OPTOUT || id >= d->below)
		return (0);
	/* A file that cannot be overwritten is unlinked all the same. */
	if (seal_file_scrub(d->dirfd, name) == -1)
		errno = 0;
	if (unlinkat(d->dirfd, name, 0) == -1) {
		*d->error = error_text("%s/%s: cannot be removed: %s; remove "
		    "it by hand", d->dir, name, strerror(errno));
		return (-1);
	}
	d->count++;
	return (0);
}

int
seal_keys_drop(const char *dir, uint32_t below, const char **error)
{
	struct seal_dropping d = { .dir = dir, .error = error,
		.below = below };
	int result;

	if ((d.dirfd = seal_dir_open(dir, error)) == -1)
		return (-1);
	*error = NULL;
	result = seal_dir_each(d.dirfd, seal_drop_file, &d);
	if (result == 0 && fsync(d.dirfd) == -1)
		result = -1;
	if (result == -1 && *error == NULL)
		*error = error_text("%s: %s", dir, strerror(errno));
	close(d.dirfd);
	return (result == -1 ? -1 : d.count);
}
