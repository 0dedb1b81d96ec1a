/*
 * What is known of people while the database is away. Runs in glasd; owns them:
 * who wrote since an outage began, until an hour without a text after it. Of a
 * conversation it is what a text may change, and small: an outage may have
 * thousands of people.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/away_private.h"
#include "glasd/gateway.h"
#include "lib/clock.h"
#include "lib/mem.h"

#define AWAY_PEOPLE_MAX	20000
#define AWAY_CATCH_UP_MS (INT64_C(86400) * 1000) /* longest */

_Static_assert(AWAY_PEOPLE_MAX * sizeof(struct away_person) <= 6 << 20,
    "all people of an outage have room, and their dialogs");

void
away_person_free(void *node)
{
	struct away_person *p = node;

	free(p->dialog);
	free(p);
}

struct away_person *
away_person_for(struct away *away, const uint8_t *token)
{
	struct away_person *p = away_lookup(&away->people, token);

	if (p != NULL || away->person_count >= AWAY_PEOPLE_MAX)
		return (p);
	p = xcalloc(1, sizeof *p);
	memcpy(p->token, token, SEAL_TOKEN_LEN);
	p->lang = LANG_UND;
	return (away_insert(&away->people, p, &away->person_count));
}

struct away_person *
away_person_of(struct away *away, const struct item *item)
{
	uint8_t token[SEAL_TOKEN_LEN];

	seal_token(away->gateway->keys, SEAL_TOKEN, item->msisdn,
	    strlen(item->msisdn), token);
	return (away_person_for(away, token));
}

/* What is not known is not asked, nor told twice. */
void
away_person_recall(const struct away *away, const struct away_person *p,
    struct conversation *conv)
{
	int64_t heard_at = away_heard_at(away, p->token);

	*conv = (struct conversation){ .lang = p->lang,
		.lang_chosen = p->lang_chosen, .cyrillic = p->cyrillic,
		.unclear_at = p->unclear_at, .emergency_at = p->emergency_at,
		.last_at = p->last_at, .told_who = true, .asked_group = true };
	if (heard_at > conv->emergency_at)
		conv->emergency_at = heard_at;
	if (p->dialog != NULL)
		dialog_scan(&conv->dialog, p->dialog, p->dialog_until);
}

void
away_person_keep(struct away_person *p, const struct conversation *conv)
{
	char line[DIALOG_LINE_MAX];

	p->lang = conv->lang;
	p->lang_chosen = conv->lang_chosen;
	p->cyrillic = conv->cyrillic;
	p->unclear_at = conv->unclear_at;
	p->emergency_at = conv->emergency_at;
	p->last_at = conv->last_at;
	dialog_print(&conv->dialog, line);
	free(p->dialog);
	p->dialog = line[0] != '\0' ? xstrdup(line) : NULL;
	p->dialog_until = conv->dialog.until;
}

static bool
away_catches_up(const struct away *away, const struct away_person *p)
{
	return (p->outage == away->outage &&
	    clock_mono_ms() - p->overdue_ms < AWAY_CATCH_UP_MS);
}

bool
away_confirmed(const struct away *away, const uint8_t token[SEAL_TOKEN_LEN])
{
	const struct away_person *p = away_lookup(&away->people, token);

	return (p != NULL && p->words_outage == away->outage);
}

bool
away_first_overdue(struct away *away, const uint8_t token[SEAL_TOKEN_LEN],
    const uint8_t identity[SEAL_TOKEN_LEN], bool receipt)
{
	struct away_person *p = away_person_for(away, token);
	bool again;

	if (p == NULL)
		return (true);
	again = away_catches_up(away, p);
	if (again && (p->overdue_receipt || !receipt) &&
	    memcmp(p->overdue, identity, SEAL_TOKEN_LEN) != 0)
		return (false);
	p->outage = away->outage;
	p->overdue_ms = clock_mono_ms();
	p->overdue_receipt = receipt || (again && p->overdue_receipt);
	memcpy(p->overdue, identity, SEAL_TOKEN_LEN);
	return (true);
}

void
away_people_forget(struct away *away)
{
	if (clock_mono_ms() - away->seen_ms < AWAY_HOUR_US / 1000 ||
	    away_count(away) != 0)
		return;
	tdestroy(away->people, away_person_free);
	away->people = NULL;
	away->person_count = 0;
}

bool
away_stopped(const struct away *away, const char *msisdn)
{
	const struct away_person *p;
	uint8_t token[SEAL_TOKEN_LEN];

	if (away->answer_count == 0)
		return (false);
	seal_token(away->gateway->keys, SEAL_TOKEN, msisdn, strlen(msisdn),
	    token);
	p = away_lookup(&away->people, token);
	return (p != NULL && p->stops != 0);
}
