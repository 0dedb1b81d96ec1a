/*
 * The credit of prepaid SIMs. Runs in glasd; owns the timer of the next question
 * and the last answer of each link. A modem can do nothing else while the
 * network thinks about a code: it is asked when nothing waits to be sent, or an
 * hour later. An answer that cannot be read is kept and counted; one that does
 * not come is counted, too, and asked for again in its time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/event.h>

#include "glasd/database.h"
#include "glasd/gateway.h"
#include "glasd/link_credit.h"
#include "glasd/link_private.h"
#include "glasd/mt.h"
#include "glasd/rekey.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "sms/link_msg.h"
#include "store/config.h"
#include "store/pg.h"
#include "store/record.h"

#define CREDIT_LATER_MS		5000	/* the link has something to do */
#define CREDIT_LATE_MS		3600000	/* then that waits */
#define CREDIT_DOUBT_MS		600000	/* between two doubts */
#define CREDIT_AWAITED_MS	90000	/* then the credit is asked for */
#define CREDIT_DAY_US		(INT64_C(86400) * 1000000)
#define CREDIT_ANSWER_MAX	300	/* octets that are kept */

/* An answer on its way into the database. */
struct link_credit_put {
	struct gateway	*gateway;
	int64_t		 at;
	char		 link[];
};

static const char credit_put_statement[] =
    "select low, days_left"
    " from glas_gw.balance_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

static const char credit_warn_statement[] =
    "select glas_gw.credit_warn($1, $2, $3, $4, $5)";

json_t *
link_credit_operators(const char *file)
{
	json_error_t error;
	json_t *list = json_load_file(file, JSON_REJECT_DUPLICATES, &error);

	if (list == NULL)
		log_warn("operators=none %s: %s", file, error.text);
	return (list);
}

/*
 * Asking.
 */

static void
link_credit_after(struct link *l, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = (ms % 1000) * 1000 };

	evtimer_add(l->credit.timer, &tv);
}

/* First for the days, where they have a code of their own: what is answered to
 * it is stored with the credit. */
static void
link_credit_ask(struct link *l)
{
	struct link_credit *c = &l->credit;
	char id[16];

	if (c->awaited && !c->of_validity)
		c->unanswered++;
	c->of_validity = l->config->validity != NULL && !c->of_validity;
	snprintf(id, sizeof id, "b%u", ++c->number);
	link_send(l, json_pack("{s:s, s:s, s:s}", "t", "ussd", "id", id,
	    "code", c->of_validity ? l->config->validity :
	    l->config->balance));
	c->awaited = true;
	c->asked_ms = clock_mono_ms();
	c->late_ms = 0;
	link_credit_after(l, c->of_validity ? CREDIT_AWAITED_MS :
	    clock_limit_ms("GLAS_BALANCE_EVERY_MS",
	    INT64_C(1000) * l->config->balance_every_s));
}

/* A link that is not ready is asked when it is. */
static void
link_credit_due(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	struct link_credit *c = &l->credit;
	int64_t now = clock_mono_ms();

	(void)fd;
	(void)what;
	if (l->config->balance == NULL || !link_ready(l))
		return;
	if (c->late_ms == 0)
		c->late_ms = now;
	if (mt_link_idle(l->links->gateway->mt, l) ||
	    now - c->late_ms >= CREDIT_LATE_MS)
		link_credit_ask(l);
	else
		link_credit_after(l, CREDIT_LATER_MS);
}

void
link_credit_init(struct link *l)
{
	l->credit = (struct link_credit){ .days_left = -1, .stored = true };
	l->credit.timer = evtimer_new(l->links->gateway->base,
	    link_credit_due, l);
	if (l->credit.timer == NULL)
		fatal("out of memory: no timer for a link");
}

void
link_credit_clear(struct link_credit *c)
{
	event_free(c->timer);
	free(c->answer);
}

void
link_credit_ready(struct link *l)
{
	if (!evtimer_pending(l->credit.timer, NULL))
		link_credit_due(-1, 0, l);
}

void
link_credit_doubt(struct link *l)
{
	struct link_credit *c = &l->credit;

	if (c->late_ms == 0 && (c->asked_ms == 0 ||
	    clock_mono_ms() - c->asked_ms >= CREDIT_DOUBT_MS))
		link_credit_after(l, 0);
}

/*
 * Reading.
 */

static bool
link_credit_has_name(const json_t *entry, const char *name)
{
	json_t *one;
	size_t n;

	json_array_foreach(json_object_get(entry, "names"), n, one) {
		if (json_is_string(one) &&
		    strcasecmp(json_string_value(one), name) == 0)
			return (true);
	}
	return (false);
}

static bool
link_credit_read(const struct link *l, const char *text, struct credit *credit)
{
	const json_t *list = json_object_get(l->links->gateway->operators,
	    "entries");
	json_t *entry, *pattern;
	size_t n, m;

	if (credit_match(text, l->config->balance_pattern, credit))
		return (true);
	json_array_foreach(list, n, entry) {
		if (!link_credit_has_name(entry, l->operator_name))
			continue;
		json_array_foreach(json_object_get(entry, "patterns"), m,
		    pattern) {
			if (credit_match(text, json_string_value(pattern),
			    credit))
				return (true);
		}
	}
	return (credit_guess(text, credit));
}

/* By the patterns of the operator, then by those for all. */
static bool
link_credit_read_valid(const struct link *l, const char *text, int *day)
{
	const json_t *all = l->links->gateway->operators;
	json_t *entry, *pattern;
	size_t n, m;

	json_array_foreach(json_object_get(all, "entries"), n, entry) {
		if (!link_credit_has_name(entry, l->operator_name))
			continue;
		json_array_foreach(json_object_get(entry, "valid"), m,
		    pattern) {
			if (credit_valid(text, json_string_value(pattern),
			    day))
				return (true);
		}
	}
	json_array_foreach(json_object_get(all, "valid"), m, pattern) {
		if (credit_valid(text, json_string_value(pattern), day))
			return (true);
	}
	return (false);
}

static void
link_credit_take_valid(struct link *l, const char *text)
{
	struct link_credit *c = &l->credit;

	c->valid_day = 0;
	if (!link_credit_read_valid(l, text, &c->valid_day))
		return;
	c->valid_until = c->valid_day;
	c->valid_days = l->config->balance_valid;
}

int
link_credit_valid_left(const struct link_credit *c)
{
	return (c->valid_until - (int)(clock_wall_us() / CREDIT_DAY_US));
}

static bool
link_credit_is_low(const struct link *l)
{
	const struct config_link *config = l->config;

	return ((config->balance_low != 0 && l->credit.credit.hundredths <
	    INT64_C(100) * config->balance_low) ||
	    (l->credit.days_left >= 0 &&
	    l->credit.days_left < config->balance_days));
}

/* To the code that asks for the days; that for the credit is dialled next. */
static void
link_credit_take_days(struct link *l, const char *text)
{
	struct link_credit *c = &l->credit;

	link_credit_take_valid(l, text);
	c->valid_unread = c->valid_day != 0 ? 0 : c->valid_unread + 1;
	log_info("link=%s validity=%s", l->config->name,
	    c->valid_day != 0 ? "read" : "unread");
	link_credit_after(l, 0);
}

static void
link_credit_take(struct link *l, const char *text)
{
	struct link_credit *c = &l->credit;
	char *covered;

	c->unanswered = 0;
	c->at = clock_wall_us();
	c->stored = false;
	free(c->answer);
	c->answer = NULL;
	c->read = link_credit_read(l, text, &c->credit);
	if (l->config->validity == NULL)
		link_credit_take_valid(l, text);
	if (c->read) {
		c->known = true;
		c->unread = 0;
		c->low = link_credit_is_low(l);
	} else {
		c->unread++;
		covered = credit_cover(text);
		c->answer = link_words(covered, CREDIT_ANSWER_MAX);
		free(covered);
	}
	log_info("link=%s credit=%s low=%s", l->config->name,
	    c->read ? "read" : "unread", c->low ? "yes" : "no");
	links_credit_put(l->links);
}

void
link_credit_answer(struct link *l, const json_t *msg)
{
	struct link_credit *c = &l->credit;
	char id[16];

	snprintf(id, sizeof id, "b%u", c->number);
	if (!c->awaited || strcmp(link_msg_str(msg, "id"), id) != 0)
		return;
	c->awaited = false;
	if (c->of_validity)
		link_credit_take_days(l, link_msg_str(msg, "text"));
	else
		link_credit_take(l, link_msg_str(msg, "text"));
}

char *
link_credit_words(const struct link_credit *c)
{
	int64_t n = c->credit.hundredths;

	if (!c->known)
		return (NULL);
	return (xasprintf("%s%lld.%02d%s%s", n < 0 ? "-" : "",
	    (long long)(n < 0 ? -n : n) / 100,
	    (int)((n < 0 ? -n : n) % 100),
	    c->credit.currency[0] != '\0' ? " " : "", c->credit.currency));
}

/*
 * Telling.
 */

/* By a link that has credit, if there is one. */
static const struct link *
link_credit_messenger(const struct link *low)
{
	const struct link *l;

	TAILQ_FOREACH(l, &low->links->list, entry) {
		if (link_carries(l) && link_sends(l) && link_ready(l) &&
		    !l->credit.low)
			return (l);
	}
	return (low);
}

static void
link_credit_warned(void *arg, const struct pg_result *r)
{
	struct gateway *g = arg;

	if (!pg_ok(r))
		log_warn("credit-low: %s %s", pg_sqlstate(r), pg_error(r));
	else if (!pg_null(r, 0, 0))
		mt_load(g->mt, true);
}

static void
link_credit_met_got(void *arg, const struct pg_result *r)
{
	(void)arg;
	if (!pg_ok(r) && strcmp(pg_sqlstate(r), "08006") != 0)
		log_warn("credit-low: %s %s", pg_sqlstate(r), pg_error(r));
}

/* While keys are replaced, the operator may have the old token still. */
static void
link_credit_met(struct gateway *g, const char *msisdn)
{
	struct item item = { .kind = MSISDN_PERSON };
	const struct item *items[] = { &item };

	snprintf(item.msisdn, sizeof item.msisdn, "%s", msisdn);
	rekey_met(g, items, 1, link_credit_met_got, NULL);
}

static void
link_credit_warn(struct link *l)
{
	struct gateway *g = l->links->gateway;
	const char *msisdn = g->config->gateway.operator_phone;
	uint8_t token[SEAL_TOKEN_LEN], copy[SEAL_MSISDN_LEN];
	struct pg_params p = { 0 };

	if (msisdn == NULL)
		return;
	if (seal_keys_two(g->keys))
		link_credit_met(g, msisdn);
	seal_token(g->keys, SEAL_TOKEN, msisdn, strlen(msisdn), token);
	seal_msisdn(g->keys, token, msisdn, copy);
	pg_param_text(&p, g->config->gateway.name);
	pg_param_text(&p, l->config->name);
	pg_param_text(&p, link_credit_messenger(l)->config->name);
	pg_param_bytes(&p, token, sizeof token);
	pg_param_bytes(&p, copy, sizeof copy);
	pg_pipe_send(database_pipe(g->database), credit_warn_statement, &p,
	    link_credit_warned, g);
	pg_params_clear(&p);
}

static void
link_credit_stored(struct link *l, const struct pg_result *r)
{
	struct link_credit *c = &l->credit;

	c->stored = true;
	if (pg_rows(r) != 1)
		return;
	c->low = pg_bool(r, 0, 0);
	c->days_left = pg_null(r, 0, 1) ? -1 : (int)pg_int(r, 0, 1);
	if (c->low && c->read)
		link_credit_warn(l);
}

static void
link_credit_got(void *arg, const struct pg_result *r)
{
	struct link_credit_put *put = arg;
	struct link *l = links_find(put->gateway->links, put->link);

	if (!pg_ok(r))
		log_warn("credit: %s %s", pg_sqlstate(r), pg_error(r));
	if (l != NULL && l->credit.at == put->at) {
		if (pg_ok(r))
			link_credit_stored(l, r);
		/* Of what is refused there will be another answer. */
		else if (!pg_passes(pg_sqlstate(r)))
			l->credit.stored = true;
	}
	free(put);
}

static void
link_credit_put(struct link *l)
{
	struct gateway *g = l->links->gateway;
	const struct link_credit *c = &l->credit;
	size_t size = strlen(l->config->name) + 1;
	struct link_credit_put *put = xcalloc(1, sizeof *put + size);
	struct pg_params p = { 0 };

	put->gateway = g;
	put->at = c->at;
	memcpy(put->link, l->config->name, size);
	pg_param_text(&p, g->config->gateway.name);
	pg_param_text(&p, put->link);
	pg_param_int(&p, PG_TIMESTAMPTZ, c->at);
	if (c->read)
		pg_param_int(&p, PG_INT8, c->credit.hundredths);
	else
		pg_param_null(&p, PG_INT8);
	pg_param_text(&p, c->read ? c->credit.currency : "");
	pg_param_text(&p, c->read ? "" : c->answer);
	pg_param_int(&p, PG_INT4, l->config->balance_low);
	pg_param_int(&p, PG_INT4, l->config->balance_days);
	if (c->valid_day != 0)
		pg_param_int(&p, PG_DATE, c->valid_day);
	else
		pg_param_null(&p, PG_DATE);
	pg_param_int(&p, PG_INT4, l->config->balance_valid);
	pg_pipe_send(database_pipe(g->database), credit_put_statement, &p,
	    link_credit_got, put);
	pg_params_clear(&p);
}

void
links_credit_put(struct links *links)
{
	struct link *l;

	if (!database_ready(links->gateway->database))
		return;
	TAILQ_FOREACH(l, &links->list, entry) {
		if (!l->credit.stored)
			link_credit_put(l);
	}
}
