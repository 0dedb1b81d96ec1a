/*
 * USSD sessions and the log. Runs in glasd, called by session.c: where somebody
 * stands, and what they told, into the record of this pass; and out of the log
 * at the next start. Owns nothing.
 */
#include <string.h>

#include "glasd/away.h"
#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/reserve.h"
#include "glasd/session.h"
#include "glasd/session_private.h"
#include "lib/clock.h"
#include "lib/mem.h"

void
session_keep(struct session_hop *hop, const struct session_person *p)
{
	const struct session_where *w = &p->where;
	struct item item = { .type = ITEM_SESSION, .kind = MSISDN_NONE,
		.alphabet = ITEM_TEXT, .at = w->seen_at, .mr = -1,
		.intent = w->session, .mt = (int64_t)w->typed,
		.cause = (int32_t)w->typed_len };
	char line[USSD_LINE_MAX];

	ussd_print(&w->state, line);
	memcpy(item.link, hop->link, sizeof item.link);
	memcpy(item.identity, p->token, sizeof item.identity);
	item.ud = (const uint8_t *)line;
	item.ud_len = strlen(line);
	journal_add(hop->sessions->gateway->journal, &item);
}

/* Nothing stands in the log of where they are: at a start they are nowhere.
 * What ended a session stays, for the network may bring its last hop again. */
void
sessions_forget(struct sessions *ss, const uint8_t token[SEAL_TOKEN_LEN])
{
	int64_t now = clock_wall_us();
	struct session_person *p = session_person_find(&ss->people, token,
	    now);
	struct item item = { .type = ITEM_SESSION, .kind = MSISDN_NONE,
		.alphabet = ITEM_TEXT, .at = now, .mr = -1,
		.ud = (const uint8_t *)"" };

	if (p == NULL || ussd_is_over(ss->gateway->content, &p->where.state,
	    now))
		return;
	memcpy(item.identity, token, sizeof item.identity);
	journal_add(ss->gateway->journal, &item);
	session_person_drop(&ss->people, p);
}

/* A reference that was told must not be told again. */
static void
session_restore_text(struct sessions *ss, const struct item *item)
{
	if (item->type == ITEM_MO && item->reference[0] != '\0')
		reserve_used(database_reserve_away(ss->gateway->database),
		    item->reference, 0);
}

void
sessions_restore(struct sessions *ss, const struct item *item)
{
	char line[USSD_LINE_MAX];
	struct session_person *p;
	struct ussd_state state;

	session_restore_text(ss, item);
	if (item->type != ITEM_SESSION || item->ud_len >= sizeof line ||
	    clock_wall_us() - item->at >= SESSION_RESUME_US)
		return;
	memcpy(line, item->ud, item->ud_len);
	line[item->ud_len] = '\0';
	if (item->ud_len != 0 && !ussd_scan(&state, line))
		return;
	p = session_person_make(&ss->people, item->identity);
	if (item->ud_len == 0) {
		session_person_drop(&ss->people, p);
		return;
	}
	session_person_seen(&ss->people, p, item->at);
	p->where.session = item->intent;
	p->where.typed = (uint64_t)item->mt;
	p->where.typed_len = (size_t)item->cause;
	p->where.state = state;
}

bool
session_reference(struct sessions *ss, char reference[16])
{
	struct database *d = ss->gateway->database;

	return ((reserve_count(database_reserve(d)) > RESERVE_ENOUGH &&
	    reserve_reference(database_reserve(d), reference)) ||
	    reserve_reference(database_reserve_away(d), reference));
}

/* Each is another text, also where the same is told again in a session of the
 * same name: a hop that is only brought again does not come here. */
static void
session_identity(const struct session_hop *hop, const char *text,
    struct item *item)
{
	const struct gateway *g = hop->sessions->gateway;
	struct buf b = { 0 };

	buf_printf(&b, "ussd %s %s %s %lld %s %s", hop->link, hop->msisdn,
	    hop->session, (long long)item->at, item->reference, text);
	seal_token(g->keys, SEAL_TOKEN, b.data, b.len, item->identity);
	item->offered_before = seal_keys_two(g->keys);
	if (item->offered_before)
		seal_token(g->keys, SEAL_TOKEN_BEFORE, b.data, b.len,
		    item->identity_before);
	buf_clear(&b);
}

void
session_tell(const struct session_hop *hop, const struct session_where *w,
    const struct ussd_step *step)
{
	struct gateway *g = hop->sessions->gateway;
	struct item item = { .type = ITEM_MO, .at = clock_wall_us(),
		.kind = hop->kind, .alphabet = ITEM_TEXT, .mr = -1,
		.ud = (const uint8_t *)step->text,
		.ud_len = strlen(step->text) };

	memcpy(item.link, hop->link, sizeof item.link);
	memcpy(item.msisdn, hop->msisdn, sizeof item.msisdn);
	memcpy(item.chosen, step->chosen, sizeof item.chosen);
	if (step->deed == USSD_REPORT)
		memcpy(item.reference, w->state.reference,
		    sizeof item.reference);
	session_identity(hop, step->text, &item);
	journal_add(g->journal, &item);
	away_see(g->away, &item);
}
