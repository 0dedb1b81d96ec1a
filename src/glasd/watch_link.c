/*
 * What is wrong with one link, by what it says of itself and what was seen of
 * it. Runs in glasd, called by watch.c at each look; keeps nothing.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "glasd/alerts.h"
#include "glasd/link.h"
#include "glasd/link_credit.h"
#include "glasd/watch.h"
#include "lib/clock.h"
#include "lib/mem.h"

#define WATCH_SIM_FULL		70	/* per cent */
#define WATCH_UNREAD		3	/* answers in a row */
#define WATCH_STARTING_MS	120000	/* longer than a modem may take */
#define WATCH_RESTARTS		5	/* lately */
#define WATCH_STUCK_MS		900000
#define WATCH_DAY_US		(INT64_C(86400) * 1000000)

/* By what a link says of itself; doc/modems.md and glas-web(8) have the words. */
static const struct watch_remedy {
	const char	*said, *remedy;
} watch_remedies[] = {
	{ "cannot be started", "its program is missing or may not be run: "
	    "glasd -t names it" },
	{ "no-device", "put the modem in; ls -l /dev/serial/by-id shows what "
	    "is there to be named in device" },
	{ "no-modem-of-this-imei", "put that modem in, or correct its imei in "
	    "glas.conf" },
	{ "no-permission", "put the user of links into the group of the port, "
	    "dialout, and restart glasd" },
	{ "device-in-use", "stop what else has its port: ModemManager, another "
	    "daemon, a second section for this modem" },
	{ "no-answer", "see whether device is its right port; else take the "
	    "power off the modem and put it on again" },
	{ "init-failed", "see whether device is its right port; else take the "
	    "power off the modem and put it on again" },
	{ "text-mode-only", "use another modem: doc/modems.md says which" },
	{ "bad-model", "correct model in glas.conf, or leave it out" },
	{ "bad-connection", "correct connection in glas.conf, or leave it "
	    "out" },
	{ "pin-needed", "put the PIN of the SIM into pin-file" },
	{ "pin-refused", "put the right PIN into pin-file" },
	{ "puk-needed", "unlock the SIM in a phone" },
	{ "no-sim", "put a SIM in, and see that it is seated" },
	{ "sim-locked", "see whether the SIM is seated, and works in a phone" },
	{ "registration-denied", "see whether the SIM is activated, paid and "
	    "not barred" },
	{ "deaf", "look at antenna and network; else take the power off the "
	    "modem and put it on again" },
	{ "delete-failed", "its texts are safe, but its store fills up: put in "
	    "another SIM or modem before it is full" },
	{ "credit-refused", "top up its SIM" },
	{ "sim-refuses", "see whether the operator has barred the SIM" },
	{ "network-refuses", "see whether the network is disturbed, and "
	    "whether the SIM may send" },
	{ "peer-refuses", "see in the log what send-url answers, whether the "
	    "account there is good, and send-key-file, send-body and "
	    "send-success in glas.conf" },
	{ "peer-away", "see whether what listens at send-url runs" },
	{ "phone-away", "see whether the telephone is on and has a network, "
	    "and whether SMSsync runs" },
	{ "not-confirmed", "switch on the Message Results API of SMSsync, or "
	    "say confirm = no" },
	{ "cannot-listen", "another program has its address, or it is not one "
	    "of this machine: correct listen in glas.conf" },
	{ "no-secret", "let the user of links read its secret-file, or give "
	    "it one" },
	{ "short-secret", "its secret has fewer than 16 characters: openssl "
	    "rand -hex 16 makes one" },
	{ "bad-send-url", "send-url is to be http:// and an address in digits: "
	    "doc/web.md" },
};

/* Else by its kind: a cable is no remedy for a program that is missing. */
static const char *
watch_link_remedy(const struct link_view *v, const char *said)
{
	for (size_t i = 0; i < sizeof watch_remedies / sizeof *watch_remedies;
	    i++) {
		if (strcmp(watch_remedies[i].said, said) == 0)
			return (watch_remedies[i].remedy);
	}
	if (strcmp(v->kind, link_kind_name(LINK_MODEM)) == 0)
		return ("look at cable, SIM and antenna; the log and "
		    "doc/modems.md say more");
	return ("look at what its program reaches; the log says more");
}

static void
watch_link_state(struct alerts *a, enum alert alert, const struct link_view *v,
    const char *detail)
{
	alerts_put(a, alert, v->name, detail[0] != '\0' ? detail : v->state,
	    watch_link_remedy(v, detail));
}

/* Replies know their link by its name alone. */
static void
watch_link_held(struct alerts *a, const struct link_view *v)
{
	char *text = xasprintf("it is kept down: gateway %s has a link of this "
	    "name, and people would be answered by either", v->holder);

	alerts_put(a, ALERT_LINK_DOWN, v->name, text,
	    "give it another name in glas.conf here and reload; where it has "
	    "moved here, take its section out of glas.conf there and reload");
	free(text);
}

/* One that fell is down until it has come further than to start. */
static void
watch_link_carries(struct alerts *a, const struct link_view *v)
{
	if (v->holder != NULL)
		watch_link_held(a, v);
	else if (strcmp(v->state, "down") == 0 || v->fell != NULL)
		watch_link_state(a, ALERT_LINK_DOWN, v,
		    v->fell != NULL ? v->fell : v->detail);
	else if (strcmp(v->state, "searching") == 0)
		watch_link_state(a, ALERT_LINK_SEARCHING, v, v->detail);
	else if (strcmp(v->state, "starting") == 0 &&
	    v->starting_ms >= clock_limit_ms("GLAS_LINK_STARTING_MS",
	    WATCH_STARTING_MS))
		alerts_put(a, ALERT_LINK_STARTING, v->name,
		    "it takes more than two minutes to start",
		    watch_link_remedy(v, ""));
	else if (strcmp(v->state, "paused") == 0)
		alerts_put(a, ALERT_LINK_PAUSED, v->name,
		    "nothing is sent by it", "glasctl resume lets it go on");
	else if (strcmp(v->state, "ready") == 0 && v->detail[0] != '\0' &&
	    strcmp(v->detail, "unsandboxed") != 0)
		watch_link_state(a, ALERT_LINK_TROUBLE, v, v->detail);
}

static void
watch_link_process(struct alerts *a, const struct link_view *v)
{
	char *text;

	if (v->falls >= WATCH_RESTARTS) {
		text = xasprintf("it was ready and went down %u times within "
		    "an hour, last: %s", v->falls, v->fell_last);
		alerts_put(a, ALERT_LINK_RESTARTS, v->name, text,
		    "see in the log when: power and cable of the modem, or a "
		    "fault of its program");
		free(text);
	}
	if (v->breaches != 0) {
		text = xasprintf("it broke the link protocol within the last "
		    "hour, last: %s", v->breach);
		alerts_put(a, ALERT_LINK_VIOLATIONS, v->name, text,
		    "its program has a fault: correct it by "
		    "doc/link-protocol.md, or report it");
		free(text);
	}
	if (!v->sandbox)
		alerts_put(a, ALERT_LINK_UNSANDBOXED, v->name,
		    "the link could not lock itself in",
		    "use a kernel with Landlock, or start glasd as root so "
		    "that links run as glas-link");
}

static void
watch_link_refuses(struct alerts *a, const struct link_view *v)
{
	char *text;

	if (v->refusals == 0)
		return;
	text = xasprintf("it refused what was brought to it within the last "
	    "hour, last: %s", v->refusal);
	alerts_put(a, ALERT_LINK_REFUSES, v->name, text,
	    "what is refused is lost: set address, secret and fields right "
	    "where it comes from, or in glas.conf; doc/web.md. With secret-file "
	    "and allow, strangers are not told of");
	free(text);
}

static void
watch_link_credit(struct alerts *a, const struct link_view *v)
{
	char *amount = link_credit_words(v->credit), *text;

	if (amount != NULL && v->credit->low) {
		text = v->credit->days_left >= 0 ?
		    xasprintf("the credit is %s: about %d days", amount,
		    v->credit->days_left) :
		    xasprintf("the credit is %s", amount);
		alerts_put(a, ALERT_CREDIT_LOW, v->name, text,
		    "top up its SIM: without credit nobody is answered");
		free(text);
	}
	free(amount);
	if (v->credit->unread >= WATCH_UNREAD)
		alerts_put(a, ALERT_CREDIT_UNREAD, v->name,
		    "no amount in its last answers about the credit",
		    "select answer from glas.credit; write balance-pattern, or "
		    "another balance, in glas.conf");
	else if (v->credit->unanswered >= WATCH_UNREAD)
		alerts_put(a, ALERT_CREDIT_UNREAD, v->name,
		    "its last questions about the credit were not answered",
		    "glasctl ussd with the code of balance shows whether the "
		    "link can dial; where it cannot, leave balance out of "
		    "glas.conf");
	if (v->credit->valid_unread >= WATCH_UNREAD)
		alerts_put(a, ALERT_VALIDITY_UNREAD, v->name,
		    "no day in its last answers about how long its SIM is "
		    "valid",
		    "glasctl ussd with the code of validity shows one; write "
		    "a pattern for it into operators-file, or another code");
}

static void
watch_link_valid(struct alerts *a, const struct link_view *v)
{
	const struct link_credit *c = v->credit;
	int left = c->valid_until != 0 ? link_credit_valid_left(c) : INT_MAX;
	char day[32], *text;

	if (left >= c->valid_days)
		return;
	clock_format(c->valid_until * WATCH_DAY_US, day, sizeof day);
	text = left >= 0 ? xasprintf("its SIM is valid until %.10s: %d %s", day,
	    left, left == 1 ? "day" : "days") :
	    xasprintf("its SIM was valid until %.10s", day);
	alerts_put(a, ALERT_SIM_EXPIRES, v->name, text, "top it up: that is "
	    "how operators prolong it, and after that its number is lost");
	free(text);
}

static void
watch_link_store(struct alerts *a, const struct link_view *v)
{
	char *text;

	if (v->sim_size == 0 ||
	    v->sim_used * 100 < v->sim_size * WATCH_SIM_FULL)
		return;
	text = xasprintf("%d of the %d slots of its SIM are in use",
	    v->sim_used, v->sim_size);
	alerts_put(a, ALERT_SIM_NEARLY_FULL, v->name, text,
	    "texts stay there when they cannot be stored or deleted: see the "
	    "other alerts, and the log");
	free(text);
}

static void
watch_link_outbox(struct alerts *a, const struct link_view *v)
{
	char *text;

	if (v->full)
		alerts_put(a, ALERT_DAILY_LIMIT, v->name,
		    "the segments of the day of this link are spent: its "
		    "replies are held",
		    "raise its segments-per-day, or wait for midnight UTC");
	if (v->still_ms < clock_limit_ms("GLAS_OUTBOX_STUCK_MS",
	    WATCH_STUCK_MS))
		return;
	text = xasprintf("%u texts wait for it, and none has gone for a "
	    "quarter of an hour", v->waiting);
	alerts_put(a, ALERT_OUTBOX_STUCK, v->name, text,
	    "mend or resume the link, or let another take them: failover in "
	    "glas.conf");
	free(text);
}

void
watch_link(struct alerts *a, const struct link_view *v)
{
	watch_link_carries(a, v);
	watch_link_process(a, v);
	watch_link_refuses(a, v);
	watch_link_store(a, v);
	watch_link_credit(a, v);
	watch_link_valid(a, v);
	watch_link_outbox(a, v);
}
