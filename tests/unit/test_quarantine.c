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
		struct item item = sample(type);
		struct buf identity = { 0 }, sealed = { 0 }, none = { 0 };
		struct quarantine q;
		int got;

		row(&item, &identity);
		quarantine_close(keys, &item, &none, &sealed);
		got = quarantine_open(keys, &identity, &sealed, &q);
		assert_int_equal(got, type == ITEM_MO || type == ITEM_RAW ||
		    type == ITEM_CALL ? 0 : -1);
		if (got == 0) {
			assert_string_equal(q.item.msisdn, item.msisdn);
			assert_memory_equal(q.item.ud, "rupa", 4);
			assert_false(quarantine_answered(&q, &item));
			quarantine_clear(&q);
		}
		buf_clear(&identity);
		buf_clear(&sealed);
	}
	seal_keys_free(keys);
}

static void
what_was_answered_comes_with_it(void **state)
{
	struct seal_keys *keys = keys_new();
	struct item item = sample(ITEM_MO), said = sample(ITEM_ANSWERED), read;
	struct buf identity = { 0 }, sealed = { 0 }, answered = { 0 };
	struct quarantine q;

	(void)state;
	row(&item, &identity);
	for (int64_t mt = 1; mt <= 2; mt++) {
		said.mt = mt;
		record_put(&answered, &said);
	}
	quarantine_close(keys, &item, &answered, &sealed);
	assert_int_equal(quarantine_open(keys, &identity, &sealed, &q), 0);
	for (int64_t mt = 1; mt <= 2; mt++) {
		assert_true(quarantine_answered(&q, &read));
		assert_true(read.mt == mt);
	}
	assert_false(quarantine_answered(&q, &read));
	quarantine_clear(&q);
	buf_clear(&identity);
	buf_clear(&sealed);
	buf_clear(&answered);
	seal_keys_free(keys);
}

static void
assert_closed(const struct seal_keys *keys, const struct buf *identity,
    const struct buf *sealed)
{
	struct quarantine q;

	assert_int_equal(quarantine_open(keys, identity, sealed, &q), -1);
}

static void
nothing_else_is_opened(void **state)
{
	struct seal_keys *keys = keys_new(), *other = keys_new();
	struct buf identity = { 0 }, sealed = { 0 }, foreign = { 0 };
	const struct buf none = { 0 };
	struct item item = sample(ITEM_MO);
	uint8_t octets[512];

	(void)state;
	row(&item, &identity);
	quarantine_close(keys, &item, &none, &sealed);
	assert_closed(other, &identity, &sealed);
	for (size_t n = 0; n < sealed.len; n++) {
		sealed.data[n] ^= 1;
		assert_closed(keys, &identity, &sealed);
		sealed.data[n] ^= 1;
	}
	for (size_t n = sealed.len; n > 0; n--) {
		sealed.len = n - 1;
		assert_closed(keys, &identity, &sealed);
	}
	/* What is sealed for a row of another table says whose it is. */
	buf_reset(&sealed);
	record_put(&foreign, &item);
	assert_true(foreign.len + SEAL_OVERHEAD <= sizeof octets);
	identity.data[0] ^= 1;
	buf_add(&sealed, octets, seal_close(keys, identity.data, identity.len,
	    foreign.data, foreign.len, octets));
	assert_closed(keys, &identity, &sealed);
	identity.len--;
	assert_closed(keys, &identity, &sealed);
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
		cmocka_unit_test(what_was_answered_comes_with_it),
		cmocka_unit_test(nothing_else_is_opened),
	};

	if (seal_init() == -1)
		return (1);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
