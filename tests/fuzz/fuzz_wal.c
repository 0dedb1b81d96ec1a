/*
 * Arbitrary octets as the newest segment of the durable log. The first octet
 * says what they are: the whole file; what stands behind a sound header; or a
 * list of records with sound headers, of which some are sealed right and some
 * wrong. Whatever it is: the log opens or is refused, is read to its end, and
 * takes a record that is there after the next start.
 */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/seal.h"
#include "lib/wal_private.h"

#define FUZZ_DAY 20270115
#define FUZZ_FIRST 7

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char fuzz_top[] = "/dev/shm/fuzz_wal.XXXXXX";
static char fuzz_dir[64], fuzz_keys[64];
static struct seal_day *fuzz_key;

static void
fuzz_empty(const char *dir)
{
	char path[512];
	struct dirent *entry;
	DIR *d = opendir(dir);

	while (d != NULL && (entry = readdir(d)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		unlink(path);
	}
	if (d != NULL)
		closedir(d);
}

static void
fuzz_clean(void)
{
	char bad[96];

	snprintf(bad, sizeof bad, "%s/bad", fuzz_dir);
	fuzz_empty(bad);
	rmdir(bad);
	fuzz_empty(fuzz_dir);
}

static void
fuzz_at_exit(void)
{
	fuzz_clean();
	rmdir(fuzz_dir);
	fuzz_empty(fuzz_keys);
	rmdir(fuzz_keys);
	rmdir(fuzz_top);
	seal_day_free(fuzz_key);
}

static void
fuzz_init(void)
{
	const char *error;

	if (seal_init() == -1 || mkdtemp(fuzz_top) == NULL)
		abort();
	log_init("fuzz_wal", LOG_LEVEL_ERROR);
	snprintf(fuzz_dir, sizeof fuzz_dir, "%s/log", fuzz_top);
	snprintf(fuzz_keys, sizeof fuzz_keys, "%s/keys", fuzz_top);
	if (mkdir(fuzz_dir, 0700) == -1 || mkdir(fuzz_keys, 0700) == -1)
		abort();
	fuzz_key = seal_day_load(fuzz_keys, FUZZ_DAY, true, &error);
	if (fuzz_key == NULL)
		abort();
	atexit(fuzz_at_exit);
}

static void
fuzz_add_area(struct buf *file, uint8_t after)
{
	struct wal_segment seg = { .first = FUZZ_FIRST,
		.after = after % FUZZ_FIRST, .begin_us = 1800000000000000,
		.day = FUZZ_DAY };
	uint8_t area[WAL_AREA];

	seg.committed = seg.after / 2;
	wal_area_encode(&seg, fuzz_key, area);
	buf_add(file, area, sizeof area);
}

/* Four octets of input are one record. */
static void
fuzz_add_record(struct buf *file, const uint8_t in[4])
{
	struct wal_head head = {
		.kind = in[0] & 1 ? WAL_KIND_MARK : WAL_KIND_RECORD,
		.len = in[0] & 1 ? 0 : in[1] * (in[0] & 2 ? 1u : 16384u),
		.number = in[0] & 4 ? in[2] : UINT64_MAX - in[2] };
	uint32_t len = head.len & 0xfff;
	uint8_t header[WAL_HEAD], sealed[0xfff + SEAL_DAY_OVERHEAD];
	static const uint8_t plain[0xfff];

	wal_head_encode(&head, header);
	seal_day_close(fuzz_key, header, sizeof header, plain, len, sealed);
	if (in[0] & 8)
		header[in[3] % sizeof header] ^= in[3];
	if (in[0] & 16)
		sealed[in[3] % SEAL_DAY_OVERHEAD] ^= in[3];
	buf_add(file, header, sizeof header);
	buf_add(file, sealed, len + SEAL_DAY_OVERHEAD);
	while (file->len % 8 != 0 && !(in[0] & 32))
		buf_add(file, plain, 1);
}

static void
fuzz_build(struct buf *file, const uint8_t *in, size_t len)
{
	switch (in[0] % 3) {
	case 0:
		buf_add(file, in + 1, len - 1);
		break;
	case 1:
		fuzz_add_area(file, in[0]);
		buf_add(file, in + 1, len - 1);
		break;
	case 2:
		fuzz_add_area(file, in[0]);
		for (size_t i = 1; i + 4 <= len; i += 4)
			fuzz_add_record(file, in + i);
		break;
	}
}

static void
fuzz_store(const struct buf *file)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/log.%016x", fuzz_dir, FUZZ_FIRST);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1 ||
	    write(fd, file->data, file->len) != (ssize_t)file->len)
		abort();
	close(fd);
}

/* Reads all there is; returns how many good ones, and the last number. */
static uint64_t
fuzz_read(struct wal *w, uint64_t from, size_t bound, uint64_t *last)
{
	struct wal_cursor *c = wal_cursor_open(w, from);
	uint64_t number, good = 0, calls = 0;
	const void *payload;
	size_t len;
	int got;

	*last = from;
	while ((got = wal_read(c, &payload, &len, &number)) != 0) {
		assert(++calls <= bound);
		if (got != 1)
			continue;
		assert(number > *last && number <= wal_newest(w));
		assert(len <= bound);
		*last = number;
		good++;
	}
	wal_cursor_close(c);
	return (good);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t size)
{
	struct wal_settings set = { .dir = fuzz_dir, .key_dir = fuzz_keys,
		.segment_size = 16384, .keep_us = INT64_MAX };
	struct wal_recovery found;
	struct buf file = { 0 };
	uint64_t good, last, number;
	const char *error = NULL;
	struct wal *w;

	if (fuzz_key == NULL)
		fuzz_init();
	if (size == 0)
		return (0);
	fuzz_build(&file, in, size);
	fuzz_store(&file);
	if ((w = wal_open(&set, &found, &error)) == NULL) {
		assert(error != NULL);
		goto out;
	}
	assert(wal_committed(w) <= wal_newest(w));
	good = fuzz_read(w, wal_committed(w), file.len + 4096, &last);
	assert(good == found.records);
	number = wal_append(w, "x", 1);
	assert(number > wal_newest(w) && wal_sync(w) == 0);
	wal_close(w);
	w = wal_open(&set, &found, &error);
	assert(w != NULL && found.torn == 0 && found.records == good + 1);
	good = fuzz_read(w, wal_committed(w), file.len + 4096, &last);
	assert(last == number);
	wal_close(w);
out:
	fuzz_clean();
	buf_clear(&file);
	return (0);
}
