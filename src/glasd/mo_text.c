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

uint8_t *
mo_item_copy(const struct item *from, struct item *to)
{
	uint8_t *octets = xmalloc(from->udh_len + from->ud_len);

	*to = *from;
	if (from->udh_len != 0)
		memcpy(octets, from->udh, from->udh_len);
	if (from->ud_len != 0)
		memcpy(octets + from->udh_len, from->ud, from->ud_len);
	to->udh = octets;
	to->ud = octets + from->udh_len;
	return (octets);
}

struct mo_text *
mo_text_new(const struct item *item, uint64_t record)
{
	struct mo_text *t = xcalloc(1, sizeof *t);

	t->octets = mo_item_copy(item, &t->item);
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
