/*
 * USSD sessions. Runs in glasd, called by link_message.c for each thing that
 * was typed (a hop) and by glasd.c at the end of each pass; owns the hops that
 * are not answered yet and where people stand. What is typed goes through the
 * pure menus of text/ussd.c; what those want done is done here: a report or a
 * vote goes into the log as a text, and then takes its way as every other.
 *
 * Where somebody stands goes into the log, too, and the screen is shown when
 * both are durable. The database is asked only for the language of who begins
 * and whether they are heard, and for the state of a report; what it does not
 * answer in time goes on without it.
 */
#include <sys/queue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/link.h"
#include "glasd/session.h"
#include "glasd/session_private.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "sms/link_msg.h"
#include "store/config.h"
#include "store/pg.h"

#define SESSION_NACK_MS	2000
#define SESSION_INPUT_MAX 4096	/* octets */
#define SESSION_NAME_MAX 255	/* octets; it comes back in the answer */
#define SESSION_PREFILL_MAX 64	/* choices in what was dialled */

struct sessions *
sessions_new(struct gateway *g)
{
	struct sessions *ss = xcalloc(1, sizeof *ss);

	ss->gateway = g;
	session_people_init(&ss->people);
	TAILQ_INIT(&ss->hops);
	return (ss);
}

static void
session_hop_free(struct session_hop *hop)
{
	TAILQ_REMOVE(&hop->sessions->hops, hop, entry);
	event_free(hop->timer);
	free(hop->id);
	free(hop->session);
	free(hop->input);
	free(hop->step.text);
	free(hop->screen);
	free(hop);
}

void
sessions_free(struct sessions *ss)
{
	struct session_hop *hop;

	if (ss == NULL)
		return;
	while ((hop = TAILQ_FIRST(&ss->hops)) != NULL)
		session_hop_free(hop);
	session_people_clear(&ss->people);
	free(ss);
}

/*
 * The answer.
 */

/* They stand behind it in the list. */
static void
session_answer_again(const struct session_hop *hop)
{
	struct session_hop *o;

	TAILQ_FOREACH(o, &hop->sessions->hops, entry) {
		if (o->stage != SESSION_AGAIN || o->first != hop->number)
			continue;
		o->screen = xstrdup(hop->screen);
		o->ends = hop->ends;
		o->stage = SESSION_SHOWN;
	}
}

static void
session_send(struct session_hop *hop)
{
	struct link *l = links_find(hop->sessions->gateway->links, hop->link);

	session_answer_again(hop);
	if (l != NULL)
		link_send(l, json_pack("{s:s, s:s, s:s, s:s, s:b}", "t",
		    "answer", "id", hop->id, "session", hop->session, "text",
		    hop->screen, "end", hop->ends));
	session_hop_free(hop);
}

static void
session_refuse(struct session_hop *hop)
{
	struct link *l = links_find(hop->sessions->gateway->links, hop->link);

	if (l != NULL)
		link_send(l, json_pack("{s:s, s:[s], s:i}", "t", "nack",
		    "ids", hop->id, "wait_ms", SESSION_NACK_MS));
	session_hop_free(hop);
}

/* It was not taken down: they stand where they stood. */
static void
session_undo(struct session_hop *hop)
{
	struct sessions *ss = hop->sessions;
	struct session_person *p = session_person_find(&ss->people,
	    hop->token, clock_wall_us());

	if (p != NULL && hop->new)
		session_person_drop(&ss->people, p);
	else if (p != NULL)
		p->where = hop->before;
	session_refuse(hop);
}

/* The newest first: each leaves what was before it. */
static void
sessions_undo(struct sessions *ss)
{
	struct session_hop *hop, *before;

	for (hop = TAILQ_LAST(&ss->hops, session_hops); hop != NULL;
	    hop = before) {
		before = TAILQ_PREV(hop, session_hops, entry);
		if (hop->stage == SESSION_SHOWN)
			session_undo(hop);
	}
}

void
sessions_answer(struct sessions *ss, bool durable)
{
	struct session_hop *hop, *next;

	if (!durable)
		sessions_undo(ss);
	for (hop = TAILQ_FIRST(&ss->hops); hop != NULL; hop = next) {
		next = TAILQ_NEXT(hop, entry);
		if (hop->stage == SESSION_SHOWN)
			session_send(hop);
		else if (hop->stage == SESSION_AGAIN &&
		    session_hop_find(ss, hop->first) == NULL)
			session_refuse(hop);
	}
}

static void	session_go(struct session_hop *, struct session_person *);
static void	session_case(struct session_hop *, const struct pg_result *);
static void	session_number(struct session_hop *);

/* Of what is known of somebody, only whether they are heard may change from one
 * session to the next. */
static void
session_context(struct session_hop *hop, const struct pg_result *r)
{
	struct sessions *ss = hop->sessions;
	struct session_person *p = session_person_find(&ss->people,
	    hop->token, clock_wall_us());
	enum lang lang = r != NULL ? lang_find(pg_text(r, 0, 0)) : LANG_UND;

	if (lang == LANG_COUNT || lang == LANG_UND || lang == LANG_MIX)
		lang = lang_find(ss->gateway->config->gateway.language);
	if (p == NULL) {
		p = session_person_make(&ss->people, hop->token);
		ussd_begin(&p->where.state, lang,
		    r != NULL && pg_bool(r, 0, 1));
		hop->new = true;
	}
	if (r != NULL)
		p->where.state.silence = silence_find(pg_text(r, 0, 5));
	session_go(hop, p);
}

void
session_told(struct session_hop *hop, const struct pg_result *r)
{
	evtimer_del(hop->timer);
	hop->late = false;
	hop->unanswered = r == NULL;
	if (hop->stage == SESSION_CONTEXT)
		session_context(hop, r);
	else if (hop->stage == SESSION_CASE)
		session_case(hop, r);
	else if (hop->stage == SESSION_NUMBER)
		session_number(hop);
}

/*
 * A hop.
 */

/* The screen goes out when all that it tells of is durable, which may be of the
 * hop before this one. */
static void
session_show(struct session_hop *hop, struct session_person *p, bool keep)
{
	struct buf screen = { 0 };

	if (keep)
		session_keep(hop, p);
	hop->ends = ussd_screen(hop->sessions->gateway->content,
	    &p->where.state, clock_wall_us(), &screen);
	hop->screen = xstrdup(buf_str(&screen));
	buf_clear(&screen);
	hop->stage = SESSION_SHOWN;
}

/* What was taken down by text is answered by text. Whether they are heard may
 * not have been known when they began. */
static void
session_case(struct session_hop *hop, const struct pg_result *r)
{
	struct sessions *ss = hop->sessions;
	struct session_person *p = session_person_find(&ss->people,
	    hop->token, clock_wall_us());
	struct ussd_step step = { .deed = USSD_NOTHING };

	if (p == NULL) {
		session_refuse(hop);
		return;
	}
	if (r != NULL)
		p->where.state.silence = silence_find(pg_text(r, 0, 5));
	if (r != NULL && ussd_is_heard(&p->where.state)) {
		ussd_found(&p->where.state, pg_text(r, 0, 2),
		    pg_null(r, 0, 2) ? "" : pg_text(r, 0, 3),
		    pg_time(r, 0, 4));
	} else {
		ussd_not_found_out(ss->gateway->content, &p->where.state,
		    &step);
		if (step.text != NULL)
			session_tell(hop, &p->where, &step);
	}
	free(step.text);
	session_show(hop, p, true);
}

/* With a reference, or without: then it comes by text alone. */
static void
session_number(struct session_hop *hop)
{
	struct session_person *p = session_person_find(
	    &hop->sessions->people, hop->token, clock_wall_us());

	if (p == NULL) {
		session_refuse(hop);
		return;
	}
	evtimer_del(hop->timer);
	session_tell(hop, &p->where, &hop->step);
	session_show(hop, p, true);
}

/* What was typed and is not in the log yet goes there all the same, and what is
 * on its way there is undone when it does not arrive. */
void
sessions_link_down(struct sessions *ss, const struct link *l)
{
	struct session_hop *hop, *next;

	for (hop = TAILQ_FIRST(&ss->hops); hop != NULL; hop = next) {
		next = TAILQ_NEXT(hop, entry);
		if (strcmp(hop->link, link_name(l)) != 0)
			continue;
		if (hop->stage == SESSION_NUMBER && !ss->gateway->stopping) {
			session_number(hop);
		} else if (hop->stage != SESSION_SHOWN) {
			session_hop_free(hop);
		}
	}
}

/* Whether a reference came for who waits for one. */
static bool
session_has_number(const struct session_hop *hop)
{
	struct session_person *p = session_person_find(
	    &hop->sessions->people, hop->token, clock_wall_us());

	return (p == NULL || session_reference(hop->sessions,
	    p->where.state.reference));
}

void
sessions_pump(struct sessions *ss)
{
	struct session_hop *hop, *next;

	for (hop = TAILQ_FIRST(&ss->hops); hop != NULL; hop = next) {
		next = TAILQ_NEXT(hop, entry);
		if (hop->stage == SESSION_NUMBER && session_has_number(hop))
			session_number(hop);
		else if (hop->stage == SESSION_CONTEXT && !hop->asked &&
		    session_can_ask(hop))
			session_ask(hop, NULL);
		else if (hop->stage != SESSION_SHOWN && hop->late)
			session_told(hop, NULL);
	}
}

/* Returns false when the database is asked first. */
static bool
session_type(struct session_hop *hop, struct session_person *p,
    const char *input)
{
	const struct content *content = hop->sessions->gateway->content;
	struct ussd_step step;

	ussd_input(content, &p->where.state, input, clock_wall_us(), &step);
	if (step.deed == USSD_LOOK_UP && session_can_ask(hop)) {
		hop->stage = SESSION_CASE;
		session_ask(hop, p->where.state.reference);
		return (false);
	}
	if (step.deed == USSD_REPORT && !session_reference(hop->sessions,
	    p->where.state.reference) && session_can_ask(hop)) {
		hop->stage = SESSION_NUMBER;
		hop->step = step;
		session_wait(hop);
		return (false);
	}
	if (step.deed == USSD_LOOK_UP)
		ussd_not_found_out(content, &p->where.state, &step);
	if (step.text != NULL)
		session_tell(hop, &p->where, &step);
	free(step.text);
	return (true);
}

/* What was dialled, *384*1*3#, or typed while we did not know of it. */
static bool
session_type_all(struct session_hop *hop, struct session_person *p,
    const char *input)
{
	const struct content *content = hop->sessions->gateway->content;
	char *all = xstrdup(input), *rest = all, *word;
	bool shown = true;

	for (int n = 0; shown && rest != NULL && *rest != '\0' &&
	    n < SESSION_PREFILL_MAX; n++) {
		if (ussd_takes_text(content, &p->where.state, rest)) {
			shown = session_type(hop, p, rest);
			break;
		}
		word = strsep(&rest, "*");
		shown = session_type(hop, p, word);
	}
	free(all);
	return (shown);
}

/* What they typed before is waiting for the database: this one is to be brought
 * again. */
static bool
session_busy(const struct session_hop *hop)
{
	const struct session_hop *o;

	TAILQ_FOREACH(o, &hop->sessions->hops, entry) {
		if (o != hop && (o->stage == SESSION_CASE ||
		    o->stage == SESSION_NUMBER) &&
		    memcmp(o->token, hop->token, SEAL_TOKEN_LEN) == 0)
			return (true);
	}
	return (false);
}

/* What a text would tell is told by none. */
static bool
session_textless(const struct session_hop *hop)
{
	const struct gateway *g = hop->sessions->gateway;

	return (hop->kind != MSISDN_PERSON || !msisdn_answerable(hop->msisdn,
	    g->config->limits.answer_prefixes) ||
	    *links_sender(g->links, hop->link) == '\0');
}

static void
session_go(struct session_hop *hop, struct session_person *p)
{
	struct sessions *ss = hop->sessions;
	const char *rest;
	bool begins, all;

	if (session_busy(hop)) {
		session_refuse(hop);
		return;
	}
	hop->before = p->where;
	p->where.state.textless = session_textless(hop);
	if (session_input_repeats(hop, &p->where)) {
		session_show(hop, p, false);
		return;
	}
	session_person_seen(&ss->people, p, clock_wall_us());
	begins = session_input_begins(hop, &p->where);
	rest = session_input_rest(hop, &p->where, begins, &all);
	if (all ? session_type_all(hop, p, rest) : session_type(hop, p, rest))
		session_show(hop, p, *rest != '\0');
}

/* A number that is none is nobody's: then a session is a person. */
static void
session_whose(struct sessions *ss, struct session_hop *hop, const char *number)
{
	const char *country = ss->gateway->config->gateway.country;
	struct buf b = { 0 };

	hop->kind = msisdn_normalise(number, "", country, hop->msisdn);
	if (hop->kind == MSISDN_PERSON)
		buf_add_str(&b, hop->msisdn);
	else
		buf_printf(&b, "ussd %s %s", hop->link, hop->session);
	seal_token(ss->gateway->keys, SEAL_TOKEN, b.data, b.len, hop->token);
	buf_clear(&b);
}

static struct session_hop *
session_hop_new(struct sessions *ss, const struct link *l, const json_t *msg)
{
	struct session_hop *hop = xcalloc(1, sizeof *hop);

	hop->sessions = ss;
	hop->number = ++ss->turn;
	snprintf(hop->link, sizeof hop->link, "%s", link_name(l));
	hop->id = xstrdup(link_msg_str(msg, "id"));
	hop->session = xstrdup(link_msg_str(msg, "session"));
	hop->input = xstrdup(link_msg_str(msg, "input"));
	hop->cumulative = link_msg_bool(msg, "cumulative");
	hop->timer = evtimer_new(ss->gateway->base, session_late, hop);
	if (hop->timer == NULL)
		fatal("out of memory: no timer for a session");
	session_whose(ss, hop, link_msg_str(msg, "msisdn"));
	TAILQ_INSERT_TAIL(&ss->hops, hop, entry);
	return (hop);
}

static size_t
session_pending(const struct sessions *ss, const struct link *l)
{
	const struct session_hop *hop;
	size_t n = 0;

	TAILQ_FOREACH(hop, &ss->hops, entry)
		n += strcmp(hop->link, link_name(l)) == 0;
	return (n);
}

/* A network that waits no longer brings it again. */
static bool
session_again(struct session_hop *hop)
{
	const struct session_hop *o;

	TAILQ_FOREACH(o, &hop->sessions->hops, entry) {
		if (o != hop && o->stage != SESSION_AGAIN &&
		    strcmp(o->link, hop->link) == 0 &&
		    memcmp(o->token, hop->token, SEAL_TOKEN_LEN) == 0 &&
		    strcmp(o->session, hop->session) == 0 &&
		    strcmp(o->input, hop->input) == 0)
			break;
	}
	if (o == NULL)
		return (false);
	hop->stage = SESSION_AGAIN;
	hop->first = o->number;
	return (true);
}

static void
session_typed(struct session_hop *hop)
{
	struct sessions *ss = hop->sessions;
	struct session_person *p = session_person_find(&ss->people,
	    hop->token, clock_wall_us());

	if (session_again(hop))
		return;
	if (p != NULL && session_input_same(hop, &p->where)) {
		session_go(hop, p);
	} else if (session_can_ask(hop)) {
		hop->stage = SESSION_CONTEXT;
		session_ask(hop, NULL);
	} else if (session_may_ask(hop)) {
		hop->stage = SESSION_CONTEXT;
		session_wait(hop);
	} else {
		session_context(hop, NULL);
	}
}

static void
session_end(struct session_hop *hop)
{
	struct session_person *p = session_person_find(
	    &hop->sessions->people, hop->token, clock_wall_us());

	if (p != NULL)
		session_input_end(hop, &p->where);
	hop->screen = xstrdup("");
	hop->ends = true;
	session_send(hop);
}

int
session_take(struct sessions *ss, struct link *l, const json_t *msg)
{
	struct session_hop *hop;

	if (session_pending(ss, l) >= (size_t)link_config(l)->window ||
	    strlen(link_msg_str(msg, "session")) > SESSION_NAME_MAX ||
	    strlen(link_msg_str(msg, "input")) > SESSION_INPUT_MAX)
		return (-1);
	hop = session_hop_new(ss, l, msg);
	if (strcmp(link_msg_str(msg, "event"), "end") == 0) {
		session_end(hop);
	} else if (ss->gateway->content == NULL ||
	    journal_refuses(ss->gateway->journal)) {
		session_refuse(hop);
	} else {
		session_typed(hop);
	}
	return (0);
}
