/* What is put aside opens where it was sealed, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/quarantine.h"

static char dir[64];

/* A key set of its own each time. */
static struct seal_keys *
keys_new(void)
{
	static const char *const files[] = { "token.1", "reply.1", "optout.0" };
	const char *error = "", *tmp = getenv("TMPDIR");
	struct seal_keys *keys;
	char path[128];

	snprintf(dir, sizeof dir, "%.40s/aside.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(seal_keys_create(dir, &error), 3);
	keys = seal_keys_load(dir, &error);
	assert_non_null(keys);
	for (size_t n = 0; n < sizeof files / sizeof *files; n++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[n]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
	return (keys);
}

static struct item
sample(enum item_type type)
{
	struct item item = { .type = type, .link = "mts",
		.msisdn = "+381641234567", .alphabet = ITEM_TEXT,
		.identity = { 1, 2, 3 }, .ud = (const uint8_t *)"rupa",
		.ud_len = 4 };

	return (item);
}

static void
row(const struct item *item, struct buf *identity)
{
	buf_reset(identity);
	buf_add(identity, item->identity, sizeof item->identity);
}

static void
what_comes_in_is_opened_again(void **state)
{
	struct seal_keys *keys = keys_new();

	(void)state;
	for (enum item_type type = ITEM_MO; type <= ITEM_REPORT; type++) {
		struct item item = sample(type), read;
		struct buf identity = { 0 }, sealed = { 0 };
		uint8_t *octets;

		row(&item, &identity);
		quarantine_close(keys, &item, &sealed);
		octets = quarantine_open(keys, &identity, &sealed, &read);
		assert_int_equal(octets != NULL, type == ITEM_MO ||
		    type == ITEM_RAW || type == ITEM_CALL);
		if (octets != NULL) {
			assert_string_equal(read.msisdn, item.msisdn);
			assert_memory_equal(read.ud, "rupa", 4);
		}
		free(octets);
		buf_clear(&identity);
		buf_clear(&sealed);
	}
	seal_keys_free(keys);
}

static void
nothing_else_is_opened(void **state)
{
	struct seal_keys *keys = keys_new(), *other = keys_new();
	struct buf identity = { 0 }, sealed = { 0 }, foreign = { 0 };
	struct item item = sample(ITEM_MO), read;
	uint8_t octets[512];

	(void)state;
	row(&item, &identity);
	quarantine_close(keys, &item, &sealed);
	assert_null(quarantine_open(other, &identity, &sealed, &read));
	for (size_t n = 0; n < sealed.len; n++) {
		sealed.data[n] ^= 1;
		assert_null(quarantine_open(keys, &identity, &sealed, &read));
		sealed.data[n] ^= 1;
	}
	for (size_t n = sealed.len; n > 0; n--) {
		sealed.len = n - 1;
		assert_null(quarantine_open(keys, &identity, &sealed, &read));
	}
	/* What is sealed for a row of another table says whose it is. */
	buf_reset(&sealed);
	record_put(&foreign, &item);
	assert_true(foreign.len + SEAL_OVERHEAD <= sizeof octets);
	identity.data[0] ^= 1;
	buf_add(&sealed, octets, seal_close(keys, identity.data, identity.len,
	    foreign.data, foreign.len, octets));
	assert_null(quarantine_open(keys, &identity, &sealed, &read));
	identity.len--;
	assert_null(quarantine_open(keys, &identity, &sealed, &read));
	buf_clear(&identity);
	buf_clear(&sealed);
	buf_clear(&foreign);
	seal_keys_free(keys);
	seal_keys_free(other);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_in_is_opened_again),
		cmocka_unit_test(nothing_else_is_opened),
	};

	if (seal_init() == -1)
		return (1);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
