/*
 * One text on the path of mo.c, from the log or out of quarantine: what it came
 * as, and what the last attempt to store it made of it. Runs in glasd. Owned by
 * the list that it is on.
 */
#include <stdlib.h>
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/mo_private.h"
#include "lib/clock.h"
#include "lib/mem.h"

struct mo_text *
mo_text_new(const struct item *item, uint64_t record)
{
	struct mo_text *t = xcalloc(1, sizeof *t);

	t->item = *item;
	t->octets = xmalloc(item->udh_len + item->ud_len);
	if (item->udh_len != 0)
		memcpy(t->octets, item->udh, item->udh_len);
	if (item->ud_len != 0)
		memcpy(t->octets + item->udh_len, item->ud, item->ud_len);
	t->item.udh = t->octets;
	t->item.ud = t->octets + item->udh_len;
	t->record = record;
	t->taken_at = clock_mono_us();
	udh_read(&t->udh, t->item.udh, t->item.udh_len);
	return (t);
}

void
mo_text_tokens(struct mo *mo, struct mo_text *t)
{
	const char *msisdn = t->item.msisdn;

	seal_token(mo->gateway->keys, SEAL_TOKEN, msisdn, strlen(msisdn),
	    t->token);
	seal_token(mo->gateway->keys, SEAL_OPTOUT, msisdn, strlen(msisdn),
	    t->optout);
}

void
mo_text_reset(struct mo_text *t)
{
	free(t->plain);
	free(t->text);
	free(t->asked_text);
	t->plain = t->text = t->asked_text = NULL;
	mask_clear(&t->mask);
	buf_clear(&t->original);
	reading_clear(&t->reading);
	t->role = MO_WHOLE;
	t->group = 0;
	t->id = 0;
	t->behind = 0;
	t->report = t->test = t->postponed = false;
	t->reference[0] = '\0';
	t->silent = t->unsent = t->note = NULL;
	t->replies = 0;
}

void
mo_text_free(struct mo_text *t)
{
	mo_text_reset(t);
	buf_clear(&t->due_items);
	free(t->octets);
	free(t);
}
