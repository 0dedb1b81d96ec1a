/*
 * The durable log on real files. Linked with --wrap for fdatasync,
 * clock_wall_us and clock_mono_ms, so that syncs fail and days pass on demand;
 * fsync() is replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "lib/wal.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define NOON_US (INT64_C(1800000000) * 1000000) /* 2027-01-15, 08:00 */
#define AREA 1024				/* of a segment's header */
#define RECORD(len) ((24 + SEAL_DAY_OVERHEAD + (len) + 7) & ~(size_t)7)

int	 __real_fdatasync(int);
int	 __wrap_fdatasync(int);
int64_t	 __wrap_clock_wall_us(void);
int64_t	 __wrap_clock_mono_ms(void);

static int fail_syncs, syncs;
static int fail_fsync; /* 1: the next one; 2: the one after it */
static int64_t wall_us = NOON_US, mono_ms = 1000000, mono_step_ms;

int
__wrap_fdatasync(int fd)
{
	syncs++;
	if (fail_syncs > 0) {
		fail_syncs--;
		errno = EIO;
		return (-1);
	}
	return (__real_fdatasync(fd));
}

int
fsync(int fd)
{
	if (fail_fsync > 0 && --fail_fsync == 0) {
		errno = EIO;
		return (-1);
	}
	return ((int)syscall(SYS_fsync, fd));
}

int64_t
__wrap_clock_wall_us(void)
{
	return (wall_us);
}

int64_t
__wrap_clock_mono_ms(void)
{
	mono_ms += mono_step_ms;
	return (mono_ms);
}

/* A directory with a log and its keys. */
struct place {
	char			*top;
	char			*dir;
	char			*keys;
	struct wal_settings	 set;
	struct wal		*wal;
	struct wal_recovery	 found;
};

static void
place_remove(const char *path)
{
	struct dirent *entry;
	DIR *d = opendir(path);

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *name;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		name = xasprintf("%s/%s", path, entry->d_name);
		if (unlink(name) == -1)
			place_remove(name);
		free(name);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static int
setup(void **state)
{
	const char *tmp = getenv("TMPDIR"), *error = "";
	struct place *p = xcalloc(1, sizeof *p);

	p->top = xasprintf("%s/wal.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(p->top));
	p->dir = xasprintf("%s/log", p->top);
	p->keys = xasprintf("%s/keys", p->top);
	if (seal_keys_create(p->keys, &error) == -1)
		fail_msg("%s", error);
	p->set = (struct wal_settings){ .dir = p->dir, .key_dir = p->keys,
		.segment_size = 4096, .keep_us = DAY_US };
	fail_syncs = syncs = 0;
	mono_step_ms = 0;
	wall_us = NOON_US;
	*state = p;
	return (0);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	wal_close(p->wal);
	place_remove(p->top);
	free(p->top);
	free(p->dir);
	free(p->keys);
	free(p);
	return (0);
}

static void
open_log(struct place *p)
{
	const char *error = "";

	p->wal = wal_open(&p->set, &p->found, &error);
	if (p->wal == NULL)
		fail_msg("%s", error);
}

static void
close_log(struct place *p)
{
	wal_close(p->wal);
	p->wal = NULL;
}

static void
reopen(struct place *p)
{
	close_log(p);
	open_log(p);
}

static void
refused(struct place *p)
{
	const char *error = NULL;

	assert_null(wal_open(&p->set, &p->found, &error));
	assert_non_null(error);
	assert_true(strlen(error) > 0);
}

/* What a record of this number holds. */
static size_t
fill(uint8_t *out, uint64_t number, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(number * 31 + i * 7);
	return (len);
}

static uint64_t
append(struct place *p, uint64_t number, size_t len)
{
	uint8_t *payload = xmalloc(len);
	uint64_t got = wal_append(p->wal, payload, fill(payload, number, len));

	free(payload);
	return (got);
}

static void
append_synced(struct place *p, uint64_t number, size_t len)
{
	assert_int_equal(append(p, number, len), number);
	assert_int_equal(wal_sync(p->wal), 0);
}

/* Numbers read from `number` on, and their count; contents are checked, -1s
 * counted. */
struct reading {
	uint64_t	 numbers[256];
	size_t		 count;
	size_t		 bad;
};

static struct reading
read_on(struct wal_cursor *c)
{
	struct reading r = { .count = 0 };
	const void *payload;
	uint8_t expected[8192];
	size_t len;
	int got;

	while ((got = wal_read(c, &payload, &len,
	    &r.numbers[r.count])) != 0) {
		if (got == -1) {
			r.bad++;
			continue;
		}
		assert_true(len <= sizeof expected);
		fill(expected, r.numbers[r.count], len);
		assert_memory_equal(payload, expected, len);
		r.count++;
		assert_true(r.count < 256);
	}
	return (r);
}

static struct reading
read_from(struct place *p, uint64_t number)
{
	struct wal_cursor *c = wal_cursor_open(p->wal, number);
	struct reading r = read_on(c);

	wal_cursor_close(c);
	return (r);
}

static void
assert_range(const struct reading *r, uint64_t first, uint64_t last)
{
	assert_int_equal(r->count, last + 1 - first);
	for (uint64_t n = first; n <= last; n++)
		assert_int_equal(r->numbers[n - first], n);
}

static size_t
count_files(const char *dir, const char *prefix)
{
	size_t n = 0;
	struct dirent *entry;
	DIR *d = opendir(dir);

	while (d != NULL && (entry = readdir(d)) != NULL)
		n += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (d != NULL)
		closedir(d);
	return (n);
}

static char *
segment_path(const struct place *p, uint64_t first)
{
	return (xasprintf("%s/log.%016llx", p->dir,
	    (unsigned long long)first));
}

static size_t
load(const char *path, uint8_t **octets)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(fstat(fd, &st), 0);
	*octets = xmalloc((size_t)st.st_size);
	assert_int_equal(read(fd, *octets, (size_t)st.st_size), st.st_size);
	close(fd);
	return ((size_t)st.st_size);
}

static void
store(const char *path, const uint8_t *octets, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, octets, len), (ssize_t)len);
	close(fd);
}

/* Puts one segment in the place of the whole log. */
static void
replace_log(struct place *p, const uint8_t *octets, size_t len)
{
	char *path;

	place_remove(p->dir);
	assert_int_equal(mkdir(p->dir, 0700), 0);
	path = segment_path(p, 1);
	store(path, octets, len);
	free(path);
}

/* Five records of these lengths, nothing committed, as a file. */
static const size_t five[] = { 0, 1, 100, 333, 50 };

static size_t
five_records(struct place *p, uint8_t **octets)
{
	char *path = segment_path(p, 1);
	size_t len;

	open_log(p);
	for (uint64_t n = 1; n <= 5; n++)
		append_synced(p, n, five[n - 1]);
	close_log(p);
	len = load(path, octets);
	free(path);
	return (len);
}

/* Where record n begins; of 6: where they end. */
static size_t
five_offset(size_t n)
{
	size_t at = AREA;

	for (size_t i = 1; i < n; i++)
		at += RECORD(five[i - 1]);
	return (at);
}

static void
records_come_back_in_order_after_reopening(void **state)
{
	struct place *p = *state;
	struct reading r;

	open_log(p);
	assert_int_equal(p->found.segments, 0);
	assert_int_equal(wal_newest(p->wal), 0);
	for (uint64_t n = 1; n <= 10; n++)
		assert_int_equal(append(p, n, n * 10), n);
	r = read_from(p, 0);
	assert_int_equal(r.count, 0); /* not durable yet */
	assert_int_equal(wal_sync(p->wal), 0);
	assert_int_equal(syncs, 1);
	assert_int_equal(wal_newest(p->wal), 10);
	r = read_from(p, 0);
	assert_range(&r, 1, 10);
	wal_commit(p->wal, 4);
	reopen(p);
	assert_int_equal(wal_committed(p->wal), 4);
	assert_int_equal(p->found.records, 6);
	assert_int_equal(p->found.torn, 0);
	assert_int_equal(p->found.set_aside, 0);
	r = read_from(p, wal_committed(p->wal));
	assert_range(&r, 5, 10);
	append_synced(p, 11, 7);
	r = read_from(p, 10);
	assert_range(&r, 11, 11);
}

static void
closing_makes_durable_what_was_appended(void **state)
{
	struct place *p = *state;
	struct reading r;

	open_log(p);
	assert_int_equal(append(p, 1, 20), 1);
	reopen(p);
	r = read_from(p, 0);
	assert_range(&r, 1, 1);
}

static void
a_cut_in_the_last_record_costs_that_record_alone(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint8_t *octets;

	five_records(p, &octets);
	for (size_t cut = five_offset(5); cut < five_offset(6); cut++) {
		replace_log(p, octets, cut);
		open_log(p);
		assert_int_equal(p->found.records, 4);
		assert_int_equal(p->found.set_aside, 0);
		assert_true((cut == five_offset(5)) == (p->found.torn == 0));
		r = read_from(p, 0);
		assert_range(&r, 1, 4);
		append_synced(p, 5, 60);
		reopen(p);
		assert_int_equal(p->found.torn, 0);
		r = read_from(p, 0);
		assert_range(&r, 1, 5);
		close_log(p);
	}
	free(octets);
}

/* Which record an octet of the file is part of; 0 for none: the header, the
 * padding, the room behind. */
static size_t
five_at(size_t at)
{
	for (size_t n = 1; n <= 5; n++) {
		if (at >= five_offset(n) && at < five_offset(n) + 24 +
		    SEAL_DAY_OVERHEAD + five[n - 1])
			return (n);
	}
	return (0);
}

static void
a_flipped_bit_costs_one_record_at_most(void **state)
{
	struct place *p = *state;
	uint8_t *octets;
	size_t len = five_records(p, &octets), hit, seen;

	assert_true(len > five_offset(6) + 8);
	for (size_t at = 0; at < five_offset(6) + 8; at++) {
		struct reading r;

		octets[at] ^= (uint8_t)(1 << at % 8);
		replace_log(p, octets, len);
		octets[at] ^= (uint8_t)(1 << at % 8);
		hit = five_at(at);
		open_log(p);
		r = read_from(p, 0);
		assert_int_equal(r.count, hit == 0 ? 5 : 4);
		assert_int_equal(p->found.records, r.count);
		assert_int_equal(p->found.set_aside, hit > 0 && hit < 5);
		assert_int_equal(r.bad, p->found.set_aside);
		assert_int_equal(p->found.torn > 0,
		    hit == 5 || at >= five_offset(6));
		seen = 0;
		for (size_t n = 1; n <= 5; n++) {
			if (n != hit)
				assert_int_equal(r.numbers[seen++], n);
		}
		close_log(p);
	}
	free(octets);
}

static void
a_lost_block_costs_what_stood_in_it(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint8_t *octets;
	char *bad;
	size_t len = five_records(p, &octets);

	memset(octets + five_offset(2), 0, five_offset(4) - five_offset(2));
	octets[five_offset(3)] = 1;
	replace_log(p, octets, len);
	open_log(p);
	assert_int_equal(p->found.set_aside, 2);
	assert_int_equal(p->found.records, 3);
	r = read_from(p, 0);
	assert_int_equal(r.count, 3);
	assert_int_equal(r.bad, 1);
	assert_int_equal(r.numbers[1], 4);
	r = read_from(p, 4);
	assert_range(&r, 5, 5);
	assert_int_equal(r.bad, 0);
	bad = xasprintf("%s/bad", p->dir);
	assert_int_equal(count_files(bad, "log."), 1);
	free(bad);
	free(octets);
}

/* Somebody looks at what was set aside, and takes it away. */
static void
what_was_set_aside_is_not_again_when_it_was_taken_away(void **state)
{
	struct place *p = *state;
	uint8_t *octets;
	char *bad, *segment;
	size_t len = five_records(p, &octets);

	octets[five_offset(2) + 30] ^= 1;
	replace_log(p, octets, len);
	free(octets);
	open_log(p);
	assert_int_equal(wal_set_aside(p->wal), 1);
	bad = xasprintf("%s/bad/log.0000000000000001.%zx", p->dir,
	    five_offset(2));
	assert_int_equal(unlink(bad), 0);
	free(bad);
	for (int start = 0; start < 2; start++) {
		assert_int_equal(read_from(p, 0).bad, 1);
		assert_int_equal(wal_set_aside(p->wal), 0);
		wal_commit(p->wal, 5);
		reopen(p);
	}
	close_log(p);
	/* Another segment of its name may be damaged at the same place. */
	bad = xasprintf("%s/bad", p->dir);
	assert_int_equal(count_files(bad, ".log."), 1);
	segment = segment_path(p, 1);
	assert_int_equal(unlink(segment), 0);
	open_log(p);
	assert_int_equal(count_files(bad, ".log."), 0);
	free(segment);
	free(bad);
}

static void
what_cannot_be_set_aside_whole_is_at_the_next_start(void **state)
{
	struct place *p = *state;
	char *bad = xasprintf("%s/bad", p->dir);
	char *copy = xasprintf("%s/log.0000000000000001.%zx", bad,
	    five_offset(2));
	uint8_t *octets, *got;
	size_t len = five_records(p, &octets), size;
	struct rlimit old, none;

	octets[five_offset(2) + 30] ^= 1;
	replace_log(p, octets, len);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	open_log(p);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(wal_set_aside(p->wal), 1);
	assert_int_equal(count_files(bad, ".log."), 0);
	reopen(p);
	assert_int_equal(wal_set_aside(p->wal), 1);
	assert_int_equal(count_files(bad, ".log."), 1);
	size = load(copy, &got);
	assert_int_equal(size, five_offset(3) - five_offset(2));
	assert_memory_equal(got, octets + five_offset(2), size);
	free(got);
	free(octets);
	free(copy);
	free(bad);
}

static void
two_broken_headers_cost_the_segment_but_no_number_comes_twice(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint8_t *octets;
	size_t len = five_records(p, &octets);
	uint64_t number;

	octets[20] ^= 1;
	octets[512 + 20] ^= 1;
	replace_log(p, octets, len);
	open_log(p);
	assert_int_equal(p->found.set_aside, 1);
	assert_int_equal(p->found.segments, 0);
	number = wal_append(p->wal, "", 0);
	assert_true(number > 5);
	assert_int_equal(wal_sync(p->wal), 0);
	reopen(p);
	r = read_from(p, 0);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.numbers[0], number);
	free(octets);
}

static void
a_full_segment_is_followed_by_another(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	struct reading r;

	open_log(p);
	c = wal_cursor_open(p->wal, 0);
	for (uint64_t n = 1; n <= 40; n++) {
		append_synced(p, n, 500);
		if (n % 3 == 0) {
			r = read_on(c);
			assert_range(&r, n - 2, n);
		}
	}
	wal_cursor_close(c);
	assert_int_equal(count_files(p->dir, "log."), 8);
	assert_true(wal_backlog(p->wal) > 40 * 500);
	reopen(p);
	assert_int_equal(p->found.segments, 8);
	assert_int_equal(p->found.records, 40);
	r = read_from(p, 17);
	assert_range(&r, 18, 40);
	wal_commit(p->wal, 39);
	assert_true(wal_backlog(p->wal) > 0);
	wal_commit(p->wal, 40);
	assert_int_equal(wal_backlog(p->wal), 0);
}

static void
a_record_longer_than_a_segment_has_one_of_its_own(void **state)
{
	static uint8_t payload[WAL_RECORD_MAX + 1];
	struct place *p = *state;
	struct wal_cursor *c;
	const void *got;
	uint64_t number;
	size_t len;

	seal_random(payload, sizeof payload);
	open_log(p);
	assert_int_equal(append(p, 1, 20), 1);
	assert_int_equal(wal_append(p->wal, payload, WAL_RECORD_MAX + 1), 0);
	assert_int_equal(wal_append(p->wal, payload, WAL_RECORD_MAX), 2);
	assert_int_equal(append(p, 3, 20), 3);
	assert_int_equal(wal_sync(p->wal), 0);
	reopen(p);
	assert_int_equal(p->found.records, 3);
	c = wal_cursor_open(p->wal, 1);
	assert_int_equal(wal_read(c, &got, &len, &number), 1);
	assert_int_equal(number, 2);
	assert_int_equal(len, WAL_RECORD_MAX);
	assert_memory_equal(got, payload, len);
	assert_int_equal(wal_read(c, &got, &len, &number), 1);
	assert_int_equal(number, 3);
	assert_int_equal(wal_read(c, &got, &len, &number), 0);
	wal_cursor_close(c);
}

/* The log says so too. */
static void
commit_synced(struct place *p, uint64_t number)
{
	wal_commit(p->wal, number);
	mono_ms += 1000;
	assert_int_equal(wal_sync(p->wal), 0);
}

static void
committed_segments_go_when_kept_long_enough_and_their_key_with_them(
    void **state)
{
	struct place *p = *state;
	struct reading r;

	open_log(p);
	for (uint64_t n = 1; n <= 20; n++)
		append_synced(p, n, 500);
	assert_int_equal(count_files(p->dir, "log."), 4);
	wall_us += DAY_US;
	append_synced(p, 21, 500); /* another day, another segment */
	assert_int_equal(count_files(p->dir, "log."), 5);
	assert_int_equal(count_files(p->keys, "log."), 2);
	wall_us += DAY_US / 2;
	commit_synced(p, 12);
	assert_int_equal(count_files(p->dir, "log."), 3);
	wall_us += DAY_US;
	commit_synced(p, 19);
	assert_int_equal(count_files(p->dir, "log."), 2);
	assert_int_equal(count_files(p->keys, "log."), 2);
	reopen(p);
	assert_int_equal(wal_committed(p->wal), 19);
	r = read_from(p, 0);
	assert_range(&r, 16, 21);
	commit_synced(p, 20);
	assert_int_equal(count_files(p->dir, "log."), 1);
	assert_int_equal(count_files(p->keys, "log."), 1);
	r = read_from(p, 0);
	assert_range(&r, 21, 21);
	reopen(p);
	assert_int_equal(wal_committed(p->wal), 20);
	append_synced(p, 22, 5);
}

static void
a_log_that_nobody_writes_to_lets_go_of_its_day(void **state)
{
	struct place *p = *state;
	struct reading r;

	open_log(p);
	append_synced(p, 1, 100);
	wall_us += DAY_US;
	assert_int_equal(wal_sync(p->wal), 0);
	assert_int_equal(count_files(p->dir, "log."), 1); /* not committed */
	wal_commit(p->wal, 1);
	assert_int_equal(wal_sync(p->wal), 0);
	wall_us += DAY_US;
	assert_int_equal(wal_sync(p->wal), 0);
	assert_int_equal(count_files(p->dir, "log."), 1);
	assert_int_equal(count_files(p->keys, "log."), 1);
	r = read_from(p, 0);
	assert_int_equal(r.count, 0);
	reopen(p);
	assert_int_equal(wal_committed(p->wal), 1);
	append_synced(p, 2, 100); /* replaces the empty segment */
	assert_int_equal(count_files(p->dir, "log."), 1);
	reopen(p);
	r = read_from(p, 0);
	assert_range(&r, 2, 2);
}

static void
a_clock_that_jumps_keeps_what_is_not_committed(void **state)
{
	static const int64_t jumps[] = { 400 * DAY_US, -400 * DAY_US, -DAY_US,
		0, INT64_C(2147483647) * 1000000 - NOON_US };
	struct place *p = *state;
	struct reading r;
	uint64_t n = 1;

	open_log(p);
	for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
		wall_us = NOON_US + jumps[i];
		append_synced(p, n++, 50);
		wall_us = 0;
		append_synced(p, n++, 50);
		reopen(p);
	}
	r = read_from(p, 0);
	assert_range(&r, 1, n - 1);
}

static void
two_cursors_read_each_on_its_own(void **state)
{
	struct place *p = *state;
	struct wal_cursor *a, *b;
	struct reading r;

	open_log(p);
	a = wal_cursor_open(p->wal, 0);
	b = wal_cursor_open(p->wal, 3);
	for (uint64_t n = 1; n <= 10; n++)
		append_synced(p, n, 400);
	r = read_on(a);
	assert_range(&r, 1, 10);
	append_synced(p, 11, 400);
	r = read_on(b);
	assert_range(&r, 4, 11);
	r = read_on(a);
	assert_range(&r, 11, 11);
	wal_cursor_close(a);
	wal_cursor_close(b);
}

static void
a_cursor_passes_over_what_its_owner_has(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	struct reading r;

	open_log(p);
	c = wal_cursor_open(p->wal, 0);
	append_synced(p, 1, 400);
	assert_int_equal(append(p, 2, 400), 2);
	r = read_on(c);
	assert_range(&r, 1, 1);
	wal_cursor_pass(c, 2);
	assert_int_equal(wal_sync(p->wal), 0);
	append_synced(p, 3, 400);
	r = read_on(c);
	assert_range(&r, 3, 3);
	wal_cursor_pass(c, 2);
	append_synced(p, 4, 400);
	r = read_on(c);
	assert_range(&r, 4, 4);
	wal_cursor_close(c);
}

static void
a_cursor_survives_the_deletion_of_its_segment(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	const void *payload;
	struct reading r;
	uint64_t number;
	size_t len;

	p->set.keep_us = 0;
	open_log(p);
	for (uint64_t n = 1; n <= 20; n++)
		append_synced(p, n, 500);
	c = wal_cursor_open(p->wal, 0);
	assert_int_equal(wal_read(c, &payload, &len, &number), 1);
	wal_commit(p->wal, 15);
	r = read_on(c);
	assert_int_equal(r.bad, 0);
	assert_true(r.count >= 5);
	assert_int_equal(r.numbers[r.count - 1], 20);
	wal_cursor_close(c);
}

static void
what_is_held_is_not_deleted_however_old(void **state)
{
	struct place *p = *state;
	struct reading r;

	p->set.keep_us = 0;
	p->set.hold = true;
	open_log(p);
	for (uint64_t n = 1; n <= 20; n++)
		append_synced(p, n, 500);
	wal_commit(p->wal, 20);
	reopen(p);
	assert_int_equal(wal_sync(p->wal), 0);
	r = read_from(p, 0);
	assert_range(&r, 1, 20);
	wal_hold(p->wal, false);
	assert_int_equal(wal_sync(p->wal), 0);
	r = read_from(p, 0);
	assert_true(r.count < 20);
	assert_int_equal(r.numbers[r.count - 1], 20);
}

static void
a_disk_that_fills_up_sheds_what_is_committed_oldest_first(void **state)
{
	struct place *p = *state;
	uint64_t room, size;
	struct reading r;

	open_log(p);
	for (uint64_t n = 1; n <= 20; n++)
		append_synced(p, n, 500);
	assert_int_equal(count_files(p->dir, "log."), 4);
	assert_false(wal_shed(p->wal));
	commit_synced(p, 12);
	wal_hold(p->wal, true);
	assert_false(wal_shed(p->wal));
	wal_hold(p->wal, false);
	assert_true(wal_shed(p->wal));
	assert_int_equal(count_files(p->dir, "log."), 3);
	while (wal_shed(p->wal))
		;
	r = read_from(p, 0);
	assert_true(r.numbers[0] > 5 && r.numbers[0] <= 13);
	assert_int_equal(r.numbers[r.count - 1], 20);
	commit_synced(p, 20);
	while (wal_shed(p->wal))
		;
	assert_int_equal(count_files(p->dir, "log."), 1);
	assert_int_equal(wal_room(p->wal, &room, &size), 0);
	assert_true(room <= size && size != 0);
	reopen(p);
	append_synced(p, 21, 5);
}

static void
a_failed_sync_voids_its_batch_and_nothing_else(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	struct reading r;
	int before;

	open_log(p);
	c = wal_cursor_open(p->wal, 0);
	append_synced(p, 1, 100);
	assert_int_equal(append(p, 2, 100), 2);
	assert_int_equal(append(p, 3, 100), 3);
	fail_syncs = 1;
	assert_int_equal(wal_sync(p->wal), -1);
	assert_int_equal(wal_newest(p->wal), 1);
	before = syncs;
	assert_int_equal(wal_sync(p->wal), 0); /* nothing to do, none done */
	assert_int_equal(syncs, before);
	append_synced(p, 4, 100);
	r = read_on(c);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bad, 0);
	assert_int_equal(r.numbers[1], 4);
	wal_cursor_close(c);
	reopen(p);
	assert_int_equal(p->found.records, 2);
	assert_int_equal(p->found.set_aside, 0);
	r = read_from(p, 0);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.numbers[1], 4);
}

static void
a_sync_that_fails_between_two_segments_is_told_once(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint64_t n;

	open_log(p);
	append_synced(p, 1, 1000);
	assert_int_equal(append(p, 2, 1000), 2);
	fail_syncs = 1;
	assert_int_equal(append(p, 3, 2000), 0);
	assert_int_equal(append(p, 3, 10), 0);
	assert_int_equal(wal_sync(p->wal), -1);
	n = append(p, 3, 10);
	assert_int_equal(n, 3);
	assert_int_equal(wal_sync(p->wal), 0);
	r = read_from(p, 0);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.numbers[1], 3);
}

/* First the file cannot be synced, then the directory, when the new segment
 * already has its name. */
static void
a_segment_that_cannot_be_begun_voids_nothing(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint64_t n = 1;

	for (int which = 1; which <= 2; which++) {
		open_log(p);
		append_synced(p, n++, 1000);
		fail_fsync = which;
		assert_int_equal(append(p, n, 3000), 0);
		append_synced(p, n++, 10);
		append_synced(p, n++, 3000);
		close_log(p);
	}
	open_log(p);
	assert_int_equal(p->found.set_aside, 0);
	r = read_from(p, 0);
	assert_range(&r, 1, n - 1);
}

static void
a_write_that_fails_leaves_nothing(void **state)
{
	struct rlimit old, small;
	struct place *p = *state;
	struct reading r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	open_log(p);
	append_synced(p, 1, 100);
	small = old;
	small.rlim_cur = 1500; /* ends in the middle of record 2 */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(append(p, 2, 800), 2);
	assert_int_equal(wal_sync(p->wal), -1);
	assert_int_equal(append(p, 3, 800), 0);
	assert_int_equal(wal_sync(p->wal), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	append_synced(p, 3, 800);
	reopen(p);
	assert_int_equal(p->found.set_aside, 0);
	r = read_from(p, 0);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.numbers[1], 3);
}

/* One more that no file has room for. */
static void
append_in_vain(struct place *p)
{
	struct rlimit old, small;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 1000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(wal_append(p->wal, "", 0), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
}

static void
a_log_that_cannot_be_begun_is_not_missed(void **state)
{
	struct place *p = *state;

	open_log(p);
	append_in_vain(p);
	assert_int_equal(count_files(p->keys, "log."), 0);
	reopen(p);
	assert_int_equal(wal_set_aside(p->wal), 0);
	append_synced(p, 1, 100);
	close_log(p);
	/* One that was, is; its key is not of this start. */
	place_remove(p->dir);
	open_log(p);
	append_in_vain(p);
	assert_int_equal(count_files(p->keys, "log."), 1);
	assert_int_equal(wal_set_aside(p->wal), 1);
}

static void
a_full_disk_refuses_until_there_is_room(void **state)
{
	struct place *p = *state;
	struct reading r;
	uint64_t n;

	assert_int_equal(mkdir(p->dir, 0700), 0);
	if (mount("none", p->dir, "tmpfs", 0, "size=128k,mode=0700") == -1) {
		print_message("SKIP: no small file system: %s\n",
		    strerror(errno));
		skip();
	}
	p->set.segment_size = 16384;
	p->set.keep_us = 0;
	open_log(p);
	for (n = 1; append(p, n, 3000) == n; n++)
		assert_int_equal(wal_sync(p->wal), 0);
	assert_true(n > 10);
	assert_int_equal(append(p, n, 3000), 0);
	assert_int_equal(wal_sync(p->wal), 0);
	r = read_from(p, 0);
	assert_range(&r, 1, n - 1);
	reopen(p); /* as full as it was */
	assert_int_equal(p->found.records, n - 1);
	assert_int_equal(append(p, n, 3000), 0);
	wal_commit(p->wal, n - 1); /* segments go, room comes */
	append_synced(p, n, 3000);
	reopen(p);
	r = read_from(p, n - 1);
	assert_range(&r, n, n);
	close_log(p);
	assert_int_equal(umount(p->dir), 0);
}

/* One segment each, of which a cursor reads the last. */
static void
a_removed_log_is_made_anew_with_all_that_it_held(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	struct reading r;

	open_log(p);
	for (uint64_t n = 1; n <= 6; n++)
		append_synced(p, n, 1500);
	assert_int_equal(count_files(p->dir, "log."), 6);
	wal_commit(p->wal, 1);
	c = wal_cursor_open(p->wal, 0);
	r = read_on(c);
	assert_range(&r, 1, 6);
	place_remove(p->dir);
	append_synced(p, 7, 100);
	assert_int_equal(count_files(p->dir, "log."), 5);
	assert_int_equal(wal_set_aside(p->wal), 0);
	r = read_on(c);
	assert_range(&r, 7, 7);
	place_remove(p->dir); /* nobody writes, somebody looks */
	assert_int_equal(wal_look(p->wal, &(const char *){ NULL }), 0);
	wal_cursor_close(c);
	reopen(p);
	assert_int_equal(p->found.records, 6);
	assert_int_equal(p->found.set_aside, 0);
	/* So it is after a start. */
	place_remove(p->dir);
	reopen(p);
	r = read_from(p, 1);
	assert_range(&r, 2, 7);
}

/* A watchdog must not end who holds all that is left of it. */
static void
a_large_log_is_made_anew_a_piece_at_a_time(void **state)
{
	struct place *p = *state;
	const char *error;
	int looks = 1;

	open_log(p);
	for (uint64_t n = 1; n <= 6; n++)
		append_synced(p, n, 1500);
	place_remove(p->dir);
	mono_step_ms = 300;
	assert_int_equal(wal_look(p->wal, &error), -1);
	assert_int_equal(count_files(p->dir, "log."), 2);
	/* What comes meanwhile is durable. */
	append_synced(p, 7, 100);
	while (wal_look(p->wal, &error) == -1)
		assert_true(looks++ < 20);
	assert_true(looks > 2);
	mono_step_ms = 0;
	assert_int_equal(count_files(p->dir, "log."), 6);
	/* Nobody is left who could go on. */
	place_remove(p->dir);
	mono_step_ms = 300;
	reopen(p);
	mono_step_ms = 0;
	assert_int_equal(p->found.records, 7);
	assert_int_equal(p->found.set_aside, 0);
}

/* Who removed it goes on, and meets what was made anew. */
static void
what_is_written_to_is_made_anew_at_any_time(void **state)
{
	struct place *p = *state;
	struct wal_cursor *c;
	const char *error;
	struct reading r;

	open_log(p);
	for (uint64_t n = 1; n <= 6; n++)
		append_synced(p, n, 1500);
	c = wal_cursor_open(p->wal, 0);
	r = read_on(c);
	assert_range(&r, 1, 6);
	place_remove(p->dir);
	mono_step_ms = 600;
	assert_int_equal(wal_look(p->wal, &error), -1);
	mono_step_ms = 0;
	for (uint64_t n = 7; n <= 9; n++) {
		unsigned int restored = wal_restored(p->wal);

		place_remove(p->dir);
		append_synced(p, n, 100);
		assert_int_equal(count_files(p->dir, "log."), 1);
		assert_true(wal_restored(p->wal) > restored);
		r = read_on(c);
		assert_range(&r, n, n);
	}
	wal_cursor_close(c);
	mono_ms += 600;
	assert_int_equal(wal_look(p->wal, &error), 0);
	assert_int_equal(wal_set_aside(p->wal), 0);
	reopen(p);
	assert_int_equal(p->found.records, 9);
	assert_int_equal(p->found.set_aside, 0);
}

/* In a process that does not come to its end, as in a crash. */
static void
crash_after(struct place *p, void (*run)(struct place *))
{
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		open_log(p);
		run(p);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* One segment each, of two days, of which the newest alone comes back. */
static void
write_and_remove(struct place *p)
{
	const char *error;

	append_synced(p, 1, 1500);
	wall_us += DAY_US;
	for (uint64_t n = 2; n <= 6; n++)
		append_synced(p, n, 1500);
	place_remove(p->dir);
	mono_step_ms = 600;
	if (wal_look(p->wal, &error) == 0 || count_files(p->dir, "log.") != 1)
		_exit(1);
}

static void
what_was_not_made_anew_before_a_crash_is_told_of(void **state)
{
	struct place *p = *state;
	char *bad = xasprintf("%s/bad", p->dir);

	crash_after(p, write_and_remove);
	wall_us += DAY_US;
	open_log(p);
	assert_int_equal(p->found.records, 1);
	assert_int_equal(wal_committed(p->wal), 5);
	assert_int_equal(wal_set_aside(p->wal), 1);
	assert_int_equal(count_files(bad, "log.0000000000000006.before."), 1);
	assert_int_equal(count_files(p->keys, "log."), 2);
	/* Somebody has seen that, and takes it away. */
	mono_ms += 1000;
	assert_int_equal(wal_sync(p->wal), 0);
	place_remove(bad);
	reopen(p);
	assert_int_equal(wal_set_aside(p->wal), 0);
	assert_int_equal(count_files(p->keys, "log."), 1);
	free(bad);
}

/* Enough that the kernel has some of it. */
static void
write_unsynced(struct place *p)
{
	for (uint64_t n = 1; n <= 2; n++)
		if (append(p, n, 40000) != n)
			_exit(1);
}

static void
what_a_crash_left_unsynced_is_synced_at_the_start(void **state)
{
	struct place *p = *state;

	p->set.segment_size = 1 << 20;
	crash_after(p, write_unsynced);
	fail_fsync = 1;
	refused(p);
	open_log(p);
	assert_int_equal(p->found.records, 2);
	assert_int_equal(wal_newest(p->wal), 2);
}

/* A mark of it is not due yet. */
static void
write_and_commit(struct place *p)
{
	for (uint64_t n = 1; n <= 6; n++)
		append_synced(p, n, 1500);
	wal_commit(p->wal, 6);
}

static void
what_was_committed_right_before_a_crash_is_not_missed(void **state)
{
	struct place *p = *state;

	p->set.keep_us = 0;
	crash_after(p, write_and_commit);
	open_log(p);
	assert_int_equal(wal_set_aside(p->wal), 0);
	assert_int_equal(p->found.records, 6);
	commit_synced(p, 6);
	assert_int_equal(count_files(p->dir, "log."), 1);
	reopen(p);
	assert_int_equal(wal_set_aside(p->wal), 0);
	assert_int_equal(p->found.records, 0);
}

static void
a_removed_segment_is_made_anew(void **state)
{
	struct place *p = *state;
	char *path = segment_path(p, 1);
	const char *error;
	struct reading r;

	open_log(p);
	for (uint64_t n = 1; n <= 4; n++)
		append_synced(p, n, 1500);
	assert_int_equal(wal_look(p->wal, &error), 0);
	assert_int_equal(wal_restored(p->wal), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(wal_look(p->wal, &error), 0);
	assert_int_equal(wal_look(p->wal, &error), 0);
	assert_int_equal(wal_restored(p->wal), 1);
	reopen(p);
	r = read_from(p, 0);
	assert_range(&r, 1, 4);
	free(path);
}

/* A file stands where the directory was. */
static void
a_removed_log_that_cannot_be_made_anew_is_read_and_takes_nothing(void **state)
{
	struct place *p = *state;
	struct reading r;
	const char *error = NULL;

	open_log(p);
	append_synced(p, 1, 100);
	place_remove(p->dir);
	store(p->dir, (const uint8_t *)"x", 1);
	assert_int_equal(append(p, 2, 100), 2);
	assert_int_equal(wal_sync(p->wal), -1);
	assert_int_equal(append(p, 3, 100), 0);
	assert_int_equal(wal_look(p->wal, &error), -1);
	assert_non_null(strstr(error, p->dir));
	r = read_from(p, 0);
	assert_range(&r, 1, 1);
	assert_int_equal(unlink(p->dir), 0);
	assert_int_equal(wal_look(p->wal, &error), 0);
	append_synced(p, 3, 100);
	reopen(p);
	r = read_from(p, 0);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.numbers[0], 1);
	assert_int_equal(r.numbers[1], 3);
}

/* What it was in is gone too, so that nothing can be made there. */
static void
a_log_whose_parent_was_removed_comes_back_with_it(void **state)
{
	struct place *p = *state;
	char *parent = xasprintf("%s/parent", p->top);
	char *dir = xasprintf("%s/log", parent);
	const char *error = NULL;
	struct reading r;

	p->set.dir = dir;
	assert_int_equal(mkdir(parent, 0700), 0);
	open_log(p);
	append_synced(p, 1, 100);
	place_remove(parent);
	for (int look = 0; look < 3; look++) {
		assert_int_equal(wal_look(p->wal, &error), -1);
		assert_non_null(strstr(error, strerror(ENOENT)));
	}
	assert_int_equal(mkdir(parent, 0700), 0);
	assert_int_equal(wal_look(p->wal, &error), 0);
	append_synced(p, 2, 100);
	reopen(p);
	r = read_from(p, 0);
	assert_range(&r, 1, 2);
	close_log(p);
	p->set.dir = p->dir;
	free(dir);
	free(parent);
}

static void
a_log_that_was_moved_is_not_where_it_is_looked_for(void **state)
{
	struct place *p = *state;
	char *other = xasprintf("%s/elsewhere", p->top);
	const char *error = NULL;

	open_log(p);
	append_synced(p, 1, 100);
	assert_int_equal(wal_look(p->wal, &error), 0);
	assert_int_equal(rename(p->dir, other), 0);
	assert_int_equal(wal_look(p->wal, &error), -1);
	assert_non_null(strstr(error, p->dir));
	assert_int_equal(mkdir(p->dir, 0700), 0);
	assert_int_equal(wal_look(p->wal, &error), -1);
	assert_int_equal(rename(other, p->dir), 0);
	assert_int_equal(wal_look(p->wal, &error), 0);
	append_synced(p, 2, 100);
	close_log(p);
	/* Nor is it at the next start, of which it is said. */
	assert_int_equal(rename(p->dir, other), 0);
	open_log(p);
	assert_int_equal(wal_set_aside(p->wal), 1);
	append_synced(p, 1, 100);
	reopen(p);
	assert_int_equal(wal_set_aside(p->wal), 1);
	close_log(p);
	place_remove(p->dir);
	assert_int_equal(rename(other, p->dir), 0);
	open_log(p);
	assert_int_equal(wal_set_aside(p->wal), 0);
	assert_int_equal(p->found.records, 2);
	free(other);
}

static void
a_second_opener_is_refused(void **state)
{
	struct place *p = *state;
	struct wal *first;

	open_log(p);
	first = p->wal;
	refused(p);
	p->wal = first;
	reopen(p);
}

static void
another_format_version_is_refused(void **state)
{
	struct place *p = *state;
	uint8_t *octets;
	uint32_t crc = ~0u;
	size_t len = five_records(p, &octets);

	octets[8] = 2;
	for (size_t i = 0; i < 92; i++) {
		crc ^= octets[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0x82f63b78u & -(crc & 1));
	}
	crc = ~crc;
	for (size_t i = 0; i < 4; i++)
		octets[92 + i] = (uint8_t)(crc >> 8 * i);
	replace_log(p, octets, len);
	refused(p);
	assert_int_equal(count_files(p->dir, "log."), 1);
	free(octets);
}

static void
a_missing_or_wrong_key_stops_the_start_and_harms_nothing(void **state)
{
	struct place *p = *state;
	uint8_t *octets, *key, first;
	char *path = xasprintf("%s/log.20270115", p->keys);
	struct reading r;
	size_t len;

	five_records(p, &octets);
	free(octets);
	len = load(path, &key);
	assert_int_equal(unlink(path), 0);
	refused(p);
	first = key[0];
	key[0] = first == '0' ? '1' : '0';
	store(path, key, len);
	/* Texts under another key must not be taken for a torn tail. */
	refused(p);
	key[0] = first;
	store(path, key, len);
	open_log(p);
	r = read_from(p, 0);
	assert_range(&r, 1, 5);
	free(key);
	free(path);
}

static void
what_is_not_the_gateways_own_is_refused(void **state)
{
	struct place *p = *state;
	char *path = segment_path(p, 1), *other;

	assert_int_equal(mkdir(p->dir, 0755), 0);
	assert_int_equal(chmod(p->dir, 0755), 0);
	refused(p);
	assert_int_equal(chmod(p->dir, 0700), 0);
	assert_int_equal(symlink("/dev/zero", path), 0);
	refused(p);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	refused(p);
	assert_int_equal(unlink(path), 0);
	other = xasprintf("%s/elsewhere", p->top);
	assert_int_equal(rename(p->dir, other), 0);
	assert_int_equal(symlink(other, p->dir), 0);
	refused(p);
	assert_int_equal(unlink(p->dir), 0);
	store(p->dir, (const uint8_t *)"x", 1);
	refused(p);
	assert_int_equal(unlink(p->dir), 0);
	free(other);
	free(path);
}

static void
commit_marks_are_few(void **state)
{
	struct place *p = *state;
	uint64_t octets;

	p->set.segment_size = 1 << 20;
	open_log(p);
	append_synced(p, 1, 0);
	octets = wal_backlog(p->wal);
	for (uint64_t n = 2; n <= 101; n++) {
		wal_commit(p->wal, n - 1);
		append_synced(p, n, 0);
	}
	assert_int_equal(wal_backlog(p->wal), octets + 100 * RECORD(0));
	mono_ms += 1000;
	assert_int_equal(syncs, 101);
	assert_int_equal(wal_sync(p->wal), 0); /* idle, and one is due */
	assert_int_equal(wal_sync(p->wal), 0);
	assert_int_equal(syncs, 102);
	assert_int_equal(wal_backlog(p->wal), octets + 101 * RECORD(0));
}

static void
keys_left_behind_by_a_crash_are_erased_at_start(void **state)
{
	struct place *p = *state;
	struct seal_day *day;
	const char *error;
	char *bad;

	day = seal_day_load(p->keys, 20261231, true, &error);
	assert_non_null(day);
	seal_day_free(day);
	open_log(p); /* an empty log is no proof that nothing needs it */
	assert_int_equal(count_files(p->keys, "log."), 1);
	append_synced(p, 1, 10);
	reopen(p);
	assert_int_equal(count_files(p->keys, "log."), 2);
	/* Somebody has seen that there was none, and takes that away. */
	bad = xasprintf("%s/bad", p->dir);
	place_remove(bad);
	free(bad);
	reopen(p);
	assert_int_equal(count_files(p->keys, "log."), 1);
	assert_int_equal(read_from(p, 0).count, 1);
}

/* The child acknowledges through a pipe what is durable, until it is shot. */
static void
child_writes(const struct place *p, int fd)
{
	struct wal_recovery found;
	const char *error;
	struct wal *w = wal_open(&p->set, &found, &error);
	uint64_t number;
	uint8_t payload[512];

	for (;;) {
		fill(payload, wal_newest(w) + 1, sizeof payload);
		number = wal_append(w, payload, seal_random_below(512));
		if (number == 0 || wal_sync(w) == -1)
			_exit(1);
		if (number > 3)
			wal_commit(w, number - 3);
		if (write(fd, &number, sizeof number) != sizeof number)
			_exit(1);
	}
}

static void
what_was_acknowledged_survives_kill_9(void **state)
{
	struct place *p = *state;
	uint64_t acked = 0, number;

	for (int round = 0; round < 20; round++) {
		struct reading r;
		int fds[2], status;
		pid_t pid;

		assert_int_equal(pipe(fds), 0);
		pid = fork();
		assert_int_not_equal(pid, -1);
		if (pid == 0)
			child_writes(p, fds[1]);
		close(fds[1]);
		for (uint32_t i = seal_random_below(20) + 1; i > 0; i--)
			assert_int_equal(read(fds[0], &number, sizeof number),
			    sizeof number);
		kill(pid, SIGKILL);
		while (read(fds[0], &number, sizeof number) == sizeof number)
			acked = number;
		close(fds[0]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		open_log(p);
		assert_true(wal_newest(p->wal) >= acked);
		assert_true(wal_committed(p->wal) <= wal_newest(p->wal));
		assert_int_equal(p->found.set_aside, 0);
		r = read_from(p, wal_committed(p->wal));
		assert_range(&r, wal_committed(p->wal) + 1,
		    wal_newest(p->wal));
		wal_commit(p->wal, wal_newest(p->wal));
		close_log(p);
	}
}

/* What the log should hold. */
struct model {
	struct place		*place;
	struct wal_cursor	*cursor;	/* stays open */
	uint64_t		 durable[20000];
	size_t			 count;
	size_t			 read;		/* by the cursor */
	uint64_t		 pending[20000];
	size_t			 pending_count;
	uint64_t		 next;
	uint64_t		 committed;
};

/* Up to this number it is durable. */
static void
model_settle(struct model *m, uint64_t last)
{
	size_t n = 0;

	for (; n < m->pending_count && m->pending[n] <= last; n++)
		m->durable[m->count++] = m->pending[n];
	m->pending_count -= n;
	memmove(m->pending, m->pending + n,
	    m->pending_count * sizeof m->pending[0]);
}

static void
model_append(struct model *m)
{
	assert_int_equal(append(m->place, m->next, seal_random_below(1500)),
	    m->next);
	m->pending[m->pending_count++] = m->next++;
}

static void
model_sync(struct model *m)
{
	assert_int_equal(wal_sync(m->place->wal), 0);
	model_settle(m, UINT64_MAX);
}

/* What a new segment has made durable already is not void. */
static void
model_sync_fails(struct model *m)
{
	uint64_t durable = wal_newest(m->place->wal);

	if (m->pending_count == 0 ||
	    m->pending[m->pending_count - 1] <= durable)
		return;
	fail_syncs = 1;
	assert_int_equal(wal_sync(m->place->wal), -1);
	model_settle(m, durable);
	m->pending_count = 0;
}

static void
model_commit(struct model *m)
{
	uint64_t back = seal_random_below(20), number;

	if (m->count <= back)
		return;
	number = m->durable[m->count - 1 - back];
	wal_commit(m->place->wal, number);
	if (number > m->committed)
		m->committed = number;
}

static void
model_pass_time(struct model *m)
{
	(void)m;
	wall_us += seal_random_below(7200) * INT64_C(1000000);
	mono_ms += seal_random_below(2000);
}

/* What was deleted before the cursor came there was committed. */
static void
model_read(struct model *m)
{
	struct reading r = read_on(m->cursor);

	model_settle(m, wal_newest(m->place->wal));
	assert_int_equal(r.bad, 0);
	for (size_t i = 0; i < r.count; i++, m->read++) {
		for (; m->durable[m->read] < r.numbers[i]; m->read++)
			assert_true(m->durable[m->read] <= m->committed);
		assert_int_equal(r.numbers[i], m->durable[m->read]);
	}
}

static void
model_reopen(struct model *m)
{
	struct place *p = m->place;
	struct reading r;
	size_t at = 0;

	wal_cursor_close(m->cursor);
	reopen(p);
	model_settle(m, UINT64_MAX);
	assert_int_equal(wal_committed(p->wal), m->committed);
	assert_int_equal(p->found.torn, 0);
	assert_int_equal(p->found.set_aside, 0);
	while (at < m->count && m->durable[at] <= m->committed)
		at++;
	assert_int_equal(p->found.records, m->count - at);
	r = read_from(p, m->committed);
	assert_int_equal(r.count, m->count - at);
	for (size_t i = 0; i < r.count; i++)
		assert_int_equal(r.numbers[i], m->durable[at + i]);
	m->cursor = wal_cursor_open(p->wal,
	    m->read > 0 ? m->durable[m->read - 1] : 0);
	/* Numbers that only failed syncs had may come again after a start. */
	m->next = wal_append(p->wal, "", 0);
	assert_true(m->count == 0 || m->next > m->durable[m->count - 1]);
	m->pending[m->pending_count++] = m->next++;
}

static const struct {
	uint32_t	 weight;	/* of 100 */
	void		 (*run)(struct model *);
} model_steps[] = {
	{ 55, model_append },
	{ 20, model_sync },
	{ 4, model_sync_fails },
	{ 11, model_commit },
	{ 2, model_pass_time },
	{ 6, model_read },
	{ 2, model_reopen },
};

static void
random_operations_agree_with_a_model(void **state)
{
	struct model *m = xcalloc(1, sizeof *m);

	m->place = *state;
	m->next = 1;
	m->place->set.segment_size = 16384;
	m->place->set.keep_us = DAY_US / 24;
	open_log(m->place);
	m->cursor = wal_cursor_open(m->place->wal, 0);
	for (int i = 0; i < 6000; i++) {
		uint32_t dice = seal_random_below(100);
		size_t step = 0;

		for (; dice >= model_steps[step].weight; step++)
			dice -= model_steps[step].weight;
		model_steps[step].run(m);
		assert_int_equal(wal_committed(m->place->wal), m->committed);
	}
	model_reopen(m);
	model_sync(m);
	model_read(m);
	assert_int_equal(m->read, m->count);
	wal_cursor_close(m->cursor);
	free(m);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(records_come_back_in_order_after_reopening),
		T(closing_makes_durable_what_was_appended),
		T(a_cut_in_the_last_record_costs_that_record_alone),
		T(a_flipped_bit_costs_one_record_at_most),
		T(a_lost_block_costs_what_stood_in_it),
		T(what_was_set_aside_is_not_again_when_it_was_taken_away),
		T(what_cannot_be_set_aside_whole_is_at_the_next_start),
		T(two_broken_headers_cost_the_segment_but_no_number_comes_twice),
		T(a_full_segment_is_followed_by_another),
		T(a_record_longer_than_a_segment_has_one_of_its_own),
		T(committed_segments_go_when_kept_long_enough_and_their_key_with_them),
		T(a_log_that_nobody_writes_to_lets_go_of_its_day),
		T(a_clock_that_jumps_keeps_what_is_not_committed),
		T(two_cursors_read_each_on_its_own),
		T(a_cursor_passes_over_what_its_owner_has),
		T(a_cursor_survives_the_deletion_of_its_segment),
		T(what_is_held_is_not_deleted_however_old),
		T(a_disk_that_fills_up_sheds_what_is_committed_oldest_first),
		T(a_failed_sync_voids_its_batch_and_nothing_else),
		T(a_sync_that_fails_between_two_segments_is_told_once),
		T(a_segment_that_cannot_be_begun_voids_nothing),
		T(a_write_that_fails_leaves_nothing),
		T(a_log_that_cannot_be_begun_is_not_missed),
		T(a_full_disk_refuses_until_there_is_room),
		T(a_removed_log_is_made_anew_with_all_that_it_held),
		T(a_large_log_is_made_anew_a_piece_at_a_time),
		T(what_is_written_to_is_made_anew_at_any_time),
		T(what_was_not_made_anew_before_a_crash_is_told_of),
		T(what_a_crash_left_unsynced_is_synced_at_the_start),
		T(what_was_committed_right_before_a_crash_is_not_missed),
		T(a_removed_segment_is_made_anew),
		T(a_removed_log_that_cannot_be_made_anew_is_read_and_takes_nothing),
		T(a_log_whose_parent_was_removed_comes_back_with_it),
		T(a_log_that_was_moved_is_not_where_it_is_looked_for),
		T(a_second_opener_is_refused),
		T(another_format_version_is_refused),
		T(a_missing_or_wrong_key_stops_the_start_and_harms_nothing),
		T(what_is_not_the_gateways_own_is_refused),
		T(commit_marks_are_few),
		T(keys_left_behind_by_a_crash_are_erased_at_start),
		T(what_was_acknowledged_survives_kill_9),
		T(random_operations_agree_with_a_model),
	};

	if (seal_init() == -1)
		return (1);
	log_init("test_wal", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
