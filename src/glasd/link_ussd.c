/*
 * Codes dialled by hand (glasctl ussd). Runs in glasd, called by control.c and
 * link_message.c; owns the last answer of a link, in memory. The database gets
 * it too, while it is there: what was answered while it was away was shown, and
 * can be asked for again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link_private.h"
#include "glasd/link_ussd.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "sms/link_msg.h"
#include "store/config.h"
#include "store/pg.h"
#include "text/credit.h"

#define USSD_AWAITED_MS	90000	/* then another may be dialled */
#define USSD_ANSWER_MAX	1000	/* octets that are kept */
#define USSD_CODE_MAX	20
#define USSD_OUTCOME_MAX 80

static const char ussd_put_statement[] =
    "select glas_gw.ussd_put($1, $2, $3, $4, $5, $6)";

void
link_ussd_clear(struct link_ussd *u)
{
	free(u->answer);
	u->answer = NULL;
	free(u->outcome);
	u->outcome = NULL;
}

const char *
link_ussd_ask(struct link *l, const char *code)
{
	struct link_ussd *u = &l->ussd;
	size_t len = strspn(code, "0123456789*#");
	char id[16];

	if (len == 0 || len > USSD_CODE_MAX || code[len] != '\0')
		return ("that is no USSD code; write it like *100#");
	/* glas-web would take it for a fault, and end. */
	if (l->config->kind == LINK_WEB || l->config->kind == LINK_STATUS)
		return ("it has no SIM and dials nothing; name a modem");
	if (!link_ready(l))
		return ("the link is not ready: glasctl status says why");
	if (u->asked_ms != 0 &&
	    clock_mono_ms() - u->asked_ms < USSD_AWAITED_MS)
		return ("another code is being dialled; try again in a minute");
	link_ussd_clear(u);
	u->asked_ms = clock_mono_ms();
	snprintf(u->code, sizeof u->code, "%s", code);
	snprintf(id, sizeof id, "c%u", ++u->number);
	link_send(l, json_pack("{s:s, s:s, s:s}", "t", "ussd", "id", id,
	    "code", code));
	return (NULL);
}

const char *
link_ussd_answer(const struct link *l)
{
	return (l->ussd.answer);
}

const char *
link_ussd_outcome(const struct link *l)
{
	return (l->ussd.outcome);
}

static void
link_ussd_kept(void *arg, const struct pg_result *r)
{
	(void)arg;
	if (!pg_ok(r))
		log_warn("ussd: %s %s", pg_sqlstate(r), pg_error(r));
}

/* Answers may name the number of the SIM. */
static void
link_ussd_keep(const struct link *l, const char *code)
{
	const struct gateway *g = l->links->gateway;
	struct pg_params p = { 0 };
	char *covered;

	if (!database_ready(g->database))
		return;
	covered = credit_cover(l->ussd.answer);
	pg_param_text(&p, g->config->gateway.name);
	pg_param_text(&p, l->config->name);
	pg_param_int(&p, PG_TIMESTAMPTZ, clock_wall_us());
	pg_param_text(&p, code);
	pg_param_text(&p, l->ussd.outcome);
	pg_param_text(&p, covered);
	pg_pipe_send(database_pipe(g->database), ussd_put_statement, &p,
	    link_ussd_kept, NULL);
	pg_params_clear(&p);
	free(covered);
}

/* A link need not say what came of it. */
static const char *
link_ussd_came(const json_t *msg)
{
	const char *outcome = link_msg_str(msg, "outcome");

	if (*outcome != '\0')
		return (outcome);
	return (*link_msg_str(msg, "text") != '\0' ? "answered" :
	    "no answer");
}

void
link_ussd_got(struct link *l, const json_t *msg)
{
	struct link_ussd *u = &l->ussd;
	char id[16];

	snprintf(id, sizeof id, "c%u", u->number);
	if (u->asked_ms == 0 || strcmp(link_msg_str(msg, "id"), id) != 0)
		return;
	u->asked_ms = 0;
	link_ussd_clear(u);
	u->answer = link_words(link_msg_str(msg, "text"), USSD_ANSWER_MAX);
	u->outcome = link_words(link_ussd_came(msg), USSD_OUTCOME_MAX);
	link_ussd_keep(l, u->code);
}
