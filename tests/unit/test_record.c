/* Items of the durable log: what is written is read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/record.h"

static struct item
sample(enum item_type type)
{
	static const uint8_t udh[] = { 5, 0, 3, 1, 2, 1 };
	static const uint8_t ud[] = { 0, 'A', 0, 0, 0xd8, 0x3d };
	struct item item = { .type = type, .link = "mts",
		.msisdn = "+381641234567", .kind = MSISDN_PERSON,
		.alphabet = ITEM_UCS2, .away = true, .at = 1800000000000000,
		.scts = -1, .identity = { 1, 2, 0xff }, .mt = -5,
		.intent = UINT64_MAX, .segment = 255, .state = 3, .mr = -1,
		.cause = -2, .attempts = 6, .due_at = INT64_MIN,
		.reference = "123455",
		.reply_kind = 2, .udh = udh, .udh_len = sizeof udh, .ud = ud,
		.ud_len = sizeof ud };

	return (item);
}

static void
assert_items_equal(const struct item *a, const struct item *b)
{
	assert_int_equal(a->type, b->type);
	assert_string_equal(a->link, b->link);
	assert_string_equal(a->msisdn, b->msisdn);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->alphabet, b->alphabet);
	assert_int_equal(a->away, b->away);
	assert_true(a->at == b->at && a->scts == b->scts && a->mt == b->mt);
	assert_true(a->intent == b->intent && a->due_at == b->due_at);
	assert_memory_equal(a->identity, b->identity, sizeof a->identity);
	assert_int_equal(a->offered_before, b->offered_before);
	assert_memory_equal(a->identity_before, b->identity_before,
	    sizeof a->identity_before);
	assert_int_equal(a->segment, b->segment);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->mr, b->mr);
	assert_int_equal(a->cause, b->cause);
	assert_int_equal(a->attempts, b->attempts);
	assert_string_equal(a->reference, b->reference);
	assert_int_equal(a->reply_kind, b->reply_kind);
	assert_int_equal(a->udh_len, b->udh_len);
	assert_memory_equal(a->udh, b->udh, a->udh_len);
	assert_int_equal(a->ud_len, b->ud_len);
	assert_memory_equal(a->ud, b->ud, a->ud_len);
}

#define HOUR_US	(INT64_C(3600) * 1000000)

static bool
old(int64_t hours)
{
	struct item item = sample(ITEM_MO);

	item.scts = item.at - hours * HOUR_US;
	assert_true(item_written_at(&item) ==
	    (item_is_old(&item) ? item.scts : item.at));
	return (item_is_old(&item));
}

static void
a_text_of_days_ago_is_old_unless_the_clock_of_its_centre_is_wrong(
    void **state)
{
	struct item item = sample(ITEM_MO);

	(void)state;
	assert_false(old(0));
	assert_false(old(14));
	assert_true(old(25));
	assert_true(old(10 * 24));
	assert_true(old(300 * 24));
	assert_false(old(20 * 365 * 24));
	assert_false(old(-25));
	assert_false(old(-365 * 24));
	item.scts = 0;
	assert_false(item_is_old(&item));
}

static void
items_of_every_type_come_back_in_order(void **state)
{
	struct buf b = { 0 };
	struct item written, read;
	const uint8_t *p;

	(void)state;
	for (enum item_type type = ITEM_MO; type <= ITEM_SESSION; type++) {
		written = sample(type);
		record_put(&b, &written);
	}
	p = b.data;
	for (enum item_type type = ITEM_MO; type <= ITEM_SESSION; type++) {
		written = sample(type);
		assert_int_equal(record_next(&p, b.data + b.len, &read), 1);
		assert_items_equal(&written, &read);
	}
	assert_int_equal(record_next(&p, b.data + b.len, &read), 0);
	buf_clear(&b);
}

static void
an_item_may_have_an_identity_of_before(void **state)
{
	struct item written = sample(ITEM_MO), read;
	struct buf b = { 0 };
	const uint8_t *p;

	(void)state;
	written.offered_before = true;
	memset(written.identity_before, 0xa5, sizeof written.identity_before);
	record_put(&b, &written);
	record_put(&b, &written);
	p = b.data;
	assert_int_equal(record_next(&p, b.data + b.len, &read), 1);
	assert_items_equal(&written, &read);
	assert_int_equal(record_next(&p, b.data + b.len, &read), 1);
	assert_items_equal(&written, &read);
	for (size_t len = 1; len < b.len / 2; len++) {
		uint8_t *cut = xmemdup(b.data, len);

		p = cut;
		assert_int_equal(record_next(&p, cut + len, &read), -1);
		free(cut);
	}
	buf_clear(&b);
}

static void
a_record_cut_anywhere_is_refused(void **state)
{
	struct item written = sample(ITEM_MO), read;
	struct buf b = { 0 };

	(void)state;
	record_put(&b, &written);
	for (size_t len = 1; len < b.len; len++) {
		uint8_t *cut = xmemdup(b.data, len);
		const uint8_t *p = cut;

		assert_int_equal(record_next(&p, cut + len, &read), -1);
		free(cut);
	}
	buf_clear(&b);
}

static void
what_was_chosen_comes_back_with_its_reference(void **state)
{
	struct item written = sample(ITEM_MO), read;
	struct buf b = { 0 };
	const uint8_t *p;

	(void)state;
	strcpy(written.chosen, "report WATER Vranje");
	strcpy(written.reference, "104828");
	record_put(&b, &written);
	written.chosen[0] = '\0';
	record_put(&b, &written);
	p = b.data;
	assert_int_equal(record_next(&p, b.data + b.len, &read), 1);
	assert_string_equal(read.chosen, "report WATER Vranje");
	assert_string_equal(read.reference, "104828");
	assert_int_equal(record_next(&p, b.data + b.len, &read), 1);
	assert_string_equal(read.chosen, "");
	assert_int_equal(record_next(&p, b.data + b.len, &read), 0);
	buf_clear(&b);
}

static void
a_type_or_a_name_that_cannot_be_is_refused(void **state)
{
	struct item written = sample(ITEM_MO), read;
	struct buf b = { 0 };
	const uint8_t *p;

	(void)state;
	record_put(&b, &written);
	for (uint8_t type = 0; type < 0x80; type++) {
		b.data[0] = type;
		p = b.data;
		assert_int_equal(record_next(&p, b.data + b.len, &read),
		    type >= ITEM_MO && type <= ITEM_SESSION ? 1 : -1);
	}
	b.data[0] = ITEM_MO;
	b.data[1] = LINK_NAME_MAX; /* its length octet */
	p = b.data;
	assert_int_equal(record_next(&p, b.data + b.len, &read), -1);
	buf_clear(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_may_have_an_identity_of_before),
		cmocka_unit_test(items_of_every_type_come_back_in_order),
		cmocka_unit_test(
		    a_text_of_days_ago_is_old_unless_the_clock_of_its_centre_is_wrong),
		cmocka_unit_test(a_record_cut_anywhere_is_refused),
		cmocka_unit_test(
		    what_was_chosen_comes_back_with_its_reference),
		cmocka_unit_test(a_type_or_a_name_that_cannot_be_is_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
