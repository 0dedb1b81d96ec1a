/* Sealing, tokens, and the files of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"

#define NUMBER "+381601234567"

static char *top, *dir;

static char *
key_path(const char *name)
{
	return (xasprintf("%s/%s", dir, name));
}

static void
remove_all(const char *where)
{
	struct dirent *entry;
	DIR *d = opendir(where);

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *path = xasprintf("%s/%s", where, entry->d_name);

		if (entry->d_name[0] != '.' && unlink(path) == -1)
			remove_all(path);
		free(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(where);
}

static int
setup(void **state)
{
	const char *tmp = getenv("TMPDIR"), *error = "";

	(void)state;
	top = xasprintf("%s/seal.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(top));
	dir = xasprintf("%s/keys", top);
	assert_int_equal(seal_keys_create(dir, &error), 3);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	remove_all(top);
	free(top);
	free(dir);
	return (0);
}

static struct seal_keys *
load(void)
{
	const char *error = "";
	struct seal_keys *keys = seal_keys_load(dir, &error);

	if (keys == NULL)
		fail_msg("%s", error);
	return (keys);
}

/* Refused, and the text names the file. */
static void
load_refused(const char *name)
{
	const char *error = NULL;
	char *path = name != NULL ? key_path(name) : xstrdup(dir);

	assert_null(seal_keys_load(dir, &error));
	assert_non_null(error);
	assert_int_equal(strncmp(error, path, strlen(path)), 0);
	assert_non_null(strchr(error, ';')); /* and what to do */
	free(path);
}

static void
write_key(const char *name, const char *text, mode_t mode)
{
	char *path = key_path(name);
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	free(path);
}

static void
write_good_key(const char *name, char digit)
{
	char text[66];

	memset(text, digit, 64);
	text[64] = '\n';
	text[65] = '\0';
	write_key(name, text, 0400);
}

static void
made_keys_are_whole_private_and_never_made_twice(void **state)
{
	static const char *const names[] = { "token.1", "reply.1", "optout.0" };
	uint8_t before[SEAL_KEYSET_LEN], after[SEAL_KEYSET_LEN];
	const char *error = "";
	struct seal_keys *keys = load();
	struct stat st;
	size_t files = 0;
	struct dirent *entry;
	DIR *d;

	(void)state;
	seal_keys_public_id(keys, before);
	seal_keys_free(keys);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (size_t i = 0; i < 3; i++) {
		char *path = key_path(names[i]);

		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0400);
		assert_int_equal(st.st_size, 65);
		assert_int_equal(st.st_nlink, 1);
		free(path);
	}
	assert_int_equal(seal_keys_create(dir, &error), 0);
	keys = load();
	seal_keys_public_id(keys, after);
	seal_keys_free(keys);
	assert_memory_equal(before, after, sizeof before);
	d = opendir(dir);
	while ((entry = readdir(d)) != NULL)
		files += entry->d_name[0] != '.';
	closedir(d);
	assert_int_equal(files, 3);
}

/* A gateway that runs as a user of its own could not read what root keeps. */
static void
keys_that_root_makes_belong_to_whom_the_directory_does(void **state)
{
	const char *error = "";
	char *path = key_path("reply.1"), *put = key_path("recall.pub");
	struct stat st;
	FILE *f;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, 4711, 4712), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(seal_keys_create(dir, &error), 1);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_uid, 4711);
	assert_int_equal(st.st_gid, 4712);
	assert_int_equal(st.st_mode, S_IFREG | 0400);
	f = fopen(put, "we");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(seal_give(dir, "recall.pub"), 0);
	assert_int_equal(lstat(put, &st), 0);
	assert_int_equal(st.st_uid, 4711);
	assert_int_equal(unlink(put), 0);
	assert_int_equal(chown(dir, 0, 0), 0);
	free(put);
	free(path);
}

static void
only_what_is_missing_is_made(void **state)
{
	const char *error = "";
	char *path = key_path("reply.1");

	(void)state;
	assert_int_equal(unlink(path), 0);
	load_refused("reply.1");
	assert_int_equal(seal_keys_create(dir, &error), 1);
	seal_keys_free(load());
	/* A newer one is no reason to make the first again. */
	write_good_key("reply.2", '7');
	assert_int_equal(unlink(path), 0);
	assert_int_equal(seal_keys_create(dir, &error), 0);
	free(path);
}

static void
keys_cannot_be_made_in_a_bad_place(void **state)
{
	const char *error = NULL;
	char *nowhere = xasprintf("%s/a/b", top);

	(void)state;
	assert_int_equal(seal_keys_create(nowhere, &error), -1);
	assert_non_null(error);
	assert_int_equal(chmod(dir, 0750), 0);
	assert_int_equal(seal_keys_create(dir, &error), -1);
	free(nowhere);
}

static void
bad_key_files_are_refused_with_the_remedy(void **state)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF"
	    "0123456789abcdef0123456789abcdef";
	char text[128];
	static const struct {
		const char *format;	/* of the digits */
		mode_t mode;
	} cases[] = {
		{ "%s\n", 0440 },
		{ "%s\n", 0404 },
		{ "%s\n", 0600 | 020 },
		{ "%s", 0400 },
		{ "%s\n\n", 0400 },
		{ "%.63s\n", 0400 },
		{ "%.63sg\n", 0400 },
		{ "%s ", 0400 },
		{ "%.64sx", 0400 },
		{ "%.0s", 0400 },
		{ "%.62s\r\n", 0400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, cases[i].format, digits);
		write_key("token.1", text, cases[i].mode);
		load_refused("token.1");
	}
	snprintf(text, sizeof text, "%s\n", digits);
	write_key("token.1", text, 0400);
	seal_keys_free(load());
}

static void
what_is_no_file_of_ours_is_refused(void **state)
{
	char *path = key_path("token.1"), *other = key_path("elsewhere");

	(void)state;
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	load_refused("token.1");
	unlink(path);
	assert_int_equal(mkfifo(path, 0400), 0);
	load_refused("token.1");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	load_refused("token.1");
	rmdir(path);
	load_refused("token.1");
	assert_int_equal(rename(other, path), 0);
	seal_keys_free(load());
	assert_int_equal(chmod(dir, 0710), 0);
	load_refused(NULL);
	assert_int_equal(chmod(dir, 0701), 0);
	load_refused(NULL);
	assert_int_equal(chmod(dir, 0700), 0);
	free(other);
	other = xasprintf("%s/real", top);
	assert_int_equal(rename(dir, other), 0);
	load_refused(NULL);
	assert_int_equal(symlink(other, dir), 0);
	load_refused(NULL);
	assert_int_equal(unlink(dir), 0);
	free(other);
	free(path);
}

static void
names_that_are_no_keys_are_left_alone(void **state)
{
	static const char *const names[] = { "token.01", "token.65536",
		"token.1x", "token.", "token", "tokens.1", "reply.-1",
		"optout. 1", "token.1.bak", "new.token.1", "README" };
	uint8_t before[SEAL_KEYSET_LEN], after[SEAL_KEYSET_LEN];
	struct seal_keys *keys = load();

	(void)state;
	seal_keys_public_id(keys, before);
	seal_keys_free(keys);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		write_key(names[i], "nothing", 0666);
	keys = load();
	seal_keys_public_id(keys, after);
	seal_keys_free(keys);
	assert_memory_equal(before, after, sizeof before);
}

static void
the_public_id_is_that_of_the_set(void **state)
{
	uint8_t ids[5][SEAL_KEYSET_LEN];
	struct seal_keys *keys;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		/* 0: as made; 1: known keys; 2: the same again, written in
		 * another order; 3: one more; 4: one changed. */
		if (i == 1 || i == 2) {
			write_good_key(i == 1 ? "optout.0" : "reply.1",
			    i == 1 ? 'a' : 'c');
			write_good_key("token.1", 'b');
			write_good_key(i == 1 ? "reply.1" : "optout.0",
			    i == 1 ? 'c' : 'a');
		} else if (i == 3) {
			write_good_key("token.12", 'd');
		} else if (i == 4) {
			write_good_key("token.12", 'e');
		}
		keys = load();
		seal_keys_public_id(keys, ids[i]);
		seal_keys_free(keys);
		for (size_t j = 0; j < i; j++)
			assert_int_equal(memcmp(ids[i], ids[j],
			    SEAL_KEYSET_LEN) == 0, i == 2 && j == 1);
	}
}

/* Two files with the same octets must not make the same key. */
static void
no_key_serves_two_purposes(void **state)
{
	uint8_t a[SEAL_TOKEN_LEN], b[SEAL_TOKEN_LEN];
	uint8_t sealed[SEAL_MSISDN_LEN], plain[24] = NUMBER;
	struct seal_keys *keys;

	(void)state;
	write_good_key("token.1", '5');
	write_good_key("optout.0", '5');
	keys = load();
	seal_token(keys, SEAL_TOKEN, NUMBER, strlen(NUMBER), a);
	seal_token(keys, SEAL_OPTOUT, NUMBER, strlen(NUMBER), b);
	assert_memory_not_equal(a, b, sizeof a);
	/* A number is not sealed as a row is, with the same key id. */
	seal_msisdn(keys, a, NUMBER, sealed);
	assert_int_equal(seal_open(keys, a, sizeof a, sealed, sizeof sealed,
	    plain), -1);
	seal_keys_free(keys);
}

static void
tokens_are_stable_and_change_with_the_key(void **state)
{
	uint8_t first[SEAL_TOKEN_LEN], again[SEAL_TOKEN_LEN];
	uint8_t stop[SEAL_TOKEN_LEN], stop_again[SEAL_TOKEN_LEN];
	struct seal_keys *keys = load();

	(void)state;
	seal_token(keys, SEAL_TOKEN, NUMBER, 13, first);
	seal_token(keys, SEAL_OPTOUT, NUMBER, 13, stop);
	seal_token(keys, SEAL_TOKEN, NUMBER, 12, again);
	assert_memory_not_equal(first, again, sizeof first);
	seal_token(keys, SEAL_TOKEN, "", 0, again);
	assert_memory_not_equal(first, again, sizeof first);
	seal_keys_free(keys);
	keys = load();
	seal_token(keys, SEAL_TOKEN, NUMBER, 13, again);
	assert_memory_equal(first, again, sizeof first);
	seal_keys_free(keys);
	write_good_key("token.2", '2');
	keys = load();
	seal_token(keys, SEAL_TOKEN, NUMBER, 13, again);
	seal_token(keys, SEAL_OPTOUT, NUMBER, 13, stop_again);
	assert_memory_not_equal(first, again, sizeof first);
	assert_memory_equal(stop, stop_again, sizeof stop);
	seal_keys_free(keys);
}

static void
what_is_sealed_opens_only_whole_and_in_its_place(void **state)
{
	static const char plain[] = "na mostu nema ograde";
	uint8_t sealed[sizeof plain + SEAL_OVERHEAD];
	uint8_t twice[sizeof plain + SEAL_OVERHEAD], out[sizeof sealed];
	struct seal_keys *keys = load();
	size_t len;

	(void)state;
	len = seal_close(keys, "row 7", 5, plain, sizeof plain, sealed);
	assert_int_equal(len, sizeof sealed);
	seal_close(keys, "row 7", 5, plain, sizeof plain, twice);
	assert_memory_not_equal(sealed, twice, sizeof sealed);
	assert_int_equal(seal_open(keys, "row 7", 5, sealed, len, out),
	    sizeof plain);
	assert_memory_equal(out, plain, sizeof plain);
	assert_int_equal(seal_open(keys, "row 8", 5, sealed, len, out), -1);
	assert_int_equal(seal_open(keys, "row 7", 4, sealed, len, out), -1);
	for (size_t i = 0; i < len; i++) {
		sealed[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(seal_open(keys, "row 7", 5, sealed, len, out),
		    -1);
		sealed[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(seal_open(keys, "row 7", 5, sealed, i, out),
		    -1);
	}
	len = seal_close(keys, NULL, 0, NULL, 0, sealed);
	assert_int_equal(len, SEAL_OVERHEAD);
	assert_int_equal(seal_open(keys, NULL, 0, sealed, len, out), 0);
	seal_keys_free(keys);
}

static void
old_reply_keys_open_and_the_newest_seals(void **state)
{
	uint8_t old[1 + SEAL_OVERHEAD], new[1 + SEAL_OVERHEAD], out[1];
	struct seal_keys *keys = load();
	char *path = key_path("reply.1");

	(void)state;
	seal_close(keys, "", 0, "x", 1, old);
	seal_keys_free(keys);
	write_good_key("reply.9", '9');
	write_good_key("reply.10", 'a');
	keys = load();
	assert_int_equal(seal_open(keys, "", 0, old, sizeof old, out), 1);
	seal_close(keys, "", 0, "y", 1, new);
	assert_int_equal(new[0], 1);
	assert_int_equal(new[1] << 8 | new[2], 10);
	assert_int_equal(seal_open(keys, "", 0, new, sizeof new, out), 1);
	seal_keys_free(keys);
	assert_int_equal(unlink(path), 0);
	keys = load();
	assert_int_equal(seal_open(keys, "", 0, old, sizeof old, out), -1);
	assert_int_equal(seal_open(keys, "", 0, new, sizeof new, out), 1);
	assert_int_equal(out[0], 'y');
	seal_keys_free(keys);
	free(path);
}

static void
numbers_of_any_length_look_alike_and_belong_to_a_token(void **state)
{
	static const char *const numbers[] = { "", "1", NUMBER,
		"12345678901234567890123" };
	uint8_t token[SEAL_TOKEN_LEN] = { 1 }, other[SEAL_TOKEN_LEN] = { 2 };
	uint8_t sealed[SEAL_MSISDN_LEN];
	struct seal_keys *keys = load();
	char msisdn[24];

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		seal_msisdn(keys, token, numbers[i], sealed);
		memset(msisdn, 'x', sizeof msisdn);
		assert_int_equal(seal_msisdn_open(keys, token, sealed, msisdn),
		    0);
		assert_string_equal(msisdn, numbers[i]);
		assert_int_equal(seal_msisdn_open(keys, other, sealed, msisdn),
		    -1);
		sealed[SEAL_MSISDN_LEN - 1] ^= 1;
		assert_int_equal(seal_msisdn_open(keys, token, sealed, msisdn),
		    -1);
	}
	seal_keys_free(keys);
}

static void
the_key_of_a_day_ends_with_its_file(void **state)
{
	uint8_t sealed[5 + SEAL_DAY_OVERHEAD], out[5];
	const char *error = NULL;
	struct seal_day *day, *other;

	(void)state;
	assert_null(seal_day_load(dir, 20261123, false, &error));
	assert_non_null(error);
	day = seal_day_load(dir, 20261123, true, &error);
	assert_non_null(day);
	seal_day_close(day, "ad", 2, "texts", 5, sealed);
	seal_day_free(day);
	day = seal_day_load(dir, 20261123, false, &error);
	other = seal_day_load(dir, 20261124, true, &error);
	assert_int_equal(seal_day_open(day, "ad", 2, sealed, sizeof sealed,
	    out), 5);
	assert_memory_equal(out, "texts", 5);
	assert_int_equal(seal_day_open(day, "da", 2, sealed, sizeof sealed,
	    out), -1);
	assert_int_equal(seal_day_open(other, "ad", 2, sealed, sizeof sealed,
	    out), -1);
	assert_int_equal(seal_day_open(day, "ad", 2, sealed, 39, out), -1);
	seal_day_free(day);
	seal_day_free(other);
	assert_int_equal(seal_day_erase(dir, 20261123), 0);
	assert_int_equal(seal_day_erase(dir, 20261123), 0);
	assert_null(seal_day_load(dir, 20261123, false, &error));
	day = seal_day_load(dir, 20261123, true, &error); /* another key */
	assert_int_equal(seal_day_open(day, "ad", 2, sealed, sizeof sealed,
	    out), -1);
	seal_day_free(day);
	seal_keys_free(load()); /* keys of days are no part of the set */
}

static void
erasing_overwrites_the_key(void **state)
{
	char *path = key_path("log.20261123");
	char before[65], after[65];
	const char *error;
	int fd;

	(void)state;
	seal_day_free(seal_day_load(dir, 20261123, true, &error));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, before, sizeof before), 65);
	assert_int_equal(seal_day_erase(dir, 20261123), 0);
	assert_int_equal(pread(fd, after, sizeof after, 0), 65);
	assert_memory_not_equal(before, after, sizeof before);
	assert_int_equal(access(path, F_OK), -1);
	close(fd);
	free(path);
}

static void
chance_is_bounded(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };
	bool seen[6] = { false };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint32_t n = seal_random_below(6);

		assert_true(n < 6);
		seen[n] = true;
	}
	for (size_t i = 0; i < 6; i++)
		assert_true(seen[i]);
	seal_random(a, sizeof a);
	seal_random(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	seal_wipe(a, sizeof a);
	memset(b, 0, sizeof b);
	assert_memory_equal(a, b, sizeof a);
}

static enum seal_recall
load_recall(uint8_t pub[SEAL_RECALL_KEY_LEN], const char **error)
{
	*error = "";
	return (seal_recall_load(dir, pub, error));
}

static void
a_recall_copy_opens_with_the_private_half_alone(void **state)
{
	uint8_t pub[32], private[32], other[32], again[32];
	uint8_t one[SEAL_RECALL_LEN], two[SEAL_RECALL_LEN];
	char number[24];

	(void)state;
	seal_recall_make(pub, private);
	assert_int_equal(seal_recall_public(private, again), 0);
	assert_memory_equal(pub, again, sizeof pub);
	seal_recall_close(pub, NUMBER, one);
	seal_recall_close(pub, "+1", two);
	assert_int_equal(seal_recall_open(private, one, sizeof one, number), 0);
	assert_string_equal(number, NUMBER);
	assert_int_equal(seal_recall_open(private, two, sizeof two, number), 0);
	assert_string_equal(number, "+1");
	/* Which key it is for can be seen, and nothing else. */
	assert_memory_equal(one, two, 5);
	assert_memory_not_equal(one + 5, two + 5, sizeof one - 5);
	seal_recall_make(again, other);
	assert_int_equal(seal_recall_open(other, one, sizeof one, number), -1);
	for (size_t i = 0; i < sizeof one; i++) {
		one[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(seal_recall_open(private, one, sizeof one,
		    number), -1);
		one[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(seal_recall_open(private, one, i, number),
		    -1);
	}
}

static void
a_recall_key_is_there_or_not_or_bad(void **state)
{
	uint8_t pub[32];
	const char *error;

	(void)state;
	assert_int_equal(load_recall(pub, &error), SEAL_RECALL_NONE);
	write_good_key(SEAL_RECALL_FILE, '0');
	assert_int_equal(load_recall(pub, &error), SEAL_RECALL_BAD);
	assert_non_null(strstr(error, "/recall.pub: nothing can be sealed"));
}

static void
a_recall_key_is_no_key_of_the_set(void **state)
{
	uint8_t before[SEAL_KEYSET_LEN], after[SEAL_KEYSET_LEN], pub[32];
	struct seal_keys *keys = load();
	const char *error;

	(void)state;
	seal_keys_public_id(keys, before);
	seal_keys_free(keys);
	write_good_key(SEAL_RECALL_FILE, '9');
	assert_int_equal(load_recall(pub, &error), SEAL_RECALL_THERE);
	assert_int_equal(pub[0], 0x99);
	keys = load();
	seal_keys_public_id(keys, after);
	assert_memory_equal(before, after, sizeof before);
	seal_keys_free(keys);
}

static void
new_keys_stand_beside_the_old_ones_until_these_are_dropped(void **state)
{
	uint8_t old[SEAL_KEYSET_LEN], id[SEAL_KEYSET_LEN];
	uint8_t token[SEAL_TOKEN_LEN], before[SEAL_TOKEN_LEN];
	uint8_t sealed[64 + SEAL_OVERHEAD], plain[64];
	struct seal_keys *keys = load();
	const char *error = "";
	size_t len;

	(void)state;
	assert_false(seal_keys_two(keys));
	assert_int_equal(seal_keys_number(keys), 1);
	seal_keys_public_id(keys, old);
	seal_token(keys, SEAL_TOKEN, "+381", 4, token);
	len = seal_close(keys, "row", 3, "text", 4, sealed);
	seal_keys_free(keys);

	assert_int_equal(seal_keys_add(dir, 2, &error), 2);
	assert_int_equal(seal_keys_add(dir, 2, &error), 0);
	assert_int_equal(seal_keys_add(dir, 65536, &error), -1);
	keys = load();
	assert_true(seal_keys_two(keys));
	assert_int_equal(seal_keys_number(keys), 2);
	seal_keys_part_id(keys, 0, 1, id);
	assert_memory_equal(id, old, sizeof id);
	seal_keys_part_id(keys, 0, UINT32_MAX, id);
	seal_keys_public_id(keys, old);
	assert_memory_equal(id, old, sizeof id);
	seal_token(keys, SEAL_TOKEN_BEFORE, "+381", 4, before);
	assert_memory_equal(before, token, sizeof token);
	seal_token(keys, SEAL_TOKEN, "+381", 4, token);
	assert_memory_not_equal(before, token, sizeof token);
	assert_int_equal(seal_open(keys, "row", 3, sealed, len, plain), 4);
	seal_keys_part_id(keys, 2, UINT32_MAX, id);
	seal_keys_free(keys);

	assert_int_equal(seal_keys_drop(dir, 2, &error), 2);
	assert_int_equal(seal_keys_drop(dir, 2, &error), 0);
	keys = load();
	assert_false(seal_keys_two(keys));
	seal_keys_public_id(keys, old);
	assert_memory_equal(id, old, sizeof id);
	assert_int_equal(seal_open(keys, "row", 3, sealed, len, plain), -1);
	seal_keys_free(keys);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(made_keys_are_whole_private_and_never_made_twice),
		T(keys_that_root_makes_belong_to_whom_the_directory_does),
		T(only_what_is_missing_is_made),
		T(keys_cannot_be_made_in_a_bad_place),
		T(bad_key_files_are_refused_with_the_remedy),
		T(what_is_no_file_of_ours_is_refused),
		T(names_that_are_no_keys_are_left_alone),
		T(the_public_id_is_that_of_the_set),
		T(no_key_serves_two_purposes),
		T(tokens_are_stable_and_change_with_the_key),
		T(what_is_sealed_opens_only_whole_and_in_its_place),
		T(old_reply_keys_open_and_the_newest_seals),
		T(numbers_of_any_length_look_alike_and_belong_to_a_token),
		T(the_key_of_a_day_ends_with_its_file),
		T(erasing_overwrites_the_key),
		T(a_recall_copy_opens_with_the_private_half_alone),
		T(a_recall_key_is_there_or_not_or_bad),
		T(a_recall_key_is_no_key_of_the_set),
		T(new_keys_stand_beside_the_old_ones_until_these_are_dropped),
		T(chance_is_bounded),
	};

	if (seal_init() == -1)
		return (1);
	log_init("test_seal", LOG_LEVEL_ERROR);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
