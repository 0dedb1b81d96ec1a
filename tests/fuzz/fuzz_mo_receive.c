/*
 * Any octets as what a link brings: lines of the link protocol, through
 * src/glasd/mo_receive.c, to items of the log. An item keeps its bounds, comes
 * back from the log as it was, and the same message has the same identity.
 */
#include <assert.h>
#include <dirent.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glasd/away.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo.h"
#include "lib/jsonl.h"
#include "lib/seal.h"
#include "sms/link_msg.h"
#include "store/config.h"

#define FUZZ_UDH_MAX	256
#define FUZZ_UD_MAX	4096

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct {
	struct gateway	 gateway;
	struct config	 config;
	unsigned int	 added;
	struct buf	 record;	/* of the last item that was added */
} fuzz;

static void
fuzz_keys_remove(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		(void)unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static void
fuzz_begin(void)
{
	char dir[] = "/tmp/glas-fuzz.XXXXXX", country[] = "381";
	const char *error = "no directory";

	if (seal_init() == -1 || mkdtemp(dir) == NULL ||
	    seal_keys_create(dir, &error) == -1 ||
	    (fuzz.gateway.keys = seal_keys_load(dir, &error)) == NULL)
		errx(1, "%s", error);
	fuzz_keys_remove(dir);
	fuzz.config.gateway.country = strdup(country);
	fuzz.gateway.config = &fuzz.config;
}

/* Into the log and out of it again. */
static void
fuzz_comes_back(const struct item *item)
{
	const uint8_t *p;
	struct item again;

	buf_reset(&fuzz.record);
	record_put(&fuzz.record, item);
	p = fuzz.record.data;
	assert(record_next(&p, fuzz.record.data + fuzz.record.len, &again) ==
	    1);
	assert(p == fuzz.record.data + fuzz.record.len);
	assert(again.type == item->type && again.kind == item->kind &&
	    again.alphabet == item->alphabet && again.scts == item->scts);
	assert(strcmp(again.link, "fuzz") == 0 &&
	    strcmp(again.msisdn, item->msisdn) == 0);
	assert(memcmp(again.identity, item->identity,
	    sizeof item->identity) == 0);
	assert(again.udh_len == item->udh_len && again.ud_len == item->ud_len);
	assert(item->udh_len == 0 ||
	    memcmp(again.udh, item->udh, item->udh_len) == 0);
	assert(item->ud_len == 0 ||
	    memcmp(again.ud, item->ud, item->ud_len) == 0);
}

void
journal_add(struct journal *j, const struct item *item)
{
	(void)j;
	fuzz.added++;
	assert(item->udh_len <= FUZZ_UDH_MAX && item->ud_len <= FUZZ_UD_MAX);
	assert(strlen(item->msisdn) < sizeof item->msisdn);
	assert(item->kind != MSISDN_PERSON || item->msisdn[0] == '+');
	fuzz_comes_back(item);
}

void
away_see(struct away *away, const struct item *item)
{
	(void)away;
	assert(item->type == ITEM_MO);
}

bool
away_urgent(const struct away *away, const struct item *item)
{
	(void)away;
	assert(item->type == ITEM_MO && strcmp(item->link, "fuzz") == 0);
	return (true);
}

/* Taken, or not a word of it. */
static bool
fuzz_take(const json_t *msg, enum link_msg_type type)
{
	unsigned int before = fuzz.added;
	int got = 0;

	if (type == LINK_MSG_MO) {
		bool read = mo_is_urgent(&fuzz.gateway, "fuzz", msg);

		got = mo_receive(&fuzz.gateway, "fuzz", msg);
		assert(read == (got == 0));
	} else if (type == LINK_MSG_RAW)
		got = mo_receive_raw(&fuzz.gateway, "fuzz", msg);
	else
		mo_receive_call(&fuzz.gateway, "fuzz", msg);
	assert(fuzz.added == before + (got == 0 ? 1 : 0));
	return (got == 0);
}

static void
fuzz_last(struct item *item)
{
	const uint8_t *p = fuzz.record.data;

	assert(record_next(&p, p + fuzz.record.len, item) == 1);
}

/* However often it is offered, it is that message. */
static void
fuzz_take_twice(const json_t *msg, enum link_msg_type type)
{
	struct item one, two;

	if (!fuzz_take(msg, type))
		return;
	fuzz_last(&one);
	assert(fuzz_take(msg, type));
	fuzz_last(&two);
	assert(type == LINK_MSG_CALL || memcmp(one.identity, two.identity,
	    sizeof one.identity) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct buf in = { 0 };
	unsigned int extra;
	const char *why;
	json_t *msg;

	if (fuzz.gateway.keys == NULL)
		fuzz_begin();
	buf_add(&in, octets, len);
	while (jsonl_take(&in, &msg) == JSONL_OBJECT) {
		enum link_msg_type type = link_msg_check(msg,
		    LINK_MSG_FROM_LINK, &why, &extra);

		if (type == LINK_MSG_MO || type == LINK_MSG_RAW ||
		    type == LINK_MSG_CALL)
			fuzz_take_twice(msg, type);
		json_decref(msg);
	}
	buf_clear(&in);
	return (0);
}
