/*
 * The key of a day, under which the durable log is sealed. Runs in glasd; owns
 * the memory in which such a key lives: locked, read-only after loading, wiped
 * when freed. Called by the wal_*.c files. What cannot be erased is said.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/seal_private.h"

#define SEAL_DAY_CONTEXT "glas-log"

struct seal_day {
	uint8_t		 key[SEAL_KEY_LEN];
};

static void
seal_day_name(char name[SEAL_NAME_MAX], uint32_t yyyymmdd)
{
	snprintf(name, SEAL_NAME_MAX, "log.%08u", yyyymmdd);
}

struct seal_day *
seal_day_load(const char *dir, uint32_t yyyymmdd, bool create,
    const char **error)
{
	uint8_t master[SEAL_KEY_LEN];
	char name[SEAL_NAME_MAX];
	struct seal_day *day = NULL;
	int dirfd;

	seal_day_name(name, yyyymmdd);
	if ((dirfd = seal_dir_open(dir, error)) == -1)
		return (NULL);
	if (create && seal_file_create(dirfd, dir, name, error) == -1)
		goto out;
	if (seal_file_read(dirfd, dir, name, master, error) == -1)
		goto out;
	if ((day = sodium_malloc(sizeof *day)) == NULL) {
		*error = "no locked memory for keys: raise LimitMEMLOCK to 1M";
		goto out;
	}
	seal_derive(day->key, master, SEAL_DAY_CONTEXT, SEAL_PURPOSE_WORK);
	if (sodium_mprotect_readonly(day) == -1)
		fatal("cannot protect the memory of keys: %s", strerror(errno));
out:
	seal_wipe(master, sizeof master);
	close(dirfd);
	return (day);
}

void
seal_day_free(struct seal_day *day)
{
	sodium_free(day); /* which wipes */
}

int
seal_day_erase(const char *dir, uint32_t yyyymmdd)
{
	char name[SEAL_NAME_MAX];
	const char *error;
	int dirfd, ret = 0;

	seal_day_name(name, yyyymmdd);
	if ((dirfd = seal_dir_open(dir, &error)) == -1) {
		log_error("%s", error);
		return (-1);
	}
	if (faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == -1 &&
	    errno == ENOENT)
		goto out;
	/* A file that cannot be overwritten is unlinked all the same. */
	if (seal_file_scrub(dirfd, name) == -1)
		ret = -1;
	if (unlinkat(dirfd, name, 0) == -1 || fsync(dirfd) == -1)
		ret = -1;
	if (ret == -1)
		log_error("%s/%s: cannot be erased: %s; remove it by hand", dir,
		    name, strerror(errno));
out:
	close(dirfd);
	return (ret);
}

void
seal_day_close(const struct seal_day *day, const void *ad, size_t ad_len,
    const void *plain, size_t len, uint8_t *out)
{
	seal_aead_close(day->key, ad, ad_len, plain, len, out);
}

int
seal_day_open(const struct seal_day *day, const void *ad, size_t ad_len,
    const uint8_t *sealed, size_t len, uint8_t *plain)
{
	return (seal_aead_open(day->key, ad, ad_len, sealed, len, plain));
}
